"""Target selection in words: the answer under the title, and its rule."""

from __future__ import annotations

import pandas as pd
from dash import html

from explorer.components.similarity_name import similarity_name
from explorer.components.term_names import Parts, perturbation_name, query_name
from explorer.figures import words


def selection_answer(
    frame: pd.DataFrame, region: dict, *, asked: dict, noise: float | None, links: pd.DataFrame
) -> Parts:
    """The sentences under the title: who comes first, what is on record of it, and how many share the region.

    Parameters
    ----------
    frame : DataFrame
        `queries.ranked` with q; its first row is the best.
    region : dict
        `queries.wanted_region`.
    asked : dict
        `map`, `like`, `avoid`, `reference`.
    noise : float or None
        `queries.by_noise`.
    links : DataFrame
        `queries.candidate_links` of the frame.
    """
    of_map = asked["map"]
    name = similarity_name(of_map)
    like, avoid = (query_name(of_map, asked[k]) for k in ("like", "avoid"))
    if frame.empty or frame["rank"].isna().all():
        return [
            f"Nothing that can be relied on has {name.strength} < ",
            words.cosine(region["tau"]),
            " to ",
            avoid,
            ".",
        ]
    best = frame.iloc[0]
    who = best.to_dict()
    q = f" (q {words.q_value(best['q'])})" if best["q"] == best["q"] else ""
    parts: Parts = [
        html.B([perturbation_name(who, of_map=of_map), " is first"]),
        f" of {_counted(frame)}: {name.short} ",
    ]
    parts += [f"{words.cosine(best['like'])} to ", like, f"{q}, {words.cosine(best['avoid'])} to ", avoid]
    parts += [f"; {_record(links.iloc[0])}. ", *_others(frame, of_map), *_inside(frame, region, noise)]
    return [*parts, *_both(frame, region, of_map)]


def _record(link: pd.Series) -> str:
    """What is on record between the best and the query, with the evidence where it is weak."""
    if link["tone"] == "weak":
        return f"only co-listed in a large complex (weak; {link['why'].partition(': ')[2]})"
    return {"new": "new: in no loaded source", "arm": f"no link on record ({link['why']})"}.get(
        link["tone"], link["link"]
    )


def _counted(frame: pd.DataFrame) -> str:
    kinds = frame["kind"].value_counts()
    said = [words.plural(int(kinds[k]), k) for k in ("gene", "compound") if k in kinds]
    return " and ".join(said)


def _others(frame: pd.DataFrame, of_map: str) -> Parts:
    """The best of the other kind."""
    other = frame[(frame["kind"] != frame["kind"].iat[0]) & frame["rank"].notna()]
    if other.empty or not other["wanted"].iat[0]:
        return []
    name = perturbation_name(other.iloc[0].to_dict(), of_map=of_map)
    kind = other["kind"].iat[0]
    return [f"Best {kind}: ", name, f" ({words.cosine(other['like'].iat[0])}). "]


def _inside(frame: pd.DataFrame, region: dict, noise: float | None) -> Parts:
    """How many lie in the region, and how often noise would."""
    base = frame[frame["kind"] == region["of"]]
    n = int(base["wanted"].sum())
    others = int(frame["wanted"].sum()) - n
    more = f" and {words.plural(others, 'compound')}" if others else ""
    said = f"{n} of {words.plural(len(base), region['of'])}{more} {'lie' if n + others != 1 else 'lies'} in the region"
    if noise is None:
        return [said, "; without control wells there is no null for this. "]
    return [said, f", where noise lands in {words.number(100 * noise, 1)} % of draws. "]


def _both(frame: pd.DataFrame, region: dict, of_map: str) -> Parts:
    """What looks most like the query, but is left out because it also looks like what is avoided."""
    kind = frame["kind"] == frame["kind"].iat[0]
    out = frame[kind & frame["reliable"] & (frame["like"] >= region["cut"]) & (frame["avoid"] >= region["tau"])]
    if out.empty:
        return []
    name = perturbation_name(out.loc[out["like"].idxmax()].to_dict(), of_map=of_map)
    return [html.Span([name, " is left out: like both."], className="k-muted")]


def region_words(region: dict, *, similarity: words.Similarity = words.COSINE) -> str:
    """The rule of the region as a sentence."""
    many = "genes" if region["of"] == "gene" else "compound-concentrations"
    share = words.concentration(region["percent"])
    rule = f"Wanted: {similarity.short} ≥ {words.cosine(region['cut'])} (the top {share} % of {region['n']:,} {many}) "
    return rule + f"and {similarity.strength} < {words.cosine(region['tau'])}."
