"""A page with everything that its callbacks put there when it opens: what a browser would show, without one."""

from __future__ import annotations

import json
from collections.abc import Iterator

from flask.testing import FlaskClient

from tests.page_body import page_body

#: What the shell around every page holds.
_SHELL = {("theme", "data"): "light"}
_ROUNDS = 3


def opened_page(client: FlaskClient, address: str) -> list[object]:
    """The component tree of a page, then what each callback answered whose inputs the page has, first ones first."""
    path, _, search = address.partition("?")
    answer = client.post("/_dash-update-component", json=page_body(path, f"?{search}" if search else ""))
    assert answer.status_code == 200, answer.get_data(as_text=True)[:300]
    tree = answer.json["response"]["_pages_content"]["children"]
    found, values = [tree], dict(_SHELL)
    _remember(tree, values)
    waiting = client.get("/_dash-dependencies").json
    for _ in range(_ROUNDS):
        for callback in [d for d in waiting if _runs(d, values)]:
            waiting.remove(callback)
            answer = client.post("/_dash-update-component", json=_body(callback, values))
            assert answer.status_code in (200, 204), (address, callback["output"], answer.get_data(as_text=True)[:300])
            if answer.status_code == 200:
                found.append(answer.json["response"])
                for name, properties in answer.json["response"].items():
                    values |= {(name, key): value for key, value in properties.items()}
                    _remember(list(properties.values()), values)
    return found


def texts(found: object, key: str = "") -> Iterator[tuple[str, str]]:
    """Every text of it with the property that holds it."""
    if isinstance(found, dict):
        for name, value in found.items():
            yield from texts(value, str(name))
    elif isinstance(found, list):
        for value in found:
            yield from texts(value, key)
    elif isinstance(found, str):
        yield key, found


def _runs(callback: dict, values: dict) -> bool:
    """Whether a browser would run it when the page opens: all that it reads and writes is there."""
    if callback["clientside_function"] or callback["prevent_initial_call"] or not callback["inputs"]:
        return False
    there = {name for name, _ in values}
    outputs = {json.dumps(o["id"]) if isinstance(o["id"], dict) else o["id"] for o in _outputs(callback)}
    outputs = {_key({"id": o, "property": ""})[0] for o in outputs}
    return outputs <= there and all(_key(i) in values for i in [*callback["inputs"], *callback["state"]])


def _outputs(callback: dict) -> list[dict]:
    found = []
    for output in callback["output"].strip(".").split("..."):
        name, _, key = output.rpartition(".")
        found.append({"id": json.loads(name) if name.startswith("{") else name, "property": key.partition("@")[0]})
    return found


def _key(part: dict) -> tuple[str, str]:
    name = part["id"]
    if name.startswith("{"):
        name = json.dumps(json.loads(name), sort_keys=True, separators=(",", ":"))
    return name, part["property"]


def _remember(tree: object, values: dict) -> None:
    """Put the properties of every component with an id under (id, property); what is not set is None."""
    if isinstance(tree, list):
        for part in tree:
            _remember(part, values)
    elif isinstance(tree, dict):
        properties = tree.get("props")
        if isinstance(properties, dict):
            if "id" in properties:
                name = properties["id"]
                name = name if isinstance(name, str) else json.dumps(name, sort_keys=True, separators=(",", ":"))
                for key in ("data", "value", "selectedRows", "figure", "elements", *properties):
                    values.setdefault((name, key), properties.get(key))
            for value in properties.values():
                _remember(value, values)


def _body(callback: dict, values: dict) -> dict:
    def filled(parts: list[dict]) -> list[dict]:
        return [
            {**p, "id": json.loads(p["id"]) if p["id"].startswith("{") else p["id"], "value": values[_key(p)]}
            for p in parts
        ]

    several = callback["output"].startswith("..")
    return {
        "output": callback["output"],
        "outputs": _outputs(callback) if several else _outputs(callback)[0],
        "inputs": filled(callback["inputs"]),
        "changedPropIds": [f"{i['id']}.{i['property']}" for i in callback["inputs"]],
        "state": filled(callback["state"]),
    }
