"""What ADMET-AI predicts of a compound, out of the file beside the map; nothing is computed here.

Answers are not memoised: a row is looked up at once, and the file can appear or change under the same build.
"""

from __future__ import annotations

import math

from explorer.atlas import opened
from explorer.chemistry.admet_file import PREDICTIONS, Predictions
from explorer.chemistry.endpoints import CITATION, ENDPOINTS, LICENCE, MODEL, Endpoint


def admet(of_map: str, slug: str) -> dict:
    """The predictions for a compound.

    Returns
    -------
    dict
        `state`: "absent" (no file), "damaged", "no structure", "not predicted" (the structure is not in the file),
        "refused" or "predicted"; `why`: in words, where there is none; `rows`: an endpoint each that is not hidden,
        with `key`, `label`, `unit`, `kind`, `group`, `metric`, `score`, `value`, and `limit`: the end of the possible
        range that the value lies beyond, or None; `nearest`: Tanimoto similarity to the nearest of `drugs` approved
        drugs, or None; `made_by` and `date`: which version, and when.
    """
    open_map = opened(of_map)
    found = open_map.predictions
    key = open_map.map.entities["smiles"].iat[open_map.entity_rows[f"compound:{slug}"]]
    if found is None:
        return _none("absent")
    if found.problem:
        return _none("damaged", f"{PREDICTIONS}: {found.problem}")
    if not key:
        return _none("no structure", "No readable structure: nothing can be predicted.")
    if key not in found.frame.index:
        return _none("not predicted", f"This structure is not in {PREDICTIONS}; run `keyhole chem admet` again.")
    row = found.frame.loc[key]
    if row["refused"]:
        return _none("refused", f"Not predicted: {row['refused'][:200]}.")
    near = float(row["nearest"])
    return {
        "state": "predicted",
        "why": "",
        "rows": [
            {name: getattr(e, name) for name in ("key", "label", "unit", "kind", "group", "metric", "score")}
            | {"value": float(row[e.key]), "limit": _limit(e, float(row[e.key]))}
            for e in ENDPOINTS
            if not e.hidden
        ],
        "nearest": None if math.isnan(near) else near,
        "drugs": _drugs(found),
        "made_by": f"version {_version(found)}",
        "date": _text(found, "date"),
    }


def prediction_sources(of_map: str) -> list[dict]:
    """The file of predictions as a source of the Data page, with the keys of `annotation_sources`; empty without."""
    open_map = opened(of_map)
    found = open_map.predictions
    if found is None:
        return []
    source = {"file": str(PREDICTIONS), "kind": "predictions", "name": f"{MODEL}: predictions, not measured"}
    source |= {"problem": found.problem, "replaced_by": "", "unit": "structure"}
    if found.problem:
        return [source]
    here = open_map.map.entities["smiles"].isin(found.frame.index[found.frame["refused"] == ""])
    made = found.about["versions"]
    others = ", ".join(f"{name} {v}" for name, v in made.items() if name != "admet-ai")
    return [
        source
        | {
            "licence": LICENCE,
            "version": f"{MODEL} {_version(found)}, {_text(found, 'date')}",
            "citation": CITATION,
            "note": f"from structures alone; made with {others}"[:300],
            "n": int((found.frame["refused"] == "").sum()),
            "on_map": int(here.sum()),
        }
    ]


def _none(state: str, why: str = "") -> dict:
    return {"state": state, "why": why, "rows": [], "nearest": None, "drugs": None, "made_by": "", "date": ""}


def _limit(endpoint: Endpoint, value: float) -> float | None:
    if value < endpoint.low:
        return endpoint.low
    return endpoint.high if value > endpoint.high else None


def _version(found: Predictions) -> str:
    return str(found.about["versions"].get("admet-ai", "not given"))[:40]


def _text(found: Predictions, name: str) -> str:
    return str(found.about.get(name, "not given"))[:60]


def _drugs(found: Predictions) -> int | None:
    n = found.about.get("drugs")
    return n if isinstance(n, int) and n > 0 else None
