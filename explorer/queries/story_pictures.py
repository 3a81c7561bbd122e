"""What the small picture of each story is drawn from: values of the open map, never stock art."""

from __future__ import annotations

import numpy as np

from explorer.errors import UnknownEntity
from explorer.queries import story_bortezomib, story_breast_cancer, story_cdk13, story_ras
from explorer.queries.concentrations import by_concentration
from explorer.queries.curves import curves
from explorer.queries.links import NEW, TARGET
from explorer.queries.network import network
from explorer.queries.rows import memo
from explorer.queries.stories import story

#: Points of a scatter and compounds beside a network: as many as a small picture can hold.
MOST_POINTS, MOST_COMPOUNDS = 400, 5


def story_picture(of_map: str, name: str) -> dict:
    """Values of the picture of a story.

    Returns
    -------
    dict
        `kind` and what it needs: "circle" and "force" a `network` (of `queries.network`) and its `centre`; "curves"
        and "scatter" see `_curves` and `_scatter`; `says`, what it shows, in words.

    Raises
    ------
    UnknownEntity
        For a name that is no story, and for a story that the map cannot tell.
    """
    told = story(of_map, name)
    if told["why"]:
        raise UnknownEntity(f"this story cannot be told here: {told['why']}")
    return {"breast-cancer": _circle, "bortezomib": _curves, "cdk13": _scatter, "ras": _force}[name](of_map)


def _circle(of_map: str) -> dict:
    genes = story_breast_cancer.genes(of_map)
    says = f"{len(genes)} genes of one disease term on a circle, similar ones joined"
    return {"kind": "circle", "network": network(of_map, genes), "centre": {"kind": "set", "label": ""}, "says": says}


def _force(of_map: str) -> dict:
    genes = story_ras.genes(of_map)
    shown = network(of_map, genes, layout="force", compounds=MOST_COMPOUNDS)
    return {"kind": "force", "network": shown, "centre": None, "says": f"{len(genes)} genes and compounds beside them"}


@memo
def _curves(of_map: str) -> dict:
    """`concentrations` (uM), `toxic` of each, `band` (low and high of 90 % of genes), `lines` (label, role, values).

    Lines are the target, the strongest similar gene that is no target, and the strongest similar new one.
    """
    entity = story_bortezomib.compound(of_map)
    frame, _ = story_bortezomib.beside(of_map)
    similar = frame[frame["cosine"] > 0]
    chosen = {}
    for role, hits in (
        ("target", similar[similar["link"] == TARGET]),
        ("known", similar[~similar["link"].isin([TARGET, NEW])]),
        ("new", similar[similar["link"] == NEW]),
    ):
        chosen |= {s: (role, label) for s, label in hits[["slug", "label"]].head(1).itertuples(index=False)}
    table = curves(of_map, entity, list(chosen))
    at = by_concentration(of_map, entity)
    at = at[at["concentration"] > 0]
    keys = at["concentration"].to_numpy()

    def values(series: str, part: str) -> list[float]:
        found = table[(table["series"] == series) & (table["part"] == part)].set_index("concentration")["cosine"]
        return [round(float(x), 3) for x in found.reindex(keys)]

    return {
        "kind": "curves",
        "concentrations": [float(k) for k in keys],
        "toxic": [bool(t) for t in at["toxic"].eq(True)],
        "band": [values("band", "low"), values("band", "high")],
        "lines": [{"label": label, "role": role, "values": values(s, "mean")} for s, (role, label) in chosen.items()],
        "says": f"Similarity to {', '.join(label for _, label in chosen.values())} by concentration",
    }


@memo
def _scatter(of_map: str) -> dict:
    """`points` (x, y) of other genes, `wanted` (x, y, kind) of what is in the region, `marked` (label, x, y, role).

    x is the cosine to what is wanted, y to what is avoided; `cut` and `tau` are the edges of the region, `axes` the
    names of both.
    """
    frame, best, region = story_cdk13.selection(of_map)
    genes = frame[(frame["kind"] == "gene") & frame["reliable"]]
    inside = best[best["wanted"]]
    named = {story_cdk13.FOUND: "found", story_cdk13.BOTH: "both"}
    marked = [
        {"label": r.label, "x": float(r.like), "y": float(r.avoid), "role": named[r.label]}
        for r in genes[genes["label"].isin(list(named))].itertuples()
    ]
    others = genes[~genes["entity"].isin(inside["entity"]) & ~genes["label"].isin(list(named))]
    step = max(1, int(np.ceil(len(others) / MOST_POINTS)))
    wanted = inside[~inside["label"].isin(list(named))]
    return {
        "kind": "scatter",
        "points": others[["like", "avoid"]].iloc[::step].astype(float).round(3).to_numpy().tolist(),
        "wanted": [[float(r.like), float(r.avoid), r.kind] for r in wanted.itertuples()],
        "marked": marked,
        "cut": region["cut"],
        "tau": region["tau"],
        "axes": [story_cdk13.LIKE, story_cdk13.AVOID],
        "says": f"Genes by similarity to {story_cdk13.LIKE} and {story_cdk13.AVOID}; the wanted region is marked",
    }
