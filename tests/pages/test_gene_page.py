"""Gene page: the picture of a neighbourhood is there, and its address answers genes of open maps only."""

from __future__ import annotations

import pytest


def test_the_page_shows_the_neighbourhood(render):
    """Both themes by URL with the build, and the way to the network itself."""
    body = render("/gene/CDK12")
    assert "/neighbourhood/CDK12.svg?" in body
    assert "theme=dark" in body
    assert "/network?near=gene:CDK12" in body


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_picture_names_the_genes(client, theme):
    """An SVG with the query and what lies nearest; an alias leads to the same gene."""
    answer = client.get(f"/neighbourhood/CDK12.svg?theme={theme}")
    assert answer.mimetype == "image/svg+xml"
    assert all(f">{name}<" in answer.text for name in ("CDK12", "CCNK", "RBM39"))
    assert client.get(f"/neighbourhood/HER2.svg?theme={theme}").text.count(">ERBB2<") == 1


@pytest.mark.parametrize("name", ["xyzzy.svg", "bortezomib.svg", "-1.svg", "CD3.svg", "%00.svg", "CDK12.svg?map=none"])
def test_what_is_no_gene_has_no_picture(client, name):
    """Unknown names, compounds, families and maps that are not open are 404."""
    assert client.get(f"/neighbourhood/{name}").status_code == 404
