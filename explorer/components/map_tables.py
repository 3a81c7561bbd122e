"""Tables beside the map's figures: the points of a selection, the pairs of a window, or the groups of the whole."""

from __future__ import annotations

import numpy as np
import pandas as pd

from explorer import queries
from explorer.components.columns import concentration_column, name_column, number_column, q_column, text_column
from explorer.components.links import entity_href
from explorer.components.similarity_name import similarity_name
from explorer.components.tables import rows
from explorer.figures import words

MOST_PAIRS = 200


def point_columns(has: dict) -> list[dict]:
    """Columns of the perturbations of a selection."""
    columns = [name_column("Perturbation", kind="", width=150), text_column("kind", "Kind", width=104)]
    columns += [concentration_column("µM", tooltip="Concentration")] if has["concentrations"] else []
    columns += [q_column() | {"headerTooltip": "Of activity, against controls"}] if has["controls"] else []
    columns += [text_column("arm", "Arm", width=96)] if has["arms"] else []
    wells = number_column("n_wells", "Wells", digits=0, width=72, tooltip="Replicate wells behind the vector")
    return [*columns, wells, text_column("perturbation", "Id", width=210)]


def point_rows(frame: pd.DataFrame, *, of_map: str) -> list[dict]:
    """Grid rows of perturbations, those with a phenotype first."""
    ordered = frame.sort_values(["shown", "q"], ascending=[False, True], kind="stable")
    return rows(
        ordered,
        ("label", "kind", "blinded", "active", "concentration", "q", "arm", "n_wells", "perturbation"),
        href=[entity_href(k, s, of_map=of_map) for k, s in zip(ordered["kind"], ordered["slug"], strict=True)],
    )


def pair_columns(kind: str, *, similarity: words.Similarity = words.COSINE) -> list[dict]:
    """Columns of the pairs in view, or of the groups where there are too many pairs to list."""
    columns = [text_column("a", KIND_HEADS[kind][0], width=190), text_column("b", KIND_HEADS[kind][1], width=190)]
    columns += [
        number_column("cosine", similarity.short.capitalize(), digits=2, width=86),
        number_column("pairs", "Pairs", digits=0, width=96),
    ]
    more = [text_column("arm", "Arms", width=130), text_column("known", "Known link", width=260)]
    return [*columns, *(more if kind == "gene" else [])]


KIND_HEADS = {"gene": ("Gene, or group", "and"), "compound": ("Compound at µM, or group", "and")}


def pair_rows(of_map: str, kind: str, order: str, *, rows: list[int], columns: list[int]) -> tuple[list[dict], str]:
    """Grid rows of the strongest pairs of a window, or of the groups of a large one, and a sentence that says which."""
    axis = queries.heatmap_axis(of_map, kind, order)
    pairs = queries.heatmap_pairs(of_map, kind, order, rows=rows, columns=columns, most=MOST_PAIRS)
    if pairs.empty:
        said = f"Runs of the axis: mean {similarity_name(of_map).short} within each, and to all others."
        return _group_rows(of_map, kind, order), f"{said} Zoom in to {queries.MOST_LISTED:,} a side for pairs."
    a, b = (axis.iloc[pairs[side].to_numpy()] for side in ("a", "b"))
    same = same_arm(a, b)
    arms = [f"{x} same" if s else f"{x or '?'}, {y or '?'}" for x, y, s in zip(a["arm"], b["arm"], same, strict=True)]
    known = known_links(of_map, a, b, same) if kind == "gene" else [""] * len(a)
    found = [
        {"a": x, "b": y, "cosine": c, "pairs": 1, "arm": arm, "known": k}
        for x, y, c, arm, k in zip(_names(a), _names(b), pairs["cosine"].tolist(), arms, known, strict=True)
    ]
    return found, f"The {words.plural(len(found), 'strongest pair')} in view, by {similarity_name(of_map).strength}."


def same_arm(a: pd.DataFrame, b: pd.DataFrame) -> np.ndarray:
    """Whether both of each pair lie on one known arm."""
    return (a["arm"].to_numpy() == b["arm"].to_numpy()) & (a["arm"].to_numpy() != "")


def known_links(of_map: str, a: pd.DataFrame, b: pd.DataFrame, on_one_arm: np.ndarray) -> list[str]:
    """What is known of each pair of genes: sources, none, or why nothing can be said."""
    if not queries.known_sources(of_map):
        return ["no relationships loaded"] * len(a)
    found = queries.relations(of_map, list(dict.fromkeys([*a["slug"], *b["slug"]])))
    said = {frozenset((r.a, r.b)): f"{r.relation}: {r.sources}" for r in found.itertuples()}
    links = []
    hidden = a["blinded"].to_numpy() | b["blinded"].to_numpy()
    for x, y, blinded, arm in zip(a["slug"], b["slug"], hidden, on_one_arm, strict=True):
        none = "blinded" if blinded else "none; arm?" if arm else "new: in no loaded source"
        links.append(said.get(frozenset((x, y)), none))
    return links


def _group_rows(of_map: str, kind: str, order: str) -> list[dict]:
    groups = queries.heatmap_groups(of_map, kind, order)
    n = int(groups["stop"].max())
    found = []
    for g in groups.itertuples():
        size = g.stop - g.start
        found.append({"a": g.group, "b": "itself", "cosine": _number(g.within), "pairs": size * (size - 1) // 2})
        found.append({"a": g.group, "b": "all others", "cosine": _number(g.others), "pairs": size * (n - size)})
    return found


def _names(part: pd.DataFrame) -> list[str]:
    return [
        label if np.isnan(c) else f"{label} {words.concentration(c)}"
        for label, c in zip(part["label"], part["concentration"].astype(float), strict=True)
    ]


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
