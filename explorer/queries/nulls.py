"""Nulls of an open map: pseudo-perturbations of its control wells, drawn once a process and kept in memory."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from explorer.atlas import opened
from explorer.queries.rows import map_build, row
from explorer.statistics.significance import SimilarityNull, similarity_null

#: Sizes above this share a null with the next lower step of a ladder, whose null is the wider one.
_EXACT_UP_TO = 20
_STEP = 1.25
_KEPT = 48
#: So many draws for each gene that one gene alone can pass q <= 0.05, up to what a large map can wait for.
_DRAWS_PER_GENE, _MOST_DRAWS = 28, 20_000


def null_of_row(of_map: str, perturbation: str) -> SimilarityNull | None:
    """The replicate-matched null of a perturbation; None where the map has no controls beside its kind."""
    p = opened(of_map).map.perturbations.iloc[row(of_map, perturbation)]
    return null_of_size(of_map, str(p["kind"]), int(p["n_wells"]))


def null_of_size(of_map: str, kind: str, n_wells: int) -> SimilarityNull | None:
    """The null of perturbations of a kind with so many wells."""
    return _drawn(of_map, map_build(of_map), kind, _size_class(n_wells))


def _size_class(n_wells: int) -> int:
    if n_wells <= _EXACT_UP_TO:
        return n_wells
    step = int(np.log(n_wells / _EXACT_UP_TO) / np.log(_STEP))
    return int(_EXACT_UP_TO * _STEP**step)


@lru_cache(maxsize=_KEPT)
def _drawn(of_map: str, build: str, kind: str, n_wells: int) -> SimilarityNull | None:
    m = opened(of_map).map
    if m.controls is None or m.control_features is None:
        return None
    beside = np.flatnonzero(m.controls[kind].to_numpy(dtype=bool))
    recipe = m.manifest["recipe"]
    draws = int(np.clip(_DRAWS_PER_GENE * len(m.gene_rows), recipe["null_draws"], _MOST_DRAWS))
    return similarity_null(
        np.asarray(m.control_features[beside], dtype=np.float32),
        m.controls["experiment"].to_numpy()[beside],
        n_wells=n_wells,
        spread=m.manifest["spread"].get(kind, 1),
        draws=draws,
        seed=recipe["seed"],
    )
