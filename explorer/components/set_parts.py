"""Parts of the set page: who is in the set, whether its members are alike, and the columns of its tables."""

from __future__ import annotations

from collections.abc import Mapping

from dash import dcc, html
from dash.development.base_component import Component

from explorer import queries
from explorer.components.columns import (
    bar_column,
    concentration_column,
    name_column,
    number_column,
    q_column,
    score_column,
    similarity_column,
    text_column,
)
from explorer.components.grounds_said import called
from explorer.components.icons import icon
from explorer.components.links import href
from explorer.components.tiles import answer, fact
from explorer.figures import words

SIGNIFICANT = 0.05
STRONGEST = "The active, non-toxic concentration where the compound is strongest"
RELATION = "What loaded sources say of this gene and the members; new: no pair in any of them"
#: Names of absent genes, or of narrower terms, that are written out.
MOST_ABSENT, MOST_TERMS = 400, 6


def identity(told: Mapping, *, of_map: str, active: int, tested: bool) -> list[Component]:
    """Name, id, source, licence and version; how many members there are, here, and active; who is absent."""
    also = [told["id"], told["source"], told["version"], told["licence"]]
    n = len(told["genes"])
    facts = [
        fact("Members", f"{n:,}", source="As the source lists them"),
        fact("On this map", f"{len(told['on_map']):,}"),
        fact("Active", f"{active:,}" if tested else "not tested", source="Differ from control wells, q ≤ 0.05"),
    ]
    network = href("/network", of_map=of_map, **_as_network(told))
    title = [
        html.H1(told["name"]),
        html.Span(" · ".join(filter(None, also)), className="k-also"),
        html.Span(
            [
                dcc.Link("All gene sets", href=href("/set", of_map=of_map), className="k-button k-link-button"),
                " ",
                dcc.Link("Open as a network", href=network, className="k-button k-link-button"),
            ],
            className="k-right",
        ),
    ]
    parts = [html.Div(title, className="k-title"), html.Div(id="set-answer")]
    parts += [html.Dl(facts, className="k-facts-row"), *_terms(told, of_map=of_map)]
    if told["source"].startswith("planted"):
        parts.append(html.P([icon("caution"), "Planted in the simulated demo: no finding."], className="k-caution"))
    return [*parts, *_absent(told)]


def _as_network(told: Mapping) -> dict[str, str]:
    return {"genes": ",".join(told["on_map"])} if queries.is_list(told["id"]) else {"set": told["id"]}


def _terms(told: Mapping, *, of_map: str) -> list[Component]:
    """Synonyms and the terms around a phenotype."""
    lines = []
    if told.get("synonyms"):
        lines.append(html.P([html.Span("Also ", className="k-muted"), ", ".join(told["synonyms"][:MOST_TERMS])]))
    for key, said in (("parents", "Broader "), ("children", "Narrower ")):
        terms = told.get(key) or []
        links = [dcc.Link(name, href=href("/set", id, of_map=of_map)) for id, name in terms[:MOST_TERMS]]
        more = [f" and {len(terms) - MOST_TERMS} more"] if len(terms) > MOST_TERMS else []
        apart = [x for link in links for x in (link, ", ")][:-1]
        if links:
            lines.append(html.P([html.Span(said, className="k-muted"), *apart, *more]))
    return [html.Div(lines, className="k-set-terms")] if lines else []


def _absent(told: Mapping) -> list[Component]:
    absent = told["absent"]
    if not absent:
        return []
    more = f" and {len(absent) - MOST_ABSENT:,} more" if len(absent) > MOST_ABSENT else ""
    head = html.Summary(f"{words.plural(len(absent), 'member')} not on this map")
    return [html.Details([head, html.P(", ".join(absent[:MOST_ABSENT]) + more)], className="k-twin")]


