"""Any table: options, kinds, controls, concentrations, well ids, annotations, and every format."""

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from explorer.datasets.table import TableOptions, load_table
from explorer.errors import InputError

from .conftest import write_gzip, write_rows

SCREEN = TableOptions(
    label="name",
    kind="type",
    kind_values={"gene": "crispr", "compound": "compound"},
    concentration="um",
    plate="plate",
    well="well",
    controls=("DMSO",),
    count="cells",
    guide="sg",
)


def screen_rows() -> list[dict]:
    random = np.random.default_rng(0)
    what = [
        ("crispr", "TP53", "", "sg1"),
        ("crispr", "TP53", "", "sg2"),
        ("compound", "Aspirin", 0.62, ""),
        ("compound", "Aspirin", 0.63, ""),
        ("compound", "Aspirin", 10, ""),
        ("compound", "Ibuprofen", 0.62, ""),
        ("dmso", "DMSO", 0, ""),
        ("orf", "AARS1", "", ""),
        ("orf", "AARS1", "", ""),
    ]
    return [
        {"plate": "P1", "well": f"A{number}", "type": kind, "name": name, "um": um, "sg": guide, "cells": 100 + number}
        | {f"f{i}": value for i, value in enumerate(random.normal(size=3))}
        for number, (kind, name, um, guide) in enumerate(what)
    ]


@pytest.fixture
def screen(tmp_path):
    return write_rows(tmp_path / "screen.csv", screen_rows())


def test_columns_become_canonical_metadata(screen):
    """Kinds by their values, controls by the label, concentrations of compounds only, ids from plate and well."""
    profiles = load_table([screen], options=SCREEN)
    rows = profiles.metadata
    assert rows["kind"].tolist() == ["gene"] * 2 + ["compound"] * 4 + ["control"]
    assert rows["well"].tolist() == [f"P1_A{number}" for number in range(7)]
    assert rows["guide"].tolist()[:2] == ["sg1", "sg2"]
    assert rows["cell_count"].tolist() == [100 + number for number in range(7)]
    assert rows["concentration"].fillna(-1).tolist() == [-1, -1, 0.62, 0.62, 10, 0.62, -1]
    assert profiles.features.shape == (7, 3)
    assert profiles.report.dropped == {"kind 'orf' is not asked for": 2}
    assert any("0.62, 0.63" in note for note in profiles.report.notes)
    assert set(rows["experiment"]) == {"P1"}


def as_frame(rows):
    frame = pd.DataFrame(rows)
    frame["um"] = pd.to_numeric(frame["um"])
    return frame


@pytest.mark.parametrize("form", ["tsv", "csv.gz", "parquet", "parquet, categories", "csv, BOM", "csv, CRLF"])
def test_every_format_reads_to_the_same(tmp_path, screen, form):
    """Tabs, gzip, Parquet (plain or categorical columns), a byte order mark and CRLF change nothing."""
    rows, path = screen_rows(), tmp_path / f"again.{form.split(',')[0]}"
    if form == "tsv":
        write_rows(path, rows)
    elif form == "csv.gz":
        write_gzip(path, screen.read_text())
    elif form == "csv, BOM":
        path.write_bytes(b"\xef\xbb\xbf" + screen.read_bytes())
    elif form == "csv, CRLF":
        path.write_bytes(screen.read_bytes().replace(b"\n", b"\r\n"))
    else:
        frame = as_frame(rows)
        if "categories" in form:
            frame = frame.astype({"name": "category", "type": "category"})
        frame.to_parquet(path, row_group_size=4)
    first, second = load_table([screen], options=SCREEN), load_table([path], options=SCREEN)
    np.testing.assert_allclose(second.features, first.features, rtol=1e-6)
    pd.testing.assert_frame_equal(second.metadata, first.metadata, check_categorical=False)


def test_several_files_are_one_data_set(tmp_path, screen):
    """Files are stacked, categories united, exact repeats of a well dropped; other features are refused."""
    rows = [row | {"plate": "P2"} for row in screen_rows()[:6]] + screen_rows()[:1]
    second = write_rows(tmp_path / "second.csv", rows)
    profiles = load_table([screen, second], options=SCREEN)
    assert len(profiles.metadata) == 13
    assert profiles.report.dropped["well id is listed twice"] == 1
    assert [source["file"] for source in profiles.report.sources] == ["screen.csv", "second.csv"]
    third = write_rows(tmp_path / "third.csv", [row | {"f9": 1.5} for row in rows])
    with pytest.raises(InputError, match=r'third.csv and screen.csv differ in 1 features, such as "f9"'):
        load_table([screen, third], options=SCREEN)


