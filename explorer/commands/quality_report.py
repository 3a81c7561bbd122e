"""What `keyhole check` says of the quality of a map, as text, and where it keeps it."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

from explorer.commands.report import finite, fixed, table
from explorer.maps.perturbation_map import CURRENT, PerturbationMap

_NOT_FOUND = {
    "recall": "Recall: not measured; name known relationships with --relationships, see the README.",
    "proximity_bias": "Proximity bias: not measured; too few genes have a chromosome arm, see `keyhole build --arms`.",
    "target_signal": "Compound-to-target signal: not measured; too few compounds have a target among the named genes.",
    "replicate_retrieval": "Replicate retrieval: not measured; under ten compound-concentrations have two wells.",
    "drug_target": "Drug-target benchmark: not measured; no compound has an annotated target among the named genes.",
}


def text(found: Mapping[str, object]) -> str:
    """Tables of what was measured, and a sentence for what was not; `served` is the relation of the map."""
    parts = [] if found["relate"] == "cosine" else [f"served: rows related by {found['relate']}, as pages show them"]
    told_by = {"recall": _recall, "proximity_bias": _proximity_bias, "target_signal": _target_signal}
    told_by |= {"drug_target": _drug_target, "replicate_retrieval": _replicate_retrieval}
    for name, told in told_by.items():
        parts.append(_NOT_FOUND[name] if found[name] is None else told(found[name]))
    return "\n\n".join(parts)


def stored_at(m: PerturbationMap) -> Path | None:
    """Where the result for a build is kept: in the map's root, beside the build; None for a build without a root."""
    return m.folder.parent / f"check-{m.build}.json" if (m.folder.parent / CURRENT).is_symlink() else None


def store(m: PerturbationMap, found: Mapping[str, object]) -> Path | None:
    """Keep a result and return its file; a recall that was measured before stays where none was measured now.

    None where it cannot be kept: the map has no root, or its root cannot be written.
    """
    file = stored_at(m)
    if file is None:
        return None
    kept = {"build": m.build, "map": m.name, **found}
    if kept["recall"] is None:
        kept["recall"] = _recall_before(file)
    temporary = file.with_name(f".{file.name}-{os.getpid()}")
    try:
        temporary.write_text(json.dumps(finite(kept), indent=1, allow_nan=False) + "\n", encoding="utf-8")
        os.replace(temporary, file)
    except OSError:
        return None
    return file


def _recall_before(file: Path) -> object:
    try:
        return json.loads(file.read_text(encoding="utf-8")).get("recall")
    except (OSError, ValueError, AttributeError, RecursionError):
        return None


def _ways(found: Mapping[str, object]) -> list[str]:
    return [way for way in ("cosine", "served") if way in found]


def _recall(found: Mapping) -> str:
    numbers = ("recall_05", "random_05", "p_05", "matched_05", "recall_10", "random_10", "p_10")
    rows = [
        [of[0]["source"], f"{of[0]['pairs']:,}", way, *(fixed(one[n], 3) for n in numbers)]
        for of in zip(*(found[way] for way in _ways(found)), strict=True)
        for way, one in zip(_ways(found), of, strict=True)
    ]
    headings = ["source", "pairs", "relate", "5/95", "random", "p", "matched", "10/90", "random", "p"]
    names = list(dict.fromkeys(name for of in found["anchors"].values() for name in of))
    anchors = [[who, *(fixed(of.get(n), 3) for n in names)] for who, of in found["anchors"].items()]
    return (
        f"Recall of known relationships among {found['genes']:,} named genes; random: as many random pairs;\n"
        "matched: pairs in which every gene keeps its number of partners\n"
        f"{table(headings, rows)}\n\nPublished recall 5/95 on RxRx3-core, another screen, to compare with\n"
        f"{table(['embedding', *names], anchors)}"
    )


def _proximity_bias(found: Mapping) -> str:
    rows = [
        [way, fixed(of["within"], 3), fixed(of["between"], 3), fixed(of["p"], 3), "yes" if of["excess"] else "no"]
        for way, of in ((w, found[w]) for w in _ways(found))
    ]
    headings = ["relate", "same arm", "other arms", "p", "excess"]
    return f"Proximity bias: mean similarity of {found['genes']:,} genes with a known arm\n{table(headings, rows)}"


def _drug_target(found: Mapping) -> str:
    numbers = ("ap", "random_ap", "auc", "random_auc")
    ways = {way: found[way] for way in _ways(found)}
    rows = [[way, f"{of['compounds']:,}", *(fixed(of[n], 3) for n in numbers)] for way, of in ways.items()]
    rows += [[f"published: {who}", "-", *(fixed(of[n], 3) for n in numbers)] for who, of in found["anchors"].items()]
    headings = ["relate", "compounds", "AP", "random", "ROC-AUC", "random"]
    return f"Do compounds look like the knockouts of their targets, |similarity|\n{table(headings, rows)}"


def _target_signal(found: Mapping) -> str:
    numbers = ("targets", "others", "p", "percentile", "p_percentile")
    rows = [
        [which, way, f"{of['pairs']:,}", f"{of['genes']:,}", *(_p_or_fixed(n, of[n]) for n in numbers)]
        for which in ("main", "every")
        for way, of in ((way, found[way][which]) for way in _ways(found))
    ]
    headings = ["target", "relate", "pairs", "genes", "to target", "to others", "p", "percentile", "p"]
    at = "mean over active, non-toxic concentrations" if found["active_only"] else "activity not tested: all taken"
    return (
        f"Compound-to-target signal: signed similarity of {found['compounds']:,} compounds to the knockouts of\n"
        f"their targets, and to those of the targets of others ({at});\n"
        "p two-sided, by shuffling targets among compounds 9,999 times; percentile .5 by chance\n"
        f"{table(headings, rows)}"
    )


def _replicate_retrieval(found: Mapping) -> str:
    said = (
        f"Replicate retrieval of {found['perturbations']:,} compounds at a concentration with at least two wells, as "
        "served\n(wells of knockouts are not kept): mean reciprocal rank of one half of the wells among the other\n"
        f"halves of all {fixed(found['mrr'], 3)}, by chance {fixed(found['random_mrr'], 3)}"
    )
    if found["beaten"] is None:
        return f"{said};\ntheir replicates share a plate, so that plate effects help"
    beaten = f"a replicate beats {fixed(found['beaten'], 3)} of the other perturbations of both plates, by chance .5"
    return f"{said};\nof {found['on_several_plates']:,} on several plates, {beaten}"


def _p_or_fixed(name: str, value: float) -> str:
    return f"{value:.2g}" if name.startswith("p_") or name == "p" else fixed(value, 3)
