"""Do compounds look like the knockouts of their targets: average precision, ROC-AUC, and a signed signal with its p.

The benchmark of RxRx3-core (Kraus et al. 2025, doi:10.48550/arXiv.2503.20158) takes |similarity|, so that an activator,
which looks opposite to the knockout, counts. The signed signal asks the narrower question of inhibitors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from explorer.errors import InputError

#: uM; at most the first is a target, up to the second is neither target nor negative.
ACTIVE_UP_TO, EXCLUDED_UP_TO = 1.0, 10.0
FEWEST_NEGATIVES = 20

#: Published on RxRx3-core with OpenPhenom, strongest concentration: mean AP and ROC-AUC, and those by chance.
ANCHOR = {"ap": 0.266, "auc": 0.541, "random_ap": 0.22, "random_auc": 0.50}


@dataclass(frozen=True)
class TargetSignal:
    """Similarity of compounds to the knockouts of their targets.

    Attributes
    ----------
    pairs : int
    targets, others : float
        Mean similarity to a target, and to every other gene, of the same compounds.
    p : float
        Two-sided, by shuffling the targets among the compounds; never 0.
    percentile : float
        Mean rank of the target among all genes for its compound, 0 to 1; .5 by chance.
    p_percentile : float
        Two-sided, of the same shuffles.
    """

    pairs: int
    targets: float
    others: float
    p: float
    percentile: float
    p_percentile: float


def target_signal(
    similarity: np.ndarray, pairs: np.ndarray, *, permutations: int = 9_999, seed: int = 0
) -> TargetSignal:
    """Signed similarity of each compound to its target, against its similarity to all other genes.

    Parameters
    ----------
    similarity : float array, shape (compounds, genes)
    pairs : int array, shape (m, 2)
        Row and column of each annotated pair.
    permutations, seed : int

    Raises
    ------
    InputError
        With fewer than two pairs.
    """
    from scipy import stats  # 50 MB, which a build can do without

    similarity, pairs = np.asarray(similarity, dtype=np.float64), np.asarray(pairs, dtype=np.int64)
    if len(pairs) < 2:
        raise InputError("the compound-to-target signal needs at least two compounds whose target is on the map")
    rows, own = similarity[pairs[:, 0]], pairs[:, 1]
    percentiles = (stats.rankdata(rows, axis=1) - 0.5) / rows.shape[1]
    at = np.arange(len(pairs))
    known = np.zeros(similarity.shape, dtype=bool)
    known[pairs[:, 0], pairs[:, 1]] = True
    rng = np.random.default_rng(seed)
    shuffles = [rng.permutation(own) for _ in range(permutations)]
    found, found_percentile = rows[at, own].mean(), percentiles[at, own].mean()
    return TargetSignal(
        pairs=len(pairs),
        targets=float(found),
        others=float(rows[~known[pairs[:, 0]]].mean()),
        p=_two_sided(found, np.array([rows[at, s].mean() for s in shuffles])),
        percentile=float(found_percentile),
        p_percentile=_two_sided(found_percentile, np.array([percentiles[at, s].mean() for s in shuffles])),
    )


def drug_target_benchmark(
    similarity: np.ndarray,
    compounds: Sequence[str],
    genes: Sequence[str],
    *,
    targets: pd.DataFrame,
    seeds: int = 100,
) -> pd.DataFrame:
    """Average precision and ROC-AUC of the targets of each compound among sampled other genes.

    Parameters
    ----------
    similarity : float array, shape (rows, genes)
        One row a compound-concentration; NaN where there is none. The score is |similarity|, the largest over the
        concentrations of a compound.
    compounds : sequence of str, length rows
    genes : sequence of str
    targets : DataFrame
        `compound`, `gene`, and where known `potency` (uM). A target is at most 1 uM, or of unknown potency; above that
        and up to 10 uM a gene is left out of the negatives too.
    seeds : int
        Draws of the negatives, max(2 x targets, 20) of the other genes in alphabetical order.

    Returns
    -------
    DataFrame, one row a compound with a target and with other genes
        compound, targets, negatives, ap, auc : means over the draws
        random_ap, random_auc : the same of shuffled scores
    """
    scores = pd.DataFrame(np.abs(similarity), columns=pd.Index(genes)).groupby(np.asarray(compounds, dtype=str)).max()
    if not scores.columns.is_unique:
        raise InputError("a gene is on the map twice; the drug-target benchmark needs one vector a gene")
    potency = targets["potency"] if "potency" in targets else pd.Series(np.nan, index=targets.index)
    wanted = targets.assign(potency=potency.astype(float))
    wanted = wanted[wanted["gene"].isin(scores.columns) & wanted["compound"].isin(scores.index)]
    strongest = wanted.fillna({"potency": 0.0}).groupby(["compound", "gene"])["potency"].min()
    table = []
    for position, (compound, of) in enumerate(strongest.groupby(level=0)):
        row = scores.loc[compound].dropna()
        potencies = of.droplevel(0)
        actives = sorted(set(potencies.index[potencies <= ACTIVE_UP_TO]) & set(row.index))
        excluded = set(potencies.index[potencies <= EXCLUDED_UP_TO])
        others = sorted(set(row.index) - excluded)
        if actives and others:
            table.append({"compound": compound} | _one_compound(row, actives, others, seeds=seeds, position=position))
    columns = ["compound", "targets", "negatives", "ap", "auc", "random_ap", "random_auc"]
    return pd.DataFrame(table, columns=columns)


def average_precision(known: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Mean over the targets of the precision at their score; tied scores are taken in together.

    Parameters
    ----------
    known, others : float arrays, shapes (draws, p) and (draws, n)
        Scores of targets and of negatives.

    Returns
    -------
    float64 array, shape (draws,)
    """
    found = (known[:, None, :] >= known[:, :, None]).sum(axis=2)
    false = (others[:, None, :] >= known[:, :, None]).sum(axis=2)
    return (found / (found + false)).mean(axis=1)


def roc_auc(known: np.ndarray, others: np.ndarray) -> np.ndarray:
    """P(target > negative) + P(tie)/2 of each draw; arrays as for `average_precision`."""
    above = (known[:, :, None] > others[:, None, :]).mean(axis=(1, 2))
    return above + (known[:, :, None] == others[:, None, :]).mean(axis=(1, 2)) / 2


def _one_compound(
    row: pd.Series, actives: list[str], others: list[str], *, seeds: int, position: int
) -> dict[str, float]:
    n = min(max(2 * len(actives), FEWEST_NEGATIVES), len(others))
    known, rest = row[actives].to_numpy(), row[others].to_numpy()
    scores, shuffled = np.empty((seeds, len(known) + n)), np.empty((seeds, len(known) + n))
    for draw in range(seeds):
        rng = np.random.default_rng([draw, position])
        scores[draw] = np.concatenate([known, rng.choice(rest, n, replace=False)])
        shuffled[draw] = rng.permutation(scores[draw])
    p = len(known)
    ap, auc, random_ap, random_auc = (
        float(f(s[:, :p], s[:, p:]).mean()) for s in (scores, shuffled) for f in (average_precision, roc_auc)
    )
    return {
        "targets": len(actives),
        "negatives": n,
        "ap": ap,
        "auc": auc,
        "random_ap": random_ap,
        "random_auc": random_auc,
    }


def _two_sided(value: float, null: np.ndarray) -> float:
    middle = null.mean()
    return float((1 + (np.abs(null - middle) >= abs(value - middle)).sum()) / (1 + len(null)))
