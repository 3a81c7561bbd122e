"""The demo screen is the same each time, its facts are facts, and what is planted comes back out of a map."""

import json
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from explorer.datasets.demo import simulate_demo
from explorer.datasets.demo_truth import (
    CONCENTRATIONS,
    IN_EVERY_EXPERIMENT,
    SOURCE,
    demo_truth,
    parse_actions,
    read_source,
    write_truth,
)
from explorer.datasets.profiles import METADATA_COLUMNS
from explorer.errors import InputError
from explorer.maps.efaar import fit_alignment

REPOSITORY = Path(__file__).resolve().parents[2]
REAL = Path(os.environ.get("KEYHOLE_REAL_DATA") or REPOSITORY.parent / "shared" / "data")


@pytest.fixture(scope="module")
def profiles():
    return simulate_demo()


@pytest.fixture(scope="module")
def truth():
    return demo_truth(SOURCE)


@pytest.fixture(scope="module")
def tables():
    return read_source()


@pytest.fixture(scope="module")
def tvn_map(profiles):
    """Unit vectors and the mean pairwise cosine of wells, by gene and by compound@concentration."""
    return quick_map(profiles, "tvn")


def quick_map(profiles, method):
    metadata = profiles.metadata
    batches = metadata["experiment"].cat.codes.to_numpy()
    controls = (metadata["label"] == "EMPTY_control").to_numpy()
    names = list(metadata["experiment"].cat.categories)
    alignment = fit_alignment(profiles.features, batches, controls, method=method, batch_names=names)
    rows = alignment.apply(profiles.features, batches)
    at = metadata["concentration"].map(lambda c: "" if np.isnan(c) else f"@{c:g}").astype(str)
    codes, keys = pd.factorize(metadata["label"].astype(str) + at)
    n = np.bincount(codes)
    means = sums_of(rows, codes, len(n)) / n[:, None]
    unit_sums = sums_of(unit(rows), codes, len(n))
    consistency = ((unit_sums**2).sum(axis=1) - n) / (n * (n - 1))
    return pd.DataFrame(unit(means), index=keys), pd.Series(consistency, index=keys)


def sums_of(rows, codes, groups):
    sums = np.zeros((groups, rows.shape[1]))
    np.add.at(sums, codes, rows)
    return sums


def unit(rows):
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def ranked_genes(tvn_map, truth, perturbation):
    vectors, _ = tvn_map
    cosines = vectors.loc[list(truth["genes"])] @ vectors.loc[perturbation]
    return cosines.sort_values(ascending=False)


def test_same_seed_same_screen(profiles):
    """Two runs agree to 1e-5, and another seed gives other values."""
    again = simulate_demo()
    np.testing.assert_allclose(again.features, profiles.features, atol=1e-5)
    pd.testing.assert_frame_equal(again.metadata, profiles.metadata)
    assert np.abs(simulate_demo(seed=1).features - profiles.features).max() > 1


def test_screen_has_its_design(profiles, tables):
    """Wells, guides, experiments, concentrations and controls are as many as the design says."""
    metadata = profiles.metadata
    assert list(metadata.columns) == list(METADATA_COLUMNS)
    assert metadata["well"].is_unique
    assert profiles.features.shape == (len(metadata), 128)
    assert 18_000 <= len(metadata) <= 24_000
    genes = metadata[metadata["kind"] == "gene"]
    design = (
        genes.astype({"label": str})
        .groupby("label")
        .agg(wells=("well", "size"), guides=("guide", "nunique"), experiments=("experiment", "nunique"))
    )
    ordinary = ~design.index.isin(IN_EVERY_EXPERIMENT)
    assert (design[ordinary] == [18, 6, 2]).all(axis=None)
    assert (design[~ordinary] == [120, 6, 10]).all(axis=None)
    compounds = metadata[metadata["kind"] == "compound"].astype({"label": str})
    assert set(compounds["concentration"]) == set(CONCENTRATIONS)
    assert (compounds.groupby(["label", "concentration"]).size() == 4).all()
    assert (compounds.groupby("label")["experiment"].nunique() == 1).all()
    empty = metadata[metadata["label"] == "EMPTY_control"]
    assert (empty.groupby(["experiment", "plate"], observed=True).size() == 16).all()
    assert metadata["cell_count"].notna().all()
    assert len(tables.genes) == design.shape[0]
    assert tables.genes["symbol"].str.fullmatch(r"RXRX3-\d{5}").sum() == 100


def test_screen_says_that_it_is_simulated(profiles):
    """The report's first note says so, and names its sources."""
    assert "not experimental data" in profiles.report.notes[0]
    assert {source["file"] for source in profiles.report.sources} == {"genes.csv", "modules.csv", "compounds.csv"}


