"""Structure x phenotype: pairs of compounds by how alike they are drawn and how alike their cells are.

Over the whole map, the pairs that are close by structure and the strongest scaffold hops; with `compounds=`, all pairs
of a selection.
"""

from __future__ import annotations

import pandas as pd
from dash import Input, Output, callback, dcc, html
from dash.development.base_component import Component

from explorer import queries
from explorer.components import states
from explorer.components.asked import asked_choice, asked_compounds, asked_map
from explorer.components.figure import figure_box
from explorer.components.links import href
from explorer.components.pair_table import pair_rows, pair_table
from explorer.components.pair_words import DEFINITION, KINDS, alike_said, counted, hovers
from explorer.components.routing import Address
from explorer.components.structure_nav import structure_nav
from explorer.components.tables import csv_button
from explorer.components.tiles import tile
from explorer.figures import words
from explorer.figures.quadrant import draw_quadrant

PATH, TITLE = "/cliffs", "Structure × phenotype"

_SHOWN_FIRST = {True: "all", False: "cliffs"}


def layout(address: Address) -> Component:
    """Pairs of the whole map, or of the compounds of `compounds=`."""
    of_map, (chosen, said) = address.map, _selection(address)
    selected = bool(address.view.get("compounds", "").strip())
    show, wrong = _shown(address, selected)
    body = _missing(of_map, chosen, selected) or _tiles(of_map, chosen, show)
    page = html.Div(
        [
            dcc.Store(id="cliffs-page", data={"map": of_map, "compounds": chosen, "show": show}),
            *[html.P(s, className="k-notice", role="status") for s in [*said, *wrong]],
            _head(of_map, chosen, selected),
            *_untested(of_map),
            *(body if isinstance(body, list) else [html.P(body, className="k-banner", role="status")]),
        ],
        className="k-page k-cliffs",
    )
    return html.Div([structure_nav(PATH, of_map=of_map), page])


def _selection(address: Address) -> tuple[list[str], list[str]]:
    """Compounds that the address names, and what is left out of them, as sentences."""
    text, most = address.view.get("compounds", ""), queries.MOST_COMPOUNDS
    parts = [p.strip() for p in text.split(",") if p.strip()]
    slugs, left = asked_compounds(address.map, parts, most=len(parts)), 0
    if len(slugs) < len(set(parts)):
        resolved = queries.resolve_list(address.map, text)
        here = resolved[(resolved["kind"] == "compound") & (resolved["slug"] != "")]
        slugs, left = list(dict.fromkeys(here["slug"])), len(resolved) - len(here)
    said = [f"{words.plural(left, 'name')} left out: no compound of this map."] if left else []
    said += (
        [f"{len(slugs)} compounds were asked for; all pairs of the first {most} are shown."]
        if len(slugs) > most
        else []
    )
    return slugs[:most], said


def _shown(address: Address, selected: bool) -> tuple[str, list[str]]:
    usual, given = _SHOWN_FIRST[selected], address.view.get("show", "")
    if given in KINDS or not given:
        return given or usual, []
    return usual, [f"There is no view '{given[:20]}'; these are {KINDS[usual][1]}."]


def _missing(of_map: str, chosen: list[str], selected: bool) -> str:
    """Why there is nothing to pair."""
    if not queries.pair_null(of_map)["structures"]:
        return "This map has no structures: no pair of compounds can be compared by them."
    if selected and len(chosen) < 2:
        return "Name two compounds or more: a pair needs two."
    return ""


def _untested(of_map: str) -> list[Component]:
    """A caution where cells that do nothing cannot be told from those that do."""
    null = queries.pair_null(of_map)
    if null["tested"] or not null["structures"]:
        return []
    why = "Activity is not tested on this map: a cliff may only mean that one of the two does nothing."
    return [html.P(why, className="k-banner", role="status")]


def _head(of_map: str, chosen: list[str], selected: bool) -> Component:
    what = f"All pairs of {words.plural(len(chosen), 'compound')}" if selected else "All compounds of this map"
    links = [dcc.Link("Whole map", href=href(PATH, of_map=of_map), className="k-chip")] if selected else []
    names = queries.joined(list(queries.compound_names(of_map, chosen).values())) if chosen else ""
    links += (
        [dcc.Link("Edit list", href=href("/lists", of_map=of_map, names=names), className="k-chip")] if names else []
    )
    return html.Div(
        [html.H1(TITLE), html.Span(what, className="k-muted"), html.Span(links, className="k-open-as")],
        className="k-sentence k-across",
    )


