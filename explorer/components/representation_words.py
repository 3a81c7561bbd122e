"""What the Representations page calls each way to compare compounds, and the sentences that it says of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from explorer.figures import words

_NAMES = {"fingerprint": "Fingerprint", "cells": "Cells", "minimol": "MiniMol"}
HOW = {
    "fingerprint": "Tanimoto similarity of Morgan bits, 0 to 1",
    "minimol": "Cosine similarity of learned embeddings; nearly all are high, so read the rank",
    "cells": "Similarity of the map, each at its strongest reliable concentration",
}
COMMAND = "keyhole chem embed"


def way_name(way: str) -> str:
    """A way to compare as it is written: `Fingerprint`, `Cells`, or the name of a learned table."""
    return _NAMES.get(way, way)


def way_means(way: str) -> str:
    """What the number of a way is."""
    return HOW.get(way, "Cosine similarity of learned embeddings, −1 to 1")


def overlap_said(one: Mapping) -> str:
    """`5 of 10 the same, 0.8 by chance (p = 0.0002)`."""
    p = words.power(one["p"])
    expected = words.number(one["expected"], 1)
    return f"{one['shared']} of {one['size']} the same; {expected} by chance, p {'=' if p[0] != '<' else ''} {p}"


def answer_said(label: str, overlaps: Sequence[Mapping]) -> str:
    """One sentence that answers the page: how far the ways agree on who is nearest to a compound."""
    if not overlaps:
        return f"{label} cannot be compared by two ways here."
    parts = [f"{_lower(o['first'])} and {_lower(o['second'])} share {o['shared']}" for o in overlaps[:3]]
    size = overlaps[0]["size"]
    return f"Of the {size} compounds nearest to {label}, {'; '.join(parts)}."


def verdict_said(found: Mapping) -> str:
    """Which way finds shared targets best, if the intervals of the differences say that any does."""
    best = max(found["ways"], key=lambda w: w["mean"])
    gaps = []
    for d in found["differences"]:
        if best["way"] not in (d["first"], d["second"]):
            continue
        other = d["second"] if d["first"] == best["way"] else d["first"]
        sign = 1 if d["first"] == best["way"] else -1
        low, high = sorted((sign * d["low"], sign * d["high"]))
        clear = "clearly ahead of" if low > 0 else "not told apart from"
        gaps.append(
            f"{clear} {_lower(other)} (difference {words.number(sign * d['mean'], 2)}, 95 % "
            f"{words.number(low, 2)} to {words.number(high, 2)})"
        )
    return f"The mean is highest by {_lower(best['way'])}: {', '.join(gaps)}." if gaps else ""


def _lower(way: str) -> str:
    """The name of a way within a sentence."""
    return way if way in ("fingerprint", "cells") else way_name(way)
