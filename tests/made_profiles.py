"""Profiles for tests of the map build: wells listed one by one, or a small random screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from explorer.datasets.profiles import Profiles, ReadReport, entities_frame, metadata_frame, validate


def made_profiles(
    wells: Sequence[Mapping],
    features: np.ndarray,
    *,
    about: Mapping[tuple[str, str], Mapping] | None = None,
    report: ReadReport | None = None,
) -> Profiles:
    """Profiles of wells given as `{"kind", "label", ...}` with any other metadata column; `about` tells of entities."""

    def column(name: str, default: object = None) -> list:
        return [well.get(name, default) for well in wells]

    metadata = metadata_frame(
        well=[f"well-{i}" for i in range(len(wells))],
        kind=column("kind"),
        label=column("label"),
        experiment=column("experiment"),
        plate=column("plate"),
        guide=column("guide"),
        concentration=np.array(column("concentration", np.nan), dtype=float),
        cell_count=np.array(column("cell_count", np.nan), dtype=float),
    )
    pairs = sorted({(w["kind"], w["label"]) for w in wells if w["kind"] != "control"})
    rows = [{"kind": k, "label": x, **(about or {}).get((k, x), {})} for k, x in pairs]
    features = np.asarray(features, dtype=np.float32)
    return validate(Profiles(features, metadata, entities_frame(rows), report or ReadReport(rows=len(wells))))


def random_screen(
    seed: int,
    *,
    genes: int = 4,
    compounds: int = 3,
    concentrations: Sequence[float] = (0.1, 1.0),
    replicates: int = 4,
    controls: int = 20,
    dimensions: int = 6,
) -> Profiles:
    """A screen of two experiments with two plates each, in random order; every perturbation has its direction."""
    rng = np.random.default_rng(seed)
    kinds = [("gene", f"GENE{i}", np.nan) for i in range(genes)]
    kinds += [("compound", f"compound {i}", c) for i in range(compounds) for c in concentrations]
    listed = [(*kind, number) for kind in kinds for number in range(replicates)]
    listed += [("control", "DMSO", np.nan, number) for number in range(controls)]
    order = rng.permutation(len(listed))
    wells = [
        {
            "kind": kind,
            "label": label,
            "concentration": concentration,
            "experiment": f"experiment-{number % 2}",
            "plate": f"plate-{number // 2 % 2}",
            "guide": f"{label}-guide-{number % 2}" if kind == "gene" else None,
            "cell_count": 100.0 + number,
        }
        for kind, label, concentration, number in (listed[i] for i in order)
    ]
    directions = {key: rng.normal(size=dimensions) for key in kinds}
    planted = np.array(
        [3 * directions[listed[i][:3]] if listed[i][0] != "control" else np.zeros(dimensions) for i in order]
    )
    return made_profiles(wells, planted + rng.normal(size=(len(wells), dimensions)))
