"""Two spellings of one concentration become one level, and nothing else does."""

import numpy as np
import pytest

from explorer.datasets.concentrations import merge_levels


@pytest.mark.parametrize(
    ("values", "merged"),
    [
        ([0.62, 0.63, 0.63], [0.63, 0.63, 0.63]),
        ([0.62, 0.62, 0.63], [0.62, 0.62, 0.62]),
        ([19.999, 19.999, 20.0], [20, 20, 20]),
        ([0.002, 0.0025], [0.002, 0.0025]),
        ([0.037037, 0.041152], [0.037037, 0.041152]),
        ([1.0, 1.02, 1.04], [1.0, 1.0, 1.04]),
        ([0.0, 1e-9], [0.0, 1e-9]),
        ([], []),
    ],
)
def test_levels_within_three_percent_are_one(values, merged):
    """The shortest spelling wins, then the most frequent; a chain of close levels does not collapse into one."""
    result, notes = merge_levels(np.array(values, dtype=float))
    assert result.tolist() == merged
    assert bool(notes) == (merged != values)


def test_missing_stays_missing_and_the_input_is_not_edited():
    """NaN passes through, and the array given is left as it was."""
    values = np.array([np.nan, 0.62, 0.63])
    result, _ = merge_levels(values)
    assert np.isnan(result[0])
    assert values[2] == 0.63
