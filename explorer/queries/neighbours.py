"""One perturbation against every gene, and against every compound."""

from __future__ import annotations

import numpy as np
import pandas as pd

from explorer.atlas import OpenMap, opened
from explorer.chemistry.fingerprints import tanimoto
from explorer.maps.similarity import cosines
from explorer.queries.nulls import null_of_row, null_of_size
from explorer.queries.rows import memo, reliable_rows, row
from explorer.statistics.multiple_testing import q_values
from explorer.statistics.significance import score_and_rank


@memo
def ranked_genes(of_map: str, perturbation: str) -> pd.DataFrame:
    """Every gene against one perturbation, strongest |cosine| first; a gene is left out of its own background.

    Columns: `slug`, `label`, `blinded`, `arm`, `active`, `n_wells`, `cosine`, `score`, `rank`, `n`.
    """
    open_map, query = opened(of_map), row(of_map, perturbation)
    rows = open_map.map.gene_rows
    rows = rows[rows != query]
    return compared(open_map, rows, against(open_map, query, rows))


@memo
def similar_genes(of_map: str, perturbation: str) -> pd.DataFrame:
    """`ranked_genes` with `p` and `q` against replicate-matched noise, NaN where the map has no controls.

    p is two-sided: the share of pseudo-perturbations of as many control wells that are as similar or opposite to the
    gene. q is Benjamini-Hochberg over the genes of the table.
    """
    frame = ranked_genes(of_map, perturbation)
    null = null_of_row(of_map, perturbation)
    p = np.full(len(frame), np.nan)
    if null is not None and len(frame):
        m = opened(of_map).map
        p = null.p(frame["cosine"].to_numpy(), m.features[[m.row_of[f"gene:{s}"] for s in frame["slug"]]])
    return frame.assign(p=p, q=q_values(p))


@memo
def similar_compounds(of_map: str, perturbation: str) -> pd.DataFrame:
    """Every compound against one perturbation, each at the concentration where it is strongest.

    The strongest |cosine| is taken over the compound's concentrations that are active and not toxic by count, and those
    compounds are ranked among themselves. A compound without such a concentration follows, at its strongest of all,
    without score, rank and p, and with `reliable` false. Columns as `similar_genes`, with `concentration`, `reliable`
    and, for a compound with a structure, `tanimoto` (ECFP4). p is that of the strongest of as many concentrations.
    """
    open_map, query = opened(of_map), row(of_map, perturbation)
    m = open_map.map
    who = m.perturbations["entity"].to_numpy()
    rows = m.compound_rows[(who != who[query])[m.compound_rows]]
    s, usable = against(open_map, query, rows), reliable_rows(open_map)[rows]
    best = _strongest(who[rows], s, usable)
    first, last = best[usable[best]], best[~usable[best]]
    p = _p_of_strongest(of_map, query, rows[first], pd.Series(who[rows[usable]]).value_counts())
    frame = compared(open_map, rows[first], s[first], p=p).assign(reliable=True)
    frame = pd.concat([frame.astype({"rank": "Int64"}), _unranked(open_map, rows[last], s[last])], ignore_index=True)
    bits = open_map.fingerprints
    similarity = tanimoto(bits[open_map.entity_rows[who[query]]], bits, counts=open_map.bit_counts)
    frame["tanimoto"] = [similarity[open_map.entity_rows[f"compound:{x}"]] for x in frame["slug"]]
    return frame.assign(n=len(first), q=q_values(frame["p"].to_numpy(dtype=float)))


def _unranked(open_map: OpenMap, rows: np.ndarray, similarities: np.ndarray) -> pd.DataFrame:
    """Compounds that cannot be relied on at any concentration: listed, not ranked and not tested."""
    frame = compared(open_map, rows, similarities, p=np.full(len(rows), np.nan))
    nothing = pd.array([pd.NA] * len(rows), dtype="Int64")
    return frame.assign(score=np.nan, rank=nothing, reliable=False)


def _p_of_strongest(of_map: str, query: int, rows: np.ndarray, looked_at: pd.Series) -> np.ndarray:
    """p of each compound's strongest |cosine| to the query, against noise that was looked at as often.

    Noise is that of the compound: pseudo-perturbations of as many control wells, compared with the query.
    """
    m = opened(of_map).map
    p = np.full(len(rows), np.nan)
    vector = np.asarray(m.features[query])[None]
    sizes = m.perturbations["n_wells"].to_numpy()[rows]
    for size in np.unique(sizes):
        null = null_of_size(of_map, "compound", int(size))
        if null is not None:
            here = np.flatnonzero(sizes == size)
            s = np.asarray(m.features[rows[here]]) @ vector[0]
            p[here] = null.p(s, np.broadcast_to(vector, (len(here), vector.shape[1])))
    times = looked_at.reindex(m.perturbations["entity"].to_numpy()[rows]).fillna(1).to_numpy()
    return 1 - (1 - p) ** times


def against(open_map: OpenMap, query: int, rows: np.ndarray) -> np.ndarray:
    """Cosine of one perturbation to the perturbations in `rows`: one product with the whole map."""
    return cosines(open_map.map.features, open_map.map.features[query])[rows].astype(float)


def compared(open_map: OpenMap, rows: np.ndarray, similarities: np.ndarray, **more: np.ndarray) -> pd.DataFrame:
    """The perturbations in `rows` with their names, similarity, map score and rank, strongest |cosine| first."""
    m = open_map.map
    e = m.entities[["slug", "label", "blinded", "arm"]].iloc[open_map.entity_of_row[rows]].reset_index(drop=True)
    p = m.perturbations[["concentration", "active", "n_wells"]].iloc[rows].reset_index(drop=True)
    return pd.concat([e, p, score_and_rank(similarities)], axis=1).assign(**more).sort_values("rank", ignore_index=True)


def _strongest(entities: np.ndarray, similarities: np.ndarray, reliable: np.ndarray) -> np.ndarray:
    """Position of each entity's strongest |cosine|, reliable concentrations before the others."""
    order = np.lexsort((-np.abs(similarities), ~reliable))
    _, first = np.unique(entities[order], return_index=True)
    return np.sort(order[first])
