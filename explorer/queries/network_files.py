"""A network for other programs: nodes and edges with everything that is known of them, and where it comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from explorer.atlas import opened
from explorer.networks.export import cyjs, edge_csv, graphml

FORMATS = {"graphml": graphml, "cyjs": cyjs}
_DIGITS = 5


def network_file(of_map: str, network: Mapping, kind: str, *, title: str, rule: str, added: Sequence[str] = ()) -> str:
    """A shown network as GraphML, Cytoscape JSON or CSV text.

    Parameters
    ----------
    network : mapping
        The answer of `network`.
    kind : {"graphml", "cyjs", "csv"}
    title, rule : str
        What it is of, and what was shown, in words.
    added : sequence of str
        Slugs that were not asked for.
    """
    about = network_about(of_map, title=title) | {"shown": rule}
    label = {n["slug"]: n["label"] for n in network["nodes"]}
    edges = [_edge(e, label) for e in reversed(network["edges"])] + [_link(c, label) for c in network["compounds"]]
    if kind == "csv":
        return edge_csv(edges, about=about)
    nodes = [_node(n, added) for n in network["nodes"]] + [_compound(c) for c in network["compounds"]]
    return FORMATS[kind](nodes, edges, about=about)


def network_about(of_map: str, *, title: str) -> dict[str, object]:
    """Provenance that every file and printed figure carries."""
    m = opened(of_map).map
    about: dict[str, object] = {"title": title, "map": m.name, "build": m.build, "made_by": "Keyhole"}
    about |= {"alignment": m.manifest["recipe"]["align"], "relate": m.manifest["recipe"].get("relate", "cosine")}
    about |= {"citation": m.manifest["citation"]} if m.manifest.get("citation") else {}
    about |= {"licence": m.manifest["licence"]} if m.manifest.get("licence") else {}
    return about | ({"simulated": "Simulated demo map: not experimental data"} if m.simulated else {})


def _node(node: Mapping, added: Sequence[str]) -> dict:
    kept = {k: node[k] for k in ("label", "blinded", "active", "arm", "n_wells", "degree", "x", "y")}
    group = None if node["group"] < 0 else int(node["group"])
    return {"id": node["label"], "kind": "gene", "group": group, "added": node["slug"] in added} | kept


def _compound(compound: Mapping) -> dict:
    kept = {"id": compound["label"], "label": compound["label"], "kind": "compound", "role": compound["role"]}
    return kept | {"targets": ", ".join(compound["targets"])}


def _edge(edge: Mapping, label: Mapping[str, str]) -> dict:
    kept = {k: _rounded(edge[k]) for k in ("cosine", "score", "p", "q")}
    kind = "similar" if edge["cosine"] >= 0 else "opposite"
    about = {"kind": kind, "top_percent": _rounded(edge["top"]), "same_arm": edge["same_arm"]}
    told = {"relation": edge["relation"] or None, "sources": edge["sources"] or None}
    return {"source": label[edge["a"]], "target": label[edge["b"]]} | about | kept | told


def _link(compound: Mapping, label: Mapping[str, str]) -> dict:
    kept = {k: _rounded(compound[k]) for k in ("cosine", "p", "q")}
    kind = "compound, " + ("similar" if compound["cosine"] >= 0 else "opposite")
    ends = {"source": compound["label"], "target": label[compound["gene"]], "kind": kind}
    return ends | kept | {"concentration": compound["concentration"], "relation": compound["role"]}


def _rounded(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.{_DIGITS}g}")
