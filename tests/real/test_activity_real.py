"""The activity gate on real plates: what is known to be mostly inactive is mostly called inactive."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import mannwhitneyu, spearmanr

from explorer.datasets.table import TableOptions, load_table
from explorer.maps.aggregation import aggregate, group_sums
from explorer.statistics.energy_distance import energy_distances, energy_null, energy_p, reference
from explorer.statistics.multiple_testing import q_values
from explorer.statistics.replicates import activity, replicate_null, unit


@pytest.fixture(scope="module")
def plate(real_data):
    """The LINCS plate as it comes, normalised; wells of one compound at its six concentrations are its replicates.

    Scaling it again by its 24 DMSO wells, which sit in one corner and three stretches of the plate, gives every other
    well a direction in common: then 71 % of the compounds have consistent wells, and those are no reproducible ones.
    """
    options = TableOptions(
        label="Metadata_broad_sample",
        kind_all="compound",
        concentration="Metadata_mmoles_per_liter",
        controls=("DMSO",),
        plate="Metadata_Plate",
        well="Metadata_Well",
    )
    profiles = load_table([real_data / "lincs_plate" / "SQ00015054_normalized_feature_select.csv.gz"], options=options)
    controls = (profiles.metadata["kind"] == "control").to_numpy()
    batches = np.zeros(len(controls), dtype=int)
    labels = profiles.metadata["label"].astype(str).to_numpy()
    names = np.unique(labels[~controls])
    groups = np.where(controls, -1, np.searchsorted(names, labels))
    return profiles.features.astype(float), groups, batches, names, published(real_data, names)


def published(real_data, names):
    """Replicate correlation of each compound over five plates, at its best concentration; NaN where it has none."""
    table = pd.read_csv(real_data / "lincs_plate" / "compound_activity_full.tsv", sep="\t")
    best = table.groupby("Metadata_broad_sample")["median_replicate_score_cellpainting"].max()
    return best.reindex(names).to_numpy()


def compared(active, known):
    """Median published correlation of active and of inactive compounds, and the p-value of a difference."""
    a, b = known[active & ~np.isnan(known)], known[~active & ~np.isnan(known)]
    return np.median(a), np.median(b), mannwhitneyu(a, b, alternative="greater").pvalue


def test_most_compounds_of_the_lincs_plate_are_inactive(plate):
    """Most compounds are not distinguishable from DMSO over their concentrations; the few are reproducible ones."""
    rows, groups, batches, names, known = plate
    sums, sizes = group_sums(unit(rows), groups, n_groups=len(names))
    means, _ = aggregate(rows, groups)
    controls = groups < 0
    null = replicate_null(rows[controls], batches[controls], sizes)
    table = activity(np.full(len(names), "compound"), sizes, sums, magnitude=np.linalg.norm(means, axis=1), null=null)
    active = table["active"].to_numpy()
    of_active, of_inactive, p = compared(active, known)
    print(
        f"LINCS plate, gate: {1 - active.mean():.2f} of {len(names)} compounds inactive; published replicate "
        f"correlation {of_active:.2f} of active, {of_inactive:.2f} of inactive (p {p:.1e})"
    )
    assert 0 < active.mean() < 0.3
    assert p < 0.05


def test_energy_distance_tells_the_reproducible_compounds(plate):
    """By energy distance, too, most are inactive, and it follows the published correlation."""
    rows, groups, batches, names, known = plate
    controls = groups < 0
    to = reference(rows[controls])
    distances = energy_distances(rows, groups, to, n_groups=len(names))
    sizes = np.bincount(groups[~controls])
    p = energy_p(distances, sizes, energy_null(rows[controls], batches[controls], sizes, to=to))
    active = q_values(p) <= 0.05
    of_active, of_inactive, difference = compared(active, known)
    rho = spearmanr(distances, known, nan_policy="omit").statistic
    print(
        f"LINCS plate, energy distance: {1 - active.mean():.2f} inactive; published replicate correlation "
        f"{of_active:.2f} of active, {of_inactive:.2f} of inactive (p {difference:.1e}); Spearman {rho:.2f}"
    )
    assert 0 < active.mean() < 0.4
    assert difference < 0.001
    assert rho > 0.4
