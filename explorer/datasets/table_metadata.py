"""From the named columns of a table to canonical metadata: kinds, controls, concentrations, well ids, entities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from explorer.datasets.compound_table import read_annotations
from explorer.datasets.concentrations import check_values, merge_levels, unit_note
from explorer.datasets.profiles import KINDS, entities_frame, metadata_frame
from explorer.datasets.reading import closest
from explorer.datasets.table_options import TableOptions
from explorer.datasets.writer import NO_LABEL, SECOND_WELL, Exclusions
from explorer.errors import InputError


@dataclass(frozen=True)
class TableRows:
    """Canonical metadata of every row of a table, which rows are out, the entities, and what to say about it."""

    metadata: pd.DataFrame
    excluded: Exclusions
    entities: pd.DataFrame
    notes: tuple[str, ...]


def describe_rows(raw: pd.DataFrame, options: TableOptions) -> TableRows:
    """Read the named columns as `TableOptions` says.

    Parameters
    ----------
    raw : DataFrame
        One row a row of the tables; text as Categorical, concentration and count as float64.
    options : TableOptions

    Raises
    ------
    InputError
        A value asked for is nowhere, well ids repeat because the plate is not named, or a concentration is negative.
    """
    excluded = Exclusions(len(raw))
    notes: list[str] = []
    for column, value in options.where.items():
        _keep_where(raw[column], column, value, excluded)
    control = _controls(raw, options, excluded)
    label = raw[options.label].astype(object)
    if options.control_col is not None:
        label = label.where(label.notna() | ~control, raw[options.control_col].astype(object))
    kind = _kinds(raw, options, control=control, excluded=excluded)
    control = kind == "control"
    excluded.drop(label.isna().to_numpy(), NO_LABEL)
    well = _wells(raw, options, excluded)
    concentration, told = _concentrations(raw, options, compound=kind == "compound", excluded=excluded)
    notes += told

    batch = options.batch or options.plate
    if options.batch is None:
        what = (
            "each plate is taken as an experiment of its own"
            if options.plate
            else "all rows are taken as one experiment"
        )
        notes.append(f"No batch column is named: {what}.")
    if not control[~excluded.mask].any():
        notes.append("No row is a control.")
    metadata = metadata_frame(
        well=well,
        experiment=_filled(raw[batch], "unknown") if batch else np.full(len(raw), "all", dtype=object),
        plate=raw[options.plate] if options.plate else None,
        kind=kind,
        label=label,
        guide=raw[options.guide] if options.guide else None,
        concentration=concentration,
        cell_count=raw[options.count].to_numpy() if options.count else None,
    )
    entities, told = _entities(metadata, raw, options, ~excluded.mask & ~control)
    return TableRows(metadata, excluded, entities, (*notes, *told))


def _keep_where(values: pd.Series, column: str, value: str, excluded: Exclusions) -> None:
    if isinstance(values.dtype, pd.CategoricalDtype):
        match = (values == str(value)).fillna(False).to_numpy(dtype=bool)
        there = values.cat.categories
    else:
        match = values.to_numpy() == pd.to_numeric(value, errors="coerce")
        there = [f"{number:g}" for number in np.unique(values.dropna())]
    if not match.any():
        raise InputError(f'where: column "{column}" never holds "{value}". {closest(value, there)}')
    if not (match & ~excluded.mask).any():
        raise InputError(f'where: no row has "{value}" in column "{column}" and the other values asked for.')
    excluded.drop(~match, f'{column} is not "{value}"')


def _controls(raw: pd.DataFrame, options: TableOptions, excluded: Exclusions) -> np.ndarray:
    """True for each row that the options make a control."""
    if options.control_col is None and not options.controls:
        return np.zeros(len(raw), dtype=bool)
    column = options.control_col or options.label
    values = raw[column]
    if not isinstance(values.dtype, pd.CategoricalDtype):
        values = values.map("{:g}".format, na_action="ignore").astype("category")
    if not options.controls:
        return values.notna().to_numpy()
    for value in options.controls:
        if not (values == value).any():
            raise InputError(
                f'controls: column "{column}" never holds "{value}". {closest(value, values.cat.categories)}'
            )
    return values.isin(options.controls).to_numpy()


def _kinds(raw: pd.DataFrame, options: TableOptions, *, control: np.ndarray, excluded: Exclusions) -> np.ndarray:
    """Kind of each row, None where it is left out."""
    if options.kind is None:
        return np.where(control, "control", options.kind_all)
    values = raw[options.kind]
    wanted = options.kind_values or {kind: kind for kind in KINDS}
    there = {str(name).casefold() for name in values.cat.categories}
    for kind, value in wanted.items():
        if options.kind_values and value.casefold() not in there:
            raise InputError(
                f'kind_values: column "{options.kind}" never holds "{value}" ({kind}). '
                f"{closest(value, values.cat.categories)}"
            )
    kinds = {value.casefold(): kind for kind, value in wanted.items()}
    by_category = np.array([*(kinds.get(str(name).casefold()) for name in values.cat.categories), None], dtype=object)
    kind = by_category[values.cat.codes]
    kind[control] = "control"
    unknown = pd.isna(kind)
    for value in values[unknown & ~excluded.mask].dropna().unique():
        excluded.drop(unknown & (values == value).to_numpy(), f"kind '{value}' is not asked for")
    excluded.drop(unknown, f'no kind in column "{options.kind}"')
    return kind


def _wells(raw: pd.DataFrame, options: TableOptions, excluded: Exclusions) -> pd.Series:
    """Identifier of each row: its batch, plate and well where a well is named, else its number in the source."""
    if options.well is None:
        return pd.Series([f"row {number}" for number in range(1, len(raw) + 1)], dtype=object)
    named = dict.fromkeys(c for c in (options.batch, options.plate, options.well) if c is not None)
    parts = [raw[column].astype(object).fillna("") for column in named]
    well = parts[0]
    for part in parts[1:]:
        well = well + "_" + part
    usable = ~excluded.mask
    repeated = np.zeros(len(raw), dtype=bool)
    repeated[usable] = well[usable].duplicated().to_numpy()
    if options.plate is None and repeated.sum() > usable.sum() / 2:
        raise InputError(
            f'{int(repeated.sum()):,} of {int(usable.sum()):,} rows repeat a well of column "{options.well}". '
            "Name the plate column as well."
        )
    excluded.drop(raw[options.well].isna().to_numpy(), "no well")
    excluded.drop(repeated, SECOND_WELL)
    return well


def _concentrations(
    raw: pd.DataFrame, options: TableOptions, *, compound: np.ndarray, excluded: Exclusions
) -> tuple[np.ndarray | None, Sequence[str]]:
    """uM of the compound rows, NaN elsewhere, two spellings of one level made one."""
    if options.concentration is None:
        return None, ()
    usable = compound & ~excluded.mask
    values = np.where(usable, raw[options.concentration].to_numpy(), np.nan)
    check_values(values, column=options.concentration)
    merged, notes = merge_levels(values)
    notes = [*unit_note(options.concentration), *notes]
    if zero := int((values == 0).sum()):
        notes.append(
            f"{zero:,} rows have concentration 0 and are no control; if they are untreated, name them as controls."
        )
    if missing := int((usable & np.isnan(values)).sum()):
        notes.append(f"{missing:,} compound rows have no concentration.")
    return merged, notes


def _entities(
    metadata: pd.DataFrame, raw: pd.DataFrame, options: TableOptions, usable: np.ndarray
) -> tuple[pd.DataFrame, list[str]]:
    pairs = metadata.loc[usable, ["kind", "label"]].astype(object).drop_duplicates().sort_values(["kind", "label"])
    rows = {pair: {"kind": pair[0], "label": pair[1]} for pair in pairs.itertuples(index=False, name=None)}
    notes: list[str] = []
    if options.smiles is not None:
        structures = pd.DataFrame({"label": metadata["label"], "smiles": raw[options.smiles]}).astype(object)
        structures = structures[usable & (metadata["kind"] == "compound").to_numpy()].dropna().drop_duplicates()
        if several := int((structures.groupby("label").size() > 1).sum()):
            notes.append(f"{several:,} compounds come with more than one structure; the first is kept.")
        for label, smiles in structures.drop_duplicates("label").itertuples(index=False):
            rows["compound", label]["smiles"] = smiles
    about = (("compound", options.compounds, options.compounds_key), ("gene", options.genes, options.genes_key))
    for kind, path, key in about:
        labels = [label for other, label in rows if other == kind]
        if path is not None and labels:
            found, told = read_annotations(path, labels, kind=kind, key=key, label_column=options.label)
            notes += told
            for label, entity in found.items():
                rows[kind, label] = entity | rows[kind, label]
    return entities_frame(list(rows.values())), notes


def _filled(values: pd.Series, name: str) -> pd.Series:
    return values.astype(object).fillna(name)
