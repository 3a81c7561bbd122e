"""Any table of profiles: the columns are named by options, the rest is features."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from explorer.datasets.profiles import Profiles, Progress, silent
from explorer.datasets.reading import Table, closest, open_table, require, source, stack
from explorer.datasets.table_metadata import describe_rows
from explorer.datasets.table_options import TableOptions, check_options
from explorer.datasets.writer import ProfilesWriter
from explorer.errors import InputError


def load_table(files: Sequence[Path], *, options: TableOptions, progress: Progress = silent) -> Profiles:
    """Load profiles, or vectors that are already aggregated, from one or more tables that belong together.

    Parameters
    ----------
    files : sequence of Path
        Parquet, CSV, TSV (either gzipped) or .h5ad; all with the same features.
    options : TableOptions
    progress : callable
        Called as `progress(stage, done, total)`.

    Returns
    -------
    Profiles
        Features of shape (rows, features), concentrations in uM.

    Raises
    ------
    InputError
        An option, column or value cannot be used, the files differ in their features, or one is damaged.
    """
    check_options(options)
    if not files:
        raise InputError("No table is given.")
    tables = [open_table(Path(path)) for path in files]
    named = options.columns()
    for table in tables:
        for role, column in named.items():
            require(table, [column], purpose=role)
    features = _features(tables, options)
    numbers = [named[role] for role in ("concentration", "count") if role in named]
    text = [column for column in dict.fromkeys(named.values()) if column not in numbers]
    frames = []
    for table in tables:
        progress("read metadata", len(frames), len(tables))
        frames.append(table.metadata(text=text, numbers=numbers))
    if not (total := sum(map(len, frames))):
        raise InputError(f"{', '.join(table.path.name for table in tables)}: there are no rows.")
    rows = describe_rows(stack(frames), options)
    writer = ProfilesWriter(
        rows.metadata,
        features=features,
        rows=min(total, int((~rows.excluded.mask).sum()) + max(table.block_rows for table in tables)),
        excluded=rows.excluded,
        transform=_log if options.transform == "log" else None,
    )
    done = 0
    for table, frame in zip(tables, frames, strict=True):
        start = done
        for block in table.blocks(features, room=writer.room):
            writer.add(block, np.arange(done, done + len(block)))
            done += len(block)
            progress("read features", done, total)
        if done - start != len(frame):
            raise InputError(f"{table.path.name} changed while it was read.")
    sources = [source(Path(path)) for path in (*files, options.compounds, options.genes) if path is not None]
    return writer.finish(rows.entities, sources=sources, notes=[*_unread(tables, options), *rows.notes])


def _features(tables: Sequence[Table], options: TableOptions) -> tuple[str, ...]:
    """The features of the first table, which the others must have as well."""
    chosen = [_chosen(table, options) for table in tables]
    first = chosen[0]
    if not first:
        raise InputError(
            f'{tables[0].path.name}: no column matches features "{options.features}". '
            f"{closest(options.features, tables[0].candidates)}"
            if options.features is not None
            else f"{tables[0].path.name} has no features: no numeric column is left beside those named by options."
        )
    for table, names in zip(tables[1:], chosen[1:], strict=True):
        if differing := set(first) ^ set(names):
            raise InputError(
                f"{table.path.name} and {tables[0].path.name} differ in {len(differing):,} features, such as "
                f'"{min(differing)}". Tables that are read together must have the same; choose them with features.'
            )
    return first


def _chosen(table: Table, options: TableOptions) -> tuple[str, ...]:
    named = set(options.columns().values())
    if options.features is not None:
        pattern = re.compile(options.features)
        return tuple(name for name in table.candidates if name not in named and pattern.search(name))
    return tuple(name for name in table.numeric if name not in named and not name.startswith("Metadata"))


def _unread(tables: Sequence[Table], options: TableOptions) -> list[str]:
    """Say which default features may be none (whole numbers), and which columns were passed over as a row index."""
    notes: list[str] = []
    if options.features is not None:
        return notes
    first = tables[0]
    features = _chosen(first, options)
    if 0 < len(whole := [name for name in features if name in first.whole]) < len(features) / 2:
        listed = ", ".join(f'"{name}"' for name in whole[:5])
        notes.append(
            f"Columns of whole numbers are taken as features ({listed}); if they are none, choose the features."
        )
    index = [name for name in first.columns if not name or name.startswith(("Unnamed: ", "__index_level_"))]
    if index:
        notes.append(f"{len(index)} columns that hold a row index are no features.")
    return notes


def _log(rows: np.ndarray) -> np.ndarray:
    """Natural logarithm, clipped at 1e-4 from below."""
    return np.log(np.maximum(rows, np.float32(1e-4)))
