"""The query of the Targets page as a sentence of tokens, and its cut-offs."""

from __future__ import annotations

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

from explorer.components.asked_terms import MOST_TERMS
from explorer.components.perturbation_picker import perturbation_picker
from explorer.components.selection_asked import KINDS, PERCENTS
from explorer.components.similarity_name import similarity_name

_LABELS = {"all": "All", "gene": "Genes", "compound": "Compounds"}


def sentence(asked: dict, *, usual: float | None, has: dict) -> Component:
    """`Find what mimics CDK12, but not CDK13, coloured by RBM39`, each name a token; `usual` is the map's own tau."""
    tokens = [
        ("", "targets-like", "like", "What to mimic", "gene or compound"),
        ("but not", "targets-not", "avoid", "What to avoid", "gene or compound"),
        ("coloured by", "targets-ref", "reference", "Reference for the colour", "nothing"),
    ]
    parts: list[Component] = [html.H1("Find what mimics")]
    for word, index, key, label, placeholder in tokens:
        parts += [html.Span(word, className="k-sentence-word")] if word else []
        parts.append(
            perturbation_picker(
                index, asked[key], of_map=asked["map"], most=MOST_TERMS, label=label, placeholder=placeholder
            )
        )
    copy = html.Button("Copy link", id="targets-copy", className="k-button", title="Copy the address of this view")
    cutoffs = html.Span([_cutoffs(asked, usual, has), copy], className="k-cutoffs")
    return html.Div([*parts, cutoffs], className="k-sentence" + ("" if usual else " k-unasked"))


def _cutoffs(asked: dict, usual: float | None, has: dict) -> Component:
    both, name = has["genes"] and has["compounds"], similarity_name(asked["map"])
    top = dmc.Select(
        id="targets-percent",
        value=f"{asked['percent']:g}",
        data=[{"value": f"{p:g}", "label": f"top {p:g} %"} for p in PERCENTS],
        allowDeselect=False,
        size="xs",
        className="k-token-top",
        **{"aria-label": "Share of genes that count as like what is mimicked"},
    )
    tau = dmc.NumberInput(
        id="targets-tau",
        value=asked["tau"] if asked["tau"] is not None else usual if usual is not None else "",
        min=0.01,
        max=1,
        step=0.01,
        decimalScale=3,
        debounce=400,
        prefix=f"{name.brief} < ",
        size="xs",
        className="k-token-tau",
        **{"aria-label": f"Largest absolute {name.short} to what is avoided"},
    )
    kind = dmc.SegmentedControl(
        id="targets-kind",
        value=asked["kind"],
        data=[{"value": k, "label": _LABELS[k]} for k in KINDS],
        size="xs",
        style={} if both else {"display": "none"},
        **{"aria-label": "Which candidates are shown"},
    )
    return html.Span([top, tau, kind], className="k-cutoffs")
