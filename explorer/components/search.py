"""One search box: what is typed or pasted is matched on the server, and at most twelve suggestions come back."""

from __future__ import annotations

from dash import MATCH, Input, Output, State, callback, dcc, html
from dash.development.base_component import Component

from explorer import queries
from explorer.components.asked import asked_map
from explorer.components.icons import icon, kind_mark
from explorer.components.links import entity_href, href
from explorer.figures import words

PLACEHOLDERS = {"head": "Gene, compound, disease, list", "hero": "Gene, compound, disease, SMILES, or a pasted list"}
#: Characters of a list that is pasted into the box; a longer one has its own page.
LONGEST = 20_000
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
                placeholder=PLACEHOLDERS[place],
                autoComplete="off",
                maxLength=LONGEST,
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
    """The list under the box: entities, terms, what a structure or a list is, or why there is nothing."""
    if not text.strip():
        return []
    found = queries.suggest(of_map, text)
    if not found:
        return [
            html.P([f"Nothing on this map is called '{text.strip()[:40]}'."], className="k-no-result", role="status")
        ]
    return [part for one in found for part in _DRAWN.get(one["kind"], _entity)(one, of_map=of_map)]


def _entity(match: dict, *, of_map: str) -> list[Component]:
    kind = "blinded gene" if match["blinded"] else match["kind"]
    name = html.Em(match["label"]) if match["kind"] == "gene" and not match["blinded"] else html.Span(match["label"])
    mark = kind_mark(match["kind"], blinded=match["blinded"])
    return [_result([mark, name, *_via(match)], kind, href=entity_href(match["kind"], match["slug"], of_map=of_map))]


def _term(match: dict, *, of_map: str) -> list[Component]:
    written = match["id"].partition(":")[2]
    id_shown = [html.Span(written, className="k-via")] if written != match["label"] else []
    kind = f"{match['kind']}, {words.plural(match['n'], 'gene')}"
    if match["kind"] == "set":
        kind = f"{match['source']}, {words.plural(match['n'], 'gene')}"
    name = [kind_mark(match["kind"]), html.Span(match["label"], className="k-result-name"), *id_shown, *_via(match)]
    return [_result(name, kind, href=href("/network", of_map=of_map, set=match["id"]))]


def _list(match: dict, *, of_map: str) -> list[Component]:
    n, names = f"{match['n']:,}", match["via"]
    network = [kind_mark("list"), html.Span(f"Open {n} names as a network")]
    meaning = [kind_mark("list"), html.Span(f"See what each of the {n} names is on this map")]
    return [
        _result(network, "list", href=href("/network", of_map=of_map, genes=names)),
        _result(meaning, "list", href=href("/lists", of_map=of_map, names=names)),
    ]


def _structure(match: dict, *, of_map: str) -> list[Component]:
    """What a structure that is not on the map is nearest to, or where its text has a mistake."""
    said = html.P([kind_mark("smiles"), match["label"]], className="k-no-result", role="status")
    links = [
        _result(
            [kind_mark("compound"), html.Span(near["label"])],
            f"Tanimoto {near['tanimoto']:.2f}",
            href=entity_href("compound", near["slug"], of_map=of_map),
        )
        for near in match["structure"]["nearest"]
    ]
    return [said, *links]


_DRAWN = {"phenotype": _term, "set": _term, "list": _list, "smiles": _structure}


def _via(match: dict) -> list[Component]:
    return [html.Span(f"= {match['via']}", className="k-via")] if match["via"] else []


def _result(name: list[Component], kind: str, *, href: str) -> Component:
    return dcc.Link([*name, html.Span(kind, className="k-kind")], href=href, className="k-result")
