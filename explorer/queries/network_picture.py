"""The neighbourhood of a gene as a small network, for a picture on its page."""

from __future__ import annotations

import numpy as np

from explorer.networks.layout import widened
from explorer.queries.network import network
from explorer.queries.network_genes import neighbourhood

#: Nearest genes and strongest edges; compounds beside them, and the box that the genes are spread over.
PICTURED, PICTURED_EDGES = 12, 30
_COMPOUNDS, _BOX = 3, (400.0, 170.0)


def neighbourhood_picture(of_map: str, gene: str) -> dict:
    """`network` of a gene (its slug) and the `PICTURED` genes nearest to it, spread over a box wider than tall."""
    genes = neighbourhood(of_map, f"gene:{gene}", PICTURED)
    found = network(of_map, genes, layout="force", compounds=_COMPOUNDS, most=PICTURED_EDGES)
    places = widened(np.array([[n["x"], n["y"]] for n in found["nodes"]]), box=_BOX).round(1).tolist()
    return found | {"nodes": [n | {"x": x, "y": y} for n, (x, y) in zip(found["nodes"], places, strict=True)]}
