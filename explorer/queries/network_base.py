"""What a network of chosen genes stands on, whatever is displayed of it: its pairs, groups, order and positions.

Kept in memory for the sets in use: a moved threshold asks for it again and again, and it is too large for the cache.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from explorer.atlas import opened
from explorer.networks.clusters import communities
from explorer.networks.edges import pair_table, with_significance
from explorer.networks.layout import circle, force, grouped, on_circle, ring_order
from explorer.queries.biology import version
from explorer.queries.network_known import known_pairs
from explorer.queries.nulls import null_of_row
from explorer.queries.rows import is_tested, map_build
from explorer.statistics.gene_cosines import GeneCosines, gene_cosines

LAYOUTS = ("circle", "force", "grouped")
_KEPT = 12


@dataclass(frozen=True, eq=False)
class NetworkBase:
    """Chosen genes and all pairs among them.

    Attributes
    ----------
    nodes : DataFrame, k rows
        `slug`, `label`, `blinded`, `arm` (empty where unknown), `active` (True where not tested), `n_wells`, `q` (of
        activity), `group`.
    rows : float32 array, shape (k, d)
    similarity : array, shape (k, k)
    pairs : DataFrame
        `pair_table` with `p`, `q`, `known`, `relation`, `sources`, `evidence`.
    background : GeneCosines
        All gene-gene cosines of the map.
    order, angles : arrays, shape (k,)
        On the circle.
    radius : float
    draws : int
        Behind each p; 0 without control wells.
    """

    nodes: pd.DataFrame
    rows: np.ndarray
    similarity: np.ndarray
    pairs: pd.DataFrame
    background: GeneCosines
    order: np.ndarray
    angles: np.ndarray
    radius: float
    draws: int


def network_base(of_map: str, genes: list[str] | tuple[str, ...]) -> NetworkBase:
    """The base of a network among genes (slugs), in that order."""
    return _base(of_map, version(of_map), tuple(genes))


def network_positions(of_map: str, genes: tuple[str, ...], layout: str) -> np.ndarray:
    """Positions (k, 2) of the genes in a layout; they depend on the genes and nothing else."""
    return _positions(of_map, version(of_map), tuple(genes), layout)


def background_of(of_map: str) -> GeneCosines:
    """All gene-gene cosines of a map, counted once a process."""
    return _background(of_map, map_build(of_map))


@lru_cache(maxsize=8)
def _background(of_map: str, build: str) -> GeneCosines:
    m = opened(of_map).map
    return gene_cosines(np.asarray(m.features[m.gene_rows]))


@lru_cache(maxsize=_KEPT)
def _base(of_map: str, build: str, genes: tuple[str, ...]) -> NetworkBase:
    nodes, rows = _nodes(of_map, genes)
    background = background_of(of_map)
    active = nodes["active"].to_numpy(dtype=bool)
    nulls = [null_of_row(of_map, f"gene:{g}") for g in genes]
    pairs = pair_table(rows, background=background, active=active, arms=nodes["arm"].tolist())
    pairs = known_pairs(of_map, genes, with_significance(pairs, rows, nulls=nulls))
    similarity = rows @ rows.T
    cut = background.cutoffs().presets["default"][1]
    arms = nodes["arm"].to_numpy(dtype=str)
    one_arm = (arms[:, None] == arms[None, :]) & (arms != "")[:, None]
    groups = communities(similarity, cut=cut if cut == cut else 1.0, active=active, leave_out=one_arm)
    order = ring_order(similarity, groups)
    angles, radius = circle(order, groups)
    draws = min((n.draws for n in nulls if n is not None), default=0) if all(n is not None for n in nulls) else 0
    return NetworkBase(
        nodes.assign(group=groups), rows, similarity, pairs, background, order, angles, float(radius), draws
    )


@lru_cache(maxsize=3 * _KEPT)
def _positions(of_map: str, build: str, genes: tuple[str, ...], layout: str) -> np.ndarray:
    base = _base(of_map, build, genes)
    groups = base.nodes["group"].to_numpy()
    if layout == "force":
        return force(base.similarity, base.order)
    return grouped(base.order, groups) if layout == "grouped" else on_circle(base.angles, base.radius)


def _nodes(of_map: str, genes: tuple[str, ...]) -> tuple[pd.DataFrame, np.ndarray]:
    open_map = opened(of_map)
    m = open_map.map
    at = [m.row_of[f"gene:{g}"] for g in genes]
    p = m.perturbations.iloc[at].reset_index(drop=True)
    e = m.entities.iloc[[open_map.entity_rows[f"gene:{g}"] for g in genes]].reset_index(drop=True)
    nodes = e[["slug", "label"]].assign(
        blinded=e["blinded"].astype(bool),
        arm=e["arm"].fillna("").astype(str),
        active=p["active"].eq(True) if is_tested(open_map) else True,
        n_wells=p["n_wells"],
        q=p["q"].astype(float),
    )
    return nodes, np.asarray(m.features[at], dtype=np.float32)
