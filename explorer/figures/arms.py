"""Arm bias: for each chromosome arm, how often a pair on it is more alike than a pair off it."""

from __future__ import annotations

import re

import pandas as pd
import plotly.graph_objects as go

from explorer.figures import words
from explorer.figures.curve_marks import escaped
from explorer.figures.theme import color, template

SIGNIFICANT = 0.05


def draw_arms(frame: pd.DataFrame, *, similarity: words.Similarity = words.COSINE, dark: bool) -> go.Figure:
    """Arms in the order of the genome, P(within > between) up; filled where it is above .5 after Bonferroni.

    Parameters
    ----------
    frame : DataFrame
        `queries.arm_bias` of one way to relate.
    """
    frame = frame.sort_values("arm", key=lambda arms: arms.map(genome_order))
    figure = go.Figure(layout={"template": template(dark=dark)})
    over = (frame["p"] <= SIGNIFICANT).to_numpy()
    for chosen, symbol, tone in ((~over, "circle-open", "muted"), (over, "circle", "caution")):
        part = frame[chosen]
        figure.add_scatter(
            x=part["arm"],
            y=part["probability"],
            mode="markers",
            marker={"symbol": symbol, "size": 10, "color": color(tone, dark=dark), "line": {"width": 1.5}},
            hovertext=[_hover(r, similarity) for r in part.itertuples()],
            hoverinfo="text",
        )
    figure.add_hline(y=0.5, line={"color": color("line-strong", dark=dark), "width": 1})
    reach = max(0.1, float((frame["probability"] - 0.5).abs().max()) * 1.15) if len(frame) else 0.1
    figure.update_yaxes(title="P(same arm > other arms)", range=[0.5 - reach, min(0.5 + reach, 1.02)])
    figure.update_xaxes(
        categoryorder="array",
        categoryarray=frame["arm"].tolist(),
        range=[-0.6, len(frame) - 0.4],
        tickfont={"size": 11},
    )
    return figure.update_layout(margin={"t": 8, "b": 40, "l": 56, "r": 12})


def genome_order(arm: str) -> tuple[int, str]:
    """A key that puts 2p before 10q, and X and Y last."""
    number = re.match(r"\d{1,2}", arm)
    return (int(number.group()) if number else 99, arm)


def _hover(row: object, similarity: words.Similarity) -> str:
    share = f"P = {words.number(row.probability, 2)}, Bonferroni p {words.q_value(row.p)}"
    means = f"mean {similarity.short} {words.cosine(row.within)} on the arm, {words.cosine(row.between)} off it"
    return f"<b>{escaped(str(row.arm))}</b>: {row.genes} genes, {row.pairs:,} pairs<br>{share}<br>{means}"
