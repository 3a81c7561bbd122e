"""A network of chosen genes as it is shown: which edges, why not the others, groups with names, positions, compounds.

The answer is plain values: the canvas, the printed figure, the tables and the files are all drawn from it.
"""

from __future__ import annotations

from collections import Counter
from functools import lru_cache

import numpy as np
import pandas as pd

from explorer.annotations.phenotypes import SOURCE as PHENOTYPES
from explorer.cache import memoised
from explorer.networks.clusters import ALONE
from explorer.networks.edges import INACTIVE, MOST_EDGES, NEAR, REASONS, SHOWN, WEAK, Rule, reasons, rule_of
from explorer.queries.biology import version
from explorer.queries.enrichment import enrichment
from explorer.queries.network_base import LAYOUTS, NetworkBase, background_of, network_base, network_positions
from explorer.queries.network_compounds import CANDIDATE, network_compounds
from explorer.queries.network_known import has_known, recovery
from explorer.statistics.significance import SIGNIFICANT_Q

#: More genes than this are offered as a heatmap; a hand-made request never gets more than can be drawn.
MOST_GENES = 300
_BARS = 64
#: Known pairs that are not recovered, drawn dotted: the most of them.
_MOST_DOTTED = 250
#: Why a known pair counts as missed: not where a filter hides what the map does recover.
_MISSED = (WEAK, NEAR, INACTIVE)
_RULES = ("loose", "default", "strict", "cosine")


@memoised(version)
def network(
    of_map: str,
    genes: list[str],
    *,
    rule: str = "default",
    cut: list[float] | None = None,
    sign: str = "both",
    evidence: str = "both",
    arm: str = "dim",
    most: int = MOST_EDGES,
    layout: str = "circle",
    compounds: int = 0,
) -> dict:
    """A network among genes (slugs, at most `MOST_GENES`), as plain values.

    Returns
    -------
    dict
        `nodes`: slug, label, blinded, arm, active, n_wells, q, group, degree, x, y, angle (on the circle);
        `edges`, strongest last: a, b (slugs), cosine, score, top, p, q, same_arm, relation, sources, evidence;
        `dotted`: known pairs that the rule does not recover; `compounds`: see `network_compounds`;
        `groups`: name, note, genes; `counts`: pairs, shown, hidden, why (reason to number), similar, opposite, known,
        new, same_arm, dotted; `cut`: low and high of the rule; `cuts`: of each preset; `bars`: histogram; `radius`;
        `recovery`: the scorecard or None; `sourced`: whether relationships are loaded; `draws`; `strongest`.
    """
    base = network_base(of_map, genes)
    asked, loose = _rule(base, rule, cut), _rule(base, "loose", None)
    why = reasons(
        base.pairs, rule=asked, loose=loose, sign=sign, evidence=evidence if has_known(of_map) else "both", arm=arm,
        most=most,
    )  # fmt: skip
    shown = base.pairs[why == SHOWN].sort_values("cosine", key=np.abs, kind="stable")
    dotted = base.pairs[np.isin(why, _MISSED) & base.pairs["known"]]
    return {
        "nodes": _nodes(base, network_positions(of_map, tuple(genes), layout), shown),
        "edges": _edges(base, shown),
        "dotted": _edges(base, dotted.sort_values("cosine", key=np.abs, ascending=False).head(_MOST_DOTTED)),
        "compounds": network_compounds(of_map, genes, compounds, [asked.low, asked.high]) if compounds else [],
        "groups": _groups(of_map, version(of_map), tuple(genes)),
        "counts": _counts(base.pairs, why, shown, dotted),
        "rule": rule,
        "cut": [asked.low, asked.high],
        "cuts": {r: [_rule(base, r, None).low, _rule(base, r, None).high] for r in _RULES},
        "bars": _bars(base.pairs["cosine"].to_numpy()),
        "layout": layout if layout in LAYOUTS else "circle",
        "radius": base.radius,
        "recovery": recovery(of_map, base.pairs, size=_drawable(base), rule=asked),
        "sourced": has_known(of_map),
        "draws": base.draws,
        "background": base.background.pairs,
        "strongest": _edges(base, base.pairs.loc[base.pairs["cosine"].abs().sort_values().index[-1:]]),
    }


def network_pairs(of_map: str, genes: list[str], *, within: str = "all") -> pd.DataFrame:
    """All pairs among genes, for a heatmap: labels in ring order as `order`, and the similarity beside what is known.

    Columns `i`, `j` (places in ring order), `cosine`, `known`, `relation`.
    """
    base = network_base(of_map, genes)
    place = np.empty(len(base.order), dtype=int)
    place[base.order] = np.arange(len(base.order))
    one, other = place[base.pairs["a"]], place[base.pairs["b"]]
    frame = base.pairs[["cosine", "known", "relation"]].assign(i=np.minimum(one, other), j=np.maximum(one, other))
    return frame