def test_aggregated_vectors_need_no_wells(tmp_path):
    """One row a gene, with nothing but its label, is read; the index column that pandas writes is no feature."""
    path = tmp_path / "genes.csv"
    path.write_text(",gene,Metadata_x,0,1\n0,A,9,1.5,2\n1,B,9,3,4\n2,,9,5,6\n")
    profiles = load_table([path], options=TableOptions(label="gene", kind_all="gene"))
    assert profiles.features.tolist() == [[1.5, 2], [3, 4]]
    assert profiles.report.dropped == {"no label": 1}
    assert profiles.metadata["well"].tolist() == ["row 1", "row 2"]
    assert profiles.metadata["plate"].isna().all()
    assert "No row is a control." in profiles.report.notes


def test_features_by_expression_and_logarithm(screen):
    """The expression is searched anywhere in the name; the logarithm is natural and clipped at 1e-4."""
    plain = load_table([screen], options=TableOptions(label="name", kind_all="gene", features="^f[02]$"))
    logged = load_table(
        [screen], options=TableOptions(label="name", kind_all="gene", features="^f[02]$", transform="log")
    )
    assert plain.features.shape[1] == 2
    np.testing.assert_allclose(logged.features, np.log(np.maximum(plain.features, 1e-4)), rtol=1e-6)


def test_whole_numbers_among_the_features_are_told(screen):
    """A column of whole numbers that nobody named is a feature by default, and a note says so."""
    profiles = load_table([screen], options=TableOptions(label="name", kind_all="gene"))
    assert any('whole numbers are taken as features ("cells")' in note for note in profiles.report.notes)


def test_where_keeps_some_rows(screen):
    """Rows of other values are counted by the condition; an absent column or value names the closest."""
    options = TableOptions(label="name", kind_all="compound", where={"type": "compound"}, concentration="um")
    profiles = load_table([screen], options=options)
    assert profiles.report.dropped == {'type is not "compound"': 5}
    with pytest.raises(InputError, match=r'no column "typ" \(where typ\)\. Closest: "type"'):
        load_table([screen], options=TableOptions(label="name", kind_all="gene", where={"typ": "x"}))
    with pytest.raises(InputError, match=r'never holds "compund"\. Closest: "compound"'):
        load_table([screen], options=TableOptions(label="name", kind_all="gene", where={"type": "compund"}))
    with pytest.raises(InputError, match="the other values asked for"):
        load_table([screen], options=TableOptions(label="name", kind_all="gene", where={"type": "orf", "name": "TP53"}))


def test_where_compares_numbers_as_numbers(screen):
    """A condition on the concentration column compares values, not spellings."""
    options = TableOptions(label="name", kind_all="compound", where={"um": "10.0"}, concentration="um")
    assert load_table([screen], options=options).metadata["concentration"].tolist() == [10]


def test_a_control_column_alone_makes_controls_of_all_it_marks(tmp_path):
    """Without values any mark is a control, named by its label or, without one, by the mark."""
    rows = [
        {"name": "A", "ctl": "", "f": 1.5},
        {"name": "", "ctl": "negative", "f": 2.5},
        {"name": "Taxol", "ctl": "positive", "f": 3.5},
    ]
    path = write_rows(tmp_path / "t.csv", rows)
    options = TableOptions(label="name", kind_all="compound", control_col="ctl", features="^f$")
    rows = load_table([path], options=options).metadata
    assert rows[["kind", "label"]].astype(str).to_numpy().tolist() == [
        ["compound", "A"],
        ["control", "negative"],
        ["control", "Taxol"],
    ]
    only = TableOptions(label="name", kind_all="compound", control_col="ctl", controls=("negative",), features="^f$")
    assert load_table([path], options=only).metadata["kind"].tolist() == ["compound", "control", "compound"]
    wrong = TableOptions(label="name", kind_all="compound", control_col="ctl", controls=("negativ",))
    with pytest.raises(InputError, match=r'never holds "negativ"\. Closest: "negative"'):
        load_table([path], options=wrong)


def test_doubtful_concentrations_are_told(tmp_path):
    """Zero on a compound, a missing one, and a unit in the column name are notes; a negative one is an error."""
    rows = [{"name": "A", "mmoles": level, "f": 1.5} for level in (0, "", 0.002, 0.0025, 19.999, 20)]
    options = TableOptions(label="name", kind_all="compound", concentration="mmoles", features="^f$")
    profiles = load_table([write_rows(tmp_path / "t.csv", rows)], options=options)
    notes = " ".join(profiles.report.notes)
    for words in ("another unit", "1 rows have concentration 0", "1 compound rows have no", "19.999, 20 differ"):
        assert words in notes
    assert profiles.metadata["concentration"].tolist()[2:] == [0.002, 0.0025, 20, 20]
    rows[0]["mmoles"] = -5
    with pytest.raises(InputError, match=r'"mmoles" holds the concentration -5 in row 1'):
        load_table([write_rows(tmp_path / "t.csv", rows)], options=options)


