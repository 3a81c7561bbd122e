"""What shows beside a point of a selectivity scatter: who it is, its similarities, and its structure."""

from __future__ import annotations

from collections.abc import Callable

from dash import html, no_update
from dash.development.base_component import Component

from explorer import queries
from explorer.components.asked_terms import asked_rows
from explorer.components.cards import structure
from explorer.components.hovered import hovered_point
from explorer.components.icons import kind_mark
from explorer.components.term_names import perturbation_name, query_name
from explorer.figures import words

#: The tooltip is a bare box: the card draws itself.
TOOLTIP = {"direction": "right", "background_color": "transparent", "border_color": "transparent"}


def hovered_card(hovered: object, asked_of: Callable[[], dict]) -> tuple:
    """`show`, `bbox` and `children` of the tooltip of a scatter; what is asked is parsed on a point alone."""
    row, box = hovered_point(hovered)
    if row is None:
        return False, no_update, no_update
    asked = asked_of()
    [row] = asked_rows(asked["map"], [row])
    return True, box, point_card(asked["map"], row, asked)


def point_card(of_map: str, row: int, asked: dict) -> Component:
    """The card of the perturbation in a row of the map, against the queries in `asked` (like, avoid, reference)."""
    described = queries.described_row(of_map, row)
    lines = []
    for key in ("like", "avoid", "reference"):
        if asked[key]:
            value = queries.similarity_to(of_map, described["perturbation"], asked[key])
            lines.append(html.Div([html.Dt(["like ", query_name(of_map, asked[key])]), html.Dd(words.cosine(value))]))
    picture = []
    if described["inchikey"]:
        drawn = structure(described["slug"], described["label"], of_map=of_map, width=150, height=104)
        picture = [html.Div(drawn, className="k-picture-small")]
    title = [kind_mark(described["kind"], blinded=bool(described["blinded"])), html.B(perturbation_name(described))]
    return html.Div(
        [html.Div(title, className="k-card-title"), *picture, html.Dl(lines), html.P(_state(described))],
        className="k-point-card",
    )


def _state(described: dict) -> str:
    wells = words.plural(int(described["n_wells"]), "well")
    active = {True: "active", False: "not active"}.get(described["active"], "activity not tested")
    q = f", q {words.q_value(described['q'])}" if described["q"] is not None else ""
    toxic = " · toxic by count" if described["toxic"] is True else ""
    arm = f" · arm {described['arm']}" if described["arm"] else ""
    return f"{active}{q} · {wells}{toxic}{arm}"
