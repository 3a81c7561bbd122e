"""`--relate auto`: choose how to relate by evidence on the map at hand, never by the figures that are then shown.

Known relationships: the setting for a source is chosen on the other sources, without the pairs they share with it, so
that its recall can be read afterwards. Recall alone would choose whatever favours the strong, well-studied genes, so
its gain over the matched baseline (statistics/recall.py) counts as much. Replicates: where no relationships are given,
the simplest setting by which the halves of a perturbation find each other as well as by the best. Chromosome arms are
corrected where, and only where, genes of one arm are measurably more alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np
import pandas as pd

from explorer.annotations.relationships import without_shared
from explorer.datasets.profiles import Progress, silent
from explorer.maps.relate import Relation, fit_relation
from explorer.maps.relate_setting import ARM_SHRINKAGE, Setting
from explorer.statistics.proximity_bias import ProximityBias, proximity_bias
from explorer.statistics.recall import in_tails, matched_pairs, similarities
from explorer.statistics.retrieval import replicate_retrieval

WHITENING = (0.0, 0.15, 0.25, 0.35, 0.5)
WEIGHTING = (0.0, 0.1, 0.25)
TAIL = 0.05
#: Sources with fewer pairs on the map do not choose.
FEWEST_PAIRS = 100

#: Whitenings whose worth is at least this share of the best are taken as equal, and the middle one is chosen: the worth
#: is flat around its best, and where on that plateau the maximum falls is chance.
_PLATEAU = 0.97

#: Standard errors by which a simpler setting may be behind the best; cosine stays unless it is clearly beaten.
_STANDARD_ERRORS = 2.0
_NULL_PAIRS = 1_000_000
_SHUFFLED_PAIRS, _MOST_SHUFFLES = 50_000, 20


@dataclass(frozen=True, eq=False)
class Choice:
    """A setting and why.

    Attributes
    ----------
    setting : Setting
    why : str
        One sentence, shown with the map.
    tried : DataFrame
        One row a setting: `setting`, then `recall`, `matched`, `gain` (means over sources) or `retrieval`.
    held_out : DataFrame or None
        One row a source: `source`, `pairs`, `setting` chosen without it, `recall` and `matched` on it by that setting,
        `cosine` its recall by cosine. Approximate to the third decimal; `recall_table` gives exact figures.
    bias : ProximityBias or None
        Of plain cosine.
    """

    setting: Setting
    why: str
    tried: pd.DataFrame
    held_out: pd.DataFrame | None = None
    bias: ProximityBias | None = None


@dataclass(frozen=True, eq=False)
class Vectors:
    """Aggregated vectors of a map (n, d) with kind and chromosome arm of each row, and the rows of its named genes."""

    values: np.ndarray
    kinds: np.ndarray
    arms: np.ndarray
    genes: np.ndarray

    def fit(self, setting: Setting) -> Relation:
        """The relation of a setting on these vectors."""
        return fit_relation(self.values, self.kinds, self.arms, **asdict(setting))

    def gene_rows(self, setting: Setting) -> np.ndarray:
        """Served rows of the named genes."""
        return self.fit(setting).apply(self.values[self.genes], self.kinds[self.genes], self.arms[self.genes])


def choose_relation(
    vectors: Vectors,
    *,
    sources: Mapping[str, np.ndarray] | None = None,
    halves: Sequence[tuple[np.ndarray, np.ndarray]] = (),
    seed: int = 0,
    progress: Progress = silent,
) -> Choice:
    """Choose a setting by two or more sources of relationships, else by replicates, else take cosine.

    Parameters
    ----------
    vectors : Vectors
    sources : mapping, optional
        Name to pairs (m, 2) of positions among `vectors.genes`. Those of fewer than 100 pairs do not choose.
    halves : sequence of pairs of float arrays (n, d)
        Aggregated halves of the wells of each perturbation, NaN where there is none; several splits steady the choice.
    seed : int
    """
    bias = proximity_bias(vectors.gene_rows(Setting()), vectors.arms[vectors.genes], seed=seed)
    base = Setting(arm_shrinkage=ARM_SHRINKAGE if bias is not None and bias.excess else None)
    choosing = {name: pairs for name, pairs in (sources or {}).items() if len(pairs) >= FEWEST_PAIRS}
    if len(choosing) >= 2:
        return replace(_by_relationships(vectors, choosing, base, seed=seed, progress=progress), bias=bias)
    if halves:
        return replace(_by_replicates(vectors, halves, base, seed=seed, progress=progress), bias=bias)
    why = f"{base.name}: neither two sources of {FEWEST_PAIRS} pairs nor replicate wells to choose by"
    why += "; chromosome arms are corrected, since genes of one arm are more alike" if base != Setting() else ""
    return Choice(base, why, pd.DataFrame({"setting": [base.name]}), bias=bias)


def settings(base: Setting, *, weighting: Sequence[float] = WEIGHTING) -> list[Setting]:
    """Every combination that is tried, simplest first."""
    tried = [
        replace(base, whitening=p, centred=c, weighting=w) for p in WHITENING for c in (False, True) for w in weighting
    ]
    return sorted(tried, key=lambda s: (s.centred + (s.whitening > 0) + (s.weighting > 0), s.whitening, s.weighting))


def _by_relationships(
    vectors: Vectors, sources: Mapping[str, np.ndarray], base: Setting, *, seed: int, progress: Progress
) -> Choice:
    rng = np.random.default_rng(seed)
    first = rng.integers(len(vectors.genes), size=_NULL_PAIRS)
    others = (first + rng.integers(1, len(vectors.genes), size=_NULL_PAIRS)) % len(vectors.genes)
    null = np.column_stack([first, others])
    names = list(sources)
    drawn = {out: _fold(sources, out, rng=rng) for out in (None, *names)}
    tried = settings(base)
    measured = []
    for done, setting in enumerate([Setting(), *tried]):
        progress("choosing how to relate", done, len(tried) + 1)
        measured.append(_recalls(vectors.gene_rows(setting), null, drawn))
    plain, measured = measured[0], measured[1:]
    means = {
        out: np.array([np.mean(list(m[out].values()), axis=0) if m[out] else (0.0, 0.0) for m in measured]).T
        for out in drawn
    }
    chosen = {
        out: _middle_of_the_best(tried, 2 * recall - matched, error=_error(measured[0][out], drawn[out]))
        for out, (recall, matched) in means.items()
    }
    held_out = pd.DataFrame(
        [
            {
                "source": name,
                "pairs": len(sources[name]),
                "setting": tried[chosen[name]].name,
                "recall": measured[chosen[name]][None][name][0],
                "matched": measured[chosen[name]][None][name][1],
                "cosine": plain[None][name][0],
            }
            for name in names
        ]
    )
    final = tried[chosen[None]]
    agree = int((held_out["setting"] == final.name).sum())
    why = (
        f"{final.name}: the highest recall of known relationships, its gain over matched pairs counted as much; "
        f"for {agree} of {len(names)} sources the other sources alone choose it"
    )
    table = pd.DataFrame(means[None].T, columns=["recall", "matched"])
    table.insert(0, "setting", [s.name for s in tried])
    return Choice(final, why, table.assign(gain=table["recall"] - table["matched"]), held_out=held_out)


def _recalls(
    rows: np.ndarray, null: np.ndarray, drawn: Mapping[str | None, Mapping[str, tuple[np.ndarray, np.ndarray]]]
) -> dict[str | None, dict[str, tuple[float, float]]]:
    """Recall and matched recall of each source in each fold, by cuts from a sample of all pairs."""
    low, high = np.quantile(similarities(rows, null), [TAIL, 1 - TAIL])

    def share(pairs: np.ndarray) -> float:
        return float(in_tails(similarities(rows, pairs[pairs[:, 0] >= 0]), low, high).mean())

    return {
        out: {name: (share(pairs), share(shuffled)) for name, (pairs, shuffled) in kept.items()}
        for out, kept in drawn.items()
    }


def _error(recalls: Mapping[str, tuple[float, float]], fold: Mapping[str, tuple[np.ndarray, np.ndarray]]) -> float:
    """Binomial standard error of twice the mean recall over the sources of a fold."""
    variances = [recalls[name][0] * (1 - recalls[name][0]) / len(pairs) for name, (pairs, _) in fold.items()]
    return 2 * float(np.sqrt(np.sum(variances))) / max(len(variances), 1)


def _middle_of_the_best(tried: Sequence[Setting], worth: np.ndarray, *, error: float) -> int:
    """Position of the setting to take: the simplest, the first, unless it is clearly beaten."""
    if worth.max() - worth[0] <= max((1 - _PLATEAU) * worth.max(), _STANDARD_ERRORS * error):
        return 0
    best = tried[int(np.argmax(worth))]
    level = [
        i
        for i, setting in enumerate(tried)
        if replace(setting, whitening=best.whitening) == best and worth[i] >= _PLATEAU * worth.max()
    ]
    return sorted(level, key=lambda i: tried[i].whitening)[(len(level) - 1) // 2]


def _fold(
    sources: Mapping[str, np.ndarray], out: str | None, *, rng: np.random.Generator
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Pairs of every source but `out`, without the pairs of `out`, each with shuffles of them."""
    fold = {}
    for name, pairs in sources.items():
        kept = pairs if out is None else without_shared(pairs, sources[out])
        if name != out and len(kept) >= FEWEST_PAIRS:
            draws = int(np.clip(_SHUFFLED_PAIRS // len(kept), 1, _MOST_SHUFFLES))
            fold[name] = (kept, matched_pairs(kept, draws=draws, rng=rng).reshape(-1, 2))
    return fold


def _by_replicates(
    vectors: Vectors, halves: Sequence[tuple[np.ndarray, np.ndarray]], base: Setting, *, seed: int, progress: Progress
) -> Choice:
    tried = settings(base, weighting=(0.0,))  # a weight shortens weak candidates, which retrieval takes for a fault
    usable = [np.isfinite(a).all(axis=1) & np.isfinite(b).all(axis=1) for a, b in halves]
    found = []
    for done, setting in enumerate(tried):
        progress("choosing how to relate", done, len(tried))
        relation = vectors.fit(setting)
        splits = []
        for (a, b), of in zip(halves, usable, strict=True):
            kinds, arms = vectors.kinds[of], vectors.arms[of]
            ranks = np.full(len(of), np.nan)
            served = relation.apply(a[of], kinds, arms), relation.apply(b[of], kinds, arms)
            ranks[of] = replicate_retrieval(*served, kinds, seed=seed)[0]
            splits.append(ranks)
        found.append(np.ma.masked_invalid(splits).mean(axis=0).filled(np.nan))
    scores = np.array(found)[:, np.isfinite(found).all(axis=0)]
    if scores.shape[1] < 2:
        why = f"{base.name}: too few perturbations have replicate wells to choose by"
        return Choice(base, why, pd.DataFrame({"setting": [base.name]}))
    means = scores.mean(axis=1)
    short = scores[means.argmax()] - scores
    error = short.std(axis=1, ddof=1) / np.sqrt(scores.shape[1])
    final = tried[int(np.argmax(short.mean(axis=1) <= _STANDARD_ERRORS * error))]
    why = f"{final.name}: the simplest by which replicate halves find each other as well as by the best"
    table = pd.DataFrame(
        {"setting": [s.name for s in tried], "retrieval": means, "behind_best": short.mean(axis=1), "error": error}
    )
    return Choice(final, why, table)
