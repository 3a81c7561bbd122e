"""Breast cancer finds its biology: the genes of one disease term, as a network drawn from cell images alone."""

from __future__ import annotations

from explorer.atlas import opened
from explorer.errors import UnknownEntity
from explorer.queries.biology import gene_set
from explorer.queries.concentrations import SIGNIFICANT
from explorer.queries.entities import labels
from explorer.queries.neighbours import similar_genes
from explorer.queries.network import MOST_GENES, network
from explorer.queries.network_genes import ADDED, nearest_genes
from explorer.queries.overview import has
from explorer.queries.searching import suggest
from explorer.queries.story_steps import NO, YES, Step, Story, absent, cannot, entity_of, is_similar, page, saw

TERM, TYPED = "hpo:HP:0003002", "breast cancer"
#: Genes of the term that make a network, and so a story.
FEWEST = 4
ARM = "17q"
#: Downstream of KRAS: RAF, MEK and ERK kinases, and the scaffold that activates RAF.
PATHWAY = ("ARAF", "BRAF", "RAF1", "MAP2K1", "MAP2K2", "MAPK1", "MAPK3", "SHOC2")
LEAST_PATHWAY = 2
_LONG = 28


def genes(of_map: str) -> list[str]:
    """Slugs of the genes of the term that are on a map; at most as many as a network holds."""
    try:
        return gene_set(of_map, TERM)["on_map"][:MOST_GENES]
    except UnknownEntity:
        return []


def missing(of_map: str) -> str:
    """Why a map cannot tell this story."""
    if not has(of_map)["genes"]:
        return "this map has no genes"
    n = len(genes(of_map))
    return "" if n >= FEWEST else f"this map has {n} genes of the term, and a network takes {FEWEST}"


def _term(of_map: str) -> dict:
    if missing(of_map):
        return cannot(missing(of_map))
    place = next((i for i, s in enumerate(suggest(of_map, TYPED), 1) if s["id"] == TERM), None)
    if place is None:
        return saw(False, "“{typed}” is not offered.", typed=TYPED)
    found, told = suggest(of_map, TYPED)[place - 1], gene_set(of_map, TERM)
    sentence = "Suggestion {place}: {name} ({id}), by its synonym “{via}”; {on_map:n} of its {n:plural gene} are here."
    values = {"place": place, "name": found["label"], "id": TERM.partition(":")[2], "via": found["via"] or "none"}
    return saw(place == 1 and bool(found["via"]), sentence, **values, on_map=len(told["on_map"]), n=len(told["genes"]))


def _recovered(of_map: str) -> dict:
    if missing(of_map):
        return cannot(missing(of_map))
    shown = network(of_map, genes(of_map))
    card, counts = shown["recovery"], {"pairs": shown["counts"]["pairs"], "shown": shown["counts"]["shown"]}
    if card is None:
        return cannot("no relationships are loaded, so there is nothing to recover", **counts)
    if not card["known"]:
        return cannot("no source lists a pair of these genes", **counts)
    sentence = (
        "{recovered:n} of {known:n} known pairs recovered; random sets of as many genes recover {random:one} "
        "on average, up to {high:n} in 95 % of draws; {p:p}."
    )
    values = {"recovered": card["recovered"], "known": card["known"], "random": card["random_mean"]}
    values |= {"high": round(card["random_high"]), "p": [card["p"], card["draws"]]}
    return saw(card["p"] <= SIGNIFICANT, sentence, **values)


def _groups(of_map: str) -> dict:
    if missing(of_map):
        return cannot(missing(of_map))
    if not opened(of_map).biology.gene_sets:
        return cannot("no complexes or pathways are loaded, so no group can be named")
    groups = network(of_map, genes(of_map))["groups"]
    named = [g for g in groups if g["name"]]
    if not named:
        sentence = "None of {n:plural group} of similar genes shares a complex or pathway more than chance would."
        return saw(False, sentence, n=len(groups))
    sentence = "{k:n} of {n:plural group} have a name. The largest: {name}, {hits:n} of {size:n} genes, q {q:power}."
    first = named[0] | {"size": len(named[0]["genes"]), "k": len(named), "n": len(groups)}
    values = {key: first[key] for key in ("k", "n", "name", "hits", "size", "q")}
    return saw(True, sentence, **values, names=[g["name"] for g in named])


def _brca(of_map: str) -> dict:
    why = absent(of_map, genes=("BRCA1", "BARD1"))
    if why:
        return cannot(why)
    brca1, bard1 = (entity_of(of_map, g, kind="gene") for g in ("BRCA1", "BARD1"))
    frame = similar_genes(of_map, brca1).set_index("slug")
    hit = frame.loc[bard1.partition(":")[2]]
    sentence = "Cosine {cosine:cos}, q {q:q}; _BARD1_ is number {rank:n} of {n:plural gene} by |cosine|."
    values = {"cosine": float(hit["cosine"]), "q": _plain(hit["q"]), "rank": int(hit["rank"]), "n": int(hit["n"])}
    return saw(is_similar(of_map, hit["cosine"], hit["q"]), sentence, **values)


