"""Icons as CSS masks over files in assets: no request leaves the host, and each has a word beside it or a label."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component


def icon(name: str) -> Component:
    """An icon by the name of its file in assets/icons."""
    return html.Span(className=f"k-icon k-icon-{name}", **{"aria-hidden": "true"})


def kind_mark(kind: str, *, blinded: bool = False) -> Component:
    """Gene: green circle; compound: orange diamond; blinded: hollow grey; terms, lists and structures: an outline."""
    return html.Span(className=f"k-mark k-mark-{'blinded' if blinded else kind}", **{"aria-hidden": "true"})
