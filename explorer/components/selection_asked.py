"""A target selection as the address asks for it, and as it comes back from the browser."""

from __future__ import annotations

from explorer import queries
from explorer.components.asked import asked_map
from explorer.components.asked_terms import asked_terms, read_terms
from explorer.components.routing import Address, parse_number
from explorer.errors import InputError

PERCENTS = (0.5, 1.0, 2.0, 5.0)
KINDS = ("all", "gene", "compound")


def read_selection(address: Address) -> tuple[dict, list[str]]:
    """The selection that an address asks for, and what had to be changed in it, as sentences.

    Returns
    -------
    asked : dict
        `map`, the terms of `like`, `avoid` and `reference`, `tau` (None for the map's own), `percent`, `kind`.
    said : list of str
    """
    of_map, asked, said = address.map, {"map": address.map}, []
    for key, name in (("like", "like"), ("not", "avoid"), ("ref", "reference")):
        asked[name], left_out = read_terms(of_map, address.view.get(key, ""))
        said += left_out
    twice = {t.removeprefix("-") for t in asked["like"]}
    if any(t.removeprefix("-") in twice for t in asked["avoid"]):
        asked["avoid"] = [t for t in asked["avoid"] if t.removeprefix("-") not in twice]
        said.append("What is to be mimicked cannot be avoided as well; it is left out of the second list.")
    return asked | _view(address, said), said


def _view(address: Address, said: list[str]) -> dict:
    """Cut-offs and kind; a bad value is replaced by the default, and said."""
    tau, percent = address.number("tau"), address.number("pct")
    if "tau" in address.view and (tau is None or tau > 1):
        said.append(
            f"tau = {address.view['tau'][:20]} is no cut-off of a similarity (above 0, at most 1); the map's is used."
        )
        tau = None
    if "pct" in address.view and percent not in PERCENTS:
        choices = ", ".join(f"{p:g}" for p in PERCENTS)
        said.append(f"pct = {address.view['pct'][:20]} is not offered (choose from {choices}); 1 is used.")
        percent = None
    kind = address.view.get("kind", "all")
    if kind not in KINDS or (kind != "all" and not queries.has(address.map)[f"{kind}s"]):
        said.append(f"kind = {kind[:20]} is not offered on this map; all are shown.")
        kind = "all"
    return {"tau": tau, "percent": percent or 1.0, "kind": kind}


def asked_selection(page: object) -> dict:
    """The selection that a page's store holds; refuses anything that the page did not put there."""
    page = page if isinstance(page, dict) else {}
    of_map = asked_map(page.get("map"))
    asked = {"map": of_map} | {k: asked_terms(of_map, page.get(k)) for k in ("like", "avoid", "reference")}
    if not asked["like"] or not asked["avoid"]:
        raise InputError("name what to mimic and what to avoid")
    tau, percent, kind = page.get("tau"), page.get("percent"), page.get("kind")
    if tau is not None and (isinstance(tau, bool) or parse_number(str(tau)) is None or float(tau) > 1):
        raise InputError("tau is no cut-off of a similarity")
    if isinstance(percent, bool) or percent not in PERCENTS or kind not in KINDS:
        raise InputError("the cut-offs are none of those offered")
    return asked | {"tau": tau, "percent": float(percent), "kind": kind}


def selected(asked: dict) -> tuple[object, dict]:
    """Candidates of the asked kind, and the region from all of them."""
    frame = queries.candidates(asked["map"], asked["like"], asked["avoid"], reference=asked["reference"])
    region = queries.wanted_region(frame, percent=asked["percent"], tau=asked["tau"])
    kept = frame if asked["kind"] == "all" else frame[frame["kind"] == asked["kind"]]
    return kept.reset_index(drop=True), region
