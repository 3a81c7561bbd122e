"""How good a map is, by what is known from outside: relationships, chromosome arms, and targets of compounds.

Each is measured on the rows as plain cosine has them and, where the map is related in another way, on the served rows
too, so that nobody has to believe that the other way is better.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import pandas as pd

from explorer.annotations.relationships import RelationshipSource, pairs_on_map
from explorer.maps.perturbation_map import PerturbationMap
from explorer.maps.quality_compounds import annotated_targets, retrieval, signal
from explorer.maps.relating import arms_of_rows, named_genes
from explorer.statistics.drug_target import ANCHOR, drug_target_benchmark
from explorer.statistics.proximity_bias import proximity_bias
from explorer.statistics.recall import ANCHORS, recall_table

FEWEST_GENES = 10


def quality(m: PerturbationMap, sources: Sequence[RelationshipSource] = (), *, seed: int = 0) -> dict[str, object]:
    """Everything that can be measured on a map, as plain values.

    Returns
    -------
    dict
        `relate`: name. `recall`, `proximity_bias`, `drug_target` and `target_signal`: each None where the map or the
        evidence does not allow it, else a dict with what was found by `cosine`, by the `served` rows where they differ,
        and published `anchors` where there are any. `replicate_retrieval`: of the rows as served, see
        `quality_compounds.retrieval`.

    Raises
    ------
    InputError
        As `recall_table` does.
    """
    genes = named_genes(m.perturbations, m.entities)
    return {
        "relate": "cosine" if m.relation is None else m.relation.name,
        "recall": _recall(m, genes, sources, seed=seed),
        "proximity_bias": _proximity_bias(m, genes, seed=seed),
        "drug_target": _drug_target(m, genes),
        "target_signal": signal(m, genes, of_each=partial(_of_each, m), seed=seed),
        "replicate_retrieval": retrieval(m, seed=seed),
    }


def _of_each(m: PerturbationMap, measure: Callable[[np.ndarray], object]) -> dict[str, object]:
    """A measure by cosine, and by the served rows where they are not those of cosine."""
    ways = {"cosine": m.unit_rows} | ({} if m.relation is None else {"served": m.features})
    return {way: measure(rows) for way, rows in ways.items()}


def _recall(
    m: PerturbationMap, genes: np.ndarray, sources: Sequence[RelationshipSource], *, seed: int
) -> dict[str, object] | None:
    labels = m.perturbations["label"].to_numpy()[genes]
    pairs = {s.name: pairs_on_map(s, labels) for s in sources}
    if len(genes) < FEWEST_GENES or not any(map(len, pairs.values())):
        return None
    found = _of_each(m, lambda rows: _records(recall_table(np.asarray(rows[genes]), pairs, seed=seed)))
    about = [{"source": s.name, "licence": s.licence, "pairs": s.n} for s in sources]
    return {"genes": len(genes), "sources": about, **found, "anchors": ANCHORS}


def _proximity_bias(m: PerturbationMap, genes: np.ndarray, *, seed: int) -> dict[str, object] | None:
    arms = arms_of_rows(m.perturbations, m.entities)[genes]

    def measure(rows: np.ndarray) -> dict[str, object] | None:
        bias = proximity_bias(np.asarray(rows[genes]), arms, seed=seed)
        numbers = ("within", "between", "p", "excess")
        return None if bias is None else {name: getattr(bias, name) for name in numbers}

    found = _of_each(m, measure)
    return None if found["cosine"] is None else {"genes": int((arms != "").sum()), **found}


def _drug_target(m: PerturbationMap, genes: np.ndarray) -> dict[str, object] | None:
    labels = m.perturbations["label"].to_numpy()
    targets = annotated_targets(m, genes)
    entity = m.perturbations["entity"].to_numpy()
    rows = np.flatnonzero(np.isin(entity, targets["compound"].unique()))

    def measure(vectors: np.ndarray) -> dict[str, float] | None:
        similarity = np.asarray(vectors[rows]) @ np.asarray(vectors[genes]).T
        found = drug_target_benchmark(similarity, entity[rows].tolist(), labels[genes].tolist(), targets=targets)
        means = found[["ap", "auc", "random_ap", "random_auc"]].mean()
        return (
            {"compounds": len(found), "targets": int(found["targets"].sum()), **means.to_dict()} if len(found) else None
        )

    found = _of_each(m, measure) if len(rows) else {"cosine": None}
    return None if found["cosine"] is None else {**found, "anchors": {"OpenPhenom, RxRx3-core": ANCHOR}}


def _records(table: pd.DataFrame) -> list[dict]:
    return [{k: None if v != v else v for k, v in record.items()} for record in table.to_dict("records")]
