"""The canvas's stylesheet, made from the theme's colours."""

from __future__ import annotations

from urllib.parse import quote

from explorer.figures.theme import FONT, color

_FAMILY = FONT.replace('"', "")
_LOCK = (
    "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16' width='32' height='32'>"
    "<path fill='none' stroke='TONE' stroke-width='1.6' d='M6 7.4V6a2 2 0 0 1 4 0v1.4'/>"
    "<rect fill='TONE' x='4.6' y='7.2' width='6.8' height='5' rx='1'/></svg>"
)


def stylesheet(*, dark: bool) -> list[dict]:
    """Cytoscape style of genes, compounds, edges, arcs and their states in one theme."""

    def tone(name: str) -> str:
        return color(name, dark=dark)

    return [*_nodes(tone), *_decor(tone), *_edges(tone), *_states(tone)]


def _nodes(tone: object) -> list[dict]:
    text = {"font-family": _FAMILY, "font-size": 12, "color": tone("ink"), "min-zoomed-font-size": 5}
    every = {"label": "data(label)", "border-width": 0, "overlay-opacity": 0, "z-index": 5, "z-index-compare": "manual"}
    return [_rule("node", text | every), *_genes(tone), *_kinds_of_genes(tone), *_compounds(tone), *_centre(tone)]


def _genes(tone: object) -> list[dict]:
    """A gene with its name below it, or turned outward on a ring."""
    return [
        _rule(
            "node.gene",
            {
                "width": 12,
                "height": 12,
                "background-color": tone("gene"),
                "font-style": "italic",
                "text-valign": "bottom",
                "text-margin-y": 2,
                **_ground(tone, 0.72),
            },
        ),
        _rule(
            "node.radial",
            {
                "text-valign": "center",
                "text-halign": "center",
                "text-background-opacity": 0,
                "text-rotation": "data(turn)",
                "text-margin-x": "data(text_x)",
                "text-margin-y": "data(text_y)",
            },
        ),
    ]


def _kinds_of_genes(tone: object) -> list[dict]:
    """Genes without a phenotype, without a name, added, and asked for."""
    return [
        _rule("node.inactive", {"width": 8, "height": 8, "background-color": tone("faint"), "color": tone("muted")}),
        _rule(
            "node.blinded",
            {
                "background-color": tone("surface"),
                "border-width": 1.6,
                "border-color": tone("blinded"),
                "font-style": "normal",
                "color": tone("muted"),
                "width": 13,
                "height": 13,
                "background-fit": "contain",
                "background-image": "data:image/svg+xml;utf8," + quote(_LOCK.replace("TONE", tone("blinded")), safe=""),
            },
        ),
        _rule(
            "node.added",
            {"border-width": 2, "border-style": "double", "border-color": tone("new"), "width": 14, "height": 14},
        ),
        _rule(
            "node.marked",
            {"border-width": 2.4, "border-color": tone("ink"), "width": 15, "height": 15, "font-weight": 700},
        ),
    ]


def _compounds(tone: object) -> list[dict]:
    """Compounds; hollow without a target on record."""
    return [
        _rule(
            "node.compound",
            {
                "shape": "diamond",
                "width": 16,
                "height": 16,
                "background-color": tone("compound"),
                "border-width": 1.2,
                "border-color": tone("compound-edge"),
            },
        ),
        _rule(
            "node.candidate", {"background-color": tone("surface"), "border-width": 2, "border-color": tone("compound")}
        ),
    ]


def _centre(tone: object) -> list[dict]:
    """The set, or the compound, that a neighbourhood is around."""
    return [
        _rule(
            "node.centre",
            {
                "width": 94,
                "height": 94,
                "background-color": tone("surface"),
                "border-width": 2.4,
                "font-weight": 600,
                "border-color": tone("set"),
                "text-valign": "center",
                "text-wrap": "wrap",
                "text-max-width": 84,
                "font-size": 12,
                "z-index": 4,
            },
        ),
        _rule(
            "node.centre.compound", {"shape": "diamond", "border-color": tone("compound"), "width": 112, "height": 112}
        ),
    ]


def _decor(tone: object) -> list[dict]:
    return [
        _rule("node.decor", {"events": "no", "z-index": 0, "background-opacity": 0, "width": 1, "height": 1}),
        _rule(
            "node.shade, node.arc",
            {
                "shape": "polygon",
                "shape-polygon-points": "data(points)",
                "width": "data(w)",
                "height": "data(h)",
                "background-opacity": 1,
                "background-color": tone("sector"),
                "label": "",
                "z-index": 0,
            },
        ),
        _rule("node.arc", {"background-color": tone("ink"), "z-index": 1}),
        _rule("node.words", {"text-valign": "center", "z-index": 6, "font-size": 12, **_ground(tone, 0.72)}),
        _rule("node.strong", {"font-weight": 700, "font-size": 13}),
        _rule("node.note", {"color": tone("muted"), "font-size": 11}),
        _rule("node.right", {"text-halign": "right"}),
        _rule("node.left", {"text-halign": "left"}),
        _rule("node.middle", {"text-halign": "center"}),
    ]


def _edges(tone: object) -> list[dict]:
    return [
        _rule(
            "edge",
            {
                "width": "data(width)",
                "curve-style": "haystack",
                "haystack-radius": 0,
                "opacity": 0.85,
                "overlay-opacity": 0,
                "z-index-compare": "manual",
                "line-color": tone("map-edge-similar"),
                "z-index": 3,
            },
        ),
        _rule(
            "edge.opposite",
            {"line-color": tone("map-edge-opposite"), "line-style": "dashed", "line-dash-pattern": [6, 4]},
        ),
        _rule(
            "edge.bent",
            {
                "curve-style": "unbundled-bezier",
                "control-point-distances": "data(bend)",
                "control-point-weights": 0.5,
                "edge-distances": "node-position",
            },
        ),
        _rule(
            "edge.arm",
            {
                "line-opacity": 0.35,
                "mid-target-arrow-shape": "tee",
                "mid-target-arrow-color": tone("caution"),
                "arrow-scale": 0.9,
            },
        ),
        _rule(
            "edge.dotted",
            {
                "line-color": tone("known"),
                "line-style": "dotted",
                "width": 1,
                "opacity": 0.42,
                "z-index": 2,
            },
        ),
        _rule("edge.spoke", {"line-color": tone("set"), "opacity": 0.38, "z-index": 1, "events": "no"}),
        _rule("edge.link", {"curve-style": "haystack", "opacity": 0.8}),
    ]


def _states(tone: object) -> list[dict]:
    ring = {"border-width": 3, "border-color": tone("ink"), "border-style": "solid", "font-weight": 700}
    return [
        _rule(".k-quiet", {"opacity": 0.14}),
        _rule("edge.k-over", {"opacity": 1, "line-color": tone("gene-text"), "z-index": 4}),
        _rule("edge.opposite.k-over", {"line-color": tone("map-edge-opposite-text")}),
        _rule("edge.dotted.k-over", {"line-color": tone("known"), "width": 1.4, "opacity": 0.8, "z-index": 3}),
        _rule("node.k-over", {**ring, "z-index": 9}),
        _rule("node.k-chosen", {**ring, "z-index": 9, "color": tone("ink")}),
        _rule("edge.k-chosen", {"opacity": 1, "z-index": 4}),
    ]


def _ground(tone: object, opacity: float) -> dict:
    """A veil behind words, so that lines that pass under them do not cut them."""
    return {"text-background-color": tone("surface"), "text-background-opacity": opacity, "text-background-padding": 1}


def _rule(selector: str, style: dict) -> dict:
    return {"selector": selector, "style": style}
