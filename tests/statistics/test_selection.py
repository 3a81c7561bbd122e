"""Target selection: mimic one, avoid another; averages of sets and sums such as A + B - C."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.errors import InputError
from explorer.statistics.consistency import unit
from explorer.statistics.selection import average, composite, select

A, B, C = np.eye(4, dtype=np.float32)[:3]


def test_what_mimics_and_avoids_comes_first():
    """The candidate like A and not like B is first; one that is like both, or opposite to B, gets no rank."""
    rows = unit(np.array([A + 0.1 * C, A + B, A - B, C, A]))
    table = select(rows, mimic=A, avoid=B, tau=0.3, reference=C, leave_out=np.arange(5) == 4)
    assert table["rank"].tolist()[0] == 1
    assert table["rank"].notna().tolist() == [True, False, False, True, False]
    assert table["allowed"].tolist() == [True, False, False, True, False]
    np.testing.assert_allclose(table["difference"], table["mimic"] - table["avoid"])
    assert table["reference"][3] == pytest.approx(1)
    assert select(rows, mimic=A, avoid=B, tau=0.3)["reference"].isna().all()


def test_composites_are_unit_directions():
    """A + B - C has the same cosine to all three; the average of a set weighs its members alike."""
    query = composite(np.array([A, B, C]), [1, 1, -1])
    np.testing.assert_allclose(query @ np.array([A, B, C]).T, np.array([1, 1, -1]) / np.sqrt(3), atol=1e-6)
    np.testing.assert_allclose(average(np.array([A, B])), (A + B) / np.sqrt(2), atol=1e-6)
    assert np.linalg.norm(query) == pytest.approx(1)


def test_what_has_no_direction_is_refused():
    """No term, or terms that cancel: the message says what to do; so for a tau that lets nothing pass."""
    with pytest.raises(InputError, match="at least one"):
        average(np.empty((0, 4)))
    with pytest.raises(InputError, match="cancel"):
        composite(np.array([A, A]), [1, -1])
    with pytest.raises(InputError, match="tau"):
        select(np.array([A]), mimic=A, avoid=B, tau=0)