def test_gene_facts_agree_with_the_gene_table(tables):
    """Entrez id, chromosome arm and cytoband of every named gene are those of NCBI gene; blinded genes have none."""
    path = REAL / "annot" / "gene_arm.tsv.gz"
    if not path.is_file():
        pytest.skip(f"{path} is not there; set KEYHOLE_REAL_DATA")
    known = pd.read_csv(path, sep="\t", dtype=str).set_index("entrez")
    blinded = tables.genes["symbol"].str.startswith("RXRX3-")
    named = tables.genes[~blinded].set_index("entrez")
    assert named.index.is_unique
    assert (known.loc[named.index, "arm"] == named["arm"]).all()
    assert (known.loc[named.index, "map_location"] == named["cytoband"]).all()
    renamed = known.loc[named.index, "symbol"] != named["symbol"]
    assert renamed.mean() < 0.05  # the table has some old symbols; they are among the synonyms here
    synonyms = named["synonyms"].str.split("|")
    assert all(known.loc[e, "symbol"] in synonyms[e] for e in named.index[renamed])
    assert (tables.genes.loc[blinded, ["arm", "entrez", "synonyms", "name"]] == "").all(axis=None)


@pytest.mark.parametrize(
    ("alias", "symbols"),
    [("HER2", {"ERBB2"}), ("NEU", {"ERBB2"}), ("CD3", {"CD3D", "CD3E", "CD3G"}), ("BRCA", {"BRCA1", "BRCA2"})],
)
def test_aliases_for_the_search_box(tables, alias, symbols):
    """An alias finds its gene, and an ambiguous family name all of its members."""
    found = tables.genes["symbol"][tables.genes["synonyms"].str.split("|").map(lambda names: alias in names)]
    assert set(found) == symbols


def test_compounds_are_complete(tables):
    """Each compound has a structure and a key; the brand name of the walk is there; some structures carry a tail."""
    compounds = tables.compounds.set_index("name")
    assert (compounds["smiles"] != "").all()
    assert compounds["inchikey"].str.fullmatch(r"[A-Z]{14}-[A-Z]{10}-[A-Z]").all()
    assert compounds["inchikey"].is_unique
    assert "Velcade" in compounds.loc["bortezomib", "synonyms"].split("|")
    assert compounds["smiles"].str.contains(r" \|[ct]:[\d,ct:]+\|$").sum() >= 5
    assert (compounds.loc[compounds["candidate"] == "yes", "targets"] == "").all()


def test_truth_names_only_what_exists(truth, tables):
    """Every gene, module and compound of the truth is in the tables; what acts has an EC50 in the range."""
    genes, modules = set(tables.genes["symbol"]), set(tables.modules["module"])
    compounds = set(tables.compounds["name"])
    for module in truth["modules"].values():
        assert set(module["genes"]) <= genes
        assert module["parent"] is None or module["parent"] in modules
    assert {pair[key] for pair in truth["opposite_pairs"] for key in ("module", "opposite_of")} <= modules
    assert {gene for arm in truth["same_arm"].values() for gene in arm} <= genes
    assert set(truth["inactive_genes"]) | set(truth["weak_guides"]) <= genes
    assert {name for pair in truth["scaffold_hops"] for name in pair} | set(truth["candidates"]) <= compounds
    for row in tables.compounds.itertuples(index=False):
        actions = parse_actions(row.acts_on)
        assert {name for name, _, _ in actions} <= (genes | modules) - set(truth["inactive_genes"])
        assert not actions or CONCENTRATIONS[0] <= float(row.ec50_um) <= CONCENTRATIONS[-1]
        assert not row.toxic_um or float(row.toxic_um) in CONCENTRATIONS


def test_committed_truth_is_current(tmp_path):
    """`data/demo/truth.json` is what the tables give now."""
    fresh = write_truth(tmp_path / "truth.json")
    committed = REPOSITORY / "data" / "demo" / "truth.json"
    assert json.loads(committed.read_text(encoding="utf-8")) == json.loads(fresh.read_text(encoding="utf-8"))


def test_missing_source_is_told(tmp_path):
    """An absent table and an absent column are errors that name the file."""
    with pytest.raises(InputError, match=r"genes\.csv is missing"):
        simulate_demo(source=tmp_path)
    (tmp_path / "genes.csv").write_text("symbol\nKRAS\n")
    with pytest.raises(InputError, match=r"genes\.csv lacks the column\(s\) synonyms"):
        simulate_demo(source=tmp_path)


def test_one_embedding_is_there_twice(profiles, truth):
    """Two wells of the declared gene share an embedding, and no other two do."""
    twins = pd.DataFrame(profiles.features).duplicated(keep=False).to_numpy()
    assert set(profiles.metadata["label"][twins]) == {truth["duplicated_embedding"]["gene"]}
    assert twins.sum() == 2


