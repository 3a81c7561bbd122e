"""How good a map is: what `keyhole check` has kept of it, and what is cheap enough to measure when it is asked."""

from __future__ import annotations

import json
import math

import numpy as np
import pandas as pd

from explorer.annotations.relationships import pairs_on_map
from explorer.atlas import opened
from explorer.cache import memoised
from explorer.maps.perturbation_map import CURRENT, PerturbationMap
from explorer.maps.quality import FEWEST_GENES
from explorer.maps.relating import arms_of_rows, named_genes
from explorer.queries.biology import version
from explorer.queries.rows import memo
from explorer.statistics.drug_target import ANCHOR
from explorer.statistics.gene_cosines import gene_cosines
from explorer.statistics.multiple_testing import benjamini_hochberg
from explorer.statistics.proximity_bias import proximity_bias
from explorer.statistics.recall import ANCHORS, recall_table

#: Where the published figures stand, all of RxRx3-core.
ANCHOR_SOURCE = "RxRx3-core, Kraus et al. 2025, doi:10.48550/arXiv.2503.20158"
#: Bins of the histogram that is sent, and pairs of genes below which there is none.
_BINS, _FEWEST_PAIRS = 512, 10
_MOST_BYTES = 5_000_000
#: Random sets of pairs where recall is measured on the spot; `keyhole check` draws up to five times as many.
_DRAWS = 199


def stored_check(of_map: str) -> dict:
    """What `keyhole check` kept beside this build, as plain values; empty where there is none that can be read."""
    m = opened(of_map).map
    file = m.folder.parent / f"check-{m.build}.json"
    try:
        if not (m.folder.parent / CURRENT).is_symlink() or file.stat().st_size > _MOST_BYTES:
            return {}
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return _finite(found) if isinstance(found, dict) and found.get("build") == m.build else {}


@memo
def cosine_histogram(of_map: str) -> dict:
    """All gene-gene similarities as they are served: `counts`, `edges`, `pairs`, `genes` and `cutoffs`.

    `cutoffs` is preset to [low, high], the similarities beyond which 5 %, 1 % and 0.1 % of the pairs lie on each side.
    `counts` is empty with fewer than ten pairs.
    """
    m = opened(of_map).map
    found = gene_cosines(m.features[m.gene_rows])
    if found.pairs < _FEWEST_PAIRS:
        return {"counts": [], "edges": [], "pairs": found.pairs, "genes": len(m.gene_rows), "cutoffs": {}}
    counts, edges = found.histogram(_BINS)
    cutoffs = {name: list(pair) for name, pair in found.cutoffs().presets.items()}
    told = {"counts": counts.tolist(), "edges": edges.tolist(), "pairs": found.pairs, "genes": len(m.gene_rows)}
    return told | {"cutoffs": cutoffs}


@memo
def activity_rates(of_map: str) -> pd.DataFrame:
    """How many perturbations differ from controls, by kind and concentration.

    Columns: `kind`, `concentration` (uM, NaN for genes), `n`, `tested`, `active`, `toxic` (by count of cells; NaN where
    cells were not counted), `wells` (median behind a vector).
    """
    p = opened(of_map).map.perturbations
    groups = p.groupby(["kind", "concentration"], dropna=False, sort=True)
    frame = groups.agg(
        n=("active", "size"),
        tested=("active", "count"),
        active=("active", lambda a: int(a.eq(True).sum())),
        toxic=("toxic", lambda t: float(t.eq(True).sum()) if t.notna().any() else np.nan),
        wells=("n_wells", "median"),
    ).reset_index()
    order = frame["kind"].map({"gene": 0, "compound": 1})
    return frame.iloc[np.lexsort((frame["concentration"], order))].reset_index(drop=True)


@memo
def arm_bias(of_map: str) -> pd.DataFrame:
    """Each chromosome arm with more than 20 pairs of named genes: are pairs on it more alike than others.

    Columns: `way` ("cosine", and "served" where the map is related otherwise), `arm`, `genes`, `pairs`, `within`,
    `between`, `probability` (P(within > between), .5 = none), `p` (Brunner-Munzel, Bonferroni), `q` (of a permutation
    of the arms, Benjamini-Hochberg); and of the whole map, the same in every row, `all_within`, `all_between`, `all_p`
    and `all_genes`. Empty where there is nothing to compare.
    """
    m = opened(of_map).map
    genes = named_genes(m.perturbations, m.entities)
    arms = arms_of_rows(m.perturbations, m.entities)[genes]
    frames = []
    for way, rows in _ways(m).items():
        bias = proximity_bias(np.asarray(rows[genes]), arms, seed=0) if len(genes) else None
        if bias is None:
            continue
        tested = bias.arms[bias.arms["probability"].notna()]
        numbers = {"all_within": bias.within, "all_between": bias.between, "all_p": bias.p}
        numbers["all_genes"] = int((arms != "").sum())
        frames.append(tested.assign(way=way, q=benjamini_hochberg(tested["p_permuted"].to_numpy()), **numbers))
    columns = ["way", "arm", "genes", "pairs", "within", "between", "probability", "p", "q"]
    columns += ["all_within", "all_between", "all_p", "all_genes"]
    return pd.concat(frames, ignore_index=True)[columns] if frames else pd.DataFrame(columns=columns)


