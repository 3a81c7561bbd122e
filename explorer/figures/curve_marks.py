"""What stands around the curves: the band, the toxic range, marks, and names at the ends of the lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from explorer.figures import words
from explorer.figures.theme import color

#: Role of a gene in a curve: colour, symbol, line.
ROLES = {
    "target": ("gene-text", "circle", "solid"),
    "other": ("muted", "square", "solid"),
    "added": ("new", "diamond", "solid"),
    "kill": ("caution", "triangle-up", "dash"),
}


@dataclass(frozen=True)
class Strip:
    """What is known at each concentration: whether the compound is active there, and whether it is toxic by count."""

    concentrations: tuple[float, ...]
    active: tuple[bool | None, ...]
    toxic: tuple[bool | None, ...]


def mark_chosen(figure: go.Figure, chosen: float, *, dark: bool) -> None:
    """The chosen concentration as a line with its value."""
    figure.add_vline(x=np.log10(chosen), line={"color": color("chosen", dark=dark), "width": 1.2})
    figure.add_annotation(
        x=np.log10(chosen),
        y=1,
        yref="paper",
        yanchor="bottom",
        showarrow=False,
        text=f"<b>{words.concentration(chosen)} µM</b>",
        font={"color": color("on-chosen", dark=dark)},
        bgcolor=color("chosen", dark=dark),
        borderpad=3,
    )


def mark_ec50(figure: go.Figure, frame: pd.DataFrame, marks: Mapping[str, tuple], *, dark: bool) -> None:
    """A triangle on the axis for each EC50; `marks` is label to (uM, role)."""
    low, high = cosine_range(frame)
    figure.add_scatter(
        x=np.log10([value for value, _ in marks.values()]),
        y=[low + 0.03 * (high - low)] * len(marks),
        mode="markers",
        marker={
            "symbol": "triangle-down",
            "size": 9,
            "color": [color(ROLES[role][0], dark=dark) for _, role in marks.values()],
        },
        customdata=[f"{escaped(label)}: EC50 {value:.2g} µM" for label, (value, _) in marks.items()],
        hovertemplate="%{customdata}<extra></extra>",
    )


def band(figure: go.Figure, frame: pd.DataFrame, *, dark: bool) -> None:
    """Where 5-95 % of all genes lie."""
    band = frame[frame["series"] == "band"].sort_values("concentration")
    low, high = (band[band["part"] == part] for part in ("low", "high"))
    if band.empty:
        return
    x = np.log10(low["concentration"].to_numpy())
    figure.add_scatter(
        x=np.concatenate([x, x[::-1]]),
        y=np.concatenate([high["cosine"], low["cosine"].to_numpy()[::-1]]),
        fill="toself",
        fillcolor=color("band", dark=dark),
        line={"width": 0},
        mode="lines",
        hoverinfo="skip",
        name="5–95 % of all genes",
    )


def toxic_range(figure: go.Figure, strip: Strip, *, named: bool = True, dark: bool) -> None:
    """The range from the lowest toxic concentration on, hatched, and named where nothing else names it."""
    toxic = [c for c, t in zip(strip.concentrations, strip.toxic, strict=True) if t]
    if not toxic:
        return
    start, end = np.log10(min(toxic)) - 0.08, np.log10(strip.concentrations[-1]) + 0.12
    figure.add_scatter(
        x=[start, end, end, start],
        y=[-1, -1, 1, 1],
        fill="toself",
        mode="lines",
        line={"width": 0},
        hoverinfo="skip",
        fillpattern={
            "shape": "/",
            "size": 7,
            "solidity": 0.1,
            "fgcolor": color("caution", dark=dark),
            "fgopacity": 0.35,
            "bgcolor": "rgba(0,0,0,0)",
        },
        name="toxic by count",
    )
    if not named:
        return
    figure.add_annotation(
        x=end,
        y=0.995,
        yref="paper",
        xanchor="right",
        yanchor="top",
        showarrow=False,
        name="toxic",
        text=f"<b>toxic by count ≥ {words.concentration(min(toxic))} µM</b>",
        font={"color": color("caution-text", dark=dark), "size": 11},
        bgcolor=color("surface", dark=dark),
    )


def end_labels(
    figure: go.Figure, frame: pd.DataFrame, labels: Mapping[str, str], roles: Mapping[str, str], *, dark: bool
) -> None:
    """Names at the right ends of the lines, pushed apart so that none overlap."""
    means = frame[frame["part"] == "mean"].sort_values("concentration").groupby("series")["cosine"].last()
    low, high = cosine_range(frame)
    ends = {slug: float(means[slug]) for slug in labels}
    for slug, y in spread(ends, gap=(high - low) * 0.052, low=low, high=high).items():
        font = {"color": color(_text_tone(roles[slug]), dark=dark)}
        beside(figure, y, f"<b><i>{escaped(labels[slug])}</i></b>", x=1.005, font=font)


def beside(figure: go.Figure, y: float, text: str, *, x: float = 1.01, font: Mapping[str, object]) -> None:
    """A name right of the plot, at a height of its axis."""
    figure.add_annotation(x=x, xref="paper", y=y, xanchor="left", showarrow=False, text=text, font=dict(font))


def spread(ends: Mapping[Any, float], *, gap: float, low: float, high: float) -> dict[Any, float]:
    """Heights of labels beside the ends of lines: the same order, at least `gap` apart, and within the axis."""
    order, placed = sorted(ends, key=lambda name: -ends[name]), {}
    ceiling = high
    for name in order:
        placed[name] = min(ends[name], ceiling)
        ceiling = placed[name] - gap
    floor = low
    for name in reversed(order):
        placed[name] = max(placed[name], floor)
        floor = placed[name] + gap
    return placed


def _text_tone(role: str) -> str:
    return {"kill": "caution-text"}.get(role, ROLES[role][0])


def cosine_range(frame: pd.DataFrame) -> tuple[float, float]:
    """Range of the cosine axis: as far as means, wells and band reach."""
    shown = frame.loc[frame["part"] != "control", "cosine"]
    return max(-1.0, min(-0.3, float(shown.min()) - 0.05)), min(1.0, max(0.5, float(shown.max()) + 0.12))


def escaped(text: str) -> str:
    """Labels come from data: Plotly would read `<b>` or `<a>` in them as markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;")
