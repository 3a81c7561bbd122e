"""The genes beside a compound, each with what is known between it and the compound's annotated targets."""

from __future__ import annotations

import numpy as np
import pandas as pd

from explorer.atlas import opened
from explorer.cache import memoised
from explorer.queries.biology import known_sources, relations_to, symbols, version
from explorer.queries.concentrations import SIGNIFICANT, best_concentration, best_target
from explorer.queries.grounds import cutoffs
from explorer.queries.neighbours import ranked_genes, similar_genes
from explorer.queries.rows import plain_values
from explorer.queries.toxicity import highest_safe
from explorer.statistics.targets import KNOWN, LARGE_SET, NEW, WEAK, Lookup, Relationship, off_targets, on_targets

#: Answers hold for a build and for what is known beside it.
of_known = memoised(version)

TARGET, NONE, NOT_LOADED, BLINDED = "target", "none", "no relationships loaded", "blinded"
_SAFE = {"rank": "safe_rank", "score": "safe_score", "cosine": "safe_cosine"}


@of_known
def genes_beside(of_map: str, entity: str, perturbation: str) -> pd.DataFrame:
    """`similar_genes` of a compound at one concentration, targets told from off-targets.

    Returns
    -------
    DataFrame
        The columns of `similar_genes`, and
        `passes` : whether the gene stands out: q <= 0.05; without controls, outside 1 % of the map's gene pairs.
        `link` : "target"; "known", "co-listed, weak" or "new" between an off-target and any annotated target; "none"
            where the compound has no annotated target; "no relationships loaded"; "blinded". A gene that does not pass
            is never new: None unless something is known.
        `sources`, `size`, `evidence` : who lists the pair, in how large a set, and a sentence; None without.
        `safe_rank`, `safe_score`, `safe_cosine` : at the highest non-toxic concentration; NaN where there is none.
    """
    open_map = opened(of_map)
    frame = similar_genes(of_map, perturbation)
    frame = frame.assign(passes=_passes(of_map, frame))
    targets = list(open_map.map.entities["targets"].iat[open_map.entity_rows[entity]])
    frame = pd.concat([frame, _links(of_map, frame, targets)], axis=1)
    safe = highest_safe(of_map, entity)
    if safe is None:
        return frame.assign(**dict.fromkeys(_SAFE.values(), np.nan))
    there = ranked_genes(of_map, safe["perturbation"])[["slug", *_SAFE]].rename(columns=_SAFE)
    return frame.merge(there, on="slug", how="left")


def best_new(of_map: str, entity: str) -> dict | None:
    """The strongest off-target at the concentration a compound page opens at, or None where none passes.

    Returns
    -------
    dict or None
        `gene` : a row of `genes_beside`: the strongest similar new one where the links to targets are told, which may
            be none of them; else the strongest that is no target
        `told` : whether they are, by relationships that are loaded
        `similar`, `opposite`, `new` : numbers of off-targets that pass, by sign, and of similar ones that are new
        `concentration` : uM, or None
    """
    best, m = best_concentration(of_map, entity)["perturbation"], opened(of_map).map
    genes = genes_beside(of_map, entity, best)
    others = genes[genes["passes"] & (genes["link"] != TARGET)]
    if others.empty:
        return None
    similar, at = others[others["cosine"] > 0], m.perturbations["concentration"].iat[m.row_of[best]]
    new, told = similar[similar["link"] == NEW], bool(others["link"].isin([NEW, KNOWN, WEAK]).any())
    first = (new if told else others).head(1)
    return {
        "gene": plain_values(first.iloc[0]) if len(first) else None,
        "told": told,
        "similar": len(similar),
        "opposite": len(others) - len(similar),
        "new": len(new),
        "concentration": None if pd.isna(at) else float(at),
    }


def targets_at(of_map: str, entity: str, perturbation: str) -> pd.DataFrame:
    """The annotated targets of a compound at one concentration, best rank first; those not on the map last.

    Columns: `label`, `slug`, `rank`, `n`, `cosine`, `score`, `q`, `on_map`; NaN where a target is not on the map.
    """
    open_map = opened(of_map)
    wanted = list(open_map.map.entities["targets"].iat[open_map.entity_rows[entity]])
    found = on_targets(similar_genes(of_map, perturbation), wanted)
    numbers = {c: pd.to_numeric(found[c]) for c in ("rank", "n", "cosine", "score", "q") if c in found}
    columns = ["label", "slug", "rank", "n", "cosine", "score", "q", "on_map"]
    return found.assign(**numbers).reindex(columns=columns).astype({"on_map": bool})


def target_at_safe(of_map: str, entity: str) -> dict | None:
    """The best target at the highest non-toxic concentration: `highest_safe` with `safe_rank` and `safe_score`."""
    target, safe = best_target(of_map, entity), highest_safe(of_map, entity)
    if target is None or safe is None:
        return None
    genes = ranked_genes(of_map, safe["perturbation"]).set_index("slug")
    return safe | {f"safe_{c}": float(genes.at[target["slug"], c]) for c in ("rank", "score", "cosine")}


def _passes(of_map: str, frame: pd.DataFrame) -> np.ndarray:
    if frame["q"].notna().any():
        return frame["q"].to_numpy() <= SIGNIFICANT
    low, high = cutoffs(of_map)["presets"].get("default", (-np.inf, np.inf))
    return (frame["cosine"].to_numpy() <= low) | (frame["cosine"].to_numpy() >= high)


def _links(of_map: str, frame: pd.DataFrame, targets: list[str]) -> pd.DataFrame:
    """`link`, `sources`, `size` and `evidence` of each row."""
    told = pd.DataFrame(None, index=frame.index, columns=["link", "sources", "size", "evidence"], dtype=object)
    passes, is_target = frame["passes"].to_numpy(), frame["label"].isin(set(targets)).to_numpy()
    if not targets or not known_sources(of_map):
        told.loc[passes, "link"] = NOT_LOADED if targets else NONE
        told.loc[is_target, "link"] = TARGET
        return told
    symbol_of = symbols(of_map)
    symbol = frame["slug"].map(symbol_of)
    named = symbol.notna().to_numpy()
    off = frame[named & ~is_target].assign(label=symbol)
    pairs = relations_to(of_map, off["label"].tolist(), targets)
    by_pair = {frozenset((pair.a, pair.b)): pair for pair in pairs.itertuples()}
    found = off_targets(off, targets, _lookup(pairs), significant=np.ones(len(off), dtype=bool))
    row_of = dict(zip(symbol, frame.index, strict=True))
    for hit in found.itertuples():
        row = row_of[hit.label]
        if hit.relation != NEW or passes[row]:
            told.at[row, "link"] = hit.relation
        if hit.evidence:
            pair = by_pair[frozenset((hit.label, hit.evidence[0][0]))]
            told.loc[row, ["sources", "size", "evidence"]] = [pair.sources, pair.size, pair.evidence]
    told.loc[passes & ~named, "link"] = BLINDED
    told.loc[is_target, "link"] = TARGET
    return told.assign(size=told["size"].astype(float))


def _lookup(pairs: pd.DataFrame) -> Lookup:
    """Lookup for `off_targets`: a set counts as large only where the sources call the pair weak."""
    known: dict[frozenset[str], list[Relationship]] = {}
    for pair in pairs.itertuples():
        size = LARGE_SET + 1 if pair.relation == WEAK else None
        known.setdefault(frozenset((pair.a, pair.b)), []).append(Relationship(str(pair.sources), size))
    return lambda a, b: known.get(frozenset((a, b)), ())
