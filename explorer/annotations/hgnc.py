"""Gene symbols, their other names, ids and positions, from the complete set of the HUGO Gene Nomenclature Committee.

Its file is CC0; see Seal et al. 2023, doi:10.1093/nar/gkac888.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from pathlib import Path

import pandas as pd

from explorer.annotations.arms import arm_of
from explorer.annotations.drafts import Draft
from explorer.annotations.registered import ARMS, GENES, About
from explorer.annotations.unpack import read_lines
from explorer.errors import InputError

_MOST_BYTES = 200_000_000
_TEXTS = {
    "symbol": "symbol",
    "name": "name",
    "entrez": "entrez_id",
    "ensembl": "ensembl_gene_id",
    "location": "location",
}
_LISTS = {"aliases": "alias_symbol", "previous": "prev_symbol"}
_OTHERS = ("status", "date_modified")
_BAND = re.compile(r"(\d{1,2}|X|Y)?([pq])(?=\d|ter|-|\s|$)")


def read_hgnc(path: Path) -> tuple[Draft, ...]:
    """The approved genes, ready to be registered.

    Parameters
    ----------
    path : Path
        `hgnc_complete_set.txt`, plain or gzipped.

    Raises
    ------
    InputError
        When it is not that table, or is cut off; names the line.
    """
    genes, changed = read_genes_of_hgnc(path)
    about = About(
        name="HGNC",
        kind="genes",
        licence="CC0",
        version=f"changed {changed}" if changed else "not stated",
        citation="doi:10.1093/nar/gkac888",
        home="genenames.org",
        fetched="",
        fetch="genes",
        n=len(genes),
    )
    parquet = io.BytesIO()
    genes.to_parquet(parquet, index=False)
    return (Draft(about, {GENES: parquet.getvalue(), ARMS: _arms(genes)}),)


def read_genes_of_hgnc(path: Path) -> tuple[pd.DataFrame, str]:
    """Approved genes by symbol, as `registered.read_genes` gives them, and the date of the newest change."""
    lines = read_lines(path, most=_MOST_BYTES, ending=".txt")
    heading = next(lines, "").split("\t")
    missing = [c for c in (*_TEXTS.values(), *_LISTS.values(), *_OTHERS) if c not in heading]
    if missing:
        raise InputError(f"{path.name} has no column {', '.join(missing)}; is it the complete set of HGNC?")
    rows, changed = [], ""
    for number, line in enumerate(lines, start=2):
        cells = line.split("\t")
        if len(cells) != len(heading):
            wrong = f"{path.name} has {len(cells)} columns in line {number:,}, not {len(heading)}"
            raise InputError(f"{wrong}; it is cut off or another table: get it again")
        row = {name: cell.strip().strip('"') for name, cell in zip(heading, cells, strict=True)}
        changed = max(changed, row["date_modified"])
        if row["status"] == "Approved" and row["symbol"]:
            rows.append(
                {ours: row[theirs] for ours, theirs in _TEXTS.items()}
                | {ours: _listed(row[theirs]) for ours, theirs in _LISTS.items()}
                | {"arm": single_arm(row["location"])}
            )
    genes = pd.DataFrame(rows, columns=[*_TEXTS, *_LISTS, "arm"])
    if genes.empty or genes["symbol"].duplicated().any():
        raise InputError(f"{path.name} lists no approved gene, or one twice; is it the complete set of HGNC?")
    return genes.sort_values("symbol", ignore_index=True), changed


def single_arm(location: str) -> str:
    """`11p` of `11p15.5-p15.4`; empty for `Xp22.33 and Yp11.2`, `1p13-q21`, `mitochondria` and what has no band."""
    first = arm_of(location)
    arms = {f"{chromosome or first[:-1]}{arm}" for chromosome, arm in _BAND.findall(location)}
    return first if arms == {first} else ""


def _arms(genes: pd.DataFrame) -> bytes:
    """CSV of `symbol` and `arm`; an old symbol is there too where it means one gene only."""
    arms = {g.symbol: g.arm for g in genes.itertuples()}
    times = Counter(old for previous in genes["previous"] for old in set(previous))
    old = {p: g.arm for g in genes.itertuples() for p in g.previous if times[p] == 1 and p not in arms}
    table = pd.DataFrame(sorted((arms | old).items()), columns=["symbol", "arm"])
    return table[table["arm"] != ""].to_csv(index=False).encode("utf-8")


def _listed(cell: str) -> list[str]:
    return [part.strip() for part in cell.split("|") if part.strip()]
