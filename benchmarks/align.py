"""What `--align auto` sees on real screens, what it takes, and what each alignment then finds of the biology.

    python benchmarks/align.py DATA

DATA is the folder of the real tables. Columns: retrieval of replicates elsewhere (0.5 by chance), how far behind the
best and the standard error of that, spread of held-out controls, and the outcome, which has no part in the choice:
nearest neighbour of another compound with the same mechanism (bbbc021, lincs) or class of injury (injury); mean
percentile of a compound's target among the knockouts (cpjump1); chance that two compounds of one target are more alike
than two others (cpjump1-csn). The demo is simulated and has no outcome here.

The form of the rule (three standard errors, the half that stands out, spreads within a quarter) was settled with the
outcomes of bbbc021, injury and cpjump1 in view, so on these the last column is no independent test of it.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import sys
import time
from pathlib import Path

import numpy as np

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPOSITORY))

from explorer.datasets.demo import simulate_demo  # noqa: E402
from explorer.maps.choose_alignment import CANDIDATES, WITHOUT_CONTROLS  # noqa: E402
from tests.real.alignment_outcomes import SCREENS, Screen, read_screen  # noqa: E402


def main() -> None:
    """Print the table."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("data", type=Path)
    data = asked.parse_args().data
    print(f"{'screen':24} {'method':20} retrieval  behind  error  spread  outcome")
    for name in SCREENS:
        table(read_screen(name, data))
    table(Screen("demo", data, simulate_demo()))


def table(screen: Screen) -> None:
    """The lines of one screen; the chosen method is marked."""
    began = time.monotonic()
    choice = screen.choose()
    took = time.monotonic() - began
    tried = {line["method"]: line for line in choice.tried}
    for method in CANDIDATES if screen.wells["controls"].any() else WITHOUT_CONTROLS:
        line = tried.get(method, {})
        cells = [number(line.get(key)) for key in ("retrieval", "behind_best", "error", "control_spread")]
        mark = "*" if method == choice.method else ""
        outcome = number(screen.outcome(method))
        print(
            f"{screen.name:24} {method + mark:20} {cells[0]:>9} {cells[1]:>7} {cells[2]:>6} {cells[3]:>7} {outcome:>8}"
        )
    print(f"  {choice.why}; {took:.1f} s", flush=True)


def number(value: float | None) -> str:
    """Three or four digits, or a dash."""
    return "-" if value is None or not np.isfinite(value) else f"{value:.4f}".rstrip("0").ljust(5, "0")


if __name__ == "__main__":
    main()
