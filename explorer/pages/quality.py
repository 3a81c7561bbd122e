"""Quality: how good is this map, by what is known from outside and by its own replicates, each number with its null."""

from __future__ import annotations

import dash_mantine_components as dmc
from dash import Input, Output, callback, dcc, html
from dash.development.base_component import Component

from explorer import atlas, queries
from explorer.components import quality_parts as parts
from explorer.components import states
from explorer.components.asked import asked_map
from explorer.components.columns import number_column, text_column
from explorer.components.figure import figure_box
from explorer.components.routing import Address
from explorer.components.similarity_name import similarity_name
from explorer.components.tables import csv_button, rows, table
from explorer.components.tiles import tile
from explorer.errors import InputError
from explorer.figures import words
from explorer.figures.arms import draw_arms
from explorer.figures.histogram import draw_histogram
from explorer.figures.recall import draw_recall

PATH, TITLE = "/quality", "Quality"


def layout(address: Address) -> Component:
    """The page of one map."""
    of_map = address.map
    has, kept = queries.has(of_map), queries.stored_check(of_map)
    return html.Div(
        [
            dcc.Store(id="quality-page", data={"map": of_map}),
            dcc.Store(id="quality-measured", data={"map": of_map}),
            _title(of_map, kept),
            *([_recall_tile(), _histogram_tile(of_map)] if has["genes"] else []),
            _activity_tile(of_map),
            *([_arms_tile()] if has["genes"] and has["arms"] else []),
            *_measured_by_check(of_map, has, kept),
            *_alignment_tile(of_map),
            _batches_tile(of_map),
        ],
        className="k-page k-quality",
    )


def _title(of_map: str, kept: dict) -> Component:
    said = (
        "Measured by keyhole check and kept beside this build; the histogram, activity and arms are measured now."
        if kept
        else f"Measured now, on what is loaded. {parts.CHECK} measures the rest and keeps it."
    )
    return html.Section(
        [
            html.Div(
                [html.H1("Quality"), html.Span("Is this map good, and against what?", className="k-also")],
                className="k-title",
            ),
            html.Div(states.skeleton(2), id="quality-answer"),
            html.P(" ".join([*queries.absences(of_map), said]), className="k-says"),
        ],
        className="k-tile k-identity k-across",
    )


def _recall_tile() -> Component:
    tail = dmc.SegmentedControl(
        id="quality-tail", value="05", data=[{"value": k, "label": v} for k, v in parts.TAILS.items()], size="xs"
    )
    return tile(
        "Recall of known relationships",
        html.Div(states.skeleton(8), id="quality-recall"),
        says="Do gene pairs that a source lists lie in the tails of all pairs? Each dot is a source.",
        tools=tail,
    )


def _histogram_tile(of_map: str) -> Component:
    name = similarity_name(of_map)
    return tile(
        "All gene pairs",
        html.Div(states.skeleton(8), id="quality-histogram"),
        says=f"{name.long.capitalize()} of every two genes after alignment; "
        f"a {name.short} means little without these cut-offs.",
    )


def _activity_tile(of_map: str) -> Component:
    says = "Perturbations whose replicate wells agree more than as many control wells do, q ≤ 0.05 by kind."
    return tile(
        "Activity", html.Div(parts.activity_table(queries.activity_rates(of_map)), className="k-scroll"), says=says
    )


def _arms_tile() -> Component:
    return tile(
        "Arm bias",
        html.Div(states.skeleton(6), id="quality-arms"),
        says="Are knockouts on one chromosome arm alike by the cut alone? 0.5 is no bias.",
        says_id="quality-arms-said",
    )


def _measured_by_check(of_map: str, has: dict, kept: dict) -> list[Component]:
    both = has["genes"] and has["compounds"]
    found = []
    if both:
        anchor = queries.drug_target_anchor()
        found.append(
            tile(
                "Compounds and their targets",
                *parts.drug_target_view(kept, anchor),
                says=f"Average precision and ROC-AUC of {similarity_name(of_map).strength} for annotated targets. "
                f"Published: {anchor['source']}.",
            )
        )
    if has["compounds"]:
        says = "Does one half of the wells of a compound find the other among all compounds? Knockouts keep no wells."
        found.append(tile("Replicate retrieval", *parts.retrieval_view(kept), says=says))
    return found


def _alignment_tile(of_map: str) -> list[Component]:
    found = queries.alignment_evidence(of_map)
    if not found:
        return []
    why = f"{found['why']}."
    view = parts.alignment_view(found)
    return [tile("How the alignment was chosen", *view, says=why, className="k-across")]


