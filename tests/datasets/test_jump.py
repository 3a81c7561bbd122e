"""JUMP-CP: joins over five tables, controls by id, ORF left out, assembled and per-plate profiles."""

import gzip

import numpy as np
import pyarrow.parquet as pq
import pytest

from explorer.datasets.jump import load_jump
from explorer.errors import InputError

from .conftest import JUMP_TABLES, JUMP_WELLS, jump_profiles, write_gzip


def test_wells_are_what_the_tables_say(jump_folder):
    """Controls by their id, PLK1 as a gene, compounds by JCP id; what is no knockout or compound is counted."""
    profiles = load_jump(jump_folder)
    rows = profiles.metadata.set_index("well")
    assert rows[["kind", "label"]].astype(str).apply(tuple, axis=1).to_dict() == {
        "source_13__P1__A01": ("control", "no-guide"),
        "source_13__P1__A02": ("control", "non-targeting"),
        "source_13__P1__A03": ("gene", "PLK1"),
        "source_13__P1__A04": ("gene", "A2M"),
        "source_3__P2__A01": ("control", "DMSO"),
        "source_3__P2__A02": ("compound", "JCP2022_000001"),
        "source_3__P2__A03": ("compound", "JCP2022_085227"),
    }
    assert profiles.report.dropped == {
        "no metadata for the embedding": 1,
        "ORF overexpression, not a knockout": 1,
        "well is empty or its content unknown": 1,
        "JCP2022 id is in none of the metadata tables": 1,
        "no embedding for the well": 1,
    }
    assert rows["concentration"].isna().all()
    assert set(rows["experiment"]) == {"CP-CC9-R1", "CP59"}
    entities = profiles.entities.set_index("label")
    assert entities.loc["A2M", "identifier"] == "2"
    assert entities.loc["JCP2022_085227", ["identifier", "smiles"]].tolist() == ["CCCC-DDDD-N", "CCN"]


def test_features_are_what_does_not_start_with_meta(jump_folder):
    """All columns but those starting with Meta are features, in place; the cell count is read as well."""
    profiles = load_jump(jump_folder)
    table = jump_profiles().to_pandas()
    assert profiles.features.shape == (7, 5)
    np.testing.assert_allclose(profiles.features[4], table.iloc[5, 3:].to_numpy(np.float32))
    assert profiles.metadata["cell_count"].tolist() == table["Cells_Count_Count"].iloc[[0, 1, 2, 3, 5, 6, 7]].tolist()


def test_one_file_a_plate_reads_like_the_assembled_file(jump_folder):
    """Profiles split by plate, anywhere below the folder, give the same."""
    assembled = load_jump(jump_folder)
    (jump_folder / "profiles" / "all.parquet").unlink()
    table = jump_profiles()
    for plate in ("P1", "P2", "P3"):
        part = table.filter([value == plate for value in table.column("Metadata_Plate").to_pylist()])
        path = jump_folder / "source" / plate / f"{plate}.parquet"
        path.parent.mkdir(parents=True)
        pq.write_table(part, path)
    split = load_jump(jump_folder)
    np.testing.assert_array_equal(split.features, assembled.features)
    assert split.metadata.astype(object).equals(assembled.metadata.astype(object))


def test_compound_names_become_synonyms(jump_folder):
    """Where compound_name is there, the control compounds carry their names as synonyms."""
    text = "Metadata_JCP2022,Metadata_CompoundName\nJCP2022_085227,aloxistatin\n"
    (jump_folder / "metadata" / "compound_name.csv").write_text(text)
    entities = load_jump(jump_folder).entities.set_index("label")
    assert entities.loc["JCP2022_085227", "synonyms"] == ("aloxistatin",)


def test_plates_stand_in_for_missing_batches(jump_folder):
    """Without a plate table each plate is an experiment, and a note says so."""
    (jump_folder / "metadata" / "plate.csv.gz").unlink()
    profiles = load_jump(jump_folder)
    assert set(profiles.metadata["experiment"]) == {"P1", "P2"}
    assert any("no plate table" in note for note in profiles.report.notes)
    lines = JUMP_TABLES["plate"].splitlines(keepends=True)
    write_gzip(jump_folder / "metadata" / "plate.csv.gz", "".join(lines[:2]))
    profiles = load_jump(jump_folder)
    assert set(profiles.metadata["experiment"]) == {"CP-CC9-R1", "P2"}
    assert any("2 plates have no batch" in note for note in profiles.report.notes)


def test_the_same_well_twice_counts_once(jump_folder):
    """A second file with the same features and wells adds nothing but its count."""
    pq.write_table(jump_profiles(JUMP_WELLS[:2], seed=1), jump_folder / "profiles" / "crispr.parquet")
    report = load_jump(jump_folder).report
    assert report.dropped["well id is listed twice"] == 2


def cut_gzip(folder):
    path = folder / "metadata" / "well.csv.gz"
    path.write_bytes(path.read_bytes()[:-20])


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        (lambda f: (f / "metadata" / "well.csv.gz").unlink(), "no well.csv.gz"),
        (cut_gzip, "well.csv.gz cannot be read.*cut short or damaged"),
        (lambda f: (f / "profiles" / "all.parquet").unlink(), "holds no profiles"),
        (
            lambda f: [(f / "metadata" / f"{name}.csv.gz").unlink() for name in ("compound", "crispr")],
            "neither compound.csv.gz nor crispr.csv.gz",
        ),
        (
            lambda f: write_gzip(f / "metadata" / "crispr.csv.gz", "Metadata_JCP2022,Symbol\nJCP2022_1,A\n"),
            'crispr.csv.gz has no column "Metadata_NCBI_Gene_ID"',
        ),
        (
            lambda f: pq.write_table(jump_profiles().drop_columns("X_2"), f / "profiles" / "other.parquet"),
            'differ in 1 features, such as "X_2"',
        ),
        (
            lambda f: pq.write_table(
                jump_profiles(tuple(("s", "x", "y" * n) for n in range(1, 5))), f / "profiles" / "all.parquet"
            ),
            "None of the profiles is of a well in the metadata",
        ),
        (
            lambda f: pq.write_table(jump_profiles().select([0, 1, 2]), f / "profiles" / "all.parquet"),
            "every column starts with Meta",
        ),
        (
            lambda f: pq.write_table(jump_profiles().drop_columns("Metadata_Well"), f / "profiles" / "all.parquet"),
            'no column "Metadata_Well"',
        ),
    ],
)
def test_damaged_folders_are_one_clear_sentence(jump_folder, damage, problem):
    """Missing tables, columns and files, cut archives and versions that do not mix are each an InputError."""
    damage(jump_folder)
    with pytest.raises(InputError, match=problem):
        load_jump(jump_folder)


def test_plain_text_tables_are_read_as_well(jump_folder):
    """A metadata table that was unpacked reads like the packed one."""
    packed = jump_folder / "metadata" / "well.csv.gz"
    (jump_folder / "metadata" / "well.csv").write_bytes(gzip.decompress(packed.read_bytes()))
    packed.unlink()
    assert len(load_jump(jump_folder).metadata) == 7