@pytest.mark.parametrize("concentration", ["0.025", "0.1"])
def test_bortezomib_is_a_proteasome_inhibitor_and_more(tvn_map, truth, concentration):
    """Proteasome genes lead, SNRPD3 is within the top 20, and carfilzomib is the nearest compound (story 2)."""
    vectors, _ = tvn_map
    ranked = ranked_genes(tvn_map, truth, f"bortezomib@{concentration}").index
    assert set(ranked[:8]) <= set(truth["modules"]["proteasome_20s"]["genes"])
    assert "SNRPD3" in ranked[:20]
    same = vectors.index.str.endswith(f"@{concentration}") & ~vectors.index.str.startswith("bortezomib")
    assert (vectors[same] @ vectors.loc[f"bortezomib@{concentration}"]).idxmax() == f"carfilzomib@{concentration}"


def test_rbm39_is_the_way_round_cdk13(tvn_map, truth):
    """RBM39 ranks first as like CDK12 and unlike CDK13; CCNK is like both, CDK12 the more (story 3)."""
    vectors, _ = tvn_map
    genes = vectors.loc[list(truth["genes"])].drop(index=["CDK12", "CDK13"])
    mimic, avoid = genes @ vectors.loc["CDK12"], genes @ vectors.loc["CDK13"]
    assert (mimic - avoid)[avoid.abs() < 0.2].idxmax() == "RBM39"
    assert mimic["CCNK"] > avoid["CCNK"] > 0.3
    for degrader in ("indisulam@1", "E7820@1"):
        to_rbm39, to_cdk13 = vectors.loc[["RBM39", "CDK13"]] @ vectors.loc[degrader]
        assert to_rbm39 > 0.4
        assert abs(to_cdk13) < 0.2


def test_candidates_lie_beside_their_pathway(tvn_map, truth):
    """Each unlabelled candidate, at its best, has a gene it was planted on among its ten nearest (story 4)."""
    for name in truth["candidates"]:
        action = truth["compounds"][name]["acts_on"]
        planted = {gene for target in action for gene in truth["modules"].get(target, {"genes": [target]})["genes"]}
        assert planted & set(ranked_genes(tvn_map, truth, f"{name}@2.5").index[:10]), name


def test_modules_come_back_and_strangers_do_not(tvn_map, truth):
    """Genes of one module are similar, of an opposite pair opposite, and of other modules neither."""
    vectors, _ = tvn_map

    def block(a, b):
        rows, columns = (
            [gene for gene, weight in truth["modules"][name]["genes"].items() if weight >= 0.7] for name in (a, b)
        )
        return (vectors.loc[rows] @ vectors.loc[columns].T).to_numpy()

    within = [block(m, m) for m in truth["modules"]]
    pairs = np.concatenate([cosines[np.triu_indices(len(cosines), 1)] for cosines in within])
    assert 0.4 < np.median(pairs) < 0.8
    for pair in truth["opposite_pairs"]:
        assert np.median(block(pair["module"], pair["opposite_of"])) < -0.2, pair
    strangers = np.concatenate([block("hr_core", m).ravel() for m in ("v_atpase", "ras_mapk", "mediator", "copi")])
    assert np.percentile(np.abs(strangers), 95) < 0.25


def test_inactive_genes_look_like_controls(tvn_map, truth):
    """Replicate wells of genes without a phenotype do not agree; those of nearly all others do."""
    _, consistency = tvn_map
    inactive = consistency[truth["inactive_genes"]]
    active = consistency[[gene for gene in truth["genes"] if gene not in truth["inactive_genes"]]]
    assert abs(inactive.mean()) < 0.03
    assert (active > inactive.max()).mean() > 0.95


def test_alignment_matters(profiles, tvn_map, truth):
    """Without alignment unrelated genes look alike; after TVN they do not."""
    raw = quick_map(profiles, "none")[0]
    vectors, _ = tvn_map
    genes = list(truth["genes"])[:200]
    assert np.median(np.abs(raw.loc[genes] @ raw.loc[genes].T)) > 0.5
    assert np.median(np.abs(vectors.loc[genes] @ vectors.loc[genes].T)) < 0.2


def test_cells_are_lost_at_toxic_concentrations_only(profiles, truth):
    """Counts against the plate's empty wells fall below half from the toxic concentration on, and not before."""
    metadata = profiles.metadata
    plates = ["experiment", "plate"]
    empty = metadata[metadata["label"] == "EMPTY_control"].groupby(plates, observed=True)["cell_count"].median()
    wells = metadata[metadata["kind"] == "compound"].astype({"label": str}).join(empty.rename("empty"), on=plates)
    viability = (wells["cell_count"] / wells["empty"]).groupby([wells["label"], wells["concentration"]]).median()
    for (name, concentration), value in viability.items():
        toxic = truth["compounds"][name]["toxic_um"]
        if toxic is None:
            assert value > 0.75, (name, concentration)
        elif concentration >= toxic:
            assert value < 0.5, (name, concentration)
        else:
            assert value > 0.5, (name, concentration)
