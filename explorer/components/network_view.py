"""How a network is shown: one parser for the address, for what the page sends back, and for exported files.

A view is a mapping of texts, as in a query string. A value that cannot be used is replaced by the default and said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from explorer import atlas, queries
from explorer.components.asked import asked_map
from explorer.components.network_asked import Asked, asked_network
from explorer.errors import InputError

PRESETS = {"5": "loose", "1": "default", "0.1": "strict"}
#: Parameter to the values it may have, the default first.
CHOICES = {
    "sign": ("both", "similar", "opposite"),
    "known": ("both", "known", "new"),
    "arm": ("dim", "show", "hide", "only"),
    "lay": ("circle", "force", "grouped"),
    "dots": ("1", "0"),
}
KEYS = ("set", "genes", "near", "plus", "pct", "rule", "cut", *CHOICES, "cpd", "most", "hi")
MOST_COMPOUNDS, MOST_PLUS, LONGEST = 30, 10, 8_000
#: Edges drawn: unless asked otherwise, and at most.
EDGES, MOST_EDGES = 150, 3_000


@dataclass(frozen=True)
class View:
    """A network to show: of what, which genes, and how.

    Attributes
    ----------
    asked : Asked
    genes : tuple of str
        Slugs: those asked for, then those added.
    added : tuple of str
    options : dict
        Of `queries.network`.
    dots : bool
        Whether known pairs that are not recovered are drawn.
    highlight : tuple of str
    said : tuple of str
        What had to be changed.
    query : dict
        The texts that reproduce it.
    """

    map: str
    asked: Asked
    genes: tuple[str, ...]
    added: tuple[str, ...]
    options: dict
    dots: bool
    highlight: tuple[str, ...]
    said: tuple[str, ...]
    query: dict[str, str]

    @property
    def too_many(self) -> bool:
        """Whether a heatmap is offered in place of a network."""
        return len(self.genes) > queries.MOST_GENES

    @property
    def link(self) -> str:
        """The query string that reopens it."""
        first = {"map": self.map} if self.map != atlas.current().first else {}
        return urlencode(first | self.query, safe=":,@")


def read_view(of_map: str, given: Mapping[str, object]) -> View | None:
    """The view that texts ask for; None where they name neither a set, a list nor a neighbourhood.

    Raises
    ------
    KeyholeError
        Where what they name is not on the map.
    """
    query = {k: v[:LONGEST] for k in KEYS if isinstance(v := given.get(k), str) and v}
    asked = asked_network(of_map, query)
    if asked is None:
        return None
    said: list[str] = []
    options = _rule(of_map, query, said)
    for key, values in CHOICES.items():
        if query.get(key, values[0]) not in values:
            said.append(f"{key}={query[key][:20]} is none of {', '.join(values)}: this is {values[0]}.")
            del query[key]
    options |= {"sign": query.get("sign", "both"), "evidence": query.get("known", "both")}
    options |= {"arm": query.get("arm", "dim"), "layout": query.get("lay", "circle")}
    options["compounds"] = _whole(query, "cpd", said, low=0, high=MOST_COMPOUNDS, default=0)
    options["most"] = _whole(query, "most", said, low=1, high=MOST_EDGES, default=EDGES)
    added = _added(of_map, query, asked)
    genes = tuple(dict.fromkeys((*asked.genes, *added)))
    marks = tuple(h for h in query.get("hi", "").split(",") if h in genes)
    return View(of_map, asked, genes, added, options, query.get("dots") != "0", marks, tuple(said), query)


def asked_view(value: object) -> View:
    """The view that a page sent back.

    Raises
    ------
    InputError
        Where it is no view.
    """
    given = value if isinstance(value, dict) else {}
    found = read_view(asked_map(given.get("map")), given)
    if found is None:
        raise InputError("the network is not of a set, a list or a neighbourhood")
    return found


def _rule(of_map: str, query: dict[str, str], said: list[str]) -> dict:
    """The rule of strength: `cut` before `rule` before `pct`."""
    cut = _cut(query.get("cut", ""))
    if "cut" in query and cut is None:
        said.append(f"cut={query.pop('cut')[:20]} is not two similarities, the lower first: this is the strongest 1 %.")
    if cut is not None:
        return {"rule": "custom", "cut": cut}
    if query.get("rule") in {"cosine", "q"}:
        if query["rule"] == "q" and not queries.has(of_map)["controls"]:
            said.append("This map has no control wells, so no q: this is the strongest 1 % of each sign.")
            del query["rule"]
            return {"rule": "default"}
        return {"rule": query["rule"]}
    if "rule" in query:
        said.append(f"rule={query.pop('rule')[:20]} is neither cosine nor q: this is the strongest 1 % of each sign.")
    return _percent(of_map, query, said)


def _percent(of_map: str, query: dict[str, str], said: list[str]) -> dict:
    text = query.get("pct", "1")
    if text in PRESETS:
        return {"rule": PRESETS[text]}
    percent = _number(text)
    if percent is None or not 0.1 <= percent <= 5:
        said.append(f"pct={query.pop('pct')[:20]} is not between 0.1 and 5: this is the strongest 1 % of each sign.")
        return {"rule": "default"}
    return {"rule": "custom", "cut": queries.network_cuts(of_map, percent)}


def _cut(text: str) -> list[float] | None:
    parts = [_number(p) for p in text.split(",")]
    if len(parts) != 2 or None in parts or not -1 <= parts[0] <= parts[1] <= 1:
        return None
    return [float(parts[0]), float(parts[1])]


def _number(text: str) -> float | None:
    if not 0 < len(text) <= 12 or not text.isascii() or not set(text) <= set("0123456789.-"):
        return None
    try:
        return float(text)
    except ValueError:
        return None


def _whole(query: dict[str, str], key: str, said: list[str], *, low: int, high: int, default: int) -> int:
    text = query.get(key, str(default))
    value = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else None
    if value is None or not low <= value <= high:
        said.append(f"{key}={query.pop(key)[:20]} is not between {low:,} and {high:,}: this is {default}.")
        return default
    return value


def _added(of_map: str, query: dict[str, str], asked: Asked) -> tuple[str, ...]:
    """The genes nearest to those that `plus` names, or to the whole set, in turn."""
    found: list[str] = []
    for name in query.get("plus", "").split(",")[:MOST_PLUS]:
        here = [*asked.genes, *found]
        if name == "set":
            found += queries.nearest_to_all(of_map, here)
        elif name in here:
            found += queries.nearest_genes(of_map, name, here)
    return tuple(found)
