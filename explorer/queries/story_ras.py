"""RAS, RAF and their drugs: a pasted list becomes a pathway, and known inhibitors land on it."""

from __future__ import annotations

import pandas as pd

from explorer.atlas import opened
from explorer.queries.concentrations import SIGNIFICANT
from explorer.queries.neighbours import similar_compounds
from explorer.queries.network import network
from explorer.queries.overview import has
from explorer.queries.searching import resolve_list
from explorer.queries.story_steps import NO, YES, Step, Story, absent, cannot, entity_of, is_similar, page, saw

NAMES = ("KRAS", "BRAF", "RAF1", "MAP2K1", "MAP2K2", "SHOC2", "PTPN11", "SOS1", "GRB2")
MEK = ("MAP2K1", "MAP2K2")
#: Names that make a story, and those that make pairs; how many times more of their pairs than of all pairs pass;
#: compounds that count as first; percent of all gene pairs that pass the default cut-offs, both signs.
FEWEST, PAIRS, TIMES, FIRST, BOTH_TAILS = 5, 3, 5, 10, 2
_LIST = ",".join(NAMES)


def genes(of_map: str) -> list[str]:
    """Slugs of the genes of the story that are on a map."""
    return _resolved(of_map)["slug"].tolist()


def missing(of_map: str) -> str:
    """Why a map cannot tell this story."""
    return _too_few(of_map, FEWEST)


def _too_few(of_map: str, least: int) -> str:
    if not has(of_map)["genes"]:
        return "this map has no genes"
    n = len(genes(of_map))
    return "" if n >= least else f"this map has {n} of the {len(NAMES)} genes, and it takes {least}"


def _resolved(of_map: str) -> pd.DataFrame:
    found = resolve_list(of_map, list(NAMES))
    return found[found["status"].isin(["matched", "alias"]) & (found["kind"] == "gene")].drop_duplicates("slug")


def _names(of_map: str) -> dict:
    if not has(of_map)["genes"]:
        return cannot("this map has no genes")
    found = _resolved(of_map)["asked"].tolist()
    absent_ones = [n for n in NAMES if n not in found]
    values = {"k": len(found), "n": len(NAMES), "absent": absent_ones}
    if absent_ones:
        return saw(False, "{k:n} of {n:n} are genes of this map; absent: {absent:genes}.", **values)
    return saw(True, "{k:n} of {n:n} are genes of this map.", **values)


def _pairs(of_map: str) -> dict:
    if _too_few(of_map, PAIRS):
        return cannot(_too_few(of_map, PAIRS))
    found = network(of_map, genes(of_map), layout="force")
    pairs, beyond = found["counts"]["pairs"], found["counts"]["shown"] + found["counts"]["hidden"]
    beyond -= found["counts"]["why"]["near"]
    if not pairs or found["cut"][1] > 1:
        return cannot("this map has too few gene pairs for a cut-off")
    sentence = "{k:n} of {n:plural pair} ({share:pct}) pass, where {usual:n} % of all gene pairs do."
    values = {"k": beyond, "n": pairs, "share": beyond / pairs, "usual": BOTH_TAILS}
    return saw(beyond / pairs >= TIMES * BOTH_TAILS / 100, sentence, **values)


def _known(of_map: str) -> dict:
    if _too_few(of_map, PAIRS):
        return cannot(_too_few(of_map, PAIRS))
    card = network(of_map, genes(of_map), layout="force")["recovery"]
    if card is None:
        return cannot("no relationships are loaded, so there is nothing to recover")
    if not card["known"]:
        return cannot("no source lists a pair of these genes")
    sentence = "{recovered:n} of {known:n} known pairs recovered; random sets of as many genes {random:one}; {p:p}."
    values = {"recovered": card["recovered"], "known": card["known"], "random": card["random_mean"]}
    return saw(card["p"] <= SIGNIFICANT, sentence, **values, p=[card["p"], card["draws"]])


def _inhibitors(of_map: str) -> dict:
    frame, why = _compounds(of_map)
    if why:
        return cannot(why)
    known = frame["targets"].map(lambda t: bool(set(MEK) & set(t)))
    if not known.any():
        return cannot("this map has no active compound with _MAP2K1_ or _MAP2K2_ on record")
    hits = frame[known & frame["first"]]["label"].tolist()
    values = {"k": len(hits), "n": int(known.sum()), "of": len(frame), "first": FIRST, "hits": hits}
    values["chance"] = int(known.sum()) * min(FIRST / len(frame), 1.0)
    sentence = (
        "{k:n} of {n:plural MEK inhibitor} among the first {first:n} of {of:plural compound}; by chance {chance:one}."
    )
    return saw(2 * len(hits) >= known.sum(), sentence, **values)


