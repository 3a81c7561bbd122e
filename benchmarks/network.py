"""How long the server takes for a network, and how many bytes it sends: 71 genes (breast carcinoma), 150 and 300.

    python benchmarks/network.py            # the demo map
    python benchmarks/network.py MAP        # another

Columns: the first answer of a process (pairs, p of every pair, groups, order, positions, names of groups, elements), a
moved threshold (the same genes, another rule), the same view again from the cache, and the JSON of the canvas. The
floor is one product of the genes' vectors with each other, without which there is no network at all.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from explorer import atlas, queries
from explorer.atlas import open_atlas
from explorer.components.network_drawn import drawn
from explorer.components.network_view import read_view
from explorer.server import create_app
from explorer.settings import read_settings


def main() -> None:
    """Print the table."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("map", nargs="?", default="demo")
    opened = open_atlas([asked.parse_args().map])
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(opened, settings=read_settings({"KEYHOLE_CACHE": folder}))
        with app.server.app_context():
            key = opened.first
            queries.enrichment(key, genes_of(key, 5))
            print(f"{'genes':>6} {'edges':>6}  first, s  moved, s  again, s  canvas, kB  floor, ms")
            for query, n in views(key):
                line(key, query, n)


def views(key: str) -> list[tuple[dict[str, str], int]]:
    """The breast carcinoma set where it is known, then the first named genes of the map."""
    found = [({"genes": ",".join(genes_of(key, n))}, n) for n in (71, 150, 300)]
    try:
        queries.gene_set(key, "hpo:HP:0003002")
    except Exception:
        return found
    return [({"set": "hpo:HP:0003002"}, 71), *found[1:]]


def genes_of(key: str, n: int) -> list[str]:
    """The first named genes of a map."""
    e = atlas.opened(key).map.entities
    return e.loc[(e["kind"] == "gene") & ~e["blinded"], "slug"].head(n).tolist()


def line(key: str, query: dict[str, str], n: int) -> None:
    """One line of the table."""
    times, elements = [], []
    for view in (query, query | {"pct": "0.1"}, query | {"pct": "0.1"}):
        began = time.perf_counter()
        elements = drawn(read_view(key, view))[0]
        times.append(time.perf_counter() - began)
    elements = drawn(read_view(key, query))[0]
    edges = sum("pair" in e.get("classes", "") and "dotted" not in e["classes"] for e in elements)
    m = atlas.opened(key).map
    rows = np.asarray(m.features[m.gene_rows[:n]], dtype=np.float32)
    began = time.perf_counter()
    rows @ rows.T
    floor = 1000 * (time.perf_counter() - began)
    size = len(json.dumps(elements)) / 1000
    print(
        f"{n:>6} {edges:>6} {times[0]:>9.2f} {times[1]:>9.2f} {times[2]:>9.2f} {size:>11.0f} {floor:>10.2f}", flush=True
    )


if __name__ == "__main__":
    main()
