"""The lower row of the first page: what is in the map, how far to trust it, and what a map is."""

from __future__ import annotations

import math
from collections.abc import Sequence

from dash import dcc, html
from dash.development.base_component import Component

from explorer.components import states
from explorer.components.links import href
from explorer.components.tiles import tile
from explorer.figures import words

STEPS = (
    ("photograph", "Photograph.", "Knock out one gene, or add one compound, and photograph the cells in many wells."),
    ("describe", "Describe.", "A network turns each picture into numbers; control wells take batch effects out."),
    ("compare", "Compare.", "Two that point the same way (cosine near 1) look alike, and often share biology."),
)  # fmt: skip
#: Concentrations that are drawn one by one, and room that a label takes on their axis, in percent.
_MOST_DOTS, _LABEL_ROOM = 40, 9.0


def contents(summary: dict, manifest: dict, *, has: dict) -> Component:
    """Counts, concentrations on their axis, and how much differs from controls."""
    s, counts = summary, []
    per = s["wells_per_vector"]
    well = "well" if has["replicates"] else "row"
    if s["genes"]:
        counts.append(_count(s["genes"], "gene", f"{words.plural(round(per['gene']), well)} each"))
    if s["compounds"]:
        each = f"{words.plural(round(per['compound']), well)} {'a concentration' if has['concentrations'] else 'each'}"
        counts.append(_count(s["compounds"], "compound", each))
    counts.append(_count(manifest["wells"], well, _controls(manifest["control_wells_used"])))
    parts = [html.Div(counts, className="k-counts"), *_named(s), *_axis(s["concentrations"])]
    parts.append(html.P(["Differ from controls, q ≤ 0.05: ", *activity_words(s)], className="k-home-line"))
    parts += [html.P(a, className="k-muted k-home-line") for a in s["absent"]]
    return tile("In this map", *parts, says=manifest["dataset"])


def activity_words(summary: dict) -> list:
    """Shares that differ from controls; where single wells leave vectors untested, how many are behind the share."""
    parts: list = []
    for kind, many in (("gene", "genes"), ("compound", "compound-concentrations")):
        n, active, of = summary["activity"][kind]["n"], summary["activity"][kind]["active"], summary["vectors"][kind]
        if n == of > 0:
            parts += ["; " if parts else "", html.B(f"{active / n:.0%}".replace("%", " %")), f" of {many}"]
        elif n:
            untested = f" {many}; {of - n:,} of a single well are not tested"
            parts += ["; " if parts else "", html.B(f"{active:,} of {n:,} tested"), untested]
    pooled = summary["pooled"]
    if pooled["n"]:
        share = html.B(f"{pooled['active']:,} of {pooled['n']:,} compounds")
        parts += ["; " if parts else "", share, " over all their single wells"]
    return parts or ["not tested on this map"]


def trust(found: dict, *, of_map: str) -> list[Component]:
    """Recall of each source as a dot beside chance; `found` is `queries.recall`."""
    rows = found.get("served") or found.get("cosine") or []
    if not rows:
        why = "No relationships between genes of this map are loaded, so none can be looked for. "
        return [html.P([why, dcc.Link("Load some", href=href("/data", of_map=of_map)), "."], className="k-absent")]
    reach = min(1.0, math.ceil(10 * max(max(r["recall_05"], r["random_05"]) for r in rows) + 0.5) / 10)
    chance = sum(r["random_05"] for r in rows) / len(rows)
    head = html.Tr(
        [
            html.Th("Source", scope="col", className="k-unseen"),
            html.Th(
                html.Span(f"random {words.number(chance, 2)}", style={"left": f"{100 * chance / reach:.1f}%"}),
                scope="col",
                className="k-trust-head",
            ),
            html.Th("recall, pairs", scope="col", className="k-trust-n"),
        ]
    )
    ticks = html.Tr(
        [html.Td(), html.Td(_ticks(reach), className="k-trust-ticks"), html.Td()], **{"aria-hidden": "true"}
    )
    body = [*(_trust_row(r, reach) for r in rows), ticks]
    said = f"recall of known pairs among {words.plural(found['genes'], 'gene')}; line: random pairs"
    return [
        html.Table([html.Thead(head), html.Tbody(body)], className="k-trust"),
        html.P([said, dcc.Link("Quality", href=href("/quality", of_map=of_map))], className="k-trust-foot"),
    ]


