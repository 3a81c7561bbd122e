"""What became of a list of names: a bar of shares, then a line for each kind of answer. Nothing is dropped silently.

Drawn from `queries.resolve_list`. Choices for an ambiguous name are links in which the name is replaced.
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
from dash import dcc, html
from dash.development.base_component import Component

from explorer.queries import joined

#: Status to what it is called in a report, in the order of the bar.
CALLED = {
    "matched": "matched",
    "alias": "by another name",
    "compound": "compounds",
    "blinded": "blinded",
    "ambiguous": "ambiguous",
    "absent": "absent",
}
#: Names that are spelled out in a line.
_SHOWN = 6


def resolver_report(resolved: pd.DataFrame, *, link: Callable[[str], str], edit: str | None = None) -> Component:
    """The report on a list.

    Parameters
    ----------
    resolved : DataFrame
        From `queries.resolve_list`.
    link : callable
        Names as one text to the address of this page with these names: what a choice leads to.
    edit : str, optional
        Address at which the list can be edited.
    """
    counts = {s: int((resolved["status"] == s).sum()) for s in CALLED}
    lines = [
        _aliases(resolved[resolved["status"] == "alias"]),
        _named("compound", resolved),
        _named("blinded", resolved),
        *(_choices(resolved, asked, link) for asked in _each(resolved, "ambiguous")),
        _absent(resolved, link),
        _repeats(resolved),
    ]
    tools = [dcc.Link("Edit list", href=edit, className="k-report-edit")] if edit else []
    head = html.Div([html.B(summary(resolved)), *tools], className="k-report-head")
    shown = [html.Span([_swatch(s), f"{CALLED[s]} {n:,}"], className="k-report-count") for s, n in counts.items() if n]
    return html.Div(
        [head, _bar(counts), html.P(shown, className="k-report-counts"), *[x for x in lines if x is not None]],
        className="k-report",
    )


def summary(resolved: pd.DataFrame) -> str:
    """The report in one sentence: `71 asked, 68 on this map, 3 absent`."""
    n = len(resolved)
    on_map = int((resolved["slug"] != "").sum())
    unclear = int((resolved["status"] == "ambiguous").sum())
    parts = [f"{n:,} asked", f"{on_map:,} on this map"]
    parts += [f"{unclear:,} ambiguous"] if unclear else []
    absent = n - on_map - unclear
    return ", ".join(parts + ([f"{absent:,} absent"] if absent else []))


def replaced(resolved: pd.DataFrame, asked: str, by: list[str]) -> str:
    """The names of the list as one text, with one of them replaced."""
    names = [x for name in resolved["asked"] for x in (by if name == asked else [name])]
    return joined(list(dict.fromkeys(names)))


def _bar(counts: dict[str, int]) -> Component:
    total = sum(counts.values()) or 1
    said = ", ".join(f"{CALLED[s]} {n}" for s, n in counts.items() if n) or "no name"
    parts = [
        html.Span(className=f"k-share k-share-{s}", style={"width": f"{100 * n / total:.3f}%"})
        for s, n in counts.items()
        if n
    ]
    return html.Div(parts, className="k-shares", role="img", **{"aria-label": said})


def _swatch(status: str) -> Component:
    return html.Span(className=f"k-swatch k-share-{status}", **{"aria-hidden": "true"})


def _aliases(rows: pd.DataFrame) -> Component | None:
    rows = rows[~rows["repeat"]]
    said = [[f"{r.asked} → ", html.Em(r.label)] for r in rows.head(_SHOWN).itertuples()]
    return _line("by another name", said, more=len(rows) - _SHOWN) if said else None


def _named(status: str, resolved: pd.DataFrame) -> Component | None:
    rows = resolved[(resolved["status"] == status) & ~resolved["repeat"]]
    said = [
        [r.label if not r.via else f"{_short(r.asked)} → {r.label}"] + ([html.Small(f" ({r.note})")] if r.note else [])
        for r in rows.head(_SHOWN).itertuples()
    ]
    return _line(CALLED[status], said, more=len(rows) - _SHOWN) if said else None


def _choices(resolved: pd.DataFrame, asked: str, link: Callable[[str], str]) -> Component:
    row = resolved[resolved["asked"] == asked].iloc[0]
    slugs, labels = row["choices"].split("|"), row["labels"].split("|")
    offered = [
        dcc.Link(html.Em(label) if row["kind"] == "gene" else label, href=link(replaced(resolved, asked, [slug])))
        for slug, label in zip(slugs, labels, strict=True)
    ]
    every = dcc.Link(f"all {len(slugs)}", href=link(replaced(resolved, asked, slugs)))
    return html.P(
        [html.B(asked), " is ", row["note"], ", choose ", *_spaced([[o] for o in [*offered, every]])],
        className="k-report-line k-report-choose",
    )


def _absent(resolved: pd.DataFrame, link: Callable[[str], str]) -> Component | None:
    rows = resolved[(resolved["status"] == "absent") & ~resolved["repeat"]]
    said = []
    for r in rows.head(_SHOWN).itertuples():
        one: list[Component | str] = [html.B(_short(r.asked))]
        if r.note:
            one.append(f" ({r.note.rstrip('.')})")
        elif r.choices:
            closest, label = r.choices.split("|")[0], r.labels.split("|")[0]
            one += [" (closest ", dcc.Link(label, href=link(replaced(resolved, r.asked, [closest]))), ")"]
        said.append(one)
    return _line("absent", said, more=len(rows) - _SHOWN) if said else None


def _repeats(resolved: pd.DataFrame) -> Component | None:
    rows = resolved[resolved["repeat"]]
    said = [[_short(asked)] for asked in rows["asked"].head(_SHOWN)]
    return _line("asked more than once, drawn once", said, more=len(rows) - _SHOWN) if said else None


def _each(resolved: pd.DataFrame, status: str) -> list[str]:
    return list(dict.fromkeys(resolved.loc[resolved["status"] == status, "asked"]))[:_SHOWN]


def _line(title: str, said: list[list[Component | str]], *, more: int) -> Component:
    rest = [f" and {more:,} more"] if more > 0 else []
    return html.P([html.Span(f"{title}: ", className="k-muted"), *_spaced(said), *rest], className="k-report-line")


def _spaced(parts: list[list[Component | str]]) -> list[Component | str]:
    """Parts with a comma between them, in one flat list."""
    return [x for i, part in enumerate(parts) for x in (([", "] if i else []) + part)]


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:38] + "…"