@pytest.mark.parametrize(
    ("name", "doubted"), [("dose_mM", 1), ("conc nM", 1), ("Concentration (microMolar)", 0), ("um", 0)]
)
def test_units_are_read_off_the_column_name(tmp_path, name, doubted):
    """Millimolar and nanomolar names raise a doubt, micromolar and silent ones do not."""
    path = write_rows(tmp_path / "t.csv", [{"name": "A", name: 1.5, "f": 1.5}])
    options = TableOptions(label="name", kind_all="compound", concentration=name, features="^f$")
    assert sum("another unit" in note for note in load_table([path], options=options).report.notes) == doubted


def test_wells_that_repeat_without_a_plate_are_refused(tmp_path):
    """A well column that means nothing without its plate must not silently drop most of the data."""
    rows = [{"plate": f"P{p}", "well": "A1", "name": "A", "f": 1.5 + p} for p in range(5)]
    path = write_rows(tmp_path / "t.csv", rows)
    with pytest.raises(InputError, match="Name the plate column as well"):
        load_table([path], options=TableOptions(label="name", kind_all="gene", well="well"))
    options = TableOptions(label="name", kind_all="gene", well="well", plate="plate")
    assert len(load_table([path], options=options).metadata) == 5


def test_compounds_are_described_by_a_second_table(tmp_path, screen):
    """Structures, targets, mechanism, id and synonyms come under tolerant names, joined without regard to case."""
    compounds = tmp_path / "compounds.tsv"
    compounds.write_text(
        "Metadata_Broad_Sample\tpert_iname\tTarget_List\tMOA\tSMILES\n"
        'BRD-1\tASPIRIN\tPTGS1|PTGS2\tCOX inhibitor\t"CC(=O)O |c:1,13,t:16|"\n'
        "BRD-2\tASPIRIN\tPTGS1|PTGS2\tanother\t\nBRD-3\tparacetamol\t\t\tCC\n"
    )
    options = replace(SCREEN, compounds=compounds, compounds_key="pert_iname")
    profiles = load_table([screen], options=options)
    aspirin = profiles.entities.set_index("label").loc["Aspirin"]
    assert aspirin[["smiles", "targets", "mechanism", "identifier"]].tolist() == [
        "CC(=O)O |c:1,13,t:16|",
        ("PTGS1", "PTGS2"),
        "COX inhibitor",
        "BRD-1",
    ]
    notes = " ".join(profiles.report.notes)
    assert "1 of 2 compounds are not in compounds.tsv" in notes
    assert "different things of one name in 1 rows" in notes
    wrong = replace(SCREEN, compounds=compounds, compounds_key="Metadata_Broad_Sample")
    with pytest.raises(InputError, match=r"no compound of the profiles, such as .* is in its column"):
        load_table([screen], options=wrong)


def test_genes_are_described_by_a_second_table(tmp_path, screen):
    """Identifiers and synonyms of genes come from a table of theirs."""
    genes = write_rows(tmp_path / "genes.csv", [{"symbol": "TP53", "entrez_id": 7157, "synonyms": "p53|LFS1"}])
    options = replace(SCREEN, genes=genes)
    gene = load_table([screen], options=options).entities.set_index("label").loc["TP53"]
    assert gene[["identifier", "synonyms"]].tolist() == ["7157", ("p53", "LFS1")]


def test_a_structure_column_is_kept_raw(tmp_path):
    """Structures keep their CXSMILES tail; a second structure of one compound is told and not used."""
    rows = [
        {"name": "A", "smi": "CC=CC |c:1,t:2|", "f": 1.5},
        {"name": "A", "smi": "CCCC", "f": 2.5},
        {"name": "B", "smi": "", "f": 2.5},
    ]
    options = TableOptions(label="name", kind_all="compound", smiles="smi", features="^f$")
    profiles = load_table([write_rows(tmp_path / "t.csv", rows)], options=options)
    assert profiles.entities["smiles"].tolist() == ["CC=CC |c:1,t:2|", ""]
    assert any("more than one structure" in note for note in profiles.report.notes)


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({}, "Say what the rows are: kind_all"),
        ({"kind_all": "orf"}, "it can be gene or compound"),
        ({"kind_all": "gene", "kind": "type"}, "not both"),
        ({"kind": "type", "kind_values": {"protein": "x"}}, 'kind_values names "protein"'),
        ({"kind_all": "gene", "kind_values": {"gene": "x"}}, "needs kind"),
        ({"kind": "type", "kind_values": {"gene": "crisper"}}, r'never holds "crisper" \(gene\)\. Closest: "crispr"'),
        ({"kind_all": "gene", "transform": "sqrt"}, "the only one is log"),
        ({"kind_all": "gene", "features": "f["}, "no regular expression"),
        ({"kind_all": "gene", "features": "^zz"}, 'no column matches features "\\^zz"'),
        ({"kind_all": "gene", "compounds_key": "x"}, "compounds_key needs compounds"),
        ({"kind_all": "gene", "batch": "Plate"}, r'no column "Plate" \(batch\)\. Closest: "plate"'),
        ({"kind_all": "gene", "features": "name|f0|type"}, r'"type" should hold numbers, but row 2 .*"crispr"'),
        ({"kind_all": "compound", "concentration": "type"}, '"type" should hold numbers'),
        ({"kind_all": "gene", "label": "nome"}, r'no column "nome" \(label\)'),
        ({"kind_all": "gene", "label": ""}, "Name the column"),
        ({"kind_all": "gene", "controls": ("TP53", "Aspirin", "Ibuprofen", "DMSO", "AARS1")}, "Every row is a control"),
    ],
)
def test_options_that_cannot_be_are_refused(screen, options, problem):
    """Each contradiction or unknown name is one sentence that says what would do."""
    with pytest.raises(InputError) as caught:
        load_table([screen], options=TableOptions(**{"label": "name", **options}))
    assert re.search(problem, str(caught.value))


