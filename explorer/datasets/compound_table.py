"""A second table about the compounds (or genes): structures, targets and mechanisms, found under tolerant names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from explorer.datasets.reading import closest, open_table
from explorer.errors import InputError

#: What each entity column is called in the tables in use, first match first; case and a leading Metadata_ do not count.
_NAMES = {
    "smiles": ("smiles", "isosmiles", "canonical_smiles", "compound smiles"),
    "targets": ("target_list", "target_genes", "targets", "target", "gene"),
    "main_target": ("target", "primary_target", "main_target"),
    "mechanism": ("moa", "mechanism", "mechanism_of_action", "pert_moa"),
    "identifier": ("broad_sample", "broad_id", "compound brd", "inchikey", "inchi_key", "compound inchikey"),
    "synonyms": ("synonyms", "synonym", "aliases", "other_names"),
    "name": ("pert_iname", "compound_name", "compound name", "name", "preferred_name"),
}
_GENE_NAMES = {
    "identifier": ("ncbi_gene_id", "entrez_id", "entrez", "gene_id", "hgnc_id", "ensembl_id"),
    "synonyms": ("synonyms", "synonym", "alias_symbol", "aliases"),
}
_KEYS = {
    "compound": ("pert_iname", "compound", "compound_name", "name", "broad_sample", "label"),
    "gene": ("symbol", "gene", "gene_symbol", "approved_symbol", "label"),
}


def read_annotations(
    path: Path, labels: Sequence[str], *, kind: str = "compound", key: str | None = None, label_column: str = ""
) -> tuple[Mapping[str, dict], tuple[str, ...]]:
    """What a table says of each label.

    Parameters
    ----------
    path : Path
        CSV, TSV or Parquet; the column names may start with `Metadata_` and be written in any case.
    labels : sequence of str
        Labels of the map; compared without regard to case.
    kind : {"compound", "gene"}
    key : str, optional
        Column to compare with the labels; by default `label_column` if it is there, else one that is usual for names.
    label_column : str
        Name of the label column in the profiles.

    Returns
    -------
    found : mapping of label to dict
        Keys of `ENTITY_COLUMNS`, only those the table has a value for.
    notes : tuple of str
        How many labels the table does not list, and how many it lists twice.

    Raises
    ------
    InputError
        The table cannot be read, the key is absent, or no label is in it.
    """
    table = open_table(path)
    by_name = {_plain(name): name for name in reversed(table.columns)}
    key = _key(table, by_name, kind, key, label_column)
    wanted = {}
    for field, names in (_NAMES if kind == "compound" else _GENE_NAMES).items():
        column = next((by_name[name] for name in names if name in by_name and by_name[name] != key), None)
        if column is not None:
            wanted[field] = column
    frame = table.metadata(text=list(dict.fromkeys([key, *wanted.values()]))).astype(object)
    rows: dict[str, dict] = {}
    repeated = 0
    for record in frame[frame[key].notna()].to_dict("records"):
        name = str(record[key]).casefold()
        values = {field: record[column] for field, column in wanted.items() if isinstance(record[column], str)}
        if name in rows:
            repeated += any(rows[name].get(field, value) != value for field, value in values.items())
            rows[name] = values | rows[name]
        else:
            rows[name] = values

    found = {label: _entity(rows[label.casefold()], label) for label in labels if label.casefold() in rows}
    if not found:
        raise InputError(
            f'{path.name}: no {kind} of the profiles, such as "{labels[0]}", is in its column "{key}". '
            "Name the column that holds the same names."
        )
    notes = []
    if missing := len(labels) - len(found):
        notes.append(f"{missing:,} of {len(labels):,} {kind}s are not in {path.name}.")
    if repeated:
        notes.append(f"{path.name} says different things of one name in {repeated:,} rows: the first counts.")
    return found, tuple(notes)


def _plain(name: str) -> str:
    return name.strip().lower().removeprefix("metadata_")


def _key(table, by_name: Mapping[str, str], kind: str, key: str | None, label_column: str) -> str:
    if key is not None:
        if key in table.columns:
            return key
        if _plain(key) in by_name:
            return by_name[_plain(key)]
        raise InputError(
            f'{table.path.name} has no column "{key}" to find the {kind}s by. {closest(key, table.columns)}'
        )
    for name in (_plain(label_column), *_KEYS[kind]):
        if name in by_name:
            return by_name[name]
    raise InputError(f"{table.path.name}: which column names the {kind}s? There are {', '.join(table.columns[:12])}.")


def _entity(values: Mapping[str, str], label: str) -> dict:
    entity = {field: values[field] for field in ("smiles", "mechanism", "identifier") if field in values}
    synonyms = [*_split(values.get("synonyms", "")), values.get("name", "")]
    if other := tuple(dict.fromkeys(name for name in synonyms if name and name != label)):
        entity["synonyms"] = other
    listed = [*_split(values.get("main_target", "")), *_split(values.get("targets", ""))]
    if targets := tuple(dict.fromkeys(listed)):
        entity["targets"] = targets
    return entity


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split("|") if part.strip()]