def _batches_tile(of_map: str) -> Component:
    frame = queries.batches(of_map)
    if frame.empty:
        return tile("Batches", states.absent("No control wells were kept, so no batch can be judged by them."))
    few = int((frame["controls"] < parts.FEW_CONTROLS).sum())
    fewest, most = int(frame["controls"].min()), int(frame["controls"].max())
    counts = f"{fewest:,} to {most:,}" if fewest < most else f"{fewest:,}"
    said = f"{words.plural(len(frame), 'experiment')} with {counts} control wells each, fewest first."
    caution = f"{few} with fewer than {parts.FEW_CONTROLS}: alignment and null rest on little there."
    columns = [
        text_column("experiment", "Experiment", width=180) | {"flex": 2},
        number_column("controls", "Controls", digits=0, width=96),
        number_column("plates", "Plates", digits=0, width=80),
        text_column("beside", "Beside", width=110) | {"flex": 1},
    ]
    return tile(
        "Batches",
        *(
            [html.P([html.Span(className="k-icon k-icon-caution"), caution], className="k-caution k-gap")]
            if few
            else []
        ),
        table("quality-batches", columns, label="Control wells of each experiment", height="280px"),
        says=said,
        tools=csv_button("quality-batches", entity="quality", of_map=of_map),
        className="k-across",
    )


@callback(Output("quality-answer", "children"), Output("quality-measured", "data"), Input("quality-page", "data"))
def fill_answer(page: object) -> tuple[list[Component], dict]:
    """Is the map good, against what; the dots wait for it, so that recall is measured once."""
    of_map = _asked(page)
    simulated = atlas.opened(of_map).map.simulated
    said = parts.verdict(queries.recall(of_map), queries.activity_rates(of_map), simulated=simulated)
    return said, {"map": of_map}


@callback(
    Output("quality-recall", "children"),
    Input("quality-measured", "data"),
    Input("quality-tail", "value"),
    Input("theme", "data"),
)
def fill_recall(page: object, tail: object, theme: object) -> list[Component]:
    """Dots, their table, and the published figures."""
    of_map, tail = _asked(page), _asked_tail(tail)
    found = queries.recall(of_map)
    if not found:
        return [states.absent(_no_recall(of_map))]
    figure = draw_recall(found, tail=tail, dark=theme == "dark")
    source = html.P(f"{_recall_said(found)} Published: {found['anchor_source']}.", className="k-says k-gap")
    twin = [html.Summary("Published figures as a table"), parts.anchor_table(found)]
    table = parts.recall_table(found, tail=tail)
    return [_graph(figure, "250px", "Recall by source"), table, source, html.Details(twin, className="k-twin")]


@callback(Output("quality-histogram", "children"), Input("quality-page", "data"), Input("theme", "data"))
def fill_histogram(page: object, theme: object) -> list[Component]:
    """The histogram with its cut-offs."""
    of_map = _asked(page)
    found = queries.cosine_histogram(of_map)
    if not found["counts"]:
        return [states.absent(f"{words.plural(found['genes'], 'gene')}: too few pairs for a histogram.")]
    figure = draw_histogram(found, similarity=similarity_name(of_map), dark=theme == "dark")
    said = html.P(f"{found['pairs']:,} pairs of {found['genes']:,} genes.", className="k-says k-gap")
    return [_graph(figure, "250px", "Histogram of all gene-gene similarities"), parts.cutoff_table(found), said]


@callback(
    Output("quality-arms", "children"),
    Output("quality-arms-said", "children"),
    Input("quality-page", "data"),
    Input("theme", "data"),
)
def fill_arms(page: object, theme: object) -> tuple[list[Component], str]:
    """P(same arm > other arms) of each arm."""
    of_map = _asked(page)
    frame = queries.arm_bias(of_map)
    frame = frame[frame["way"] == ("served" if (frame["way"] == "served").any() else "cosine")]
    said = parts.arms_said(frame, similarity=similarity_name(of_map))
    if frame.empty:
        return [states.absent("Nothing to compare.")], said
    twin = html.Details([html.Summary("As a table"), parts.arms_table(frame)], className="k-twin")
    drawn = draw_arms(frame, similarity=similarity_name(of_map), dark=theme == "dark")
    return [_graph(drawn, "250px", "Arm bias by chromosome arm"), twin], said


@callback(Output({"type": "table", "index": "quality-batches"}, "rowData"), Input("quality-page", "data"))
def fill_batches(page: object) -> list[dict]:
    """Control wells of each experiment."""
    return rows(queries.batches(_asked(page)), ("experiment", "controls", "plates", "beside"))


def _graph(drawn: object, height: str, label: str) -> Component:
    return html.Div(figure_box(figure=drawn, style={"height": height}), role="group", **{"aria-label": label})


def _no_recall(of_map: str) -> str:
    if queries.known_sources(of_map):
        return "Not measured: too few of the loaded relationships are between named genes of this map."
    return f"Not measured: no relationships loaded. keyhole fetch relationships brings some; {parts.CHECK} measures."


def _recall_said(found: dict) -> str:
    where = "kept by keyhole check" if found["stored"] else "measured now on the loaded sources"
    null = "Random: as many random pairs; matched: every gene keeps its number of partners."
    return f"{found['genes']:,} named genes, {where}. {null}"


def _asked(page: object) -> str:
    return asked_map(page.get("map") if isinstance(page, dict) else None)


def _asked_tail(tail: object) -> str:
    if not isinstance(tail, str) or tail not in parts.TAILS:
        raise InputError(f"no such tail; choose from {', '.join(parts.TAILS)}")
    return tail
