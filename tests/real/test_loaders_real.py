"""The table loader on real, openly licensed screens: counts, traps and signals that were measured on them before."""

import numpy as np
import pandas as pd
import pytest

from explorer.datasets.table import TableOptions, load_table


@pytest.fixture(scope="module")
def phenotype(real_data):
    """CRISPR and compounds of the pilot screen in A549, ORF left out."""
    options = TableOptions(
        label="treatment",
        kind="treatment_type",
        kind_values={"gene": "crispr", "compound": "compound"},
        where={"Cell_type": "A549"},
        plate="Metadata_Plate",
        well="Metadata_Well",
        count="cell_count",
        features="^(?!Time$|Metadata|treatment|Cell_type|cell_count)",
        transform="log",
        compounds=real_data / "cpjump1_meta" / "JUMP-Target-1_compound_metadata_targets.tsv",
        compounds_key="pert_iname",
    )
    return load_table([real_data / "cpjump1_phenotype" / "jump_phenotype_profiles.tsv.gz"], options=options)


def test_pilot_screen_has_its_genes_and_compounds(phenotype):
    """8,283 wells of 160 genes and 302 compounds in 15 scores; the rest is counted by reason."""
    assert phenotype.features.shape == (8283, 15)
    assert phenotype.metadata["kind"].value_counts().to_dict() == {"compound": 5101, "gene": 3182, "control": 0}
    assert phenotype.entities["kind"].value_counts().to_dict() == {"compound": 302, "gene": 160}
    assert phenotype.report.rows == 16179
    assert phenotype.report.dropped == {'Cell_type is not "A549"': 6305, "kind 'orf' is not asked for": 1591}
    assert "No row is a control." in phenotype.report.notes


def test_pilot_screen_compounds_carry_targets(phenotype):
    """Names join to structures and targets; BI-2536 has PLK1 among its targets."""
    compounds = phenotype.entities[phenotype.entities["kind"] == "compound"].set_index("label")
    assert (compounds["smiles"] != "").all()
    assert compounds["targets"].map(len).gt(0).all()
    assert "PLK1" in compounds.loc["BI-2536", "targets"]


def test_pilot_screen_scores_are_logarithms(phenotype):
    """Scores lie between the clipped floor and the logarithm of one."""
    assert phenotype.features.min() >= np.float32(np.log(1e-4))
    assert phenotype.features.max() <= 1e-6


def test_injury_screen_is_one_data_set_in_three_files(real_data):
    """Three splits, 111 compounds, DMSO controls, 0.62/0.63 merged, and strength that rises with concentration."""
    options = TableOptions(
        label="Compound Name",
        kind_all="compound",
        concentration="Compound Concentration (microMolar)",
        plate="Plate",
        well="Well",
        controls=("DMSO",),
        smiles="Compound SMILES",
        count="Relative well cellcount",
        features="^(Cells|Cytoplasm|Nuclei)_",
    )
    profiles = load_table(sorted((real_data / "injury_dahlin").glob("*.csv.gz")), options=options)
    rows = profiles.metadata
    assert profiles.features.shape == (3198, 352)
    assert profiles.report.dropped == {"no label": 1}
    assert len(profiles.report.sources) == 3
    assert rows["kind"].value_counts().to_dict() == {"compound": 1751, "control": 1447, "gene": 0}
    assert len(profiles.entities) == 111
    assert sorted(rows["concentration"].dropna().unique()) == [0.02, 0.08, 0.31, 0.62, 1.25, 2.5, 5, 10, 20]
    assert rows.groupby("label", observed=True)["concentration"].nunique().eq(6).sum() == 91
    assert any("0.62, 0.63" in note for note in profiles.report.notes)
    assert (profiles.entities["smiles"] != "").all()

    treated = (rows["kind"] == "compound").to_numpy()
    strength = pd.Series(np.linalg.norm(profiles.features, axis=1))
    frame = pd.DataFrame({"strength": strength, "count": rows["cell_count"], "um": rows["concentration"]})[treated]
    assert frame["strength"].corr(frame["count"], method="spearman") < -0.8
    within = frame.groupby(rows.loc[treated, "label"].astype(str))
    risen = within.apply(lambda g: g["strength"].corr(g["um"], method="spearman") if g["um"].nunique() > 3 else np.nan)
    assert risen.median() > 0.6


def test_bbbc021_controls_come_out_of_the_compounds(real_data):
    """38 compounds in 103 treatments; DMSO at concentration 0 is a control without one; mechanisms are joined."""
    options = TableOptions(
        label="Metadata_Compound",
        kind_all="compound",
        concentration="Metadata_Concentration",
        plate="Metadata_Plate",
        well="Metadata_Well",
        controls=("DMSO",),
        compounds=real_data / "bbbc021" / "BBBC021_v1_moa.csv",
        compounds_key="compound",
    )
    folder = real_data / "bbbc021"
    profiles = load_table([folder / "BBBC021_feature_selected_mad_robustize.csv"], options=options)
    rows = profiles.metadata
    assert profiles.features.shape == (632, 189)
    assert rows.loc[rows["kind"] == "control", "concentration"].isna().all()
    treated = rows[rows["kind"] == "compound"]
    assert len(treated[["label", "concentration"]].drop_duplicates()) == 103
    assert len(profiles.entities) == 38
    assert profiles.entities["mechanism"].nunique() == 12
    assert profiles.report.dropped == {}


def test_lincs_plate_units_are_doubted(real_data):
    """The column that says mmoles holds uM: the values stay, and a note raises the doubt; 19.999 is 20."""
    file = real_data / "lincs_plate" / "SQ00015054_normalized_feature_select.csv.gz"
    options = TableOptions(
        label="Metadata_broad_sample",
        kind_all="compound",
        concentration="Metadata_mmoles_per_liter",
        plate="Metadata_Plate",
        well="Metadata_Well",
        controls=("DMSO",),
        compounds=file,
    )
    profiles = load_table([file], options=options)
    assert profiles.features.shape == (384, 454)
    assert (profiles.metadata["kind"] == "control").sum() == 24
    assert profiles.metadata["concentration"].max() == 20
    assert any("another unit" in note for note in profiles.report.notes)
    assert any("19.999, 20 differ" in note for note in profiles.report.notes)
    assert (profiles.entities["mechanism"] != "").mean() > 0.9


def test_periscope_is_one_vector_a_gene(real_data):
    """3,454 genes in 56 components, no wells, no controls; names stay as they are."""
    options = TableOptions(label="Metadata_Foci_Barcode_MatchedTo_GeneCode", kind_all="gene")
    profiles = load_table([real_data / "periscope" / "HeLa_HPLM_hit_list_PCA.csv"], options=options)
    assert profiles.features.shape == (3454, 56)
    assert len(profiles.entities) == 3454
    assert {"MTOR", "RPTOR", "WDR24", "ATP6V1A"} <= set(profiles.entities["label"])
    assert "No row is a control." in profiles.report.notes


def test_learned_embedding_reads_from_four_plates(real_data):
    """Four plates of one learned embedding, structures from its own column."""
    options = TableOptions(
        label="Metadata_pert_iname",
        kind_all="compound",
        plate="Metadata_Plate",
        well="Metadata_Well",
        smiles="Metadata_smiles",
    )
    profiles = load_table(sorted((real_data / "cpjump1_csn").glob("*.csv")), options=options)
    assert profiles.features.shape == (1280, 128)
    assert profiles.metadata["plate"].nunique() == 4
    assert (profiles.entities["smiles"] != "").all()
