"""The map page: what its queries say of the demo and of odd maps, and what it does with what a browser sends."""

from __future__ import annotations

import json

import numpy as np
import pytest

from explorer import atlas, queries
from explorer.components import asked_map
from explorer.components.map_drawing import heat_figure, map_figure
from explorer.errors import KeyholeError
from explorer.figures.found_marks import MOST_FOUND
from explorer.figures.map_scatter import PARTS
from explorer.queries.biology import MOST_GENES


@pytest.fixture(autouse=True)
def on_maps(opened, monkeypatch):
    """Ask the demo map and the odd ones."""
    monkeypatch.setattr(atlas, "_current", opened)


def maps() -> list[str]:
    return list(atlas.current().maps)


def test_every_map_is_drawn_in_every_way_and_colour():
    """Each method and colour that a map offers gives a figure with every perturbation in it once."""
    for key in maps():
        n = len(atlas.opened(key).map.features)
        for method in queries.methods(key):
            assert queries.projection(key, method).shape == (n, 2)
        for color in queries.map_colors(key):
            figure = map_figure(key, method="pca", color=color, about="", found=[], dark=False)
            rows = np.concatenate([np.asarray(t.customdata, dtype=int) for t in figure.data[: len(PARTS)]])
            assert sorted(rows.tolist()) == list(range(n)), (key, color)


def test_points_carry_no_text():
    """Names, kinds and structures are asked for one point at a time: traces hold two floats and a row a point."""
    figure = map_figure("demo", method="pca", color="activity", about="", found=[], dark=True)
    for trace in figure.data[: len(PARTS)]:
        assert trace.text is None
        assert trace.x.dtype == trace.y.dtype == np.float32
        assert trace.customdata.dtype == np.int32


def test_a_search_rings_and_names_and_shows_the_way_of_a_compound():
    """A gene gets one ring; a compound one at its highest concentration, and an arrow for each step from its lowest."""
    found = ["compound:bortezomib", "gene:PSMB5"]
    figure = map_figure("demo", method="pca", color="kind", about="", found=found, dark=False)
    steps = [a for a in figure.layout.annotations if a.showarrow]
    names = [a.text for a in figure.layout.annotations if not a.showarrow]
    assert len(figure.layout.shapes) == 2
    assert len(steps) == len(queries.by_concentration("demo", "compound:bortezomib")) - 1
    assert {"bortezomib 10 µM", "<i>PSMB5</i>"} <= set(names)
    assert "Simulated demo map" in names[0]


def test_likeness_is_the_cosine_that_neighbours_have():
    """The colour of a gene by similarity is its cosine in the list of neighbours."""
    values = queries.point_values("demo", "like", "gene:CDK12")["value"]
    listed = queries.similar_genes("demo", "gene:CDK12").set_index("label")["cosine"]
    at = atlas.opened("demo").map.row_of["gene:RBM39"]
    assert values[at] == pytest.approx(listed["RBM39"], abs=1e-6)


def test_planted_modules_are_clusters():
    """Proteasome subunits are in one cluster of the demo, which is named after some of them."""
    points, cluster = queries.points("demo"), queries.point_values("demo", "cluster")["value"]
    proteasome = points["label"].str.match(r"PSM[ABCD]\d") & points["shown"]
    (code,) = set(cluster[proteasome])
    assert "PSM" in queries.cluster_names("demo")[int(code)]


@pytest.mark.parametrize("order", ["clustered", "genomic"])
def test_the_window_is_what_the_pairs_are(order):
    """A window at single pairs has the cosines of the map, and its strongest pairs are the strongest there."""
    axis = queries.heatmap_axis("demo", "gene", order)
    features = atlas.opened("demo").map.features[axis["row"].to_numpy()]
    span = {"rows": [10, 60], "columns": [30, 90]}
    s = features[10:60] @ features[30:90].T
    found = queries.heatmap_window("demo", "gene", order, **span).to_numpy()
    known = np.isfinite(found)
    np.testing.assert_allclose(found[known], s[known], atol=1e-6)
    assert (~known).sum() == 30
    pairs = queries.heatmap_pairs("demo", "gene", order, **span, most=5)
    assert abs(pairs["cosine"]).is_monotonic_decreasing
    assert abs(pairs["cosine"].iloc[0]) == pytest.approx(np.abs(s[known]).max(), abs=1e-6)
    assert not (pairs["a"] == pairs["b"]).any()


def test_genomic_order_follows_the_arms():
    """Chromosomes ascend, p before q, genes without an arm last; arms are more alike within, as was planted."""
    axis = queries.heatmap_axis("demo", "gene", "genomic")
    arms = axis["group"].drop_duplicates().tolist()
    assert arms[:2] == ["1p", "1q"]
    assert arms[-1] == "no arm known"
    groups = queries.heatmap_groups("demo", "gene", "genomic")
    assert groups.set_index("group").loc["17q", "within"] > 0


