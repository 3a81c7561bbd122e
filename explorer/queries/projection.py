"""The map as a picture: where every perturbation is drawn, and what its colour may say."""

from __future__ import annotations

import numpy as np
import pandas as pd

from explorer.annotations.ontology_files import installed_data
from explorer.atlas import opened
from explorer.errors import InputError
from explorer.maps.aggregation import unit_rows
from explorer.maps.cluster_order import cluster_order
from explorer.maps.neighbour_embedding import kept_neighbours
from explorer.maps.projection import METHODS, place, principal_components
from explorer.queries.concentrations import best_concentration
from explorer.queries.neighbours import against
from explorer.queries.rows import is_tested, memo, row

#: Most perturbations whose neighbour embedding is made while a page waits, 3 s; larger maps have it from their build.
WAITED_FOR = 8_000
#: What the colour of a point may say.
COLORS = ("kind", "activity", "toxicity", "cluster", "like", "set")

_NAMED_BY = 3
#: Mean cosine below which a cluster is not named by its middle.
_MIXED = 0.05


@memo
def projection(of_map: str, method: str = "") -> pd.DataFrame:
    """Places of all perturbations, in the order of the map: `x`, `y` (float32), by the first method by default."""
    m = opened(of_map).map
    method = method or methods(of_map)[0]
    if m.projection is not None and method in m.projection.places:
        places = m.projection.places[method]
    else:
        places, _ = place(np.asarray(m.features), method, seed=m.manifest["recipe"]["seed"])
    return pd.DataFrame(places, columns=["x", "y"])


def methods(of_map: str) -> list[str]:
    """Ways in which this map can be drawn at once."""
    m = opened(of_map).map
    if m.projection is not None:
        return list(m.projection.places)
    return list(METHODS) if len(m.features) <= WAITED_FOR else ["pca"]


@memo
def about_projection(of_map: str, method: str) -> dict:
    """What a picture keeps: `kept` (share of nearest neighbours), `explained` (two shares of variance), `seed`."""
    m = opened(of_map).map
    if m.projection is not None and method in m.projection.places:
        kept, explained, seed = m.projection.kept[method], m.projection.explained, m.projection.seed
    else:
        seed, units = m.manifest["recipe"]["seed"], unit_rows(np.asarray(m.features))
        kept = kept_neighbours(units, projection(of_map, method).to_numpy())
        explained = principal_components(units)[1]
    return {"kept": float(kept), "explained": [float(e) for e in explained], "seed": int(seed), "n": len(m.features)}


def points(of_map: str) -> pd.DataFrame:
    """Every perturbation in the order of the map: who it is, and whether it has a phenotype.

    Columns: `perturbation`, `entity`, `slug`, `label`, `kind`, `blinded`, `concentration`, `active` (None where not
    tested), `q`, `toxic`, `arm`, `shown` (not active points fade; all are shown in full where activity is not tested).
    """
    open_map = opened(of_map)
    m = open_map.map
    e = m.entities.iloc[[open_map.entity_rows[x] for x in m.perturbations["entity"]]].reset_index(drop=True)
    p = m.perturbations[["perturbation", "entity", "label", "kind", "concentration", "active", "q", "toxic", "n_wells"]]
    shown = p["active"].eq(True) if is_tested(open_map) else pd.Series(True, index=p.index)
    return p.assign(slug=e["slug"], blinded=e["blinded"].astype(bool), arm=e["arm"], shown=shown)


def map_colors(of_map: str) -> list[str]:
    """Which of `COLORS` this map has something to say with."""
    open_map = opened(of_map)
    p = open_map.map.perturbations
    there = {
        "activity": p["q"].notna().any(),
        "toxicity": p["relative_count"].notna().any(),
        "set": len(open_map.map.gene_rows) and map_sets(of_map),
    }
    return [c for c in COLORS if there.get(c, True)]


