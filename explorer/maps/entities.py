"""Entities: the genes and compounds of a map, with ids that are safe in a URL.

An entity id is its kind and slug (`gene:CDK12`, `compound:bortezomib`); a perturbation id adds the concentration
(`compound:bortezomib@0.025`).
"""

from __future__ import annotations

import re
import unicodedata

import pandas as pd

from explorer.chemistry.structures import inchikey

BLINDED = re.compile(r"RXRX3-\d+")
LIST_COLUMNS = ("synonyms", "targets")
TEXT_COLUMNS = ("identifier", "smiles", "mechanism", "name", "arm")


def slug(label: str, *, kind: str) -> str:
    """A URL segment for a label: gene symbols keep their case, compound names become lower-case ASCII."""
    text = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode()
    text = text if kind == "gene" else text.lower()
    return re.sub(r"[^A-Za-z0-9.+]+", "-", text).strip("-.") or "unnamed"


def entity_table(known: pd.DataFrame, present: pd.DataFrame) -> pd.DataFrame:
    """The entities of a map.

    Parameters
    ----------
    known : DataFrame
        What the loader knows (`ENTITY_COLUMNS`); rows for entities without a vector are ignored.
    present : DataFrame
        `kind` and `label` of every gene and compound that has a vector.

    Returns
    -------
    DataFrame
        `entity`, `slug`, `kind`, `label`, `blinded`, `inchikey`, then what is known; genes first, by label.
        Equal slugs get `-2`, `-3`, ...
    """
    pairs = (
        present[["kind", "label"]].astype(str).drop_duplicates().sort_values(["kind", "label"], ascending=[False, True])
    )
    known = known.astype({"kind": str, "label": str}).drop_duplicates(["kind", "label"])
    table = pairs.merge(known, on=["kind", "label"], how="left")
    for column in TEXT_COLUMNS:
        table[column] = [v if isinstance(v, str) and v else None for v in table[column]] if column in table else None
    for column in LIST_COLUMNS:
        values = table[column] if column in table else [()] * len(table)
        table[column] = [tuple(map(str, v)) if isinstance(v, list | tuple) else () for v in values]
    table["blinded"] = [bool(BLINDED.fullmatch(x)) for x in table["label"]]
    table["inchikey"] = [inchikey(s) if s else None for s in table["smiles"]]
    table["slug"] = _unique_slugs(table)
    table["entity"] = table["kind"] + ":" + table["slug"]
    first = ["entity", "slug", "kind", "label", "blinded", "inchikey"]
    return table[first + [c for c in table.columns if c not in first]].reset_index(drop=True)


def perturbation_id(entity: str, concentration: float) -> str:
    """`gene:CDK12`, or `compound:bortezomib@0.025` where there is a concentration (uM)."""
    return entity if pd.isna(concentration) else f"{entity}@{concentration:.6g}"


def perturbation_ids(entities: pd.Series, concentrations: pd.Series) -> list[str]:
    """Ids that are unique: those that six digits cannot tell apart get all the digits of their concentration."""
    ids = pd.Series([perturbation_id(e, c) for e, c in zip(entities, concentrations, strict=True)], dtype=object)
    for i in ids.index[ids.duplicated(keep=False)]:
        ids[i] = f"{entities.iloc[i]}@{float(concentrations.iloc[i])!r}"
    return ids.tolist()


def _unique_slugs(table: pd.DataFrame) -> list[str]:
    taken: set[tuple[str, str]] = set()
    slugs = []
    for kind, label in zip(table["kind"], table["label"], strict=True):
        base = candidate = slug(label, kind=kind)
        n = 1
        while (kind, candidate.casefold()) in taken:
            n += 1
            candidate = f"{base}-{n}"
        taken.add((kind, candidate.casefold()))
        slugs.append(candidate)
    return slugs
