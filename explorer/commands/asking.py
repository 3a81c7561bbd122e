"""Opening one map for a command, and the facts about it that several commands report."""

from __future__ import annotations

from explorer import atlas, queries
from explorer.atlas import OpenMap, open_atlas
from explorer.maps.perturbation_map import PerturbationMap


def ask(given: str) -> OpenMap:
    """Open and verify a map, and make it the one that queries answer from."""
    opened = open_atlas([given])
    atlas.use(opened)
    return opened.maps[opened.first]


def counts(open_map: OpenMap) -> dict:
    """What is in a map, as plain numbers, and the share of its perturbations that is active."""
    m, summary = open_map.map, queries.summary(open_map.key)
    return {
        "map": m.name,
        "build": m.build,
        "simulated": m.simulated,
        "genes": summary["genes"],
        "blinded_genes": summary["blinded"],
        "compounds": summary["compounds"],
        "structures": summary["structures"],
        "vectors": len(m.perturbations),
        "dimensions": int(m.features.shape[1]),
        "concentrations": summary["concentrations"],
        "wells": m.manifest["wells"],
        "control_wells": sum(m.manifest["controls"].values()),
        "experiments": m.manifest["experiments"],
        "activity": summary["activity"],
        "pooled_activity": summary["pooled"],
        "align": {"name": m.manifest["recipe"]["align"], **m.manifest.get("alignment_choice", {})},
        "relate": {"name": m.manifest["recipe"].get("relate", "cosine"), **m.manifest.get("relation", {})},
        "absent": summary["absent"],
        "rows_read": m.manifest["source"]["rows"],
        "dropped": m.manifest["source"]["dropped"],
        "notes": m.manifest["source"]["notes"],
    }


def told(found: dict) -> list[tuple[str, str]]:
    """The counts as pairs for `report.facts`."""
    pairs = [
        ("map", found["map"] + (" (simulated)" if found["simulated"] else "")),
        ("build", found["build"]),
        ("genes", f"{found['genes']:,}" + _also(found["blinded_genes"], "blinded")),
        ("compounds", f"{found['compounds']:,}" + _also(found["structures"], "with a structure")),
        ("vectors", f"{found['vectors']:,} of {found['dimensions']:,} dimensions"),
        ("concentrations", _span(found["concentrations"])),
        ("wells", f"{found['wells']:,}, {found['control_wells']:,} of them controls, in {experiments(found)}"),
    ]
    pairs += [
        (
            f"active {kind}s",
            f"{share['active']:,} of {share['n']:,} tested ({100 * share['active'] / share['n']:.1f} %)",
        )
        for kind, share in found["activity"].items()
        if share["n"]
    ]
    pooled = found["pooled_activity"]
    if pooled["n"]:
        text = (
            f"{pooled['active']:,} of {pooled['n']:,} compounds whose concentrations are single wells are active over"
        )
        share = f"{100 * (1 - pooled['active'] / pooled['n']):.0f}"
        pairs += [("pooled", f"{text} all their wells together; {share} % are not told from controls")]
    pairs += [("aligned by", found["align"]["why"])] if "why" in found["align"] else []
    pairs += [("related by", found["relate"]["why"])] if "why" in found["relate"] else []
    pairs += [
        ("dropped", f"{rows:,} row{'s' if rows > 1 else ''}: {reason}") for reason, rows in found["dropped"].items()
    ]
    pairs += [("note", note) for note in found["notes"]]
    return pairs + [("absent", sentence) for sentence in found["absent"]]


def experiments(found: dict) -> str:
    """`1 experiment`, `180 experiments`."""
    return f"{found['experiments']:,} experiment{'' if found['experiments'] == 1 else 's'}"


def recipe(m: PerturbationMap) -> str:
    """How a map was made, in a line."""
    made = m.manifest["recipe"]
    guides = ", guides first" if made["by_guide"] else ""
    relate = f", relate {made['relate']}" if "relate" in made else ""
    return f"align {made['align']}, aggregate {made['aggregate']}{guides}, seed {made['seed']}{relate}"


def _also(number: int, what: str) -> str:
    return f" ({number:,} {what})" if number else ""


def _span(levels: list[float]) -> str:
    if not levels:
        return "none"
    return f"{len(levels)}: {', '.join(f'{x:.6g}' for x in levels[:12])}{', ...' if len(levels) > 12 else ''} uM"
