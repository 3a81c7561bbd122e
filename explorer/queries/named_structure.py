"""A structure that stands among names: the compound that it is, or the nearest ones, or the mistake in it."""

from __future__ import annotations

import numpy as np

from explorer.atlas import opened
from explorer.chemistry.typed import mistake
from explorer.errors import InputError
from explorer.queries.rows import memo
from explorer.queries.structure import tanimoto_to, typed_structure

#: Nearest compounds that are named where the structure itself is not on the map.
NEAREST = 3
_LONGEST = 2000


@memo
def named_structure(of_map: str, smiles: str) -> dict:
    """What a SMILES or CXSMILES is on this map, or why it cannot be read.

    Returns
    -------
    dict
        `readable`; `position` of the mistake (1 = first character) or None; `message` in words; `inchikey`; `matches`,
        the compounds with this very structure (slug, label, entity), or with its skeleton where there is none; `exact`;
        `nearest`, up to `NEAREST` compounds by Tanimoto similarity of ECFP4 (slug, label, tanimoto).
    """
    wrong = mistake(smiles) if 0 < len(smiles.strip()) <= _LONGEST else None
    if wrong:
        return _unreadable(f"{wrong[0]}, position {wrong[1]}", position=wrong[1])
    try:
        known = typed_structure(of_map, smiles)
    except InputError as e:
        return _unreadable(str(e))
    entities = opened(of_map).map.entities
    key, keys = known["inchikey"] or "?", entities["inchikey"]
    rows = [i for i, k in enumerate(keys) if k == key]
    exact = bool(rows)
    rows = rows or [i for i, k in enumerate(keys) if isinstance(k, str) and k.startswith(key[:14])]
    matches = [{c: str(entities[c].iat[i]) for c in ("slug", "label", "entity")} for i in rows[:5]]
    nearest = [] if matches else _nearest(of_map, smiles)
    answer = {"readable": True, "position": None, "inchikey": known["inchikey"], "exact": exact}
    return answer | {"matches": matches, "nearest": nearest, "message": _said(exact, matches, nearest)}


def _unreadable(what: str, *, position: int | None = None) -> dict:
    answer = {"readable": False, "position": position, "inchikey": None, "exact": False, "matches": [], "nearest": []}
    return answer | {"message": f"{what[0].upper()}{what[1:]}."}


def _said(exact: bool, matches: list[dict], nearest: list[dict]) -> str:
    if exact:
        return ""
    if matches:
        return "Its skeleton is on this map, with other stereochemistry or charge."
    if not nearest:
        return "This structure is not on this map, and no structure here is anything like it."
    best = nearest[0]
    return f"This structure is not on this map. Nearest: {best['label']}, Tanimoto {best['tanimoto']:.2f}."


def _nearest(of_map: str, smiles: str) -> list[dict]:
    similar = np.nan_to_num(tanimoto_to(of_map, smiles), nan=0.0)
    best = [int(i) for i in np.argsort(-similar, kind="stable")[:NEAREST] if similar[i] > 0]
    e = opened(of_map).map.entities
    return [{"slug": e["slug"].iat[i], "label": e["label"].iat[i], "tanimoto": float(similar[i])} for i in best]
