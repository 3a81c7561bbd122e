"""Record what efaar-benchmarking 1.0 makes of a small random screen, so that every test run can hold ours against it.

Run by hand in an environment of its own, with the package fetched alone (its dependencies torch and scvi are heavy and
not needed by the functions recorded here; scvi is stood in for):

    python -m venv /tmp/yardstick
    /tmp/yardstick/bin/pip install --no-deps efaar-benchmarking==1.0
    /tmp/yardstick/bin/pip install numpy pandas scipy scikit-learn
    /tmp/yardstick/bin/python tests/maps/record_parity.py
"""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import numpy as np

FOLDER = Path(__file__).parent / "parity"
BATCHES, WELLS, CONTROLS, DIMENSIONS, PERTURBATIONS = 6, 30, 14, 12, 9
SEED = 20240417


def screen() -> dict[str, np.ndarray]:
    """A correlated random screen with batch offsets and batch scales, wells of the batches interleaved."""
    rng = np.random.default_rng(SEED)
    mixing = rng.normal(size=(DIMENSIONS, DIMENSIONS))
    offsets = rng.normal(size=(BATCHES, DIMENSIONS)) * 3
    scales = rng.uniform(0.5, 2, size=(BATCHES, DIMENSIONS))
    batches = np.repeat(np.arange(BATCHES), WELLS)
    groups = np.tile(np.concatenate([np.full(CONTROLS, -1), np.arange(WELLS - CONTROLS) % PERTURBATIONS]), BATCHES)
    effects = np.vstack([rng.normal(size=(PERTURBATIONS, DIMENSIONS)), np.zeros((1, DIMENSIONS))])
    noise = rng.normal(size=(len(batches), DIMENSIONS)) @ mixing
    features = offsets[batches] + scales[batches] * (noise + effects[groups])
    order = rng.permutation(len(batches))
    return {"features": features[order], "batches": batches[order], "groups": groups[order]}


def main() -> None:
    """Write one `.npz` for the input and each step."""
    stand_in = ModuleType("scvi")
    stand_in.model = ModuleType("scvi.model")
    stand_in.model.SCVI = None
    sys.modules.update({"scvi": stand_in, "scvi.model": stand_in.model})

    import pandas as pd
    from efaar_benchmarking import efaar
    from sklearn.decomposition import PCA

    made = screen()
    features = made["features"]
    metadata = pd.DataFrame({"batch": made["batches"], "pert": [f"p{code:02d}" for code in made["groups"]]})
    metadata.loc[made["groups"] < 0, "pert"] = "control"
    controls = (made["groups"] < 0).astype(bool)
    named = (metadata, "pert", "control")

    rotated = PCA().fit(features[controls]).transform(features)
    wide = features[np.flatnonzero(controls)[: DIMENSIONS // 2]]
    pooled = efaar.aggregate(features, metadata, "pert", keys_to_remove=["control"])
    middle = efaar.aggregate(features, metadata, "pert", keys_to_remove=["control"], method="median")
    FOLDER.mkdir(exist_ok=True)
    np.savez_compressed(FOLDER / "screen.npz", **made)
    np.savez_compressed(
        FOLDER / "aligned.npz",
        centerscale=efaar.centerscale_on_controls(features, *named, batch_col="batch"),
        centerscale_together=efaar.centerscale_on_controls(features, *named),
        pca=rotated,
        pca_few_controls=PCA().fit(wide).transform(features),
        pca_cs=efaar.centerscale_on_controls(rotated, *named, batch_col="batch"),
        tvn=efaar.tvn_on_controls(features, *named, batch_col="batch"),
        tvn_together=efaar.tvn_on_controls(features, *named),
    )
    np.savez_compressed(FOLDER / "aggregated.npz", mean=pooled.features.to_numpy(), median=middle.features.to_numpy())


if __name__ == "__main__":
    main()
