"""One search box: what is typed is matched on the server, and at most twelve suggestions come back."""

from __future__ import annotations

from dash import MATCH, Input, Output, State, callback, dcc, html
from dash.development.base_component import Component

from explorer import queries
from explorer.components.asked import asked_map
from explorer.components.icons import icon, kind_mark
from explorer.components.links import entity_href

PLACEHOLDER = "Gene, compound, synonym or InChIKey"
LANDMARKS = {"head": "Search, on every page", "hero": "Search"}


def search_box(place: str) -> Component:
    """A combobox; `place` tells two boxes on one page apart. Arrow keys, Enter and Esc are handled in assets."""
    results = {"type": "search-results", "place": place}
    return html.Div(
        [
            icon("search"),
            dcc.Input(
                id={"type": "search-text", "place": place},
                type="text",
                debounce=0.12,
                placeholder=PLACEHOLDER,
                autoComplete="off",
                maxLength=200,
                className="k-search-text",
            ),
            html.Kbd("Ctrl K", className="k-kbd"),
            html.Div(id=results, className="k-results"),
        ],
        className=f"k-search k-search-{place}",
        role="search",
        **{"aria-label": LANDMARKS[place]},
    )


@callback(
    Output({"type": "search-results", "place": MATCH}, "children"),
    Input({"type": "search-text", "place": MATCH}, "value"),
    State("page-map", "data"),
    prevent_initial_call=True,
)
def show_suggestions(text: str | None, of_map: str | None) -> object:
    """Suggestions for what has been typed so far."""
    text = text if isinstance(text, str) else ""
    return suggestions(text, of_map=asked_map(of_map))


def suggestions(text: str, *, of_map: str) -> list[Component]:
    """The list under the box: entities, or why there are none."""
    if not text.strip():
        return []
    found = queries.suggest(of_map, text)
    if not found:
        return [html.P([f"Nothing on this map is called '{text[:40]}'."], className="k-no-result", role="status")]
    return [_suggestion(m, of_map=of_map) for m in found]


def _suggestion(match: dict, *, of_map: str) -> Component:
    kind = "blinded gene" if match["blinded"] else match["kind"]
    name = html.Em(match["label"]) if match["kind"] == "gene" and not match["blinded"] else html.Span(match["label"])
    via = [html.Span(f"= {match['via']}", className="k-via")] if match["via"] else []
    return dcc.Link(
        [kind_mark(match["kind"], blinded=match["blinded"]), name, *via, html.Span(kind, className="k-kind")],
        href=entity_href(match["kind"], match["slug"], of_map=of_map),
        className="k-result",
    )
