"""All pairs of a kind as one heatmap, at any zoom: the order, the window, and what is in it."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd

from explorer.atlas import opened
from explorer.cache import memoised
from explorer.errors import InputError
from explorer.maps.block_means import MOST_PIXELS, Prefix, edges, prefix_sums, window
from explorer.queries.biology import version
from explorer.queries.projection import cluster_names, row_order

ORDERS = ("clustered", "genomic")
#: Longest side of a window whose pairs are listed.
MOST_LISTED = 2_000

_NO_ARM = "no arm known"


def heatmap_kinds(of_map: str) -> list[str]:
    """Kinds of which the map has at least two vectors, genes first."""
    m = opened(of_map).map
    return [k for k, rows in (("gene", m.gene_rows), ("compound", m.compound_rows)) if len(rows) > 1]


def heatmap_orders(of_map: str, kind: str) -> list[str]:
    """Orders there are: genomic only for genes whose arms are known."""
    known = kind == "gene" and (opened(of_map).map.entities["arm"].notna().any() or opened(of_map).biology.arms)
    return [*ORDERS] if known else [ORDERS[0]]


@memoised(version)
def heatmap_axis(of_map: str, kind: str, order: str) -> pd.DataFrame:
    """The axis of the heatmap from its first position on.

    Columns: `row` of the map, `entity`, `slug`, `label`, `concentration`, `blinded`, `arm` and `group`: the cluster by
    name, or the chromosome arm.

    Raises
    ------
    InputError
        For a kind or an order that the map does not have.
    """
    if kind not in heatmap_kinds(of_map) or order not in heatmap_orders(of_map, kind):
        raise InputError(f"map {of_map} has no heatmap of {kind[:20]} in {order[:20]} order")
    open_map = opened(of_map)
    m = open_map.map
    rows = m.gene_rows if kind == "gene" else m.compound_rows
    p = m.perturbations.iloc[rows].reset_index(drop=True)
    e = m.entities.iloc[[open_map.entity_rows[x] for x in p["entity"]]].reset_index(drop=True)
    frame = p[["entity", "label", "concentration"]].assign(
        row=rows,
        slug=e["slug"],
        blinded=e["blinded"].astype(bool),
        arm=e["arm"].fillna(e["label"].map(open_map.biology.arms) if kind == "gene" else "").fillna(""),
    )
    if order == "genomic":
        frame = frame.assign(group=frame["arm"].replace("", _NO_ARM), place=frame["arm"].map(_arm_place))
        return frame.sort_values(["place", "label"], kind="stable", ignore_index=True).drop(columns="place")
    found = row_order(of_map, kind)
    frame = frame.assign(group=_group_names(of_map, kind, found["cluster"].to_numpy()))
    return frame.iloc[found["order"].to_numpy()].reset_index(drop=True)


def heatmap_window(
    of_map: str, kind: str, order: str, *, rows: list[int], columns: list[int], pixels: int = MOST_PIXELS
) -> pd.DataFrame:
    """Mean cosine of every block of a window, a perturbation with itself left out (NaN).

    Parameters
    ----------
    rows, columns : [first, past the last]
        Positions on the axis, ascending, within it.
    pixels : int
        Most blocks a side; a window of no more perturbations has one block a pair.

    Returns
    -------
    DataFrame
        Index and columns are the first positions of the blocks.
    """
    prefix = _prefix(of_map, version(of_map), kind, order)
    down, across = (edges(a, b, min(pixels, MOST_PIXELS)) for a, b in (rows, columns))
    return pd.DataFrame(window(prefix, down, across), index=down[:-1], columns=across[:-1])


def heatmap_groups(of_map: str, kind: str, order: str) -> pd.DataFrame:
    """Runs of the axis: `group`, `start`, `stop`, and the mean cosine `within` it and to all `others`."""
    axis = heatmap_axis(of_map, kind, order)
    change = np.flatnonzero(axis["group"].ne(axis["group"].shift()))
    bounds = np.append(change, len(axis))
    prefix = _prefix(of_map, version(of_map), kind, order)
    within = np.diagonal(window(prefix, bounds, bounds)).astype(float)
    frame = pd.DataFrame({"group": axis["group"].to_numpy()[change], "start": change, "stop": bounds[1:]})
    sums, total = np.diff(prefix.sums[bounds], axis=0), prefix.sums[-1]
    sizes, n = np.diff(bounds), len(axis)
    between = np.einsum("gd,gd->g", sums, total - sums) / np.maximum(sizes * (n - sizes), 1)
    return frame.assign(within=within, others=np.where(sizes < n, between, np.nan))


def heatmap_pairs(
    of_map: str, kind: str, order: str, *, rows: list[int], columns: list[int], most: int
) -> pd.DataFrame:
    """The strongest pairs of a window of at most `MOST_LISTED` a side, each pair once.

    Columns: `a`, `b` (positions on the axis), `cosine`, strongest |cosine| first.
    """
    if max(rows[1] - rows[0], columns[1] - columns[0]) > MOST_LISTED:
        return pd.DataFrame({"a": [], "b": [], "cosine": []})
    prefix = _prefix(of_map, version(of_map), kind, order)
    s = prefix.rows[slice(*rows)] @ prefix.rows[slice(*columns)].T
    down, across = np.arange(*rows)[:, None], np.arange(*columns)[None]
    mirrored = (down > across) & (across >= rows[0]) & (down < columns[1])
    strength = np.where((down == across) | mirrored, -1, np.abs(s)).ravel()
    best = np.argpartition(-strength, min(most, len(strength) - 1))[:most]
    best = best[strength[best] >= 0]
    best = best[np.argsort(-strength[best], kind="stable")]
    i, j = np.unravel_index(best, s.shape)
    return pd.DataFrame({"a": i + rows[0], "b": j + columns[0], "cosine": np.clip(s[i, j], -1, 1).astype(float)})


def _group_names(of_map: str, kind: str, cluster: np.ndarray) -> np.ndarray:
    """Clusters of genes by their names; of compounds, which may be on a map of genes too, by number."""
    if kind == heatmap_kinds(of_map)[0]:
        return np.array(cluster_names(of_map), dtype=object)[cluster]
    return np.array([f"cluster {c + 1}" for c in range(cluster.max() + 1)], dtype=object)[cluster]


def _arm_place(arm: str) -> tuple[int, str]:
    """Where an arm comes in the genome; unknown ones last."""
    chromosome = arm[:-1]
    return (99, "") if not arm else (int(chromosome) if chromosome.isdigit() else 23 + "XY".find(chromosome), arm[-1])


@lru_cache(maxsize=6)
def _prefix(of_map: str, build: str, kind: str, order: str) -> Prefix:
    axis = heatmap_axis(of_map, kind, order)
    features = opened(of_map).map.features[axis["row"].to_numpy()]
    return prefix_sums(features, np.arange(len(axis)))
