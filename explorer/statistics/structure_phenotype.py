"""Structure beside phenotype: what a pair of compounds is when drawings and cells agree, or do not."""

from __future__ import annotations

import numpy as np

#: Tanimoto similarity (ECFP4) from which two structures are called alike.
ALIKE = 0.5
ANALOGUE, HOP, CLIFF, UNRELATED, UNKNOWN = "analogue", "scaffold hop", "cliff", "unrelated", "no phenotype"


def pair_class(tanimoto: np.ndarray, similar: np.ndarray, reliable: np.ndarray) -> np.ndarray:
    """The quadrant of each compound beside a query, as text.

    Parameters
    ----------
    tanimoto : array (n,)
        Structural similarity to the query; NaN where there is no structure.
    similar : bool array (n,)
        Whether the cells look alike by the rule on display.
    reliable : bool array (n,)
        Whether the compound has a phenotype to compare.

    Returns
    -------
    array of str (n,)
        `analogue` (alike in both), `scaffold hop` (alike in cells alone), `cliff` (alike in structure alone),
        `unrelated`, `no phenotype`; empty without a structure.
    """
    alike = np.asarray(tanimoto) >= ALIKE
    named = np.select(
        [~np.asarray(reliable), alike & similar, ~alike & similar, alike],
        [UNKNOWN, ANALOGUE, HOP, CLIFF],
        default=UNRELATED,
    )
    return np.where(np.isnan(tanimoto), "", named)