def test_every_heatmap_of_every_map_is_drawn():
    """Each kind and order of each map gives a figure, with two vectors and with many."""
    for key in maps():
        for kind in queries.heatmap_kinds(key):
            for order in queries.heatmap_orders(key, kind):
                n = len(queries.heatmap_axis(key, kind, order))
                figure = heat_figure(key, kind, order, rows=[0, n], columns=[0, n], dark=True)
                assert figure.data[0].source.startswith("data:image/png;base64,")


JUNK = (None, True, -1, 10**30, 1.5, "x", "\ud800", [], [1], [2, 1], [0, -5], ["0", "1"], [0, 10**400], {}, {"rows": 3})


@pytest.mark.parametrize("value", JUNK)
def test_a_window_from_a_browser_lies_on_the_axis(value):
    """Whatever is sent, the window is a run of at least one position of the axis."""
    for given in (value, {"rows": value, "columns": value}):
        found = asked_map.asked_window(("demo", "gene", "clustered"), given)
        for first, last in found.values():
            assert 0 <= first < last <= 718
    first, last = asked_map.asked_span(value, n=9)
    assert 0 <= first < last <= 9


@pytest.mark.parametrize("value", JUNK)
def test_rows_and_hovers_from_a_browser_are_those_of_the_map(value):
    """A row that is not on the map selects nothing, least of all the last one."""
    given = value if isinstance(value, list) else []
    assert set(asked_map.asked_rows("demo", value)) <= {v for v in given if isinstance(v, int) and 0 <= v < 1966}
    assert asked_map.asked_rows("demo", [-1, 10**9, True, "0", None, 3, 3]) == [3]
    assert asked_map.asked_hover("demo", value)[0] == []
    box = {"x0": 1, "x1": 2, "y0": 1, "y1": 2}
    assert asked_map.asked_hover("demo", {"row": -1, "bbox": box})[0] == []
    assert asked_map.asked_hover("demo", {"row": 5, "bbox": box})[0] == [5]
    spans, _ = asked_map.asked_cell({"points": [{"x": value, "y": 1, "bbox": box}]}, n=9, rows=[0, 9], columns=[0, 9])
    assert spans is None or value in (1.5,)


def test_places_in_an_address_are_read_or_left():
    """`at=` counts from 1; anything else is the whole map."""
    assert asked_map.asked_place("11-20.1-5", n=100) == {"rows": [10, 20], "columns": [0, 5]}
    for junk in ("", "1-2", "0-0.0-0", "9-1.1-9", "1-999999999.1-2", "١-٢.١-٢", None):
        found = asked_map.asked_place(junk, n=100)
        assert all(0 <= a < b <= 100 for a, b in found.values())


def test_a_view_opens_on_what_its_address_says(render):
    """Colour, method, what is found and the window come out of the address, junk does not cost the page."""
    page = render("/map?color=like&like=gene:PSMB5&find=gene:CDK12,nobody,compound:bortezomib&by=pca")
    inputs = [c["props"] for c in _components(json.loads(page)) if str(c["props"].get("id", "")).startswith("map-")]
    stated = {props["id"]: props.get("value") for props in inputs}
    assert stated["map-color"] == "like"
    assert stated["map-about"] == "gene:PSMB5"
    assert stated["map-find"] == ["gene:CDK12", "compound:bortezomib"]
    assert stated["map-method"] == "pca"
    assert '"rows": [10, 20]' in render("/map?view=heatmap&at=11-20.11-20")
    for junk in (
        "color=x&by=y&find=%00,,",
        "view=heatmap&kind=x&order=y&at=-1",
        "color=set&set=%ff",
        "color=like&like=-1",
    ):
        assert "This cannot be shown" not in render(f"/map?{junk}")


def _components(node: object):
    if isinstance(node, dict):
        if "props" in node:
            yield node
        for value in node.values():
            yield from _components(value)
    elif isinstance(node, list):
        for value in node:
            yield from _components(value)


def test_limits_are_kept():
    """A search rings at most as many as it says, and a selection asks no more than a query takes."""
    genes = [f"gene:{g}" for g in queries.heatmap_axis("demo", "gene", "clustered")["slug"]]
    assert len(asked_map.asked_entities("demo", genes * 3, most=MOST_FOUND)) == MOST_FOUND
    assert MOST_GENES >= 300
    with pytest.raises(KeyholeError):
        queries.point_values("demo", "nothing")
    with pytest.raises(KeyholeError):
        queries.heatmap_axis("demo", "gene", "nothing")
