"""The sentence under a title: what is seen, its n and its null."""

from __future__ import annotations

import pandas as pd

from explorer.figures import words

SIGNIFICANT = 0.05


def passing(frame: pd.DataFrame, many: str, *, similarity: words.Similarity = words.COSINE) -> str:
    """How many neighbours pass q, by sign; where nothing was tested, only how many there are.

    Parameters
    ----------
    frame : DataFrame
        `queries.similar_genes` or `similar_compounds`.
    many : str
        What its rows are: "genes".
    similarity : Similarity
        What the similarity of the map is called.
    """
    if frame["q"].isna().all():
        return f"{len(frame):,} {many}, strongest {similarity.strength} first; without control wells there is no q."
    passed = frame[frame["q"] <= SIGNIFICANT]
    opposite = int((passed["cosine"] < 0).sum())
    if passed.empty:
        best = words.number(float(frame["q"].min()), 2)
        return (
            f"None of {len(frame):,} {many} passes q ≤ {SIGNIFICANT} (lowest {best}). Ranked by {similarity.strength}."
        )
    by_sign = f"{len(passed) - opposite} similar, {opposite} opposite"
    return f"{len(passed)} of {len(frame):,} {many} pass q ≤ {SIGNIFICANT}: {by_sign}. Ranked by {similarity.strength}."


def responses(frame: pd.DataFrame, labels: dict[str, str]) -> str:
    """EC50 of each curve with its interval, and for which genes there is none, and why.

    Parameters
    ----------
    frame : DataFrame
        `queries.responses`.
    labels : dict
        Gene slug to label.
    """
    fitted = frame[frame["status"] == "fitted"]
    parts = [
        f"{labels[r.slug]} {r.ec50:.2g} ({_bound(r.ec50_low)} to {_bound(r.ec50_high)})" for r in fitted.itertuples()
    ]
    refused = frame[frame["status"] != "fitted"]
    for status, group in refused.groupby("status", sort=False):
        parts.append(f"none for {', '.join(labels[s] for s in group['slug'])}: {status.partition(':')[0]}")
    toxic = ", toxic concentrations included" if frame["over_toxic"].any() else ""
    return f"EC50 in µM (95 %{toxic}): " + " · ".join(parts) if parts else ""


EC50 = (
    "Four-parameter fit of mean similarity over the non-toxic concentrations, in µM with its 95 % interval. Given only "
    "where the curve beats a flat line by AICc, the noise being that of as many control wells, and only within the "
    "tested range"
)


def _bound(value: float) -> str:
    return f"{value:.2g}" if value == value else "open"


def activity(frame: pd.DataFrame, best: dict) -> str:
    """At how many concentrations a compound is active, and where its page opens and why.

    Parameters
    ----------
    frame, best
        `queries.by_concentration` and `queries.best_concentration`.
    """
    tested = frame["active"].notna()
    if not tested.any() and frame["pooled_active"].notna().any():
        return f"Single wells cannot be tested one by one. Opens at {best['perturbation'].rpartition('@')[2]} µM."
    if not tested.any():
        return "Activity is not tested on this map. Pick a concentration."
    active = int(frame.loc[tested, "active"].astype(bool).sum())
    untested = f", {int((~tested).sum())} not tested (one well)" if not tested.all() else ""
    opens = f"Opens at {best['perturbation'].rpartition('@')[2]} µM, {best['why']}."
    return f"Active at {active} of {int(tested.sum())} (q ≤ 0.05){untested}. {opens}"
