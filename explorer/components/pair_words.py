"""What is said of pairs of compounds: how they were found, what chance gives, and what a selection is made of."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from explorer.chemistry.matched_pairs import MOST_CHANGED, STAYS
from explorer.figures import words
from explorer.figures.curve_marks import escaped

#: What can be shown, by its key in the address: the classes it holds and what it is called.
KINDS = {
    "cliffs": ("cliff", "cliffs", "small change, other phenotype"),
    "same": ("analogue", "same phenotype", "small change, same phenotype"),
    "hops": ("scaffold hop", "scaffold hops", "other structure, same phenotype"),
    "all": ("", "all pairs", "every pair"),
}
DEFINITION = (
    "Close by structure: Tanimoto (ECFP4) of at least 0.5, or a matched pair: one cut outside the rings, a group of "
    f"at most {MOST_CHANGED} heavy atoms replaced by another, the rest at least {STAYS} times as large and the same "
    "but for stereo (Hussain and Rea 2010, doi:10.1021/ci900450m). Cliff: close by structure, not alike in cells. "
    "Scaffold hop: alike in cells, not close by structure, other Murcko scaffold."
)


def alike_said(null: Mapping, name: words.Similarity) -> str:
    """From which similarity cells are called alike, and by what null."""
    limit = words.cosine(null["limit"])
    if not null["chance"]:
        return (
            f"Cells are called alike from a {name.short} of {limit}: "
            f"{words.plural(null['compounds'], 'active compound')} cannot tell what chance gives."
        )
    active = "active, non-toxic" if null["tested"] else "non-toxic (activity is not tested on this map)"
    return (
        f"Cells are alike from a {name.short} of {limit}, which 95 % of all {null['pairs']:,} pairs of the "
        f"{null['compounds']:,} {active} compounds stay below (median {words.cosine(null['median'])}). Each pair "
        "counts at the two concentrations where it is most alike, random pairs as well; so a cliff is alike nowhere."
    )


def counted(pairs: pd.DataFrame, kind: str, *, hops: int) -> str:
    """How many pairs there are of what is shown, and how many cannot be told."""
    quadrant = KINDS[kind][0]
    n = len(pairs) if not quadrant else int((pairs["quadrant"] == quadrant).sum())
    silent = int((pairs["quadrant"] == "no phenotype").sum())
    said = words.plural(n, {"cliff": "cliff", "analogue": "pair", "scaffold hop": "scaffold hop"}.get(quadrant, "pair"))
    said += " listed, the most alike" if kind == "hops" and n == hops else ""
    more = f"; {words.plural(silent, 'pair')} without a phenotype on one side" if silent and kind != "hops" else ""
    return f"{said}{more}."


def hovers(pairs: pd.DataFrame, name: words.Similarity) -> list[str]:
    """What is said of each point."""
    return [
        f"<b>{escaped(r.label_a)} – {escaped(r.label_b)}</b><br>Tanimoto {words.cosine(r.tanimoto)}"
        f"<br>{name.short} of cells {words.cosine(r.cosine)}{_at(r)}"
        f"<br>{r.quadrant}" + (f"<br>{escaped(r.change)}" if r.change else "")
        for r in pairs.itertuples()
    ]


def _at(row: object) -> str:
    if row.at_a != row.at_a or row.at_b != row.at_b:
        return ""
    return f" at {words.concentration(row.at_a)} and {words.concentration(row.at_b)} µM"
