"""What is in a map, what it lacks, and where to start on it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from explorer.atlas import opened
from explorer.queries.annotation_sources import annotation_sources
from explorer.queries.biology import index_sets, known_sources
from explorer.queries.grounds import grounds
from explorer.queries.nulls import draw_nulls
from explorer.queries.rows import is_tested, memo, reliable_rows
from explorer.queries.searching import suggest


@memo
def summary(of_map: str) -> dict:
    """What is in a map: counts, concentrations, share active, and what is absent, each with its reason."""
    m = opened(of_map).map
    genes = m.entities[m.entities["kind"] == "gene"]
    compounds = m.entities[m.entities["kind"] == "compound"]
    tested, pooled = m.perturbations["active"].notna(), m.entities["pooled_active"]
    share = {}
    for kind in ("gene", "compound"):
        of_kind = m.perturbations[(m.perturbations["kind"] == kind) & tested]
        share[kind] = {"n": len(of_kind), "active": int(of_kind["active"].astype(bool).sum())}
    return {
        "genes": len(genes),
        "blinded": int(genes["blinded"].sum()),
        "compounds": len(compounds),
        "structures": int(compounds["inchikey"].notna().sum()),
        "concentrations": list(m.concentrations),
        "perturbations": len(m.perturbations),
        "vectors": {k: int((m.perturbations["kind"] == k).sum()) for k in ("gene", "compound")},
        "wells_per_vector": {
            k: float(m.perturbations.loc[m.perturbations["kind"] == k, "n_wells"].median()) if n else 0.0
            for k, n in (("gene", len(genes)), ("compound", len(compounds)))
        },
        "activity": share,
        "pooled": {"n": int(pooled.notna().sum()), "active": int(pooled.eq(True).sum())},
        "absent": absences(of_map),
    }


def prepare(of_map: str) -> None:
    """Make what the first visitor would wait for: nulls, indices of names and sets, fingerprints, cut-offs."""
    open_map = opened(of_map)
    draw_nulls(of_map)
    index_sets(of_map)
    suggest(of_map, "warm")
    for lazy in (
        open_map.learned.tables,
        open_map.fingerprints,
        open_map.entity_of_row,
        open_map.map.rows_of_entity,
        open_map.map.row_of,
    ):
        len(lazy)
    grounds(of_map)
    known_sources(of_map)
    annotation_sources(of_map)
    summary(of_map)


@memo
def has(of_map: str) -> dict:
    """Which things a map has, for pages that leave out what it lacks."""
    m = opened(of_map).map
    return {
        "genes": bool(len(m.gene_rows)),
        "compounds": bool(len(m.compound_rows)),
        "concentrations": len(m.concentrations) > 1,
        "controls": m.manifest["control_wells_used"] > 0,
        "replicates": bool((m.perturbations["n_wells"] > 1).any()),
        "arms": bool(m.entities["arm"].notna().any()),
        "structures": bool(m.entities["inchikey"].notna().any()),
    }


def null_of(of_map: str) -> dict:
    """What activity was tested against: how many control wells, and how many draws of them."""
    manifest = opened(of_map).map.manifest
    return {"controls": manifest["control_wells_used"], "draws": manifest["recipe"]["null_draws"]}


def compound_rule(of_map: str) -> str:
    """How one point is chosen for each compound of a list, as the end of a sentence."""
    given = has(of_map)
    if not given["concentrations"]:
        return (
            "; the data set has one concentration." if not given["controls"] else "; those not active follow in grey."
        )
    if not given["controls"]:
        return ", each at its strongest concentration."
    return ", each at its strongest active, non-toxic concentration; those without one follow in grey."


def absences(of_map: str) -> list[str]:
    """What this map does not have, and what is therefore not shown, one sentence each."""
    m = opened(of_map).map
    kinds = set(m.entities["kind"])
    compounds = m.entities[m.entities["kind"] == "compound"]
    found = []
    if "gene" not in kinds:
        found.append("No gene knockouts: compounds are compared with each other only.")
    if "compound" not in kinds:
        found.append("No compounds: no structures, curves or compound neighbours.")
    elif not m.concentrations:
        found.append("No concentrations: similarity by concentration is not shown.")
    if m.manifest["control_wells_used"] == 0:
        found.append("No control wells: activity cannot be tested, so no neighbour is marked as reliable.")
    elif not is_tested(opened(of_map)):
        found.append("No replicate wells: activity cannot be tested.")
    if len(compounds) and not compounds["inchikey"].notna().any():
        found.append("No structures: drawings, properties and Tanimoto similarity are not shown.")
    return found


@memo
def strongest_pairs(of_map: str, kind: str, most: int = 8) -> pd.DataFrame:
    """Pairs of a kind, each the nearest of the other, strongest similarity first, each entity once.

    Looked at are reliable perturbations of named entities: active and not toxic by count, or all where activity is not
    tested. Columns: `a`, `a_label`, `a_concentration`, `b`, `b_label`, `b_concentration`, `cosine`.
    """
    open_map = opened(of_map)
    m = open_map.map
    rows = m.gene_rows if kind == "gene" else m.compound_rows
    p = m.perturbations.iloc[rows]
    who = np.array([open_map.entity_rows[e] for e in p["entity"]], dtype=int)
    keep = ~m.entities["blinded"].to_numpy(dtype=bool)[who] & reliable_rows(open_map)[rows]
    rows, p, who = rows[keep], p[keep], who[keep]
    if len(np.unique(who)) < 2:
        return pd.DataFrame(columns=[*_pair(p.iloc[:0], "a"), *_pair(p.iloc[:0], "b"), "cosine"])
    nearest, cosine = _nearest_rows(np.asarray(m.features[rows]), who)
    here = np.arange(len(rows))
    first = np.flatnonzero((nearest[nearest] == here) & (here < nearest))
    first = first[np.argsort(-cosine[first], kind="stable")]
    _, distinct = np.unique(who[first], return_index=True)
    first = first[np.sort(distinct)][:most]
    return pd.DataFrame(_pair(p.iloc[first], "a") | _pair(p.iloc[nearest[first]], "b") | {"cosine": cosine[first]})


def _pair(side: pd.DataFrame, name: str) -> dict[str, np.ndarray]:
    """One side of a pair as columns."""
    slugs = side["entity"].str.partition(":")[2] if len(side) else side["entity"]
    return {
        name: slugs.to_numpy(),
        f"{name}_label": side["label"].to_numpy(),
        f"{name}_concentration": side["concentration"].to_numpy(),
    }


@memo
def on_target(of_map: str) -> pd.DataFrame:
    """Compounds with an annotated target on the map, each at its strongest reliable point, strongest similarity first.

    Columns: `slug`, `label`, `gene`, `gene_label`, `concentration`, `cosine`. Reliable: active and not toxic by count.
    """
    open_map = opened(of_map)
    m = open_map.map
    gene_of = dict(zip(m.perturbations["label"].iloc[m.gene_rows], m.gene_rows, strict=True))
    reliable = reliable_rows(open_map)
    found = []
    for e in m.entities[m.entities["kind"] == "compound"].itertuples():
        genes = [gene_of[t] for t in e.targets if t in gene_of]
        rows = m.rows_of_entity[e.entity]
        rows = rows[reliable[rows]]
        if not genes or not len(rows):
            continue
        s = np.asarray(m.features[rows]) @ np.asarray(m.features[genes]).T
        i, j = np.unravel_index(s.argmax(), s.shape)
        gene, at = m.perturbations.iloc[genes[j]], m.perturbations["concentration"].iat[rows[i]]
        found.append((e.slug, e.label, gene["entity"].partition(":")[2], gene["label"], float(at), float(s[i, j])))
    frame = pd.DataFrame(found, columns=["slug", "label", "gene", "gene_label", "concentration", "cosine"])
    return frame.sort_values("cosine", ascending=False, ignore_index=True)


def _nearest_rows(vectors: np.ndarray, who: np.ndarray, *, block: int = 2048) -> tuple[np.ndarray, np.ndarray]:
    """Index and cosine of each unit row's nearest row of another entity, in blocks so that memory stays small."""
    nearest, best = np.empty(len(vectors), dtype=int), np.empty(len(vectors))
    for start in range(0, len(vectors), block):
        s = vectors[start : start + block] @ vectors.T
        s[who[start : start + block, None] == who] = -2
        nearest[start : start + block] = s.argmax(axis=1)
        best[start : start + block] = s.max(axis=1)
    return nearest, best
