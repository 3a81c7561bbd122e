"""What was tried to relate better, on a knockout map and on a screen of knockouts and compounds: one line each.

    python benchmarks/relate.py DATA WHEEL

DATA holds `periscope`, `cpjump1_phenotype`, `cpjump1_meta` and `annot`; WHEEL is efaar-benchmarking 1.0. Columns: mean
recall 5/95 over the five sources, that of matched pairs (every gene keeps its number of partners) and the gain; mean
similarity within and between arms; and for A549 and U2OS the z of the compound-to-target signal against shuffled
targets, the mean percentile of the target among the genes, and the mean reciprocal rank of replicate halves. No label
was used but to read the figures.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

import numpy as np

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(REPOSITORY), str(REPOSITORY / "tests" / "real")]

from test_recall_real import pilot  # noqa: E402

from explorer.annotations.arms import arms_of_labels, read_arms  # noqa: E402
from explorer.annotations.relationships import pairs_on_map, read_relationships  # noqa: E402
from explorer.datasets.table import TableOptions, load_table  # noqa: E402
from explorer.maps.aggregation import unit_rows  # noqa: E402
from explorer.maps.choose_relation import Vectors  # noqa: E402
from explorer.maps.relate import fit_relation  # noqa: E402
from explorer.maps.relate_setting import Setting  # noqa: E402
from explorer.statistics.proximity_bias import proximity_bias  # noqa: E402
from explorer.statistics.recall import recall_table  # noqa: E402
from explorer.statistics.retrieval import replicate_retrieval  # noqa: E402

Way = Callable[[Vectors], np.ndarray]

SETTINGS = (
    Setting(),
    Setting(arm_shrinkage=20),
    Setting(centred=True),
    Setting(arm_shrinkage=20, centred=True),
    Setting(whitening=0.25),
    Setting(whitening=1),
    *(Setting(arm_shrinkage=20, whitening=p, centred=True) for p in (0.15, 0.25, 0.35, 0.5)),
    *(Setting(arm_shrinkage=20, whitening=0.25, centred=True, weighting=w) for w in (0.1, 0.25, 1, 4)),
    *(Setting(arm_shrinkage=20, whitening=p, centred=True, weighting=0.25) for p in (0, 0.15, 0.35, 0.5)),
)


def main() -> None:
    """Print the table."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("data", type=Path)
    asked.add_argument("wheel", type=Path)
    given = asked.parse_args()
    knockouts, sources = periscope(given.data, given.wheel)
    pilots = [pilot(given.data, line) for line in ("A549", "U2OS")]
    print(f"{'':52} recall matched  gain  within between |  z    pct   mrr  |  z    pct   mrr")
    for setting in SETTINGS:
        retrieved = [retrieval(vectors, halves, setting) for vectors, _, halves, _ in pilots]
        line(setting.name, lambda v, s=setting: served(v, s), knockouts, sources, pilots, retrieved)
    for name, way in others():
        line(name, way, knockouts, sources, pilots, [np.nan, np.nan])


def periscope(data: Path, wheel: Path) -> tuple[Vectors, dict[str, np.ndarray]]:
    """Vectors of the knockout map, and the pairs of each source on it."""
    options = TableOptions(label="Metadata_Foci_Barcode_MatchedTo_GeneCode", kind_all="gene")
    profiles = load_table([data / "periscope" / "HeLa_HPLM_hit_list_PCA.csv"], options=options)
    genes = profiles.metadata["label"].astype(str).tolist()
    arms = arms_of_labels(genes, read_arms(data / "annot" / "gene_arm.tsv.gz"))
    sources = {s.name: pairs_on_map(s, genes) for s in read_relationships(wheel)}
    return Vectors(profiles.features, np.full(len(genes), "gene"), arms, np.arange(len(genes))), sources


def served(vectors: Vectors, setting: Setting) -> np.ndarray:
    """Rows of a setting; without the arms where none is known."""
    options = asdict(setting) | ({} if (vectors.arms != "").any() else {"arm_shrinkage": None})
    relation = fit_relation(vectors.values, vectors.kinds, vectors.arms, **options)
    return relation.apply(vectors.values, vectors.kinds, vectors.arms)


