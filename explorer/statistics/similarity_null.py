"""The replicate-matched null of a similarity: cosines that as many control wells, doing nothing, have to the same gene.

A cosine means little without it: a vector of four wells strays much further than one of a hundred.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from explorer.statistics.consistency import unit
from explorer.statistics.pseudo_perturbations import pseudo_vectors

#: Draws that every gene is compared with, and the most that are kept.
DRAWS, MOST_DRAWS = 5_000, 100_000

_MOST_CELLS = 20_000_000
_GENES_AT_ONCE, _DRAWS_AT_ONCE = 512, 5_000
#: Genes with a p up to this on the first draws are compared with all of them.
_PROMISING = 0.01
#: Similarities this much below the observed one count as reached, so that rounding never makes p smaller.
_ROUNDING = 1e-5


@dataclass(frozen=True, eq=False)
class SimilarityNull:
    """Directions that noise takes where a perturbation of so many wells does nothing.

    Attributes
    ----------
    rows : float16 array, shape (draws, d)
        Unit mean vectors of pseudo-perturbations, or their served rows where a map is not related by cosine; any run
        of them covers the experiments evenly.
    n_wells : int
        Wells of each.
    """

    rows: np.ndarray
    n_wells: int

    @property
    def draws(self) -> int:
        return len(self.rows)

    @property
    def floor(self) -> float:
        """The smallest p there can be; show it as "< 1/N", never less."""
        return 1 / (self.draws + 1)

    def p(self, similarities: np.ndarray, gene_rows: np.ndarray) -> np.ndarray:
        """Two-sided p = (1 + #{|s0| >= |s|}) / (1 + N), with s0 the cosines of the noise to the same gene.

        Every gene is compared with 5,000 draws, and those with p <= .01 there with all.

        Parameters
        ----------
        similarities : array, shape (g,)
            Cosines of one perturbation of `n_wells` wells to each gene; NaN stays NaN.
        gene_rows : float array, shape (g, d)
            Unit rows of those genes; may be memory-mapped, float16 or float32.

        Returns
        -------
        float64 array, shape (g,)
        """
        strength = np.abs(np.asarray(similarities, dtype=np.float64))
        first, rest = self.rows[:DRAWS], self.rows[DRAWS:]
        reached = _reached(first, gene_rows, strength)
        p = (1 + reached) / (1 + len(first))
        if len(rest):
            promising = np.flatnonzero(p <= _PROMISING)
            more = _reached(rest, gene_rows[promising], strength[promising])
            p[promising] = (1 + reached[promising] + more) / (1 + self.draws)
        return np.where(np.isnan(strength), np.nan, p)

    def noise(self, gene_rows: np.ndarray) -> np.ndarray:
        """Standard deviation about zero of the cosine of noise to each gene, float64 of shape (g,)."""
        rows, genes = self.rows[:DRAWS].astype(np.float32), np.asarray(gene_rows, dtype=np.float32)
        second = rows.T @ rows / max(len(rows), 1)
        return np.sqrt(np.einsum("gd,gd->g", genes @ second, genes, dtype=np.float64))


def similarity_null(
    control_rows: np.ndarray,
    control_batches: np.ndarray,
    *,
    n_wells: int,
    spread: int = 1,
    draws: int = DRAWS,
    seed: int = 0,
    serve: Callable[[np.ndarray], np.ndarray] = unit,
) -> SimilarityNull | None:
    """The null for perturbations of `n_wells` wells; the same seed gives the same null.

    Parameters
    ----------
    control_rows : float array, shape (c, d)
        Aligned controls, not unit, of the experiments in which the perturbations are; float16 will do.
    control_batches : array, shape (c,)
        Their experiments.
    n_wells, spread : int
        Wells of the query, and experiments over which it is replicated (`typical_spread`).
    draws : int
        At least 5,000 for what is shown; see `draws_for`. Fewer where a dimension is so high that they would not fit.
    seed : int
    serve : callable
        Makes the served rows of a map of mean vectors (n, d), each no longer than 1; default unit rows, for cosines.

    Returns
    -------
    SimilarityNull or None
        None with fewer than two controls: nothing can be tested.

    Notes
    -----
    Limits, measured on the demo, between genes that do nothing: p <= .05 came for 6 % of pairs with every alignment;
    p <= .001 for 1.5 in 1,000 after pca-cs and 2.3 after tvn on 144 controls a batch in 128 dimensions (4.7 where both
    genes were run in the same experiments, whose whitening they share). Similarities of genes that are not active are
    therefore not to be read, whatever their p.
    """
    control_rows = np.asarray(control_rows)
    draws = max(min(draws, _MOST_CELLS // control_rows.shape[1]), 1)
    vectors = pseudo_vectors(control_rows, control_batches, size=n_wells, spread=spread, draws=draws, seed=seed)
    if not len(vectors):
        return None
    order = np.random.default_rng(seed).permutation(len(vectors))
    rows = np.empty(vectors.shape, dtype=np.float16)
    for start in range(0, len(order), _DRAWS_AT_ONCE):
        rows[start : start + _DRAWS_AT_ONCE] = serve(vectors[order[start : start + _DRAWS_AT_ONCE]])
    return SimilarityNull(rows, n_wells)


def draws_for(genes: int, concentrations: int = 1) -> int:
    """Draws with which one gene among so many can reach q <= .05 by itself, between 5,000 and 100,000.

    With 5,000 draws, 718 genes and six concentrations no fewer than eighteen genes could, however strong.
    """
    return int(np.clip(20 * genes * concentrations, DRAWS, MOST_DRAWS))


def p_of_strongest(strongest: np.ndarray, gene_rows: np.ndarray, nulls: Sequence[SimilarityNull]) -> np.ndarray:
    """p of the strongest |cosine| of a compound over its concentrations, one null for each concentration.

    1 - prod(1 - p_c) is the share of all ways to draw one pseudo-perturbation for each concentration, whichever draws
    are combined, in which the strongest reaches the observed one. Concentrations that share wells of one plate rise
    and fall together; this null takes them as independent and then errs on the safe side.

    Parameters
    ----------
    strongest : array, shape (g,)
        Strongest |cosine| (or that cosine itself) over exactly these concentrations.
    gene_rows : float array, shape (g, d)
    nulls : sequence of SimilarityNull
        By the number of wells at each concentration; may repeat.

    Returns
    -------
    float64 array, shape (g,); NaN without a null.
    """
    if not len(nulls):
        return np.full(len(strongest), np.nan)
    different = {id(null): null for null in nulls}
    p = {key: null.p(strongest, gene_rows) for key, null in different.items()}
    return 1 - np.prod([1 - p[id(null)] for null in nulls], axis=0)


def _reached(rows: np.ndarray, gene_rows: np.ndarray, strength: np.ndarray) -> np.ndarray:
    """How many draws have at least the strength, for each gene; blocks that stay in the cache."""
    reached = np.zeros(len(strength), dtype=np.int64)
    at_least = (strength - _ROUNDING).astype(np.float32)
    for draw in range(0, len(rows), _DRAWS_AT_ONCE):
        noise = rows[draw : draw + _DRAWS_AT_ONCE].astype(np.float32)
        for start in range(0, len(strength), _GENES_AT_ONCE):
            block = slice(start, start + _GENES_AT_ONCE)
            cosines = np.asarray(gene_rows[block], dtype=np.float32) @ noise.T
            reached[block] += np.count_nonzero(np.abs(cosines, out=cosines) >= at_least[block, None], axis=1)
    return reached
