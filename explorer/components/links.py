"""Links within the app: the path names the entity, the query the view, and the map goes along."""

from __future__ import annotations

from urllib.parse import quote

from explorer import atlas
from explorer.components.state import packed


def href(path: str, *segments: str, of_map: str, **view: str) -> str:
    """A link within the app; it carries the map unless that is the first one, and long lists compressed."""
    address = "/".join([path.rstrip("/"), *(quote(s, safe="+") for s in segments)]) or "/"
    view = packed(({"map": of_map} if of_map != atlas.current().first else {}) | view)
    return address + ("?" + "&".join(f"{k}={quote(v, safe='/:,@')}" for k, v in view.items()) if view else "")


def entity_href(kind: str, slug: str, *, of_map: str) -> str:
    """The page of a gene or compound."""
    return href(f"/{kind}", slug, of_map=of_map)
