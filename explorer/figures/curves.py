"""Concentration response of similarity: one compound against chosen genes on a log uM axis."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from explorer.errors import InputError
from explorer.figures import words
from explorer.figures.curve_marks import (
    ROLES,
    Strip,
    band,
    cosine_range,
    end_labels,
    escaped,
    mark_chosen,
    mark_ec50,
    toxic_range,
)
from explorer.figures.theme import color, template


def draw_curves(
    frame: pd.DataFrame,
    *,
    labels: Mapping[str, str],
    roles: Mapping[str, str],
    strip: Strip,
    chosen: float,
    ec50: Mapping[str, float] | None = None,
    compound: str,
    similarity: words.Similarity = words.COSINE,
    dark: bool,
) -> go.Figure:
    """Curves with wells, the 5-95 % band of all genes, controls at the left, and the toxic range hatched.

    Parameters
    ----------
    frame : DataFrame
        As `queries.curves` gives it.
    labels, roles : mappings
        Gene slug to label, and to a key of `ROLES`.
    strip : Strip
        Activity and toxicity by concentration; curves are dotted where the compound is not active.
    chosen : float
        The chosen concentration, uM.
    ec50 : mapping
        Gene slug to its EC50 in uM, NaN where it has none; drawn as a triangle on the axis.
    similarity : Similarity
        What the similarity of the map is called.

    Raises
    ------
    InputError
        Without any concentration above 0: only those have a place on the log axis, and the others are left out.
    """
    strip, frame = _on_log_axis(strip), frame[(frame["concentration"] > 0) | (frame["part"] == "control")]
    figure = go.Figure(layout={"template": template(dark=dark)})
    positions = np.log10(strip.concentrations)
    left = positions[0] - 0.55
    band(figure, frame, dark=dark)
    toxic_range(figure, strip, dark=dark)
    for slug, label in labels.items():
        _wells(figure, frame[frame["series"] == slug], left=left, tone=color(ROLES[roles[slug]][0], dark=dark))
        means = frame[(frame["series"] == slug) & (frame["part"] == "mean")]
        _line(figure, means, (label, roles[slug], similarity.short), strip, dark=dark)
    end_labels(figure, frame, labels, roles, dark=dark)
    known = {labels[s]: (value, roles[s]) for s, value in (ec50 or {}).items() if value > 0}
    if known:
        mark_ec50(figure, frame, known, dark=dark)
    if chosen > 0:
        mark_chosen(figure, chosen, dark=dark)
    controls = bool((frame["part"] == "control").any())
    ticks = ([left] if controls else []) + list(positions)
    names = (["control"] if controls else []) + [words.concentration(c) for c in strip.concentrations]
    figure.update_xaxes(
        title=f"{escaped(compound)}, µM (log scale)",
        tickvals=ticks,
        ticktext=names,
        showgrid=False,
        zeroline=False,
        automargin=True,
        range=[(left if controls else positions[0]) - 0.25, positions[-1] + 0.12],
    )
    low, high = cosine_range(frame)
    figure.update_yaxes(
        title=f"← opposite · {similarity.long} · similar →", range=[low, high], zeroline=True, zerolinewidth=1
    )
    figure.update_layout(margin={"l": 56, "r": 74, "t": 26, "b": 44}, uirevision=compound)
    return figure


def _on_log_axis(strip: Strip) -> Strip:
    known = zip(strip.concentrations, strip.active, strip.toxic, strict=True)
    kept = [k for k in known if k[0] > 0]
    if not kept:
        raise InputError("no concentration above 0: there is no curve to draw")
    return Strip(*zip(*kept, strict=True))


def _wells(figure: go.Figure, part: pd.DataFrame, *, left: float, tone: str) -> None:
    wells = part[part["part"].isin(["well", "control"])]
    x = np.where(wells["part"] == "control", left, np.log10(wells["concentration"].astype(float)))
    jitter = np.random.default_rng(len(wells)).uniform(-1, 1, len(wells)) * np.where(
        wells["part"] == "control", 0.16, 0.03
    )
    figure.add_scatter(
        x=x + jitter,
        y=wells["cosine"],
        mode="markers",
        marker={"size": 3.5, "color": tone, "opacity": 0.45},
        hoverinfo="skip",
    )


def _line(figure: go.Figure, mean: pd.DataFrame, said: tuple[str, str, str], strip: Strip, *, dark: bool) -> None:
    """`said` is the label of the gene, its role, and what the similarity is called."""
    label, role, similarity = said
    tone, symbol, dash = ROLES[role]
    mean = mean.sort_values("concentration")
    active = [a is not False for a in strip.active]
    x, y, tone = np.log10(mean["concentration"].to_numpy()), mean["cosine"].to_numpy(), color(tone, dark=dark)
    hover = f"<i>{escaped(label)}</i> {similarity} %{{y:.2f}}<br>%{{customdata}}<extra></extra>"
    notes = [
        f"{words.concentration(c)} µM" + ("" if a else ", not active")
        for c, a in zip(strip.concentrations, active, strict=True)
    ]
    figure.add_scatter(
        x=x, y=y, mode="lines", line={"color": tone, "width": 1, "dash": "dot"}, hoverinfo="skip", showlegend=False
    )
    figure.add_scatter(
        x=x,
        y=np.where(active, y, np.nan),
        mode="lines",
        line={"color": tone, "width": 2.6 if role == "target" else 1.8, "dash": dash},
        hoverinfo="skip",
    )
    symbols = [symbol if a else f"{symbol}-open" for a in active]
    figure.add_scatter(
        x=x,
        y=y,
        mode="markers",
        marker={"color": tone, "size": 8, "symbol": symbols},
        customdata=notes,
        hovertemplate=hover,
        name=label,
    )