def network_labels(of_map: str, genes: list[str]) -> list[str]:
    """Labels of the genes in ring order."""
    base = network_base(of_map, genes)
    return base.nodes["label"].iloc[base.order].tolist()


def network_cuts(of_map: str, percent: float) -> list[float]:
    """The cosines that leave so many percent of all gene-gene pairs of the map beyond them, each side."""
    background = background_of(of_map)
    return [background.quantile(percent / 100), background.quantile(1 - percent / 100)]


def _rule(base: NetworkBase, name: str, cut: list[float] | None) -> Rule:
    found = rule_of(name, base.background, cut=None if cut is None else (float(cut[0]), float(cut[1])))
    return found if found.low == found.low else Rule(-1.1, 1.1)


def _nodes(base: NetworkBase, positions: np.ndarray, shown: pd.DataFrame) -> list[dict]:
    degree = np.bincount(np.concatenate([shown["a"], shown["b"]]).astype(int), minlength=len(base.nodes))
    frame = base.nodes.assign(degree=degree, x=positions[:, 0].round(1), y=positions[:, 1].round(1))
    frame = frame.assign(angle=base.angles.round(5))
    return _records(frame)


def _edges(base: NetworkBase, pairs: pd.DataFrame) -> list[dict]:
    slugs = base.nodes["slug"].to_numpy()
    columns = ["cosine", "score", "top", "p", "q", "same_arm", "active", "named", "relation", "sources", "evidence"]
    return _records(pairs[columns].assign(a=slugs[pairs["a"]], b=slugs[pairs["b"]]))


def _counts(pairs: pd.DataFrame, why: np.ndarray, shown: pd.DataFrame, dotted: pd.DataFrame) -> dict:
    found = Counter(why.tolist())
    return {
        "pairs": len(pairs),
        "shown": len(shown),
        "hidden": sum(found[r] for r in REASONS if r != "weak"),
        "why": {r: found[r] for r in REASONS},
        "similar": int((shown["cosine"] >= 0).sum()),
        "opposite": int((shown["cosine"] < 0).sum()),
        "known": int(shown["known"].sum()),
        "new": int(shown["new"].sum()),
        "same_arm": int(shown["same_arm"].sum()),
        "dotted": len(dotted),
    }


@lru_cache(maxsize=12)
def _groups(of_map: str, of_version: str, genes: tuple[str, ...]) -> list[dict]:
    """Groups of at least two genes, each with a name: what its genes share where a set is enriched, else none.

    Of two groups that share one set the larger has it, and the other its next best; `also` then tells of the first.
    """
    base = network_base(of_map, genes)
    found: list[dict] = []
    for group in sorted(set(base.nodes["group"]) - {ALONE}):
        members = base.nodes.iloc[[i for i in base.order if base.nodes["group"].iat[i] == group]]
        slugs, taken = members["slug"].tolist(), {g["id"] for g in found}
        named = _named(of_map, slugs, taken=taken)
        found.append(
            {
                "group": int(group),
                "genes": slugs,
                "labels": members.sort_values("blinded", kind="stable")["label"].tolist(),
            }
            | named
        )
    return found


def _named(of_map: str, genes: list[str], *, taken: set[str | None]) -> dict:
    """The complex or pathway that a group is enriched in; a phenotype is no name for what cells look like."""
    best = enrichment(of_map, genes, most=12) if len(genes) >= 3 else pd.DataFrame({"q": [], "source": []})
    best = best[(best["q"] <= SIGNIFICANT_Q) & (best["source"] != PHENOTYPES)]
    free = best[~best["id"].isin(taken)] if len(best) else best
    also = (
        "" if best.empty else f"{best['name'].iat[0]}: {best['hits'].iat[0]} of {len(genes)}, {best['source'].iat[0]}"
    )
    if free.empty:
        return dict.fromkeys(("name", "q", "hits", "source", "id")) | {"also": also}
    top = free.iloc[0]
    name = {"name": str(top["name"]), "q": float(top["q"]), "hits": int(top["hits"]), "source": str(top["source"])}
    return name | {"id": str(top["id"]), "also": also if top["id"] != best["id"].iat[0] else ""}


def _bars(cosine: np.ndarray) -> dict:
    reach = max(np.ceil(10 * np.abs(cosine).max(initial=0.1)) / 10, 0.2)
    counts, _ = np.histogram(cosine, bins=_BARS, range=(-reach, reach))
    return {"reach": float(min(reach, 1.0)), "counts": counts.tolist()}


def _drawable(base: NetworkBase) -> int:
    """Named genes with a phenotype."""
    return int((base.nodes["active"] & ~base.nodes["blinded"]).sum())


def _records(frame: pd.DataFrame) -> list[dict]:
    return frame.astype(object).where(frame.notna(), None).to_dict("records")


__all__ = ["CANDIDATE", "MOST_GENES", "network", "network_cuts", "network_labels", "network_pairs"]
