"""Files of a network for other programs: GraphML and Cytoscape's .cyjs, and rows for a table."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence

import networkx as nx

EDGE_COLUMNS = (
    *("source", "target", "kind", "cosine", "score", "top_percent", "p", "q", "same_arm"),
    *("relation", "sources", "concentration"),
)


def graphml(nodes: Sequence[Mapping], edges: Sequence[Mapping], *, about: Mapping[str, object]) -> str:
    """GraphML text; nodes and edges carry every attribute, the graph its provenance.

    Parameters
    ----------
    nodes, edges : sequences of mappings
        Nodes with `id`; edges with `source` and `target`. Values None are left out.
    about : mapping
        Provenance, written as attributes of the graph.
    """
    graph = nx.MultiGraph(**{k: _plain(v) for k, v in about.items()})
    for node in nodes:
        graph.add_node(node["id"], **{k: _plain(v) for k, v in node.items() if k != "id" and v is not None})
    for edge in edges:
        kept = {k: _plain(v) for k, v in edge.items() if k not in ("source", "target") and v is not None}
        graph.add_edge(edge["source"], edge["target"], **kept)
    return "\n".join(nx.generate_graphml(graph)) + "\n"


def cyjs(nodes: Sequence[Mapping], edges: Sequence[Mapping], *, about: Mapping[str, object]) -> str:
    """Cytoscape.js JSON, which Cytoscape reads as .cyjs; positions from `x` and `y` where a node has them."""
    content = {
        "format_version": "1.0",
        "generated_by": "Keyhole",
        "data": dict(about),
        "elements": {
            "nodes": [
                {"data": {**n, "name": n["label"]}}
                | ({"position": {"x": n["x"], "y": n["y"]}} if n.get("x") is not None else {})
                for n in nodes
            ],
            "edges": [{"data": {"id": f"e{i}", **e}} for i, e in enumerate(edges)],
        },
    }
    return json.dumps(content, ensure_ascii=False, allow_nan=False)


def edge_csv(edges: Sequence[Mapping], *, about: Mapping[str, object]) -> str:
    """Edges as CSV, the provenance in front behind #; a text that a spreadsheet would run is quoted."""
    out = io.StringIO()
    out.writelines(f"# {k}: {' '.join(str(v).split())}\r\n" for k, v in about.items())
    writer = csv.writer(out)
    writer.writerow(EDGE_COLUMNS)
    for edge in edges:
        writer.writerow(_cell(edge.get(c)) for c in EDGE_COLUMNS)
    return out.getvalue()


def _plain(value: object) -> object:
    if isinstance(value, bool | int | float):
        return value
    return "".join(c for c in str(value) if c.isprintable())


def _cell(value: object) -> object:
    if isinstance(value, str) and value[:1] in {"=", "+", "-", "@", "\t", "\r"}:
        return "'" + value
    return "" if value is None else value
