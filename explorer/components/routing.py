"""From an address to a page: one parser for everything that comes out of the browser's address bar.

The path names the entity and the query the view. A value that cannot be used is replaced by the default and said.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from dash.development.base_component import Component

from explorer import atlas
from explorer.components import state, states
from explorer.components.links import href
from explorer.components.shell import frame
from explorer.errors import KeyholeError, UnknownEntity

LONGEST = 200
#: Characters of one value of the view: a list of names or a structure may be long.
LONGEST_VALUE = 8_000


@dataclass(frozen=True)
class Address:
    """A parsed address: the map, what follows the page in the path, the view, and what had to be changed."""

    map: str
    segment: str
    view: Mapping[str, str]
    said: tuple[str, ...] = ()

    def number(self, key: str) -> float | None:
        """A finite, positive number from the view, or None."""
        return parse_number(self.view.get(key))

    def choice(self, key: str, choices: Sequence[str]) -> tuple[str, str]:
        """One of a few words, the first where none is given, and a sentence where another had to be replaced."""
        asked = self.view.get(key, choices[0])
        if asked in choices:
            return asked, ""
        return choices[0], f"{key}={asked[:20]} is none of {', '.join(choices)}: this is {choices[0]}."


def parse_number(text: object) -> float | None:
    """A finite, positive number of at most 20 characters, or None for anything else."""
    if not isinstance(text, str) or not 0 < len(text) <= 20 or not text.isascii():
        return None
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) and value > 0 else None


def parse_address(path: object, query: Mapping[str, object]) -> Address:
    """Read a path and a query as the browser sends them: encoded, repeated, unknown or junk."""
    text = path if isinstance(path, str) else ""
    segment = unquote(text.strip("/").partition("/")[2])[:LONGEST]
    view, said = _view(query)
    open_maps = atlas.current()
    asked = view.get("map", open_maps.first)
    if asked in open_maps.maps:
        return Address(asked, segment, view, (*said, *_older(asked, view)))
    elsewhere = f"Map '{asked[:60]}' is not open here; this is {open_maps.first}."
    return Address(open_maps.first, segment, view, (elsewhere, *said))


def _older(of_map: str, view: Mapping[str, str]) -> tuple[str, ...]:
    """What is said of a link that was copied from another build of its map."""
    now, then = atlas.opened(of_map).map.build, view.get("build", "")
    if then in ("", now):
        return ()
    return (f"This link was made on build {then[:40]}; map {of_map} is now build {now}, so numbers may differ.",)


def _view(query: Mapping[str, object]) -> tuple[dict[str, str], tuple[str, ...]]:
    """The values of a query that can be used, lists that were compressed among them, and what cannot be read."""
    view, said = {}, ()
    for key, value in query.items():
        value = value[-1] if isinstance(value, list) and value else value
        if isinstance(value, str):
            most = state.LONGEST if key in state.LISTS else LONGEST_VALUE
            view[str(key)[:LONGEST]] = value[:most]
            if key in state.LISTS and len(value) > most:
                said = (f"The list in this link has {len(value):,} characters; the first {most:,} are read.",)
    if "z" not in view:
        return view, said
    lists = state.unpacked(view.pop("z"))
    if lists is None:
        return view, ("The list in this link cannot be read: the link was cut or changed. Ask for it again.",)
    return lists | view, said


def routed(draw: Callable[[Address], Component]) -> Callable[..., Component]:
    """A Dash page layout that parses the address, draws, and turns every refusal into a page that says why.

    Dash hands `path` in as a routing input, after the query, so no query key can stand in for it.
    """

    def layout(path: object = "/", **query: object) -> Component:
        address = parse_address(path, query)
        try:
            body = draw(address)
        except UnknownEntity as e:
            body = states.unknown(str(e), closest=e.closest, link=_sibling(path, address))
        except KeyholeError as e:
            body = states.refused(str(e))
        return frame(body, of_map=address.map, said=address.said, tour=address.view.get("tour"))

    return layout


def _sibling(path: object, address: Address) -> Callable[[str], str]:
    """Links to other entities of the same page."""
    first = str(path).strip("/").split("/")[0]
    return lambda slug: href(f"/{first}", slug, of_map=address.map)