def others() -> Iterator[tuple[str, Way]]:
    """What is not offered: it did not hold up on both data sets, or gained nothing over a simpler step."""
    best = Setting(arm_shrinkage=20, whitening=0.25, centred=True)
    for power in (-0.25, 0.25, 0.5, 1.0):
        yield f"best x length^{power:g}", lambda v, e=power: served(v, best) * _lengths(v.values) ** e
    for p in (0.2, 0.4):
        yield (
            f"arms, centred, then whitening {p:g}",
            lambda v, p=p: _whiten(served(v, Setting(arm_shrinkage=20, centred=True)), p),
        )
        yield f"best, then whitening {p:g}", lambda v, p=p: _whiten(served(v, best), p)
    yield "best, unit length again", lambda v: unit_rows(served(v, best))
    for k in (3, 30):
        yield f"best + mean of {k} neighbours", lambda v, k=k: _with_neighbours(served(v, best), k)
    yield "best, axes clipped at 2 sd first", lambda v: served(_axes_changed(v, lambda z: np.clip(z, -2, 2)), best)
    yield (
        "best, signed square root of axes first",
        lambda v: served(_axes_changed(v, lambda z: np.sign(z) * np.sqrt(np.abs(z))), best),
    )
    yield (
        "best without the first axis",
        lambda v: served(_axes_changed(v, lambda z: z * (np.arange(z.shape[1]) < z.shape[1] - 1)), best),
    )


def line(name: str, way: Way, knockouts: Vectors, sources: dict, pilots: list, retrieved: list[float]) -> None:
    """One line of the table."""
    rows = way(knockouts).astype(np.float32)
    table = recall_table(rows, sources, draws=5)
    recall, matched = table["recall_05"].mean(), table["matched_05"].mean()
    bias = proximity_bias(rows, knockouts.arms, permutations=0)
    cells = [f"{name:52} {recall:.3f}  {matched:.3f}  {recall - matched:.3f}  {bias.within:6.3f}  {bias.between:6.3f}"]
    for (vectors, _, _, known), mrr in zip(pilots, retrieved, strict=True):
        z, percentile = signal(way(vectors), vectors, known)
        cells.append(f"{z:5.2f}  {percentile:.3f}  {mrr:.3f}")
    print(" | ".join(cells), flush=True)


def signal(rows: np.ndarray, vectors: Vectors, known: np.ndarray) -> tuple[float, float]:
    """z of the mean similarity to the target against shuffled targets, and mean percentile of the target."""
    similarity = (rows[vectors.kinds == "compound"] @ rows[vectors.genes].T)[known[:, 0]]
    at, rng = np.arange(len(known)), np.random.default_rng(0)
    own = similarity[at, known[:, 1]]
    null = np.array([similarity[at, rng.permutation(known[:, 1])].mean() for _ in range(999)])
    return float((own.mean() - null.mean()) / null.std()), float(
        (similarity < own[:, None]).mean() + 0.5 / similarity.shape[1]
    )


def retrieval(vectors: Vectors, halves: list, setting: Setting) -> float:
    """Mean reciprocal rank of replicate halves."""
    options = asdict(setting) | {"arm_shrinkage": None}
    relation = fit_relation(vectors.values, vectors.kinds, vectors.arms, **options)
    found = []
    for a, b in halves:
        usable = np.isfinite(a).all(axis=1) & np.isfinite(b).all(axis=1)
        kinds = vectors.kinds[usable]
        found.append(replicate_retrieval(relation.apply(a[usable], kinds), relation.apply(b[usable], kinds), kinds)[0])
    return float(np.nanmean(np.concatenate(found)))


def _lengths(values: np.ndarray) -> np.ndarray:
    return np.linalg.norm(values, axis=1, keepdims=True)


def _principal(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    variances, axes = np.linalg.eigh(np.cov(values, rowvar=False))
    return np.sqrt(np.maximum(variances, variances.max() * 1e-9)), axes


def _whiten(rows: np.ndarray, power: float) -> np.ndarray:
    sd, axes = _principal(rows)
    return rows @ axes / sd**power


def _axes_changed(vectors: Vectors, change: Callable[[np.ndarray], np.ndarray]) -> Vectors:
    """Vectors in principal axes, in units of sd, changed there, and back."""
    sd, axes = _principal(vectors.values)
    return Vectors(change(vectors.values @ axes / sd) * sd, vectors.kinds, vectors.arms, vectors.genes)


def _with_neighbours(rows: np.ndarray, k: int) -> np.ndarray:
    units = unit_rows(rows)
    similarity = units @ units.T
    np.fill_diagonal(similarity, -2)
    nearest = np.argpartition(-similarity, k, axis=1)[:, :k]
    return units + units[nearest].mean(axis=1) - (units + units[nearest].mean(axis=1)).mean(axis=0)


if __name__ == "__main__":
    main()
