"""How surprising a similarity is: map score, rank, p against replicate-matched noise, q over what is displayed.

Pages, the command line and the API all read the one table made here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from explorer.errors import InputError
from explorer.statistics.gene_cosines import Cutoffs
from explorer.statistics.multiple_testing import q_values
from explorer.statistics.similarity_null import SimilarityNull, p_of_strongest, similarity_null

__all__ = [
    "Significance",
    "SimilarityNull",
    "p_of_strongest",
    "score_and_rank",
    "significance",
    "similarity_null",
]

SIGNIFICANT_Q = 0.05
STRONG_COSINE = 0.4


@dataclass(frozen=True, eq=False)
class Significance:
    """One query against its background.

    Attributes
    ----------
    table : DataFrame
        `cosine`; `score`, the map score; `rank`; `n`, the size of the background; `p` and `q`, NaN where not tested.
        In the order of the similarities that were given.
    draws : int
        Pseudo-perturbations behind each p; 0 without a null.
    correction : str
        How `q` was made, "bh" or "by".
    """

    table: pd.DataFrame
    draws: int
    correction: str

    @property
    def floor(self) -> float:
        """The smallest p there can be, NaN without a null."""
        return 1 / (self.draws + 1) if self.draws else np.nan

    def passes(self, rule: str, *, cutoffs: Cutoffs | None = None) -> np.ndarray:
        """Which similarities a display rule keeps.

        Parameters
        ----------
        rule : {"loose", "default", "strict", "cosine", "q"}
            Outside 5 %, 1 % or 0.1 % per sign of all gene-gene cosines; |cosine| >= 0.4; or q <= 0.05.
        cutoffs : Cutoffs, optional
            Needed for the first three.

        Raises
        ------
        InputError
            For an unknown rule, a percentile rule without cut-offs, or "q" where nothing was tested.
        """
        cosine = self.table["cosine"].to_numpy()
        if rule == "cosine":
            return np.abs(cosine) >= STRONG_COSINE
        if rule == "q":
            if not self.draws:
                raise InputError("there is no null to test against: this map has no control wells; use a percentile")
            return self.table["q"].to_numpy() <= SIGNIFICANT_Q
        if cutoffs is None or rule not in cutoffs.presets:
            raise InputError(f"rule {rule} is not known here; choose one of loose, default, strict, cosine, q")
        low, high = cutoffs.presets[rule]
        return (cosine <= low) | (cosine >= high)


def significance(
    similarities: np.ndarray,
    *,
    p: np.ndarray | None = None,
    gene_rows: np.ndarray | None = None,
    null: SimilarityNull | None = None,
    correction: str = "bh",
    family: np.ndarray | None = None,
) -> Significance:
    """Map score, rank, p and q of one query's similarities.

    Parameters
    ----------
    similarities : array, shape (g,)
        Cosines to the background; a gene is left out of its own.
    p : array, shape (g,), optional
        p-values already made, such as those of `p_of_strongest`.
    gene_rows, null : optional
        Else p is made from these; without a null there is no p and no q.
    correction, family : optional
        As `q_values` takes them.
    """
    if p is None and null is not None:
        p = null.p(similarities, gene_rows)
    table = score_and_rank(similarities)
    table["p"] = np.nan if p is None else np.asarray(p, dtype=np.float64)
    table["q"] = q_values(table["p"].to_numpy(), correction=correction, family=family)
    draws = null.draws if null is not None else 0
    return Significance(table, draws, correction)


def score_and_rank(similarities: np.ndarray) -> pd.DataFrame:
    """How each similarity stands among all of them.

    Parameters
    ----------
    similarities : array, shape (n,)
        Cosines of one query to its background; for a gene, all other genes.

    Returns
    -------
    DataFrame with columns
        cosine : the input
        score : map score, the signed percentile of |cosine| within the background, -100 to 100
        rank : 1 for the strongest |cosine|; ties go to the higher raw cosine
        n : size of the background
    """
    s = np.asarray(similarities, dtype=np.float64)
    strength = np.abs(s)
    below_or_equal = np.searchsorted(np.sort(strength), strength, side="right")
    rank = np.empty(len(s), dtype=int)
    rank[np.lexsort((-s, -strength))] = np.arange(1, len(s) + 1)
    score = np.sign(s) * 100.0 * below_or_equal / max(len(s), 1)
    return pd.DataFrame({"cosine": s, "score": score, "rank": rank, "n": len(s)})
