"""Which genes a network holds: those around a gene or compound, and those nearest to what is already there."""

from __future__ import annotations

import numpy as np

from explorer.atlas import opened
from explorer.queries.neighbours import ranked_genes
from explorer.queries.rows import memo, row

#: Genes of a neighbourhood, the query not counted, and genes added at a time.
NEIGHBOURHOOD, ADDED = 24, 5


@memo
def neighbourhood(of_map: str, perturbation: str, most: int = NEIGHBOURHOOD) -> list[str]:
    """Slugs of the genes nearest to a perturbation by |cosine|, both signs; a gene comes first itself.

    Genes without a phenotype are passed over, unless the map does not test it.
    """
    frame = ranked_genes(of_map, perturbation)
    nearest = frame.loc[~frame["active"].eq(False), "slug"].head(most).tolist()
    return [perturbation.partition(":")[2], *nearest] if perturbation.startswith("gene:") else nearest


@memo
def nearest_genes(of_map: str, gene: str, genes: list[str], most: int = ADDED) -> list[str]:
    """Slugs of the genes most like one gene that are not among `genes`, active ones only where that is tested."""
    frame = ranked_genes(of_map, f"gene:{gene}")
    left = frame[~frame["active"].eq(False) & ~frame["slug"].isin(set(genes)) & (frame["cosine"] > 0)]
    return left["slug"].head(most).tolist()


@memo
def nearest_to_all(of_map: str, genes: list[str], most: int = ADDED) -> list[str]:
    """Slugs of the genes whose strongest similarity to any of `genes` is highest, and that are not among them."""
    m = opened(of_map).map
    inside = [row(of_map, f"gene:{g}") for g in genes]
    p = m.perturbations.iloc[m.gene_rows]
    outside = m.gene_rows[~np.isin(m.gene_rows, inside) & ~p["active"].eq(False).to_numpy()]
    if not inside or not len(outside):
        return []
    best = np.empty(len(outside))
    members = np.asarray(m.features[inside]).T
    for start in range(0, len(outside), 2048):
        best[start : start + 2048] = (np.asarray(m.features[outside[start : start + 2048]]) @ members).max(axis=1)
    found = outside[np.argsort(-best, kind="stable")[:most]]
    return m.perturbations["entity"].iloc[found].str.partition(":")[2].tolist()
