"""q-values: over the displayed family only, by Benjamini-Hochberg or the stricter Benjamini-Yekutieli."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from explorer.errors import InputError
from explorer.statistics.multiple_testing import benjamini_yekutieli, q_values

P = np.random.default_rng(0).uniform(size=40) ** 3


def test_both_corrections_equal_scipy():
    """BH and BY give what scipy gives, and BY is never the smaller."""
    bh, by = q_values(P), q_values(P, correction="by")
    np.testing.assert_allclose(bh, stats.false_discovery_control(P), atol=1e-12)
    np.testing.assert_allclose(by, stats.false_discovery_control(P, method="by"), atol=1e-12)
    assert (by >= bh).all()


def test_only_the_displayed_family_counts():
    """Tests outside the family get no q and do not make the others worse; no test at all is no error."""
    family = np.arange(40) < 10
    q = q_values(P, family=family)
    np.testing.assert_allclose(q[:10], q_values(P[:10]))
    assert np.isnan(q[10:]).all()
    assert np.isnan(benjamini_yekutieli(np.full(3, np.nan))).all()


def test_an_unknown_correction_is_refused():
    """The message names the two that there are."""
    with pytest.raises(InputError, match="bh, by"):
        q_values(P, correction="bonferroni")
