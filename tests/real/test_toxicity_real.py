"""Toxicity on a real screen with cell counts: the proxy, which sees profiles only, agrees with what was counted.

The screen has no knockouts. Its kill controls are compounds against what the kill knockouts hit, named beforehand:
bortezomib and carfilzomib (proteasome), puromycin and emetine (ribosome). They take no part in the comparison.
"""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import mannwhitneyu, spearmanr

from explorer.datasets.table import TableOptions, load_table
from explorer.maps.aggregation import aggregate
from explorer.maps.efaar import fit_alignment
from explorer.statistics.pseudo_perturbations import pseudo_vectors
from explorer.statistics.toxicity import (
    kill_signature,
    toxic_by_count,
    toxic_concentration,
    toxicity_like,
    viability,
)

KILL = {"Bortezomib", "Carfilzomib", "Puromycin", "Emetine"}
SIZES = (1, 2, 4, 8, 16, 32)


@pytest.fixture(scope="module")
def points(real_data):
    """One row a compound-concentration: counts, and the proxy."""
    options = TableOptions(
        label="Compound Name",
        kind_all="compound",
        concentration="Compound Concentration (microMolar)",
        batch="Experimental Condition [Experimental Batch]",
        plate="Plate",
        well="Well",
        control_col="Control Type",
        controls=("Negative",),
        count="Relative well cellcount",
        features="^(Cells|Cytoplasm|Nuclei)_",
    )
    profiles = load_table(sorted((real_data / "injury_dahlin").glob("*.csv.gz")), options=options)
    wells = profiles.metadata
    controls = (wells["kind"] == "control").to_numpy()
    batches, names = pd.factorize(wells["experiment"].astype(str), sort=True)
    fitted = fit_alignment(profiles.features, batches, controls, method="centerscale", batch_names=list(names))
    rows = fitted.apply(profiles.features, batches)
    treated = wells[~controls].astype({"label": str})
    grouped = treated.groupby(["label", "concentration"], sort=True)
    groups = np.full(len(wells), -1)
    groups[~controls] = grouped.ngroup()
    table = grouped.size().rename("n_wells").reset_index()
    means, _ = aggregate(rows, groups)
    counted = viability(wells["cell_count"].to_numpy(), wells["plate"].cat.codes.to_numpy(), controls)
    table = pd.concat([table, toxic_by_count(counted, groups, n_groups=len(table))], axis=1)
    highest = table[table["label"].isin(KILL)].groupby("label")["concentration"].idxmax()
    signature = kill_signature(highest.index, means[highest.to_numpy()], named=KILL)
    null = {n: pseudo_vectors(rows[controls], batches[controls], size=n) for n in SIZES}
    proxies = []
    for _, at in table.groupby("label"):
        given = {"signature": signature, "null": null}
        proxy = toxicity_like(means[at.index], at["n_wells"].to_numpy(), at["concentration"].to_numpy(), **given)
        proxies.append(proxy.set_index(at.index))
    table = table.join(pd.concat(proxies))
    return table[~table["label"].isin(KILL)].reset_index(drop=True)


def test_the_proxy_agrees_with_the_counts(points):
    """Spearman of the proxy with viability below -.7, and AUC above .85 for telling toxic points from others."""
    rho = spearmanr(points["score"], points["viability"]).statistic
    toxic = points["toxic"].eq(True).to_numpy()
    half = (points["viability"] < 0.5).to_numpy()
    auc = {
        name: mannwhitneyu(points["score"][truth], points["score"][~truth]).statistic / truth.sum() / (~truth).sum()
        for name, truth in (("toxic", toxic), ("viability < .5", half))
    }
    flagged = points["flagged"].eq(True).to_numpy()
    print(
        f"injury: {len(points)} points of {points['label'].nunique()} compounds, {toxic.mean():.2f} toxic by count; "
        f"Spearman {rho:.3f}, AUC {auc['toxic']:.3f} (viability < .5: {auc['viability < .5']:.3f}); flag: sensitivity "
        f"{flagged[toxic].mean():.2f}, specificity {1 - flagged[~toxic].mean():.2f}"
    )
    assert rho < -0.7
    assert auc["toxic"] > 0.85
    assert auc["viability < .5"] > 0.85


def test_toxic_concentrations_agree(points):
    """Compounds toxic by count are mostly those of the proxy, whose concentration is seldom far off."""
    rows = [
        (
            toxic_concentration(at["concentration"].to_numpy(), at["toxic"].to_numpy()),
            toxic_concentration(at["concentration"].to_numpy(), at["flagged"].to_numpy()),
        )
        for _, at in points.groupby("label")
        if len(at) >= 6
    ]
    found = pd.DataFrame(rows, columns=["counted", "proxy"])
    both = found.dropna()
    agree = (found["counted"].notna() == found["proxy"].notna()).mean()
    off = np.log2(both["proxy"] / both["counted"]).round()
    print(
        f"injury: {len(found)} compounds at six concentrations, {found['counted'].notna().sum()} toxic by count, "
        f"{found['proxy'].notna().sum()} by proxy, agreeing on {agree:.2f}; concentration within one twofold step "
        f"{(off.abs() <= 1).mean():.2f}, median {off.median():.0f} steps"
    )
    assert agree > 0.7
    assert (off.abs() <= 2).mean() > 0.7
