"""RxRx3 and RxRx3-core: the published schemas, their traps, and damaged files."""

import shutil

import numpy as np
import pyarrow.parquet as pq
import pytest

from explorer.datasets.rxrx3 import load_rxrx3
from explorer.datasets.rxrx3_core import load_rxrx3_core
from explorer.errors import InputError

from .conftest import DEQUALINIUM, METADATA_ROWS, WELLS, embeddings, embeddings_of, metadata_text, write_tar


def by_well(profiles):
    return profiles.metadata.set_index("well")


def test_core_rows_mean_what_the_source_says(core_folder):
    """Guides, blinded genes, both kinds of control on both kinds of plate, and concentrations are read as published."""
    profiles = load_rxrx3_core(core_folder)
    rows = by_well(profiles)
    assert rows["kind"].to_dict() == {
        "gene-079_8_H29": "gene",
        "gene-079_8_H30": "gene",
        "gene-045_4_AD27": "gene",
        "gene-060_9_P28": "control",
        "compound-001_19_D20": "compound",
        "compound-001_19_D21": "compound",
        "compound-001_11_U08": "control",
        "compound-004_43_B08": "control",
        "compound-002_1_A01": "compound",
    }
    assert rows.loc["gene-045_4_AD27", ["label", "guide"]].tolist() == ["RXRX3-43938", "RXRX3-43938_guide_6"]
    assert rows.loc["compound-004_43_B08", "label"] == "CRISPR_control"
    assert rows.loc["compound-001_11_U08", "label"] == "EMPTY_control"
    assert rows.loc["compound-001_19_D20", ["plate", "experiment", "concentration"]].tolist() == [
        "19",
        "compound-001",
        0.25,
    ]
    assert np.isnan(rows.loc["gene-079_8_H29", "concentration"])
    assert profiles.report.dropped == {}
    assert [source["file"] for source in profiles.report.sources] == [
        "metadata_rxrx3_core.csv",
        "OpenPhenom_rxrx3_core_embeddings.parquet",
    ]


def test_core_features_belong_to_their_wells(core_folder):
    """The embedding of each well is the one the file holds for its id, whatever the order."""
    profiles = load_rxrx3_core(core_folder)
    table = pq.read_table(core_folder / "OpenPhenom_rxrx3_core_embeddings.parquet").to_pandas().set_index("well_id")
    np.testing.assert_array_equal(profiles.features, table.loc[profiles.metadata["well"].tolist()].to_numpy())
    assert profiles.features.dtype == np.float32


def test_names_and_structures_stay_as_the_source_writes_them(core_folder):
    """A truncated name and a CXSMILES tail with commas survive; a gene has no structure."""
    entities = load_rxrx3_core(core_folder).entities.set_index("label")
    assert entities.loc["Dequalinium", "smiles"] == DEQUALINIUM
    assert entities.loc["Dactolisib (BEZ235", "kind"] == "compound"
    assert entities.loc["RPLP2", "smiles"] == ""
    assert list(entities.index) == ["Dactolisib (BEZ235", "Dequalinium", "RPLP2", "RXRX3-43938"]


def test_core_accepts_the_release_with_well_types(core_folder):
    """The later metadata, with `well_type_label`, reads to the same."""
    before = load_rxrx3_core(core_folder)
    (core_folder / "metadata_rxrx3_core.csv").write_text(metadata_text(well_type=True))
    after = load_rxrx3_core(core_folder)
    assert after.metadata.equals(before.metadata)


def test_core_asks_which_embedding_is_meant(core_folder):
    """With several embedding files the choice is the user's; a name or the start of it decides."""
    pq.write_table(embeddings(WELLS, dimensions=5), core_folder / "Phenom-2_rxrx3_core_embeddings.parquet")
    with pytest.raises(InputError, match=r"several embeddings.*OpenPhenom_rxrx3.*Phenom-2_rxrx3"):
        load_rxrx3_core(core_folder)
    assert load_rxrx3_core(core_folder, embedding="phenom-2").features.shape == (9, 5)
    assert load_rxrx3_core(core_folder, embedding="OpenPhenom").features.shape == (9, 8)
    with pytest.raises(InputError, match="is none of the files"):
        load_rxrx3_core(core_folder, embedding="MolPhenix")


