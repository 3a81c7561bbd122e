"""Evidence of a phenotype as two small pictures: a knockout against control wells drawn as if they were its replicates.

The tile of the gene page, and its pictures by URL.
"""

from __future__ import annotations

from collections.abc import Mapping

import flask
from dash import html
from dash.development.base_component import Component

from explorer import atlas, queries
from explorer.components.pictures import asked_entity, svg_answer
from explorer.components.themed import themed
from explorer.figures import words
from explorer.figures.null_picture import HEIGHT, WIDTH, null_picture

#: Decimals of a statistic, as the facts above the pictures have them.
_DIGITS = {"consistency": 2, "magnitude": 1}
_CAPTIONS = {"consistency": "Consistency: decides p and q", "magnitude": "Magnitude: no part of p or q"}


def against_controls(of_map: str, gene: dict) -> list[Component]:
    """Both pictures and what is drawn in them, or why there are none."""
    found = queries.control_draws(of_map, gene["entity"])
    if not found:
        why = _why_none(of_map, gene["entity"])
        return [html.P(why, className="k-says k-draws-said")] if why else []
    pictures = [_picture(of_map, gene, found, name) for name in queries.STATISTICS]
    return [html.Div(pictures, className="k-draws"), html.P(_said(found), className="k-says k-draws-said")]


def phenotype(name: str) -> flask.Response:
    """One picture: `/phenotype/CDK12.svg?map=demo&of=magnitude&theme=dark`; 404 for what has none."""
    of_map, gene = asked_entity(name, kind="gene")
    statistic = flask.request.args.get("of", queries.STATISTICS[0])
    found = statistic in queries.STATISTICS and queries.control_draws(of_map, gene["entity"])
    if not found:
        flask.abort(404)
    svg = null_picture(
        found[statistic],
        name=gene["label"],
        italic=not gene["blinded"],
        active=bool(queries.by_concentration(of_map, gene["entity"])["active"].iat[0]),
        digits=_DIGITS[statistic],
        says=_alternative(gene["label"], found, statistic),
        dark=flask.request.args.get("theme") == "dark",
    )
    return svg_answer(svg)


def _picture(of_map: str, gene: dict, found: Mapping, statistic: str) -> Component:
    alt = _alternative(gene["label"], found, statistic)
    size = {"alt": alt, "build": atlas.opened(of_map).map.build, "of": statistic}
    images = themed("/phenotype", f"{gene['slug']}.svg", of_map=of_map, **size)
    for image in images:
        image.width, image.height = int(WIDTH), int(HEIGHT)
    return html.Figure([html.Figcaption(_CAPTIONS[statistic]), *images], className="k-draw", title=alt)


def _alternative(label: str, found: Mapping, statistic: str) -> str:
    """The picture in words, with the numbers of the null."""
    one, digits = found[statistic], _DIGITS[statistic]
    value, high, top = (words.number(one[key], digits) for key in ("value", "high", "top"))
    return (
        f"{statistic.capitalize()} of {label}: {value}. Of {found['draws']:,} draws of {found['size']:,} control "
        f"wells, 95 % lie below {high}, the highest at {top}; {one['reached']:,} reach {value}"
    )


def _said(found: Mapping) -> str:
    """What is drawn, of which wells, and where q comes from."""
    said = f"Grey: {found['draws']:,} draws of {found['size']:,} control wells"
    said += f" from {found['kept']:,} kept with the map, of {found['used']:,}" if _sampled(found) else ""
    if found["draws"] < found["asked"]:
        said += f"; p and q are those of the build, by {found['asked']:,}"
    else:
        said += "; p and q are those of the build"
    said += "" if found["plain"] else ". Draws are plain means of wells, this map takes another: compare no magnitudes"
    return said + "."


def _sampled(found: Mapping) -> bool:
    return found["kept"] < found["used"]


def _why_none(of_map: str, entity: str) -> str:
    """What the tile says in place of pictures, where it does not say so already."""
    activity = queries.by_concentration(of_map, entity).iloc[0]
    if queries.null_of(of_map)["controls"] == 0 or activity["n_wells"] < 2:
        return ""
    if activity["q"] != activity["q"]:
        return "No control wells were run beside knockouts, so there is nothing to draw from."
    return "This map does not keep its control wells, so draws of them cannot be shown; p and q are of the build."
