"""Long lists in short links come back whole; old plain links and cut ones are read for what they are."""

from __future__ import annotations

import base64
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer import atlas
from explorer.components.links import href
from explorer.components.routing import parse_address
from explorer.components.state import LONGEST_PLAIN, packed, unpacked

MANY = ",".join(f"GENE{i}" for i in range(500))


@pytest.fixture(autouse=True)
def demo_open(opened):
    atlas.use(opened)


def query(link: str) -> dict:
    from urllib.parse import parse_qsl

    return dict(parse_qsl(link.partition("?")[2]))


def test_a_long_list_is_compressed_and_read_again():
    """500 genes fit into a request line, and the page gets them as if they had been written out."""
    link = href("/network", of_map="demo", genes=MANY, pct="5")
    assert len(link) < 4_000
    assert "genes=" not in link
    address = parse_address("/network", query(link))
    assert (address.view["genes"], address.view["pct"], address.said) == (MANY, "5", ())


def test_a_short_list_stays_plain():
    """A link that is short enough can be read and edited by hand."""
    assert href("/network", of_map="demo", genes="KRAS,BRAF") == "/network?genes=KRAS,BRAF"
    assert parse_address("/network", {"genes": MANY}).view["genes"] == MANY


@given(
    st.dictionaries(st.sampled_from(["genes", "names", "e", "pct"]), st.text(st.characters(codec="utf-8")), max_size=4)
)
def test_packing_loses_nothing(view):
    """Whatever the names, a view is the same after it was packed."""
    view = {k: v for k, v in view.items() if v} | {"like": "x" * LONGEST_PLAIN}
    there = packed(view)
    assert (unpacked(there["z"]) | {k: v for k, v in there.items() if k != "z"}) == view


def bomb(text: str) -> str:
    return base64.urlsafe_b64encode(zlib.compress(text.encode())).decode()


@pytest.mark.parametrize(
    "z",
    ["", "x", "é", "!!!!", packed({"genes": MANY})["z"][:-9], bomb("genes=" + "A" * 10**7), bomb("path=/x"), bomb("a")],
)
def test_a_broken_link_says_so(z):
    """Cut, changed, too large or of another key: the page is drawn and says what happened."""
    assert unpacked(z) is None
    address = parse_address("/network", {"z": z})
    assert "z" not in address.view
    assert address.said
