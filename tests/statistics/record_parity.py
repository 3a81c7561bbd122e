"""Record what efaar-benchmarking 1.0 makes of replicate wells, so that every test run can hold ours against it.

Run by hand in an environment of its own; the energy distance of that package needs torch and geomloss:

    python -m venv /tmp/yardstick
    /tmp/yardstick/bin/pip install --no-deps efaar-benchmarking==1.0
    /tmp/yardstick/bin/pip install numpy pandas scipy scikit-learn joblib torch geomloss
    /tmp/yardstick/bin/python tests/statistics/record_parity.py
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

FILE = Path(__file__).parent / "parity" / "replicates.npz"
SIZES = (1, 2, 4, 5, 8, 31, 60)
CONTROLS, DIMENSIONS = 150, 12
SEED = 20240418


def wells() -> dict[str, np.ndarray]:
    """Controls, and perturbations of several sizes with effects from none to strong and some with a wider spread."""
    rng = np.random.default_rng(SEED)
    mixing = rng.normal(size=(DIMENSIONS, DIMENSIONS))
    rows, groups = [rng.normal(size=(CONTROLS, DIMENSIONS)) @ mixing], [np.full(CONTROLS, -1)]
    for code, (size, effect) in enumerate((s, e) for s in SIZES for e in (0.0, 1.0, 4.0)):
        noise = rng.normal(size=(size, DIMENSIONS)) * (1 + effect / 4)
        rows.append(noise @ mixing + effect * rng.normal(size=DIMENSIONS))
        groups.append(np.full(size, code))
    return {"rows": np.concatenate(rows), "groups": np.concatenate(groups)}


def main() -> None:
    """Write the wells with the two metrics of each perturbation."""
    from efaar_benchmarking.benchmarking import pert_signal_consistency_metric, pert_signal_magnitude_metric

    made = wells()
    rows, groups = made["rows"], made["groups"]
    members = [rows[groups == code] for code in range(groups.max() + 1)]
    FILE.parent.mkdir(exist_ok=True)
    np.savez_compressed(
        FILE,
        **made,
        consistency=[pert_signal_consistency_metric(block) for block in members],
        energy=[pert_signal_magnitude_metric(block, rows[groups < 0]) for block in members],
    )


if __name__ == "__main__":
    main()
