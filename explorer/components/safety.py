"""Effect against toxicity: the window in words and as a bar, and the evidence behind it row by row."""

from __future__ import annotations

from itertools import groupby

import pandas as pd
from dash import html
from dash.development.base_component import Component

from explorer.components.evidence import evidence, evidence_row
from explorer.figures import words

WINDOW = (
    "From the lowest active concentration with an effect on target (q ≤ 0.05), or any phenotype where no target is "
    "on the map, to the lowest toxic one; a ratio of two tested concentrations, so no finer than the steps between them"
)
LIMITS = (
    "Cells left: median over the wells, relative to the median control of their plate. Limits of the proxy: 99 % of "
    "pseudo-perturbations of as many control wells; death signature without unit, magnitude in units of the features"
)
BY = {"count": "toxic by count", "proxy": "toxicity-like (proxy)"}


def window_words(window: dict) -> str:
    """The window in one phrase: fold, and from where to where."""
    if window["fold"] is None:
        return ""
    effect = words.concentration(window["effect"])
    if window["at_least"]:
        return f"Window at least {_fold(window['fold'])}× (from {effect} µM, none toxic)"
    return f"Window {_fold(window['fold'])}× ({effect} → {words.concentration(window['toxic'])} µM)"


def _fold(fold: float) -> str:
    return f"{fold:,.0f}" if fold >= 10 else f"{fold:.2g}"


def window_bar(concentrations: list[float], window: dict) -> Component:
    """One bar under the concentrations: before any effect, effect, toxic."""

    def stage(c: float) -> str:
        if window["toxic"] is not None and c >= window["toxic"]:
            return "toxic"
        return "effect" if window["effect"] is not None and c >= window["effect"] else "before"

    said = {
        "before": "no effect" if window.get("tested", True) else "effect not tested by concentration",
        "effect": window["what"],
        "toxic": BY.get(window["by"], ""),
    }
    parts = [(kind, len(list(slots))) for kind, slots in groupby(concentrations, key=stage)]
    return html.Div(
        [
            html.Span(said[k], className=f"k-window-{k}", style={"gridColumn": f"span {n}"}, title=said[k])
            for k, n in parts
        ],
        className="k-window",
        style={"gridTemplateColumns": f"repeat({len(concentrations)}, minmax(0, 1fr))"},
    )


def evidence_table(row: dict) -> Component:
    """The evidence at one concentration: a value, what it is held against, and what kind of evidence it is.

    Parameters
    ----------
    row : dict
        A row of `queries.toxicity`.
    """
    counted = pd.notna(row["relative_count"])
    proxied = pd.notna(row["score_limit"])
    count = f"{row['relative_count']:.0%}" if counted else "n/a"
    rows = [
        (
            row["toxic"] is True,
            "Cells left",
            count,
            "toxic below 50 %, or 3 MAD under the plate's controls" if counted else "no cell counts in this map",
            "measured" if counted else "absent",
        ),
        (
            proxied and row["score"] > row["score_limit"],
            "Death signature",
            words.number(row["score"], 2),
            f"control 99 % {words.number(row['score_limit'], 2)}; loss of PLK1 = 1"
            if proxied
            else "needs knockouts that kill, and controls",
            "proxy" if proxied else "absent",
        ),
        (
            proxied and row["magnitude"] > row["magnitude_limit"],
            "Magnitude",
            words.number(row["magnitude"], 1),
            f"control 99 % {words.number(row['magnitude_limit'], 1)}" if proxied else "no control wells",
            "proxy" if proxied else "absent",
        ),
    ]
    limits = LIMITS + (f"; n = {words.plural(int(row['n_wells']), 'well')}" if "n_wells" in row else "")
    return evidence(("Evidence", "Value", "Against what", "Kind"), [_row(*r) for r in rows], title=limits)


def _row(passed: bool, name: str, value: str, against: str, kind: str) -> Component:
    found = html.Td(value, className="k-number" + (" k-over" if passed else ""))
    return evidence_row(name, found, against, kind, passed=passed, said="above its limit")
