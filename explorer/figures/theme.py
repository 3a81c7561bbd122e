"""The look, in one place: colours by meaning, in a light and a dark set, for CSS, Plotly and everything drawn.

Contrast of every text colour against its surface is at least 4.5; marks that carry meaning also differ in shape.
"""

from __future__ import annotations

import plotly.graph_objects as go

#: Name: (light, dark).
TOKENS = {
    "page": ("#f1f3f5", "#101216"),
    "surface": ("#ffffff", "#1a1d24"),
    "raised": ("#f6f7f8", "#22262e"),
    "line": ("#d8dce1", "#343a44"),
    "line-strong": ("#b9c0c8", "#4a525e"),
    "ink": ("#14171c", "#eef1f5"),
    "muted": ("#545c67", "#a3adba"),
    "faint": ("#9aa2ad", "#6c7683"),
    "accent": ("#1f5fa8", "#8ab8f0"),
    "similar": ("#b2182b", "#e0606c"),
    "opposite": ("#2166ac", "#6aa5e3"),
    "gene": ("#009e73", "#3cc79c"),
    "gene-text": ("#00694d", "#5fdcb4"),
    "gene-soft": ("#e0f3ec", "#173a30"),
    "compound": ("#e69f00", "#f0b429"),
    "compound-edge": ("#8f5f00", "#f0b429"),
    "blinded": ("#6a717b", "#9aa3ae"),
    "new": ("#5b3a9e", "#b9a2f2"),
    "caution": ("#d55e00", "#ff8a3d"),
    "caution-text": ("#9a4200", "#ffa260"),
    "caution-soft": ("#fdeee4", "#3a2417"),
    "band": ("#dfe4e8", "#2d343d"),
    "chosen": ("#14171c", "#eef1f5"),
    "on-chosen": ("#ffffff", "#14171c"),
    "map-edge-similar": ("#009e73", "#3cc79c"),
    "map-edge-opposite": ("#cc79a7", "#e58fc0"),
    "map-edge-opposite-text": ("#8e3a6a", "#f0a9cf"),
    "set": ("#c9a400", "#d8b72a"),
    "known": ("#555555", "#9aa3ae"),
    "sector": ("#f3f5f7", "#20242c"),
    "highlight": ("#fbf7e8", "#2a281b"),
}

#: Eight steps of one hue, low to high concentration; reversed in the dark so that high stands out.
CONCENTRATION_LIGHT = ("#fbe3b3", "#f5cf87", "#ecb755", "#dd9c2b", "#c27f16", "#9c620f", "#75480b", "#4f3007")
CONCENTRATION_DARK = ("#5a4314", "#72551a", "#8d6a20", "#aa8128", "#c79a35", "#dcb558", "#ecce86", "#f8e6b9")

FONT = '"Inter", "Segoe UI", "Helvetica Neue", Helvetica, "Liberation Sans", Arial, sans-serif'


def color(name: str, *, dark: bool) -> str:
    """The colour of a meaning in one of the two themes."""
    return TOKENS[name][int(dark)]


def css() -> str:
    """Both sets as CSS custom properties (`--k-ink`), switched by Mantine's colour-scheme attribute."""

    def block(selector: str, index: int) -> str:
        return selector + "{" + "".join(f"--k-{n}:{pair[index]};" for n, pair in TOKENS.items()) + "}"

    scheme = "data-mantine-color-scheme"
    return f":root{{--k-font:{FONT};}}" + block(f":root,[{scheme}=light]", 0) + block(f":root[{scheme}=dark]", 1)


def template(*, dark: bool) -> go.layout.Template:
    """The Plotly template of a theme: transparent ground, thin axes, tabular 12 px labels."""
    axis = {
        "gridcolor": color("line", dark=dark),
        "linecolor": color("line-strong", dark=dark),
        "zerolinecolor": color("faint", dark=dark),
        "tickcolor": color("line-strong", dark=dark),
        "ticks": "outside",
        "ticklen": 4,
        "title": {"standoff": 6, "font": {"size": 12}},
    }
    ink, surface = color("ink", dark=dark), color("surface", dark=dark)
    return go.layout.Template(
        layout={
            "font": {"family": FONT, "size": 12, "color": color("muted", dark=dark)},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "xaxis": axis,
            "yaxis": axis,
            "hoverlabel": {"bgcolor": surface, "bordercolor": color("line-strong", dark=dark), "font": {"color": ink}},
            "margin": {"l": 52, "r": 12, "t": 24, "b": 44},
            "showlegend": False,
            "hovermode": "closest",
        }
    )


def concentration_colors(n: int, *, dark: bool) -> list[str]:
    """`n` colours of the one concentration hue, ascending."""
    scale = CONCENTRATION_DARK if dark else CONCENTRATION_LIGHT
    return [scale[round(i * (len(scale) - 1) / max(n - 1, 1))] for i in range(n)]


#: Shared by every graph: no button that sends data elsewhere, none that saves a picture without its source.
GRAPH_CONFIG = {
    "displaylogo": False,
    "responsive": True,
    "showSendToCloud": False,
    "plotlyServerURL": "",
    "modeBarButtonsToRemove": ["toImage", "sendChartToCloud", "sendDataToCloud", "select2d", "lasso2d", "autoScale2d"],
}