def text_file(content: bytes, name: str = "t.csv"):
    def write(folder):
        (folder / name).write_bytes(content)
        return folder / name

    return write


@pytest.mark.parametrize(
    ("write", "problem"),
    [
        (text_file(b""), "t.csv is empty"),
        (text_file(b" \n"), "t.csv is empty"),
        (text_file(b"name,f\n"), "a header and no rows"),
        (text_file(b"name,f\nA,1.5\nB\n"), "row 3 has 1 values where the header has 2"),
        (
            text_file(b"name,f\nA,1.5\nB,high\n"),
            r'"f" should hold numbers, but row 3 \(the header is row 1\) holds "high"',
        ),
        (text_file(b"na\xb5me,f\nA,1.5\n"), "not UTF-8"),
        (text_file(b"name,f\n\xb5A,1.5\n"), "not UTF-8"),
        (text_file("name,f\nA,1.5\n".encode("utf-16")), "not UTF-8"),
        (text_file(b"name,f,f\nA,1.5,2\n"), 'more than one column "f"'),
        (text_file(b"name,other\nA,B\n"), 'no column matches features "f"'),
        (text_file(b"PAR1xxxxxxxx"), "named like a text file but holds Parquet"),
        (text_file(b"PAR1xxxxxxxxPAR1", "t.parquet"), "cut short or damaged"),
        (text_file(b"name,f\nA,1\n", "t.parquet"), "named like a Parquet file but holds text"),
        (text_file(b"PK\x03\x04abc", "t.csv"), "a ZIP archive or spreadsheet"),
        (text_file(b"name,f\nA,1\n", "t.xlsx"), "no table that can be read"),
        (text_file(b"\x1f\x8b\x08rubbish", "t.csv.gz"), "cannot be read"),
        (lambda folder: folder, "is a folder"),
        (lambda folder: folder / "absent.csv", "does not exist"),
    ],
)
def test_damaged_and_foreign_files_are_one_clear_sentence(tmp_path, write, problem):
    """Whatever the file turns out to be, the error is an InputError that names it and the trouble."""
    with pytest.raises(InputError, match=problem):
        load_table([write(tmp_path)], options=TableOptions(label="name", kind_all="gene", features="f"))


def test_text_far_down_a_column_is_found(tmp_path):
    """A value that is no number, blocks after the type was read off, is named with its row."""
    path = tmp_path / "t.csv"
    path.write_text("name,f\n" + "A,1.5\n" * 400_000 + "A,broken\n")
    with pytest.raises(InputError, match=r'row 400002 .* holds "broken"'):
        load_table([path], options=TableOptions(label="name", kind_all="gene"))


def test_a_hostile_size_is_refused_before_it_is_read(tmp_path, monkeypatch):
    """A file that says it has more values than the memory holds is refused by arithmetic."""
    from explorer.datasets import reading

    path = tmp_path / "t.parquet"
    table = pa.table({"name": ["A"] * 1000} | {f"f{i}": np.ones(1000, np.float32) for i in range(10)})
    pq.write_table(table, path)
    monkeypatch.setattr(reading, "memory_limit", lambda: 10_000)
    with pytest.raises(InputError, match="1,000 rows x 10 features x 4 bytes"):
        load_table([path], options=TableOptions(label="name", kind_all="gene"))


def test_no_file_at_all_is_an_error():
    """An empty list of tables is refused."""
    with pytest.raises(InputError, match="No table is given"):
        load_table([], options=TableOptions(label="a", kind_all="gene"))


def test_progress_is_told(screen):
    """The callback hears of the features, up to the last row."""
    heard = []
    load_table([screen], options=SCREEN, progress=lambda *told: heard.append(told))
    assert ("read features", 9, 9) in heard
