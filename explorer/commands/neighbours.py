"""`keyhole neighbours`: what is most like, or most unlike, one perturbation."""

from __future__ import annotations

import argparse

import numpy as np
import pandas as pd

from explorer import queries
from explorer.atlas import OpenMap
from explorer.commands.asking import ask
from explorer.commands.report import concentration, fixed, print_json, table
from explorer.errors import InputError, UnknownEntity

_KINDS = ("gene", "compound")


def run(asked: argparse.Namespace) -> int:
    """List the neighbours that were asked for."""
    open_map = ask(asked.map)
    entity, at = find(open_map, asked.entity)
    if at is not None and asked.concentration is not None and at != asked.concentration:
        raise InputError(f"'{asked.entity}' and --concentration {asked.concentration:g} differ; give one of them")
    perturbation, why = choose(open_map, entity, at if at is not None else asked.concentration)
    there = [k for k in _KINDS if (open_map.map.entities["kind"] == k).any()]
    kind = asked.kind or there[0]
    if kind not in there:
        raise InputError(f"this map has no {kind}s; use --kind {there[0]}")
    ask_for = queries.similar_genes if kind == "gene" else queries.similar_compounds
    frame = listed(ask_for(open_map.key, perturbation), opposite=asked.opposite)
    query = open_map.map.perturbations.iloc[open_map.map.row_of[perturbation]]
    if asked.json:
        print_json(document(open_map, query, frame.head(asked.k), why=why, kind=kind, opposite=asked.opposite))
    else:
        print(text(open_map, query, frame.head(asked.k), why=why, kind=kind, opposite=asked.opposite))
    return 0


def find(open_map: OpenMap, given: str) -> tuple[dict, float | None]:
    """The entity that a name, other name or id means, and the concentration where the name ends in one (`@0.025`).

    Raises
    ------
    UnknownEntity
        When nothing has this name, or both a gene and a compound have it.
    """
    name, at, level = given.rpartition("@")
    try:
        split = (name, float(level)) if at and name else None
    except ValueError:
        split = None
    candidates = [(given, None), *([split] if split else [])]
    missed: list[UnknownEntity] = []
    for text, concentration_asked in candidates:
        named_kind, colon, rest = text.partition(":")
        kinds = (named_kind,) if colon and named_kind in _KINDS else _KINDS
        found = []
        for kind in kinds:
            try:
                found.append(queries.resolve(open_map.key, rest if len(kinds) == 1 else text, kind=kind))
            except UnknownEntity as error:
                missed.append(error)
        if len(found) > 1:
            raise UnknownEntity(
                f"'{text[:60]}' is a gene and a compound; write {' or '.join(e['entity'] for e in found)}"
            )
        if found:
            return found[0], concentration_asked
    several = next((e for e in missed if "several" in str(e)), missed[-1])
    closest = tuple(dict.fromkeys(pair for e in missed for pair in e.closest))[:5]
    raise UnknownEntity(str(several), closest=closest)


def choose(open_map: OpenMap, entity: dict, level: float | None) -> tuple[str, str | None]:
    """The perturbation to ask about, and why this concentration where none was given."""
    rows = open_map.map.rows_of_entity[entity["entity"]]
    own = open_map.map.perturbations.iloc[rows]
    levels = own["concentration"].to_numpy()
    if level is None:
        if len(own) == 1:
            return own["perturbation"].iat[0], None
        best = queries.best_concentration(open_map.key, entity["entity"])
        return best["perturbation"], best["why"]
    match = np.flatnonzero(np.isclose(levels, level, rtol=1e-6, atol=0))
    if not len(match):
        known = ", ".join(concentration(x) for x in levels if x == x)
        there = f"it has {known} uM" if known else f"a {entity['kind']} on this map has no concentration"
        raise UnknownEntity(f"'{entity['label']}' has no vector at {level:g} uM; {there}")
    return own["perturbation"].iat[int(match[0])], None


def listed(frame: pd.DataFrame, *, opposite: bool) -> pd.DataFrame:
    """The most similar first, or the most opposite first, what is not ranked last; the other side is left out."""
    side = frame[frame["cosine"] < 0] if opposite else frame[frame["cosine"] > 0]
    side = side.assign(ranked=side["rank"].notna()).sort_values(
        ["ranked", "cosine"], ascending=[False, opposite], kind="stable", ignore_index=True
    )
    return side.drop(columns="ranked")


def document(
    open_map: OpenMap, query: pd.Series, frame: pd.DataFrame, *, why: str | None, kind: str, opposite: bool
) -> dict:
    """The answer as plain values."""
    columns = ["rank", "label", "slug", "cosine", "score", "n", "active", "n_wells"]
    columns += ["concentration"] if kind == "compound" else []
    rows = frame[columns].astype(object).where(frame[columns].notna(), None).to_dict("records")
    for row in rows:
        row |= {c: round(float(row[c]), 6) for c in ("cosine", "score") if row[c] is not None}
    return {
        "map": open_map.map.name,
        "build": open_map.map.build,
        "simulated": open_map.map.simulated,
        "query": {
            "perturbation": query["perturbation"],
            "label": query["label"],
            "kind": query["kind"],
            "concentration": None if pd.isna(query["concentration"]) else float(query["concentration"]),
            "why": why,
            "active": _active(query),
            "relative_count": None if pd.isna(query["relative_count"]) else round(float(query["relative_count"]), 4),
            "n_wells": int(query["n_wells"]),
        },
        "similarity": queries.similarity(open_map.key)["long"],
        "kind": kind,
        "opposite": opposite,
        "neighbours": rows,
    }


def text(
    open_map: OpenMap, query: pd.Series, frame: pd.DataFrame, *, why: str | None, kind: str, opposite: bool
) -> str:
    """The answer as a table, below a sentence on what was asked."""
    name = query["label"] + (f" at {concentration(query['concentration'])} uM" if query["concentration"] >= 0 else "")
    simulated = " (simulated)" if open_map.map.simulated else ""
    asked = (
        f"{kind.capitalize()}s most {'opposite' if opposite else 'similar'} to {name} on {open_map.map.name}{simulated}"
    )
    lines = [asked + (f", {why}" if why else "")]
    active = _active(query)
    if active is False:
        lines.append(
            f"{name} is not active: its wells agree no more than controls do, so its neighbours may be chance."
        )
    elif active is None:
        lines.append(f"Whether {name} is active is not tested on this map.")
    if query[["toxic"]].eq(True).all():
        cells = 100 * query["relative_count"]
        lines.append(f"{name} is toxic by count: its wells hold {cells:.0f} % of the cells of controls.")
    if frame.empty:
        return "\n".join([*lines, f"No {kind} has a {'negative' if opposite else 'positive'} similarity to it."])
    named = queries.similarity(open_map.key)
    headings = ["rank", "label", named["short"], "score", *(["uM"] if kind == "compound" else [])]
    rows = [
        ["-" if pd.isna(r.rank) else str(r.rank), r.label, fixed(r.cosine, 3), fixed(r.score, 1)]
        + ([concentration(r.concentration)] if kind == "compound" else [])
        for r in frame.itertuples()
    ]
    ranked = f"rank and score: by |{named['short']}| among {frame['n'].iat[0]:,} {kind}s"
    if frame["rank"].isna().any():
        ranked += "; those without are nowhere active, or toxic wherever they are"
    ranked += "" if named["short"] == named["long"] else f"; it is {named['long']}"
    return "\n".join([*lines, "", table(headings, rows), "", ranked])


def _active(query: pd.Series) -> bool | None:
    return None if pd.isna(query["active"]) or pd.isna(query["q"]) else bool(query["active"])