def recall(of_map: str) -> dict:
    """Recall of known relationships: what `keyhole check` kept, else of the relationships that are loaded here.

    `genes`; `cosine` and, where the map is related otherwise, `served`: a list of one dict a source (`source`, `pairs`,
    and for each tail `05` and `10`: `recall_`, `random_`, `p_`, `matched_`, `p_matched_`); `stored`, whether it was
    kept; `draws`, random sets behind p, None where that is not kept; `anchors`, `comparable` (those whose null is genes
    only, as here) and `anchor_source`. Empty where no relationship is on the map.
    """
    kept = stored_check(of_map).get("recall")
    found, stored = (kept, True) if _is_recall(kept) else (_measured_recall(of_map), False)
    if not found:
        return {}
    comparable = [who for who in ANCHORS if "compounds in the null" not in who]
    about = {"stored": stored, "draws": None if stored else _DRAWS, "comparable": comparable}
    return {**found, **about, "anchors": ANCHORS, "anchor_source": ANCHOR_SOURCE}


def drug_target_anchor() -> dict:
    """The published drug-target figures, and where they stand."""
    return {"name": "OpenPhenom", **ANCHOR, "source": ANCHOR_SOURCE}


@memo
def batches(of_map: str) -> pd.DataFrame:
    """Experiments with the control wells that were kept of them: `experiment`, `controls`, `plates`, `beside`."""
    controls = opened(of_map).map.controls
    if controls is None or controls.empty:
        return pd.DataFrame(columns=["experiment", "controls", "plates", "beside"])
    groups = controls.groupby(controls["experiment"].astype(object).fillna("not given"), sort=True)
    frame = groups.agg(
        controls=("label", "size"), plates=("plate", "nunique"), gene=("gene", "any"), compound=("compound", "any")
    )
    beside = [
        " and ".join(k for k, on in (("genes", g), ("compounds", c)) if on)
        for g, c in frame[["gene", "compound"]].values
    ]
    frame = frame.reset_index(names="experiment").assign(beside=beside)
    return frame[["experiment", "controls", "plates", "beside"]].sort_values("controls", ignore_index=True)


def alignment_evidence(of_map: str) -> dict:
    """Why an alignment was `chosen`: `why`, and a list `tried` of one dict a method; empty where one was asked for."""
    manifest = opened(of_map).map.manifest
    choice = manifest.get("alignment_choice")
    if not isinstance(choice, dict) or not isinstance(choice.get("tried"), list):
        return {}
    tried = [t for t in choice["tried"] if isinstance(t, dict)]
    return {"why": str(choice.get("why", "")), "chosen": manifest["recipe"]["align"], "tried": tried}


@memoised(version)
def _measured_recall(of_map: str) -> dict:
    m = opened(of_map).map
    genes = named_genes(m.perturbations, m.entities)
    labels = m.perturbations["label"].to_numpy()[genes]
    sources = opened(of_map).biology.relationships
    pairs = {s.name: pairs_on_map(s, labels) for s in sources}
    if len(genes) < FEWEST_GENES or not any(len(p) > 1 for p in pairs.values()):
        return {}
    pairs = {name: p for name, p in pairs.items() if len(p) > 1}
    found = {
        way: _finite(recall_table(np.asarray(rows[genes]), pairs, seed=0, draws=_DRAWS).to_dict("records"))
        for way, rows in _ways(m).items()
    }
    return {"genes": len(genes), **found}


def _ways(m: PerturbationMap) -> dict[str, np.ndarray]:
    """Rows by plain cosine, and as they are served where that is something else."""
    return {"cosine": m.unit_rows} | ({} if m.relation is None else {"served": m.features})


def _is_recall(kept: object) -> bool:
    """Whether a kept recall has the numbers that are shown."""
    needed = {"source", "pairs", "recall_05", "random_05", "p_05"}
    return (
        isinstance(kept, dict)
        and isinstance(kept.get("genes"), int)
        and all(isinstance(kept.get(way, []), list) for way in ("cosine", "served"))
        and bool(kept.get("cosine"))
        and all(isinstance(r, dict) and needed <= r.keys() for way in ("cosine", "served") for r in kept.get(way, []))
    )


def _finite(value: object) -> object:
    """Plain values with None for what is not a number."""
    if isinstance(value, dict):
        return {str(k): _finite(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_finite(v) for v in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
