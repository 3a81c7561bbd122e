"""What the pictures that are drawn by URL share: which entity is asked for, and how the SVG is sent."""

from __future__ import annotations

import flask
import pandas as pd

from explorer import atlas

A_DAY = "public, max-age=86400"


def asked_entity(name: str, *, kind: str) -> tuple[str, pd.Series]:
    """The open map that the address asks for, and the row of the one entity of this name; else the answer is 404."""
    of_map = flask.request.args.get("map", atlas.current().first)
    open_map = atlas.current().maps.get(of_map)
    rows = open_map.names.find(name, kind=kind) if open_map else []
    if len(rows) != 1:
        flask.abort(404)
    return of_map, open_map.map.entities.iloc[rows[0]]


def svg_answer(svg: str, *, keep: str = A_DAY) -> flask.Response:
    """An SVG, and how long a browser may keep it."""
    response = flask.Response(svg, mimetype="image/svg+xml")
    response.headers["Cache-Control"] = keep
    return response
