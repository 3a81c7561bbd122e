"""What is planted in the demo screen: its source tables, and the truth that a test or a curious reader compares with.

The tables in `data/demo/source` hold facts (symbols, names, arms, structures, targets) and, beside them, what the
simulation plants: modules, strengths, concentrations. Nothing here is measured.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from explorer.errors import InputError

SOURCE = Path(__file__).resolve().parents[2] / "data" / "demo" / "source"

#: uM, the eight levels of RxRx3.
CONCENTRATIONS = (0.0025, 0.01, 0.025, 0.1, 0.25, 1.0, 2.5, 10.0)

#: Knockouts that are run in every gene experiment.
IN_EVERY_EXPERIMENT = ("PLK1", "MTOR", "SRC", "EIF3H", "HCK", "CYP11B1")

#: Gene of which two wells carry one and the same embedding: an embedding is no identity.
DUPLICATED = "CYP11B1"

_TABLES = {
    "genes": "symbol synonyms name entrez arm cytoband modules strength arm_effect weak_guide",
    "modules": "module name parent share opposite_of opposite_cosine",
    "compounds": "name synonyms smiles inchikey targets mechanism source acts_on ec50_um top toxic_um cytotoxic "
    "candidate scaffold_hop_of",
}


@dataclass(frozen=True)
class DemoSource:
    """The three source tables, as text (empty where a value is absent)."""

    genes: pd.DataFrame
    modules: pd.DataFrame
    compounds: pd.DataFrame


def read_source(source: Path = SOURCE) -> DemoSource:
    """Read the tables the demo is simulated from.

    Parameters
    ----------
    source : Path
        Folder with `genes.csv`, `modules.csv` and `compounds.csv`.

    Returns
    -------
    DemoSource

    Raises
    ------
    InputError
        If a table is absent or lacks a column.
    """
    return DemoSource(
        **{name: _read(Path(source) / f"{name}.csv", columns.split()) for name, columns in _TABLES.items()}
    )


def parse_mixture(text: str) -> dict[str, float]:
    """`"hr_core:0.82|kill:0.3"` as `{"hr_core": 0.82, "kill": 0.3}`."""
    return {term.split(":")[0]: float(term.split(":")[1]) for term in text.split("|") if term}


def parse_actions(text: str) -> list[tuple[str, float, float]]:
    """`"sf3b:0.7|SNRPD3:0.6:2"` as (module or gene, weight, factor on the EC50), the factor 1 where absent."""
    terms = [term.split(":") for term in text.split("|") if term]
    return [(term[0], float(term[1]), float(term[2]) if len(term) > 2 else 1.0) for term in terms]


def demo_truth(source: Path = SOURCE) -> dict:
    """Everything the simulation plants, as plain values for JSON.

    Parameters
    ----------
    source : Path
        Folder of the source tables.

    Returns
    -------
    dict
        `modules`, `opposite_pairs`, `genes`, `inactive_genes`, `same_arm`, `compounds`, `inactive_compounds`,
        `candidates`, `scaffold_hops`, `cxsmiles_compounds`, `weak_guides`, `duplicated_embedding`; strengths are in
        units of the noise of one well along one dimension, concentrations in uM.
    """
    tables = read_source(source)
    genes, compounds = tables.genes, tables.compounds
    mixtures = {row.symbol: parse_mixture(row.modules) for row in genes.itertuples()}
    strengths = dict(zip(genes["symbol"], genes["strength"].astype(float), strict=True))
    return {
        "simulated": True,
        "note": "Planted in the simulated demo screen: not experimental data.",
        "concentrations_um": list(CONCENTRATIONS),
        "in_every_experiment": list(IN_EVERY_EXPERIMENT),
        "modules": _modules(tables.modules, mixtures),
        "opposite_pairs": [
            {"module": row.module, "opposite_of": row.opposite_of, "cosine": float(row.opposite_cosine)}
            for row in tables.modules.itertuples()
            if row.opposite_of
        ],
        "genes": {symbol: {"strength": strengths[symbol], "modules": mixtures[symbol]} for symbol in mixtures},
        "inactive_genes": [symbol for symbol, strength in strengths.items() if strength == 0],
        "blinded_with_phenotype": [s for s, strength in strengths.items() if strength > 0 and s.startswith("RXRX3-")],
        "same_arm": _same_arm(genes),
        "weak_guides": {row.symbol: int(row.weak_guide) for row in genes.itertuples() if row.weak_guide},
        "compounds": {row.name: _compound(row) for row in compounds.itertuples(index=False)},
        "inactive_compounds": list(compounds["name"][(compounds["acts_on"] == "") & (compounds["toxic_um"] == "")]),
        "toxic_only_compounds": list(compounds["name"][(compounds["acts_on"] == "") & (compounds["toxic_um"] != "")]),
        "candidates": list(compounds["name"][compounds["candidate"] == "yes"]),
        "scaffold_hops": [
            [row.name, row.scaffold_hop_of] for row in compounds.itertuples(index=False) if row.scaffold_hop_of
        ],
        "cxsmiles_compounds": list(compounds["name"][compounds["smiles"].str.contains(" |", regex=False)]),
        "duplicated_embedding": {"gene": DUPLICATED, "wells": "its first two wells"},
    }


def write_truth(path: Path, *, source: Path = SOURCE) -> Path:
    """Write `demo_truth` as JSON with sorted, stable text, and return the path."""
    path = Path(path)
    path.write_text(json.dumps(demo_truth(source), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def _read(path: Path, columns: list[str]) -> pd.DataFrame:
    if not path.is_file():
        raise InputError(f"{path} is missing; the demo is simulated from it, take it from the repository")
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    absent = [column for column in columns if column not in table.columns]
    if absent:
        raise InputError(f"{path} lacks the column(s) {', '.join(absent)}; take the file from the repository")
    return table


def _modules(modules: pd.DataFrame, mixtures: dict[str, dict[str, float]]) -> dict[str, dict]:
    return {
        row.module: {
            "name": row.name,
            "parent": row.parent or None,
            "share": float(row.share) if row.share else None,
            "genes": {symbol: mixture[row.module] for symbol, mixture in mixtures.items() if row.module in mixture},
        }
        for row in modules.itertuples(index=False)
    }


def _same_arm(genes: pd.DataFrame) -> dict[str, dict[str, float]]:
    effect = genes.assign(arm_effect=genes["arm_effect"].astype(float)).query("arm_effect > 0")
    return {
        arm: dict(zip(rows["symbol"], rows["arm_effect"], strict=True))
        for arm, rows in effect.groupby("arm", sort=True)
    }


def _compound(row) -> dict:
    return {
        "acts_on": {name: weight for name, weight, _ in parse_actions(row.acts_on)},
        "ec50_um": {name: round(float(row.ec50_um) * factor, 6) for name, _, factor in parse_actions(row.acts_on)},
        "top": float(row.top),
        "toxic_um": float(row.toxic_um) if row.toxic_um else None,
    }
