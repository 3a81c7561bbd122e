"""Some perturbations side by side: how alike each pair is, which neighbours they share, compounds by concentration."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd

from explorer.atlas import OpenMap, opened
from explorer.chemistry.fingerprints import tanimoto
from explorer.errors import UnknownEntity
from explorer.queries.nulls import null_of_row
from explorer.queries.perturbations import described, find_perturbation
from explorer.queries.rows import memo, reliable_rows, row
from explorer.statistics.multiple_testing import q_values
from explorer.statistics.selection import noise_p

#: Neighbours of each that are looked at.
NEAREST = 20


@memo
def compared_pairs(of_map: str, perturbations: list[str]) -> pd.DataFrame:
    """Every pair of some perturbations, in their order.

    Columns: `a`, `b` (positions in the list), `cosine`, `p`, `q` (NaN without controls), and `tanimoto` (NaN but for
    two compounds with a structure). p is two-sided against noise of as many control wells as one of the pair, compared
    with the other, and the larger of both ways round; q is Benjamini-Hochberg over the pairs of the table.
    """
    open_map = opened(of_map)
    m = open_map.map
    at = [row(of_map, x) for x in perturbations]
    vectors = np.asarray(m.features[at])
    who = [open_map.entity_rows[m.perturbations["entity"].iat[i]] for i in at]
    bits, records = open_map.fingerprints, []
    nulls = [null_of_row(of_map, x) for x in perturbations]
    noise = [None if null is None else null.rows.astype(np.float32) @ vectors.T for null in nulls]
    for a, b in combinations(range(len(at)), 2):
        s = float(np.clip(vectors[a] @ vectors[b], -1.0, 1.0))
        ways = [noise_p(np.array([s]), noise[i][:, j])[0] for i, j in ((a, b), (b, a)) if noise[i] is not None]
        p = max(ways) if len(ways) == 2 else np.nan
        records.append((a, b, s, p, float(tanimoto(bits[who[a]], bits[[who[b]]])[0])))
    frame = pd.DataFrame(records, columns=["a", "b", "cosine", "p", "tanimoto"]).astype({"a": int, "b": int})
    frame.insert(4, "q", q_values(frame["p"].to_numpy(dtype=float)))
    return frame


@memo
def shared_neighbours(of_map: str, perturbations: list[str], *, kind: str, nearest: int = NEAREST) -> pd.DataFrame:
    """The most similar genes, or compounds, of each perturbation, and which of them they share.

    A neighbour is one of the `nearest` with the highest cosine among those that can be relied on; the perturbations
    themselves are left out, a compound at all its concentrations. A compound stands at its highest cosine to each.

    Columns: `slug`, `label`, `blinded`, `shared` (of how many it is a neighbour), `mean` (cosine), then by position in
    the list `cosine_1`, ... and `near_1`, ... (bool). One row a neighbour of any, most shared first.
    """
    open_map = opened(of_map)
    frame = _cosines(open_map, perturbations, kind)
    near = pd.DataFrame({c: frame[c].rank(ascending=False, method="first") <= nearest for c in frame})
    near &= frame > 0
    keep = near.any(axis=1)
    frame, near = frame[keep], near[keep]
    e = open_map.map.entities.iloc[[open_map.entity_rows[x] for x in frame.index]]
    numbers = range(1, len(perturbations) + 1)
    found = pd.DataFrame(
        {
            **{c: e[c].to_numpy() for c in ("slug", "label", "blinded")},
            "shared": near.sum(axis=1).to_numpy().astype(int),
            "mean": frame.mean(axis=1).to_numpy(),
            **{f"cosine_{i}": frame[i - 1].to_numpy() for i in numbers},
            **{f"near_{i}": near[i - 1].to_numpy() for i in numbers},
        }
    )
    return found.sort_values(["shared", "mean", "label"], ascending=[False, False, True], ignore_index=True)


def looked_at(of_map: str, perturbations: list[str], *, kind: str) -> int:
    """How many genes, or compounds, can be a neighbour: those that can be relied on and are not compared."""
    return len(_cosines(opened(of_map), perturbations, kind))


def _cosines(open_map: OpenMap, perturbations: list[str], kind: str) -> pd.DataFrame:
    """Highest cosine of each entity of a kind to each perturbation, by entity; columns are positions in the list."""
    m = open_map.map
    at = [m.row_of[x] for x in perturbations]
    rows = m.gene_rows if kind == "gene" else m.compound_rows
    entities = m.perturbations["entity"].to_numpy()
    sure = m.perturbations["active"].ne(False).to_numpy() if kind == "gene" else reliable_rows(open_map)
    rows = rows[sure[rows] & ~np.isin(entities[rows], entities[at])]
    s = np.clip(np.asarray(m.features[rows]) @ np.asarray(m.features[at]).T, -1.0, 1.0).astype(float)
    return pd.DataFrame(s).groupby(entities[rows], sort=True).max()


@memo
def by_concentration_against(of_map: str, entities: list[str], against: str) -> pd.DataFrame:
    """Compounds at every concentration above 0 against one perturbation.

    Columns: `entity`, `label`, `concentration` (uM), `cosine`, `n_wells`, `active`, `toxic`.
    """
    m = opened(of_map).map
    vector = np.asarray(m.features[row(of_map, against)])
    frames = []
    for entity in entities:
        rows = m.rows_of_entity[entity]
        p = m.perturbations.iloc[rows][["entity", "label", "concentration", "n_wells", "active", "toxic"]]
        s = np.clip(np.asarray(m.features[rows]) @ vector, -1.0, 1.0).astype(float)
        frames.append(p.assign(cosine=s)[p["concentration"].to_numpy() > 0])
    columns = ["entity", "label", "concentration", "cosine", "n_wells", "active", "toxic"]
    return pd.concat(frames, ignore_index=True)[columns] if frames else pd.DataFrame(columns=columns)


def curve_references(of_map: str, perturbations: list[str], *, most: int = 12) -> list[str]:
    """What curves of the compounds among some perturbations may be drawn against, the first by default.

    The genes that are compared, then targets on record that are on the map, then the genes most of them share; without
    genes on the map, the compared compounds.
    """
    open_map = opened(of_map)
    m = open_map.map
    e = m.entities.iloc[[open_map.entity_rows[m.perturbations["entity"].iat[row(of_map, p)]] for p in perturbations]]
    by_label = dict(zip(m.perturbations["label"].iloc[m.gene_rows], m.gene_rows, strict=True))
    genes = e.loc[e["kind"] == "gene", "entity"].tolist()
    genes += [m.perturbations["entity"].iat[by_label[t]] for targets in e["targets"] for t in targets if t in by_label]
    if len(m.gene_rows):
        genes += [f"gene:{s}" for s in shared_neighbours(of_map, perturbations, kind="gene")["slug"].head(6)]
    return list(dict.fromkeys(genes or perturbations))[:most]


def has_label(of_map: str, described: dict) -> bool:
    """Whether a map has an entity of the kind and label of one of another map, with a vector."""
    p = opened(of_map).map.perturbations
    return bool(((p["kind"] == described["kind"]) & (p["label"] == described["label"])).any())


def across_maps(of_map: str, other: str, *, perturbation: str, nearest: int = NEAREST) -> dict | None:
    """The neighbours of one entity on two maps, matched by label; None where the other map does not have it.

    Cosines of different maps do not compare, ranks do: both are taken among the entities of its kind that are on both
    maps. A compound stands at the concentration its page opens at, its neighbours at their highest cosine.

    Returns
    -------
    dict
        `rows`: list of `label`, `cosine_a`, `rank_a`, `cosine_b`, `rank_b`, `both`, neighbours on either map first by
        both, then by the better rank; `n` (entities on both maps), `both` (neighbours on both), `expected` (of two
        random lists), `nearest`, and `perturbation` on the other map.
    """
    here = described(of_map, perturbation)
    try:
        there = find_perturbation(other, f"{here['kind']}:{here['label']}")
    except UnknownEntity:
        return None
    sides = [_by_label(of_map, perturbation, here["kind"]), _by_label(other, there["perturbation"], here["kind"])]
    common = sides[0].index.intersection(sides[1].index).sort_values()
    if not len(common):
        return None
    frame = pd.DataFrame({"cosine_a": sides[0].loc[common], "cosine_b": sides[1].loc[common]})
    for side in "ab":
        frame[f"rank_{side}"] = frame[f"cosine_{side}"].rank(ascending=False, method="first").astype(int)
    near = (frame[["rank_a", "rank_b"]] <= nearest) & (frame[["cosine_a", "cosine_b"]].to_numpy() > 0)
    frame = frame.assign(both=near.all(axis=1), best=frame[["rank_a", "rank_b"]].min(axis=1))[near.any(axis=1)]
    frame = frame.sort_values(["both", "best"], ascending=[False, True]).rename_axis("label").reset_index()
    counts = near.sum()
    return {
        "rows": frame.drop(columns="best").to_dict("records"),
        "n": len(common),
        "both": int(frame["both"].sum()),
        "expected": float(counts.iloc[0] * counts.iloc[1] / len(common)),
        "nearest": nearest,
        "perturbation": there["perturbation"],
    }


def _by_label(of_map: str, perturbation: str, kind: str) -> pd.Series:
    """Highest cosine to a perturbation of everything of a kind, by label; labels of two entities are left out."""
    open_map = opened(of_map)
    s = _cosines(open_map, [perturbation], kind)[0]
    s.index = [open_map.map.entities["label"].iat[open_map.entity_rows[x]] for x in s.index]
    return s[~s.index.duplicated(keep=False)]
