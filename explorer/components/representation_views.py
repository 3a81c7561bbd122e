"""One molecule in four notations, from the text that is typed to the numbers that a model learned."""

from __future__ import annotations

from collections.abc import Mapping

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

from explorer.chemistry.representations import token_ground
from explorer.components import states
from explorer.components.figure import figure_box
from explorer.components.representation_words import COMMAND, way_name
from explorer.components.themed import themed
from explorer.components.tiles import tile
from explorer.figures import words

WIDTH, HEIGHT = 330, 210


def text_tile(views: Mapping) -> Component:
    """The same molecule as text, in as many ways as it is written."""
    lines = [html.Tr([html.Th(way, scope="row"), html.Td(html.Code(text))]) for way, text in views["written"]]
    return tile(
        "1 · A string",
        html.Table(html.Tbody(lines), className="k-written"),
        says=f"One molecule, {len(views['written'])} spellings: a model of text must first learn that these are one.",
    )


def bits_tile(views: Mapping) -> Component:
    """The bits of the fingerprint, and the atoms that set the chosen one."""
    options = [{"value": str(b["number"]), "label": _bit(b)} for b in views["bits"]]
    first = next((b for b in views["bits"] if b["compounds"] > 1), views["bits"][0])
    return tile(
        "2 · Bits",
        dmc.Select(
            id="representations-bit",
            value=str(first["number"]),
            data=options,
            searchable=True,
            allowDeselect=False,
            size="xs",
            **{"aria-label": "Bit of the fingerprint"},
        ),
        html.Div(id="representations-bit-drawn", className="k-picture", children=states.skeleton(4)),
        html.P(id="representations-bit-said", className="k-says", role="status"),
        says=f"{views['on']} of 2,048 bits are set: one for each neighbourhood of at most 2 bonds, wherever it stands.",
    )


def bit_drawn(bit: Mapping, *, slug: str, label: str, of_map: str) -> Component:
    """The molecule with the atoms of a bit marked, in both themes, by URL."""
    return _drawn(f"{label}, atoms of bit {bit['number']} marked", slug, of_map, atoms=",".join(map(str, bit["atoms"])))


def bit_said(bit: Mapping, *, structures: int) -> str:
    """What a bit is, and how common."""
    where = "the atom itself" if not bit["radius"] else f"{words.plural(bit['radius'], 'bond')} around an atom"
    return (
        f"Bit {bit['number']:,}, {where}: {bit['fragment']}. Set in {bit['compounds']:,} of the "
        f"{words.plural(structures, 'compound')} with a structure."
    )


def graph_tile(views: Mapping, *, slug: str, label: str, of_map: str) -> Component:
    """Atoms by their token, and the bonds between each two."""
    legend = [
        html.Li(
            [
                html.Span(str(t["number"]), className="k-token-mark", style=_grounds(t["number"])),
                html.Span(t["text"]),
                html.Small(f"{t['atoms']} here, {words.plural(t['compounds'], 'compound')}"),
            ]
        )
        for t in views["tokens"]
    ]
    return tile(
        "3 · A graph",
        html.Div(
            [
                html.Div(
                    [
                        html.Div(
                            _drawn(f"{label}, atoms by token", slug, of_map, height=270, tokens="1"),
                            className="k-picture",
                        ),
                        html.Ul(legend, className="k-token-legend"),
                    ]
                ),
                figure_box(id="representations-bonds", style={"height": "340px"}),
            ],
            className="k-graph-pair",
        ),
        html.P(
            f"Tokens are Morgan invariants of radius 0; this map's {views['structures']:,} structures have "
            f"{views['vocabulary']}, MolE's vocabulary has 207. Rebuilt with RDKit as MolE reads a molecule; no "
            "embedding of MolE is shown, as its weights are not public.",
            className="k-says",
        ),
        says=f"Atoms by token, and the bonds between each two: {views['longest']} at most. MolE reads no more.",
    )


def learned_tile(tables: list[dict], strips: Mapping | None) -> Component:
    """Learned numbers beside those of the nearest and the farthest compound; or how to get some."""
    usable = [t for t in tables if not t["problem"]]
    problems = [html.P(t["problem"], className="k-caution") for t in tables if t["problem"]]
    if not usable:
        return tile("4 · Learned numbers", _missing(), *problems, says="This map has no learned embeddings yet.")
    lists = [html.Li([html.B(way_name(t["name"])), f": {_about(t)}"]) for t in usable]
    if strips is None:
        shown = [states.absent("None of these tables has an embedding of this compound.")]
    else:
        shown = [figure_box(id="representations-strips", style={"height": "320px"})]
    return tile(
        "4 · Learned numbers",
        *shown,
        html.Ul(lists, className="k-notes"),
        *problems,
        says="No number means anything alone; molecules that a model finds alike have alike strips. Red is above, blue "
        "below the mean of this map's compounds.",
    )


def table_told(one: Mapping) -> str:
    """What a table of embeddings is, for the Data page: size, model, licence, libraries, date."""
    more = [f"{k} {one['about'][k]}" for k in ("from", "libraries", "made", "added") if k in one["about"]]
    return "; ".join([_about(one), *more])


def _about(one: Mapping) -> str:
    about = one["about"]
    told = [about[k] for k in ("model", "citation", "licence") if k in about]
    unknown = f", {one['n_unknown']:,} rows of it are not on this map" if one["n_unknown"] else ""
    n = f"{one['dimensions']:,} numbers for {one['on_map']:,} of {words.plural(one['compounds'], 'compound')}{unknown}"
    return "; ".join([n, *told])


def _missing() -> Component:
    return html.P(
        [
            html.Code(COMMAND + " MAP"),
            " adds MiniMol (512 numbers a molecule, offline, about 25 ms each; extra ",
            html.Code("embed"),
            " and ",
            html.Code("keyhole fetch minimol"),
            "). Embeddings of your own load with ",
            html.Code("--table FILE --name MolE"),
            ": a column InChIKey or name, and numbers.",
        ],
        className="k-absent",
    )


def _drawn(alt: str, slug: str, of_map: str, *, height: int = HEIGHT, **view: str) -> Component:
    images = themed("/structure", f"{slug}.svg", of_map=of_map, alt=alt, size=(WIDTH, height), **view)
    return html.Span(images, className="k-structure")


def _grounds(number: int) -> dict:
    """The ground of a token in both themes, as custom properties that the style sheet chooses from."""
    return {
        name: "#" + "".join(f"{round(255 * x):02x}" for x in token_ground(number, dark=dark))
        for name, dark in (("--k-on-light", False), ("--k-on-dark", True))
    }


def _bit(bit: Mapping) -> str:
    return f"bit {bit['number']:,} · radius {bit['radius']} · {words.plural(bit['compounds'], 'compound')}"
