"""Files of a network by URL: `/export/network.svg?` and the query of the page, drawn from the same answer."""

from __future__ import annotations

import flask

from explorer import atlas, queries
from explorer.components.network_drawn import network_of, scene_of
from explorer.components.network_view import View, read_view
from explorer.components.network_words import answer_text, filters_words, rule_words
from explorer.figures import words
from explorer.figures.network_svg import network_svg

MIMES = {"svg": "image/svg+xml", "graphml": "application/xml", "cyjs": "application/json", "csv": "text/csv"}


def network_file(kind: str) -> flask.Response:
    """The file of a kind for the network that the query asks for; 404 for anything that is none."""
    given = flask.request.args
    of_map = given.get("map", atlas.current().first)
    if kind not in MIMES or of_map not in atlas.current().maps:
        flask.abort(404)
    view = read_view(of_map, given)
    if view is None or view.too_many or len(view.genes) < 2:
        flask.abort(404)
    text = _svg(view, dark=given.get("theme") == "dark") if kind == "svg" else _table(view, kind)
    response = flask.Response(text.encode("utf-8", "replace"), mimetype=MIMES[kind])
    name = "".join(c if c.isascii() and (c.isalnum() or c in "-.") else "-" for c in view.asked.title)[:60]
    response.headers["Content-Disposition"] = f'attachment; filename="network-{name}.{kind}"'
    return response


def _table(view: View, kind: str) -> str:
    network = network_of(view)
    rule = f"{rule_words(network)}{filters_words(view)}"
    return queries.network_file(view.map, network, kind, title=view.asked.title, rule=rule, added=view.added)


def _svg(view: View, *, dark: bool) -> str:
    network = network_of(view)
    shapes = scene_of(view, network)
    shapes = shapes if view.dots else shapes | {"dotted": []}
    about = queries.network_about(view.map, title=view.asked.title)
    c = network["counts"]
    shown = f"{words.plural(c['shown'], 'edge')} of {words.plural(c['pairs'], 'pair')} among {len(view.genes)} genes: "
    foot = [shown + rule_words(network) + filters_words(view) + "."]
    made = f"{words.aligned(about['alignment'])}, {about['relate']}"
    foot += [f"Keyhole, map {about['map']}, build {about['build']}, {made}."]
    foot += [f"Cite: {about['citation']}"] if "citation" in about else []
    foot += [str(about["simulated"]) + "."] if "simulated" in about else []
    return network_svg(
        shapes,
        title=view.asked.title,
        answer=answer_text(network, view),
        foot=foot,
        highlight=view.highlight,
        sourced=network["sourced"],
        dark=dark,
    )
