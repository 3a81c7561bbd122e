"""The rail of the network page, in the order of questions: how strong, what to show, what to add, layout, export."""

from __future__ import annotations

import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component

from explorer.components.icons import icon, kind_mark
from explorer.components.network_view import MOST_EDGES, View
from explorer.components.similarity_name import similarity_name
from explorer.figures import words

RULES = (
    ("loose", "loose 5 %"),
    ("default", "1 %"),
    ("strict", "strict 0.1 %"),
    ("cosine", "{} ≥ 0.4"),
    ("q", "q ≤ 0.05"),
)
FILES = (("svg", "SVG"), ("graphml", "GraphML"), ("cyjs", "cyjs"), ("csv", "CSV"))
_ARMS = (("show", "show"), ("dim", "dim"), ("hide", "hide"), ("only", "only"))


def rail(view: View, network: dict, *, has: dict) -> list[Component]:
    """Everything below the resolver report; values are those of the view."""
    return [
        _strength(view, network, has=has),
        _show(view, network, has=has),
        _add(view, has=has),
        _layout_and_files(view),
    ]


def bars(network: dict) -> list[Component]:
    """The histogram of all pairs; bars beyond a cut-off have the colour of their sign."""
    counts, reach, (low, high) = network["bars"]["counts"], network["bars"]["reach"], network["cut"]
    top, width = max([*counts, 1]) ** 0.5, 2 * reach / len(counts)
    found = []
    for i, n in enumerate(counts):
        middle = -reach + (i + 0.5) * width
        tone = "k-net-opposite" if middle <= low else "k-net-similar" if middle >= high else ""
        found.append(html.I(className=tone, style={"height": f"{100 * n**0.5 / top:.0f}%"}))
    return found


def segments(network: dict) -> list[dict]:
    """The choices of evidence with their counts."""
    c = network["counts"]
    if not network["sourced"]:
        return [{"value": v, "label": v, "disabled": v != "both"} for v in ("both", "known", "new")]
    found = {"both": c["shown"], "known": c["known"], "new": c["new"]}
    return [{"value": v, "label": f"{v} {n:,}"} for v, n in found.items()]


def _strength(view: View, network: dict, *, has: dict) -> Component:
    reach = network["bars"]["reach"]
    low, high = (max(min(c, reach), -reach) for c in network["cut"])
    n = network["counts"]["pairs"]
    name = similarity_name(view.map)
    rules = [(key, said.format(name.brief)) for key, said in RULES if key != "q" or has["controls"]]
    return html.Section(
        [
            _head("Strength", f"{words.plural(n, 'pair')}, {name.short}, √ count"),
            _segmented("network-rule", rules, value=view.options["rule"], label="Rule of strength"),
            html.Div(
                bars(network),
                id="network-bars",
                className="k-net-bars",
                role="img",
                **{"aria-label": "Histogram of all pairs"},
            ),
            dmc.RangeSlider(
                id="network-cut",
                min=-reach,
                max=reach,
                step=0.01,
                minRange=0,
                value=[round(low, 2), round(high, 2)],
                updatemode="mouseup",
                precision=2,
                size="xs",
                color="gray",
                thumbSize=16,
                thumbFromLabel="Opposite beyond",
                thumbToLabel="Similar beyond",
                className="k-net-slider",
            ),
            html.Div(
                [
                    html.Span("opposite"),
                    html.Span(id="network-low"),
                    html.Span(id="network-high"),
                    html.Span("similar"),
                ],
                className="k-net-ends",
            ),
            html.Div([html.Div(id="network-counts"), _most(view)], className="k-net-counts"),
        ],
        **{"aria-label": "Strength"},
    )


def _most(view: View) -> Component:
    """How many edges are drawn at most, the strongest first."""
    return dmc.NumberInput(
        id="network-most",
        value=view.options["most"],
        min=1,
        max=MOST_EDGES,
        step=50,
        allowDecimal=False,
        allowNegative=False,
        clampBehavior="blur",
        debounce=400,
        prefix="at most ",
        size="xs",
        className="k-net-most",
        **{"aria-label": f"Edges drawn at most, the strongest first; up to {MOST_EDGES:,}"},
    )