def test_core_join_reports_both_sides(core_folder):
    """Embeddings without metadata, metadata without embeddings and repeated ids on either side are counted."""
    rows = [*METADATA_ROWS, METADATA_ROWS[0], "gene-001_1_A01,gene-001,1,A01,PLK1,PLK1_guide_1,,,CRISPR,HUVEC"]
    (core_folder / "metadata_rxrx3_core.csv").write_text(metadata_text(rows))
    wells = [*WELLS, "gene-500_1_Z99", WELLS[1]]
    pq.write_table(embeddings(wells), core_folder / "OpenPhenom_rxrx3_core_embeddings.parquet", row_group_size=4)
    profiles = load_rxrx3_core(core_folder)
    assert profiles.report.dropped == {
        "well id is listed twice": 1,
        "no metadata for the embedding": 1,
        "second embedding for the well": 1,
        "no embedding for the well": 1,
    }
    assert profiles.report.rows == len(profiles.metadata) + 4


def test_core_drops_vectors_that_are_no_vectors(core_folder):
    """NaN, infinite and all-zero embeddings are dropped by block; two wells may share one embedding."""
    values = np.random.default_rng(0).normal(size=(9, 8)).astype(np.float32)
    values[0, 3], values[1, 0], values[2] = np.nan, -np.inf, 0
    values[4] = values[3]
    pq.write_table(embeddings_of(WELLS, values), core_folder / "OpenPhenom_rxrx3_core_embeddings.parquet")
    report = load_rxrx3_core(core_folder).report
    assert report.dropped == {"feature is NaN or infinite": 2, "all features are zero": 1}


def test_odd_concentrations_are_kept_and_told(core_folder):
    """Norfloxacin keeps its own concentrations, since joins depend on them, and a note names them."""
    rows = list(METADATA_ROWS)
    for number in range(12):
        for column, level in enumerate((0.0025, 0.025)):
            rows.append(f"compound-001_1_C{number}{column},compound-001,1,C1,,drug{number},CC,{level},COMPOUND,HUVEC")
    for column, level in enumerate((0.002, 0.026)):
        rows.append(f"compound-001_1_N{column},compound-001,1,N1,,Norfloxacin,CC,{level},COMPOUND,HUVEC")
    (core_folder / "metadata_rxrx3_core.csv").write_text(metadata_text(rows))
    wells = [row.split(",", 1)[0] for row in rows]
    pq.write_table(embeddings(wells), core_folder / "OpenPhenom_rxrx3_core_embeddings.parquet")
    profiles = load_rxrx3_core(core_folder)
    levels = profiles.metadata.loc[profiles.metadata["label"] == "Norfloxacin", "concentration"]
    assert sorted(levels) == [0.002, 0.026]
    assert any("Norfloxacin" in note and "0.002, 0.026" in note for note in profiles.report.notes)


@pytest.mark.parametrize("name", ["metadata_rxrx3.csv", "metadata.csv", "metadata_rxrx3_public.csv"])
def test_rxrx3_reads_the_tar_under_each_metadata_name(rxrx3_folder, name):
    """The archive is read without unpacking, under any of the three names of the metadata."""
    (rxrx3_folder / "metadata_rxrx3.csv").rename(rxrx3_folder / name)
    before = sorted(rxrx3_folder.rglob("*"))
    profiles = load_rxrx3(rxrx3_folder)
    assert sorted(rxrx3_folder.rglob("*")) == before
    assert len(profiles.metadata) == len(WELLS)
    assert profiles.report.dropped == {"no metadata for the embedding": 1}


@pytest.mark.parametrize("below", ["", "embeddings"])
def test_rxrx3_tree_reads_like_the_tar(rxrx3_folder, rxrx3_plates, below):
    """The unpacked tree, in the folder or under embeddings/, gives each well the features that the tar gives."""
    tar = load_rxrx3(rxrx3_folder)
    (rxrx3_folder / "embeddings.tar").unlink()
    for name, table in rxrx3_plates.items():
        path = rxrx3_folder / below / name
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(table, path)
    tree = load_rxrx3(rxrx3_folder)
    order = tree.metadata.set_index("well").index.get_indexer(tar.metadata["well"])
    np.testing.assert_array_equal(tree.features[order], tar.features)
    assert tree.report.dropped == tar.report.dropped


