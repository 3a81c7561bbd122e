"""Does a compound kill the cells: by count where they were counted, by the labelled proxy, and the window before it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from explorer.atlas import opened
from explorer.queries.concentrations import SIGNIFICANT, best_target, by_concentration
from explorer.queries.neighbours import similar_genes
from explorer.queries.nulls import noise_of_size
from explorer.queries.rows import memo
from explorer.statistics.toxicity import (
    kill_signature,
    left_out,
    own_complexes,
    toxic_concentration,
    toxicity_like,
    window,
)


@memo
def toxicity(of_map: str, entity: str) -> pd.DataFrame:
    """Evidence of toxicity of a compound, one row a concentration.

    Columns: `perturbation`, `concentration`, `relative_count`, `toxic` (by count), `score` (0 as controls, 1 as the
    knockout of PLK1 or the mean kill control), `score_limit`, `magnitude`, `magnitude_limit` (99 % of controls) and
    `flagged` (the proxy). The knockouts of the compound's own targets and of their complexes are left out of the
    signature. Without kill controls or control wells the proxy columns are empty.
    """
    open_map = opened(of_map)
    m = open_map.map
    frame = by_concentration(of_map, entity)
    counted = frame[["perturbation", "concentration", "n_wells", "relative_count", "toxic"]]
    targets = open_map.map.entities["targets"].iat[open_map.entity_rows[entity]]
    genes = m.perturbations.iloc[m.gene_rows]
    names = genes["label"].tolist()
    vectors = np.asarray(m.unit_rows[m.gene_rows]) * genes["magnitude"].to_numpy()[:, None]
    signature = kill_signature(names, vectors)
    signature = signature and signature.without(left_out(targets, own_complexes(targets, names)))
    null = {int(n): noise_of_size(of_map, "compound", int(n)) for n in frame["n_wells"].unique()}
    if signature is None or any(v is None for v in null.values()):
        empty = dict.fromkeys(("score", "score_limit", "magnitude_limit"), np.nan)
        return counted.assign(magnitude=frame["magnitude"], **empty, flagged=None)
    rows = m.rows_of_entity[entity]
    proxy = toxicity_like(
        np.asarray(m.unit_rows[rows]) * frame["magnitude"].to_numpy()[:, None],
        frame["n_wells"].to_numpy(),
        frame["concentration"].to_numpy(),
        signature=signature,
        null=null,
    )
    columns = ["score", "score_limit", "magnitude", "magnitude_limit", "flagged"]
    return pd.concat([counted, proxy[columns]], axis=1)


@memo
def safe_window(of_map: str, entity: str) -> dict:
    """From the concentration of an effect to the toxic one.

    Returns
    -------
    dict
        `effect` and `toxic` in uM or None, `what` the effect is, `by` what toxicity is called, `fold` or None, and
        `at_least` where no tested concentration is toxic.
    """
    evidence = toxicity(of_map, entity)
    by_count = evidence["relative_count"].notna().any()
    at = toxic_concentration(
        evidence["concentration"].to_numpy(), evidence["toxic" if by_count else "flagged"].to_numpy()
    )
    known = bool(by_count or evidence["flagged"].notna().any())
    effect, what = _effect(of_map, entity, below=at)
    found = window(effect, at, highest_um=float(evidence["concentration"].max())) if effect and known else None
    return {
        "effect": effect,
        "what": what,
        "toxic": None if np.isnan(at) else at,
        "by": "count" if by_count else "proxy" if known else None,
        "fold": found.fold if found else None,
        "at_least": found.at_least if found else False,
    }


def _effect(of_map: str, entity: str, *, below: float) -> tuple[float | None, str]:
    """The lowest active concentration below the toxic one, with a significant target where there is one on the map."""
    frame = by_concentration(of_map, entity)
    frame = frame[frame["active"].eq(True) & ~(frame["concentration"] >= below)]
    target = best_target(of_map, entity)
    if target is not None:
        for at in frame.itertuples():
            genes = similar_genes(of_map, at.perturbation).set_index("slug")
            if genes.at[target["slug"], "q"] <= SIGNIFICANT and genes.at[target["slug"], "cosine"] > 0:
                return float(at.concentration), f"on {target['label']}"
    lowest = frame["concentration"].min()
    return (None, "") if pd.isna(lowest) else (float(lowest), "any phenotype")
