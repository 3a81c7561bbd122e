"""Chromosome arms of genes: knockouts on one arm look alike for a reason that is not their function."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from explorer.errors import InputError

_GENE_COLUMNS = ("symbol", "gene", "gene_symbol", "label")
_ARM_COLUMNS = ("arm", "chromosome_arm", "chrom_arm", "map_location", "cytoband", "band")
_ARM = re.compile(r"(?:chr)?([1-9]|1\d|2[0-2]|X|Y)([pq])", re.IGNORECASE)


def read_arms(path: Path) -> dict[str, str]:
    """Gene symbol to chromosome arm (`17q`).

    Parameters
    ----------
    path : Path
        CSV or TSV (gz) with a column of symbols (`symbol`, `gene`, ...) and one of arms (`arm`) or of bands
        (`map_location`, `cytoband`: `17q21.31` is on `17q`). A gene that is listed on two arms (X and Y) has none.

    Raises
    ------
    InputError
        When the file or its columns are not there, or no row has an arm.
    """
    path = Path(path)
    try:
        tabs = ".tsv" in path.name or ".txt" in path.name
        table = pd.read_csv(path, sep="\t" if tabs else ",", dtype=str, keep_default_na=False, index_col=False)
    except (ValueError, OSError) as error:
        raise InputError(f"the table of chromosome arms {path} cannot be read: {str(error).splitlines()[0]}") from error
    named = {str(column).casefold(): column for column in table.columns}
    gene = next((named[c] for c in _GENE_COLUMNS if c in named), None)
    arm = next((named[c] for c in _ARM_COLUMNS if c in named), None)
    if gene is None or arm is None:
        lacking = _GENE_COLUMNS if gene is None else _ARM_COLUMNS
        raise InputError(f"{path.name} has no column {' or '.join(lacking)}; it has {', '.join(table.columns[:8])}")
    parsed = pd.Series(table[arm].map(arm_of).to_numpy(dtype=object), index=table[gene].str.strip(), dtype=object)
    parsed = parsed[parsed != ""]
    if parsed.empty:
        raise InputError(f'column "{arm}" of {path.name} holds no arm such as 17q')
    several = parsed.groupby(level=0).nunique()
    return parsed[~parsed.index.duplicated()].drop(several.index[several > 1]).to_dict()


def arm_of(location: str) -> str:
    """`17q` from `17q`, `chr17q` or `17q21.31`; empty where the text names no single arm."""
    match = _ARM.match(location.strip())
    return f"{match[1].upper()}{match[2].lower()}" if match else ""


def arms_of_labels(labels: Sequence[str], arms: Mapping[str, str]) -> np.ndarray:
    """Arm of each label as a str array; empty for blinded ids, compounds and symbols that have none."""
    return np.array([arms.get(label, "") for label in labels], dtype=str)
