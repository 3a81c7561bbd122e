"""The web app: Dash with an explicit list of pages, structures by URL, health, and a guard before every callback."""

from __future__ import annotations

import hashlib
from pathlib import Path

import dash
import flask
from dash import Dash, State

from explorer import atlas, cache, queries
from explorer.atlas import Atlas
from explorer.chemistry import isolation
from explorer.chemistry.representations import draw_tokens
from explorer.chemistry.structures import draw_svg
from explorer.components.drawing_editor import EDITOR
from explorer.components.header import register_header
from explorer.components.neighbourhood import neighbourhood
from explorer.components.network_files import network_file
from explorer.components.phenotype import phenotype
from explorer.components.pictures import asked_entity, svg_answer
from explorer.components.plotting import STRICT
from explorer.components.routing import routed
from explorer.components.shell import shell
from explorer.errors import InputError, UnknownEntity
from explorer.figures import theme
from explorer.figures.thumbnails import draw_thumbnail
from explorer.guard import EDITOR_POLICY, guard
from explorer.pages import (
    cliffs,
    compare,
    compound,
    data,
    gene,
    help,
    home,
    lists,
    network,
    not_found,
    quality,
    representations,
    sets,
    story,
    targets,
)
from explorer.pages import map as map_page
from explorer.pages import set as gene_set
from explorer.pages import structure as structures
from explorer.settings import Settings
from explorer.vendored import JSME, PLOTLY, VENDOR

ASSETS = Path(__file__).resolve().parent.parent / "assets"
PAGES = (
    *(home, gene, compound, network, map_page, compare, targets, structures, cliffs, representations, lists),
    *(gene_set, sets, quality, story, data, help),
)
BIGGEST_BODY = 256 * 1024
BIGGEST_DRAWING = 800

INDEX = """<!DOCTYPE html>
<html lang="en">
  <head>
    {%metas%}
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>{%title%}</title>
    <link rel="icon" href="/assets/icons/logo.svg">
    <style>TOKENS</style>
    {%css%}
  </head>
  <body>{%app_entry%}<footer>{%config%}{%scripts%}{%renderer%}</footer></body>
</html>
"""
#: Where Dash looks for plotly when a page's first graph appears; to read it takes a browser a second.
LAZY_PLOTLY = "/_dash-component-suites/plotly/package_data/plotly.min.js"
#: The editor builds its code from text inside a frame of its own, so it has a document and a policy apart.
DRAW = """<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Draw a structure · Keyhole</title>
    <link rel="icon" href="/assets/icons/logo.svg">
    <link rel="stylesheet" href="/assets/draw/draw.css">
    <script src="/assets/draw/draw.js"></script>
    <script src="JSME"></script>
  </head>
  <body><main><h1>Draw a structure</h1><div id="editor"></div></main></body>
</html>
"""


def create_app(opened: Atlas, *, settings: Settings) -> Dash:
    """The app over open maps, warmed by one request to itself; one a process."""
    atlas.use(opened)
    app = Dash(
        __name__,
        assets_folder=str(ASSETS),
        assets_path_ignore=["vendor", "draw"],
        title="Keyhole",
        update_title=None,
        use_pages=True,
        pages_folder="",
        index_string=INDEX.replace("TOKENS", theme.css()),
        suppress_callback_exceptions=True,
        routing_callback_inputs={"path": State("_pages_location", "pathname")},
        health_endpoint="healthz",
    )
    app.enable_dev_tools(debug=False, dev_tools_disable_version_check=True)
    app.server.config["MAX_CONTENT_LENGTH"] = BIGGEST_BODY
    app.server.config[STRICT] = PLOTLY.installed()
    app.server.config[EDITOR] = JSME.installed()
    cache.attach(app.server, settings.cache / _cache_name(opened))
    for page in PAGES:
        title = f"{page.TITLE} · Keyhole" if page is not home else "Keyhole"
        dash.register_page(page.__name__, path_template=page.PATH, title=title, layout=routed(page.layout))
    dash.register_page("not_found_404", path="/not-found", title="Not found · Keyhole", layout=routed(not_found.layout))
    app.layout = shell()
    register_header(app)
    app.server.add_url_rule("/structure/<name>.svg", view_func=structure)
    app.server.add_url_rule("/export/network.<kind>", view_func=network_file)
    app.server.add_url_rule("/neighbourhood/<name>.svg", view_func=neighbourhood)
    app.server.add_url_rule("/phenotype/<name>.svg", view_func=phenotype)
    app.server.add_url_rule("/depict.svg", view_func=depict)
    app.server.add_url_rule("/draw", view_func=draw)
    app.server.add_url_rule("/thumbnail/<name>.svg", view_func=thumbnail)
    if PLOTLY.installed():
        app.server.add_url_rule(LAZY_PLOTLY, view_func=strict_plotly)
    guard(app)
    _warm(app)
    return app


