"""What RxRx3 and RxRx3-core share: one metadata table and embeddings joined to it by well id.

Names stay exactly as the source writes them, truncated ones and the CXSMILES tails of structures included, because
joins depend on them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from explorer.datasets.profiles import Progress, entities_frame, metadata_frame
from explorer.datasets.reading import open_table, require
from explorer.datasets.writer import NO_LABEL, SECOND_WELL, Exclusions
from explorer.errors import InputError

_TEXT = ("experiment_name", "plate", "gene", "treatment", "SMILES", "perturbation_type")


@dataclass(frozen=True)
class WellTable:
    """The metadata of a Recursion data set, before any embedding is read.

    Attributes
    ----------
    metadata : DataFrame
        Canonical columns, one row a line of the source.
    excluded : Exclusions
        Rows that cannot be used.
    entities : DataFrame
    notes : tuple of str
    """

    metadata: pd.DataFrame
    excluded: Exclusions
    entities: pd.DataFrame
    notes: tuple[str, ...]


def find_metadata(folder: Path, names: Sequence[str]) -> Path:
    """The first of the names (plain or gzipped) that is in the folder."""
    if not folder.is_dir():
        raise InputError(f"{folder} is no folder." if folder.exists() else f"{folder} does not exist.")
    for name in names:
        for path in (folder / name, folder / f"{name}.gz"):
            if path.is_file():
                return path
    raise InputError(f"{folder} holds no metadata: none of {', '.join(names)} is there.")


def read_wells(path: Path, *, progress: Progress) -> WellTable:
    """Read the metadata of RxRx3 or RxRx3-core, with or without `well_type_label`.

    Raises
    ------
    InputError
        A column is missing, a concentration is no number, or the file is damaged.
    """
    progress("read metadata", 0, None)
    table = open_table(path)
    require(table, ["well_id", *_TEXT, "concentration"])
    raw = table.metadata(text=_TEXT, plain=["well_id"], numbers=["concentration"])
    progress("read metadata", len(raw), len(raw))

    excluded = Exclusions(len(raw))
    excluded.drop(raw["well_id"].isna().to_numpy(), "no well id")
    excluded.drop(raw["well_id"].duplicated().to_numpy(), SECOND_WELL)
    kinds = _perturbations(raw)
    for value in sorted(set(kinds.unread.dropna())):
        excluded.drop((kinds.unread == value).to_numpy(), f"perturbation type '{value}' is not read")
    excluded.drop(kinds.label.isna(), NO_LABEL)
    compound = (kinds.kind == "compound").to_numpy()
    metadata = metadata_frame(
        well=raw["well_id"],
        experiment=raw["experiment_name"],
        plate=raw["plate"],
        kind=kinds.kind,
        label=kinds.label,
        guide=kinds.guide,
        concentration=np.where(compound, raw["concentration"].to_numpy(), np.nan),
    )
    entities, notes = _entities(metadata, raw["SMILES"], ~excluded.mask)
    pa.default_memory_pool().release_unused()
    return WellTable(metadata, excluded, entities, (*notes, *_odd_concentrations(metadata)))


class WellIndex:
    """Finds the metadata row of each well id; the rows that are `excluded` as second mentions are never found."""

    def __init__(self, wells: WellTable):
        names = wells.metadata["well"]
        self._rows = np.flatnonzero((names.notna() & ~names.duplicated()).to_numpy())
        self._index = pd.Index(names.to_numpy(dtype=object, na_value=None)[self._rows], dtype=object)

    def positions(self, ids: pa.Array) -> np.ndarray:
        """Row of each id, shape (len(ids),), -1 where the metadata does not list it."""
        found = self._index.get_indexer(pd.Index(ids.to_pandas(), dtype=object))
        return np.where(found >= 0, self._rows[found], -1)


def _perturbations(raw: pd.DataFrame) -> pd.DataFrame:
    """Kind, label and guide of each row, and the perturbation type where it is none that is read, all as Categorical.

    Worked out once for each of the few thousand different perturbations, not for each of the millions of rows.
    """
    columns = ["gene", "treatment", "perturbation_type"]
    codes = np.zeros(len(raw), dtype=np.int64)
    for name in columns:
        codes = codes * (len(raw[name].cat.categories) + 1) + raw[name].cat.codes.to_numpy(np.int64) + 1
    _, rows, inverse = np.unique(codes, return_index=True, return_inverse=True)
    each = raw.loc[rows, columns].astype(object).reset_index(drop=True)

    treatment = each["treatment"]
    control = treatment.str.endswith("_control", na=False)
    crispr = (each["perturbation_type"] == "CRISPR") & ~control
    gene = each["gene"].where(each["gene"].notna(), treatment.str.split("_", n=1).str[0])
    known = each["perturbation_type"].isin(["CRISPR", "COMPOUND"])
    guided = crispr & treatment.str.contains("_guide_", regex=False, na=False)
    values = {
        "kind": np.select([control, crispr], ["control", "gene"], default="compound"),
        "label": gene.where(crispr, treatment),
        "guide": treatment.where(guided),
        "unread": each["perturbation_type"].fillna("").where(~known),
    }
    spread = {}
    for name, column in values.items():
        names = pd.Categorical(column)
        spread[name] = pd.Categorical.from_codes(names.codes[inverse], categories=names.categories)
    return pd.DataFrame(spread)


def _entities(metadata: pd.DataFrame, smiles: pd.Series, usable: np.ndarray) -> tuple[pd.DataFrame, list[str]]:
    pairs = pd.DataFrame({"kind": metadata["kind"], "label": metadata["label"], "smiles": smiles})
    pairs = pairs[usable & (metadata["kind"] != "control").to_numpy()].drop_duplicates().astype(object)
    structures = pairs.dropna(subset="smiles")
    first = structures.drop_duplicates(["kind", "label"]).set_index(["kind", "label"])["smiles"].to_dict()
    keys = pairs[["kind", "label"]].drop_duplicates().sort_values(["kind", "label"])
    several = int((structures[structures["kind"] == "compound"].groupby("label").size() > 1).sum())
    notes = [f"{several:,} compounds come with more than one structure; the first is kept."] if several else []
    rows = [
        {"kind": kind, "label": label, "smiles": first.get((kind, label), "") if kind == "compound" else ""}
        for kind, label in keys.itertuples(index=False)
    ]
    return entities_frame(rows), notes


def _odd_concentrations(metadata: pd.DataFrame) -> list[str]:
    """Name the compounds that have concentrations of their own, where most share theirs; nothing is changed."""
    pairs = metadata.loc[metadata["concentration"].notna(), ["label", "concentration"]].drop_duplicates()
    if pairs["label"].nunique() < 10:
        return []
    users = pairs.groupby("concentration")["label"].transform("size")
    odd = pairs[(users == 1).to_numpy()].groupby("label", observed=True)["concentration"]
    return [
        f"{label} has concentrations that no other compound has ({', '.join(f'{c:g}' for c in sorted(values))} uM); "
        "they are kept as the source writes them."
        for label, values in odd
    ][:5]
