"""What the colour of a point says: a scale with words at its ends, for each thing that a map can be coloured by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from explorer.figures import words
from explorer.figures.curve_marks import escaped
from explorer.figures.png import LIMITS, scale_colors
from explorer.figures.theme import color

#: Twelve hues that differ in lightness too; after Okabe and Ito and Tol.
GROUP_COLORS = (
    *("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e0a800", "#56b4e9"),
    *("#882255", "#7a9a01", "#5b3a9e", "#b2182b", "#44aa99", "#8a6d3b"),
)


@dataclass(frozen=True, eq=False)
class Scale:
    """A colour scale for points.

    Attributes
    ----------
    title : str
    values : float32 array or None
        One a point, NaN where not known; None where the kind alone gives the colour.
    low, high : float
    colors : sequence of (position 0..1, colour)
    ticks : sequence of (value, words)
    faded : str
        Why the other points are faint.
    all_known : bool
        Every known value is shown in full, also of a perturbation that is not active.
    """

    title: str
    values: np.ndarray | None = None
    low: float = 0.0
    high: float = 1.0
    colors: Sequence[tuple[float, str]] = ()
    ticks: Sequence[tuple[float, str]] = ()
    faded: str = "not active or not tested"
    all_known: bool = False


def kind_scale() -> Scale:
    """Green genes, orange compounds."""
    return Scale("kind of perturbation")


def activity_scale(q: np.ndarray, *, dark: bool) -> Scale:
    """q on a log scale, the smallest darkest."""
    with np.errstate(divide="ignore"):
        values = np.clip(-np.log10(q), 0, 3).astype(np.float32)
    colors = [(0.0, color("faint", dark=dark)), (1.0, color("new", dark=dark))]
    return Scale(
        "activity",
        values,
        0,
        3,
        colors,
        [(0, "q 1: none"), (1.3, "0.05"), (2, "0.01"), (3, "≤ 0.001")],
        faded="not tested",
        all_known=True,
    )


def toxicity_scale(lost: np.ndarray, *, dark: bool) -> Scale:
    """Share of cells lost against the controls of the plate."""
    colors = [
        (0.0, color("band", dark=dark)),
        (0.5, color("caution", dark=dark)),
        (1.0, color("caution-text", dark=dark)),
    ]
    return Scale(
        "cells left, of controls",
        lost,
        0,
        1,
        colors,
        [(0, "100 % or more"), (0.5, "50 %"), (1, "0 %")],
        faded="not counted",
        all_known=True,
    )


def cluster_scale(cluster: np.ndarray, names: Sequence[str]) -> Scale:
    """One hue a cluster, which is named by the genes nearest to its mean."""
    n = len(names)
    colors = [(k / n, GROUP_COLORS[i % 12]) for i in range(n) for k in (i, i + 1)]
    ticks = [(i, escaped(name)) for i, name in enumerate(names)]
    return Scale("cluster, by the genes nearest its mean", cluster, -0.5, n - 0.5, colors, ticks)


def like_scale(cosine: np.ndarray, label: str, *, similarity: words.Similarity = words.COSINE, dark: bool) -> Scale:
    """Red similar, blue opposite, on one symmetric range that leaves the query itself out."""
    known = np.sort(np.abs(cosine[np.isfinite(cosine)]))
    strong = float(known[-2]) if len(known) > 1 else 1.0
    limit = next((x for x in LIMITS if strong <= x), 1.0)
    steps = scale_colors(11, dark=dark)
    colors = [(i / 10, "#" + "".join(f"{v:02x}" for v in rgb)) for i, rgb in enumerate(steps)]
    ends = [
        (-0.999 * limit, f"opposite {words.number(-limit, 2)}"),
        (0, "0"),
        (0.999 * limit, f"similar {words.number(limit, 2)}"),
    ]
    return Scale(f"{similarity.short} to {escaped(label)}", cosine, -limit, limit, colors, ends)


def set_scale(member: np.ndarray, name: str, *, dark: bool) -> Scale:
    """Members of a set in colour, everything else faded."""
    tone = color("new", dark=dark)
    values = np.where(member, 1, np.nan).astype(np.float32)
    colors = [(0, tone), (1, tone)]
    return Scale(escaped(name), values, 0, 1, colors, [(1, "in it")], faded=f"not in {escaped(name)}", all_known=True)
