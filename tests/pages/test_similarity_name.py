"""On a map whose rows were centred no page calls a similarity a cosine; on a map of plain cosine pages still do."""

from __future__ import annotations

import re

import pytest

from explorer import atlas
from explorer.atlas import open_atlas
from explorer.maps.build import Provenance, Recipe, build_map
from tests.odd_maps import Screen, simulate
from tests.walking import opened_page, texts

GENES = (
    *("KRAS", "BRAF", "MAP2K1", "PLK1", "PSMA1", "PSMB2", "PSMD1", "TP53", "CDK12"),
    *("CCNK", "AAAS", "ABCA1", "ACTB", "AKT1", "ALDOA", "APC", "ATM", "ATR"),
)
PAGES = (
    "/gene/KRAS",
    "/compound/alpha",
    "/network?genes=KRAS,BRAF,MAP2K1,PLK1,PSMA1&pct=5",
    "/network?near=gene:KRAS&rule=cosine",
    "/network?near=compound:alpha@10&cut=-0.2,0.2",
    "/targets",
    "/targets?like=KRAS&not=BRAF&ref=PLK1",
    "/targets?like=KRAS",
    "/compare",
    "/compare?e=gene:KRAS,gene:BRAF,gene:PLK1",
    "/compare?e=gene:KRAS",
    "/compare?e=compound:alpha@10,compound:beta@10",
    "/map?color=like&about=gene:KRAS",
    "/map?view=heatmap",
    "/set/list?genes=KRAS,BRAF,PLK1",
    "/cliffs",
    "/quality",
    "/data",
)
#: What is a cosine on every map, or is named after what was done in its place.
_TRUE = re.compile(r"similarity \([^)]*cosine\)|plain cosine|mean pairwise cosine [^.;]*wells", re.IGNORECASE)
#: Properties whose text is a name for programs.
_NAMES = ("field", "id", "index", "cellRenderer", "href", "value", "data", "rule", "function", "type", "data-src")


@pytest.fixture(scope="module")
def related(tmp_path_factory, app):
    """A map whose rows were centred, and the same screen by plain cosine."""
    screen, roots = simulate(Screen(genes=GENES)), {}
    for i, name in enumerate(("centred", "cosine")):
        roots[name] = tmp_path_factory.mktemp("related") / name
        recipe = Recipe(relate=name, null_draws=200)
        build_map(screen, roots[name], recipe=recipe, provenance=Provenance(f"map {i}", "Simulated screen"))
    return {name: open_atlas([root]) for name, root in roots.items()}


def said(client, opened, page: str) -> list[str]:
    """Texts of a page that call a number a cosine."""
    atlas.use(opened)
    with_cosine = []
    for key, text in texts(opened_page(client, page)):
        if key not in _NAMES and re.search(r"cosine|\bcos\b", _TRUE.sub("", text), re.IGNORECASE):
            with_cosine.append(f"{key}: {text[:160]}")
    return with_cosine


@pytest.mark.parametrize("page", PAGES)
def test_no_text_of_a_centred_map_says_cosine(client, related, page):
    """Titles, sentences, headers, tooltips and plots, those that callbacks fill among them."""
    assert said(client, related["centred"], page) == []


@pytest.mark.parametrize("page", [p for p in PAGES if p not in ("/compare", "/map?color=like&about=gene:KRAS")])
def test_the_walk_sees_cosines_where_they_are(client, related, page):
    """The same walk finds the word on a map of plain cosine, so silence above is no accident."""
    assert len(said(client, related["cosine"], page)) > 1  # the foot of every page names how the map was made
