"""Tables of the Compare page: pairs, shared and unique neighbours, and neighbours on two maps."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from explorer.components.columns import name_column, number_column, q_column, text_column
from explorer.components.links import entity_href
from explorer.components.tables import rows
from explorer.figures import words

PAIR_Q = "Benjamini-Hochberg over these pairs; noise: as many control wells, the larger p of both ways round"
TANIMOTO = "Structural similarity, ECFP4 (Morgan radius 2, 2,048 bits)"
SHARED = "Of how many of those compared it is a near neighbour"


def pair_columns(has: dict, *, compounds: int, linked: bool, similarity: words.Similarity = words.COSINE) -> list[dict]:
    """Columns of the pairs; what is on record where there is any, and Tanimoto where two compounds have a structure."""
    columns = [
        text_column(f, name, width=120) | {"flex": 1, "minWidth": 96} | ({} if compounds else {"cellClass": "k-italic"})
        for f, name in (("first", "One"), ("second", "Other"))
    ]
    columns += [number_column("cosine", similarity.short.capitalize(), digits=2)]
    columns += [q_column() | {"headerTooltip": PAIR_Q}] if has["controls"] else []
    columns += [text_column("link", "Link", width=124, renderer="LinkWords")] if linked else []
    if compounds > 1 and has["structures"]:
        columns += [number_column("tanimoto", "Tanimoto", digits=2, width=86, tooltip=TANIMOTO)]
    return columns


def pair_rows(pairs: pd.DataFrame, *, texts: Sequence[str], links: Sequence[tuple[str, str, str]]) -> list[dict]:
    """Rows of `queries.compared_pairs`; `links` has words, tone and evidence for each."""
    shown = pairs.assign(
        first=[texts[a] for a in pairs["a"]],
        second=[texts[b] for b in pairs["b"]],
        link=[found[0] for found in links],
        link_tone=[found[1] for found in links],
        link_why=[found[2] for found in links],
    )
    return rows(shown, ("first", "second", "cosine", "p", "q", "link", "link_tone", "link_why", "tanimoto"))


def neighbour_columns(texts: Sequence[str], *, kind: str, similarity: words.Similarity = words.COSINE) -> list[dict]:
    """One column for each of those compared, coloured by its similarity, bold where it is a near neighbour."""
    columns = [name_column("Gene" if kind == "gene" else "Compound", kind=kind, width=120)]
    shared = number_column("shared", "Shared by", digits=0, width=70, tooltip=SHARED)
    columns += [shared | _WRAP]
    name = similarity.short.capitalize()
    for i, text in enumerate(texts, start=1):
        column = number_column(f"cosine_{i}", text, digits=2, width=88, tooltip=f"{name} to {text}; bold: near")
        columns.append(column | _WRAP | {"cellRenderer": "CompareCell", "cellRendererParams": {"near": f"near_{i}"}})
    return columns


_WRAP = {"wrapHeaderText": True, "autoHeaderHeight": True}


def neighbour_rows(frame: pd.DataFrame, *, kind: str, of_map: str) -> list[dict]:
    """Rows of `queries.shared_neighbours`."""
    columns = [c for c in frame.columns if c not in ("slug", "mean")]
    return rows(frame, columns, href=[entity_href(kind, s, of_map=of_map) for s in frame["slug"]])


def across_columns(names: tuple[str, str], *, kind: str, called: tuple[str, str]) -> list[dict]:
    """Neighbours on two maps: similarity and rank on each."""
    columns = [text_column("label", "Gene" if kind == "gene" else "Compound", width=140) | {"flex": 1}]
    columns[0] |= {"cellClass": "k-italic"} if kind == "gene" else {}
    for side, name, like in zip("ab", names, called, strict=True):
        rank = number_column(f"rank_{side}", f"Rank on {name}", digits=0, width=120, tooltip="Among those on both maps")
        cosine = number_column(
            f"cosine_{side}", f"{like.capitalize()} on {name}", digits=2, width=120, tooltip="Of this map only"
        )
        columns += [rank | _WRAP, cosine | _WRAP]
    return [*columns, text_column("near", "Near on", width=90)]


def across_rows(found: dict) -> list[dict]:
    """Rows of `queries.across_maps`."""
    frame = pd.DataFrame(found["rows"])
    near = [
        "both" if both else "first" if a <= found["nearest"] else "second"
        for both, a in zip(frame["both"], frame["rank_a"], strict=True)
    ]
    return rows(frame.assign(near=near), ("label", "cosine_a", "rank_a", "cosine_b", "rank_b", "near"))
