"""Maps of real screens, built by the command lines of the README, say what was measured on these screens before."""

import json
import re
import shlex
from string import Template

import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr

from explorer.cli import main
from explorer.maps.perturbation_map import open_map
from tests.real.commands import COMMANDS


@pytest.fixture(scope="module")
def build(real_data, tmp_path_factory):
    """Build a map by its command line, once; `more` options override and give another map."""
    maps, built = tmp_path_factory.mktemp("maps"), {}

    def once(name, *more):
        key = (name, *more)
        if key not in built:
            out = maps / str(len(built))
            words = [Template(w).safe_substitute(DATA=real_data, MAPS=maps) for w in shlex.split(COMMANDS[name])]
            assert main([*words[1:], *more, "--out", str(out), "--json"]) == 0, key
            built[key] = out
        return open_map(built[key])

    return once


def label_rows(m, rows):
    return {m.perturbations["label"].iat[i]: i for i in rows}


@pytest.mark.parametrize(
    ("name", "pairs", "target", "others"),
    [("cpjump1-a549", 302, 0.141, 0.031), ("cpjump1-u2os", 301, 0.124, 0.023)],
)
def test_compounds_are_near_the_knockout_of_their_target(build, real_data, name, pairs, target, others):
    """A compound's cosine to the knockout of its target is above its cosine to the other knockouts, as measured."""
    m = build(name)
    genes, compounds = label_rows(m, m.gene_rows), label_rows(m, m.compound_rows)
    known = pd.read_csv(real_data / "cpjump1_meta" / "JUMP-Target-1_compound_metadata_targets.tsv", sep="\t")
    known = known.dropna(subset=["pert_iname", "target"]).drop_duplicates("pert_iname")
    known = known[known["pert_iname"].isin(compounds) & known["target"].isin(genes)]
    c = known["pert_iname"].map(compounds).to_numpy()
    g = known["target"].map(genes).to_numpy()
    cosines = np.asarray(m.features @ m.features.T)
    observed = cosines[c, g].mean()
    rng = np.random.default_rng(0)
    null = np.array([cosines[c, rng.permutation(g)].mean() for _ in range(2000)])
    assert len(known) == pairs
    assert observed == pytest.approx(target, abs=0.001)
    assert cosines[np.ix_(np.unique(c), np.unique(g))].mean() == pytest.approx(others, abs=0.001)
    assert (1 + (null >= observed).sum()) / 2001 < 0.01


@pytest.mark.parametrize("name", ["cpjump1-a549", "cpjump1-u2os"])
def test_a_plk1_inhibitor_is_near_plk1(build, name):
    """BI-2536 is among the three strong compounds (the upper quarter by magnitude) that are most like PLK1."""
    m = build(name)
    magnitude = m.perturbations["magnitude"].to_numpy()[m.compound_rows]
    strong = m.compound_rows[magnitude >= np.quantile(magnitude, 0.75)]
    order = strong[np.argsort(-(m.features[strong] @ m.features[label_rows(m, m.gene_rows)["PLK1"]]))]
    assert "BI-2536" in m.perturbations["label"].iloc[order[:3]].tolist()


def same_mechanism(m):
    """Share of treatments whose nearest neighbour of another compound has the same mechanism."""
    labels = m.perturbations["label"].to_numpy()
    mechanisms = m.entities.set_index("label")["mechanism"].loc[labels].to_numpy()
    cosines = np.array(m.features @ m.features.T)
    cosines[labels[:, None] == labels[None, :]] = -2
    return (mechanisms[cosines.argmax(axis=1)] == mechanisms).mean()


def test_mechanisms_are_neighbours_as_the_profiles_are(build):
    """103 treatments: .91 as they come, which are normalised; .77 when scaled by six DMSO wells a plate."""
    m = build("bbbc021")
    assert len(m.perturbations) == 103
    assert same_mechanism(m) == pytest.approx(0.91, abs=0.01)
    assert same_mechanism(build("bbbc021", "--align", "centerscale")) == pytest.approx(0.77, abs=0.01)


def test_a_batch_with_few_controls_is_noted(build):
    """Scaling by a handful of control wells is allowed and said."""
    notes = build("bbbc021", "--align", "centerscale").manifest["source"]["notes"]
    assert any("control" in note for note in notes), notes


