"""The evidence of a phenotype: the null that is drawn is the null that the build tested against."""

from __future__ import annotations

import time

import numpy as np
import pytest

from explorer import atlas, queries
from explorer.atlas import open_atlas
from explorer.components.phenotype import _said
from explorer.datasets.demo_truth import demo_truth
from explorer.figures.null_picture import null_picture
from explorer.queries import nulls
from explorer.statistics.replicates import p_values


@pytest.fixture(autouse=True)
def on_demo(demo, odd, monkeypatch):
    """Ask the demo map, and the odd ones without controls and of single wells."""
    nulls._replicates.cache_clear()
    monkeypatch.setattr(atlas, "_current", open_atlas([demo, odd["no-controls"], odd["lone"]]))


def test_the_share_of_draws_at_or_above_a_value_is_the_stored_p_of_every_gene():
    """Null and value are in one space and unit: p of consistency and magnitude come out of the draws as stored."""
    m = atlas.opened("demo").map
    genes = m.perturbations.iloc[m.gene_rows]
    error = np.full(len(genes), np.nan)
    for n, of_size in genes.groupby("n_wells"):
        _, null = nulls.replicates_of_size("demo", "gene", int(n))
        for value, stored in (("consistency", "p"), ("magnitude", "p_magnitude")):
            found = p_values(of_size[value].to_numpy(), getattr(null, value))
            # The same draws; values of the build are sums of float32 wells, so a tie may fall either way.
            error = np.abs(found - of_size[stored].to_numpy())
            assert error.max() <= 2 / (len(null.magnitude) + 1), (n, value)


def test_planted_inactive_genes_lie_within_their_draws():
    """At most one planted inactive gene in twelve lies above 95 % of its draws, and nearly every other gene does."""
    m = atlas.opened("demo").map
    genes = m.perturbations.iloc[m.gene_rows]
    above = np.empty(len(genes), dtype=bool)
    for n in genes["n_wells"].unique():
        of_size = genes["n_wells"].to_numpy() == n
        _, null = nulls.replicates_of_size("demo", "gene", int(n))
        above[of_size] = genes["consistency"].to_numpy()[of_size] > np.quantile(null.consistency, 0.95)
    quiet = genes["label"].isin(demo_truth()["inactive_genes"]).to_numpy()
    assert quiet.sum() > 50
    assert above[quiet].mean() <= 1 / 12
    assert above[~quiet].mean() > 0.9


def test_what_is_told_of_an_active_gene():
    """Its draws, how many wells each has, bars that hold all draws, and that hardly any reaches it."""
    found = queries.control_draws("demo", "gene:CDK12")
    assert (found["size"], found["draws"], found["asked"]) == (18, 5000, 5000)
    assert found["kept"] == found["used"]
    for name in queries.STATISTICS:
        assert sum(found[name]["counts"]) == found["draws"]
        assert found[name]["high"] < found[name]["value"]
    assert found["consistency"]["reached"] == 0
    assert found == queries.control_draws("demo", "gene:CDK12")


def test_a_large_map_draws_less_often(monkeypatch):
    """Draws are bounded by the numbers that they read, and the sentence names both counts and a sample of controls."""
    monkeypatch.setattr(nulls, "_MOST_READ", 18 * 128 * 900)
    found = queries.control_draws("demo", "gene:CDK12")
    assert found["draws"] == 900
    assert _said(found | {"used": 40_000}) == (
        "Grey: 900 draws of 18 control wells from 2,208 kept with the map, of 40,000; p and q are those of the build, "
        "by 5,000."
    )


def test_the_first_answer_comes_soon():
    """The null of a size is drawn while somebody waits for the page."""
    queries.has("demo")
    start = time.process_time()
    queries.control_draws("demo", "gene:CDK12")
    assert time.process_time() - start < 0.3


def test_without_controls_or_replicates_nothing_is_drawn():
    """No pictures on a map without control wells, nor of one well."""
    for of_map in ("no-controls", "lone"):
        assert queries.control_draws(of_map, "gene:KRAS") == {}


@pytest.mark.parametrize("active", [True, False])
def test_a_picture_marks_the_value_and_whether_it_passed(active):
    """Dashed where it did not pass; a null without any spread is drawn as well; names are no markup."""
    found = {"value": 0.0, "counts": [0, 5, 0], "edges": [0.0, 0.0, 0.0, 0.0]}
    svg = null_picture(found, name="<b>", italic=True, active=active, digits=2, says="x & y", dark=False)
    assert ("stroke-dasharray" in svg) is not active
    assert "&lt;b&gt;" in svg
    assert "<b>" not in svg
