"""How numbers are written: a real minus sign, no negative zero, n/a for what does not apply."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.figures import words


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0.456, 2, "0.46"),
        (-0.456, 2, "−0.46"),
        (-0.004, 2, "0.00"),
        (-0.0, 1, "0.0"),
        (1234.5, 1, "1,234.5"),
        (-1234567.0, 0, "−1,234,567"),
        (None, 2, "n/a"),
        (math.nan, 2, "n/a"),
    ],
)
def test_numbers(value, digits, text):
    """Minus is U+2212, thousands have commas, -0.00 is 0.00, and what is missing is n/a."""
    assert words.number(value, digits) == text


@given(st.floats(allow_nan=True, allow_infinity=False, width=32), st.integers(0, 4))
def test_any_number(value, digits):
    """No number is written with a hyphen or as a negative zero."""
    text = words.number(value, digits)
    assert "-" not in text
    assert not (text.startswith("−") and set(text) <= set("−0.,"))


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0025, "0.0025"), (1.0, "1"), (10.0, "10"), (0.25, "0.25"), (0.0, "0"), (None, "n/a"), (math.nan, "n/a")],
)
def test_concentrations(value, text):
    """Concentrations have the digits that they were given with."""
    assert words.concentration(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1 / 5001, "≤0.0002"),
        (0.0, "≤0.0002"),
        (0.0004, "0.0004"),
        (0.0123, "0.012"),
        (0.5, "0.50"),
        (1.0, "1.00"),
        (math.nan, "n/a"),
        (None, "n/a"),
    ],
)
def test_p_values(value, text):
    """A p-value at the floor of its draws is written as that bound, and never as 0."""
    assert words.p_value(value, draws=5000) == text


def test_cosines_and_scores():
    """Cosines have two decimals, map scores one."""
    assert (words.cosine(-0.5), words.score(99.96), words.cosine(None)) == ("−0.50", "100.0", "n/a")


def test_plurals():
    """One gene, two genes, thousands with commas, and irregular ones as given."""
    assert words.plural(1, "gene") == "1 gene"
    assert words.plural(0, "gene") == "0 genes"
    assert words.plural(1204, "gene") == "1,204 genes"
    assert words.plural(2, "assay", "assays") == "2 assays"


def test_alignment_in_words():
    """A map that was aligned by nothing is not aligned; it is not `none aligned`."""
    assert [words.aligned(m) for m in ("tvn", "none")] == ["tvn aligned", "not aligned"]
