"""Nulls of an open map: pseudo-perturbations of its control wells, drawn once a process and kept in memory."""

from __future__ import annotations

from functools import lru_cache, partial

import numpy as np

from explorer.atlas import opened
from explorer.maps.relating import served_rows
from explorer.queries.rows import map_build, row
from explorer.statistics.consistency import unit
from explorer.statistics.control_draws import by_class, size_classes
from explorer.statistics.pseudo_perturbations import Null, null_of_class, pseudo_vectors
from explorer.statistics.similarity_null import SimilarityNull, draws_for, similarity_null

#: Sizes above this share a null with the next lower step of a ladder, whose null is the wider one.
_EXACT_UP_TO = 20
_STEP = 1.25
_KEPT = 48
#: Numbers that the draws of a null of replicates may take from control wells, and the fewest draws that make a picture.
_MOST_READ, _FEWEST_DRAWS = 200_000_000, 500


def null_of_row(of_map: str, perturbation: str) -> SimilarityNull | None:
    """The replicate-matched null of a perturbation; None where the map has no controls beside its kind."""
    p = opened(of_map).map.perturbations.iloc[row(of_map, perturbation)]
    return null_of_size(of_map, str(p["kind"]), int(p["n_wells"]))


def null_of_size(of_map: str, kind: str, n_wells: int) -> SimilarityNull | None:
    """The null of perturbations of a kind with so many wells."""
    return _drawn(of_map, map_build(of_map), kind, _size_class(n_wells))


def draws_of(of_map: str, kind: str) -> int:
    """Pseudo-perturbations behind a p-value of a kind; 0 where the map has no controls beside it."""
    m = opened(of_map).map
    if not len(_beside(of_map, kind)):
        return 0
    looked_at = max(len(m.concentrations), 1) if kind == "compound" else 1
    return max(draws_for(len(m.gene_rows), looked_at), m.manifest["recipe"]["null_draws"])


def draw_nulls(of_map: str) -> None:
    """Draw the nulls of the commonest size of each kind, so that nobody waits for it; workers forked later share it."""
    p = opened(of_map).map.perturbations
    for kind, sizes in p.groupby("kind")["n_wells"]:
        null_of_size(of_map, str(kind), int(sizes.mode().iloc[0]))
        if kind == "gene":
            replicates_of_size(of_map, "gene", int(sizes.mode().iloc[0]))


def noise_of_size(of_map: str, kind: str, n_wells: int) -> np.ndarray | None:
    """Mean aligned vectors of pseudo-perturbations, not unit: what magnitudes are compared with."""
    kept = _controls(of_map, kind)
    if kept is None:
        return None
    m = opened(of_map).map
    spread, seed = m.manifest["spread"].get(kind, 1), m.manifest["recipe"]["seed"]
    return pseudo_vectors(
        *kept, size=_size_class(n_wells), spread=spread, draws=m.manifest["recipe"]["null_draws"], seed=seed
    )


def replicates_of_size(of_map: str, kind: str, n_wells: int) -> tuple[int, Null] | None:
    """The null that the build tested perturbations of a kind and size against, and the wells of a draw.

    The same draws of the same control wells, unless the map keeps a sample of its controls, or they would take long:
    then there are fewer draws. None where the map has no controls beside the kind, or for a single well.
    """
    m, available = opened(of_map).map, len(_beside(of_map, kind))
    if m.control_features is None or available < 2 or n_wells < 2:
        return None
    p = m.perturbations
    classes = size_classes(p.loc[p["kind"] == kind, "n_wells"].to_numpy(), available=available)
    size = next(size for size, _ in by_class(np.array([n_wells]), dict.fromkeys(classes)))
    return (size, _replicates(of_map, map_build(of_map), kind, size)) if size > 1 else None


@lru_cache(maxsize=_KEPT)
def _replicates(of_map: str, build: str, kind: str, size: int) -> Null:
    m = opened(of_map).map
    rows, experiments = _controls(of_map, kind)
    asked, seed = m.manifest["recipe"]["null_draws"], m.manifest["recipe"]["seed"]
    draws = min(asked, max(_MOST_READ // (size * rows.shape[1]), _FEWEST_DRAWS))
    spread = m.manifest["spread"].get(kind, 1)
    return null_of_class(rows, experiments, size=size, spread=spread, draws=draws, seed=seed)


def _controls(of_map: str, kind: str) -> tuple[np.ndarray, np.ndarray] | None:
    """Aligned control wells beside a kind, and their experiments."""
    m = opened(of_map).map
    if m.controls is None or m.control_features is None:
        return None
    beside = _beside(of_map, kind)
    return np.asarray(m.control_features[beside], dtype=np.float32), m.controls["experiment"].to_numpy()[beside]


def _beside(of_map: str, kind: str) -> np.ndarray:
    """Which of the map's control wells were run beside a kind."""
    controls = opened(of_map).map.controls
    return np.array([], dtype=int) if controls is None else np.flatnonzero(controls[kind].to_numpy(dtype=bool))


def _size_class(n_wells: int) -> int:
    if n_wells <= _EXACT_UP_TO:
        return n_wells
    step = int(np.log(n_wells / _EXACT_UP_TO) / np.log(_STEP))
    return int(_EXACT_UP_TO * _STEP**step)


@lru_cache(maxsize=_KEPT)
def _drawn(of_map: str, build: str, kind: str, n_wells: int) -> SimilarityNull | None:
    kept = _controls(of_map, kind)
    if kept is None:
        return None
    m = opened(of_map).map
    return similarity_null(
        *kept,
        n_wells=n_wells,
        spread=m.manifest["spread"].get(kind, 1),
        draws=draws_of(of_map, kind),
        seed=m.manifest["recipe"]["seed"],
        serve=unit if m.relation is None else partial(served_rows, m.relation, kind=kind),
    )
