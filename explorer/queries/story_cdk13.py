"""A way round CDK13: what looks like CDK12 but not like CDK13, and which compounds do it."""

from __future__ import annotations

import pandas as pd

from explorer.atlas import opened
from explorer.queries.biology import known_sources, relations
from explorer.queries.concentrations import SIGNIFICANT
from explorer.queries.neighbours import similar_compounds, similar_genes
from explorer.queries.overview import has
from explorer.queries.selection import candidates, ranked, wanted_region
from explorer.queries.story_steps import NO, YES, Page, Step, Story, absent, cannot, entity_of, is_similar, page, saw

LIKE, AVOID, FOUND, BOTH = "CDK12", "CDK13", "RBM39", "CCNK"
WEAK = "co-listed, weak"
#: Places among the nearest genes, and among those of the selection, that count as first.
NEAREST, FIRST = 5, 3
_VIEW = {"like": LIKE, "not": AVOID, "ref": FOUND}


def missing(of_map: str) -> str:
    """Why a map cannot tell this story."""
    return absent(of_map, genes=(LIKE, AVOID, FOUND))


def selection(of_map: str) -> tuple[pd.DataFrame, pd.DataFrame, dict]:
    """All candidates, the ranked ones, and the wanted region; the names of the story must be on the map."""
    like, avoid = (entity_of(of_map, g, kind="gene") for g in (LIKE, AVOID))
    reference = [] if absent(of_map, genes=(FOUND,)) else [entity_of(of_map, FOUND, kind="gene")]
    frame = candidates(of_map, [like], [avoid], reference=reference)
    region = wanted_region(frame)
    return frame, ranked(frame, region), region


def _both(of_map: str) -> dict:
    why = absent(of_map, genes=(LIKE, AVOID, BOTH))
    if why:
        return cannot(why)
    genes = similar_genes(of_map, entity_of(of_map, LIKE, kind="gene")).set_index("slug")
    hit = genes.loc[entity_of(of_map, BOTH, kind="gene").partition(":")[2]]
    frame, _, region = selection(of_map)
    avoid = float(frame.set_index("entity").at[entity_of(of_map, BOTH, kind="gene"), "avoid"])
    sentence = (
        "Number {rank:n} of {n:plural gene}, cosine {cosine:cos}, q {q:q}; {avoid:cos} to _CDK13_, where {tau:cos} and "
        "more is avoided."
    )
    values = {"rank": int(hit["rank"]), "n": int(hit["n"]), "cosine": float(hit["cosine"]), "q": _plain(hit["q"])}
    holds = hit["rank"] <= NEAREST and is_similar(of_map, hit["cosine"], hit["q"])
    return saw(bool(holds), sentence, **values, avoid=avoid, tau=region["tau"])


def _found(of_map: str) -> dict:
    if missing(of_map):
        return cannot(missing(of_map))
    _, best, region = selection(of_map)
    genes = best[best["kind"] == "gene"].reset_index(drop=True)
    hits = genes.index[genes["entity"] == entity_of(of_map, FOUND, kind="gene")]
    hit = genes.loc[hits[0]]
    values = {"n": len(genes), "cut": region["cut"], "tau": region["tau"]}
    values |= {"like": float(hit["like"]), "avoid": float(hit["avoid"]), "gap": float(hit["difference"])}
    if hit["rank"] != hit["rank"]:
        sentence = "Not ranked: cosine {like:cos} to _CDK12_, {avoid:cos} to _CDK13_, or without a phenotype."
        return saw(False, sentence, **values)
    sentence = (
        "Number {rank:n} of {n:plural gene}: cosine {like:cos} to _CDK12_, {avoid:cos} to _CDK13_, gap {gap:cos}."
    )
    return saw(bool(hits[0] < FIRST and hit["wanted"]), sentence, **values, rank=int(hits[0]) + 1)


def _record(of_map: str) -> dict:
    why = absent(of_map, genes=(LIKE, FOUND))
    if why:
        return cannot(why)
    if not known_sources(of_map):
        return cannot("no relationships are loaded, so nothing is on record")
    pair = [entity_of(of_map, g, kind="gene").partition(":")[2] for g in (LIKE, FOUND)]
    on_record = relations(of_map, pair)
    if on_record.empty:
        return saw(False, "No loaded source lists the pair.")
    first = on_record.iloc[0]
    values = {"relation": str(first["relation"]), "evidence": str(first["evidence"] or first["sources"])}
    return saw(first["relation"] == WEAK, "On record as “{relation}”. {evidence}.", **values)


