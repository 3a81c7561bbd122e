"""A map as pictures: where each perturbation is drawn, and in which order a heatmap shows the rows of a kind.

A build keeps them in `projection.npz`; a map without that file is drawn when it is asked for (`queries.projection`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from explorer.errors import InputError
from explorer.maps.aggregation import unit_rows
from explorer.maps.cluster_order import ClusterOrder, cluster_order
from explorer.maps.freed_memory import give_back
from explorer.maps.neighbour_embedding import kept_neighbours, neighbour_embedding

#: Ways to draw a map, the one shown first first.
METHODS = ("neighbours", "pca")
KINDS = ("gene", "compound")

_FORMAT = 1


@dataclass(frozen=True, eq=False)
class Projection:
    """Pictures of a map.

    Attributes
    ----------
    places : mapping of method to float32 array, shape (perturbations, 2)
    kept : mapping of method to float
        Of the 15 nearest perturbations by cosine, the mean share that is among the 15 nearest in the picture.
    explained : tuple of float
        Share of the variance of the unit rows along the first two principal components.
    seed : int
        Of the neighbour embedding; principal components need none.
    orders : mapping of kind to ClusterOrder
        Of the rows of each kind, for heatmaps.
    """

    places: Mapping[str, np.ndarray]
    kept: Mapping[str, float]
    explained: tuple[float, float]
    seed: int
    orders: Mapping[str, ClusterOrder]

    def as_arrays(self) -> dict[str, np.ndarray]:
        """What is stored: numbers and method names, no objects."""
        names = list(self.places)
        about = {"format": _FORMAT, "methods": names, "explained": self.explained, "seed": self.seed}
        arrays = {k: np.array(v) for k, v in about.items()} | {"kept": np.array([self.kept[m] for m in names])}
        arrays |= {f"places_{m}": self.places[m] for m in names}
        for kind, found in self.orders.items():
            arrays |= {f"order_{kind}": found.order, f"cluster_{kind}": found.cluster}
        return arrays


def projection(rows: np.ndarray, kinds: np.ndarray, *, seed: int = 0) -> Projection:
    """Everything a build stores: both pictures, and the cluster order of each kind that is there.

    Parameters
    ----------
    rows : float array, shape (n, d)
        Their length does not count.
    kinds : str array, shape (n,)
        "gene" or "compound".
    seed : int
    """
    rows, kinds = np.asarray(rows), np.asarray(kinds)
    orders = {k: cluster_order(_together(rows, kinds == k), seed=seed) for k in KINDS if (kinds == k).any()}
    give_back()
    units = unit_rows(rows)
    components, explained = principal_components(units)
    places = {m: _placed(units, components, m, seed=seed) for m in METHODS}
    kept = {m: kept_neighbours(units, places[m]) for m in METHODS}
    return Projection(places, kept, explained, seed, orders)


def place(rows: np.ndarray, method: str, *, seed: int = 0) -> tuple[np.ndarray, float]:
    """Draw rows by one of `METHODS`: float32 places (n, 2), and the share of neighbours they keep.

    Raises
    ------
    InputError
        For another method.
    """
    if method not in METHODS:
        raise InputError(f"a map is drawn by {' or '.join(METHODS)}, not by '{method[:40]}'")
    units = unit_rows(rows)
    places = _placed(units, principal_components(units)[0], method, seed=seed)
    return places, kept_neighbours(units, places)


def _together(rows: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """The wanted rows: no copy where they stand side by side, as those of a kind do in a build."""
    at = np.flatnonzero(wanted)
    return rows[at[0] : at[-1] + 1] if at[-1] - at[0] + 1 == len(at) else rows[at]


def _placed(units: np.ndarray, components: np.ndarray, method: str, *, seed: int) -> np.ndarray:
    return neighbour_embedding(units, components, seed=seed) if method == "neighbours" else components


def principal_components(units: np.ndarray) -> tuple[np.ndarray, tuple[float, float]]:
    """The first two principal components of rows, exactly, and their shares of the variance.

    The sign of an axis is that of its largest loading, so that the picture is the same each time.

    Returns
    -------
    float32 array (n, 2), and two floats. Rows of fewer than two dimensions, or all alike, get zeros.
    """
    centred = np.asarray(units, dtype=np.float32) - units.mean(axis=0, dtype=np.float64).astype(np.float32)
    variances, axes = np.linalg.eigh((centred.T @ centred).astype(np.float64))
    axes, variances = axes[:, ::-1][:, :2], np.maximum(variances[::-1], 0)
    axes = axes * np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])])
    places = np.zeros((len(units), 2), dtype=np.float32)
    places[:, : axes.shape[1]] = centred @ axes.astype(np.float32)
    shares = np.zeros(2)
    shares[: axes.shape[1]] = variances[: axes.shape[1]] / max(variances.sum(), 1e-30)
    return places, (float(shares[0]), float(shares[1]))


def projection_from_arrays(stored: Mapping[str, np.ndarray], kinds: np.ndarray) -> Projection:
    """Read a projection of perturbations of these kinds back.

    Raises
    ------
    InputError
        If it is of another format or another map.
    """
    methods = [str(m) for m in stored["methods"]]
    places = {m: np.asarray(stored[f"places_{m}"]) for m in methods}
    orders = {k: ClusterOrder(stored[f"order_{k}"], stored[f"cluster_{k}"]) for k in KINDS if f"order_{k}" in stored}
    n = {k: int((np.asarray(kinds) == k).sum()) for k in KINDS}
    sound = all(p.shape == (len(kinds), 2) and p.dtype == np.float32 and np.isfinite(p).all() for p in places.values())
    sound &= all(np.array_equal(np.sort(o.order), np.arange(n[k])) for k, o in orders.items())
    sound &= all(o.cluster.shape == (n[k],) and (o.cluster >= 0).all() for k, o in orders.items())
    if int(stored["format"]) != _FORMAT or not set(methods) <= set(METHODS) or not sound:
        raise InputError("a projection that does not fit the map")
    kept = dict(zip(methods, np.asarray(stored["kept"], dtype=float).tolist(), strict=True))
    first, second = np.asarray(stored["explained"], dtype=float).tolist()
    return Projection(places, kept, (first, second), int(stored["seed"]), orders)
