"""Gene sets are read from GMT and from tables of complexes, each gene once; what is none is refused by line."""

from __future__ import annotations

import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.annotations.gene_sets import CLUSTERS, GeneSetSource, read_complexes, read_gmt
from explorer.errors import InputError

names = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1, max_size=12)


def test_a_gmt_is_read(tmp_path):
    """A set a line: name, description, genes; a repeated gene counts once, blank lines and ends do not count."""
    (tmp_path / "mine.gmt").write_text("A set\thttp://x\tKRAS\tBRAF\tKRAS\t\n\nother\t\tNA\r\n", encoding="utf-8")
    first, second = read_gmt(tmp_path / "mine.gmt")
    assert (first.id, first.name, first.source, first.genes) == ("mine:A set", "A set", "mine", ("KRAS", "BRAF"))
    assert second.genes == ("NA",)


def test_a_gmt_may_start_with_ids(tmp_path):
    """Then the second column is the name; ids start with the prefix that is asked for."""
    (tmp_path / "planted.gmt").write_text("hr_core\tHomologous recombination\tBRCA2\tRAD51\n")
    (one,) = read_gmt(tmp_path / "planted.gmt", source="planted in a demo", prefix="planted", ids=True)
    assert (one.id, one.name, one.source) == ("planted:hr_core", "Homologous recombination", "planted in a demo")


def test_complexes_are_read_from_a_file_and_from_a_wheel(tmp_path):
    """A name, a tab, and genes separated by spaces, alone or inside an archive."""
    text = "Ku complex\tXRCC5 XRCC6\nMRN\tMRE11 RAD50 NBN RAD50\n"
    (tmp_path / "c.tsv").write_text(text)
    with zipfile.ZipFile(tmp_path / "some.whl", "w") as archive:
        archive.writestr(f"package/benchmark_annotations/{CLUSTERS}", text)
    alone, inside = read_complexes(tmp_path / "c.tsv"), read_complexes(tmp_path / "some.whl")
    assert alone == inside
    assert [(s.id, s.genes) for s in alone][1] == ("corum:MRN", ("MRE11", "RAD50", "NBN"))


def test_members_are_codes(tmp_path):
    """A source keeps its sets as positions among its symbols, and finds a set by its id."""
    (tmp_path / "m.gmt").write_text("a\t\tX\tY\nb\t\tY\n")
    source = GeneSetSource("m", "", "", "", read_gmt(tmp_path / "m.gmt"))
    held = source.members
    assert [list(held.symbols[held.codes[a:b]]) for a, b in zip(held.start, held.start[1:], strict=False)] == [
        ["X", "Y"],
        ["Y"],
    ]
    assert (source.n, held.sizes.tolist(), source.by_id["m:b"].genes) == (2, [2, 1], ("Y",))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no gene set"),
        (b"\n \n", "no gene set"),
        (b"A\tB\n", "line 1"),
        (b"A\td\tX\nname only\n", "line 2"),
        (b"A\td\tX\nA\td\tY\n", "twice"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b"PK\x03\x04" + bytes(range(128, 256)), "UTF-8"),
    ],
)
def test_what_is_no_gmt_is_refused(tmp_path, content, said):
    """The message says which line, and what a line is."""
    (tmp_path / "x.gmt").write_bytes(content)
    with pytest.raises(InputError, match=said):
        read_gmt(tmp_path / "x.gmt")


def test_a_wheel_without_complexes_is_refused(tmp_path):
    """So is a file that is no archive, and one that is not there."""
    with zipfile.ZipFile(tmp_path / "x.whl", "w") as archive:
        archive.writestr("other.txt", "x")
    (tmp_path / "y.whl").write_bytes(b"no zip")
    for name, said in (("x.whl", CLUSTERS), ("y.whl", "download it again"), ("z.whl", "download it again")):
        with pytest.raises(InputError, match=said):
            read_complexes(tmp_path / name)
    with pytest.raises(InputError, match="cannot be read"):
        read_gmt(tmp_path / "nowhere.gmt")


@given(sets=st.dictionaries(names, st.lists(names, min_size=1, max_size=6), max_size=6))
def test_what_is_written_is_read(tmp_path_factory, sets):
    """Names and symbols of any script come back as they were, in their order."""
    file = tmp_path_factory.mktemp("gmt") / "any.gmt"
    file.write_text("".join(f"{n}\td\t" + "\t".join(g) + "\n" for n, g in sets.items()), encoding="utf-8")
    if sets:
        assert {s.name: s.genes for s in read_gmt(file)} == {n: tuple(dict.fromkeys(g)) for n, g in sets.items()}


@given(content=st.binary(max_size=200))
def test_any_bytes_are_sets_or_refused(tmp_path_factory, content):
    """Whatever a file holds, the answer is gene sets of printable text or a sentence."""
    file = tmp_path_factory.mktemp("gmt") / "any.gmt"
    file.write_bytes(content)
    for read in (read_gmt, read_complexes):
        try:
            found = read(file)
        except InputError:
            continue
        assert found
        assert all(s.genes and s.name.isprintable() and all(g.isprintable() and g for g in s.genes) for s in found)
