"""Tables about compounds: targets with potency in nM and their source, strongest first; bad potencies are refused."""

from __future__ import annotations

import pytest

from explorer.annotations.compound_annotations import CompoundSource, Target, read_compound_table
from explorer.errors import InputError


def read(tmp_path, text: str, name: str = "t.csv"):
    (tmp_path / name).write_text(text, encoding="utf-8")
    return read_compound_table(tmp_path / name)


def test_the_table_of_the_rxrx3_core_benchmark_is_read(tmp_path):
    """Its columns: gene_symbol, nM_value, measurement_type, database, treatment; values are in nM."""
    found = read(
        tmp_path,
        "gene_symbol,nM_value,measurement_type,database,treatment\n"
        'GENE2,106.0,ic50,"One, Two",AB-12\nGENE1,4.4,"ec50, ic50",One,AB-12\nGENE3,20000.0,ic50,One,cd 3\n',
    )
    assert found.keys() == {"ab12", "cd3"}
    assert found["ab12"].targets == (
        Target("GENE1", 4.4, "ec50, ic50", "One"),
        Target("GENE2", 106.0, "ic50", "One, Two"),
    )


def test_units_become_nm(tmp_path):
    """pM, nM, uM, µM, mM and M; without a unit a potency is in nM, without a potency it is not known."""
    rows = [("a", "1", "pM"), ("b", "1", "nM"), ("c", "1", "uM"), ("d", "1", "µM"), ("e", "1", ""), ("f", "", "")]
    found = read(tmp_path, "compound,gene,potency,unit\n" + "".join(f"{c},G,{p},{u}\n" for c, p, u in rows))
    assert [found[c].targets[0].potency for c in "abcdef"] == [0.001, 1, 1000, 1000, 1, None]


def test_a_table_of_ones_own_may_be_wide(tmp_path):
    """One row a compound: targets and synonyms separated by |, a mechanism; TSV, and a leading Metadata_."""
    found = read(
        tmp_path,
        "Metadata_pert_iname\ttarget_list\tmoa\tsynonyms\nX-1\tKRAS|BRAF|KRAS\tinhibitor\tFoo|Bar\nX-1\tTP53\tother\t\n",
        "t.tsv",
    )
    one = found["x1"]
    assert [t.gene for t in one.targets] == ["BRAF", "KRAS", "TP53"]
    assert (one.mechanism, one.synonyms) == ("inhibitor; other", ("Foo", "Bar"))


def test_a_compound_is_found_by_any_of_its_names(tmp_path):
    """The first name that the table lists counts; case and punctuation do not."""
    source = CompoundSource("t", "", "", "", read(tmp_path, "name,target\nPD-0325901,MAP2K1\n"))
    assert source.of(["unknown", "pd 0325901"]).targets[0].gene == "MAP2K1"
    assert source.of(["unknown"]) is None
    assert source.n == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("compound,gene,potency\nx,KRAS,0\n", "row 2"),
        ("compound,gene,potency\nx,KRAS,nan\n", "row 2"),
        ("compound,gene,potency\nx,KRAS,inf\n", "row 2"),
        ("compound,gene,potency\nx,KRAS,< 5\n", "row 2"),
        ("compound,gene,potency,unit\ny,A,1,nM\nx,KRAS,5,furlong\n", "row 3"),
        ("gene_a,gene_b\nA,B\n", "no column"),
        ("compound,colour\nx,red\n", "says nothing"),
        ("compound,gene\n,KRAS\n", "names no compound"),
        ("", "cannot be read"),
    ],
)
def test_what_is_no_table_of_compounds_is_refused(tmp_path, text, said):
    """The message says which row, or which columns there should be."""
    with pytest.raises(InputError, match=said):
        read(tmp_path, text)
