"""Time of what pages ask about known biology, beside what was promised.

    python benchmarks/biology.py [--relationships WHEEL]

Without the wheel of efaar-benchmarking 1.0 the pairs are random, as many as it holds. Each time is the median of nine,
after one call that is not counted; nothing is cached between calls but the index of all sets, as in a served map.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
import pandas as pd

from explorer.annotations.gene_sets import GeneSet, GeneSetSource, read_complexes
from explorer.annotations.ontology_files import installed_data, open_phenotypes
from explorer.annotations.related import related
from explorer.annotations.relationships import RelationshipSource, read_relationships
from explorer.annotations.set_index import set_index
from explorer.statistics.enrichment import enrichment

GENES, SETS, PAIRS = 18_000, 20_000, 184_428
#: Milliseconds.
PROMISED = {
    "ontology, from its cache": 300,
    "relations of 300 random genes": 50,
    "relations of 300 genes of a few machines": 50,
    "relations of one gene to all": 50,
    "enrichment of 100 genes": 300,
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--relationships", type=Path, metavar="WHEEL")
    wheel = parser.parse_args().relationships
    rng = np.random.default_rng(0)
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        ontology = open_phenotypes(installed_data(), cache=Path(folder))
        print(f"{'ontology, first time (obonet, pandas)':<44}{1e3 * (time.perf_counter() - start):9.1f} ms")
        took = {"ontology, from its cache": median(lambda: open_phenotypes(installed_data(), cache=Path(folder)))}
    sources, complexes = (read_relationships(wheel), read_complexes(wheel)) if wheel else made_up(rng)
    sets = [GeneSetSource("CORUM complexes", "", "", "", complexes)]
    symbols = sorted({s for source in sources for s in source.codes[0]})
    for source in sources:
        _ = source.codes
    some = rng.choice(symbols, 300, replace=False).tolist()
    dense = [s for s in symbols if str(s).startswith(("RPL", "RPS", "PSM", "EIF", "NDUF", "POLR"))][:300] or some
    all_genes = ["PSMB5", *(s for s in symbols if s != "PSMB5")]
    took["relations of 300 random genes"] = median(lambda: related(some, sources, sets))
    took["relations of 300 genes of a few machines"] = median(lambda: related(dense, sources, sets))
    took["relations of one gene to all"] = median(lambda: related(all_genes, sources, sets, across=1))

    universe = sorted({*ontology.members.symbols, *symbols})[:GENES]
    more = random_sets(rng, universe, SETS - len(ontology.abnormalities) - len(complexes))
    start = time.perf_counter()
    index = set_index([*sets, more], ontology, universe)
    print(f"{f'index of {len(index.ids):,} sets over {len(universe):,} genes':<44}{since(start):9.1f} ms")
    chosen = np.isin(np.arange(len(universe)), rng.choice(len(universe), 100, replace=False))
    everywhere = np.ones(len(universe), dtype=bool)
    took["enrichment of 100 genes"] = median(lambda: enrichment(index.members, chosen, everywhere))
    for name, ms in took.items():
        print(f"{name:<44}{ms:9.1f} ms   promised {PROMISED[name]} ms{'' if ms < PROMISED[name] else '   TOO SLOW'}")
    return int(any(ms >= PROMISED[name] for name, ms in took.items()))


def since(start: float) -> float:
    return 1e3 * (time.perf_counter() - start)


def median(ask: Callable[[], object], *, times: int = 9) -> float:
    ask()
    took = []
    for _ in range(times):
        start = time.perf_counter()
        ask()
        took.append(since(start))
    return statistics.median(took)


def made_up(rng: np.random.Generator) -> tuple[list[RelationshipSource], tuple[GeneSet, ...]]:
    """Random pairs and complexes, as many as the wheel has."""
    symbols = np.array([f"GENE{i}" for i in range(13_000)], dtype=object)
    pairs = np.sort(rng.choice(symbols, (PAIRS, 2)).astype(str), axis=1)
    frame = pd.DataFrame(pairs, columns=["a", "b"]).drop_duplicates(ignore_index=True)
    complexes = random_sets(rng, symbols.tolist(), 2_700).sets
    return [RelationshipSource("random", "", part) for part in np.array_split(frame, 5)], complexes


def random_sets(rng: np.random.Generator, symbols: list[str], n: int) -> GeneSetSource:
    """Sets of 5 to 300 genes, small ones more often."""
    sizes = np.exp(rng.uniform(np.log(5), np.log(300), n)).astype(int)
    drawn = (tuple(symbols[i] for i in rng.choice(len(symbols), size, replace=False)) for size in sizes)
    sets = tuple(GeneSet(f"random:{i}", f"set {i}", "random", genes) for i, genes in enumerate(drawn))
    return GeneSetSource("random", "", "", "", sets)


if __name__ == "__main__":
    raise SystemExit(main())
