"""Concentration response of similarity: one compound against chosen genes on a log uM axis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from explorer.errors import InputError
from explorer.figures import words
from explorer.figures.theme import color, template

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


def draw_curves(
    frame: pd.DataFrame,
    *,
    labels: Mapping[str, str],
    roles: Mapping[str, str],
    strip: Strip,
    chosen: float,
    ec50: Mapping[str, float] | None = None,
    compound: str,
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

    Raises
    ------
    InputError
        Without any concentration above 0: only those have a place on the log axis, and the others are left out.
    """
    strip, frame = _on_log_axis(strip), frame[(frame["concentration"] > 0) | (frame["part"] == "control")]
    figure = go.Figure(layout={"template": template(dark=dark)})
    positions = np.log10(strip.concentrations)
    left = positions[0] - 0.55
    _band(figure, frame, dark=dark)
    _toxic_range(figure, strip, dark=dark)
    for slug, label in labels.items():
        _wells(figure, frame[frame["series"] == slug], left=left, tone=color(ROLES[roles[slug]][0], dark=dark))
        _line(
            figure, frame[(frame["series"] == slug) & (frame["part"] == "mean")], label, roles[slug], strip, dark=dark
        )
    _end_labels(figure, frame, labels, roles, dark=dark)
    known = {labels[s]: (value, roles[s]) for s, value in (ec50 or {}).items() if value > 0}
    _ec50_marks(figure, frame, known, dark=dark)
    if chosen > 0:
        _mark(figure, chosen, dark=dark)
    controls = bool((frame["part"] == "control").any())
    ticks = ([left] if controls else []) + list(positions)
    names = (["control"] if controls else []) + [words.concentration(c) for c in strip.concentrations]
    figure.update_xaxes(
        title=f"{_safe(compound)}, µM (log scale)",
        tickvals=ticks,
        ticktext=names,
        showgrid=False,
        zeroline=False,
        automargin=True,
        range=[(left if controls else positions[0]) - 0.25, positions[-1] + 0.12],
    )
    low, high = _range(frame)
    figure.update_yaxes(title="← opposite · cosine · similar →", range=[low, high], zeroline=True, zerolinewidth=1)
    figure.update_layout(margin={"l": 56, "r": 74, "t": 26, "b": 44}, uirevision=compound)
    return figure


def _ec50_marks(figure: go.Figure, frame: pd.DataFrame, marks: Mapping[str, tuple], *, dark: bool) -> None:
    low, high = _range(frame)
    figure.add_scatter(
        x=np.log10([value for value, _ in marks.values()]),
        y=[low + 0.03 * (high - low)] * len(marks),
        mode="markers",
        marker={
            "symbol": "triangle-down",
            "size": 9,
            "color": [color(ROLES[role][0], dark=dark) for _, role in marks.values()],
        },
        customdata=[f"{_safe(label)}: EC50 {value:.2g} µM" for label, (value, _) in marks.items()],
        hovertemplate="%{customdata}<extra></extra>",
    )


def _on_log_axis(strip: Strip) -> Strip:
    known = zip(strip.concentrations, strip.active, strip.toxic, strict=True)
    kept = [k for k in known if k[0] > 0]
    if not kept:
        raise InputError("no concentration above 0: there is no curve to draw")
    return Strip(*zip(*kept, strict=True))


def _mark(figure: go.Figure, chosen: float, *, dark: bool) -> None:
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


def _band(figure: go.Figure, frame: pd.DataFrame, *, dark: bool) -> None:
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


def _toxic_range(figure: go.Figure, strip: Strip, *, dark: bool) -> None:
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


def _line(figure: go.Figure, mean: pd.DataFrame, label: str, role: str, strip: Strip, *, dark: bool) -> None:
    tone, symbol, dash = ROLES[role]
    mean = mean.sort_values("concentration")
    active = [a is not False for a in strip.active]
    x, y, tone = np.log10(mean["concentration"].to_numpy()), mean["cosine"].to_numpy(), color(tone, dark=dark)
    hover = f"<i>{_safe(label)}</i> cosine %{{y:.2f}}<br>%{{customdata}}<extra></extra>"
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


def _end_labels(
    figure: go.Figure, frame: pd.DataFrame, labels: Mapping[str, str], roles: Mapping[str, str], *, dark: bool
) -> None:
    """Names at the right ends of the lines, pushed apart so that none overlap."""
    means = frame[frame["part"] == "mean"].sort_values("concentration").groupby("series")["cosine"].last()
    low, high = _range(frame)
    gap = (high - low) * 0.052
    placed: list[float] = []
    for slug in sorted(labels, key=lambda s: -means[s]):
        y = min(float(means[slug]), placed[-1] - gap if placed else high)
        placed.append(y)
        figure.add_annotation(
            x=1.005,
            xref="paper",
            y=y,
            xanchor="left",
            showarrow=False,
            text=f"<b><i>{_safe(labels[slug])}</i></b>",
            font={"color": color(_text_tone(roles[slug]), dark=dark)},
        )


def _text_tone(role: str) -> str:
    return {"kill": "caution-text"}.get(role, ROLES[role][0])


def _range(frame: pd.DataFrame) -> tuple[float, float]:
    shown = frame.loc[frame["part"] != "control", "cosine"]
    return max(-1.0, min(-0.3, float(shown.min()) - 0.05)), min(1.0, max(0.5, float(shown.max()) + 0.12))


def _safe(text: str) -> str:
    """Labels come from data: Plotly would read `<b>` or `<a>` in them as markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;")