def _show(view: View, network: dict, *, has: dict) -> Component:
    o = view.options
    signs = ["similar", "opposite"] if o["sign"] == "both" else [o["sign"]]
    signs += ["dots"] if view.dots else []
    chips = [_chip("similar", "similar", "network-n-similar"), _chip("opposite", "opposite", "network-n-opposite")]
    chips += (
        [_chip("dots", "missed", "network-n-dots", title="Known pairs that are not recovered")]
        if network["sourced"]
        else []
    )
    rows = [
        _head("Show"),
        _row("Sign", dmc.ChipGroup(chips, id="network-sign", value=signs, multiple=True)),
        _row(
            "Evidence",
            dmc.SegmentedControl(
                id="network-known", data=segments(network), value=o["evidence"], size="xs", fullWidth=True,
                className="k-net-segments", **{"aria-label": "Evidence"},
            ),
        ),
        _row(
            "Same arm",
            _segmented("network-arm", _ARMS, value=o["arm"], label="Same arm"),
            html.Span([icon("caution"), html.Span(id="network-n-arm")], className="k-net-arm"),
            hidden=not has["arms"],
        ),
    ]  # fmt: skip
    return html.Section(rows, **{"aria-label": "Show"})


def _add(view: View, *, has: dict) -> Component:
    on = ["compounds"] if view.options["compounds"] else []
    buttons = [
        html.Button(
            "+ 5 nearest",
            id="network-plus",
            className="k-button k-net-pill",
            title="Nearest to what is selected, else to the whole set",
        )
    ]
    if has["compounds"]:
        label = [kind_mark("compound"), "compounds ", html.B(id="network-n-compounds")]
        buttons.append(
            dmc.ChipGroup(
                [dmc.Chip(label, value="compounds", size="xs", variant="outline")],
                id="network-cpd",
                value=on,
                multiple=True,
            )
        )
    else:
        buttons.append(dmc.ChipGroup([], id="network-cpd", value=[], multiple=True))
    return html.Section(
        [
            _head("Add"),
            html.Div(
                [
                    *buttons,
                    html.Span(id="network-n-candidates", className="k-muted"),
                    html.Span(id="network-n-added", className="k-muted"),
                ],
                className="k-net-line",
            ),
        ],
        **{"aria-label": "Add"},
    )


def _layout_and_files(view: View) -> Component:
    layouts = (("circle", "circle"), ("force", "force"), ("grouped", "clusters"))
    files = [html.A("PNG", href="#", id="network-png", role="button")]
    files += [
        html.A(name, href=f"/export/network.{kind}?{view.link}", **{"data-network-file": kind}, download=True)
        for kind, name in FILES
    ]
    return html.Section(
        [
            _row("Layout", _segmented("network-lay", layouts, value=view.options["layout"], label="Layout")),
            _row(
                "Find",
                dmc.TextInput(
                    id="network-find",
                    placeholder="Gene or compound in this network",
                    size="xs",
                    debounce=120,
                    **{"aria-label": "Find in this network"},
                ),
            ),
            _row("Export", html.Span(files, className="k-net-files")),
        ],
        **{"aria-label": "Layout and export"},
    )


def _head(title: str, note: str = "") -> Component:
    return html.Div([html.H2(title), html.Small(note)], className="k-net-head")


def _row(label: str, *content: Component, hidden: bool = False) -> Component:
    return html.Div(
        [html.Span(label, className="k-net-label"), html.Div(content, className="k-net-line")],
        className="k-net-row",
        style={"display": "none"} if hidden else {},
    )


def _segmented(index: str, choices: object, *, value: str, label: str) -> Component:
    return dmc.SegmentedControl(
        id=index,
        data=[{"value": v, "label": text} for v, text in choices],
        value=value,
        size="xs",
        fullWidth=True,
        className="k-net-segments",
        **{"aria-label": label},
    )


def _chip(value: str, label: str, count: str, *, title: str | None = None) -> Component:
    key = html.I(className=f"k-key k-key-{'dotted' if value == 'dots' else value}", **{"aria-hidden": "true"})
    text = html.Span([key, f"{label} ", html.B(id=count)], **({"title": title} if title else {}))
    return dmc.Chip(text, value=value, size="xs", variant="outline")


def stores(view: View) -> list[Component]:
    """The state of the page: what it is of, and how it is shown."""
    first = {"map": view.map} | view.query
    return [
        dcc.Store(id="network-view", data=first),
        dcc.Store(id="network-numbers", data=None),
        dcc.Store(id="network-chosen", data=list(view.highlight)),
        dcc.Store(id="network-bound", data=None),
    ]