def what_is_a_map(of_map: str) -> Component:
    """Three steps from a picture to a neighbour."""
    steps = []
    for key, head, text in STEPS:
        icon = html.Span(className=f"k-step k-step-{key}", **{"aria-hidden": "true"})
        steps.append(html.Li([icon, html.P([html.B(head), " ", text])]))
    links = [
        dcc.Link("Method, limits and words", href=href("/help", of_map=of_map)),
        dcc.Link("Sources and how to cite", href=href("/data", of_map=of_map)),
    ]
    says = "Three steps from a picture to a neighbour."
    return tile(
        "What a map is", html.Ol(steps, className="k-map-steps"), html.P(links, className="k-home-links"), says=says
    )


def waiting(index: str, rows: int) -> Component:
    """A part that is asked for after the page is drawn."""
    return html.Div(states.skeleton(rows), id=index)


def _count(n: int, word: str, below: str) -> Component:
    return html.Div(
        [html.B(f"{n:,}"), html.Span(word if n == 1 else word + "s"), html.Small(below)], className="k-count"
    )


def _controls(n: int) -> str:
    return f"{n:,} of them controls" if n else "no controls"


def _named(s: dict) -> list[Component]:
    if not s["genes"]:
        return []
    named = [
        html.Span(className="k-mark k-mark-gene", **{"aria-hidden": "true"}),
        html.B(f"{s['genes'] - s['blinded']:,}"),
    ]
    lock = [html.Span(className="k-icon k-icon-lock", **{"aria-hidden": "true"}), html.B(f" {s['blinded']:,}")]
    blinded = [html.Span([*lock, " blinded genes"])] if s["blinded"] else []
    also = [html.Span([html.B(f"{s['structures']:,}"), " structures"])] if s["structures"] else []
    return [html.P([html.Span([*named, " named genes"]), *blinded, *also], className="k-named")]


def _axis(concentrations: Sequence[float]) -> list[Component]:
    """The tested concentrations on a logarithmic axis, darker where higher; labels where there is room."""
    levels = [c for c in concentrations if c > 0]
    if not levels:
        return []
    head = html.P(f"{words.plural(len(levels), 'concentration')}, µM", className="k-axis-head")
    if len(levels) < 2 or len(levels) > _MOST_DOTS:
        span = words.concentration(levels[0]) + (f" to {words.concentration(levels[-1])}" if len(levels) > 1 else "")
        return [html.P([head.children, ": ", html.B(span)], className="k-home-line")]
    low, high = math.log10(levels[0]), math.log10(levels[-1])
    dots, last = [], -100.0
    for i, c in enumerate(levels):
        at = 3 + 94 * (math.log10(c) - low) / (high - low)
        named = at - last >= _LABEL_ROOM
        last = at if named else last
        share = 20 + round(80 * i / (len(levels) - 1))
        dot = html.Span(className="k-axis-dot", style={"--share": f"{share}%"}, title=f"{words.concentration(c)} µM")
        text = html.Small(words.concentration(c)) if named else ""
        dots.append(html.Span([dot, text], className="k-axis-at", style={"left": f"{at:.1f}%"}))
    return [head, html.Div(dots, className="k-axis")]


def _trust_row(row: dict, reach: float) -> Component:
    at, chance = 100 * row["recall_05"] / reach, 100 * row["random_05"] / reach
    start, width = min(at, chance), abs(at - chance)
    track = html.Div(
        [
            html.Span(className="k-trust-random", style={"left": f"{chance:.1f}%"}),
            html.Span(className="k-trust-bar", style={"left": f"{start:.1f}%", "width": f"{width:.1f}%"}),
            html.Span(className="k-trust-dot", style={"left": f"{at:.1f}%"}),
        ],
        className="k-trust-track",
        title=f"Recall {words.number(row['recall_05'], 2)}, random {words.number(row['random_05'], 2)}",
    )
    value = [html.B(words.number(row["recall_05"], 2)), html.Small(f" n {row['pairs']:,}")]
    return html.Tr([html.Th(row["source"], scope="row"), html.Td(track), html.Td(value, className="k-trust-n")])


def _ticks(reach: float) -> list[Component]:
    step = 0.1 if reach <= 0.6 else 0.2
    values = [round(i * step, 1) for i in range(round(reach / step) + 1)]
    return [html.Small(f"{v:.1f}", style={"left": f"{100 * v / reach:.1f}%"}) for v in values if v <= reach]
