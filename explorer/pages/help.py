"""Help: how each page gets its numbers, what they cannot say, what the words mean, the keys, and how to cite."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from explorer import __version__, atlas
from explorer.components.help_texts import KEYS, LIMITS, METHODS, WORDS
from explorer.components.routing import Address
from explorer.components.tiles import tile

PATH, TITLE = "/help", "Help"


def layout(address: Address) -> Component:
    """Method, limits, words, keys, and what to cite for the map that is open."""
    return html.Div(
        [
            html.H1("Help", className="k-unseen"),
            tile("Limits", _list(LIMITS), says="What a similarity cannot say."),
            tile("Method", _methods(), says="How each page gets its numbers, and where the formulas come from."),
            tile("Words", _pairs(WORDS), says="One word for each thing, on every page."),
            tile("Keys", _pairs(KEYS), says="From anywhere."),
            tile(
                "How to cite", _list(_citations(address.map)), says="The data, what it was read with, and the method."
            ),
        ],
        className="k-cards",
    )


def _methods() -> Component:
    """One short paragraph a page."""
    return html.Div(
        [html.P([html.B(f"{page}. "), text, " ", html.Small(source)]) for page, text, source in METHODS],
        className="k-methods",
    )


def _citations(of_map: str) -> list[str]:
    m = atlas.opened(of_map).map
    data = m.manifest.get("citation") or "its source gives no citation; name the data set and where it came from"
    simulated = " It is simulated: not experimental data." if m.simulated else ""
    biology = atlas.opened(of_map).biology
    known = {s.citation for s in (*biology.relationships, *biology.gene_sets)}
    return [
        f"The map {m.name}: {data}.{simulated} Say its build, {m.build}: it names the exact data and recipe.",
        *sorted(c for c in known if c and c != "Keyhole"),
        f"Keyhole {__version__}, with the address of the page, for the numbers.",
        "The method of each page, as listed under Method.",
    ]


def _list(sentences: list[str] | tuple[str, ...]) -> Component:
    return html.Ul([html.Li(x) for x in sentences], className="k-notes")


def _pairs(pairs: dict[str, str]) -> Component:
    return html.Dl([html.Div([html.Dt(k), html.Dd(v)]) for k, v in pairs.items()], className="k-pairs-list")
