"""Reports as text: aligned tables, lists of facts, and plain JSON."""

from __future__ import annotations

import json
import math
import textwrap
from collections.abc import Sequence

WIDTH = 110


def print_json(document: dict) -> None:
    """One JSON document on stdout; a number that is not finite is null."""
    print(json.dumps(finite(document), ensure_ascii=False, indent=1, allow_nan=False))


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns side by side, two spaces apart: numbers to the right, text to the left."""
    columns = list(zip(headings, *rows, strict=True)) if rows else [(h,) for h in headings]
    widths = [max(map(len, column)) for column in columns]
    numeric = [all(_is_number(cell) for cell in column[1:]) for column in columns]
    lines = []
    for cells in (headings, *rows):
        parts = [c.rjust(w) if right else c.ljust(w) for c, w, right in zip(cells, widths, numeric, strict=True)]
        lines.append("  ".join(parts).rstrip())
    return "\n".join(lines)


def facts(pairs: Sequence[tuple[str, str]]) -> str:
    """Names and values in two columns; long values are wrapped beside their name."""
    margin = max(len(name) for name, _ in pairs) + 2
    lines = []
    for name, value in pairs:
        wrapped = textwrap.wrap(value, WIDTH - margin, break_long_words=False, break_on_hyphens=False) or [""]
        lines += [name.ljust(margin) + wrapped[0], *(" " * margin + line for line in wrapped[1:])]
    return "\n".join(line.rstrip() for line in lines)


def fixed(value: float | None, places: int) -> str:
    """A number with fixed decimals; `-` where there is none."""
    return "-" if value is None or value != value else f"{value:.{places}f}"


def concentration(value: float | None) -> str:
    """uM as people write it: `0.0025`, `10`."""
    return "-" if value is None or value != value else f"{value:.6g}"


def _is_number(cell: str) -> bool:
    return cell == "-" or cell.replace(",", "").replace(".", "").lstrip("+-").isdigit()


def finite(value: object) -> object:
    """A document with null in place of every number that is not finite."""
    if isinstance(value, dict):
        return {str(k): finite(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [finite(v) for v in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
