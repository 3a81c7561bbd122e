"""Pictures that exist in both themes: the browser asks for the one that shows, when it comes near the window."""

from __future__ import annotations

from collections.abc import Mapping

from dash import html
from dash.development.base_component import Component

from explorer.components.links import href

THEMES = ("light", "dark")


def themed(
    path: str, name: str | None = None, *, of_map: str, alt: str, size: tuple[int, int] | None = None, **query: str
) -> list[Component]:
    """An image for each theme, of which style shows one; `assets/themed.js` loads what is seen.

    Parameters
    ----------
    path, name : str
        As `links.href` takes them.
    size : (width, height) in pixels, optional
        Also asked of the server.
    """
    box: Mapping[str, int] = dict(zip(("width", "height"), size, strict=True)) if size else {}
    asked = query | ({"w": str(size[0]), "h": str(size[1])} if size else {})
    return [
        html.Img(
            alt=alt,
            className=f"k-only-{theme}",
            **box,
            **{"data-src": href(path, *([name] if name else []), of_map=of_map, theme=theme, **asked)},
        )
        for theme in THEMES
    ]
