"""The neighbourhood of a gene as a picture: the tile on its page, and the SVG by URL."""

from __future__ import annotations

import flask
from dash import dcc
from dash.development.base_component import Component

from explorer import atlas, queries
from explorer.components.grounds_said import called
from explorer.components.links import href
from explorer.components.network_words import legend
from explorer.components.pictures import asked_entity, svg_answer
from explorer.components.themed import themed
from explorer.components.tiles import tile
from explorer.figures.network_scene import scene
from explorer.figures.network_svg import network_picture


def neighbourhood_tile(of_map: str, gene: dict) -> Component:
    """The nearest genes and their compounds; a click opens the network itself."""
    network = href("/network", of_map=of_map, near=f"gene:{gene['slug']}", lay="force", cpd="4")
    compounds = ", with compounds that look like losing one of them" if queries.has(of_map)["compounds"] else ""
    near = called(queries.grounds(of_map)).short
    build = atlas.opened(of_map).map.build
    alt = f"Network of {gene['label']} and the genes nearest to it; the table of genes lists them"
    images = themed("/neighbourhood", f"{gene['slug']}.svg", of_map=of_map, alt=alt, build=build)
    return tile(
        "Neighbourhood",
        dcc.Link(images, href=network, className="k-neighbourhood", title="Open as network"),
        legend(centre=None, sourced=queries.has_known(of_map)),
        says=f"The {queries.PICTURED} genes nearest by |{near}|{compounds}. Edges: at most {queries.PICTURED_EDGES}, "
        "of the strongest 1 % of each sign on this map.",
        tools=dcc.Link("Open network", href=network, className="k-button"),
        className="k-beside",
    )


def neighbourhood(name: str) -> flask.Response:
    """The picture: `/neighbourhood/CDK12.svg?map=demo&theme=dark`; 404 for what is no gene of an open map."""
    of_map, gene = asked_entity(name, kind="gene")
    slug = gene["entity"].partition(":")[2]
    shapes = scene(queries.neighbourhood_picture(of_map, slug), marked=[slug])
    shapes["compounds"] = [c | {"note": ""} for c in shapes["compounds"]]
    return svg_answer(network_picture(shapes, says=f"Around {slug}", dark=flask.request.args.get("theme") == "dark"))
