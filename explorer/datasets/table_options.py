"""What the columns of a table mean: the options of `load_table`, checked before any file is opened."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from explorer.errors import InputError


@dataclass(frozen=True)
class TableOptions:
    """Which column of a table means what; only `label`, and `kind` or `kind_all`, are required.

    Attributes
    ----------
    label : str
        Column with the gene symbol or compound name.
    kind : str, optional
        Column that tells genes from compounds.
    kind_all : {"gene", "compound"}, optional
        What every row is that is no control, in place of `kind`.
    kind_values : mapping, optional
        Kind to its value in the column `kind`, `{"gene": "crispr", "compound": "compound"}`; other values are left out.
        Without it the column holds gene, compound or control itself.
    where : mapping
        Column to value; only rows that have all of them are read.
    concentration, batch, plate, well, guide : str, optional
        Columns; concentrations are taken as uM.
    control_col, controls : str, tuple of str
        A row is a control if this column (the label's, where none is given) holds one of these values; without values,
        if it holds anything.
    smiles, count : str, optional
        Columns with the structure and the number of cells.
    features : str, optional
        Regular expression; a column is a feature if it matches anywhere in the name (`re.search`), so anchor it with
        `^` and `$` for the whole name. Without it: every numeric column that is named by no option and does not start
        with `Metadata`.
    transform : {"log"}, optional
        Natural logarithm of each feature, clipped at 1e-4 from below first.
    compounds, compounds_key : Path, str, optional
        A table about the compounds and its column that holds the labels.
    genes, genes_key : Path, str, optional
        The same for genes.
    """

    label: str
    kind: str | None = None
    kind_all: str | None = None
    kind_values: Mapping[str, str] | None = None
    where: Mapping[str, str] = field(default_factory=dict)
    concentration: str | None = None
    batch: str | None = None
    plate: str | None = None
    well: str | None = None
    guide: str | None = None
    control_col: str | None = None
    controls: tuple[str, ...] = ()
    smiles: str | None = None
    count: str | None = None
    features: str | None = None
    transform: str | None = None
    compounds: Path | None = None
    compounds_key: str | None = None
    genes: Path | None = None
    genes_key: str | None = None

    def columns(self) -> dict[str, str]:
        """The named columns of the table by what they mean."""
        roles = ("label", "kind", "batch", "plate", "well", "guide", "control_col", "smiles", "concentration", "count")
        named = {role: getattr(self, role) for role in roles if getattr(self, role) is not None}
        return named | {f"where {column}": column for column in self.where}


def check_options(options: TableOptions) -> None:
    """Refuse options that contradict each other, before any file is opened.

    Raises
    ------
    InputError
    """
    if not options.label:
        raise InputError("Name the column that holds the gene symbol or compound name (label).")
    if options.kind is None and options.kind_all is None:
        raise InputError(
            "Say what the rows are: kind_all (every row is a gene, or every row a compound), or kind with the "
            "column that tells them apart."
        )
    if options.kind is not None and options.kind_all is not None:
        raise InputError("Give kind (a column) or kind_all (one kind for all rows), not both.")
    if options.kind_all not in (None, "gene", "compound"):
        raise InputError(f'kind_all is "{options.kind_all}"; it can be gene or compound.')
    if unknown := set(options.kind_values or ()) - {"gene", "compound", "control"}:
        raise InputError(f'kind_values names "{min(unknown)}"; kinds are gene, compound and control.')
    if options.kind_values and options.kind is None:
        raise InputError("kind_values needs kind, the column that holds those values.")
    if options.transform not in (None, "log"):
        raise InputError(f'transform is "{options.transform}"; the only one is log.')
    for table, key in (("compounds", "compounds_key"), ("genes", "genes_key")):
        if getattr(options, key) is not None and getattr(options, table) is None:
            raise InputError(f"{key} needs {table}, the table it is a column of.")
    if options.features is not None:
        try:
            re.compile(options.features)
        except re.error as error:
            raise InputError(f'features is "{options.features}", no regular expression: {error}.') from error
