"""The drawing editor beside the SMILES field: a frame with a document of its own, opened when it is asked for."""

from __future__ import annotations

import flask
from dash import ClientsideFunction, Input, Output, State, clientside_callback, html
from dash.development.base_component import Component

#: Key in the server's configuration: whether the editor is installed.
EDITOR = "KEYHOLE_EDITOR"


def can_draw() -> bool:
    """Whether `/draw` answers: `keyhole assets` has brought the editor."""
    return flask.has_app_context() and bool(flask.current_app.config.get(EDITOR))


def draw_button() -> Component:
    """Opens and closes the editor."""
    return html.Button(
        "Draw",
        id="structure-draw",
        className="k-button",
        title="Draw the structure, or change the one that is typed",
        **{"aria-expanded": "false", "aria-controls": "structure-editor"},
    )


def editor() -> Component:
    """The closed editor; `structure.js` opens it, and hands structures to and from the frame."""
    return html.Div(
        [
            html.Iframe(id="structure-frame", title="Structure editor", className="k-editor-frame"),
            html.Div(
                [
                    html.Output("Nothing is drawn yet.", id="structure-drawn"),
                    html.Button("Use this structure", id="structure-use", className="k-button k-primary"),
                    html.Button("Close", id="structure-close", className="k-button", title="Esc"),
                ],
                className="k-editor-line",
            ),
        ],
        id="structure-editor",
        className="k-editor",
        hidden=True,
        role="region",
        **{"aria-label": "Draw a structure"},
    )


clientside_callback(
    ClientsideFunction("structure", "toggleEditor"),
    Output("structure-draw", "aria-expanded"),
    Input("structure-draw", "n_clicks"),
    State("structure-smiles", "value"),
    prevent_initial_call=True,
)
clientside_callback(
    ClientsideFunction("structure", "closeEditor"),
    Output("structure-close", "className"),
    Input("structure-close", "n_clicks"),
    prevent_initial_call=True,
)
clientside_callback(
    ClientsideFunction("structure", "useDrawn"),
    Output("structure-smiles", "value"),
    Input("structure-use", "n_clicks"),
    State("structure-mode", "value"),
    State("structure-least", "value"),
    prevent_initial_call=True,
)
