"""How far a perturbation lies from control wells drawn as if they were its replicates: the evidence of a phenotype."""

from __future__ import annotations

import numpy as np

from explorer.atlas import opened
from explorer.queries.nulls import replicates_of_size
from explorer.queries.rows import memo, row

#: What is shown, in this order: the first decides whether a perturbation is active.
STATISTICS = ("consistency", "magnitude")
_BINS = 32


@memo
def control_draws(of_map: str, perturbation: str) -> dict:
    """Consistency and magnitude of a perturbation against those of as many control wells.

    Returns
    -------
    dict
        Empty where nothing can be drawn: no controls beside the kind, none that the map keeps, or a single well. Else
        `size`, wells of a draw; `draws`; `asked`, draws of the build; `kept` and `used`, control wells of the map and
        of the build; `plain`, whether the map took means of wells as the draws do; and for each of `STATISTICS`:
        `value`, `counts` and `edges` of the draws, `high` (95 % lie below), `top`, and how many `reached` the value.
    """
    m = opened(of_map).map
    p = m.perturbations.iloc[row(of_map, perturbation)]
    found = replicates_of_size(of_map, str(p["kind"]), int(p["n_wells"]))
    if found is None:
        return {}
    size, null = found
    recipe = m.manifest["recipe"]
    return {
        "size": size,
        "draws": len(null.magnitude),
        "asked": int(recipe["null_draws"]),
        "kept": len(m.controls),
        "used": int(m.manifest["control_wells_used"]),
        "plain": recipe.get("aggregate", "mean") == "mean" and not recipe.get("by_guide", False),
        **{name: _against(float(p[name]), getattr(null, name)) for name in STATISTICS},
    }


def _against(value: float, null: np.ndarray) -> dict:
    """One statistic and its null, small enough to be drawn."""
    counts, edges = np.histogram(null, bins=_BINS)
    return {
        "value": value,
        "counts": counts.tolist(),
        "edges": [round(float(x), 6) for x in edges],
        "high": float(np.quantile(null, 0.95)),
        "top": float(null[-1]),
        "reached": int(len(null) - np.searchsorted(null, value, side="left")),
    }
