"""A small screen as a table, for tests of the command line: genes, compounds and controls in two batches."""

from pathlib import Path

import numpy as np
import pandas as pd

OPTIONS = [
    *("--label", "label", "--kind", "kind", "--control", "DMSO", "--control-col", "label", "--batch", "batch"),
    *("--concentration", "concentration", "--count", "cells", "--align", "centerscale", "--name", "Small screen"),
]

_EFFECTS = {"AAA": 1.0, "AAB": 1.0, "ZZZ": -1.0, "NIL": 0.0}


def small_screen(*, seed: int = 0) -> pd.DataFrame:
    """Two like genes, their opposite, one without effect, two compounds at two concentrations, and controls."""
    rng = np.random.default_rng(seed)
    direction = rng.normal(size=12) * 3
    rows = [("gene", gene, np.nan, effect) for gene, effect in _EFFECTS.items() for _ in range(8)]
    rows += [("compound", f"drug {n}", c, c) for n in ("one", "two") for c in (0.1, 1.0) for _ in range(8)]
    rows += [("control", "DMSO", np.nan, 0.0)] * 40
    table = pd.DataFrame(rows, columns=["kind", "label", "concentration", "effect"])
    features = rng.normal(size=(len(table), 12)) + table.pop("effect").to_numpy()[:, None] * direction
    table["batch"] = np.where(np.arange(len(table)) % 2, "b1", "b2")
    table["cells"] = 100
    return pd.concat([table, pd.DataFrame(features, columns=[f"f{i}" for i in range(12)])], axis=1)


def write_screen(path: Path, *, seed: int = 0) -> Path:
    """Write the screen as CSV and return the path."""
    small_screen(seed=seed).to_csv(path, index=False)
    return path
