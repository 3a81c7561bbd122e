"""A simulated map of a whole genome, built with the ordinary code, so that anyone can time pages at that size.

17,000 genes and 1,674 compounds at 8 concentrations, with replicate and control wells, so that nulls exist. Symbols are
those of the installed phenotype ontology, so that phenotypes mean genes of the map; every measurement, target, arm and
relationship is made up, and the map says that it is simulated.

    python benchmarks/genome_map.py FOLDER        # minutes; FOLDER is then a map for `keyhole serve`
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import sys
from pathlib import Path

import numpy as np
import pandas as pd

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(REPOSITORY), str(REPOSITORY / "benchmarks")]

from core_files import structures  # noqa: E402

from explorer.annotations.ontology_files import installed_data, open_phenotypes  # noqa: E402
from explorer.datasets.profiles import Profiles, ReadReport, entities_frame, metadata_frame  # noqa: E402
from explorer.maps.build import Provenance, Recipe, build_map  # noqa: E402

GENES, DIMENSIONS, EXPERIMENTS = 17_000, 128, 24
CONCENTRATIONS = (0.0025, 0.01, 0.025, 0.1, 0.25, 1.0, 2.5, 10.0)
PAIRS = 180_000
_WELLS = {"gene": 3, "compound": 2}
_CONTROLS = 400  # in each experiment
_MODULES = 600
#: Compounds that kill at the two highest concentrations, out of ten.
_KILLERS = 1


def main() -> None:
    """Build the map."""
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    write_genome(Path(sys.argv[1]), progress=lambda stage, done, total: done or print(stage, flush=True))


def write_genome(root: Path, *, progress: object = lambda *_: None, seed: int = 0) -> None:
    """Build the simulated map, with made-up relationships beside it, into `root`."""
    rng = np.random.default_rng(seed)
    genes, module = symbols(), rng.integers(_MODULES, size=GENES)
    provenance = Provenance("Simulated genome", "simulated for benchmarks", simulated=True)
    recipe = Recipe(align="pca-cs", seed=seed)
    build_map(profiles(genes, module, rng), root, recipe=recipe, provenance=provenance, progress=progress)
    beside = root / "annotations" / "relationships"
    beside.mkdir(parents=True, exist_ok=True)
    a = rng.integers(GENES, size=PAIRS)
    b = np.where(rng.random(PAIRS) < 0.3, _same_module(module, a, rng), rng.integers(GENES, size=PAIRS))
    named = np.array(genes, dtype=object)
    pairs = pd.DataFrame({"entity1": named[a[a != b]], "entity2": named[b[a != b]]})
    pairs.to_csv(beside / "simulated.csv", index=False)


def symbols() -> list[str]:
    """17,000 gene names: those of the ontology, and made-up ones."""
    data = installed_data()
    real = [] if data is None else [str(s) for s in open_phenotypes(data).members.symbols if str(s) != "PLK1"]
    names = ["PLK1", *real][:GENES]
    return names + [f"SIM{i:05d}" for i in range(GENES - len(names))]


def profiles(genes: list[str], module: np.ndarray, rng: np.random.Generator) -> Profiles:
    """Wells: a third of the genes act as their module does, and compounds, by concentration, as genes they aim at."""
    centres = rng.normal(size=(_MODULES, DIMENSIONS)).astype(np.float32)
    own = 0.6 * rng.normal(size=(GENES, DIMENSIONS)).astype(np.float32)
    acts = rng.random(GENES) < 0.35
    effect = np.where(acts[:, None], 0.8 * (centres[module] + own), 0).astype(np.float32)
    smiles = structures()
    aimed = rng.choice(np.flatnonzero(acts), size=len(smiles))
    level = np.array(CONCENTRATIONS)
    strength = level / (level + 10 ** rng.uniform(-2, 1, size=(len(smiles), 1)))
    killing = (np.arange(len(smiles)) % 10 < _KILLERS)[:, None] & (level >= 2.5)
    wells = pd.concat(
        [
            _wells("gene", np.arange(GENES), _WELLS["gene"]),
            _wells("compound", np.arange(len(smiles) * len(level)), _WELLS["compound"]),
            _wells("control", np.arange(EXPERIMENTS), _CONTROLS),
        ],
        ignore_index=True,
    )
    features = rng.normal(size=(len(wells), DIMENSIONS)).astype(np.float32)
    what, kind = wells["what"].to_numpy(), wells["kind"].to_numpy()
    compound, at = np.divmod(what, len(level))
    treated = kind == "compound"
    features[kind == "gene"] += effect[what[kind == "gene"]]
    compound, at = compound[treated], at[treated]
    features[treated] += effect[aimed[compound]] * strength[compound, at][:, None].astype(np.float32)
    counts = rng.normal(900, 60, len(wells))
    counts[treated] *= np.where(killing[compound, at], 0.2, 1)
    experiment = np.where(kind == "control", what, rng.integers(EXPERIMENTS, size=len(wells)))
    label = np.array(["EMPTY_control"] * len(wells), dtype=object)
    label[kind == "gene"] = np.array(genes, dtype=object)[what[kind == "gene"]]
    label[treated] = np.array([f"Simulated-{i}" for i in range(len(smiles))], dtype=object)[compound]
    concentration = np.full(len(wells), np.nan)
    concentration[treated] = level[at]
    plate = rng.integers(8, size=len(wells))
    metadata = metadata_frame(
        well=[str(i) for i in range(len(wells))], kind=kind, label=label, concentration=concentration,
        experiment=[f"e{e:02d}" for e in experiment], plate=[f"p{p}" for p in plate], cell_count=counts,
    )  # fmt: skip
    arms = [f"{c}{a}" for c in range(1, 23) for a in "pq"]
    known = [{"kind": "gene", "label": g, "arm": arms[rng.integers(44)]} for g in genes]
    known += [
        {"kind": "compound", "label": f"Simulated-{i}", "smiles": s, "targets": (genes[aimed[i]],)}
        for i, s in enumerate(smiles)
    ]
    return Profiles(features, metadata, entities_frame(known), ReadReport(rows=len(wells)))


def _wells(kind: str, what: np.ndarray, each: int) -> pd.DataFrame:
    return pd.DataFrame({"kind": kind, "what": np.repeat(what, each)})


def _same_module(module: np.ndarray, a: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """For each gene one of its module."""
    order = np.argsort(module, kind="stable")
    start = np.searchsorted(module[order], np.arange(_MODULES + 1))
    m = module[a]
    return order[start[m] + (rng.random(len(a)) * (start[m + 1] - start[m])).astype(int)]


if __name__ == "__main__":
    main()
