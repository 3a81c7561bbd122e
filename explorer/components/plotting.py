"""How plots can be drawn in this installation."""

from __future__ import annotations

import flask

#: Key in the server's configuration: whether plotly's strict bundle is served, which draws by WebGL without `eval`.
STRICT = "KEYHOLE_STRICT_PLOTLY"


def webgl() -> bool:
    """Whether points may be drawn by WebGL: plotly's ordinary bundle needs `eval` for it, which is not allowed here."""
    return flask.has_app_context() and bool(flask.current_app.config.get(STRICT))