def _arm(of_map: str) -> dict:
    if missing(of_map):
        return cannot(missing(of_map))
    if not has(of_map)["arms"]:
        return cannot("this map does not say on which arm its genes lie")
    shown = network(of_map, genes(of_map))
    if not shown["sourced"]:
        return cannot("no relationships are loaded, so no pair is on record")
    arm = {n["slug"]: n["arm"] for n in shown["nodes"]}
    on_arm = [e["relation"] == "known" for e in shown["edges"] if arm[e["a"]] == arm[e["b"]] == ARM]
    between = [e["relation"] == "known" for e in shown["edges"] if not e["same_arm"]]
    if not on_arm or not between:
        return cannot("no edge lies on {arm}, or none between arms", arm=ARM)
    one, other = (sum(x) / len(x) for x in (on_arm, between))
    sentence = (
        "{n:plural edge} on {arm}, {k:n} on record ({one:pct}); between arms {n_other:plural edge}, {k_other:n} on "
        "record ({other:pct})."
    )
    values = {"n": len(on_arm), "k": sum(on_arm), "one": one, "n_other": len(between), "k_other": sum(between)}
    return saw(one < other, sentence, **values, other=other, arm=ARM)


def _kras(of_map: str) -> dict:
    why = missing(of_map) or absent(of_map, genes=("KRAS",))
    if why:
        return cannot(why)
    kras = entity_of(of_map, "KRAS", kind="gene").partition(":")[2]
    if kras not in genes(of_map):
        return cannot("_KRAS_ is not a gene of the term here")
    nearest = list(labels(of_map, nearest_genes(of_map, kras, genes(of_map))).values())
    hits = [g for g in nearest if g in PATHWAY]
    if not hits:
        return saw(False, "Added are {all:genes}: none of RAF, MEK or ERK.", all=nearest)
    return saw(len(hits) >= LEAST_PATHWAY, "{k:n} of {n:n}: {hits:genes}.", k=len(hits), n=len(nearest), hits=hits)


def _plain(value: float) -> float | None:
    return None if value != value else float(value)


def _within(name: str) -> str:
    """A name of a set within a sentence: its first part where it is long, and no capital but that of a symbol."""
    name = name.split(" and ")[0] if len(name) > _LONG else name
    return name[0].lower() + name[1:] if name[1:2].islower() else name


def _card(told: list[dict]) -> dict:
    """The groups that have a name, and what is recovered; else how many genes of the term there are."""
    term, recovered, groups = (t["values"] for t in told[:3])
    names = [_within(n) for n in groups.get("names", [])[:2]]
    start = "From cell images alone, the {n:plural gene} of one disease term "
    if names:
        sentence = saw(True, start + "fall into groups: {names:words}.", n=term["on_map"], names=names)
    else:
        sentence = saw(True, start + "as a network: which of them look alike?", n=term.get("on_map", 0))
    if told[1]["holds"] in (YES, NO):
        fact = saw(True, "{recovered:n} of {known:n} known pairs recovered; random {random:one}", **recovered)
    elif "pairs" in recovered:
        fact = saw(True, "{shown:n} of {pairs:plural pair} among the strongest 1 % of a sign", **recovered)
    else:
        fact = cannot(told[1]["seen"])
    return {"sentence": sentence, "fact": fact}


STORY = Story(
    "breast-cancer",
    "Breast cancer finds its biology",
    "Do the genes of a disease find each other, their complexes and their drugs in images of cells?",
    (
        Step(
            "The term",
            "Type “breast cancer” into the search box and open the first suggestion.",
            "The first suggestion is the phenotype, found by a synonym, with at least {fewest:n} genes on this map.",
            {"fewest": FEWEST},
            page("/network", set=TERM),
            _term,
        ),
        Step(
            "Known pairs",
            "Show only the pairs that a source lists.",
            "Known pairs pass the cut-off more often than in random sets of as many genes, p ≤ {limit}.",
            {"limit": SIGNIFICANT},
            page("/network", set=TERM, known="known"),
            _recovered,
        ),
        Step(
            "Groups with a name",
            "Look at the groups of the network in their own layout.",
            "At least one group of similar genes is enriched in a complex or pathway, q ≤ {limit}.",
            {"limit": SIGNIFICANT},
            page("/network", set=TERM, lay="grouped"),
            _groups,
        ),
        Step(
            "_BRCA1_ and _BARD1_",
            "Compare the two halves of one ubiquitin ligase; they lie on different chromosomes.",
            "They are similar: q ≤ {limit}, or without control wells in the top 1 % of gene pairs.",
            {"limit": SIGNIFICANT},
            page("/compare", e="gene:BRCA1,gene:BARD1"),
            _brca,
        ),
        Step(
            "The arm of _BRCA1_",
            "Show only edges between genes of one chromosome arm.",
            "Edges on {arm} are on record less often than edges between arms: a cut there makes its genes alike.",
            {"arm": ARM},
            page("/network", set=TERM, arm="only"),
            _arm,
        ),
        Step(
            "Beyond the term",
            "Add the {added:n} genes nearest to _KRAS_ that the term does not list.",
            "At least {least:n} of the {added:n} belong to RAF, MEK or ERK.",
            {"added": ADDED, "least": LEAST_PATHWAY},
            page("/network", set=TERM, plus="KRAS", lay="grouped"),
            _kras,
        ),
    ),
    ("breast cancer", ("/network", {"set": TERM})),
    missing,
    _card,
)
