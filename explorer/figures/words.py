"""How numbers are written: one place for signs, digits and units."""

from __future__ import annotations

import math
from dataclasses import dataclass

MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True)
class Similarity:
    """What the similarity of a map is called, as `queries.similarity` tells it.

    Attributes
    ----------
    short : str
        `cosine`, or `similarity` where rows were centred or weighted, so that it is no cosine any more.
    long : str
        The same, with what was done: `similarity (centred cosine)`.
    """

    short: str
    long: str

    @property
    def strength(self) -> str:
        """Regardless of its sign."""
        return f"|{self.short}|"

    @property
    def brief(self) -> str:
        """The same in three letters, where there is little room."""
        return f"|{self.short[:3]}|"


COSINE = Similarity("cosine", "cosine")


def number(value: float | None, digits: int) -> str:
    """Fixed digits with a real minus sign; `n/a` for what does not apply."""
    if value is None or math.isnan(value):
        return "n/a"
    text = f"{value:,.{digits}f}"
    return text.replace("-", MINUS) if float(text.replace(",", "")) else text.replace("-", "")


def cosine(value: float | None) -> str:
    """Two decimals."""
    return number(value, 2)


def score(value: float | None) -> str:
    """Map score, one decimal."""
    return number(value, 1)


def concentration(value: float | None) -> str:
    """uM with as many digits as it was given: 0.0025, 1, 10."""
    return "n/a" if value is None or math.isnan(value) else f"{value:.4g}"


def p_value(value: float | None, *, draws: int) -> str:
    """A p or q with its floor: below 1 / draws it is written as that bound."""
    if value is None or math.isnan(value):
        return "n/a"
    floor = 1 / (draws + 1)
    if value <= floor * 1.001:
        return f"≤{floor:.1g}"
    return f"{value:.2g}" if value < 0.1 else f"{value:.2f}"


def q_value(value: float | None) -> str:
    """A q-value: three decimals where small, never 0."""
    if value is None or math.isnan(value):
        return "n/a"
    return "<0.001" if value < 0.001 else number(value, 3 if value < 0.1 else 2)


def plural(n: int, word: str, many: str | None = None) -> str:
    """`1 gene`, `1,204 genes`."""
    return f"{n:,} {word if n == 1 else many or word + 's'}"


def aligned(method: str) -> str:
    """How a map was aligned: `tvn` as "tvn aligned", `none` as "not aligned"."""
    return "not aligned" if method == "none" else f"{method} aligned"


def power(value: float | None) -> str:
    """A small p or q as a power of ten: 4 × 10⁻¹⁴; two digits from 0.01 on."""
    if value is None or math.isnan(value):
        return "n/a"
    if value >= 0.01:
        return number(value, 2)
    exponent = math.floor(math.log10(value)) if value > 0 else -300
    digits = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
    return f"{value / 10**exponent:.0f} × 10{str(exponent).translate(digits)}" if value > 0 else "< 10⁻³⁰⁰"