def test_rxrx3_plates_must_agree(rxrx3_folder, rxrx3_plates):
    """A plate with other features is named by its place in the archive."""
    rxrx3_plates["gene-099/Plate1/embeddings.parquet"] = embeddings(["gene-099_1_A01"], dimensions=3)
    write_tar(rxrx3_folder / "embeddings.tar", rxrx3_plates)
    with pytest.raises(InputError, match=r"gene-099/Plate1/embeddings\.parquet has other features"):
        load_rxrx3(rxrx3_folder)


def cut(path, keep: float = 0.6):
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * keep)])


def test_rxrx3_damaged_archives_are_named(rxrx3_folder, rxrx3_plates):
    """A cut tar, a tar without plates and no embeddings at all are each one clear sentence."""
    cut(rxrx3_folder / "embeddings.tar", 0.3)
    with pytest.raises(InputError, match=r"embeddings\.(tar|parquet)"):
        load_rxrx3(rxrx3_folder)
    write_tar(rxrx3_folder / "embeddings.tar", {"readme.txt": embeddings(["a"])})
    with pytest.raises(InputError, match="holds no plate"):
        load_rxrx3(rxrx3_folder)
    (rxrx3_folder / "embeddings.tar").unlink()
    with pytest.raises(InputError, match="holds no embeddings"):
        load_rxrx3(rxrx3_folder)


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        (lambda f: cut(f / "OpenPhenom_rxrx3_core_embeddings.parquet"), "OpenPhenom.*cut short or damaged"),
        (lambda f: (f / "OpenPhenom_rxrx3_core_embeddings.parquet").write_bytes(b""), "is empty"),
        (lambda f: (f / "OpenPhenom_rxrx3_core_embeddings.parquet").write_text("a,b\n"), "named like a Parquet file"),
        (lambda f: (f / "OpenPhenom_rxrx3_core_embeddings.parquet").unlink(), "holds no embeddings"),
        (lambda f: (f / "metadata_rxrx3_core.csv").unlink(), "holds no metadata"),
        (lambda f: (f / "metadata_rxrx3_core.csv").write_text(""), "is empty"),
        (lambda f: (f / "metadata_rxrx3_core.csv").write_text("well_id,gene\n"), "a header and no rows"),
        (lambda f: (f / "metadata_rxrx3_core.csv").write_text("wellid,gene\na,b\n"), 'no column "well_id".*"wellid"'),
        (
            lambda f: (f / "metadata_rxrx3_core.csv").write_text(metadata_text().replace("0.25,COM", "low,COM")),
            'column "concentration" should hold numbers.*"low"',
        ),
        (
            lambda f: (f / "metadata_rxrx3_core.csv").write_bytes(metadata_text().encode().replace(b"Dac", b"\xb5ac")),
            "not UTF-8",
        ),
        (shutil.rmtree, "does not exist"),
    ],
)
def test_core_damaged_files_are_one_clear_sentence(core_folder, damage, problem):
    """Missing, empty, cut, foreign and mistyped files are each an InputError that names the file."""
    damage(core_folder)
    with pytest.raises(InputError, match=problem):
        load_rxrx3_core(core_folder)


def test_core_text_features_are_named(core_folder):
    """An embedding column of text is named with its first value; a file without features says so."""
    path = core_folder / "OpenPhenom_rxrx3_core_embeddings.parquet"
    table = embeddings(WELLS)
    pq.write_table(table.set_column(2, "feature_1", [["high"] * 9]), path)
    with pytest.raises(InputError, match=r'"feature_1" should hold numbers.*"high"'):
        load_rxrx3_core(core_folder)
    pq.write_table(table.rename_columns(["well_id", *"abcdefgh"]), path)
    with pytest.raises(InputError, match="no feature_0"):
        load_rxrx3_core(core_folder)
    pq.write_table(table.drop_columns("well_id"), path)
    with pytest.raises(InputError, match='no column "well_id"'):
        load_rxrx3_core(core_folder)
