"""The ranked list of a target selection: its columns and rows."""

from __future__ import annotations

import pandas as pd

from explorer.components.columns import concentration_column, number_column, q_column, text_column
from explorer.components.links import entity_href
from explorer.components.tables import rows
from explorer.figures import words

Q = (
    "q of the similarity to what is mimicked, Benjamini-Hochberg by kind; noise: as many control wells, and for a "
    "compound the strongest of as many concentrations"
)
_WRAP = {"wrapHeaderText": True, "autoHeaderHeight": True}
WINDOW = "Line: tested concentrations (log µM); bar: from the lowest active to the toxic one; dot: the one listed here"
_SHOWN = ("rank", "label", "kind", "blinded", "reliable", "concentration", "like", "avoid", "difference", "reference")
_MORE = (
    "q",
    "link",
    "link_tone",
    "link_why",
    "toxic",
    "window",
    "lowest",
    "highest",
    "effect_um",
    "toxic_um",
    "itself",
)


def selection_columns(
    has: dict, *, like: str, avoid: str, reference: str | None, limit: float, linked: bool
) -> list[dict]:
    """Columns for what the map has.

    `limit` is the end of the colour scale of the reference; `linked` whether anything is on record of genes.
    """
    name = {
        "field": "label",
        "headerName": "Gene, or compound at its best µM" if has["compounds"] else "Gene",
        "cellRenderer": "TargetName",
        "filter": "agTextColumnFilter",
        "floatingFilter": True,
        "minWidth": 138,
        "flex": 2,
        **_WRAP,
    }
    rank = {"field": "rank", "headerName": "Rank", "width": 50, "type": "rightAligned", "filter": False}
    columns = [rank, name, text_column("kind", "kind", width=84) | {"hide": True}]
    columns += [concentration_column("µM", tooltip="Concentration, µM") | {"hide": True}] if has["compounds"] else []
    columns += [_similarity("like", f"Like {like}"), _similarity("avoid", f"Like {avoid}")]
    gap = number_column("difference", "Gap", digits=2, width=52, tooltip="Difference of the two similarities: the rank")
    columns += [gap | {"cellClass": "k-strong"}]
    if reference is not None:
        swatch = {"cellRenderer": "ReferenceSwatch", "cellRendererParams": {"limit": limit}, "width": 72}
        columns += [_similarity("reference", f"Like {reference}") | swatch]
    columns += [q_column() | {"headerTooltip": Q, "width": 58}] if has["controls"] else []
    if linked or has["compounds"]:
        columns += [text_column("link", f"Link to {like}, or target", width=132, renderer="LinkWords") | _WRAP]
    if has["concentrations"]:
        toxic = text_column("toxic", "Toxic from µM", width=70) | {"type": "rightAligned"} | _WRAP
        window = (
            text_column("window", "Window, log µM", width=104, renderer="WindowBar") | {"headerTooltip": WINDOW} | _WRAP
        )
        columns += [toxic | {"headerTooltip": "Lowest concentration that is toxic by cell count"}, window]
    return columns


def _similarity(field: str, header: str) -> dict:
    column = number_column(field, header, digits=2, width=62, tooltip=f"Similarity: {header[0].lower()}{header[1:]}")
    return column | _WRAP


def selection_rows(
    frame: pd.DataFrame, *, links: pd.DataFrame, windows: pd.DataFrame, itself: set[str], of_map: str
) -> list[dict]:
    """Grid rows of `queries.ranked` with q; `itself` are the perturbations that the reference names."""
    w = frame[["entity"]].merge(windows, on="entity", how="left")
    shown = frame.reset_index(drop=True).assign(
        link=links["link"].to_numpy(),
        link_tone=links["tone"].to_numpy(),
        link_why=links["why"].to_numpy(),
        toxic=[_toxic(k, r) for k, r in zip(frame["kind"], w.itertuples(), strict=True)],
        window=[_window(k, r) for k, r in zip(frame["kind"], w.itertuples(), strict=True)],
        lowest=w["lowest"],
        highest=w["highest"],
        effect_um=w["effect"],
        toxic_um=w["toxic"],
        itself=[p in itself for p in frame["perturbation"]],
    )
    hrefs = [entity_href(k, s, of_map=of_map) for k, s in zip(shown["kind"], shown["slug"], strict=True)]
    return rows(shown, (*_SHOWN, *_MORE), href=hrefs)


def _toxic(kind: str, window: object) -> str:
    """From which concentration cells die; n/a for a knockout and where no cells were counted."""
    if kind == "gene" or window.counted is not True or pd.isna(window.highest):
        return "n/a"
    if pd.isna(window.toxic):
        return f"> {words.concentration(window.highest)}"
    return words.concentration(window.toxic)


def _window(kind: str, window: object) -> str:
    if kind == "gene":
        return "n/a"
    if pd.isna(window.effect):
        return "not active below toxicity" if window.counted is True else "n/a"
    effect = f"active from {words.concentration(window.effect)} µM"
    if window.counted is not True:
        return f"{effect}; cells not counted"
    if pd.isna(window.toxic):
        return f"{effect}, not toxic up to {words.concentration(window.highest)} µM"
    return f"{effect}, toxic from {words.concentration(window.toxic)} µM"
