"""What a number of a similarity table rests on, in a tooltip: its null, its n and its unit.

`grounds` is what `queries.grounds` tells of a map; without it only the rule is said.
"""

from __future__ import annotations

from collections.abc import Mapping

from explorer.figures import words

STRONGEST = "Concentration in µM where it is strongest, of those that are active and not toxic by count"
ARM = "Chromosome arm of the gene. A cut can look like its neighbours on the arm: such pairs are marked"
LINK = (
    "What is known between the gene and any annotated target of the compound, for genes that pass q ≤ 0.05. known: a "
    "source lists the pair; co-listed, weak: only a set of over 100 members; new: no loaded source lists it; none: the "
    "compound has no annotated target. A candidate, no proof of binding"
)


def called(grounds: Mapping | None) -> words.Similarity:
    """What the similarity of the map is called."""
    return words.Similarity(**grounds["similarity"]) if grounds else words.COSINE


def similarity(grounds: Mapping | None) -> str:
    """The similarity itself, and where the cut-offs of this map lie."""
    name = called(grounds)
    what = f"{name.long.capitalize()} of two mean vectors, −1 (opposite) to 1 (the same), no unit"
    return f"{what}. {cutoffs(grounds)}" if grounds else what


def cutoffs(grounds: Mapping) -> str:
    """The percentile presets of the map, in one sentence."""
    if not grounds["presets"]:
        return f"Too few pairs of genes ({grounds['pairs']:,}) for cut-offs of this map"
    shares = {"loose": "5 %", "default": "1 %", "strict": "0.1 %"}
    beyond = [
        f"{shares[name]} ({name}) below {words.cosine(low)} and above {words.cosine(high)}"
        for name, (low, high) in grounds["presets"].items()
    ]
    return f"Cut-offs of this map, of {grounds['pairs']:,} pairs of genes: {', '.join(beyond)}"


def cutoff_line(grounds: Mapping) -> str:
    """The default cut-off, short enough to stand under a title."""
    if "default" not in grounds["presets"]:
        return ""
    low, high = grounds["presets"]["default"]
    return f" 1 % of gene pairs lie above {words.cosine(high)}, 1 % below {words.cosine(low)}."


def score(many: str, grounds: Mapping | None) -> str:
    """Map score: a percentile, not a test."""
    among = f"the {grounds[many]:,} {many} of this map" if grounds and many in grounds else f"all {many} compared"
    signed = f"signed percentile of {called(grounds).strength}, −100 to 100 %"
    return f"Map score: {signed}, among {among}. It compares within this query only and has no null; see q"


def rank(many: str, grounds: Mapping | None) -> str:
    """Rank, both signs together."""
    among = f"{grounds[many]:,} {many}" if grounds else f"all {many} compared"
    return f"1 for the strongest {called(grounds).strength} among {among}, similar and opposite together"


def q(many: str, grounds: Mapping | None) -> str:
    """Significance: which null, how many draws, which family."""
    kind = "compound" if many == "compounds" else "gene"
    drawn = f"{grounds['draws'][kind]:,} " if grounds and grounds["draws"][kind] else ""
    null = f"{drawn}pseudo-perturbations of as many control wells as the query has"
    if many == "compounds":
        null = f"{drawn}pseudo-perturbations of as many control wells as the compound has, looked at as often"
    return (
        f"q: share of false ones among the rows up to here (Benjamini-Hochberg over this table); p two-sided by {null}"
    )


def safe(safe_at: Mapping) -> str:
    """Where the highest non-toxic concentration lies, and by what toxicity is told."""
    by = "cell counts" if safe_at["by"] == "count" else "the toxicity-like proxy"
    toxic = (
        f"toxic from {words.concentration(safe_at['toxic'])} µM" if safe_at["toxic"] else "no concentration is toxic"
    )
    at = words.concentration(safe_at["concentration"])
    return f"at {at} µM, the highest tested concentration that is not toxic ({toxic} by {by})"
