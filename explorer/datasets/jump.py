"""JUMP-CP cpg0016: CRISPR knockouts and compounds, corrected together, one concentration each."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from explorer.datasets.jump_metadata import JumpTables, describe, read_tables
from explorer.datasets.parquet_table import ParquetTable
from explorer.datasets.profiles import Profiles, Progress, metadata_frame, silent
from explorer.datasets.reading import closest, open_table, require, source, stack
from explorer.datasets.writer import NO_EMBEDDING, NO_METADATA, SECOND_WELL, Exclusions, ProfilesWriter
from explorer.errors import InputError

_WELL = ("Metadata_Source", "Metadata_Plate", "Metadata_Well")
_COUNTS = ("Cells_Count_Count", "Nuclei_Number_Object_Number")


def load_jump(folder: Path, *, progress: Progress = silent) -> Profiles:
    """Load JUMP-CP from a folder with `metadata/*.csv.gz` and profiles as Parquet.

    Parameters
    ----------
    folder : Path
        Holds `metadata/` (`well`, and of `plate`, `compound`, `crispr`, `orf` what there is) and the profiles,
        assembled or one file a plate, anywhere below.
    progress : callable
        Called as `progress(stage, done, total)`.

    Returns
    -------
    Profiles
        Features are the columns whose name does not start with `Meta`. Compounds carry their JCP2022 id as label and no
        concentration; ORF wells are left out, since an overexpressed gene is no knockout.

    Raises
    ------
    InputError
        A file or column is missing, the files differ in their features, or a file is damaged.

    Notes
    -----
    Source: JUMP Cell Painting, doi:10.1101/2023.03.23.534023; CC0.
    """
    folder = Path(folder)
    tables = read_tables(folder, progress=progress)
    files = _profile_files(folder)
    opened = [_open_profiles(path) for path in files]
    features = _features(opened)
    count = next((c for c in _COUNTS if all(c in table.numeric for table in opened)), None)
    keys = stack([t.metadata(text=_WELL, numbers=[count] if count else []) for t in opened])
    metadata, excluded, entities, notes = _describe_rows(keys, tables, keys[count].to_numpy() if count else None)
    total = len(keys)
    rows = min(total, int((~excluded.mask).sum()) + max(table.block_rows for table in opened))
    writer = ProfilesWriter(metadata, features=features, rows=rows, excluded=excluded)
    done = 0
    for table in opened:
        for block in table.blocks(features, room=writer.room):
            writer.add(block, np.arange(done, done + len(block)))
            done += len(block)
            progress("read profiles", done, total)
    absent = _wells_without_profiles(keys, tables.wells)
    sources = [source(path, folder=folder) for path in (*tables.files, *files)]
    return writer.finish(entities, sources=sources, notes=notes, dropped={NO_EMBEDDING: absent})


def _profile_files(folder: Path) -> list[Path]:
    files = sorted(p for p in folder.rglob("*.parquet") if p.relative_to(folder).parts[0] != "metadata")
    if not files:
        raise InputError(f"{folder} holds no profiles: no .parquet file is in it or below.")
    return files


def _open_profiles(path: Path) -> ParquetTable:
    table = open_table(path)
    require(table, _WELL, purpose="which well a profile is of")
    return table


def _features(tables: list[ParquetTable]) -> tuple[str, ...]:
    """Columns not starting with `Meta`, equal in all files, in the order of the first."""
    features = tuple(name for name in tables[0].candidates if not name.startswith("Meta"))
    if not features:
        raise InputError(f"{tables[0].path.name} has no features: every column starts with Meta.")
    for table in tables[1:]:
        differing = set(features) ^ {name for name in table.candidates if not name.startswith("Meta")}
        if differing:
            raise InputError(
                f"{table.path.name} and {tables[0].path.name} differ in {len(differing):,} features, such as "
                f'"{min(differing)}". Keep one version of the profiles in the folder.'
            )
    return features


def _describe_rows(
    keys: pd.DataFrame, tables: JumpTables, count: np.ndarray | None
) -> tuple[pd.DataFrame, Exclusions, pd.DataFrame, tuple[str, ...]]:
    """Canonical metadata of each row of the profiles, by its well."""
    wells = tables.wells
    codes, known = _well_codes(keys, wells)
    position = pd.Index(known[~pd.Series(known).duplicated()])
    first = np.flatnonzero(~pd.Series(known).duplicated())
    found = position.get_indexer(codes)
    row = np.where(found >= 0, first[found], -1)
    if (row < 0).all():
        raise InputError(
            "None of the profiles is of a well in the metadata: source, plate or well are written differently. "
            f"{closest(str(keys['Metadata_Plate'].iloc[0]), wells['Metadata_Plate'].cat.categories)}"
        )

    excluded = Exclusions(len(keys))
    excluded.drop(row < 0, NO_METADATA)
    excluded.drop(pd.Series(codes).duplicated().to_numpy() & (codes >= 0), SECOND_WELL)
    ids = wells["Metadata_JCP2022"].take(row.clip(0)).reset_index(drop=True)
    ids = ids.where(row >= 0)
    described = describe(ids, tables, excluded)
    batch, notes = _batches(keys, tables.plates)
    text = [keys[name].astype(object).fillna("") for name in _WELL]
    metadata = metadata_frame(
        well=text[0] + "__" + text[1] + "__" + text[2],
        experiment=batch,
        plate=keys["Metadata_Plate"],
        kind=described.kind,
        label=described.label,
        cell_count=count,
    )
    return metadata, excluded, described.entities, (*notes, *described.notes)


def _well_codes(keys: pd.DataFrame, wells: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """One integer a well, equal for equal source, plate and well; -1 where the metadata has no such name."""
    codes = np.zeros(len(keys), dtype=np.int64)
    known = np.zeros(len(wells), dtype=np.int64)
    unknown = np.zeros(len(keys), dtype=bool)
    for name in _WELL:
        names = wells[name].cat.categories
        part = keys[name].cat.set_categories(names).cat.codes.to_numpy(np.int64)
        unknown |= part < 0
        codes = codes * (len(names) + 1) + part
        known = known * (len(names) + 1) + wells[name].cat.codes.to_numpy(np.int64)
    return np.where(unknown, -1, codes), known


def _batches(keys: pd.DataFrame, plates: pd.DataFrame | None) -> tuple[pd.Series, list[str]]:
    """Batch of each row, its plate where the metadata gives no batch."""
    plate = keys["Metadata_Plate"].astype(object)
    if plates is None:
        return plate, ["There is no plate table in metadata/: each plate is taken as an experiment of its own."]
    listed = plates.astype(object).dropna().drop_duplicates(["Metadata_Source", "Metadata_Plate"])
    joined = pd.DataFrame({"Metadata_Source": keys["Metadata_Source"].astype(object), "Metadata_Plate": plate})
    batch = joined.merge(listed, how="left", on=["Metadata_Source", "Metadata_Plate"])["Metadata_Batch"]
    missing = batch.isna().to_numpy()
    notes = []
    if missing.any():
        notes.append(
            f"{plate[missing].nunique():,} plates have no batch in the metadata: "
            "each is taken as an experiment of its own."
        )
    return batch.where(~missing, plate), notes


def _wells_without_profiles(keys: pd.DataFrame, wells: pd.DataFrame) -> int:
    """Wells of the metadata on plates that have profiles, but without a profile themselves."""
    codes, known = _well_codes(keys, wells)
    plates = set(keys["Metadata_Plate"].cat.categories)
    here = wells["Metadata_Plate"].isin(plates) & wells["Metadata_Source"].isin(
        set(keys["Metadata_Source"].cat.categories)
    )
    return int((here.to_numpy() & ~np.isin(known, codes)).sum())
