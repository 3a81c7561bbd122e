"""From a view to what is drawn: the answer of the query as elements, numbers and sentences of the page."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from explorer import queries
from explorer.components.links import entity_href
from explorer.components.network_rail import bars, segments
from explorer.components.network_view import View
from explorer.components.network_words import answer_line, counts_line, nothing_shown
from explorer.components.similarity_name import similarity_name
from explorer.figures import words
from explorer.figures.network_elements import draw_elements
from explorer.figures.network_scene import scene

CANDIDATE = "no target on record"


def network_of(view: View) -> dict:
    """The answer of `queries.network` for a view, with what similarity is `called`."""
    found = queries.network(view.map, list(view.genes), **view.options)
    return found | {"called": similarity_name(view.map).short}


def scene_of(view: View, network: dict) -> dict:
    """Shapes of a view, for the canvas and for files."""
    return scene(network, centre=view.asked.centre, added=view.added, marked=view.asked.marked)


def canvas(view: View, network: dict) -> list[dict]:
    """Elements of the canvas."""
    shapes = scene_of(view, network)
    if not view.dots:
        shapes = shapes | {"dotted": []}
    return draw_elements(
        shapes,
        sourced=network["sourced"],
        link=lambda kind, slug: entity_href(kind, slug, of_map=view.map),
        called=network["called"],
    )


def drawn(view: View) -> tuple:
    """Elements, answer, counts, histogram, choices of evidence, empty state and numbers, in that order."""
    network = network_of(view)
    labels = {n["slug"]: n["label"] for n in network["nodes"]}
    return (
        canvas(view, network),
        answer_line(network, view),
        counts_line(network),
        bars(network),
        segments(network),
        empty(network, labels),
        numbers(network, added=len(view.added)),
    )


def empty(network: dict, labels: dict[str, str]) -> list[Component]:
    """What stands on a canvas without edges, with the next step."""
    said = nothing_shown(network, labels)
    if not said:
        return []
    loosen = network["rule"] != "loose"
    text = "Loosen to 5 %" if loosen else "Take the filters off"
    return [html.P(said), html.Button(text, className="k-button k-net-loosen")]


def numbers(network: dict, *, added: int) -> dict:
    """Live counts beside the controls, and the cut-offs of each preset for the slider."""
    c, compounds = network["counts"], network["compounds"]
    candidates = sum(x["role"] == CANDIDATE for x in compounds)
    return {
        "similar": f"{c['similar']:,}",
        "opposite": f"{c['opposite']:,}",
        "dots": f"{c['dotted']:,}",
        "arm": words.plural(c["same_arm"], "edge"),
        "compounds": str(len(compounds)) if compounds else "",
        "candidates": words.plural(candidates, "candidate") if compounds else "",
        "added": f"{words.plural(added, 'gene')} added, violet ring" if added else "",
        "low": words.cosine(network["cut"][0]),
        "high": words.cosine(network["cut"][1]),
        "cut": network["cut"],
        "cuts": network["cuts"],
        "reach": network["bars"]["reach"],
        "rule": network["rule"],
        "fit": f"{network['layout']} {len(network['nodes'])} {len(compounds)}",
    }
