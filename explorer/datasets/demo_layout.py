"""Where each perturbation of the demo screen sits: experiment, plate, address, guide, concentration.

The design is that of RxRx3: six guides a gene, two experiments a gene, one experiment a compound, sixteen empty wells
a plate, and six knockouts that are in every gene experiment.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from explorer.datasets.demo_truth import CONCENTRATIONS, IN_EVERY_EXPERIMENT, DemoSource

GUIDES = 6
WELLS_PER_GUIDE = 3
GENE_EXPERIMENTS, GENE_PLATES = 10, 9
COMPOUND_EXPERIMENTS, COMPOUND_PLATES = 4, 12
REPLICATES = 4
EMPTY_WELLS, CRISPR_WELLS = 16, 4

_ROWS = [*(chr(65 + i) for i in range(26)), *(f"A{chr(65 + i)}" for i in range(6))]
_ADDRESSES = np.array([f"{row}{column:02d}" for row in _ROWS for column in range(1, 49)])


def demo_layout(tables: DemoSource, *, rng: np.random.Generator) -> pd.DataFrame:
    """Lay the screen out.

    Parameters
    ----------
    tables : DemoSource
    rng : numpy Generator

    Returns
    -------
    DataFrame, one row a well
        `well, experiment, plate, kind, label, guide, concentration` of the profiles, and `perturbation`: the label, for
        compounds with `@` and the concentration in uM.
    """
    blocks = [
        _genes(tables.genes["symbol"].to_numpy(), rng),
        _compounds(tables.compounds["name"].to_numpy(), rng),
        _controls("gene", GENE_EXPERIMENTS, GENE_PLATES, {"EMPTY_control": EMPTY_WELLS}),
        _controls(
            "compound",
            COMPOUND_EXPERIMENTS,
            COMPOUND_PLATES,
            {"EMPTY_control": EMPTY_WELLS, "CRISPR_control": CRISPR_WELLS},
        ),
    ]
    wells = pd.concat(blocks, ignore_index=True)
    wells = wells.iloc[rng.permutation(len(wells))].sort_values(["experiment", "plate"], kind="stable")
    place = wells.groupby(["experiment", "plate"], sort=False).cumcount().to_numpy()
    address = np.concatenate(
        [
            np.sort(rng.choice(len(_ADDRESSES), size, replace=False))
            for size in np.diff(np.append(np.flatnonzero(place == 0), len(place)))
        ]
    )
    plate = wells["plate"].astype(str)
    wells = wells.assign(plate=plate, well=wells["experiment"] + "_" + plate + "_" + _ADDRESSES[address])
    categories = dict.fromkeys(("experiment", "plate", "kind", "label", "guide"), "category")
    return wells.astype(categories).reset_index(drop=True)


def concentration_label(label: str, concentration: float) -> str:
    """Name of a compound at one concentration, such as `bortezomib@0.025`."""
    return f"{label}@{concentration:g}"


def _genes(symbols: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    everywhere = np.isin(symbols, IN_EVERY_EXPERIMENT)
    order = rng.permutation(symbols[~everywhere])
    first = np.arange(len(order)) % GENE_EXPERIMENTS
    second = (first + 1 + (np.arange(len(order)) // GENE_EXPERIMENTS) % (GENE_EXPERIMENTS - 1)) % GENE_EXPERIMENTS
    guide, well = (axis.ravel() for axis in np.indices((GUIDES, WELLS_PER_GUIDE)))
    in_second = (well == 1) | ((well == 2) & (guide % 2 == 1))
    place = np.where(in_second, np.cumsum(in_second), np.cumsum(~in_second)) - 1
    experiment = np.where(in_second, second[:, None], first[:, None])
    plate = (place + np.arange(len(order))[:, None]) % GENE_PLATES
    ordinary = _gene_block(order, experiment, plate, np.tile(guide, (len(order), 1)))

    labels = symbols[everywhere]
    guide, experiment, well = (axis.ravel() for axis in np.indices((GUIDES, GENE_EXPERIMENTS, 2)))
    shape = (len(labels), len(guide))
    plate = (guide * 2 + well + np.arange(len(labels))[:, None]) % GENE_PLATES
    common = _gene_block(labels, np.broadcast_to(experiment, shape), plate, np.broadcast_to(guide, shape))
    return pd.concat([ordinary, common])


def _gene_block(labels: np.ndarray, experiment: np.ndarray, plate: np.ndarray, guide: np.ndarray) -> pd.DataFrame:
    label = np.repeat(labels, guide.shape[1])
    return pd.DataFrame(
        {
            "experiment": _experiment_names("gene", experiment.ravel()),
            "plate": plate.ravel() + 1,
            "kind": "gene",
            "label": label,
            "guide": pd.Series(label) + "_guide_" + pd.Series(guide.ravel() + 1).astype(str),
            "concentration": np.nan,
            "perturbation": label,
        }
    )


def _compounds(names: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    order = rng.permutation(names)
    compound, level, replicate = (axis.ravel() for axis in np.indices((len(order), len(CONCENTRATIONS), REPLICATES)))
    concentration = np.array(CONCENTRATIONS)[level]
    plate = (compound // COMPOUND_EXPERIMENTS + replicate * (COMPOUND_PLATES // REPLICATES)) % COMPOUND_PLATES
    label = order[compound]
    return pd.DataFrame(
        {
            "experiment": _experiment_names("compound", compound % COMPOUND_EXPERIMENTS),
            "plate": plate + 1,
            "kind": "compound",
            "label": label,
            "guide": None,
            "concentration": concentration,
            "perturbation": [concentration_label(*pair) for pair in zip(label, concentration, strict=True)],
        }
    )


def _controls(kind: str, experiments: int, plates: int, wells: dict[str, int]) -> pd.DataFrame:
    names = np.repeat(list(wells), list(wells.values()))
    experiment, plate, well = (axis.ravel() for axis in np.indices((experiments, plates, len(names))))
    return pd.DataFrame(
        {
            "experiment": _experiment_names(kind, experiment),
            "plate": plate + 1,
            "kind": "control",
            "label": names[well],
            "guide": None,
            "concentration": np.nan,
            "perturbation": names[well],
        }
    )


def _experiment_names(kind: str, codes: np.ndarray) -> np.ndarray:
    return np.array([f"{kind}-{code + 1:03d}" for code in range(codes.max() + 1)])[codes]
