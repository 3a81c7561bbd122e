"""Bodies that a browser could never send, made from the callbacks that the app says it has.

`fuzzed_bodies(dependencies)` draws callback bodies in two ways: of the right shape with values from `VALUES` or at
random, and of the right shape broken in one to three places.
"""

from __future__ import annotations

import copy
import json

from hypothesis import strategies as st

_TEXTS = (
    "", " ", "demo", "nowhere", "-1", "NaN", "0x10", "1e999", "9" * 5000, "KRAS", "gene:KRAS", "gene:-1", "dark",
    "compound:alpha", "compound:bortezomib", "compound:bortezomib@0.025", "compound:bortezomib@", "gene:PSMB5", "/",
    "//", "/gene", "/gene/", "/gene/%00", "/gene/KRAS/", "/gene/" + "x" * 4000, "/compound/%ff%fe", "?c=1&c=2",
    "?&&==&=", "?name=BRAF&path=/data", "../../etc/passwd", "<script>", "\x00", "\ud800", "é" * 50, "__proto__", "{}",
    "[]", "..a.b..", '{"a":1}',
)  # fmt: skip
_NUMBERS = (None, True, False, 0, -1, 1, 10**8, 10**400, -(10**30), 0.5, 1e308, -0.0)
_STORES = (
    {"map": "demo", "entity": "compound:bortezomib"},
    {"map": "demo", "gene": "gene:PSMB5"},
    {"map": "hostile", "gene": "gene:etc-passwd", "entity": "compound:etc-passwd"},
    {"map": "demo", "entity": "gene:PSMB5", "gene": "compound:bortezomib"}, "PSMB5", ["PSMB5", "PLK1"],
    {"map": None, "entity": -1}, {"map": ["demo"], "gene": {}}, {}, [], [[]], ["KRAS", -1, None, ["BRAF"]],
)  # fmt: skip
_MAPS = (
    "demo",
    "no-concentrations",
    "odd-concentrations",
    "no-controls",
    "no-structures",
    "genes-only",
    "compounds-only",
    "lone",
    "hostile",
)
#: Values that fit each other, so that a good part of what is drawn reaches the science.
_FITTING = {
    "page-map": _MAPS,
    "gene-page": [{"map": m, "gene": g} for m in _MAPS for g in ("gene:KRAS", "gene:etc-passwd")],
    "compound-page": [{"map": m, "entity": c} for m in _MAPS for c in ("compound:alpha", "compound:etc-passwd")],
    "compound-chosen": [
        f"compound:{c}{at}" for c in ("alpha", "etc-passwd") for at in ("", "@0", "@0.025", "@1", "@10", "@nan")
    ],
    "set-page": [
        {"map": m, "set": "hpo:HP:0003002", "genes": g}
        for m in _MAPS
        for g in ([], ["KRAS"], ["KRAS", "BRAF", "MAP2K1", "PLK1"], ["etc-passwd", "7-7-7-7", "BRAF"], ["KRAS", -1])
    ],
    "cliffs-page": [
        {"map": m, "compounds": c, "show": show}
        for m in _MAPS
        for c, show in (([], "cliffs"), (["alpha", "beta", -1], "all"), (["bortezomib"], "hops"), ("alpha", None))
    ],
    "sets-page": [{"map": m} for m in _MAPS],
    "sets-text": ["", "kras", "HP:0003002", "zz", "\u0394"],
    "quality-page": [{"map": m} for m in _MAPS],
    "quality-measured": [{"map": m} for m in _MAPS],
    "quality-tail": ["05", "10", "5"],
    "map-page": [{"map": m} for m in _MAPS],
    "map-method": ["pca", "neighbours", None],
    "map-color": ["kind", "activity", "toxicity", "cluster", "like", "set"],
    "map-about": ["gene:KRAS", "compound:alpha", "hpo:HP:0003002", "planted:x", None],
    "map-find": [[], ["gene:KRAS", "compound:alpha"], [None, "gene:KRAS", -1]],
    "map-selected": [None, [0, 1, 2], [-1, 0, 10**9], list(range(40))],
    "map-hovered": [{"row": r, "bbox": {"x0": 1, "x1": 2, "y0": 1, "y1": 2}} for r in (0, 3, -1)],
    "heat-page": [{"map": m, "kind": k, "order": o} for m in _MAPS for k, o in (("gene", "genomic"), ("compound", ""))],
    "heat-view": [{"rows": [0, 3], "columns": [1, 2]}, {"rows": [-9, 10**9], "columns": None}],
    "heat-graph": [{"points": [{"x": x, "y": 0, "bbox": {"x0": 1, "x1": 2, "y0": 1, "y1": 2}}]} for x in (0, 2, -1)],
    "heat-jump": ["gene:KRAS", "compound:alpha", "KR", ""],
    "compound-genes": [
        [],
        ["KRAS"],
        ["KRAS", "BRAF", "KRAS", "PLK1", "MAP2K1"],
        ["etc-passwd", "7-7-7-7"],
        [None, "KRAS"],
    ],
    "network-view": [
        {"map": m} | view
        for m in _MAPS
        for view in (
            {"genes": "KRAS,BRAF,RAF1,PLK1"},
            {"genes": "KRAS,BRAF", "pct": "0", "cut": "9,-9", "arm": "x", "cpd": "-1", "plus": "set,KRAS,,-1"},
            {"near": "gene:KRAS", "rule": "q", "lay": "force", "most": "99999999999"},
            {"near": "compound:alpha@nan", "cpd": "5", "lay": "grouped"},
            {"set": "planted:hr_core", "sign": "opposite", "known": "new", "hi": "\x00"},
            {"genes": ["KRAS"], "set": -1},
        )
    ],
    "network-tabs": ["edges", "nodes", "clusters", "heatmap", "scorecard", "", -1],
    "network-chosen": [[], ["KRAS", "BRAF", "RAF1"], [-1, None, "KRAS"], "KRAS"],
    "compound-genes-sign": ["similar", "opposite", "all", "none"],
    "_pages_location": [
        f"/{p}?map={m}"
        for p in (
            "",
            "gene/KRAS",
            "compound/alpha",
            "network",
            "data",
            "help",
            "compound/etc-passwd",
            "set",
            "set/list",
            "quality",
        )
        for m in _MAPS
    ],
}

