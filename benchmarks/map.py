"""The map page at scale: 17,000 genes as a heatmap and 30,000 points as a picture, simulated; one line a measurement.

    python benchmarks/map.py                       # orders, windows, pictures, bytes, memory
    python benchmarks/map.py --browser             # and from click to painted, in headless Chromium

Each time stands beside what nothing can be faster than: one matrix product of the same pairs by the same BLAS. The
vectors are modules of genes in noise; nothing of a real screen is in them. Linux only (peak memory is `ru_maxrss`).
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(REPOSITORY), str(REPOSITORY / "benchmarks")]

from explorer.figures.map_scale import kind_scale  # noqa: E402
from explorer.figures.map_scatter import draw_map  # noqa: E402
from explorer.figures.png import heat_png, limit_for  # noqa: E402
from explorer.maps.block_means import edges, prefix_sums, window  # noqa: E402
from explorer.maps.cluster_order import cluster_order  # noqa: E402
from explorer.maps.map_folder import publish, save_map  # noqa: E402
from explorer.maps.neighbour_embedding import kept_neighbours, neighbour_embedding  # noqa: E402
from explorer.maps.projection import Projection, principal_components  # noqa: E402

DIMENSIONS, SIDE = 128, 800


def main() -> None:
    """Print the table."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--genes", type=int, default=17_000)
    asked.add_argument("--points", type=int, default=30_000)
    asked.add_argument("--browser", action="store_true", help="needs playwright and Chromium")
    given = asked.parse_args()
    units = modules(given.points)
    orders = heatmap(units[: given.genes])
    projection = picture(units, given.genes, orders)
    print(f"{'peak memory of all of the above':58} {peak():8.0f} MB")
    if given.browser:
        from map_browser import paint

        with tempfile.TemporaryDirectory() as folder:
            paint(save(Path(folder), units, given.genes, projection))


