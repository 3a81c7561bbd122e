"""Links of stories: to the page of a step with the tour on top, to the story, and to its picture."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from explorer import atlas, queries
from explorer.components.links import href
from explorer.components.themed import themed
from explorer.errors import KeyholeError


def step_href(of_map: str, name: str, number: int) -> str:
    """The page on which a step is seen; the tour goes along."""
    path, view = queries.story_page(of_map, name, number)
    return href(path, of_map=of_map, **view, tour=f"{name}.{number}")


def story_href(of_map: str, name: str) -> str:
    """The page of a story."""
    return href("/story", name, of_map=of_map)


def read_tour(text: object) -> tuple[str, int] | None:
    """The story and the step, counted from 1, that `tour=bortezomib.2` names; None for anything else."""
    name, _, number = text.partition(".") if isinstance(text, str) else ("", "", "")
    if name not in queries.STORIES or not number.isascii() or not number.isdigit() or len(number) > 2:
        return None
    return (name, int(number)) if 1 <= int(number) <= len(queries.STORIES[name].steps) else None


def thumbnail(of_map: str, name: str) -> Component:
    """The picture of a story in both themes; the browser loads the one that shows."""
    build = atlas.opened(of_map).map.build
    try:
        says = queries.story(of_map, name)["title"].replace("_", "")
    except KeyholeError:
        says = name
    images = themed("/thumbnail", f"{name}.svg", of_map=of_map, alt=f"{says}, drawn from this map", build=build)
    return html.Div(images, className="k-thumbnail")
