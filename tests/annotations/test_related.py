"""What is known of a pair: its sources, and the smallest set that both genes are in; never more than is listed."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from explorer.annotations.gene_sets import GeneSet, GeneSetSource
from explorer.annotations.related import KNOWN, LARGE_SET, LARGEST_SET, WEAK, related
from explorer.annotations.relationships import RelationshipSource


def pairs(name: str, *listed: tuple) -> RelationshipSource:
    frame = pd.DataFrame([sorted(p[:2]) for p in listed], columns=["a", "b"])
    if any(len(p) > 2 for p in listed):
        frame = frame.assign(size=[p[2] for p in listed], set=[p[3] for p in listed])
    return RelationshipSource(name, "", frame)


def sets(name: str, *members: list[str], relates: bool = True) -> GeneSetSource:
    made = tuple(GeneSet(f"x:{i}", f"set {i}", name, tuple(m)) for i, m in enumerate(members))
    return GeneSetSource(name, "", "", "", made, relates=relates)


def many(n: int, *with_: str) -> list[str]:
    return [*with_, *(f"g{i}" for i in range(n - len(with_)))]


def one(frame: pd.DataFrame) -> dict:
    assert len(frame) == 1
    return frame.iloc[0].to_dict()


def test_a_listed_pair_is_known():
    """Either way round, with its sources; a set says how large it is and what it is called."""
    found = one(related(["B", "A"], [pairs("HuMAP", ("A", "B")), pairs("StringDB", ("B", "A"))], []))
    assert (found["i"], found["j"], found["relation"], found["sources"]) == (0, 1, KNOWN, "HuMAP, StringDB")
    assert np.isnan(found["size"])
    found = one(related(["A", "B"], [], [sets("Pathways", ["A", "B", "C"], ["A", "B"], ["A", "C"])]))
    assert (found["relation"], found["size"]) == (KNOWN, 2)
    assert found["evidence"] == "Pathways: both in set 1 of 2 members"


def test_a_large_set_is_weak_and_a_huge_one_nothing():
    """More than 100 members: listed together, weak. More than 500: not even that. A pair beside it makes it known."""
    for size, relation in ((LARGE_SET, KNOWN), (LARGE_SET + 1, WEAK), (LARGEST_SET, WEAK)):
        found = one(related(["A", "B"], [], [sets("S", many(size, "A", "B"))]))
        assert (found["relation"], found["size"]) == (relation, size)
    assert related(["A", "B"], [], [sets("S", many(LARGEST_SET + 1, "A", "B"))]).empty
    both = one(related(["A", "B"], [pairs("H", ("A", "B"))], [sets("S", many(139, "A", "B"))]))
    assert (both["relation"], both["sources"], both["size"]) == (KNOWN, "H, S", 139)


def test_sets_of_a_source_only_size_its_pairs():
    """CORUM lists all pairs of its complexes: a pair that only a large one holds is weak, and no pair is added."""
    corum = pairs("CORUM", ("CDK12", "RBM39"), ("A", "B"), ("A", "C"))
    complexes = sets("CORUM complexes", many(139, "CDK12", "RBM39"), ["A", "B"], ["A", "D"])
    found = related(["CDK12", "RBM39", "A", "B", "C", "D"], [corum], [complexes]).set_index(["i", "j"])
    assert found.loc[(0, 1), "relation"] == WEAK
    assert found.loc[(0, 1), "evidence"] == "CORUM: both in set 0 of 139 members"
    assert found.loc[(2, 3), ["relation", "size"]].tolist() == [KNOWN, 2]
    assert found.loc[(2, 4), "relation"] == KNOWN
    assert np.isnan(found.loc[(2, 4), "size"])
    assert (2, 5) not in found.index


def test_an_edge_list_may_give_the_size():
    """A single cited fact says of how many members the set is that both are in."""
    found = one(related(["CDK12", "RBM39"], [pairs("CORUM", ("CDK12", "RBM39", 139.0, "Spliceosome"))], []))
    assert (found["relation"], found["size"]) == (WEAK, 139)
    assert found["evidence"] == "CORUM: both in Spliceosome of 139 members"


def test_sets_that_do_not_relate_say_nothing():
    """Genes of one disease, or of one planted module, are not for that known to be related."""
    assert related(["A", "B"], [], [sets("HPO", ["A", "B"], relates=False)]).empty


def test_nothing_loaded_or_nobody_asked():
    """Empty frames with all their columns."""
    for found in (related([], [], []), related(["A"], [pairs("H", ("A", "B"))], []), related(["A", "B"], [], [])):
        assert found.empty
        assert list(found) == ["i", "j", "relation", "sources", "size", "evidence"]


symbols = st.sampled_from("ABCDEFG")
listed = st.lists(st.tuples(symbols, symbols).filter(lambda p: p[0] != p[1]), max_size=8)
grouped = st.lists(st.lists(symbols, min_size=1, max_size=5, unique=True), max_size=6)


@given(listed=listed, grouped=grouped, asked=st.lists(symbols, unique=True), across=st.integers(0, 7))
def test_it_is_what_looking_at_every_pair_gives(listed, grouped, asked, across):
    """All pairs, and all pairs across a split, as a plain search over every pair and set finds them."""
    listed = list({tuple(sorted(p)) for p in listed})
    sources = [pairs("P", *listed)] if listed else []
    groups = [sets("S", *grouped)] if grouped else []
    wanted = {}
    for i, j in itertools.combinations(range(len(asked)), 2):
        here = {asked[i], asked[j]}
        smallest = min((len(g) for g in grouped if here <= set(g)), default=np.nan)
        who = [n for n, held in (("P", tuple(sorted(here)) in listed), ("S", not np.isnan(smallest))) if held]
        if who:
            wanted[i, j] = (", ".join(who), smallest)
    found = related(asked, sources, groups)
    assert list(zip(found["i"], found["j"], strict=True)) == sorted(wanted)
    for row in found.itertuples():
        assert (row.sources, row.relation) == (wanted[row.i, row.j][0], KNOWN)
        np.testing.assert_equal(row.size, float(wanted[row.i, row.j][1]))
    split = related(asked, sources, groups, across=min(across, len(asked)))
    kept = sorted((i, j) for i, j in wanted if i < across <= j)
    assert list(zip(split["i"], split["j"], strict=True)) == kept