def _tiles(of_map: str, chosen: list[str], show: str) -> list[Component]:
    null, name = queries.pair_null(of_map), words.Similarity(**queries.similarity(of_map))
    pairs = _pairs(of_map, chosen, show)
    graph = figure_box(id="cliffs-plane", style={"height": "var(--k-cliffs-plane)"})
    grid = pair_table("cliffs-pairs", name=name, label="Pairs of compounds", rows_drawn=len(pairs))
    entity = f"pairs-{len(chosen)}-compounds" if chosen else f"pairs-{show}"
    empty = [states.absent(_none(show, chosen))] if pairs.empty else []
    return [
        tile(
            "Every pair" if chosen else "Pairs alike in structure, or in cells",
            graph,
            html.P(alike_said(null, name), className="k-says"),
            html.Details([html.Summary("What counts as close"), html.P(DEFINITION)], className="k-notes"),
            says="Right: alike in structure. Above the dotted line: alike in cells.",
            className="k-cliffs-plane",
        ),
        tile(
            KINDS[show][1].capitalize(),
            html.Div(_choices(of_map, chosen, show), className="k-open-as", role="group"),
            *empty,
            html.Div(grid, className="k-gone" if empty else ""),
            says=f"{KINDS[show][2].capitalize()}. {counted(pairs, show, hops=queries.MOST_HOPS)}",
            tools=csv_button("cliffs-pairs", entity=entity, of_map=of_map, notes=[alike_said(null, name), DEFINITION]),
        ),
    ]


def _choices(of_map: str, chosen: list[str], show: str) -> list[Component]:
    """One link a class; the one on display is marked."""
    usual, asked = _SHOWN_FIRST[bool(chosen)], {"compounds": ",".join(chosen)} if chosen else {}
    return [
        html.Span(name, className="k-chip k-here", title=says, **{"aria-current": "true"})
        if key == show
        else dcc.Link(
            name,
            href=href(PATH, of_map=of_map, **asked, **({"show": key} if key != usual else {})),
            className="k-chip",
            title=says,
        )
        for key, (_, name, says) in KINDS.items()
    ]


def _none(show: str, chosen: list[str]) -> str:
    of = "these compounds" if chosen else "this map"
    return f"No pair of {of} is of this kind ({KINDS[show][2]}). Another kind stands above."


def _pairs(of_map: str, chosen: list[str], show: str) -> pd.DataFrame:
    """The pairs of what is shown."""
    frame = _all_pairs(of_map, chosen)
    return frame[frame["quadrant"] == KINDS[show][0]] if KINDS[show][0] else frame


def _all_pairs(of_map: str, chosen: list[str]) -> pd.DataFrame:
    if chosen:
        return queries.selection_pairs(of_map, chosen)
    return pd.concat([queries.close_pairs(of_map), queries.hop_pairs(of_map)], ignore_index=True)


@callback(Output("cliffs-plane", "figure"), Input("cliffs-page", "data"), Input("theme", "data"))
def draw(page: object, theme: object) -> object:
    """Every pair by structure and by cells."""
    of_map, chosen, show = _asked(page)
    name, frame = words.Similarity(**queries.similarity(of_map)), _all_pairs(of_map, chosen)
    frame = frame[frame["cosine"].notna()]
    points = frame.assign(label=frame["label_a"] + " – " + frame["label_b"], hover=hovers(frame, name))
    return draw_quadrant(
        points,
        alike=queries.ALIKE,
        similarity=name,
        level=queries.pair_null(of_map)["limit"],
        strong=[KINDS[show][0]] if KINDS[show][0] else ["cliff", "analogue", *(["scaffold hop"] if chosen else [])],
        dark=theme == "dark",
    )


@callback(Output({"type": "table", "index": "cliffs-pairs"}, "rowData"), Input("cliffs-page", "data"))
def fill(page: object) -> list[dict]:
    """The pairs of what is shown, with their drawings."""
    of_map, chosen, show = _asked(page)
    return pair_rows(_pairs(of_map, chosen, show), of_map=of_map)


def _asked(page: object) -> tuple[str, list[str], str]:
    page = page if isinstance(page, dict) else {}
    of_map = asked_map(page.get("map"))
    chosen = asked_compounds(of_map, page.get("compounds"), most=queries.MOST_COMPOUNDS)
    return of_map, chosen, asked_choice(page.get("show"), KINDS)
