"""A network on the canvas: Cytoscape elements from a scene. Numbers are written here, the browser only shows them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from explorer.figures import words


def draw_elements(
    scene: Mapping, *, sourced: bool, link: Callable[[str, str], str], called: str = "cosine"
) -> list[dict]:
    """Elements of a canvas in `preset` layout.

    Parameters
    ----------
    scene : mapping
        From `network_scene.scene`.
    sourced : bool
        Whether relationships are loaded; without, nothing is called known or new.
    link : callable
        (kind, slug) to the address of an entity's page, opened by a double click.
    called : str
        What the similarity of the map is called.
    """
    names = {g["slug"]: g for g in scene["genes"]}
    found = [e for s in scene["sectors"] for e in _sector(s)]
    found += [_text(t, i) for i, t in enumerate(scene["texts"])]
    found += [_centre(c) for c in scene["centre"]]
    found += [_gene(g, link) for g in scene["genes"]]
    for c in scene["compounds"]:
        found += _compound(c, link, called=called)
    found += [_spoke(s) for s in scene["spokes"]]
    found += [_edge(e, names, sourced=sourced, dotted=True, called=called) for e in scene["dotted"]]
    found += [_edge(e, names, sourced=sourced, dotted=False, called=called) for e in scene["edges"]]
    found += [_compound_edge(e) for e in scene["links"]]
    return found


def edge_width(cosine: float) -> float:
    """Width of an edge, px: 1 at a cosine of 0, 6 at 1."""
    return round(1 + 5 * min(abs(cosine), 1) ** 1.6, 2)


def known_words(edge: Mapping, *, sourced: bool) -> str:
    """What is known of a pair; a same-arm pair without a link is never called new."""
    if not sourced:
        return "no relationships loaded"
    if edge["relation"]:
        return edge["sources"] if edge["relation"] == "known" else f"{edge['relation']}: {edge['sources']}"
    if not edge["named"]:
        return "blinded: cannot be looked up"
    return "none; arm?" if edge["same_arm"] else "new: in no loaded source"


def _gene(gene: Mapping, link: Callable[[str, str], str]) -> dict:
    state = ["gene", *(name for name in ("blinded", "added", "marked") if gene[name])]
    state += [] if gene["active"] else ["inactive"]
    state += ["radial"] if gene["turn"] is not None else []
    activity = "active" if gene["active"] else "no phenotype: not distinguishable from controls"
    q = "" if gene["q"] is None else f", q {words.q_value(gene['q'])}"
    rows = [["phenotype", activity + q], ["wells", f"{gene['n_wells']:,}"], ["arm", gene["arm"] or "not known"]]
    rows += [["edges shown", str(gene["degree"])]]
    rows += [["added", "nearest, not asked for"]] if gene["added"] else []
    data = {"id": f"g:{gene['slug']}", "label": gene["label"], "kind": "gene", "slug": gene["slug"], "rows": rows}
    data |= {"title": gene["label"], "italic": not gene["blinded"], "href": link("gene", gene["slug"])}
    data |= {k: gene[k] for k in ("turn", "text_x", "text_y") if gene.get(k) is not None}
    return {"data": data, "position": {"x": gene["x"], "y": gene["y"]}, "classes": " ".join(state)}


def _edge(edge: Mapping, names: Mapping, *, sourced: bool, dotted: bool, called: str) -> dict:
    sign = "similar" if edge["cosine"] >= 0 else "opposite"
    one, other = names[edge["a"]], names[edge["b"]]
    state = ["pair", "dotted" if dotted else sign, *(["arm"] if edge["same_arm"] and not dotted else [])]
    state += ["bent"] if edge["bend"] is not None else []
    wells = f", n {one['n_wells']:,} and {other['n_wells']:,} wells"
    rows = [[called, words.cosine(edge["cosine"]) + wells], ["score", f"{words.score(edge['score'])} of all pairs"]]
    rows += [["q", f"{words.q_value(edge['q'])} (matched null)"]] if edge["q"] is not None else []
    rows += [["known", known_words(edge, sourced=sourced)]]
    arms = ", ".join(a or "?" for a in (one["arm"], other["arm"])) if one["arm"] or other["arm"] else ""
    rows += [["same arm", f"{'yes' if edge['same_arm'] else 'no'} ({arms})"]] if arms else []
    said = "known, not recovered" if dotted else sign
    data = {"id": f"{'d' if dotted else 'e'}:{edge['a']}|{edge['b']}", "source": f"g:{edge['a']}"}
    data |= {"target": f"g:{edge['b']}", "kind": "pair", "title": f"{one['label']} and {other['label']}", "said": said}
    data |= {"rows": rows, "width": edge_width(edge["cosine"])}
    data |= {"bend": edge["bend"]} if edge["bend"] is not None else {}
    return {"data": data, "classes": " ".join(state)}


def _compound(compound: Mapping, link: Callable[[str, str], str], *, called: str) -> list[dict]:
    role = compound["role"]
    state = "compound" + (" candidate" if role == "no target on record" else "")
    side = " right" if compound["right"] else " left"
    rows = [["nearest gene", f"{called} {compound['note'].partition(';')[0]}"], ["wells", f"{compound['n_wells']:,}"]]
    rows += (
        [["q", f"{words.q_value(compound['q'])} (strongest of its concentrations)"]]
        if compound["q"] is not None
        else []
    )
    rows += [["targets", ", ".join(compound["targets"][:6]) or "none on record"], ["here as", role]]
    data = {"id": f"c:{compound['slug']}", "label": "", "kind": "compound", "slug": compound["slug"], "rows": rows}
    data |= {"title": compound["label"], "italic": False, "href": link("compound", compound["slug"])}
    x, y = compound["x"], compound["y"]
    shift = 12 if compound["right"] else -12
    return [
        {"data": data, "position": {"x": x, "y": y}, "classes": state},
        _words(f"n:{compound['slug']}", compound["label"], (x + shift, y - 7), "strong" + side),
        _words(f"m:{compound['slug']}", compound["note"], (x + shift, y + 8), "note" + side),
    ]


def _compound_edge(link: Mapping) -> dict:
    sign = "similar" if link["cosine"] >= 0 else "opposite"
    data = {"id": f"l:{link['compound']}", "source": f"c:{link['compound']}", "target": f"g:{link['gene']}"}
    data |= {"kind": "link", "width": edge_width(link["cosine"]) * 0.7}
    return {"data": data, "classes": f"link {sign}"}


def _spoke(spoke: Mapping) -> dict:
    data = {"id": f"s:{spoke['gene']}", "source": "centre", "target": f"g:{spoke['gene']}", "kind": "spoke"}
    if spoke["cosine"] is None:
        return {"data": data | {"width": 1}, "classes": "spoke"}
    sign = "similar" if spoke["cosine"] >= 0 else "opposite"
    return {"data": data | {"width": edge_width(spoke["cosine"]) * 0.7}, "classes": f"link {sign}"}


def _centre(centre: Mapping) -> dict:
    label = centre["label"] + (f"\n{centre['note']}" if centre.get("note") else "")
    data = {"id": "centre", "label": label, "kind": "centre"}
    return {"data": data, "position": {"x": 0, "y": 0}, "classes": f"centre {centre['kind']}"}


def _sector(sector: Mapping) -> list[dict]:
    return [
        _polygon(f"w:{sector['group']}", sector["shade"], "shade"),
        _polygon(f"a:{sector['group']}", sector["line"], "arc"),
    ]


def _polygon(key: str, outline: list, state: str) -> dict:
    """A shape given by its outline: Cytoscape wants points from -1 to 1 within the node's box."""
    points = np.array(outline)
    low, high = points.min(axis=0), points.max(axis=0)
    size, middle = np.maximum(high - low, 0.1), (low + high) / 2
    scaled = 2 * (points - middle) / size
    data = {"id": key, "kind": "decor", "w": round(float(size[0]), 1), "h": round(float(size[1]), 1)}
    data["points"] = " ".join(f"{v:.4f}" for v in np.clip(scaled, -1, 1).ravel())
    return {"data": data, "position": {"x": float(middle[0]), "y": float(middle[1])}, "classes": f"decor {state}"}


def _text(text: Mapping, number: int) -> dict:
    side = {True: "right", False: "left", None: "middle"}[text["right"]]
    state = f"{'strong' if text['strong'] else 'note'} {side}"
    return _words(f"t:{number}", text["text"], (text["x"], text["y"]), state)


def _words(key: str, text: str, at: tuple[float, float], state: str) -> dict:
    data = {"id": key, "label": text, "kind": "decor"}
    return {"data": data, "position": {"x": round(at[0], 1), "y": round(at[1], 1)}, "classes": f"decor words {state}"}
