"""How good a map is by its compounds: are they near their targets, and are their wells found again.

Wells are kept for compounds only, so replicate retrieval says nothing of the knockouts of a map.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from explorer.maps.perturbation_map import PerturbationMap
from explorer.statistics.consistency import unit
from explorer.statistics.drug_target import target_signal
from explorer.statistics.replicates_elsewhere import replicate_pairs, share_beaten
from explorer.statistics.retrieval import halves_of_wells, replicate_retrieval

FEWEST_PAIRS, FEWEST_REPLICATED = 2, 10

Measure = Callable[[Callable[[np.ndarray], object]], dict[str, object]]


def annotated_targets(m: PerturbationMap, genes: np.ndarray) -> pd.DataFrame:
    """`compound` (entity) and `gene` (label) of each annotated target among the genes in rows `genes` of the map."""
    compounds = m.entities[m.entities["kind"] == "compound"]
    targets = compounds[["entity", "targets"]].explode("targets").dropna().drop_duplicates()
    targets = targets.set_axis(["compound", "gene"], axis=1)
    return targets[targets["gene"].isin(m.perturbations["label"].to_numpy()[genes])].reset_index(drop=True)


def signal(m: PerturbationMap, genes: np.ndarray, *, of_each: Measure, seed: int) -> dict[str, object] | None:
    """Signed similarity of compounds to the knockouts of their targets, against the targets of other compounds.

    By the `main` target, the first on record that is on the map, and by `every` one. A compound at several
    concentrations is taken at the mean of its similarities where it can be relied on: active and not toxic by count,
    or everywhere that is not toxic where the map tests no activity. No concentration is picked for being the
    strongest, so that nothing has to be taken back for having looked.
    """
    p = m.perturbations
    tested = p["active"].notna().any()
    usable = (p["kind"] == "compound") & (p["active"].eq(True) | (not tested)) & ~p["toxic"].eq(True)
    targets = annotated_targets(m, genes)
    targets = targets[targets["compound"].isin(p.loc[usable, "entity"])]
    if len(targets) < FEWEST_PAIRS:
        return None
    rows = np.flatnonzero((usable & p["entity"].isin(targets["compound"])).to_numpy())
    codes, compounds = pd.factorize(p["entity"].to_numpy()[rows])
    averaging = np.zeros((len(compounds), len(rows)))
    averaging[codes, np.arange(len(rows))] = 1 / np.bincount(codes)[codes]

    def measure(vectors: np.ndarray) -> dict[str, dict]:
        similarity = averaging @ (np.asarray(vectors[rows]) @ np.asarray(vectors[genes]).T)
        similarity = pd.DataFrame(similarity, index=compounds, columns=p["label"].to_numpy()[genes])
        main = targets.drop_duplicates("compound")
        return {which: _signal_of(similarity, of, seed=seed) for which, of in (("main", main), ("every", targets))}

    return {"compounds": len(compounds), "active_only": bool(tested), **of_each(measure)}


def _signal_of(similarity: pd.DataFrame, targets: pd.DataFrame, *, seed: int) -> dict[str, float]:
    """`target_signal` among the genes that are a target of one of the compounds, and how many `genes` those are."""
    among = similarity[targets["gene"].drop_duplicates().tolist()]
    pairs = [among.index.get_indexer(targets["compound"]), among.columns.get_indexer(targets["gene"])]
    return vars(target_signal(among.to_numpy(), np.column_stack(pairs), seed=seed)) | {"genes": among.shape[1]}


def retrieval(m: PerturbationMap, *, seed: int) -> dict[str, object] | None:
    """Do the wells of a compound at one concentration find each other again, by rows as they are served.

    Returns
    -------
    dict or None
        `perturbations` with at least two wells; `mrr` and `random_mrr`, the mean reciprocal rank of one half of the
        wells of each among the other halves of all, halves on different plates where there are several; and, over the
        `on_several_plates`, `beaten`: share of the other perturbations of the two plates that are less like a
        replicate than its own (.5 by chance). None below ten.
    """
    if m.wells is None or m.well_features is None:
        return None
    groups = m.wells["row"].to_numpy()
    experiments = m.wells["experiment"].astype(object).where(m.wells["experiment"].notna(), "")
    batches = pd.factorize(experiments)[0]
    plates = pd.factorize(pd.MultiIndex.from_arrays([experiments, m.wells["plate"].astype(object).fillna("")]))[0]
    halves, n = halves_of_wells(groups, plates, seed=seed), len(m.perturbations)
    first, second = (_means(m.well_features, np.where(halves == half, groups, -1), n) for half in (0, 1))
    kinds = m.perturbations["kind"].to_numpy()
    if m.relation is None:
        first, second = unit(first), unit(second)
    ranks, chance = replicate_retrieval(first, second, kinds, seed=seed)
    measured = np.isfinite(ranks)
    if measured.sum() < FEWEST_REPLICATED:
        return None
    on_plates, several = _on_plates(groups, plates)
    found = {
        "perturbations": int(measured.sum()),
        "mrr": float(ranks[measured].mean()),
        "random_mrr": chance,
        "on_several_plates": several,
        "beaten": None,
    }
    if several < FEWEST_REPLICATED:
        return found
    of_group, of_plate, of_batch = (np.array([c[w[0]] for w in on_plates]) for c in (groups, plates, batches))
    rows = np.array([np.asarray(m.well_features[w], dtype=np.float64).mean(axis=0) for w in on_plates])
    pairs = replicate_pairs(of_group, of_plate, of_batch, seed=seed)
    beaten = share_beaten(rows, of_group, of_plate, pairs=pairs)
    return found | {"beaten": None if np.isnan(beaten).all() else float(np.nanmean(beaten))}


def _means(rows: np.ndarray, groups: np.ndarray, n: int) -> np.ndarray:
    """Mean row of each group, float32; NaN without wells."""
    sums, sizes = np.zeros((n, rows.shape[1]), dtype=np.float32), np.bincount(groups[groups >= 0], minlength=n)
    for start in range(0, len(rows), 8_192):
        of_block = groups[start : start + 8_192]
        used = np.flatnonzero(of_block >= 0)
        np.add.at(sums, of_block[used], np.asarray(rows[start + used], dtype=np.float32))
    return np.where(sizes[:, None] > 0, sums / np.maximum(sizes, 1)[:, None], np.nan)


def _on_plates(groups: np.ndarray, plates: np.ndarray) -> tuple[list[np.ndarray], int]:
    """Wells of each perturbation on each plate, for perturbations on several plates, and how many those are."""
    order = np.lexsort((plates, groups))
    cuts = np.flatnonzero((np.diff(groups[order]) != 0) | (np.diff(plates[order]) != 0)) + 1
    parts = np.split(order, cuts) if len(order) else []
    times = pd.Series([groups[w[0]] for w in parts]).value_counts()
    several = set(times.index[times > 1])
    return [w for w in parts if groups[w[0]] in several], len(several)
