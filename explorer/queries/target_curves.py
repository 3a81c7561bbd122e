"""Compounds of a target selection over their concentrations: how alike each is to what is liked, avoided, compared."""

from __future__ import annotations

import numpy as np
import pandas as pd

from explorer.atlas import opened
from explorer.queries.curves import band_of_genes
from explorer.queries.rows import memo
from explorer.queries.selection import query_vector

#: The queries of a selection, in the order their curves are drawn.
QUERIES = ("like", "avoid", "reference")


@memo
def target_curves(
    of_map: str, entities: list[str], *, like: list[str], avoid: list[str], reference: list[str]
) -> pd.DataFrame:
    """Compounds at every concentration above 0 against the queries of a selection, and the band of all genes.

    Columns: `entity`, `label`, `series` (one of `QUERIES`, or `band`), `part` (`mean`, `low`, `high`), `concentration`
    (uM), `cosine`, `n_wells`, `active`, `toxic`. The band is the 5th and 95th percentile over all genes on the map,
    and is missing on a map without genes; a query without terms has no rows.
    """
    m = opened(of_map).map
    terms = dict(zip(QUERIES, (like, avoid, reference), strict=True))
    vectors = {series: query_vector(of_map, asked) for series, asked in terms.items() if asked}
    positive = m.perturbations["concentration"].to_numpy() > 0
    frames = []
    for entity in entities:
        rows = m.rows_of_entity[entity]
        rows = rows[positive[rows]]
        at = m.perturbations.iloc[rows][["entity", "label", "concentration", "n_wells", "active", "toxic"]]
        at = at.reset_index(drop=True)
        for series, vector in vectors.items():
            cosine = np.clip(np.asarray(m.features[rows]) @ vector, -1.0, 1.0).astype(float)
            frames.append(at.assign(series=series, part="mean", cosine=cosine))
        for part, cosine in zip(("low", "high"), band_of_genes(of_map, rows), strict=True) if len(m.gene_rows) else ():
            frames.append(at.assign(series="band", part=part, cosine=cosine))
    columns = ["entity", "label", "series", "part", "concentration", "cosine", "n_wells", "active", "toxic"]
    return pd.concat(frames, ignore_index=True)[columns] if frames else pd.DataFrame(columns=columns)