def structure(name: str) -> flask.Response:
    """The drawing of a map compound's structure: `/structure/bortezomib.svg?theme=dark&w=230&h=180`."""
    asked = flask.request.args
    smiles = asked_entity(name, kind="compound")[1]["smiles"]
    if not smiles:
        flask.abort(404)
    if asked.get("smarts"):
        return _drawn_apart(smiles, asked.get("smarts", ""))
    if asked.get("tokens"):
        svg = draw_tokens(smiles, **_size())
        return svg_answer(svg) if svg else flask.abort(404)
    svg = draw_svg(smiles, marked=_atoms("atoms"), differing=_atoms("differing"), **_size())
    return svg_answer(svg) if svg else flask.abort(404)


def depict() -> flask.Response:
    """The drawing of a structure that somebody typed: `/depict.svg?smiles=CCO`; a refusal says why."""
    return _drawn_apart(flask.request.args.get("smiles", ""), flask.request.args.get("smarts", ""))


def draw() -> flask.Response:
    """The document of the drawing editor, for the frame on the Structure page; 404 where it is not installed."""
    if not flask.current_app.config[EDITOR]:
        flask.abort(404)
    response = flask.Response(DRAW.replace("JSME", JSME.url), mimetype="text/html")
    response.headers["Content-Security-Policy"] = EDITOR_POLICY
    return response


def strict_plotly() -> flask.Response:
    """The bundle without `eval`, in the place of Dash's own."""
    return flask.send_from_directory(VENDOR / PLOTLY.folder, PLOTLY.entry)


def thumbnail(name: str) -> flask.Response:
    """The picture of a story, drawn from an open map: `/thumbnail/cdk13.svg?map=demo&theme=dark`."""
    of_map = flask.request.args.get("map", atlas.current().first)
    if of_map not in atlas.current().maps:
        flask.abort(404)
    try:
        values = queries.story_picture(of_map, name)
    except UnknownEntity:
        flask.abort(404)
    return svg_answer(draw_thumbnail(values, dark=_size()["dark"]))


def _drawn_apart(smiles: str, smarts: str) -> flask.Response:
    try:
        svg = isolation.ask("draw", smiles=smiles, smarts=smarts, **_size())["svg"]
        return svg_answer(svg, keep="private, max-age=3600")
    except InputError as refused:
        return flask.Response(f"{refused}\n", status=400, mimetype="text/plain")


def _atoms(key: str) -> tuple[int, ...]:
    """Atoms to mark, `atoms=1,2,3`; whatever is no atom number is passed over."""
    given = flask.request.args.get(key, "")[:2_000].split(",")
    return tuple(int(a) for a in given if a.isascii() and a.isdigit() and len(a) < 4)


def _size() -> dict:
    return {"width": _pixels("w"), "height": _pixels("h"), "dark": flask.request.args.get("theme") == "dark"}


def _pixels(key: str) -> int:
    text = flask.request.args.get(key, "")
    return min(max(int(text), 40), BIGGEST_DRAWING) if text.isascii() and text.isdigit() and len(text) < 6 else 240


def _cache_name(opened: Atlas) -> str:
    builds = "-".join(m.map.build for m in opened.maps.values())
    return builds if len(builds) < 60 else hashlib.sha256(builds.encode()).hexdigest()[:24]


def _warm(app: Dash) -> None:
    """Make what every page of a map stands on, and answer a page before serving: processes forked later share it.

    Dash sets itself up on its first request (plotly/dash#3971).
    """
    with app.server.app_context():
        for key in atlas.current().maps:
            queries.prepare(key)
    client = app.server.test_client()
    for path in ("/", "/_dash-layout", "/_dash-dependencies"):
        client.get(path)
