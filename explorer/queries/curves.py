"""Similarity by concentration: curves with wells and band, and sparklines."""

from __future__ import annotations

import numpy as np
import pandas as pd

from explorer.atlas import opened
from explorer.maps.perturbation_map import PerturbationMap
from explorer.maps.relating import served_rows
from explorer.queries.concentrations import best_concentration, by_concentration, targets
from explorer.queries.neighbours import ranked_genes
from explorer.queries.nulls import null_of_size
from explorer.queries.rows import memo, passes_gate, row
from explorer.statistics.concentration_response import FEWEST, concentration_response
from explorer.statistics.consistency import unit

#: Genes whose loss kills cells, drawn beside every compound as a warning.
KILL = ("PLK1",)


@memo
def curves(of_map: str, entity: str, genes: list[str]) -> pd.DataFrame:
    """Similarity of a compound to genes by concentration: means, wells, controls, and the band of all genes.

    Columns: `series` (slug of the gene, or `band`), `part` (`mean`, `well`, `control`, `low`, `high`),
    `concentration` (NaN for controls), `cosine`. The band is the 5th and 95th percentile of all genes on the map.
    """
    open_map = opened(of_map)
    m = open_map.map
    rows = m.rows_of_entity[entity]
    concentration = m.perturbations["concentration"].to_numpy()
    vectors = _vectors(of_map, genes)
    frames = [_long(genes, "mean", concentration[rows], np.asarray(m.features[rows]) @ vectors.T)]
    if len(m.gene_rows):
        sides = zip(("low", "high"), band_of_genes(of_map, rows), strict=True)
        frames += [_long(["band"], part, concentration[rows], v[:, None]) for part, v in sides]
    if m.wells is not None:
        of_entity = np.flatnonzero(np.isin(m.wells["row"], rows))
        where = concentration[m.wells["row"].to_numpy()[of_entity]]
        frames.append(_long(genes, "well", where, m.well_features[of_entity].astype(np.float32) @ vectors.T))
    if m.controls is not None:
        noise = _served_controls(m, m.perturbations["n_wells"].to_numpy()[rows])
        frames.append(_long(genes, "control", np.full(len(noise), np.nan), noise @ vectors.T))
    return pd.concat(frames, ignore_index=True)


def band_of_genes(of_map: str, rows: np.ndarray) -> np.ndarray:
    """The 5th and 95th percentile of the similarity of some rows to all genes on the map, shape (2, rows)."""
    m = opened(of_map).map
    every = np.asarray(m.features[rows]) @ np.asarray(m.features[m.gene_rows]).T
    return np.percentile(every, [5, 95], axis=1).astype(float)


def curve_genes(of_map: str, entity: str) -> list[str]:
    """The genes a compound page opens with: on-map targets, then the strongest genes, then a kill control."""
    best = best_concentration(of_map, entity)["perturbation"]
    known = targets(of_map, entity)["slug"].drop_duplicates().tolist()[:2]
    strongest = ranked_genes(of_map, best)
    strongest = strongest.loc[strongest["cosine"] > 0, "slug"].tolist()
    kill = [k for k in KILL if f"gene:{k}" in opened(of_map).map.row_of]
    return list(dict.fromkeys([*known, *[s for s in strongest if s not in known][: 4 - len(known)], *kill]))


def curve_roles(of_map: str, entity: str, genes: list[str]) -> dict[str, str]:
    """What each gene is to the compound, for the colour and shape of its curve."""
    known = set(targets(of_map, entity)["slug"])
    return {g: "target" if g in known else "kill" if g in KILL else "other" for g in genes}


@memo
def responses(of_map: str, entity: str, genes: list[str]) -> pd.DataFrame:
    """The four-parameter fit of a compound's similarity to genes over its non-toxic concentrations.

    With fewer than five of those, over all concentrations, and `over_toxic` says so. One row a gene: `slug`,
    `over_toxic`, then the columns of `concentration_response`. The noise of one cosine is that of
    pseudo-perturbations of as many control wells, so that a curve has to beat chance, not only a constant.
    """
    m = opened(of_map).map
    p = m.perturbations.iloc[m.rows_of_entity[entity]]
    p = p[p["concentration"] > 0].assign(pooled_active=by_concentration(of_map, entity)["pooled_active"].iat[0])
    all_of_them = np.ones(len(p), dtype=bool)
    vectors = _vectors(of_map, genes)
    null = null_of_size(of_map, "compound", int(p["n_wells"].median())) if len(p) else None
    clean = ~p["toxic"].eq(True).to_numpy()
    over_toxic = bool(clean.sum() < FEWEST <= len(clean))
    fits = concentration_response(
        p["concentration"].to_numpy(),
        np.asarray(m.features[p.index]) @ vectors.T,
        active=passes_gate(p).to_numpy() if p[["active", "pooled_active"]].notna().any(axis=None) else all_of_them,
        use=all_of_them if over_toxic else clean,
        noise=null.noise(vectors) if null is not None and genes else None,
    )
    fits.insert(0, "slug", genes)
    fits.insert(1, "over_toxic", over_toxic)
    return fits


@memo
def gene_profiles(of_map: str, entity: str, genes: list[str]) -> dict:
    """Cosine of a compound to each gene at every concentration, for sparklines: slug to list of values."""
    m = opened(of_map).map
    rows = m.rows_of_entity[entity]
    at = [row(of_map, f"gene:{g}") for g in genes]
    values = np.asarray(m.features[at]) @ np.asarray(m.features[rows]).T
    return {g: [round(float(x), 3) for x in v] for g, v in zip(genes, values, strict=True)}


@memo
def compound_profiles(of_map: str, gene: str, compounds: list[str]) -> dict:
    """Cosine of a gene to each compound at every concentration of that compound, for sparklines."""
    m = opened(of_map).map
    vector = np.asarray(m.features[row(of_map, gene)])
    return {
        c: [round(float(x), 3) for x in np.asarray(m.features[m.rows_of_entity[f"compound:{c}"]]) @ vector]
        for c in compounds
    }


def _vectors(of_map: str, genes: list[str]) -> np.ndarray:
    """Unit rows of some genes, shape (genes, dimensions)."""
    m = opened(of_map).map
    return np.array([m.features[row(of_map, f"gene:{g}")] for g in genes]).reshape(len(genes), m.features.shape[1])


def _long(series: list[str], part: str, concentrations: np.ndarray, values: np.ndarray) -> pd.DataFrame:
    """A (concentrations x series) table as one row a value."""
    n = len(series)
    return pd.DataFrame(
        {
            "series": np.tile(np.array(series, dtype=object), len(concentrations)),
            "part": part,
            "concentration": np.repeat(concentrations, n),
            "cosine": np.asarray(values, dtype=float).reshape(-1),
        }
    )


def _served_controls(m: PerturbationMap, sizes: np.ndarray) -> np.ndarray:
    """Some control wells as rows of the map; where length counts, with that of the mean of as many noise wells."""
    wells = m.control_features[_some_controls(m.controls)].astype(np.float32)
    if m.relation is None:
        return unit(wells)
    lengths = np.linalg.norm(wells, axis=1) / np.sqrt(np.median(sizes))
    return served_rows(m.relation, wells, "compound", lengths=lengths)


def _some_controls(controls: pd.DataFrame, *, most: int = 60) -> np.ndarray:
    """An even sample of the control wells that were run beside compounds, few enough to draw."""
    beside = np.flatnonzero(controls["compound"])
    return beside[:: max(1, len(beside) // most)][:most]
