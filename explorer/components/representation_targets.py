"""Which representation finds compounds that share a target, on this map and in what was published."""

from __future__ import annotations

from collections.abc import Mapping

from dash import html
from dash.development.base_component import Component

from explorer.chemistry.tdc_facts import MEASURED, MOLE, TASKS
from explorer.components import states
from explorer.components.evidence import evidence
from explorer.components.figure import figure_box
from explorer.components.representation_words import verdict_said, way_name
from explorer.components.tiles import badge, tile
from explorer.figures import words

SHUFFLES = 199
MEASURED_SAYS = (
    "Random forests of 500 trees on one split, with 95 % bootstrap intervals; published rows as published. At n = 117 "
    "nothing is told apart: 208 atom types alone do as well. Half-life is learned as its logarithm, which matters as "
    "much as the representation. MolE's scores on the other twenty tasks are not repeated here."
)


def targets_tile(found: Mapping | None, left_out: Mapping, *, simulated: bool) -> Component:
    """Mean average precision of shared targets by each way, with intervals, n and null."""
    title = "Which one finds shared targets on this map"
    if found is None:
        why = "Fewer than ten compounds that can be compared share an annotated target with another, so none is ranked."
        return tile(title, states.absent(why), says=_compared(left_out), className="k-representations-wide")
    rows = [
        html.Tr(
            [
                html.Th(way_name(w["way"]), scope="row"),
                html.Td(words.number(w["mean"], 3), className="k-number"),
                html.Td(f"{words.number(w['low'], 3)} to {words.number(w['high'], 3)}"),
                html.Td(words.number(w["by_chance"], 3)),
                html.Td(words.p_value(w["p"], draws=SHUFFLES)),
            ]
        )
        for w in found["ways"]
    ]
    columns = ("By", "mAP", "95 % interval", "by chance", "p")
    simulation = "Cells are simulated on this map: their figure says how the simulation was made, nothing of biology."
    graph = figure_box(
        id="representations-map",
        style={"height": f"{80 + 56 * len(found['ways'])}px"},
    )
    numbers = [_scrolled(evidence(columns, rows), "Mean average precision by each"), html.P(verdict_said(found))]
    return tile(
        [title, *([" ", badge("cells simulated", tone="caution")] if simulated else [])],
        html.Div([graph, html.Div(numbers)], className="k-rep-score"),
        *([html.P(simulation, className="k-caution")] if simulated else []),
        html.P(_how(found, left_out), className="k-says"),
        says="Dot: mean average precision; line: 95 % interval; tick: chance. Read the differences, not the dots.",
        className="k-representations-wide",
    )


def tasks_tile() -> Component:
    """The 22 tasks of the leaderboard with the ranks of MolE, and what this project measured on two of them."""
    first = sum(t.rank == 1 for t in TASKS)
    return tile(
        "What was published: 22 tasks",
        html.Div([_ranks(), html.Div(_measured_again())], className="k-task-pair"),
        says=f"Ranks of MolE on the leaderboard as Recursion's talk shows them: first in {first} of 22. The paper "
        f"says best in 10 of 22 in September 2023 ({MOLE}). Leaderboards move: by June 2024 it was #7 in absorption "
        "and #4 in half-life.",
        className="k-representations-wide",
    )


def _ranks() -> Component:
    """Every task with the rank of MolE."""
    rows = [
        html.Tr(
            [
                html.Th([t.about, html.Small(t.name)], scope="row"),
                html.Td(t.metric),
                html.Td(f"#{t.rank}", className="k-number"),
            ]
        )
        for t in TASKS
    ]
    table = evidence(("Task, and its name in the TDC", "Metric", "MolE"), rows)
    return _scrolled(table, "Ranks of MolE on 22 tasks", style="k-scroll k-tasks")


def _measured_again() -> list[Component]:
    """Two of the tasks: a table, and how its numbers came about."""
    rows = [
        html.Tr(
            [
                html.Th([m.name, *([html.Small(f" {m.published}")] if m.published else [])], scope="row"),
                html.Td(_range(m.absorption)),
                html.Td(_range(m.half_life)),
            ]
        )
        for m in MEASURED
    ]
    columns = ("Representation", "Absorption, AUROC (n = 117)", "Half-life, Spearman (n = 135)")
    return [
        html.H3("Two of them, measured again"),
        _scrolled(evidence(columns, rows), "Two tasks, measured again"),
        html.P(MEASURED_SAYS, className="k-says"),
    ]


def _scrolled(table: Component, label: str, *, style: str = "k-wide-table") -> Component:
    return html.Div(table, className=style, tabIndex=0, role="region", **{"aria-label": label})


def _how(found: Mapping, left_out: Mapping) -> str:
    """n, null, interval, and who was left out."""
    asked, answering = words.plural(found["asked"], "compound"), f"{found['answering']:,}"
    sample = "A sample of 2,000. " if found["sampled"] else ""
    return (
        f"{asked} ask, {answering} with a target answer; a hit shares at least one target. {sample}Left out: "
        f"{found['without']:,} without an annotated target, {found['alone']:,} whose targets no other has. "
        f"{_compared(left_out)} Interval: compounds drawn again 2,000 times. Chance: targets shuffled among compounds "
        f"{SHUFFLES} times, p one-sided. Cells: where wells agree best among active, non-toxic concentrations, chosen "
        "without a look at targets."
    )


def _compared(left_out: Mapping) -> str:
    parts = [
        (left_out["structure"], "without a structure"),
        (left_out["embedding"], "without an embedding"),
        (left_out["reliable"], "without an active, non-toxic concentration"),
    ]
    gone = ", ".join(f"{n:,} {why}" for n, why in parts if n)
    return f"Compared: {words.plural(left_out['compared'], 'compound')}{f' (not {gone})' if gone else ''}."


def _range(value: tuple[float, float | None, float | None]) -> str:
    mean, low, high = value
    text = words.number(mean, 3)
    return text if low is None else f"{text} [{words.number(low, 3)}, {words.number(high, 3)}]"
