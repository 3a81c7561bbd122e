"""What tables say of compounds: targets with potency and source, mechanisms, other names.

Two shapes are read: one row a compound and target (the compound-gene table of the RxRx3-core benchmark, or one's own),
and one row a compound with its targets separated by `|`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from explorer.annotations.names import plain
from explorer.errors import InputError

#: What a column is called in the tables in use, first match first; case does not count.
COLUMNS = {
    "compound": ("compound", "treatment", "pert_iname", "compound_name", "name", "label", "inchikey"),
    "gene": ("gene", "gene_symbol", "target", "target_gene", "targets", "target_list", "symbol"),
    "potency": ("potency", "nm_value", "value", "standard_value", "affinity", "ic50_nm", "kd_nm"),
    "unit": ("unit", "units", "standard_units"),
    "measure": ("measure", "measurement_type", "standard_type", "type"),
    "source": ("source", "database", "reference", "citation"),
    "mechanism": ("mechanism", "moa", "mechanism_of_action"),
    "synonyms": ("synonyms", "synonym", "aliases", "other_names"),
}
#: Unit to nM.
UNITS = {"pm": 1e-3, "nm": 1.0, "um": 1e3, "µm": 1e3, "μm": 1e3, "mm": 1e6, "m": 1e9}
_IN_NM = ("nm_value", "ic50_nm", "kd_nm")


@dataclass(frozen=True)
class Target:
    """A gene that a compound is said to act on; `potency` in nM, or None where the table has none."""

    gene: str
    potency: float | None
    measure: str
    source: str


@dataclass(frozen=True)
class CompoundFacts:
    """All that one table says of one compound."""

    label: str
    targets: tuple[Target, ...]
    mechanism: str
    synonyms: tuple[str, ...]


@dataclass(frozen=True)
class CompoundSource:
    """A table about compounds; `facts` by the plain name of the compound."""

    name: str
    licence: str
    version: str
    citation: str
    facts: dict[str, CompoundFacts]

    @property
    def n(self) -> int:
        """Number of compounds."""
        return len(self.facts)

    def of(self, names: Iterable[str]) -> CompoundFacts | None:
        """What the table says of a compound that has these names; the first name that it lists counts."""
        return next((self.facts[plain(n)] for n in names if plain(n) in self.facts), None)


def read_compound_table(path: Path) -> dict[str, CompoundFacts]:
    """Read a table about compounds.

    Parameters
    ----------
    path : Path
        CSV or TSV (gz) with a column that names the compound and any of `COLUMNS`. Potencies are in nM, or in the
        unit that the column `unit` gives (pM, nM, uM, mM, M).

    Returns
    -------
    dict of plain name to CompoundFacts

    Raises
    ------
    InputError
        When the file cannot be read, no column names the compound or none says anything of it, or a potency is no
        positive number in a known unit; says which row.
    """
    table, named = _table(Path(path))
    if "compound" not in named:
        raise InputError(f"{path.name} has no column {', '.join(COLUMNS['compound'][:4])}; it has {_some(table)}")
    if not {"gene", "mechanism", "synonyms"} & named.keys():
        raise InputError(f"{path.name} says nothing of its compounds; give a column gene, mechanism or synonyms")
    rows: dict[str, list[tuple[str, list[Target], dict[str, str]]]] = {}
    for number, record in enumerate(table.to_dict("records"), start=2):
        given = {field: record[column].strip() for field, column in named.items()}
        if plain(given["compound"]):
            targets = _targets(given, named, where=f"{path.name}, row {number}")
            rows.setdefault(plain(given["compound"]), []).append((given["compound"], targets, given))
    if not rows:
        raise InputError(f"{path.name} names no compound in its column {named['compound']}")
    return {key: _facts(of_compound) for key, of_compound in rows.items()}


def _table(path: Path) -> tuple[pd.DataFrame, dict[str, str]]:
    """The table as text, and which column holds what."""
    tabs = path.name.removesuffix(".gz").endswith((".tsv", ".txt"))
    try:
        table = pd.read_csv(path, sep="\t" if tabs else ",", dtype=str, keep_default_na=False, index_col=False)
    except (ValueError, OSError) as error:
        raise InputError(f"{path.name} cannot be read as a table: {str(error).splitlines()[0]}") from error
    names = {str(c).strip().casefold().removeprefix("metadata_"): c for c in reversed(table.columns)}
    found = ((field, next((names[c] for c in known if c in names), None)) for field, known in COLUMNS.items())
    return table, {field: column for field, column in found if column is not None}


def _targets(given: dict[str, str], named: dict[str, str], *, where: str) -> list[Target]:
    genes = [g.strip() for g in given.get("gene", "").split("|") if g.strip()]
    potency, text = None, given.get("potency", "")
    if text:
        unit = given.get("unit", "").casefold() or "nm"
        unit = "nm" if named["potency"].casefold() in _IN_NM else unit
        try:
            potency = float(text) * UNITS[unit]
        except (ValueError, KeyError):
            potency = math.nan
        if not 0 < potency < math.inf:
            raise InputError(
                f"{where}: a potency is a positive number in pM, nM, uM, mM or M, not '{text[:30]} {unit}'"
            )
    return [Target(gene, potency, given.get("measure", ""), given.get("source", "")) for gene in genes]


def _facts(rows: list[tuple[str, list[Target], dict[str, str]]]) -> CompoundFacts:
    targets = dict.fromkeys(t for _, of_row, _ in rows for t in of_row)
    mechanisms = dict.fromkeys(given["mechanism"] for _, _, given in rows if given.get("mechanism"))
    names = [s.strip() for _, _, given in rows for s in given.get("synonyms", "").split("|")]
    order = sorted(targets, key=lambda t: (t.potency is None, t.potency or 0, t.gene))
    return CompoundFacts(rows[0][0], tuple(order), "; ".join(mechanisms), tuple(dict.fromkeys(filter(None, names))))


def _some(table: pd.DataFrame) -> str:
    return ", ".join(map(str, table.columns[:8]))
