"""Structure: a typed or pasted structure against the map: what is like it or contains it, and what that looks like."""

from __future__ import annotations

import dash_mantine_components as dmc
from dash import ClientsideFunction, Input, Output, State, callback, clientside_callback, dcc, html, no_update
from dash.development.base_component import Component

from explorer import queries
from explorer.components import states
from explorer.components.asked import asked_map
from explorer.components.drawing_editor import can_draw, draw_button, editor
from explorer.components.hit_choice import compare_link
from explorer.components.links import entity_href, href
from explorer.components.pair_link import pairs_link
from explorer.components.routing import Address
from explorer.components.structure_card import (
    MOST_DRAWN,
    hit_cards,
    hit_columns,
    inferred,
    pattern_card,
    scaffolds_said,
    typed_card,
)
from explorer.components.structure_nav import structure_nav
from explorer.components.tables import csv_button, rows, table
from explorer.components.tiles import tile
from explorer.errors import InputError
from explorer.figures import words

PATH, TITLE = "/structure", "Structure"

LEAST, MOST, USUAL = 0.2, 1.0, 0.4
MODES = {"sim": "similar", "sub": "substructure", "exact": "exact"}
EXAMPLES = (
    ("a boronic acid", "OB(O)[C@@H](CC(C)C)NC=O", "sim"),
    ("quinazoline anilines", "c1ccc(Nc2ncnc3ccccc23)cc1", "sub"),
    ("bortezomib itself", "CC(C)C[C@H](NC(=O)[C@H](Cc1ccccc1)NC(=O)c1cnccn1)B(O)O", "exact"),
)


def layout(address: Address) -> Component:
    """The page of a typed structure."""
    view = _view(address)
    body = html.Div(
        [
            html.H1("Structure", className="k-hidden"),
            dcc.Store(id="structure-page", data={"map": address.map, **view}),
            *([html.P(s, className="k-notice", role="status") for s in _said(address, view)]),
            _form(address.map, view),
            *(_results(address.map, view) if "smiles" in address.view else []),
        ],
        className="k-page k-structure-page",
    )
    return html.Div([structure_nav(PATH, of_map=address.map), body])


def _view(address: Address) -> dict:
    mode = address.view.get("mode", "sim")
    least = address.number("t") or USUAL
    return {
        "smiles": address.view.get("smiles", "").strip(),
        "mode": mode if mode in MODES else "sim",
        "least": min(max(least, LEAST), MOST),
    }


def _said(address: Address, view: dict) -> list[str]:
    given, said = address.view, []
    if view["mode"] != given.get("mode", view["mode"]):
        said.append(f"There is no search '{given['mode'][:20]}'; this is {MODES['sim']}.")
    if "t" in given and address.number("t") != view["least"]:
        said.append(f"A Tanimoto similarity of {given['t'][:20]} was asked; this is {words.number(view['least'], 2)}.")
    return said


def _form(of_map: str, view: dict) -> Component:
    try_ = [
        dcc.Link(name, href=href("/structure", of_map=of_map, smiles=smiles, **({"mode": m} if m != "sim" else {})))
        for name, smiles, m in EXAMPLES
    ]
    return tile(
        "Find structures",
        html.Div(
            [
                dmc.TextInput(
                    id="structure-smiles",
                    value=view["smiles"],
                    placeholder="SMILES; with substructure also SMARTS",
                    className="k-grow",
                    **{"aria-label": "SMILES or SMARTS"},
                ),
                *([draw_button()] if can_draw() else []),
                dmc.SegmentedControl(
                    id="structure-mode",
                    value=view["mode"],
                    data=[{"value": k, "label": v} for k, v in MODES.items()],
                    size="xs",
                ),
                html.Div(
                    [
                        html.Span("Tanimoto at least", className="k-muted", id="structure-least-label"),
                        dmc.Slider(
                            id="structure-least",
                            value=view["least"],
                            min=LEAST,
                            max=MOST,
                            step=0.05,
                            updatemode="mouseup",
                            thumbSize=18,
                            thumbLabel="Tanimoto at least",
                            disabled=view["mode"] != "sim",
                            w=180,
                        ),
                        html.B(words.number(view["least"], 2), id="structure-least-said"),
                    ],
                    className="k-structure-least",
                ),
                html.Button("Search", id="structure-go", className="k-button k-primary"),
            ],
            className="k-structure-form",
        ),
        *([editor()] if can_draw() else []),
        html.P(
            ["Try ", *[x for link in try_ for x in (" · ", link)][1:], *_undrawn()],
            className="k-examples-line",
        ),
        says="Paste a SMILES (a CXSMILES tail may stay on) or an InChI. A process of its own reads it, within limits.",
    )


def _undrawn() -> list[Component | str]:
    """What would let structures be drawn here, where they cannot."""
    return [] if can_draw() else [". To draw structures here, run ", html.Code("keyhole assets"), " once (needs npm)."]