def test_strength_follows_cell_loss_and_concentration(build):
    """Stronger profiles have fewer cells, and strength rises with concentration."""
    p = build("injury").perturbations
    assert len(p) == 573
    assert p["label"].nunique() == 111
    assert spearmanr(p["magnitude"], p["relative_count"], nan_policy="omit")[0] < -0.8
    curves = [c for _, c in p.groupby("label") if c["concentration"].nunique() >= 6]
    rising = [spearmanr(c["magnitude"], c["concentration"])[0] for c in curves]
    assert len(rising) == 91
    assert np.median(rising) > 0.6


def test_one_plate_mostly_of_single_wells_is_mostly_not_tested(build, capsys):
    """What has one well is not called active; the unit in the name of the column is questioned."""
    m = build("lincs")
    tested = m.perturbations["q"].notna()
    assert not m.perturbations.loc[~tested, "active"].eq(True).any()
    assert tested.mean() < 0.05
    assert any("mmoles" in note for note in m.manifest["source"]["notes"])
    assert (m.entities["mechanism"].notna()).sum() > 40


def test_most_compounds_of_the_lincs_plate_are_called_inactive(build, capsys):
    """Single wells are tested compound by compound, over all concentrations: over nine in ten are not told from DMSO.

    The profiles are taken as they come, normalised already: `--align auto` finds no replicates to prefer another by,
    and scaling again by the 24 DMSO wells, which sit together, gives the other wells a direction in common.
    """
    m = build("lincs")
    pooled = m.entities["pooled_active"].dropna()
    assert len(pooled) == 56
    assert 0 < pooled.astype(bool).sum() <= 5
    assert "--align none" in COMMANDS["lincs"]
    assert build("lincs", "--align", "auto").manifest["recipe"]["align"] == "none"
    capsys.readouterr()
    assert main(["info", str(m.folder)]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "of 56 compounds whose concentrations are single wells are active over all their wells together" in said
    print(f"LINCS plate: {1 - pooled.astype(bool).mean():.2f} of 56 compounds inactive over their concentrations")


@pytest.mark.parametrize(
    ("name", "pairs", "target", "others"),
    [("cpjump1-a549", "302", "0.141", "0.031"), ("cpjump1-u2os", "301", "0.124", "0.023")],
)
def test_check_prints_the_signal_of_compounds_and_their_targets(build, capsys, name, pairs, target, others):
    """`keyhole check` prints the compound-to-target signal with its p, and how replicates find each other."""
    m = build(name)
    capsys.readouterr()
    assert main(["check", str(m.folder.parent)]) == 0
    told = capsys.readouterr().out
    row = re.search(r"^main +cosine +(\d+) +160 +(\S+) +(\S+) +(\S+) ", told, re.MULTILINE)
    assert row.groups()[:3] == (pairs, target, others)
    assert float(row[4]) < 0.01
    assert "wells of knockouts are not kept" in told
    kept = json.loads(next(m.folder.parent.glob("check-*.json")).read_text())
    assert kept["target_signal"]["cosine"]["main"]["p"] < 0.01
    assert kept["replicate_retrieval"]["beaten"] > 0.6


def nearest_genes(m, capsys, gene):
    capsys.readouterr()
    assert main(["neighbours", str(m.folder), gene, "--json"]) == 0
    return [n["label"] for n in json.loads(capsys.readouterr().out)["neighbours"]]


def test_complexes_are_neighbours(build, capsys):
    """`keyhole neighbours` finds mTORC1 and what controls it beside MTOR, and the V-ATPase beside a subunit."""
    m = build("periscope")
    assert nearest_genes(m, capsys, "MTOR")[:3] == ["RPTOR", "WDR24", "MIOS"]
    pump = nearest_genes(m, capsys, "ATP6V1A")
    assert len(pump) == 10
    assert sum(gene.startswith("ATP6V") for gene in pump) >= 8, pump
    assert all(gene.startswith("ATP6V") for gene in pump[:6]), pump


@pytest.mark.parametrize("name", list(COMMANDS))
def test_every_map_is_sound(build, capsys, name):
    """`keyhole check` finds nothing wrong with any of them."""
    m = build(name)
    capsys.readouterr()
    assert main(["check", str(m.folder)]) == 0
    assert capsys.readouterr().out.startswith("sound")