_anything = st.recursive(
    st.sampled_from(_NUMBERS) | st.sampled_from(_TEXTS) | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
VALUES = st.sampled_from((*_NUMBERS, *_TEXTS, *_STORES)) | _anything


def fuzzed_bodies(dependencies: list[dict]) -> st.SearchStrategy[dict]:
    """Callback bodies with hostile values, a good half of them in a broken shape as well."""
    shaped = st.sampled_from(dependencies).flatmap(_body)
    return shaped | st.builds(
        _broken, shaped, st.lists(st.tuples(st.integers(0, 999), VALUES, st.booleans()), min_size=1, max_size=3)
    )


@st.composite
def _body(draw: st.DrawFn, callback: dict) -> dict:
    """What Dash's own renderer would send for a callback, but for the values."""
    many = callback["output"].startswith("..")
    outputs = [_output(o, draw) for o in callback["output"].strip(".").split("...")]
    inputs = [_entry(i, draw) for i in callback["inputs"]]
    return {
        "output": callback["output"],
        "outputs": outputs if many else outputs[0],
        "inputs": inputs,
        "state": [_entry(s, draw) for s in callback["state"]],
        "changedPropIds": [_changed(inputs[0])],
    }


def _output(text: str, draw: st.DrawFn) -> dict:
    name, _, prop = text.rpartition(".")
    return {"id": _id(name, draw), "property": prop}


def _entry(spec: dict, draw: st.DrawFn) -> dict | list[dict]:
    if "ALL" in spec["id"]:
        return [_filled(spec, draw) for _ in range(draw(st.integers(0, 3)))]
    return _filled(spec, draw)


def _filled(spec: dict, draw: st.DrawFn) -> dict:
    fitting = _FITTING.get(spec["id"])
    if spec["id"] == "_pages_location":
        fitting = [address.partition("?")[::2][spec["property"] == "search"] for address in fitting]
    value = draw(st.sampled_from(fitting) if fitting and draw(st.integers(0, 3)) else VALUES)
    return {"id": _id(spec["id"], draw), "property": spec["property"], "value": value}


def _id(text: str, draw: st.DrawFn) -> str | dict:
    if not text.startswith("{"):
        return text
    wild = st.sampled_from(("head", "hero", "gene-genes", "compound:bortezomib@0.025", "")) | st.text(max_size=5)
    return {k: draw(wild) if isinstance(v, list) else v for k, v in json.loads(text).items()}


def _changed(given: dict | list[dict]) -> str:
    given = (given or [{"id": {"type": "none"}, "property": "none"}])[0] if isinstance(given, list) else given
    name = (
        given["id"] if isinstance(given["id"], str) else json.dumps(given["id"], sort_keys=True, separators=(",", ":"))
    )
    return f"{name}.{given['property']}"


def _broken(body: dict, breaks: list[tuple[int, object, bool]]) -> dict:
    """The body with places replaced by junk or removed; places are counted through the whole tree."""
    body = copy.deepcopy(body)
    for at, junk, remove in breaks:
        holders = list(_places(body))
        if not holders:
            break
        holder, key = holders[at % len(holders)]
        if remove:
            del holder[key]
        else:
            holder[key] = copy.deepcopy(junk)
    return body


def _places(node: object):
    keys = node.keys() if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
    for key in list(keys):
        yield node, key
        yield from _places(node[key])