def _candidates(of_map: str) -> dict:
    frame, why = _compounds(of_map)
    if why:
        return cannot(why)
    bare = frame["targets"].map(len).eq(0)
    if not bare.any():
        return cannot("every active compound of this map has a target on record")
    hits = frame[bare & frame["first"]]
    hits = hits[[is_similar(of_map, c, q) for c, q in zip(hits["cosine"], hits["q"], strict=True)]]
    if hits.empty:
        return saw(False, "None of {n:plural compound} without a target on record.", n=int(bare.sum()))
    best = hits.iloc[0]
    values = {"names": hits["label"].tolist(), "cosine": float(best["cosine"]), "at": float(best["concentration"])}
    sentence = "{names:words}: the first has cosine {cosine:cos} at {at:um} µM, q {q:q}."
    return saw(True, sentence, **values, q=None if best["q"] != best["q"] else float(best["q"]))


def _compounds(of_map: str) -> tuple[pd.DataFrame, str]:
    """Reliable compounds beside MAP2K1, most similar first, with `targets` and `first`; or why there are none."""
    why = absent(of_map, genes=MEK[:1]) or ("" if has(of_map)["compounds"] else "this map has no compounds")
    if why:
        return pd.DataFrame(), why
    frame = similar_compounds(of_map, entity_of(of_map, MEK[0], kind="gene"))
    frame = frame[frame["reliable"].astype(bool)].sort_values("cosine", ascending=False, ignore_index=True)
    if frame.empty:
        return frame, "no compound of this map is both active and not toxic"
    targets = opened(of_map).map.entities.set_index("entity")["targets"]
    told = [list(targets[f"compound:{s}"]) for s in frame["slug"]]
    return frame.assign(targets=told, first=(frame.index < FIRST) & (frame["cosine"] > 0)), ""


def _card(told: list[dict]) -> dict:
    """Where known inhibitors land; on a map without compounds, how the genes hold together."""
    names, pairs, known, inhibitors, bare = told
    if inhibitors["holds"] in (YES, NO):
        land = "Known MEK inhibitors land on their own pathway."
        first = land if inhibitors["holds"] == YES else "Few known MEK inhibitors land on their own pathway."
        after = " Compounds with no target on record sit beside them." if bare["holds"] == YES else ""
        fact = "{k:n} of {n:plural MEK inhibitor} in the first {first:n} of {of:n}"
        return {"sentence": saw(True, first + after), "fact": saw(True, fact, **inhibitors["values"])}
    if names["holds"] not in (YES, NO):
        return {"sentence": saw(True, "One pathway and its drugs."), "fact": cannot(names["seen"])}
    sentence = saw(True, "{k:n} of the {n:n} genes of one pathway are on this map.", **names["values"])
    if pairs["holds"] not in (YES, NO):
        return {"sentence": sentence, "fact": cannot(pairs["seen"])}
    if known["holds"] in (YES, NO):
        fact = saw(True, "{recovered:n} of {known:n} known pairs recovered; random {random:one}", **known["values"])
        return {"sentence": sentence, "fact": fact}
    return {"sentence": sentence, "fact": saw(True, "{k:n} of {n:plural pair} beyond the cut-off", **pairs["values"])}


STORY = Story(
    "ras",
    "RAS, RAF and their drugs",
    "Does a pathway hold together in images of cells, and do its drugs land on it?",
    (
        Step(
            "Nine names",
            "Paste the nine names and see what each is on this map.",
            "All {n:n} names are genes of this map.",
            {"n": len(NAMES)},
            page("/lists", names=_LIST),
            _names,
        ),
        Step(
            "One pathway",
            "Open the list as a network.",
            "Their pairs pass the cut-offs at least {times:n} times as often as all gene pairs do.",
            {"times": TIMES},
            page("/network", genes=_LIST, lay="force"),
            _pairs,
        ),
        Step(
            "Known pairs",
            "Show only the pairs that a source lists.",
            "Known pairs pass the cut-off more often than in random sets of as many genes, p ≤ {limit}.",
            {"limit": SIGNIFICANT},
            page("/network", genes=_LIST, lay="force", known="known"),
            _known,
        ),
        Step(
            "MEK inhibitors",
            "Open _MAP2K1_ and look at the compounds most like its knockout.",
            "At least half of the compounds with _MAP2K1_ or _MAP2K2_ on record are among the first {first:n}.",
            {"first": FIRST},
            page("/gene/MAP2K1"),
            _inhibitors,
        ),
        Step(
            "Beside them",
            "Add compounds to the network; those without a target on record are hollow.",
            "At least one of the first {first:n} compounds of _MAP2K1_ has no target on record, with q ≤ {limit}.",
            {"first": FIRST, "limit": SIGNIFICANT},
            page("/network", genes=_LIST, cpd="8"),
            _candidates,
        ),
    ),
    ("_KRAS_ _BRAF_ _RAF1_ _MAP2K1_ …", ("/network", {"genes": _LIST, "cpd": "6"})),
    missing,
    _card,
)
