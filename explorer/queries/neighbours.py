"""One perturbation against every gene, and against every compound."""

from __future__ import annotations

import numpy as np
import pandas as pd

from explorer.atlas import OpenMap, opened
from explorer.chemistry.fingerprints import tanimoto
from explorer.maps.similarity import cosines, score_and_rank
from explorer.queries.rows import memo, reliable_rows, row


@memo
def similar_genes(of_map: str, perturbation: str) -> pd.DataFrame:
    """Every gene against one perturbation, strongest |cosine| first; a gene is left out of its own background.

    Columns: `slug`, `label`, `blinded`, `arm`, `active`, `n_wells`, `cosine`, `score`, `rank`, `n`.
    """
    open_map, query = opened(of_map), row(of_map, perturbation)
    rows = open_map.map.gene_rows
    rows = rows[rows != query]
    return compared(open_map, rows, against(open_map, query, rows))


@memo
def similar_compounds(of_map: str, perturbation: str) -> pd.DataFrame:
    """Every compound against one perturbation, each at the concentration where it is strongest.

    The strongest |cosine| is taken over the compound's concentrations that are active and not toxic by count, and those
    compounds are ranked among themselves. A compound without such a concentration follows, at its strongest of all,
    without score and rank and with `reliable` false. Columns as `similar_genes`, with `concentration`, `reliable` and,
    for a compound with a structure, `tanimoto` (ECFP4).
    """
    open_map, query = opened(of_map), row(of_map, perturbation)
    m = open_map.map
    entity = m.perturbations["entity"].iat[query]
    rows = m.compound_rows[(m.perturbations["entity"].to_numpy() != entity)[m.compound_rows]]
    s = against(open_map, query, rows)
    reliable = reliable_rows(open_map)[rows]
    best = _strongest(m.perturbations["entity"].to_numpy()[rows], s, reliable)
    first, last = best[reliable[best]], best[~reliable[best]]
    frame = compared(open_map, rows[first], s[first]).assign(reliable=True)
    if len(last):
        rest = compared(open_map, rows[last], s[last])
        rest = rest.assign(
            score=np.nan, rank=pd.array([pd.NA] * len(rest), dtype="Int64"), n=len(first), reliable=False
        )
        frame = pd.concat([frame.astype({"rank": "Int64"}), rest], ignore_index=True) if len(first) else rest
    structures = open_map.fingerprints
    similarity = tanimoto(structures[open_map.entity_rows[entity]], structures)
    frame["tanimoto"] = [similarity[open_map.entity_rows[f"compound:{x}"]] for x in frame["slug"]]
    return frame


def against(open_map: OpenMap, query: int, rows: np.ndarray) -> np.ndarray:
    """Cosine of one perturbation to the perturbations in `rows`: one product with the whole map."""
    return cosines(open_map.map.features, open_map.map.features[query])[rows].astype(float)


def compared(open_map: OpenMap, rows: np.ndarray, similarities: np.ndarray) -> pd.DataFrame:
    """The perturbations in `rows` with their names, similarity, map score and rank, strongest |cosine| first."""
    m = open_map.map
    p = m.perturbations.iloc[rows].reset_index(drop=True)
    e = m.entities.iloc[[open_map.entity_rows[x] for x in p["entity"]]].reset_index(drop=True)
    frame = pd.concat([e[["slug", "label", "blinded", "arm"]], p[["concentration", "active", "n_wells"]]], axis=1)
    frame = pd.concat([frame, score_and_rank(similarities)], axis=1)
    return frame.sort_values("rank", ignore_index=True)


def _strongest(entities: np.ndarray, similarities: np.ndarray, reliable: np.ndarray) -> np.ndarray:
    """Position of each entity's strongest |cosine|, reliable concentrations before the others."""
    order = np.lexsort((-np.abs(similarities), ~reliable))
    _, first = np.unique(entities[order], return_index=True)
    return np.sort(order[first])
