"""The chosen tab of a tile is read from the address, and a tab that is none is said."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("address", "chosen"),
    [
        ("/compound/alpha?map=no-controls", '"value": "similar"'),
        ("/compound/alpha?map=no-controls&sign=opposite", '"value": "opposite"'),
        ("/compound/alpha?map=no-controls&view=quadrant", '"value": "quadrant"'),
        ("/network?map=no-controls&genes=KRAS,BRAF&tab=heatmap", '"value": "heatmap"'),
    ],
)
def test_the_tab_of_the_address_is_open(render, address, chosen):
    """The control stands at what the address asks for, once more than it offers it."""
    usual = render(address.partition("&sign")[0].partition("&view")[0].partition("&tab")[0])
    page = render(address)
    assert page.count(chosen) == usual.count(chosen) + (page != usual)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/compound/alpha?map=no-controls&sign=-1", "sign=-1 is none of similar, opposite, all: this is similar."),
        ("/compound/alpha?map=no-controls&view=<b>", "view=<b> is none of list, grid, quadrant: this is list."),
        ("/network?map=no-controls&genes=KRAS,BRAF&tab=x", "tab=x is none of edges, nodes, clusters"),
    ],
)
def test_a_tab_that_is_none_is_said(render, address, said):
    """The usual one opens in its place."""
    assert said in render(address)