def map_sets(of_map: str) -> bool:
    """Whether any gene sets or phenotypes are loaded beside this map."""
    return bool(opened(of_map).biology.gene_sets) or installed_data() is not None


@memo
def point_values(of_map: str, color: str, about: str = "") -> pd.DataFrame:
    """One number a perturbation, in the order of the map: `value`, NaN where it is not known.

    Parameters
    ----------
    color : str
        `activity`: q. `toxicity`: share of cells lost against the plate's controls. `cluster`: cluster of the knockout,
        or the one whose mean a compound is most like. `like`: cosine to the entity `about`, a compound at its best
        concentration.

    Raises
    ------
    InputError
        For another colour.
    """
    open_map = opened(of_map)
    m = open_map.map
    if color == "activity":
        values = m.perturbations["q"].to_numpy(dtype=float)
    elif color == "toxicity":
        values = np.clip(1 - m.perturbations["relative_count"].to_numpy(dtype=float), 0, 1)
    elif color == "cluster":
        values = _clusters(of_map)
    elif color == "like":
        values = against(open_map, _row_of_entity(of_map, about), np.arange(len(m.features)))
    else:
        raise InputError(f"points are coloured by {', '.join(COLORS)}, not by '{color[:40]}'")
    return pd.DataFrame({"value": values.astype(np.float32)})


@memo
def cluster_names(of_map: str) -> list[str]:
    """Each cluster by the named genes (or compounds) nearest to its mean, and how many it has."""
    open_map = opened(of_map)
    m = open_map.map
    rows = m.gene_rows if len(m.gene_rows) else m.compound_rows
    cluster = row_order(of_map, "gene" if len(m.gene_rows) else "compound")["cluster"].to_numpy()
    units, labels = unit_rows(np.asarray(m.features[rows])), m.perturbations["label"].to_numpy()[rows]
    blinded = points(of_map)["blinded"].to_numpy()[rows]
    names = []
    for c in range(cluster.max() + 1):
        members = np.flatnonzero(cluster == c)
        total, n = units[members].sum(axis=0, dtype=np.float64), len(members)
        named = members[~blinded[members]]
        ranked = labels[named[np.argsort(-(units[named] @ total), kind="stable")]]
        mixed = n > 1 and (total @ total - n) / (n * (n - 1)) < _MIXED
        chosen = list(dict.fromkeys(ranked))[:_NAMED_BY]
        names.append(f"mixed, {n:,} with little in common" if mixed or not chosen else ", ".join(chosen))
    return names


@memo
def row_order(of_map: str, kind: str) -> pd.DataFrame:
    """Cluster order of the rows of a kind: `order` (positions among its rows), `cluster` (of each row, not ordered)."""
    m = opened(of_map).map
    found = m.projection.orders.get(kind) if m.projection is not None else None
    if found is None:
        rows = m.gene_rows if kind == "gene" else m.compound_rows
        found = cluster_order(np.asarray(m.features[rows]), seed=m.manifest["recipe"]["seed"])
    return pd.DataFrame({"order": found.order, "cluster": found.cluster})


def _clusters(of_map: str) -> np.ndarray:
    m = opened(of_map).map
    kind = "gene" if len(m.gene_rows) else "compound"
    rows = m.gene_rows if kind == "gene" else m.compound_rows
    cluster = row_order(of_map, kind)["cluster"].to_numpy()
    values = np.full(len(m.features), np.nan)
    values[rows] = cluster
    others = np.flatnonzero(np.isnan(values))
    if len(others):
        units = unit_rows(np.asarray(m.features))
        centres = unit_rows(np.array([units[rows[cluster == c]].mean(axis=0) for c in range(cluster.max() + 1)]))
        values[others] = (units[others] @ centres.T).argmax(axis=1)
    return values


def _row_of_entity(of_map: str, entity: str) -> int:
    if entity.startswith("compound:") and entity in opened(of_map).entity_rows:
        return row(of_map, best_concentration(of_map, entity)["perturbation"])
    return row(of_map, entity)