def _compounds(of_map: str) -> dict:
    why = missing(of_map) or ("" if has(of_map)["compounds"] else "this map has no compounds")
    if why:
        return cannot(why)
    chosen = _wanted(of_map)
    if chosen.empty:
        return saw(False, "No compound lies in the wanted region.", n=0)
    e = opened(of_map).map.entities.set_index("entity")["targets"]
    on_record = [r.label for r in chosen.itertuples() if FOUND in e[r.entity]]
    values = {"n": len(chosen), "names": chosen["label"].tolist(), "on_record": on_record}
    if not on_record:
        return saw(False, "{n:plural compound}: {names:words}; _RBM39_ is on record for none.", **values)
    return saw(True, "{n:plural compound}: {names:words}; _RBM39_ is on record for {on_record:words}.", **values)


def _overlay(of_map: str) -> dict:
    why = missing(of_map) or ("" if has(of_map)["compounds"] else "this map has no compounds")
    if why:
        return cannot(why)
    slugs = _wanted(of_map)["slug"].tolist()
    if not slugs:
        return cannot("no compound lies in the wanted region")
    frame = similar_compounds(of_map, entity_of(of_map, FOUND, kind="gene")).set_index("slug")
    hits = [s for s in slugs if is_similar(of_map, frame.at[s, "cosine"], frame.at[s, "q"])]
    sentence = "{k:n} of {n:n}; the strongest, {label}, has cosine {cosine:cos} and q {q:q} at {at:um} µM."
    top = frame.loc[max(slugs, key=lambda s: frame.at[s, "cosine"])]
    values = {"k": len(hits), "n": len(slugs), "label": top["label"], "cosine": float(top["cosine"])}
    return saw(2 * len(hits) >= len(slugs), sentence, **values, q=_plain(top["q"]), at=float(top["concentration"]))


def _wanted(of_map: str) -> pd.DataFrame:
    _, best, _ = selection(of_map)
    return best[(best["kind"] == "compound") & best["wanted"]]


def _compare(of_map: str) -> Page:
    chosen = [] if missing(of_map) else _wanted(of_map)["perturbation"].head(3).tolist()
    return "/compare", {"e": ",".join([f"gene:{FOUND}", *chosen])}


def _plain(value: float) -> float | None:
    return None if value != value else float(value)


def _card(told: list[dict]) -> dict:
    """Who stands apart, and what follows."""
    _, found, _, compounds, _ = told
    start = "What looks like _CDK12_ but not like _CDK13_? "
    values = {"n": compounds["values"].get("n", 0)}
    if found["holds"] == YES:
        start += "One gene stands apart"
        end = {YES: ", and {n:plural compound} follow it.", NO: "; no compound is known to follow it."}
        sentence = saw(True, start + end.get(compounds["holds"], "."), **values)
    else:
        sentence = saw(True, start + "_RBM39_ is not the answer here.")
    if "rank" in found["values"]:
        return {
            "sentence": sentence,
            "fact": saw(True, "_RBM39_ rank {rank:n} / {n:n} by gap {gap:cos}", **found["values"]),
        }
    return {"sentence": sentence, "fact": cannot(found["seen"], **found["values"])}


STORY = Story(
    "cdk13",
    "A way round _CDK13_",
    "Which other target does what the loss of _CDK12_ does, without what the loss of _CDK13_ does?",
    (
        Step(
            "Their cyclin",
            "Open the genes most like _CDK12_.",
            "_CCNK_, the cyclin of both kinases, is among the {nearest:n} nearest, q ≤ {limit}.",
            {"nearest": NEAREST, "limit": SIGNIFICANT},
            page(f"/gene/{LIKE}"),
            _both,
        ),
        Step(
            "Like one, unlike the other",
            "Ask what mimics _CDK12_ and avoids _CDK13_.",
            "_RBM39_ is among the first {first:n} genes, in the wanted region.",
            {"first": FIRST},
            page("/targets", **_VIEW),
            _found,
        ),
        Step(
            "Known or new?",
            "Compare the three genes and read what is on record of each pair.",
            "_CDK12_ and _RBM39_ are only co-listed in a large complex: weak, and not called new.",
            {},
            page("/compare", e="gene:CDK12,gene:CDK13,gene:RBM39"),
            _record,
        ),
        Step(
            "Compounds that follow",
            "Keep the compounds of the same selection.",
            "At least one compound in the wanted region has _RBM39_ as its target on record.",
            {},
            page("/targets", **_VIEW, kind="compound"),
            _compounds,
        ),
        Step(
            "The same cells",
            "Lay those compounds over the knockout of _RBM39_.",
            "At least half of them are similar to _RBM39_, q ≤ {limit}.",
            {"limit": SIGNIFICANT},
            _compare,
            _overlay,
        ),
    ),
    ("like _CDK12_, not _CDK13_", ("/targets", _VIEW)),
    missing,
    _card,
)
