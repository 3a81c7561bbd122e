"""Pairs of compounds by structure and by cells: over the whole map, or all pairs of a selection.

Cells of a pair are compared at every two of their active, non-toxic concentrations, and the most alike counts, so a
pair is called different only where it is nowhere alike. Alike is what 95 % of all pairs of active compounds of the map
are not: their similarities are the null, taken in the same way.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

import numpy as np
import pandas as pd

from explorer.atlas import OpenMap, opened
from explorer.chemistry.fingerprints import bit_counts, differing_atoms, tanimoto
from explorer.chemistry.matched_pairs import STEREO, MatchedPair, matched_pairs
from explorer.queries.rows import is_tested, map_build, memo, reliable_rows
from explorer.queries.scaffolds import scaffolds
from explorer.queries.structure import LOOSE_COSINE
from explorer.statistics.compound_pairs import RandomPairs, most_alike, random_pairs
from explorer.statistics.structure_phenotype import ALIKE, pair_class

#: Compounds of a selection, all pairs of which are compared; and scaffold hops that are listed.
MOST_COMPOUNDS, MOST_HOPS = 60, 500
#: What is said in the place of a change where two compounds have one InChIKey.
SAME = "same structure"
_COLUMNS = ["a", "b", "label_a", "label_b", "tanimoto", "cosine", "share", "at_a", "at_b", "n_a", "n_b"]
_COLUMNS += ["change", "stays", "atoms_a", "atoms_b", "scaffold", "quadrant"]


@memo
def pair_null(of_map: str) -> dict:
    """What random pairs of active compounds have.

    Returns
    -------
    dict
        `compounds` that are active, `pairs` of them, their `median` similarity, `limit` from which a pair is alike,
        `chance` True where that is what 95 % of the pairs stay below, False where they are too few and it is 0.4;
        `tested` whether the map tests activity; `structures`, compounds with a structure.
    """
    space = _space(of_map, map_build(of_map))
    median = space.null.median
    return {
        "compounds": len(space.slugs),
        "pairs": len(space.null.values),
        "median": None if np.isnan(median) else median,
        "limit": space.limit,
        "chance": not np.isnan(space.null.limit),
        "tested": is_tested(opened(of_map)),
        "structures": int((opened(of_map).fingerprints.any(axis=1)).sum()),
    }


@memo
def close_pairs(of_map: str) -> pd.DataFrame:
    """Every pair of compounds of the map that is close by structure: Tanimoto of at least 0.5, or a matched pair.

    Returns
    -------
    DataFrame
        `a`, `b` (slugs), `label_a`, `label_b`, `tanimoto` (ECFP4), `cosine` (the highest over their active, non-toxic
        concentrations, NaN where one has none), `share` of random pairs that are at least as alike, `at_a`, `at_b`
        (concentrations of that cosine), `n_a`, `n_b` (wells there), `change` (`*Cl>>*OC`, `stereo`, `same structure`,
        empty where no single group changes), `stays` (heavy atoms in common, NaN), `atoms_a`, `atoms_b` (text: atoms
        of the group, else those whose neighbourhood the other does not have), `scaffold` (`same`, `other`, or empty
        without a ring) and `quadrant` (`pair_class`). Cliffs first, the least alike of them, then the others by class,
        the most alike of each.
    """
    bits, slugs = _structures(opened(of_map))
    matched = _matched(of_map)
    close = {(p.first, p.second) for p in matched}
    counts = bit_counts(bits)
    for i in range(len(slugs) - 1):
        near = np.flatnonzero(tanimoto(bits[i], bits[i + 1 :], counts=counts[i + 1 :]) >= ALIKE)
        close |= {(i, i + 1 + int(j)) for j in near}
    return _told(of_map, sorted(close), slugs=slugs, bits=bits, matched=matched)


@memo
def hop_pairs(of_map: str, most: int = MOST_HOPS) -> pd.DataFrame:
    """The pairs with other structures whose cells are most alike, as `close_pairs`; at most so many, most alike first.

    Compounds of one Murcko scaffold, and matched pairs, are no hop.
    """
    space = _space(of_map, map_build(of_map))
    bits, slugs = _structures(opened(of_map))
    at = {s: i for i, s in enumerate(slugs)}
    rows, columns = np.triu_indices(len(space.slugs), 1)
    alike = space.alike[rows, columns]
    order = np.argsort(-alike, kind="stable")
    found, matched = [], _matched(of_map)
    known = {(p.first, p.second) for p in matched}
    rings = scaffolds(of_map).set_index("slug")["scaffold"].to_dict()
    for i in order[: int((alike >= space.limit).sum())]:
        a, b = (space.slugs[rows[i]], space.slugs[columns[i]])
        if a not in at or b not in at or (a in rings and rings[a] == rings.get(b)):
            continue
        pair = tuple(sorted((at[a], at[b])))
        if pair not in known and tanimoto(bits[pair[0]], bits[[pair[1]]])[0] < ALIKE:
            found.append(pair)
        if len(found) >= most:
            break
    return _told(of_map, found, slugs=slugs, bits=bits, matched=matched)


@memo
def selection_pairs(of_map: str, compounds: list[str]) -> pd.DataFrame:
    """All pairs of up to `MOST_COMPOUNDS` compounds (slugs, in their order), as `close_pairs`."""
    bits, slugs = _structures(opened(of_map))
    at = {s: i for i, s in enumerate(slugs)}
    chosen = [at[c] for c in dict.fromkeys(compounds) if c in at][:MOST_COMPOUNDS]
    pairs = [tuple(sorted(p)) for p in combinations(chosen, 2)]
    return _told(of_map, pairs, slugs=slugs, bits=bits, matched=_matched(of_map))


def with_structure(of_map: str, compounds: list[str]) -> list[str]:
    """Those of some compounds (slugs) that have a structure, in their order."""
    known = set(_structures(opened(of_map))[1])
    return [c for c in compounds if c in known]


@dataclass(frozen=True, eq=False)
class _Space:
    """Compounds with an active, non-toxic concentration, their rows, and how alike every two are at most."""

    slugs: list[str]
    rows: list[np.ndarray]
    alike: np.ndarray
    null: RandomPairs
    limit: float


@lru_cache(maxsize=4)
def _space(of_map: str, build: str) -> _Space:
    open_map = opened(of_map)
    m, reliable = open_map.map, reliable_rows(open_map)
    slugs, rows = [], []
    for entity, slug in zip(m.entities["entity"], m.entities["slug"], strict=True):
        usable = m.rows_of_entity[entity][reliable[m.rows_of_entity[entity]]] if entity.startswith("compound:") else ()
        if len(usable):
            slugs.append(slug)
            rows.append(np.asarray(usable))
    starts = np.cumsum([0, *(len(r) for r in rows)])[:-1]
    alike = most_alike(m.features[np.concatenate(rows)], starts) if rows else np.zeros((0, 0), dtype=np.float32)
    null = random_pairs(alike)
    return _Space(slugs, rows, alike, null, LOOSE_COSINE if np.isnan(null.limit) else null.limit)


@lru_cache(maxsize=4)
def _matched_of(of_map: str, build: str) -> tuple[MatchedPair, ...]:
    e = opened(of_map).map.entities
    return matched_pairs(e["smiles"].iloc[_with_structure(opened(of_map))].tolist())


def _matched(of_map: str) -> tuple[MatchedPair, ...]:
    """Matched pairs among the compounds of `_structures`, by their positions there."""
    return _matched_of(of_map, map_build(of_map))


def _with_structure(open_map: OpenMap) -> np.ndarray:
    return np.flatnonzero(open_map.fingerprints.any(axis=1) & (open_map.map.entities["kind"] == "compound").to_numpy())


def _structures(open_map: OpenMap) -> tuple[np.ndarray, list[str]]:
    """Fingerprints and slugs of the compounds that have a structure."""
    rows = _with_structure(open_map)
    return open_map.fingerprints[rows], open_map.map.entities["slug"].iloc[rows].tolist()


def _told(
    of_map: str, pairs: list, *, slugs: list[str], bits: np.ndarray, matched: tuple[MatchedPair, ...]
) -> pd.DataFrame:
    """The frame of `close_pairs` for some pairs of positions."""
    space, m = _space(of_map, map_build(of_map)), opened(of_map).map
    known = {(p.first, p.second): p for p in matched}
    at = {s: i for i, s in enumerate(space.slugs)}
    compounds = m.entities[m.entities["kind"] == "compound"].set_index("slug")
    labels, smiles, keys = (compounds[c].to_dict() for c in ("label", "smiles", "inchikey"))
    rings = scaffolds(of_map).set_index("slug")["scaffold"].to_dict()
    told = m.perturbations[["concentration", "n_wells"]].to_numpy(dtype=float)
    records = []
    for i, j in pairs:
        a, b = slugs[i], slugs[j]
        near = float(tanimoto(bits[i], bits[[j]])[0])
        cells = (np.nan,) * 5
        if a in at and b in at:
            cosine, x, y = _where(m.features, space.rows[at[a]], space.rows[at[b]])
            cells = (cosine, told[x, 0], told[y, 0], told[x, 1], told[y, 1])
        how = known.get((i, j))
        if how:
            named = SAME if how.change == STEREO and keys[a] == keys[b] else how.change
            change = (named, how.stays, _text(how.first_atoms), _text(how.second_atoms))
        else:
            differing = differing_atoms(smiles[a], smiles[b]) if near >= ALIKE else ((), ())
            change = ("", np.nan, *map(_text, differing))
        ring = "" if a not in rings or b not in rings else "same" if rings[a] == rings[b] else "other"
        records.append((a, b, labels[a], labels[b], near, cells[0], np.nan, *cells[1:], *change, ring, ""))
    frame = pd.DataFrame(records, columns=_COLUMNS)
    cosine = frame["cosine"].to_numpy(dtype=float)
    alike_in_structure = np.where(frame["change"] != "", np.maximum(frame["tanimoto"], ALIKE), frame["tanimoto"])
    quadrant = pair_class(alike_in_structure.astype(float), cosine >= space.limit, ~np.isnan(cosine))
    frame = frame.assign(share=space.null.share(cosine), quadrant=quadrant)
    order = frame["quadrant"].map({"cliff": 0, "analogue": 1, "scaffold hop": 2, "unrelated": 3, "no phenotype": 4})
    telling = frame["cosine"].where(frame["quadrant"] == "cliff", -frame["cosine"])
    ordered = frame.assign(order=order, telling=telling).sort_values(["order", "telling"], ignore_index=True)
    return ordered.drop(columns=["order", "telling"])


def _where(features: np.ndarray, first: np.ndarray, second: np.ndarray) -> tuple[float, int, int]:
    """The highest cosine between the rows of two compounds, and the row of each where it is."""
    square = np.asarray(features[first]) @ np.asarray(features[second]).T
    i, j = divmod(int(square.argmax()), square.shape[1])
    return float(np.clip(square[i, j], -1.0, 1.0)), int(first[i]), int(second[j])


def _text(atoms: tuple[int, ...]) -> str:
    return ",".join(map(str, atoms))
