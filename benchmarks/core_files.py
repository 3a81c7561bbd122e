"""Simulated files in the schema and size of RxRx3-core, so that a build of that size can be measured by anyone.

Layout as published (doi:10.48550/arXiv.2503.20158): 176 gene experiments of 9 plates and 4 compound experiments of 48,
16 EMPTY_control wells a plate, 735 genes x 6 guides x 18 wells, 1,674 compounds x 8 concentrations. Every number and
structure in the files is made up.
"""

from __future__ import annotations

from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

DIMENSIONS = 384
WELLS = 222_601

_GENES, _GUIDES, _COMPOUNDS = 735, 6, 1_674
_GENE_EXPERIMENTS, _GENE_PLATES, _COMPOUND_EXPERIMENTS, _COMPOUND_PLATES = 176, 9, 4, 48
_CONTROLS_A_PLATE, _BENCHMARK_GENE_WELLS_A_PLATE, _COMPOUND_WELLS = 16, 14, 95_701
_CONCENTRATIONS = np.array([0.0025, 0.01, 0.025, 0.1, 0.25, 1.0, 2.5, 10.0])
_BENCHMARK_GENES = ("PLK1", "MTOR", "SRC", "EIF3H", "HCK", "CYP11B1")
#: Wells of a compound at a concentration: 4, but 8 for 119 of these pairs and 164 for 30 compounds at two of them.
_PAIRS_OF_4, _PAIRS_OF_8, _PAIRS_OF_164 = 13_121, 119, 60
_LATENT = 24


def write_core(folder: Path, *, row_group: int, dimensions: int = DIMENSIONS, seed: int = 0) -> None:
    """Write `metadata_rxrx3_core.csv` and an embedding file into `folder`, which must exist.

    Parameters
    ----------
    row_group : int
        Rows in each row group of the Parquet file.
    dimensions : int
        Of the embedding: 384 for OpenPhenom, 1,024 for Phenom-1, 1,664 for Phenom-2.
    """
    rng = np.random.default_rng(seed)
    wells = pd.concat([_gene_wells(rng), _compound_wells(rng)], ignore_index=True)
    if len(wells) != WELLS:
        raise AssertionError(f"{len(wells):,} wells were laid out in place of {WELLS:,}")
    wells["address"] = [f"{chr(65 + i // 48 % 26)}{i % 48 + 1:02d}" for i in range(len(wells))]
    wells["plate"] = wells["plate"].astype(str)
    number = wells.groupby(["experiment_name", "plate"]).cumcount().astype(str)
    wells.insert(0, "well_id", wells["experiment_name"] + "_" + wells["plate"] + "_" + number)
    wells["cell_type"] = "HUVEC"
    wells.to_csv(folder / "metadata_rxrx3_core.csv", index=False)
    _write_embeddings(
        folder / "OpenPhenom_rxrx3_core_embeddings.parquet", wells, row_group=row_group, dimensions=dimensions, rng=rng
    )


def structures() -> list[str]:
    """Valid SMILES of 20 to 40 atoms, all different; every fourth has the CXSMILES tail of its two double bonds."""
    chains = [*("C" * n for n in range(1, 10)), "CC=CC=CC", "CCC=CC=CCC", "COCC", "CNCC", "CC(C)CC", "CC(F)(F)C"]
    rings = ["c1ccc(cc1)", "C1CCC(CC1)", "c1ccnc(c1)", "N1CCN(CC1)", "c1cc(F)cc(c1)", "c1cc(OC)cc(c1)", "C1CCN(C1)"]
    ends = ["C", "CC", "OC", "N(C)C", "c1ccccc1", "C1CCCCC1", "c1ccc(Cl)cc1", "c1ccsc1", "c1ccco1", "C#N", "CCO"]
    ends += ["C(=O)O", "C(F)(F)F", "S(=O)(=O)C", "N1CCOCC1", "c1cc[nH]n1"]
    made = [f"{c}C(=O)NCC{r}CC{e}" for c, r, e in product(chains, rings, ends)][:_COMPOUNDS]
    tails = {"CC=CC=CC": " |t:1,3|", "CCC=CC=CCC": " |c:2,t:4|"}
    return [s + next((tail for chain, tail in tails.items() if s.startswith(f"{chain}C(=O)")), "") for s in made]


