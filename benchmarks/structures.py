"""Structures of a whole screen: Tanimoto similarity by counting bits, and what is calculated of every compound.

    python benchmarks/structures.py [--smiles TABLE.csv] [--million N]

First one fingerprint against 1,700 and against a million (made by taking bits of real ones), by the function that the
pages use, beside the time that reading the same bytes once takes: the ratio says more than the milliseconds on a busy
machine. Leaves with 1 where 1,700 take 1 ms or a million 0.2 s. Then the processor time of everything that is
calculated of 1,700 compounds: the structures of the demo, or of a table with a column `smiles`, repeated up to 1,700.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
REPOSITORY = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(REPOSITORY)]

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402

from explorer.atlas import open_atlas  # noqa: E402
from explorer.chemistry.alerts import alerts  # noqa: E402
from explorer.chemistry.fingerprints import bit_counts, morgan, tanimoto  # noqa: E402
from explorer.chemistry.matched_pairs import matched_pairs  # noqa: E402
from explorer.chemistry.properties import PROPERTIES, properties  # noqa: E402
from explorer.chemistry.scaffolds import scaffold_of  # noqa: E402
from explorer.chemistry.structures import draw_svg, inchikey, read_smiles  # noqa: E402

COMPOUNDS = 1_700
PROMISED = {COMPOUNDS: 1e-3, 1_000_000: 0.2}


def main() -> int:
    """Print both tables; 1 where a promise is broken."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--smiles", help="a CSV with a column `smiles`; default: the demo map")
    parser.add_argument("--million", type=int, default=1_000_000, help="fingerprints of the large case")
    asked = parser.parse_args()
    smiles = structures(asked.smiles)
    print(f"{len(smiles):,} different structures; load {os.getloadavg()[0]:.1f}")
    broken = search(smiles, asked.million)
    every(smiles)
    return broken


def structures(table: str | None) -> list[str]:
    """Different structures that can be read."""
    found = pd.read_csv(table) if table else open_atlas(["demo"]).maps["demo"].map.entities
    return [s for s in dict.fromkeys(found["smiles"].dropna()) if s and read_smiles(s) is not None]


def search(smiles: Sequence[str], million: int) -> int:
    """One against few and many, beside one reading of the same bytes."""
    real, rng, broken = morgan(smiles), np.random.default_rng(0), 0
    print(
        "| fingerprints | ms | bits of rows known, ms | the same bytes read once, ms | ratio |\n|---|---|---|---|---|"
    )
    for n in (COMPOUNDS, million):
        many = real[rng.integers(0, len(real), n)] & ~(real[rng.integers(0, len(real), n)] << np.uint64(1))
        counts, repeats = bit_counts(many), max(5, 200_000 // n)
        ours, known, floor = fastest(
            (
                lambda many=many: tanimoto(real[0], many),
                lambda many=many, counts=counts: tanimoto(real[0], many, counts=counts),
                lambda many=many: np.bitwise_xor.reduce(many, axis=None),
            ),
            repeats,
        )
        late = known > PROMISED.get(n, 0.2)
        broken |= late
        print(f"| {n:,} | {ours * 1e3:.2f} | {known * 1e3:.2f} | {floor * 1e3:.2f} | {known / floor:.1f} |"
              + ("  <- past the promise" if late else ""))  # fmt: skip
    return int(broken)


def every(smiles: Sequence[str]) -> None:
    """Processor time of what is calculated of 1,700 compounds, none of it from a cache."""
    many = [smiles[i % len(smiles)] for i in range(COMPOUNDS)]
    steps: dict[str, Callable[[], object]] = {
        "read": lambda: [read_smiles(s) for s in many],
        "InChIKeys": lambda: [inchikey(s) for s in many],
        "Morgan fingerprints": lambda: morgan(many),
        "alerts of three lists": lambda: [alerts(s) for s in many],
        "Murcko scaffolds, plain and generic": lambda: [scaffold_of(s) for s in many],
        **{p.label: lambda p=p: [p.compute(read_smiles(s)) for s in many] for p in PROPERTIES},
        "all properties": lambda: [properties(s) for s in many],
        "drawings (SVG, 230 x 180)": lambda: [draw_svg(s, width=230, height=180, dark=False) for s in many],
        "matched pairs": lambda: matched_pairs(smiles),
    }
    properties(many[0]), alerts(many[0])
    print(f"\n| of {COMPOUNDS:,} compounds | processor, s | clock, s |\n|---|---|---|")
    for name, step in steps.items():
        if name == "read":
            read_smiles.cache_clear()
            read = [read_smiles.__wrapped__ for _ in many]
            step = lambda read=read: [one(s) for one, s in zip(read, many, strict=True)]  # noqa: E731
        clock, used = time.perf_counter(), time.process_time()
        step()
        of = f" ({len(smiles)} different)" if name == "matched pairs" else ""
        print(f"| {name}{of} | {time.process_time() - used:.2f} | {time.perf_counter() - clock:.2f} |")


def fastest(steps: Sequence[Callable[[], object]], repeats: int) -> list[float]:
    """The shortest time of each, taken in turn so that all see the same load."""
    best = [float("inf")] * len(steps)
    for _ in range(repeats):
        for i, step in enumerate(steps):
            started = time.perf_counter()
            step()
            best[i] = min(best[i], time.perf_counter() - started)
    return best


if __name__ == "__main__":
    sys.exit(main())
