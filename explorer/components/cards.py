"""Small parts that gene and compound pages share: names, activity, structures, the concentration strip."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from explorer.components.themed import themed
from explorer.components.tiles import badge, fact, tile
from explorer.figures import words

MAGNITUDE = "Length of the mean aligned vector, in units of the aligned features"
FEWEST_FOR_ENERGY = 5


def gene_name(label: str, blinded: bool = False) -> Component:
    """A gene symbol in italics; a blinded id upright."""
    return html.Span(label) if blinded else html.Em(label)


def activity_badge(activity: dict) -> Component:
    """Active, not active or not tested, as a word."""
    if not _tested(activity):
        return badge("not tested", tone="plain", title="No controls or no replicate wells: activity cannot be tested")
    title = "Active: replicate wells agree more than as many control wells do, at q ≤ 0.05"
    if activity["active"]:
        return badge(f"active, q = {words.number(activity['q'], 4)}", tone="target", title=title)
    return badge(f"not active, q = {words.number(activity['q'], 2)}", tone="caution", title=title)


def phenotype_tile(activity: dict, null: dict, *, what: str, pictures: Sequence[Component] = ()) -> Component:
    """Is there a phenotype? Consistency with its null where it can be tested; else why it cannot.

    `pictures` follow the numbers.
    """
    n, draws = activity["n_wells"], null["draws"]
    magnitude = fact("Magnitude", words.number(activity["magnitude"], 1), source=f"{MAGNITUDE}; mean of {n:,} wells")
    wells = fact("Wells", words.number(n, 0), source="Replicate wells behind every number of this tile")
    title = ["Is there a phenotype? ", activity_badge(activity)]
    if not _tested(activity):
        why = (
            "One well: no replicates to compare."
            if null["controls"]
            else "This map has no control wells to compare with."
        )
        row = html.Dl([magnitude, wells], className="k-facts-row")
        return tile(title, row, *pictures, says=why, className="k-phenotype")
    against = f"{draws:,} draws of as many (n = {n:,}) of {null['controls']:,} control wells"
    facts = [
        fact(
            "Consistency",
            words.number(activity["consistency"], 2),
            source=f"Mean pairwise cosine of the {n:,} replicate wells, −1 to 1, no unit",
        ),
        fact("p", words.p_value(activity["p"], draws=draws), source=f"Share of {against} that are as consistent"),
        fact(
            "q",
            words.p_value(activity["q"], draws=draws),
            source=f"Benjamini-Hochberg of p over all {what}s; active: q ≤ 0.05",
        ),
        magnitude,
        *_energy(activity, against, draws=draws),
        wells,
    ]
    return tile(
        title,
        html.Dl(facts, className="k-facts-row"),
        *pictures,
        says=f"Do replicate wells of this {what} agree more than control wells do?",
        className="k-phenotype",
    )


def _energy(activity: dict, against: str, *, draws: int) -> list[Component]:
    """Energy distance with its p; why there is none below five wells."""
    value, few = activity.get("energy_distance"), activity["n_wells"] < FEWEST_FOR_ENERGY
    if value is None or value != value:
        why = f"Energy distance needs {FEWEST_FOR_ENERGY} wells, here are {activity['n_wells']}"
        return [fact("Energy distance", "n/a", source=why if few else "Not measured when this map was built")]
    what = "2 E|x−y| − E|x−x′| − E|y−y′| between the wells and at most 1,000 control wells: spread counts, too"
    p = words.p_value(activity["p_energy"], draws=draws)
    source = f"{what}; in units of the aligned features. p: share of {against} that lie as far from the others"
    return [fact("Energy distance", words.number(value, 1), unit=f"p {p}", source=source)]


def _tested(activity: dict) -> bool:
    return activity["active"] is not None and activity["active"] == activity["active"]


def structure(
    slug: str,
    label: str,
    *,
    of_map: str,
    width: int,
    height: int,
    smarts: str = "",
    atoms: str = "",
    differing: str = "",
) -> Component:
    """A drawn structure in both themes, atoms or those of a pattern marked; the browser loads the one that shows."""
    marked = {"smarts": smarts, "atoms": atoms, "differing": differing}
    shown, size = {k: v for k, v in marked.items() if v}, (width, height)
    images = themed("/structure", f"{slug}.svg", of_map=of_map, alt=f"Structure of {label}", size=size, **shown)
    return html.Span(images, className="k-structure")


def pooled_line(frame: object, null: dict) -> Component | None:
    """All wells of a compound tested together, where its concentrations are single wells (`by_concentration`)."""
    row = frame.iloc[0]
    if row["pooled_active"] is None or row["pooled_active"] != row["pooled_active"]:
        return None
    active, n = bool(row["pooled_active"]), int(row["pooled_wells"])
    title = (
        f"Mean pairwise cosine {words.cosine(row['pooled_consistency'])} of its {n} wells over all concentrations; p "
        f"{words.p_value(row['pooled_p'], draws=null['draws'])} by {null['draws']:,} draws of as many "
        f"of {null['controls']:,} control wells; q over all compounds tested so. "
        "One that acts at its highest concentration only can fail"
    )
    said = f"{'active' if active else 'not active'}, q {words.q_value(row['pooled_q'])}"
    mark = badge(said, tone="target" if active else "caution", title=title)
    return html.P([f"Single wells; all {n} of them together: ", mark], className="k-pooled")


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
    said += f"; activity q = {words.number(row.q, 4)}" if row.q == row.q else ""
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
