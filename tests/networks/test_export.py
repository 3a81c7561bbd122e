"""Files parse back to the same nodes and edges, and a spreadsheet runs nothing."""

from __future__ import annotations

import csv
import io
import json

import networkx as nx

from explorer.networks.export import EDGE_COLUMNS, cyjs, edge_csv, graphml

NODES = [{"id": "=A<1>", "label": "=A<1>", "x": 1.0, "y": -2.0, "active": True}, {"id": "B", "label": "B", "arm": None}]
EDGES = [{"source": "=A<1>", "target": "B", "kind": "similar", "cosine": 0.5, "q": None, "sources": "X & Y\x07"}]
ABOUT = {"title": "t & <u>", "build": "abc", "simulated": "Simulated demo map: not experimental data"}


def test_graphml_parses_back():
    """Nodes, edges, numbers and provenance survive."""
    graph = nx.parse_graphml(graphml(NODES, EDGES, about=ABOUT))
    assert set(graph.nodes) == {"=A<1>", "B"}
    ((_, _, edge),) = graph.edges(data=True)
    assert edge["cosine"] == 0.5
    assert "q" not in edge
    assert graph.graph["simulated"].startswith("Simulated")


def test_cyjs_parses_back():
    """Elements with positions, as Cytoscape reads them."""
    content = json.loads(cyjs(NODES, EDGES, about=ABOUT))
    assert content["elements"]["nodes"][0]["position"] == {"x": 1.0, "y": -2.0}
    assert "position" not in content["elements"]["nodes"][1]
    assert content["elements"]["edges"][0]["data"]["source"] == "=A<1>"
    assert content["data"]["build"] == "abc"


def test_csv_parses_back_and_runs_nothing():
    """Provenance behind #, one row an edge, and no cell begins with =."""
    lines = edge_csv(EDGES, about=ABOUT).splitlines()
    head = [line for line in lines if line.startswith("#")]
    assert len(head) == len(ABOUT)
    (row,) = csv.DictReader(io.StringIO("\n".join(lines[len(head) :])))
    assert tuple(row) == EDGE_COLUMNS
    assert (row["source"], row["cosine"], row["q"]) == ("'=A<1>", "0.5", "")
