"""What the Compare page is asked for, by its address and by what comes back from the browser."""

from __future__ import annotations

from explorer import atlas, queries
from explorer.components.asked import asked_map
from explorer.components.asked_terms import MOST_TERMS, asked_terms, read_terms
from explorer.components.routing import Address
from explorer.errors import InputError, KeyholeError


def read_compare(address: Address) -> tuple[dict, list[str]]:
    """What an address compares, and what had to be changed in it, as sentences.

    Returns
    -------
    asked : dict
        `map`; `perturbations`, in the order given; `against`, a perturbation for the curves or None; `kind` of the
        neighbours; `other`, a second map or None.
    said : list of str
    """
    of_map = address.map
    has = queries.has(of_map)
    chosen, said = read_terms(of_map, address.view.get("e", ""), most=MOST_TERMS, signs=False)
    kind = address.view.get("of", "gene" if has["genes"] else "compound")
    if kind not in ("gene", "compound") or not has[f"{kind}s"]:
        said.append(f"of = {kind[:20]} is not on this map.")
        kind = "gene" if has["genes"] else "compound"
    against = None
    if address.view.get("g"):
        try:
            against = queries.find_perturbation(of_map, address.view["g"])["perturbation"]
        except KeyholeError as e:
            said.append(f"{e}; the curves are drawn against another.")
    other = _other_map(address, said)
    return {"map": of_map, "perturbations": chosen, "against": against, "kind": kind, "other": other}, said


def _other_map(address: Address, said: list[str]) -> str | None:
    """The other of the two maps that `maps=a,b` names: both open, one of them the map of the page."""
    named = [k for k in address.view.get("maps", "").split(",") if k]
    if not named:
        return None
    missing = [k[:40] for k in named if k not in atlas.current().maps]
    if missing:
        said.append(f"Map '{missing[0]}' is not open here.")
    others = [k for k in named if k in atlas.current().maps and k != address.map]
    return others[0] if others else None


def asked_compare(page: object) -> dict:
    """What the page's store compares; refuses anything that the page did not put there."""
    page = page if isinstance(page, dict) else {}
    of_map = asked_map(page.get("map"))
    chosen = asked_terms(of_map, page.get("perturbations"))
    if not 2 <= len(chosen) <= MOST_TERMS or len(set(chosen)) < len(chosen) or any(c.startswith("-") for c in chosen):
        raise InputError(f"name two to {MOST_TERMS} different genes or compounds to compare")
    kind = page.get("kind")
    if kind not in ("gene", "compound") or not queries.has(of_map)[f"{kind}s"]:
        raise InputError("neighbours are genes or compounds that the map has")
    against = page.get("against")
    if against is not None:
        [against] = asked_terms(of_map, [against])
    other = None if page.get("other") is None else asked_map(page["other"])
    return {"map": of_map, "perturbations": chosen, "against": against, "kind": kind, "other": other}


def compounds_of(asked: dict) -> list[dict]:
    """The compounds among those compared, each once, as `queries.described`."""
    found = [queries.described(asked["map"], p) for p in asked["perturbations"]]
    return list({d["entity"]: d for d in found if d["kind"] == "compound"}.values())
