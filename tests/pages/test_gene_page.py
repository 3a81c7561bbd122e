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


def test_the_page_shows_the_evidence_of_a_phenotype(render):
    """Both statistics as pictures in both themes, with the numbers in words, and what is drawn in grey."""
    body = render("/gene/CDK12")
    for statistic in ("consistency", "magnitude"):
        assert f"of={statistic}" in body
    assert "Grey: 5,000 draws of 18 control wells; p and q are those of the build." in body
    assert "Consistency of CDK12: 0.48. Of 5,000 draws of 18 control wells, 95 % lie below" in body


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("CDK12.svg", 200),
        ("CDK12.svg?of=magnitude&theme=dark", 200),
        ("CDK12.svg?of=p", 404),
        ("xyzzy.svg", 404),
        ("KRAS.svg?map=no-controls", 404),
        ("KRAS.svg?map=none", 404),
        ("%00.svg", 404),
    ],
)
def test_the_pictures_of_a_phenotype_by_url(client, path, status):
    """An SVG of what there is; 404 for other statistics, genes and maps, and where nothing can be drawn."""
    answer = client.get(f"/phenotype/{path}")
    assert answer.status_code == status
    assert status == 404 or (answer.mimetype == "image/svg+xml" and ">CDK12<" in answer.text)


def test_without_controls_the_tile_says_so(render):
    """No empty half: a sentence stands where the pictures would."""
    body = render("/gene/KRAS?map=no-controls")
    assert "This map has no control wells to compare with." in body
    assert "/phenotype/" not in body