def _gene_wells(rng: np.random.Generator) -> pd.DataFrame:
    """Each gene in two experiments, every guide once a plate; the benchmark genes also in all experiments."""
    named = [*_BENCHMARK_GENES, *(f"GENE{i}" for i in range(300))]
    names = np.array([*named, *(f"RXRX3-{10_000 + i}" for i in range(_GENES - len(named)))])
    gene = np.repeat(np.arange(_GENES), 2 * _GENE_PLATES * _GUIDES)
    replicate, plate, guide = (a.ravel() for a in np.indices((2, _GENE_PLATES, _GUIDES)))
    experiment = (gene + np.tile(replicate, _GENES) * 88) % _GENE_EXPERIMENTS
    plates = np.repeat(np.arange(_GENE_EXPERIMENTS * _GENE_PLATES), _BENCHMARK_GENE_WELLS_A_PLATE)
    kinds = [
        (experiment, np.tile(plate, _GENES), names[gene], np.tile(guide, _GENES)),
        (
            plates // _GENE_PLATES,
            plates % _GENE_PLATES,
            rng.choice(names[: len(_BENCHMARK_GENES)], len(plates)),
            rng.integers(_GUIDES, size=len(plates)),
        ),
    ]
    frames = [
        pd.DataFrame(
            {
                "experiment": e,
                "plate": p,
                "gene": g,
                "treatment": [f"{a}_guide_{b + 1}" for a, b in zip(g, i, strict=True)],
            }
        )
        for e, p, g, i in kinds
    ]
    every = np.repeat(np.arange(_GENE_EXPERIMENTS * _GENE_PLATES), _CONTROLS_A_PLATE)
    controls = pd.DataFrame({"experiment": every // _GENE_PLATES, "plate": every % _GENE_PLATES})
    frames.append(controls.assign(gene="EMPTY_control", treatment="EMPTY_control"))
    return _finished(pd.concat(frames, ignore_index=True), "gene").assign(
        SMILES=None, concentration=np.nan, perturbation_type="CRISPR"
    )


def _compound_wells(rng: np.random.Generator) -> pd.DataFrame:
    compound, level = (a.ravel() for a in np.indices((_COMPOUNDS, len(_CONCENTRATIONS))))
    benchmark = (compound < _PAIRS_OF_164 // 2) & np.isin(_CONCENTRATIONS[level], [0.25, 2.5])
    times = np.where(benchmark, 164, 4)
    others = rng.permutation(np.flatnonzero(~benchmark))
    times[others[:_PAIRS_OF_8]] = 8
    times[others[_PAIRS_OF_8 + _PAIRS_OF_4 :]] = 0
    compound, level = np.repeat(compound, times), np.repeat(level, times)
    spread = np.repeat(times == 164, times)
    experiment = np.where(spread, rng.integers(_COMPOUND_EXPERIMENTS, size=len(compound)), compound % 4)
    treated = pd.DataFrame(
        {
            "experiment": experiment,
            "plate": rng.integers(_COMPOUND_PLATES, size=len(compound)),
            "treatment": np.array([f"Compound {i}" for i in range(_COMPOUNDS)])[compound],
            "SMILES": np.array(structures(), dtype=object)[compound],
            "concentration": _CONCENTRATIONS[level],
        }
    )
    plates = _COMPOUND_EXPERIMENTS * _COMPOUND_PLATES
    empty = np.repeat(np.arange(plates), _CONTROLS_A_PLATE)
    guided = np.arange(_COMPOUND_WELLS - len(treated) - len(empty)) % plates
    controls = [
        pd.DataFrame({"experiment": p // _COMPOUND_PLATES, "plate": p % _COMPOUND_PLATES, "treatment": name})
        for p, name in ((empty, "EMPTY_control"), (guided, "CRISPR_control"))
    ]
    wells = pd.concat([treated, *controls], ignore_index=True)
    return _finished(wells, "compound").assign(gene=None, perturbation_type="COMPOUND")


def _finished(wells: pd.DataFrame, prefix: str) -> pd.DataFrame:
    """In the order of plates, with the name of the experiment."""
    wells = wells.sort_values(["experiment", "plate"], kind="stable", ignore_index=True)
    wells.insert(0, "experiment_name", [f"{prefix}-{e + 1:03d}" for e in wells.pop("experiment")])
    return wells.assign(plate=wells["plate"] + 1)


def _write_embeddings(
    path: Path, wells: pd.DataFrame, *, row_group: int, dimensions: int, rng: np.random.Generator
) -> None:
    """A direction for each treatment and a shift for each experiment in a few latent axes, and noise in all."""
    names = [f"feature_{i}" for i in range(dimensions)]
    schema = pa.schema([("well_id", pa.string()), *((n, pa.float32()) for n in names)])
    axes = rng.standard_normal((_LATENT, dimensions), dtype=np.float32)
    treatment, treatments = pd.factorize(wells["treatment"])
    experiment, experiments = pd.factorize(wells["experiment_name"])
    effects = rng.standard_normal((len(treatments), _LATENT), dtype=np.float32)
    effects[rng.random(len(effects)) < 0.5] = 0
    effects[np.char.endswith(treatments.to_numpy(dtype=str), "_control")] = 0
    strength = np.where(
        wells["concentration"].isna(), 1, wells["concentration"].fillna(1) / (wells["concentration"] + 1)
    )
    shifts = 2 * rng.standard_normal((len(experiments), _LATENT), dtype=np.float32)
    with pq.ParquetWriter(path, schema) as writer:
        for start in range(0, len(wells), row_group):
            at = slice(start, start + row_group)
            latent = effects[treatment[at]] * strength[at, None].astype(np.float32) + shifts[experiment[at]]
            rows = (latent / 4) @ axes + rng.standard_normal((len(latent), dimensions), dtype=np.float32)
            columns = [pa.array(wells["well_id"].iloc[at], pa.string()), *map(pa.array, np.ascontiguousarray(rows.T))]
            writer.write_table(pa.Table.from_arrays(columns, schema=schema), row_group_size=row_group)