def modules(n: int, *, seed: int = 0) -> np.ndarray:
    """Unit rows: a third in 600 modules of 25 pathways, the others noise."""
    rng = np.random.default_rng(seed)
    pathways = rng.normal(size=(25, DIMENSIONS))
    centres = pathways[rng.integers(25, size=600)] * 0.8 + rng.normal(size=(600, DIMENSIONS))
    rows = rng.normal(size=(n, DIMENSIONS))
    active = rng.random(n) < 0.35
    rows[active] += 1.6 * centres[rng.integers(600, size=n)][active]
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def heatmap(units: np.ndarray) -> dict:
    """Order and windows of all pairs."""
    n = len(units)
    all_pairs, _ = timed(lambda: products(units))
    line(f"all {n:,}² cosines, product alone", all_pairs)
    seconds, found = timed(lambda: cluster_order(units))
    ordered = units[found.order]
    adjacent = float((ordered[1:] * ordered[:-1]).sum(axis=1).mean())
    line(f"cluster order of {n:,} (adjacent cosine {adjacent:.2f})", seconds, all_pairs)
    seconds, prefix = timed(lambda: prefix_sums(units, found.order))
    line(f"prefix sums, {prefix.sums.nbytes / 1e6:.0f} MB", seconds)
    for first, last in ((0, n), (0, n // 2), (n // 3, n // 3 + 2000), (n // 2, n // 2 + SIDE), (100, 150)):
        at = edges(first, last, SIDE)
        pixels = len(at) - 1
        limit, _ = timed(lambda p=pixels: units[:p] @ units[:p].T, repeat=7)
        seconds, values = timed(lambda e=at: window(prefix, e, e), repeat=7)
        drawing, uri = timed(lambda v=values: heat_png(v, limit=limit_for(v), dark=False), repeat=3)
        line(f"window of {last - first:,}² in {pixels}² px", seconds, limit)
        print(f"{'  as PNG':58} {drawing * 1e3:8.1f} ms, {len(uri) / 1e3:.0f} kB")
    return {"gene": found}


def picture(units: np.ndarray, genes: int, orders: dict) -> Projection:
    """Both pictures and the bytes that are sent."""
    n = len(units)
    all_pairs, _ = timed(lambda: products(units))
    line(f"all {n:,}² cosines, product alone", all_pairs)
    seconds, (pca, explained) = timed(lambda: principal_components(units))
    line("principal components", seconds)
    seconds, near = timed(lambda: neighbour_embedding(units, pca))
    line("neighbour embedding, exact neighbours included", seconds, all_pairs)
    kept = {"neighbours": kept_neighbours(units, near), "pca": kept_neighbours(units, pca)}
    print(f"{'  of 15 neighbours kept: embedding, components':58} {kept['neighbours']:8.2f}, {kept['pca']:.2f}")
    kinds = np.where(np.arange(n) < genes, "gene", "compound")
    points = pd.DataFrame({"kind": kinds, "blinded": False, "shown": True, "entity": "", "concentration": np.nan})
    places = pd.DataFrame(near, columns=["x", "y"])
    look = {"found": [], "axes": ("", ""), "about": "", "dark": False, "gl": True}
    seconds, sent = timed(lambda: draw_map(points, places, kind_scale(), **look).to_json())
    limit = 2 * 4 * n * 4 / 3
    line(f"figure of {n:,} points, {len(sent) / 1e3:.0f} kB (coordinates alone {limit / 1e3:.0f} kB)", seconds)
    orders = orders | {"compound": cluster_order(units[genes:])}
    return Projection({"neighbours": near, "pca": pca}, kept, explained, 0, orders)


def save(root: Path, units: np.ndarray, genes: int, projection: Projection) -> Path:
    """The simulated map as a folder that the app opens."""
    n, rng = len(units), np.random.default_rng(1)
    kind = np.where(np.arange(n) < genes, "gene", "compound")
    label = [f"SIM{i:05d}" if k == "gene" else f"sim-{(i - genes) // 8}" for i, k in enumerate(kind)]
    entity = [f"{k}:{x.lower()}" if k == "compound" else f"gene:{x}" for k, x in zip(kind, label, strict=True)]
    concentration = np.where(kind == "gene", np.nan, 10.0 ** ((np.arange(n) - genes) % 8 - 4))
    ids = [e if np.isnan(c) else f"{e}@{c:g}" for e, c in zip(entity, concentration, strict=True)]
    nothing = {"consistency": np.nan, "p": np.nan, "q": np.nan, "relative_count": np.nan, "active": None, "toxic": None}
    rows = pd.DataFrame({"perturbation": ids, "entity": entity, "label": label, "kind": kind}).assign(
        concentration=concentration, n_wells=1, magnitude=1.0, **nothing
    )
    one = rows.drop_duplicates("entity")[["entity", "label", "kind"]].reset_index(drop=True)
    arms = np.array([f"{c}{a}" for c in range(1, 23) for a in "pq"])[rng.integers(44, size=len(one))]
    entities = one.assign(
        slug=one["entity"].str.partition(":")[2], blinded=False, inchikey=None, identifier=None, smiles=None,
        name="", mechanism="", synonyms=[[] for _ in range(len(one))], targets=[[] for _ in range(len(one))],
        arm=np.where(one["kind"] == "gene", arms, None),
    )  # fmt: skip
    manifest = {
        "name": "Simulated benchmark", "dataset": "simulated", "licence": "", "citation": "", "simulated": True,
        "recipe": {"align": "none", "aggregate": "mean", "by_guide": False, "seed": 0, "null_draws": 100},
        "dimensions": DIMENSIONS, "control_wells_used": 0, "spread": {}, "wells": n, "controls": {}, "experiments": 1,
        "plates": 1, "source": {"files": [], "rows": n, "dropped": {}, "notes": []}, "created": "", "versions": {},
    }  # fmt: skip
    parts = {"manifest": manifest, "features": units, "perturbations": rows, "entities": entities}
    return publish(root, save_map(root, **parts, projection=projection))


def products(units: np.ndarray) -> None:
    """Every cosine once, in blocks, each looked at and thrown away."""
    for start in range(0, len(units), 512):
        units[start : start + 512] @ units.T


def timed(work: Callable[[], object], *, repeat: int = 1) -> tuple[float, object]:
    """The shortest of some runs, in seconds, and the answer."""
    best = np.inf
    for _ in range(repeat):
        started = time.perf_counter()
        answer = work()
        best = min(best, time.perf_counter() - started)
    return best, answer


def line(what: str, seconds: float, limit: float | None = None) -> None:
    """One measurement, beside the product of the same pairs where there is one."""
    text = f"{seconds:8.2f} s " if seconds >= 1 else f"{seconds * 1e3:8.1f} ms"
    print(f"{what:58} {text}" + (f"  {seconds / limit:5.1f} x the product" if limit else ""), flush=True)


def peak() -> float:
    """Largest resident memory so far, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
