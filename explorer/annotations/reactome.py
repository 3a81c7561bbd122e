"""Pathways of Reactome as gene sets, from the GMT file of its download page.

CC0; see Milacic et al. 2024, doi:10.1093/nar/gkad1025.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from explorer.annotations.drafts import Draft, gmt, is_symbol
from explorer.annotations.registered import SETS, About
from explorer.annotations.unpack import member_date, read_lines
from explorer.errors import InputError

_MOST_BYTES = 50_000_000
_HUMAN = "R-HSA-"


def read_reactome(path: Path) -> tuple[Draft, ...]:
    """The human pathways, ready to be registered.

    Parameters
    ----------
    path : Path
        `ReactomePathways.gmt.zip`, or the GMT file in it. A line is name, id, genes.

    Raises
    ------
    InputError
        When it is not that file, or is damaged.
    """
    sets = {one: (name, genes) for one, name, genes in _pathways(path)}
    if not sets:
        raise InputError(f"{path.name} holds no human pathway; is it ReactomePathways.gmt.zip?")
    dated = member_date(path, ".gmt")
    about = About(
        name="Reactome pathways",
        kind="gene_sets",
        licence="CC0",
        version=f"released {dated}" if dated else "not stated",
        citation="doi:10.1093/nar/gkad1025",
        home="reactome.org",
        fetched="",
        fetch="reactome",
        n=len(sets),
        prefix="reactome",
    )
    return (Draft(about, {SETS: gmt((one, name, genes) for one, (name, genes) in sorted(sets.items()))}),)


def _pathways(path: Path) -> Iterator[tuple[str, str, list[str]]]:
    for number, line in enumerate(read_lines(path, most=_MOST_BYTES, ending=".gmt"), start=1):
        name, one, *genes = [cell.strip() for cell in line.split("\t")] + [""] * (2 - line.count("\t"))
        if not (name and one and any(genes)):
            raise InputError(f"{path.name} is no GMT file: line {number:,} lacks a name, an id or genes; get it again")
        if one.startswith(_HUMAN) and (symbols := [g for g in genes if is_symbol(g)]):
            yield one, name, symbols
