"""Does a compound kill the cells: by count where they were counted, by the labelled proxy, and the window before it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from explorer.atlas import opened
from explorer.queries.concentrations import SIGNIFICANT, best_target, by_concentration
from explorer.queries.neighbours import similar_genes
from explorer.queries.nulls import noise_of_size, null_of_row
from explorer.queries.rows import memo, row
from explorer.statistics.toxicity import (
    highest_non_toxic,
    kill_signature,
    left_out,
    own_complexes,
    toxic_concentration,
    toxicity_like,
    window,
)

#: How much a p of one gene alone may differ by rounding from that of the same gene among all.
_ROUNDING = 0.005


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
        `tested`, whether activity is; `effect` and `toxic` in uM or None, `what` the effect is, `by` what toxicity is
        called, `fold` or None, and `at_least` where no tested concentration is toxic.
    """
    evidence = toxicity(of_map, entity)
    at, by = _toxic_from(evidence)
    effect, what = _effect(of_map, entity, below=at)
    found = window(effect, at, highest_um=float(evidence["concentration"].max())) if effect and by else None
    return {
        "effect": effect,
        "what": what,
        "toxic": None if np.isnan(at) else at,
        "by": by,
        "tested": bool(by_concentration(of_map, entity)["active"].notna().any()),
        "fold": found.fold if found else None,
        "at_least": found.at_least if found else False,
    }


@memo
def highest_safe(of_map: str, entity: str) -> dict | None:
    """The highest tested concentration of a compound below the toxic one.

    Returns
    -------
    dict or None
        `perturbation`, `concentration` (uM), `by` ("count" or "proxy"), and `toxic`, the toxic concentration or None.
        None where toxicity cannot be told, or every concentration is toxic.
    """
    evidence = toxicity(of_map, entity)
    at, by = _toxic_from(evidence)
    highest = highest_non_toxic(evidence["concentration"].dropna().to_numpy(), at)
    if by is None or np.isnan(highest):
        return None
    there = evidence.loc[evidence["concentration"] == highest, "perturbation"].iat[0]
    toxic = None if np.isnan(at) else at
    return {"perturbation": there, "concentration": highest, "by": by, "toxic": toxic}


def _toxic_from(evidence: pd.DataFrame) -> tuple[float, str | None]:
    """The toxic concentration, NaN where none is, and by what it is told: counts, else the proxy, else nothing."""
    by = "count" if evidence["relative_count"].notna().any() else "proxy" if evidence["flagged"].notna().any() else None
    flags = evidence["flagged" if by == "proxy" else "toxic"]
    return toxic_concentration(evidence["concentration"].to_numpy(), flags.to_numpy()), by


def _effect(of_map: str, entity: str, *, below: float) -> tuple[float | None, str]:
    """The lowest active concentration below the toxic one, with a significant target where there is one on the map."""
    frame = by_concentration(of_map, entity)
    frame = frame[frame["active"].eq(True) & ~(frame["concentration"] >= below)]
    target = best_target(of_map, entity)
    if target is not None:
        for at in frame.itertuples():
            if _may_be_similar(of_map, at.perturbation, f"gene:{target['slug']}"):
                genes = similar_genes(of_map, at.perturbation).set_index("slug")
                if genes.at[target["slug"], "q"] <= SIGNIFICANT:
                    return float(at.concentration), f"on {target['label']}"
    lowest = frame["concentration"].min()
    return (None, "") if pd.isna(lowest) else (float(lowest), "any phenotype")


def _may_be_similar(of_map: str, perturbation: str, gene: str) -> bool:
    """Whether a gene is alike and its own p leaves q open; q is no less than p, and needs that of all other genes."""
    m, null = opened(of_map).map, null_of_row(of_map, perturbation)
    vector = np.asarray(m.features[row(of_map, gene)])[None]
    cosine = vector @ np.asarray(m.features[row(of_map, perturbation)])
    return bool(cosine[0] > 0 and null is not None and null.p(cosine, vector)[0] <= SIGNIFICANT + _ROUNDING)
