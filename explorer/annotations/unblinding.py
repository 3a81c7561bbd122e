"""Unblinding: which gene a blinded id is, from a table of whoever is allowed to know."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from explorer.errors import InputError

_BLINDED = ("blinded", "blinded_id", "rxrx3", "id")
_SYMBOL = ("symbol", "gene", "gene_symbol")


def read_unblinding(path: Path) -> dict[str, str]:
    """Blinded id to gene symbol.

    Parameters
    ----------
    path : Path
        CSV or TSV (gz) with the columns `blinded` and `symbol`.

    Raises
    ------
    InputError
        When the file or its columns are not there, or one id is given two symbols or one symbol to two ids.
    """
    path = Path(path)
    tabs = path.name.removesuffix(".gz").endswith((".tsv", ".txt"))
    try:
        table = pd.read_csv(path, sep="\t" if tabs else ",", dtype=str, keep_default_na=False, index_col=False)
    except (ValueError, OSError) as error:
        raise InputError(f"{path.name} cannot be read as a table: {str(error).splitlines()[0]}") from error
    names = {str(c).strip().casefold(): c for c in reversed(table.columns)}
    columns = [next((names[n] for n in known if n in names), None) for known in (_BLINDED, _SYMBOL)]
    if None in columns:
        raise InputError(f"{path.name} needs the columns blinded and symbol; it has {', '.join(names)[:200]}")
    given = table[columns].apply(lambda column: column.str.strip()).set_axis(["blinded", "symbol"], axis=1)
    given = given[(given != "").all(axis=1)].drop_duplicates()
    for column in ("blinded", "symbol"):
        twice = given[column][given[column].duplicated()]
        if len(twice):
            raise InputError(f"{path.name}: {twice.iloc[0][:40]} is there with two partners; an id is one gene")
    if given.empty:
        raise InputError(f"{path.name} gives no id a symbol")
    return dict(zip(given["blinded"], given["symbol"], strict=True))
