"""The small picture on the card of a story, drawn by the server as SVG from values of the open map."""

from __future__ import annotations

from collections.abc import Mapping

from explorer.figures.thumbnail_networks import circle, force
from explorer.figures.thumbnail_plots import curves, scatter

_KINDS = {"circle": circle, "force": force, "curves": curves, "scatter": scatter}


def draw_thumbnail(values: Mapping, *, dark: bool) -> str:
    """SVG text of a story's picture.

    Parameters
    ----------
    values : mapping
        From `queries.story_picture`.
    dark : bool
    """
    return _KINDS[values["kind"]](values, dark=dark)
