"""Bortezomib beyond the proteasome: one compound against every gene, by concentration, and what else it does."""

from __future__ import annotations

import math

import pandas as pd

from explorer.atlas import opened
from explorer.queries.biology import known_sources
from explorer.queries.concentrations import SIGNIFICANT, best_concentration, by_concentration
from explorer.queries.links import NEW, genes_beside
from explorer.queries.neighbours import similar_genes
from explorer.queries.overview import has
from explorer.queries.rows import is_tested, reliable
from explorer.queries.searching import suggest
from explorer.queries.story_steps import NO, YES, Page, Step, Story, absent, cannot, entity_of, page, saw
from explorer.queries.structure import structure_phenotype
from explorer.queries.toxicity import safe_window
from explorer.statistics.structure_phenotype import ALIKE, HOP

NAME, TYPED = "bortezomib", "velcade"
TARGET, BEYOND, PREFIX = "PSMB5", "SNRPD3", "PSM"
HOPS = ("carfilzomib", "ixazomib")
#: The list that is looked at, and how many of it should be of the proteasome; rank of the target, in percent of all
#: genes; concentrations between effect and toxicity, as a ratio; Tanimoto from which the structure page lists.
FIRST, LEAST, TOP_PERCENT, LEAST_FOLD, NEAR = 10, 5, 1.0, 3.0, "0.3"


def missing(of_map: str) -> str:
    """Why a map cannot tell this story."""
    return absent(of_map, compounds=(NAME,)) or ("" if has(of_map)["genes"] else "this map has no genes")


def compound(of_map: str) -> str:
    """Id of the compound; ask `missing` first."""
    return entity_of(of_map, NAME, kind="compound")


def beside(of_map: str) -> tuple[pd.DataFrame, float]:
    """The genes beside it at the concentration that its page opens at, and that concentration in uM."""
    m, at = opened(of_map).map, best_concentration(of_map, compound(of_map))["perturbation"]
    return genes_beside(of_map, compound(of_map), at), float(m.perturbations["concentration"].iat[m.row_of[at]])


def _name(of_map: str) -> dict:
    why = absent(of_map, compounds=(NAME,))
    if why:
        return cannot(why)
    found = suggest(of_map, TYPED)
    entity = compound(of_map)
    if not found or found[0]["entity"] != entity:
        return saw(False, "“{typed}” does not lead to it first.", typed=TYPED)
    via = found[0]["via"]
    return saw(bool(via), "{name} is first, by its name {via}.", name=found[0]["label"], via=via or "on this map")


def _first(of_map: str) -> dict:
    if missing(of_map):
        return cannot(missing(of_map))
    frame, at = beside(of_map)
    similar = frame[frame["cosine"] > 0].head(FIRST)
    subunits = frame["label"].str.startswith(PREFIX)
    if not subunits.any():
        return cannot("this map has no proteasome genes")
    hits = similar.loc[similar["label"].str.startswith(PREFIX), "label"].tolist()
    sentence = "{k:n} of {first:n} at {at:um} µM; a random {first:n} of {n:plural gene} would hold {chance:one}."
    values = {"k": len(hits), "first": FIRST, "at": at, "n": len(frame), "hits": hits}
    return saw(len(hits) >= LEAST, sentence, **values, chance=FIRST * float(subunits.mean()))


def _target(of_map: str) -> dict:
    why = missing(of_map) or absent(of_map, genes=(TARGET,))
    if why:
        return cannot(why)
    frame = by_concentration(of_map, compound(of_map))
    usable = frame[reliable(frame, tested=is_tested(opened(of_map)))]
    if usable.empty:
        return cannot("no concentration of it is both active and not toxic")
    slug = entity_of(of_map, TARGET, kind="gene").partition(":")[2]
    hits = [(at, similar_genes(of_map, p).set_index("slug").loc[slug])
            for p, at in zip(usable["perturbation"], usable["concentration"], strict=True)]  # fmt: skip
    at, best = min(hits, key=lambda h: (h[1]["cosine"] <= 0, h[1]["rank"]))
    n, limit = int(best["n"]), math.ceil(int(best["n"]) * TOP_PERCENT / 100)
    sentence = "Number {rank:n} of {n:n} at {at:um} µM, cosine {cosine:cos}, q {q:q}; the top 1 % is {limit:n} genes."
    values = {"rank": int(best["rank"]), "n": n, "at": float(at), "cosine": float(best["cosine"]), "limit": limit}
    return saw(best["rank"] <= limit and best["cosine"] > 0, sentence, **values, q=_plain(best["q"]))


def _beyond(of_map: str) -> dict:
    why = missing(of_map) or absent(of_map, genes=(BEYOND,))
    if why:
        return cannot(why)
    if not known_sources(of_map):
        return cannot("no relationships are loaded, so nothing can be called new")
    frame, at = beside(of_map)
    hit = frame.set_index("slug").loc[entity_of(of_map, BEYOND, kind="gene").partition(":")[2]]
    link = hit["link"] or "not beyond noise"
    sentence = "Number {rank:n} of {n:n} at {at:um} µM, cosine {cosine:cos}, q {q:q}; link to the targets: {link}."
    values = {"rank": int(hit["rank"]), "n": int(hit["n"]), "at": at, "link": link}
    holds = bool(hit["passes"]) and hit["cosine"] > 0 and link == NEW
    return saw(holds, sentence, **values, cosine=float(hit["cosine"]), q=_plain(hit["q"]))


