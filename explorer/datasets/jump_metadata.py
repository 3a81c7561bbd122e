"""The metadata tables of JUMP-CP: which well holds which JCP2022 id, and what that id is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from explorer.datasets.profiles import Progress, entities_frame
from explorer.datasets.reading import open_table
from explorer.datasets.writer import Exclusions
from explorer.errors import InputError

#: Negative controls by their id (metadata/perturbation_control.csv of the JUMP data sets).
CONTROLS = {"JCP2022_033924": "DMSO", "JCP2022_800001": "no-guide", "JCP2022_800002": "non-targeting"}
_EMPTY = ("JCP2022_999999", "JCP2022_UNKNOWN")


@dataclass(frozen=True)
class JumpTables:
    """The tables of `metadata/`, each None where absent, all columns text categories; `files` says what was read."""

    wells: pd.DataFrame
    plates: pd.DataFrame | None
    compounds: pd.DataFrame | None
    names: pd.DataFrame | None
    crispr: pd.DataFrame | None
    orf: pd.DataFrame | None
    files: tuple[Path, ...]


@dataclass(frozen=True)
class Described:
    """Kind and label of each row (None where unknown), and the entities they make."""

    kind: np.ndarray
    label: np.ndarray
    entities: pd.DataFrame
    notes: tuple[str, ...]


def read_tables(folder: Path, *, progress: Progress) -> JumpTables:
    """Read `well`, and `plate`, `compound`, `crispr`, `orf`, `compound_name` where they are there.

    Raises
    ------
    InputError
        The folder or the well table is missing, neither compounds nor CRISPR are described, or a file is damaged.
    """
    if not folder.is_dir():
        raise InputError(f"{folder} is no folder." if folder.exists() else f"{folder} does not exist.")
    files: list[Path] = []

    def read(name: str, *columns: str) -> pd.DataFrame | None:
        progress("read metadata", len(files), None)
        for path in (folder / "metadata" / f"{name}.csv.gz", folder / "metadata" / f"{name}.csv"):
            if path.is_file():
                files.append(path)
                return open_table(path).metadata(text=[f"Metadata_{column}" for column in columns])
        return None

    wells = read("well", "Source", "Plate", "Well", "JCP2022")
    if wells is None:
        raise InputError(f"{folder / 'metadata'} holds no well.csv.gz: which well holds what is not known without it.")
    tables = JumpTables(
        wells=wells,
        plates=read("plate", "Source", "Plate", "Batch"),
        compounds=read("compound", "JCP2022", "InChIKey", "SMILES"),
        names=read("compound_name", "JCP2022", "CompoundName"),
        crispr=read("crispr", "JCP2022", "NCBI_Gene_ID", "Symbol"),
        orf=read("orf", "JCP2022"),
        files=tuple(files),
    )
    if tables.compounds is None and tables.crispr is None:
        raise InputError(f"{folder / 'metadata'} holds neither compound.csv.gz nor crispr.csv.gz: nothing has a name.")
    return tables


def describe(ids: pd.Series, tables: JumpTables, excluded: Exclusions) -> Described:
    """What each JCP2022 id is; ORF, empty and unknown wells are added to `excluded`.

    Parameters
    ----------
    ids : Series of Categorical, shape (rows,)
    tables : JumpTables
    excluded : Exclusions
        Of the same rows.
    """
    rows: dict[str, dict] = {}
    for row in _records(tables.crispr):
        symbol = row["Metadata_Symbol"] or row["Metadata_NCBI_Gene_ID"]
        if symbol:
            rows[row["Metadata_JCP2022"]] = {
                "kind": "gene",
                "label": symbol,
                "identifier": row["Metadata_NCBI_Gene_ID"],
            }
    names = {row["Metadata_JCP2022"]: row["Metadata_CompoundName"] for row in _records(tables.names)}
    present = set(ids.cat.categories)
    for row in _records(tables.compounds):
        if (key := row["Metadata_JCP2022"]) in present:
            structure = {"identifier": row["Metadata_InChIKey"], "smiles": row["Metadata_SMILES"]}
            synonyms = (names[key],) if names.get(key) else ()
            rows[key] = {"kind": "compound", "label": key, "synonyms": synonyms} | structure
    for key, name in CONTROLS.items():
        rows[key] = {"kind": "control", "label": name}

    listed = ids.cat.categories
    kind = np.array([*(rows.get(key, {}).get("kind") for key in listed), None], dtype=object)[ids.cat.codes]
    label = np.array([*(rows.get(key, {}).get("label") for key in listed), None], dtype=object)[ids.cat.codes]
    orf = {row["Metadata_JCP2022"] for row in _records(tables.orf)}
    excluded.drop(ids.isin(orf).to_numpy(), "ORF overexpression, not a knockout")
    excluded.drop(ids.isin(_EMPTY).to_numpy(), "well is empty or its content unknown")
    excluded.drop(ids.isna().to_numpy(), "well has no JCP2022 id")
    excluded.drop(pd.isna(kind), "JCP2022 id is in none of the metadata tables")
    entities: dict[tuple[str, str], dict] = {}
    for key in sorted(present & set(rows)):
        if rows[key]["kind"] != "control":
            entities.setdefault((rows[key]["kind"], rows[key]["label"]), rows[key])
    notes = ["Assembled JUMP profiles are corrected already: aligning them again is seldom right."]
    return Described(kind, label, entities_frame([entities[key] for key in sorted(entities)]), tuple(notes))


def _records(table: pd.DataFrame | None) -> list[dict[str, str]]:
    if table is None:
        return []
    return table.astype(object).fillna("").to_dict("records")