def coherence_said(found: Mapping, *, similarity: words.Similarity = words.COSINE) -> list[Component]:
    """Are the members alike: the mean, what random sets have, p; and the same without pairs on one arm."""
    genes = "active members" if found["tested"] else "members"
    if found.get("mean") is None:
        n = words.plural(found["members"], genes[:-1], genes)
        return [
            answer("Cannot be told", f"{n} on this map; a mean over pairs needs two, and others to draw.", tone="plain")
        ]
    over, apart_p = found["p"] <= SIGNIFICANT, found.get("apart_p")
    null = _p(found["p"], found["draws"])
    drawn_from = "named active genes" if found["tested"] else "named genes"
    text = [
        f"mean pairwise {similarity.short} {words.cosine(found['mean'])} of {found['members']:,} {genes}",
        html.Small(
            f" random sets as large {words.cosine(found['random'])}, 95 % below {words.cosine(found['random_95'])}; "
            f"{null}, {found['draws']:,} sets of {found['background']:,} {drawn_from}"
        ),
    ]
    lines = [answer("Coherent" if over else "Not coherent", text, tone="target" if over else "plain")]
    same = found["pairs"] - found["apart_pairs"]
    if apart_p is not None and same:
        p = _p(apart_p, found["draws"])
        said = (
            f"Without the {words.plural(same, 'pair')} on one chromosome arm: {words.cosine(found['apart'])}, random "
            f"{words.cosine(found['apart_random'])}, {p}."
        )
        by_arm = over and apart_p > SIGNIFICANT
        lines.append(
            html.P([*([icon("caution")] if by_arm else []), said], className="k-caution" if by_arm else "k-says")
        )
    return lines


def _p(value: float, draws: int) -> str:
    """`p = 0.03`, or `p ≤0.0002` at the floor."""
    text = words.p_value(value, draws=draws)
    return f"p {text}" if text.startswith("≤") else f"p = {text}"


def member_columns(has: Mapping[str, bool], *, grounds: Mapping | None = None) -> list[dict]:
    """The members, nearest the others first."""
    name = called(grounds)
    mean = f"Mean {name.long} to the other active members"
    columns = [name_column("Gene", kind="gene", width=104)]
    columns += [
        number_column(
            "cosine", f"Mean {name.short}", digits=2, width=100 if name.short == "cosine" else 122, tooltip=mean
        ),
        bar_column(),
    ]
    columns += [text_column("state", "Active", width=92)] if has["controls"] else []
    return columns + ([text_column("arm", "Arm", width=80)] if has["arms"] else [])


def gene_columns(has: Mapping[str, bool], *, relation: bool, grounds: Mapping | None = None) -> list[dict]:
    """Genes outside the set against its mean."""
    columns = [name_column("Gene", kind="gene", width=116), similarity_column(grounds), bar_column()]
    columns += [score_column("genes outside", grounds)]
    columns += [q_column("genes outside")] if has["controls"] else []
    columns += [text_column("relation", "To members", width=132, tooltip=RELATION)] if relation else []
    return columns + ([text_column("arm", "Arm", width=88, renderer="Arm")] if has["arms"] else [])


def compound_columns(has: Mapping[str, bool], *, grounds: Mapping | None = None) -> list[dict]:
    """Compounds against the mean of the set."""
    columns = [name_column("Compound", kind="compound", width=132)]
    columns += [concentration_column("at µM", tooltip=STRONGEST)] if has["concentrations"] else []
    columns += [similarity_column(grounds), bar_column()]
    columns += [score_column("compounds", grounds)]
    return columns + ([q_column("compounds")] if has["controls"] else [])


def set_columns(*, shared: bool) -> list[dict]:
    """Gene sets: with what they share, or alone."""
    columns = [name_column("Set", kind="set", width=180), text_column("source", "Source", width=100)]
    numbers = (
        [("shared", "Shared", "Members in both"), ("jaccard", "Jaccard", "Shared of all on this map")] if shared else []
    )
    numbers += [("on_map", "On map", "Members on this map"), ("size", "Members", "As the source lists them")]
    columns += [number_column(f, h, digits=2 if f == "jaccard" else 0, width=86, tooltip=t) for f, h, t in numbers]
    return columns


def relation_said(relation: str, related_to: float) -> str:
    """`known, 4 members`; empty where nothing is told."""
    many = related_to == related_to and related_to > 0
    return f"{relation}, {words.plural(int(related_to), 'member')}" if many else relation
