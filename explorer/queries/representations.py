"""Compounds by fingerprint, by learned embeddings and by their cells: who is nearest, and who shares a target."""

from __future__ import annotations

import numpy as np
import pandas as pd

from explorer.atlas import OpenMap, opened
from explorer.cache import memoised
from explorer.chemistry.fingerprints import tanimoto
from explorer.queries.concentrations import best_concentration
from explorer.queries.neighbours import similar_compounds
from explorer.queries.rows import reliable_rows, version
from explorer.statistics.nearest import Retrieval, difference, overlap, retrieval, sharing

FINGERPRINT, CELLS = "fingerprint", "cells"
#: Lists of the nearest are this long, and of so many compounds at least a list of all.
NEAREST = 10
FEWEST_ASKED = 10
#: Similarity matrices beyond this many compounds with a target are drawn from a sample.
MOST_ASKED = 2_000


def _version(of_map: str) -> str:
    return f"{version(of_map)}-{opened(of_map).learned.stamp}"


memo = memoised(_version)


def representations(of_map: str) -> list[str]:
    """The ways to compare compounds that this map has: `fingerprint`, the learned tables by name, `cells`."""
    return [FINGERPRINT, *(t.embedding.name for t in opened(of_map).learned.tables), CELLS]


def embedding_tables(of_map: str) -> list[dict]:
    """The learned tables: `name`, `about`, `n`, `dimensions`, `on_map`, `compounds`, `unknown`; or `problem`."""
    open_map = opened(of_map)
    compounds = int((open_map.map.entities["kind"] == "compound").sum())
    told = [
        {
            "name": t.embedding.name,
            "about": dict(t.embedding.about),
            "n": len(t.embedding.keys),
            "dimensions": int(t.vectors.shape[1]),
            "on_map": int(t.there.sum()),
            "compounds": compounds,
            "unknown": list(t.unknown[:5]),
            "n_unknown": len(t.unknown),
            "problem": "",
        }
        for t in open_map.learned.tables
    ]
    return told + [{"name": "", "problem": problem} for problem in open_map.learned.problems]


@memo
def embedding_strips(of_map: str, entity: str) -> dict | None:
    """The first learned embedding of a compound, of the one nearest to it and of the one farthest from it.

    Returns
    -------
    dict or None
        `name` of the table, `labels`, and `vectors` of length 1, each number less its mean over the compounds of the
        map. None without an embedding of the compound or of two others.
    """
    open_map = opened(of_map)
    own = open_map.entity_rows[entity]
    for table in open_map.learned.tables:
        there = np.flatnonzero(table.there)
        if table.there[own] and len(there) > 2:
            others = there[there != own]
            order = others[np.argsort(table.vectors[others] @ table.vectors[own], kind="stable")]
            shown = [own, order[-1], order[0]]
            vectors = table.vectors[shown] - table.vectors[there].mean(axis=0)
            labels = open_map.map.entities["label"].iloc[shown].tolist()
            return {"name": table.embedding.name, "labels": labels, "vectors": vectors.astype(float).round(5).tolist()}
    return None


@memo
def compared_compounds(of_map: str) -> pd.DataFrame:
    """The compounds that every way can compare: a structure, every embedding, and a reliable concentration.

    Columns: `slug`, `label`, `row` (of the map, at the reliable concentration whose wells agree best: chosen without
    a look at targets), `entity_row`, `targets` (text by `|`).
    """
    open_map = opened(of_map)
    m, e = open_map.map, open_map.map.entities
    able = (e["kind"] == "compound").to_numpy() & e["inchikey"].notna().to_numpy()
    for table in open_map.learned.tables:
        able &= table.there
    p = m.perturbations.assign(row=np.arange(len(m.perturbations)), entity_row=open_map.entity_of_row)
    usable = p[reliable_rows(open_map) & able[open_map.entity_of_row]]
    agree = usable["consistency"].fillna(-1.0) + 1e-6 * usable["magnitude"].fillna(0.0).clip(0, 1e3)
    best = usable.assign(agree=agree).sort_values(["entity_row", "agree"], ascending=[True, False], kind="stable")
    best = best.drop_duplicates("entity_row")
    here = e.iloc[best["entity_row"]]
    return pd.DataFrame(
        {
            "slug": here["slug"].to_numpy(),
            "label": here["label"].to_numpy(),
            "row": best["row"].to_numpy(),
            "entity_row": best["entity_row"].to_numpy(),
            "targets": ["|".join(map(str, t)) if t is not None else "" for t in here["targets"]],
        }
    )


def example_compound(of_map: str) -> str | None:
    """The compound to begin with: of those compared, the one that most others share a target with.

    Ties go to the one with more structural neighbours (Tanimoto of at least 0.3), then to the first name. None where
    no compound can be compared.
    """
    found = _by_company(of_map)
    return None if found.empty else found["slug"].iat[0]


