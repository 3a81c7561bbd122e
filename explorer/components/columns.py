"""Columns of the tables: what each shows, how wide it is, and what its tooltip says."""

from __future__ import annotations

from collections.abc import Mapping

GENE_SCORE = "Map score: signed percentile of |cosine| among all genes compared"
COMPOUND_SCORE = "Map score: signed percentile of |cosine| among all compounds ranked"
TANIMOTO = "Structural similarity, ECFP4 (Morgan radius 2, 2,048 bits)"
QUADRANT = "Analogue: alike in both; scaffold hop: cells alike (q ≤ 0.05), Tanimoto < 0.5; cliff: structure alone alike"
Q = "Benjamini-Hochberg over this table; noise: pseudo-perturbations of as many control wells"
STRONGEST = "Concentration where it is strongest"


def gene_columns(has: Mapping[str, bool], *, curve: bool) -> list[dict]:
    """Genes beside a query; `has` (as `queries.has`) leaves out what the map cannot fill, `curve` adds a sparkline."""
    columns = [rank_column(), name_column("Gene", kind="gene", width=122)]
    columns += [curve_column("Curve")] if curve and has["concentrations"] else []
    columns += [number_column("cosine", "Cosine", digits=2), bar_column()]
    columns += [number_column("score", "Score", digits=1, tooltip=GENE_SCORE)]
    columns += [q_column()] if has["controls"] else []
    if curve:
        return columns
    columns += [text_column("arm", "Arm", width=96, renderer="Arm")] if has["arms"] else []
    wells = number_column("n_wells", "Wells", digits=0, width=62, tooltip="Replicate wells behind the vector")
    return [*columns, wells] if has["replicates"] else columns


def compound_columns(has: Mapping[str, bool], *, of_compound: bool) -> list[dict]:
    """Compounds beside a query: beside a gene with their curve, beside a compound with bar and Tanimoto."""
    columns = [rank_column(), name_column("Compound", kind="compound", width=140)]
    if has["concentrations"]:
        columns += [] if of_compound else [curve_column("Curve")]
        columns += [concentration_column("at µM", tooltip=STRONGEST)]
    columns += [number_column("cosine", "Cosine", digits=2), *([bar_column()] if of_compound else [])]
    columns += [number_column("score", "Score", digits=1, tooltip=COMPOUND_SCORE)]
    columns += [q_column()] if has["controls"] else []
    tanimoto = number_column("tanimoto", "Tanimoto", digits=2, width=92, tooltip=TANIMOTO)
    quadrant = text_column("quadrant", "Structure × cells", width=128) | {"headerTooltip": QUADRANT}
    return [*columns, tanimoto, quadrant] if of_compound and has["structures"] else columns


def q_column() -> dict:
    """Significance after correction, as a number with its floor."""
    column = number_column("q", "q", digits=3, width=64, tooltip=Q)
    return column | {"valueFormatter": {"function": "keyhole.q(params.value)"}}


def rank_column() -> dict:
    """Rank by |cosine|, both signs together."""
    return {"field": "rank", "headerName": "Rank", "width": 54, "type": "rightAligned", "filter": False}


def name_column(header: str, *, kind: str, width: int = 150) -> dict:
    """A link to the entity, in its own type: genes italic, compounds with their mark, blinded genes with a lock."""
    return {
        "field": "label",
        "headerName": header,
        "cellRenderer": "EntityLink",
        "cellRendererParams": {"kind": kind},
        "filter": "agTextColumnFilter",
        "floatingFilter": True,
        "minWidth": width,
        "flex": 2,
    }


def bar_column() -> dict:
    """The cosine as a bar on one symmetric axis; same-arm pairs are hatched."""
    return {
        "field": "bar",
        "headerName": "opp. | similar",
        "headerClass": "k-centred",
        "cellRenderer": "CosineBar",
        "minWidth": 92,
        "flex": 2,
        "sortable": False,
        "filter": False,
    }


def concentration_column(header: str, *, tooltip: str) -> dict:
    """A concentration in uM, written as it was given."""
    column = number_column("concentration", header, digits=0, width=68, tooltip=tooltip)
    return column | {"valueFormatter": {"function": "keyhole.concentration(params.value)"}}


def curve_column(header: str) -> dict:
    """The cosine at every concentration as a sparkline, the shown concentration marked."""
    column = {"field": "curve", "headerName": header, "cellRenderer": "Sparkline", "width": 100, "sortable": False}
    return column | {"filter": False, "cellDataType": False}


def number_column(field: str, header: str, *, digits: int, width: int = 68, tooltip: str = "") -> dict:
    """A right-aligned number with fixed digits and a numeric filter."""
    return {
        "field": field,
        "headerName": header,
        "type": "rightAligned",
        "width": width,
        "filter": "agNumberColumnFilter",
        "floatingFilter": True,
        "headerTooltip": tooltip,
        "valueFormatter": {"function": f"keyhole.number(params.value, {digits})"},
    }


def text_column(field: str, header: str, *, width: int, renderer: str | None = None) -> dict:
    """Short words, filterable."""
    column = {
        "field": field,
        "headerName": header,
        "width": width,
        "filter": "agTextColumnFilter",
        "floatingFilter": True,
    }
    return column | ({"cellRenderer": renderer} if renderer else {})