def _hops(of_map: str) -> dict:
    why = absent(of_map, compounds=(NAME, *HOPS))
    if why:
        return cannot(why)
    frame = structure_phenotype(of_map, best_concentration(of_map, compound(of_map))["perturbation"]).set_index("slug")
    found = [frame.loc[entity_of(of_map, h, kind="compound").partition(":")[2]] for h in HOPS]
    if any(f["tanimoto"] != f["tanimoto"] for f in found):
        return cannot("this map has no structure of one of them")
    said = "{a}: Tanimoto {ta:cos}, cosine {ca:cos}, {qa}; {b}: Tanimoto {tb:cos}, cosine {cb:cos}, {qb}."
    values = {}
    for key, hit in zip("ab", found, strict=True):
        values |= {key: hit["label"], f"t{key}": float(hit["tanimoto"]), f"c{key}": float(hit["cosine"])}
        values[f"q{key}"] = str(hit["quadrant"])
    return saw(all(f["quadrant"] == HOP for f in found), said, **values)


def _window(of_map: str) -> dict:
    why = absent(of_map, compounds=(NAME,))
    if why:
        return cannot(why)
    found = safe_window(of_map, compound(of_map))
    if found["by"] is None:
        return cannot("this map does not tell whether cells die")
    if found["effect"] is None:
        return saw(False, "No concentration below the toxic one has an effect.")
    values = {"effect": found["effect"], "what": found["what"], "toxic": found["toxic"], "fold": found["fold"]}
    values["by"] = {"count": "by count of cells", "proxy": "by a proxy"}[found["by"]]
    if found["toxic"] is None:
        return saw(True, "Effect ({what}) from {effect:um} µM; no tested concentration is toxic {by}.", **values)
    sentence = "Effect ({what}) from {effect:um} µM, toxic {by} from {toxic:um} µM: {fold:fold}."
    return saw(bool(found["fold"] and found["fold"] >= LEAST_FOLD), sentence, **values)


def _structure(of_map: str) -> Page:
    smiles = None if absent(of_map, compounds=(NAME,)) else _smiles(of_map)
    return ("/structure", {"smiles": smiles, "t": NEAR}) if smiles else (f"/compound/{NAME}", {})


def _smiles(of_map: str) -> str | None:
    smiles = opened(of_map).map.entities["smiles"].iat[opened(of_map).entity_rows[compound(of_map)]]
    return smiles if isinstance(smiles, str) and smiles else None


def _plain(value: float) -> float | None:
    return None if value != value else float(value)


def _card(told: list[dict]) -> dict:
    """Where the proteasome stands, and what follows it."""
    _, first, target, beyond, _, window = told
    parts, values = [], {}
    if window["holds"] in (YES, NO) and "effect" in window["values"]:
        parts.append("Proteasome genes stand out from {effect:um} µM.")
        values |= window["values"]
    elif first["holds"] in (YES, NO):
        parts.append("{k:n} of its first {first:n} genes are of the proteasome.")
        values |= first["values"]
    if beyond["holds"] == YES:
        parts.append("_SNRPD3_ follows and is not a recorded link.")
    elif beyond["holds"] == NO:
        parts.append("_SNRPD3_ is number {beyond:n}, and no new link.")
        values["beyond"] = beyond["values"]["rank"]
    sentence = saw(True, " ".join(parts) or "One compound against every gene, by concentration.", **values)
    if target["holds"] in (YES, NO):
        return {
            "sentence": sentence,
            "fact": saw(True, "_PSMB5_ rank {rank:n} / {n:n} at {at:um} µM", **target["values"]),
        }
    return {"sentence": sentence, "fact": cannot(target["seen"])}


STORY = Story(
    NAME,
    "Bortezomib beyond the proteasome",
    "Does a compound show its target in cells, at which concentration, and what else does it look like?",
    (
        Step(
            "A brand name",
            "Type “velcade” into the search box and open the first suggestion.",
            "The first suggestion is bortezomib, found by its synonym.",
            {},
            page(f"/compound/{NAME}"),
            _name,
        ),
        Step(
            "Proteasome first",
            "Look at the genes most like it, at the concentration that the page opens at.",
            "At least {least:n} of the first {first:n} genes are proteasome subunits (PSM…).",
            {"least": LEAST, "first": FIRST},
            page(f"/compound/{NAME}"),
            _first,
        ),
        Step(
            "Its target",
            "Follow _PSMB5_ and _SNRPD3_ over the concentrations.",
            "_PSMB5_ is in the top {percent:n} % of all genes at some active, non-toxic concentration.",
            {"percent": TOP_PERCENT},
            page(f"/compound/{NAME}", g="PSMB5,SNRPD3,PSMA1"),
            _target,
        ),
        Step(
            "Beyond the target",
            "Open what the page calls its best new gene.",
            "_SNRPD3_ is similar, q ≤ {limit}, and no loaded source lists it with a target: new.",
            {"limit": SIGNIFICANT},
            page("/gene/SNRPD3"),
            _beyond,
        ),
        Step(
            "Other structures, same cells",
            "Search its structure: what looks alike on paper, and what in cells?",
            "Carfilzomib and ixazomib are scaffold hops: Tanimoto < {alike}, yet their cells are alike, q ≤ {limit}.",
            {"alike": ALIKE, "limit": SIGNIFICANT},
            _structure,
            _hops,
        ),
        Step(
            "Effect before toxicity",
            "Read the window under the concentrations.",
            "The effect begins at least {fold:fold} below the first toxic concentration.",
            {"fold": LEAST_FOLD},
            page(f"/compound/{NAME}"),
            _window,
        ),
    ),
    ("velcade", (f"/compound/{NAME}", {})),
    missing,
    _card,
)