@memo
def nearest_by_each(of_map: str, entity: str) -> pd.DataFrame:
    """Every compared compound against one, by each way.

    Columns: `slug`, `label`, `shares` (text: targets in common), then for each way of `representations` the similarity
    and `rank_...`. By cells it is that of the strongest reliable concentration, as on the page of the compound.
    """
    open_map = opened(of_map)
    frame = compared_compounds(of_map)
    own = open_map.entity_rows[entity]
    others = frame[frame["entity_row"] != own].reset_index(drop=True)
    at = others["entity_row"].to_numpy()
    found = {FINGERPRINT: tanimoto(open_map.fingerprints[own], open_map.fingerprints)[at]}
    for table in open_map.learned.tables:
        found[table.embedding.name] = (table.vectors[at] @ table.vectors[own]).astype(float)
    cells = similar_compounds(of_map, best_concentration(of_map, entity)["perturbation"])
    found[CELLS] = others["slug"].map(cells.set_index("slug")["cosine"]).to_numpy(dtype=float)
    mine = set(open_map.map.entities["targets"].iat[own])
    shares = [", ".join(g for g in t.split("|") if g in mine) for t in others["targets"]]
    told = others[["slug", "label"]].assign(shares=shares, **found)
    ranks = {f"rank_{way}": told[way].rank(ascending=False, method="first") for way in found}
    return told.assign(**ranks).sort_values(f"rank_{FINGERPRINT}", ignore_index=True)


def nearest_overlaps(of_map: str, entity: str) -> list[dict]:
    """How far the lists of the nearest agree, for each two ways: `first`, `second`, then `Overlap` as values."""
    frame = nearest_by_each(of_map, entity)
    ways = [w for w in representations(of_map) if frame[w].notna().any()]
    top = {way: frame.nsmallest(NEAREST, f"rank_{way}")["slug"].tolist() for way in ways}
    return [
        {"first": a, "second": b, **vars(overlap(top[a], top[b], among=len(frame)))}
        for i, a in enumerate(ways)
        for b in ways[i + 1 :]
    ]


@memo
def shared_targets(of_map: str) -> dict | None:
    """Which way finds compounds that share a target: mean average precision of each, and the differences.

    Returns
    -------
    dict or None
        `asked` (compounds that another shares a target with), `answering` (compared compounds with a target),
        `without` (compared compounds without a target), `alone` (with a target that none shares), `sampled`, `ways`
        (`way`, `mean`, `low`, `high`, `by_chance`, `p`) and `differences` (`first`, `second`, `mean`, `low`, `high`).
        None where fewer than ten compounds can ask.
    """
    frame = compared_compounds(of_map)
    with_target = frame[frame["targets"] != ""]
    sampled = len(with_target) > MOST_ASKED
    if sampled:
        with_target = with_target.sample(MOST_ASKED, random_state=0).sort_index()
    shared = sharing([t.split("|") for t in with_target["targets"]])
    asked = int(shared.any(axis=1).sum())
    if asked < FEWEST_ASKED:
        return None
    matrices = _matrices(opened(of_map), with_target)
    found = {way: retrieval(matrix, shared) for way, matrix in matrices.items()}
    ways = list(found)
    gaps = [(a, b, difference(found[b], found[a])) for i, a in enumerate(ways) for b in ways[i + 1 :]]
    return {
        "asked": asked,
        "answering": len(with_target),
        "without": int((frame["targets"] == "").sum()),
        "alone": len(with_target) - asked,
        "sampled": sampled,
        "ways": [_told(way, one) for way, one in found.items()],
        "differences": [
            {"first": b, "second": a, "mean": mean, "low": low, "high": high} for a, b, (mean, low, high) in gaps
        ],
    }


def not_compared(of_map: str) -> dict:
    """Compounds that are not compared, by what they lack first: `structure`, `embedding`, `reliable`."""
    open_map = opened(of_map)
    e = open_map.map.entities
    compound = (e["kind"] == "compound").to_numpy()
    structure = compound & e["inchikey"].notna().to_numpy()
    embedded = structure.copy()
    for table in open_map.learned.tables:
        embedded &= table.there
    n = len(compared_compounds(of_map))
    return {
        "structure": int((compound & ~structure).sum()),
        "embedding": int((structure & ~embedded).sum()),
        "reliable": int(embedded.sum()) - n,
        "compared": n,
    }


@memo
def _by_company(of_map: str) -> pd.DataFrame:
    open_map = opened(of_map)
    frame = compared_compounds(of_map)
    if frame.empty:
        return frame
    bits = open_map.fingerprints[frame["entity_row"]]
    near = [int((tanimoto(one, bits) >= 0.3).sum()) for one in bits]
    company = sharing([[g for g in t.split("|") if g] for t in frame["targets"]]).sum(axis=1)
    told = frame.assign(company=company, near=near)
    return told.sort_values(["company", "near", "label"], ascending=[False, False, True], ignore_index=True)


def _matrices(open_map: OpenMap, frame: pd.DataFrame) -> dict[str, np.ndarray]:
    """Similarity of each two compounds of `compared_compounds`, by each way."""
    at = frame["entity_row"].to_numpy()
    bits = open_map.fingerprints[at]
    found = {FINGERPRINT: np.array([tanimoto(one, bits) for one in bits])}
    for table in open_map.learned.tables:
        found[table.embedding.name] = table.vectors[at] @ table.vectors[at].T
    served = np.asarray(open_map.map.features[frame["row"].to_numpy()], dtype=np.float32)
    return found | {CELLS: served @ served.T}


def _told(way: str, one: Retrieval) -> dict:
    return {"way": way} | {k: float(getattr(one, k)) for k in ("mean", "low", "high", "by_chance", "p")}
