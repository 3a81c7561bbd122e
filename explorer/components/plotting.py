"""How plots can be drawn in this installation."""

from __future__ import annotations

import flask
import numpy as np

#: Key in the server's configuration: whether plotly's strict bundle is served, which draws by WebGL without `eval`.
STRICT = "KEYHOLE_STRICT_PLOTLY"


def webgl() -> bool:
    """Whether points may be drawn by WebGL: plotly's ordinary bundle needs `eval` for it, which is not allowed here."""
    return flask.has_app_context() and bool(flask.current_app.config.get(STRICT))


def reach_says(touched: np.ndarray) -> str:
    """How many points of a plot answer to the pointer, as a sentence after another; empty where all do."""
    n, every = int(touched.sum()), len(touched)
    if n == every:
        return ""
    said = f" {n:,} of {every:,} points answer to pointer and lasso; the others are a picture. "
    return said + "With “keyhole assets” all are points."
