"""Where to start choosing a target: examples drawn from the open map."""

from __future__ import annotations

from explorer.atlas import opened
from explorer.queries.neighbours import similar_compounds, similar_genes
from explorer.queries.overview import strongest_pairs
from explorer.queries.perturbations import signed
from explorer.queries.rows import memo, row

#: The case that target selection is known by: shown where the map has all of its genes.
STORY = ("CDK12", "CDK13", "RBM39")


@memo
def selection_examples(of_map: str, most: int = 4) -> list[dict]:
    """Queries to start from: `like`, `avoid`, `reference` (lists of terms) and `why`, one sentence.

    Pairs of near neighbours are worth telling apart: what is like one of them, but not like the other?
    """
    m = opened(of_map).map
    on_map = all(f"gene:{g}" in m.row_of for g in STORY)
    like, avoid, reference = ([f"gene:{g}"] for g in STORY)
    why = "The talk's case: a way round CDK13"
    examples = [{"like": like, "avoid": avoid, "reference": reference, "why": why}] if on_map else []
    for kind in ("gene", "compound"):
        for pair in strongest_pairs(of_map, kind).head(most).itertuples():
            a, b = (_id(kind, *side) for side in ((pair.a, pair.a_concentration), (pair.b, pair.b_concentration)))
            if a in m.row_of and b in m.row_of:
                why = "nearest neighbours of this map: what tells them apart?"
                examples.append({"like": [a], "avoid": [b], "reference": [], "why": why})
    return examples[:most]


def avoidable(of_map: str, like: list[str], most: int = 5) -> list[dict]:
    """What is most like a query of one term, and so worth avoiding: `term`, `label`, `kind`, `blinded`, `cosine`."""
    if not like:
        return []
    _, name = signed(like[0])
    m = opened(of_map).map
    row(of_map, name)
    genes = similar_genes(of_map, name)
    frame = genes if len(genes) else similar_compounds(of_map, name)
    kind = "gene" if len(genes) else "compound"
    found = []
    for hit in frame[frame["cosine"] > 0].head(most).itertuples():
        term = _id(kind, hit.slug, hit.concentration)
        if term in m.row_of and term not in like:
            named = {"label": hit.label, "kind": kind, "blinded": bool(hit.blinded), "cosine": float(hit.cosine)}
            found.append({"term": term} | named)
    return found


def _id(kind: str, slug: str, concentration: float) -> str:
    plain = kind == "gene" or concentration != concentration
    return f"{kind}:{slug}" if plain else f"compound:{slug}@{concentration:g}"
