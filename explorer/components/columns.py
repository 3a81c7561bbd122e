"""Columns of the tables: what each shows, how wide it is, and what its tooltip says: null, n and unit."""

from __future__ import annotations

from collections.abc import Mapping

from explorer.components import grounds_said
from explorer.figures import words

TANIMOTO = (
    "Structural similarity, 0 to 1, no unit: ECFP4 (Morgan radius 2, 2,048 bits). It is no test and has no null; two "
    "compounds taken at random rarely pass 0.3"
)
QUADRANT = "Analogue: alike in both; scaffold hop: cells alike (q ≤ 0.05), Tanimoto < 0.5; cliff: structure alone alike"
WELLS = "Replicate wells behind the vector. Few wells, much noise: q takes them into account, the similarity does not"


def gene_columns(
    has: Mapping[str, bool],
    *,
    curve: bool,
    grounds: Mapping | None = None,
    safe: Mapping | None = None,
    link: dict | None = None,
) -> list[dict]:
    """Genes beside a query.

    Parameters
    ----------
    has : mapping
        As `queries.has`: what the map cannot fill is left out.
    curve : bool
        For a compound: a sparkline and, with `grounds`, the link to its targets; no chromosome arms and wells.
    grounds : mapping, optional
        `queries.grounds`, for the tooltips.
    safe : mapping, optional
        `queries.highest_safe`, for rank and score at the highest non-toxic concentration.
    link : dict, optional
        The column of what is known between a gene and each of these.
    """
    columns = [rank_column("genes", grounds), name_column("Gene", kind="gene", width=86 if curve else 122)]
    columns += [curve_column("Curve")] if curve and has["concentrations"] else []
    columns += [similarity_column(grounds), bar_column(), score_column("genes", grounds)]
    columns += [q_column("genes", grounds)] if has["controls"] else []
    if curve:
        narrow = {"rank": 50, "curve": 92, "cosine": 66, "score": 58, "q": 60}
        columns = [c | {"width": narrow[c["field"]]} if c["field"] in narrow else c for c in columns]
        columns = [c | {"minWidth": 40, "flex": 1, "headerName": "±"} if c["field"] == "bar" else c for c in columns]
        return [*columns, *(safe_columns(safe) if safe else []), *(link_columns() if grounds else [])]
    columns += [text_column("arm", "Arm", width=96, renderer="Arm", tooltip=grounds_said.ARM)] if has["arms"] else []
    columns += [link] if link else []
    wells = number_column("n_wells", "Wells", digits=0, width=62, tooltip=WELLS)
    return [*columns, wells] if has["replicates"] else columns


def compound_columns(has: Mapping[str, bool], *, of_compound: bool, grounds: Mapping | None = None) -> list[dict]:
    """Compounds beside a query: beside a gene with their curve, beside a compound with bar and Tanimoto."""
    columns = [
        rank_column("compounds", grounds),
        name_column("Compound", kind="compound", width=116 if of_compound else 140),
    ]
    if has["concentrations"]:
        columns += [] if of_compound else [curve_column("Curve")]
        columns += [concentration_column("at µM", tooltip=grounds_said.STRONGEST)]
    columns += [similarity_column(grounds), *([bar_column()] if of_compound else [])]
    columns += [score_column("compounds", grounds)]
    columns += [q_column("compounds", grounds)] if has["controls"] else []
    if of_compound:
        columns = [c | {"width": 60} if c["field"] in ("concentration", "score", "q") else c for c in columns]
    tanimoto = number_column("tanimoto", "Tanimoto", digits=2, width=80, tooltip=TANIMOTO)
    quadrant = text_column("quadrant", "Structure × cells", width=118) | {"headerTooltip": QUADRANT}
    return [*columns, tanimoto, quadrant] if of_compound and has["structures"] else columns


def similarity_column(grounds: Mapping | None = None) -> dict:
    """Cosine, or what the map has in its place."""
    name = grounds_said.called(grounds).short.capitalize()
    width = 68 if name == "Cosine" else 84
    return number_column("cosine", name, digits=2, width=width, tooltip=grounds_said.similarity(grounds))


def score_column(many: str, grounds: Mapping | None = None) -> dict:
    """Map score among all genes, or all compounds, compared."""
    return number_column("score", "Score", digits=1, tooltip=grounds_said.score(many, grounds))


def q_column(many: str = "rows", grounds: Mapping | None = None) -> dict:
    """Significance after correction, as a number with its floor."""
    column = number_column("q", "q", digits=3, width=64, tooltip=grounds_said.q(many, grounds))
    return column | {"valueFormatter": {"function": "keyhole.q(params.value)"}}


def link_columns() -> list[dict]:
    """What is known between a gene and the compound's targets; sources, size of the set and evidence go to the CSV."""
    link = text_column("link", "Link to target", width=96, renderer="LinkToTarget", tooltip=grounds_said.LINK)
    return [link, *({"field": field, "hide": True} for field in ("sources", "size", "evidence"))]


def rank_column(many: str = "rows", grounds: Mapping | None = None) -> dict:
    """Rank by |cosine|, both signs together."""
    column = {"field": "rank", "headerName": "Rank", "width": 54, "type": "rightAligned", "filter": False}
    return column | {"headerTooltip": grounds_said.rank(many, grounds)}


def safe_columns(safe: Mapping) -> list[dict]:
    """Rank at the highest non-toxic concentration (`queries.highest_safe`); the score there on hover and in the CSV."""
    at, why = words.concentration(safe["concentration"]), grounds_said.safe(safe)
    rank = number_column("safe_rank", f"Rank at {at} µM", digits=0, width=66, tooltip=f"Rank and score {why}")
    rank |= {"cellRenderer": "SafeRank", "wrapHeaderText": True, "autoHeaderHeight": True}
    return [rank, *({"field": field, "hide": True} for field in ("safe_score", "safe_cosine"))]


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
    column |= {"headerTooltip": "Similarity at every tested concentration; all rows on one scale, −0.7 to 0.7"}
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


def text_column(field: str, header: str, *, width: int, renderer: str | None = None, tooltip: str = "") -> dict:
    """Short words, filterable."""
    column = {
        "field": field,
        "headerName": header,
        "width": width,
        "filter": "agTextColumnFilter",
        "floatingFilter": True,
        "headerTooltip": tooltip,
    }
    return column | ({"cellRenderer": renderer} if renderer else {})