def _results(of_map: str, view: dict) -> list[Component]:
    try:
        hits = queries.structure_hits(of_map, view["smiles"], view["mode"], view["least"])
        told = queries.typed_structure(of_map, view["smiles"]) if view["mode"] != "sub" else None
    except InputError as problem:
        return [html.P(str(problem)[:1].upper() + str(problem)[1:] + ".", className="k-banner", role="alert")]
    query = typed_card(view["smiles"], told, of_map=of_map) if told else pattern_card(view["smiles"], of_map=of_map)
    found = _hits_tile(of_map, view, hits) if len(hits) else _none(of_map, view)
    inferred = [_inferred_tile()] if told and not told["slug"] and queries.has(of_map)["genes"] else []
    return [tile("The query", *query), found, *inferred]


def _hits_tile(of_map: str, view: dict, hits: object) -> Component:
    hits = queries.with_scaffolds(of_map, hits)
    reference = next(iter(queries.compound_names(of_map, [hits["against"].iat[0]]).values()), "")
    n = words.plural(len(hits), "compound")
    what = {
        "sim": f"{n} of at least {words.number(view['least'], 2)} Tanimoto",
        "sub": f"{n} with this pattern",
        "exact": f"{n} with this InChIKey",
    }[view["mode"]]
    smarts = view["smiles"] if view["mode"] == "sub" else ""
    columns = hit_columns(reference, tanimoto=not smarts)
    csv = csv_button("structure-hits", entity=f"structure-{view['mode']}", of_map=of_map)
    return tile(
        "Compounds found",
        html.Div(
            hit_cards(list(hits.head(MOST_DRAWN).itertuples()), of_map=of_map, smarts=smarts), className="k-hit-grid"
        ),
        table(
            "structure-hits",
            columns,
            label="Compounds found by structure",
            height=f"{min(92 + 26 * len(hits), 320)}px",
            ticks=True,
        ),
        says=f"{what}; {scaffolds_said(hits)}. Cells are compared with those of {reference}.",
        tools=[*pairs_link(of_map, hits["slug"].tolist()), compare_link(of_map), csv],
    )


def _none(of_map: str, view: dict) -> Component:
    if view["mode"] != "sim":
        return tile("Compounds found", states.absent("No compound of this map. Try a similar structure instead."))
    nearest = queries.nearest_structure(of_map, view["smiles"])
    if nearest is None:
        return tile("Compounds found", states.absent("This map has no structures to compare with."))
    lower = max(LEAST, int(nearest["tanimoto"] * 20) / 20)
    link = href("/structure", of_map=of_map, smiles=view["smiles"], t=f"{lower:g}")
    strongest = f"{nearest['label']} is nearest, Tanimoto {words.cosine(nearest['tanimoto'])}. "
    loosen = [dcc.Link(f"Lower the limit to {lower:.2f}", href=link)] if lower <= nearest["tanimoto"] else []
    why = f"No compound reaches a Tanimoto similarity of {words.number(view['least'], 2)}. "
    return tile("Compounds found", html.P([why, strongest, *loosen], className="k-absent"))


def _inferred_tile() -> Component:
    return tile(
        html.Span(["What it might look like ", html.Span("inferred", className="k-badge k-badge-caution")]),
        html.Div(id="structure-inferred", children=states.skeleton(4)),
        says="Consensus of the cells of its nearest structures on this map. Nothing was measured on it.",
        className="k-wide",
    )


@callback(Output({"type": "table", "index": "structure-hits"}, "rowData"), Input("structure-page", "data"))
def fill_hits(page: object) -> list[dict]:
    """The compounds found."""
    of_map, view = _asked(page)
    frame = queries.structure_hits(of_map, view["smiles"], view["mode"], view["least"])
    frame = queries.with_scaffolds(of_map, frame)
    columns = ("slug", "label", "reliable", "tanimoto", "cosine", "q", "concentration", "targets")
    columns += ("scaffold", "sharing", "framework", "sharing_framework")
    return rows(frame, columns, href=[entity_href("compound", s, of_map=of_map) for s in frame["slug"]])


@callback(Output("structure-inferred", "children"), Input("structure-page", "data"))
def fill_inferred(page: object) -> object:
    """The consensus phenotype of the nearest structures."""
    of_map, view = _asked(page)
    if view["mode"] == "sub":
        return no_update
    told = queries.inferred_genes(of_map, view["smiles"])
    return inferred(told, of_map=of_map)


def _asked(page: object) -> tuple[str, dict]:
    """The map and view that come back from the browser, parsed as an address is."""
    page = page if isinstance(page, dict) else {}
    of_map = asked_map(page.get("map"))
    given = {k: str(page.get(k, "")) for k in ("smiles", "mode")} | {"t": str(page.get("least", ""))}
    return of_map, _view(Address(of_map, "", given))


clientside_callback(
    ClientsideFunction("structure", "search"),
    Output("structure-go", "data-went"),
    Output("structure-least", "disabled"),
    Output("structure-least-said", "children"),
    Input("structure-go", "n_clicks"),
    Input("structure-smiles", "n_submit"),
    Input("structure-mode", "value"),
    Input("structure-least", "value"),
    State("structure-smiles", "value"),
    prevent_initial_call=True,
)
