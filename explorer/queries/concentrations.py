"""One compound over its concentrations: activity, its targets, and the concentration to open at."""

from __future__ import annotations

import numpy as np
import pandas as pd

from explorer.atlas import opened
from explorer.maps.gate import POOLED
from explorer.queries.neighbours import ranked_genes, similar_compounds, similar_genes
from explorer.queries.rows import is_tested, memo, plain_values, reliable

#: q up to which a similarity counts as one.
SIGNIFICANT = 0.05


@memo
def by_concentration(of_map: str, entity: str) -> pd.DataFrame:
    """The perturbations of an entity in order of concentration, with activity and relative cell count.

    Columns: `perturbation`, `concentration`, `n_wells`, `consistency`, `magnitude`, `energy_distance` and `p_energy`
    (NaN below five wells), `p`, `q`, `active`, `relative_count`, `toxic` (by count; None where not counted), and, alike
    on every row, `POOLED`: the test of all wells of a compound whose concentrations are single wells.
    """
    open_map = opened(of_map)
    m = open_map.map
    frame = m.perturbations.iloc[m.rows_of_entity[entity]].reset_index(drop=True)
    columns = ["perturbation", "concentration", "n_wells", "consistency", "magnitude", "energy_distance", "p_energy"]
    columns += ["p", "q", "active", "relative_count", "toxic"]
    return frame[columns].assign(**m.entities.iloc[open_map.entity_rows[entity]][list(POOLED)])


@memo
def targets(of_map: str, entity: str) -> pd.DataFrame:
    """Annotated targets of a compound that are on the map, at every concentration.

    Columns: `label`, `slug`, `perturbation`, `concentration`, `cosine`, `score`, `rank`, `n`, `active`, `toxic`,
    `pooled_active`.
    """
    open_map = opened(of_map)
    wanted = open_map.map.entities["targets"].iat[open_map.entity_rows[entity]]
    concentrations = by_concentration(of_map, entity)
    frames = []
    for at in concentrations.itertuples():
        genes = ranked_genes(of_map, at.perturbation)
        hits = genes[genes["label"].isin(set(wanted))]
        frames.append(
            hits[["label", "slug", "cosine", "score", "rank", "n"]].assign(
                perturbation=at.perturbation,
                concentration=at.concentration,
                active=at.active,
                toxic=at.toxic,
                pooled_active=at.pooled_active,
            )
        )
    return pd.concat(frames, ignore_index=True)


def best_target(of_map: str, entity: str) -> dict | None:
    """The annotated target with the strongest cosine over active, non-toxic concentrations, or None."""
    frame = targets(of_map, entity)
    frame = frame[reliable(frame, tested=is_tested(opened(of_map)))]
    if frame.empty:
        return None
    best = plain_values(frame.loc[frame["cosine"].abs().idxmax()])
    genes = similar_genes(of_map, best["perturbation"]).set_index("slug")
    return best | plain_values(genes.loc[best["slug"], ["p", "q"]])


def best_concentration(of_map: str, entity: str) -> dict:
    """The concentration a compound page opens at, and why.

    The one where an annotated target is strongest; else where the strongest gene is; both over active, non-toxic
    concentrations. Without any such concentration, the most consistent one, which then says that it is not active.
    """
    target = best_target(of_map, entity)
    if target is not None:
        return {"perturbation": target["perturbation"], "why": f"where its target {target['label']} is strongest"}
    frame = by_concentration(of_map, entity)
    tested = is_tested(opened(of_map))
    usable = frame[reliable(frame, tested=tested)]
    if usable.empty:
        order = frame["consistency"].fillna(-1.0)
        return {"perturbation": frame["perturbation"].iat[int(order.argmax())], "why": _why_none(frame)}
    strength = [_top(ranked_genes(of_map, p), similar_compounds, of_map, p) for p in usable["perturbation"]]
    return {
        "perturbation": usable["perturbation"].iat[int(np.argmax(strength))],
        "why": "where it is most like or unlike another perturbation",
    }


def _why_none(frame: pd.DataFrame) -> str:
    """Why a compound has no concentration that can be relied on."""
    if frame["active"].eq(True).any():
        return "where its wells agree best; every active concentration is toxic by count"
    if frame["pooled_active"].notna().any():
        return "where there are wells; all of them together are not active"
    if frame["active"].notna().any():
        return "where its wells agree best; no concentration is active"
    return "where its wells agree best; activity is not tested" + (
        ", and it is toxic by count" if frame["toxic"].eq(True).all() else ""
    )


def _top(genes: pd.DataFrame, ask_compounds: object, of_map: str, perturbation: str) -> float:
    frame = genes if len(genes) else ask_compounds(of_map, perturbation)
    return float(frame["cosine"].abs().max()) if len(frame) else 0.0


def place(of_map: str, compound: str, concentration: float) -> int:
    """Position of a concentration among those of a compound, -1 where it has none."""
    m = opened(of_map).map
    at = m.perturbations["concentration"].to_numpy()[m.rows_of_entity[f"compound:{compound}"]]
    found = np.flatnonzero(at == concentration)
    return int(found[0]) if len(found) else -1
