"""The table of pairs of compounds: both structures drawn with the group that changes, and what their cells say."""

from __future__ import annotations

import pandas as pd
from dash.development.base_component import Component

from explorer.components.columns import TANIMOTO, number_column, text_column
from explorer.components.links import entity_href, href
from explorer.components.tables import rows, table
from explorer.figures import words

CHANGE = "What becomes what, as SMILES with * at the bond; empty where more than one group changes"
CELLS = "Highest similarity over the active, non-toxic concentrations of both; no p: its null is the share beside it"
SHARE = "Share of all pairs of active compounds that are at least as alike, compared in the same way"
#: Pixels of a drawing, of the head of the table, and of the table at most.
WIDTH, HEIGHT, _HEAD, HIGHEST = 150, 96, 80, 640
_PLAIN = ("label_a", "label_b", "change", "tanimoto", "cosine", "share", "at_a", "at_b", "n_a", "n_b", "quadrant")


def pair_table(index: str, *, name: words.Similarity, label: str, rows_drawn: int) -> Component:
    """An empty grid of pairs, in rows as high as a drawing; it grows with their number up to a limit."""
    height = f"{min(_HEAD + (HEIGHT + 26) * max(rows_drawn, 1), HIGHEST)}px"
    grid = table(index, pair_columns(name), label=label, height=height)
    grid.children.dashGridOptions = grid.children.dashGridOptions | {"rowHeight": HEIGHT + 26}
    return grid


def pair_columns(name: words.Similarity) -> list[dict]:
    """Two drawn compounds, the change between them, and the numbers."""
    ends = [
        text_column(f"label_{side}", title, width=WIDTH + 14, renderer="PairEnd")
        | {"cellRendererParams": {"side": side}}
        for side, title in (("a", "Compound"), ("b", "with"))
    ]
    share = number_column("share", "Random", digits=3, width=72, tooltip=SHARE)
    at = number_column("at_a", "at µM", digits=2, width=68, tooltip="Where the cells of the two are most alike")
    wells = number_column("n_a", "Wells", digits=0, width=56, tooltip="Replicate wells behind each of the two vectors")
    return [
        *ends,
        text_column("change", "Change", width=150, renderer="PairChange", tooltip=CHANGE)
        | {"flex": 1, "minWidth": 130},
        number_column("tanimoto", "Tanimoto", digits=2, width=76, tooltip=TANIMOTO),
        number_column("cosine", name.short.capitalize(), digits=2, width=70, tooltip=CELLS),
        share | {"valueFormatter": {"function": "keyhole.q(params.value)"}},
        at | {"cellRenderer": "PairBoth", "cellRendererParams": {"of": "at"}},
        {"field": "at_b", "hide": True},
        wells | {"cellRenderer": "PairBoth", "cellRendererParams": {"of": "n"}},
        {"field": "n_b", "hide": True},
        text_column("quadrant", "Structure × cells", width=112, renderer="PairClass"),
    ]


def pair_rows(pairs: pd.DataFrame, *, of_map: str) -> list[dict]:
    """Rows of the table: the columns, and links to both compounds, both drawings and their comparison."""
    found = rows(pairs, _PLAIN)
    for row, pair in zip(found, pairs.itertuples(), strict=False):
        for side, slug, atoms in (("a", pair.a, pair.atoms_a), ("b", pair.b, pair.atoms_b)):
            row[f"href_{side}"] = entity_href("compound", slug, of_map=of_map)
            marked = {"differing": atoms} if atoms else {}
            size = {"w": str(WIDTH), "h": str(HEIGHT)}
            row[f"drawn_{side}"] = href("/structure", f"{slug}.svg", of_map=of_map, **size, **marked)
        row["compare"] = href("/compare", of_map=of_map, e=f"{_term(pair.a, pair.at_a)},{_term(pair.b, pair.at_b)}")
    return found


def _term(slug: str, concentration: float) -> str:
    at = f"@{words.concentration(concentration)}" if concentration == concentration else ""
    return f"compound:{slug}{at}"
