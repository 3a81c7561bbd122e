"""Small parts that gene and compound pages share: names, activity, structures, the concentration strip."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from explorer.components.links import href
from explorer.components.tiles import badge, fact, tile
from explorer.figures import words

CONSISTENCY = "Mean pairwise cosine of the replicate wells"
MAGNITUDE = "Length of the mean aligned vector"


def gene_name(label: str, blinded: bool = False) -> Component:
    """A gene symbol in italics; a blinded id upright."""
    return html.Span(label) if blinded else html.Em(label)


def activity_badge(activity: dict) -> Component:
    """Active, not active or not tested, as a word."""
    if not _tested(activity):
        return badge("not tested", tone="plain", title="No controls or no replicate wells: activity cannot be tested")
    if activity["active"]:
        return badge(f"active, q = {words.number(activity['q'], 4)}", tone="target")
    return badge(f"not active, q = {words.number(activity['q'], 2)}", tone="caution")


def phenotype_tile(activity: dict, null: dict, *, what: str) -> Component:
    """Is there a phenotype? Consistency with its null where it can be tested; else why it cannot."""
    magnitude = fact("Magnitude", words.number(activity["magnitude"], 1), source=MAGNITUDE)
    wells = fact("Wells", words.number(activity["n_wells"], 0), source="Replicate wells")
    title = ["Is there a phenotype? ", activity_badge(activity)]
    if not _tested(activity):
        why = (
            "One well: no replicates to compare."
            if null["controls"]
            else "This map has no control wells to compare with."
        )
        return tile(title, html.Dl([magnitude, wells], className="k-facts-row"), says=why)
    draws = null["draws"]
    facts = [
        fact("Consistency", words.number(activity["consistency"], 2), source=CONSISTENCY),
        fact(
            "p",
            words.p_value(activity["p"], draws=draws),
            source=f"Share of {draws:,} draws of as many control wells that reach it",
        ),
        fact(
            "q",
            words.p_value(activity["q"], draws=draws),
            source="Benjamini-Hochberg over all perturbations of its kind",
        ),
        magnitude,
        wells,
    ]
    return tile(
        title,
        html.Dl(facts, className="k-facts-row"),
        says=f"Do replicate wells of this {what} agree more than control wells do?",
    )


def _tested(activity: dict) -> bool:
    return activity["active"] is not None and activity["active"] == activity["active"]


def structure(
    slug: str, label: str, *, of_map: str, width: int, height: int, smarts: str = "", atoms: str = ""
) -> Component:
    """A drawn structure in both themes, atoms or those of a pattern marked; the browser loads the one that shows."""
    marked = {"smarts": smarts, "atoms": atoms}
    more = {"w": str(width), "h": str(height)} | {k: v for k, v in marked.items() if v}
    return html.Span(
        [
            html.Img(
                src=href("/structure", f"{slug}.svg", of_map=of_map, theme=theme, **more),
                alt=f"Structure of {label}",
                width=width,
                height=height,
                className=f"k-only-{theme}",
            )
            for theme in ("light", "dark")
        ],
        className="k-structure",
    )


def concentration_strip(frame: object, *, chosen: str, colors: list[str]) -> Component:
    """One button a concentration: its bar is the magnitude, its words say whether it is active or toxic."""
    largest = max(float(frame["magnitude"].max()), 1e-9)
    slots = [
        _slot(row, chosen=chosen, height=row.magnitude / largest, tone=c)
        for row, c in zip(frame.itertuples(), colors, strict=True)
    ]
    return html.Div(slots, className="k-strip", role="group", **{"aria-label": "Concentration, µM"})


def _slot(row: object, *, chosen: str, height: float, tone: str) -> Component:
    active = bool(row.active) if row.active is not None and row.active == row.active else None
    state = {True: "active", False: "not active", None: "not tested"}[active]
    state = "toxic" if row.toxic is True else state
    n = words.concentration(row.concentration)
    said = f"{n} µM: {state}, magnitude {words.number(row.magnitude, 1)}, {words.plural(row.n_wells, 'well')}"
    if row.relative_count == row.relative_count:
        said += f", {row.relative_count:.0%} of the control's cells"
    bar = html.Span(
        style={"height": f"{max(height, 0.03):.0%}", "background": tone},
        className="k-strip-bar" + ("" if active else " k-hollow"),
    )
    return html.Button(
        [
            html.Span(n, className="k-strip-value"),
            html.Span(bar, className="k-strip-well"),
            html.Span(state, className=f"k-strip-state k-{state.replace(' ', '-')}"),
        ],
        id={"type": "concentration", "index": row.perturbation},
        className="k-strip-slot" + (" k-chosen" if row.perturbation == chosen else ""),
        title=said,
        **{"aria-pressed": str(row.perturbation == chosen).lower(), "aria-label": said},
    )
