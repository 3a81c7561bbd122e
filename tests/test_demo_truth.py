"""What is planted in the demo screen comes back: activity, complexes, targets, toxic concentrations, same-arm pairs.

Run with `-s` to see the numbers. Sensitivity is the share of what is planted that is found, false-discovery rate the
share of what is found that is not planted.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from explorer.datasets.demo import simulate_demo
from explorer.maps.build import Provenance, Recipe, build_map
from explorer.maps.efaar import fit_alignment
from explorer.maps.perturbation_map import PerturbationMap, open_map
from explorer.statistics.concentration_response import FITTED, concentration_response
from explorer.statistics.gene_cosines import gene_cosines
from explorer.statistics.multiple_testing import benjamini_hochberg
from explorer.statistics.pseudo_perturbations import pseudo_vectors
from explorer.statistics.selection import select
from explorer.statistics.significance import SimilarityNull, significance, similarity_null
from explorer.statistics.similarity_null import draws_for
from explorer.statistics.targets import best_over_concentrations, off_targets, on_targets
from explorer.statistics.toxicity import (
    kill_signature,
    left_out,
    toxic_by_count,
    toxic_concentration,
    toxicity_like,
    viability,
)

REPOSITORY = Path(__file__).resolve().parent.parent
TRUTH = json.loads((REPOSITORY / "data" / "demo" / "truth.json").read_text(encoding="utf-8"))
LEVELS = np.array(TRUTH["concentrations_um"])
#: A pair of genes is planted as related from this expected cosine on, and as unrelated at exactly 0.
RELATED = 0.25
SAMPLED = 6  # every sixth gene is a query


@dataclass(frozen=True)
class Demo:
    """The demo map with its aligned wells, as a page would have them."""

    map: PerturbationMap
    wells: pd.DataFrame
    rows: np.ndarray
    batches: np.ndarray
    controls: np.ndarray

    @cached_property
    def genes(self) -> np.ndarray:
        return np.asarray(self.map.features[self.map.gene_rows])

    @cached_property
    def symbols(self) -> np.ndarray:
        return self.map.perturbations["label"].to_numpy()[self.map.gene_rows]

    @cached_property
    def vectors(self) -> np.ndarray:
        """Mean aligned vectors, not unit."""
        return self.map.features * self.map.perturbations["magnitude"].to_numpy()[:, None]

    @cached_property
    def compound_null(self) -> SimilarityNull:
        rows, batches = self.control_rows("compound")
        return similarity_null(rows, batches, n_wells=4, draws=draws_for(len(self.genes), len(LEVELS)))

    def control_rows(self, kind: str) -> tuple[np.ndarray, np.ndarray]:
        """Aligned controls of the experiments that hold this kind."""
        beside = np.unique(self.batches[self.wells["kind"].to_numpy() == kind])
        chosen = self.controls & np.isin(self.batches, beside)
        return self.rows[chosen], self.batches[chosen]


@pytest.fixture(scope="module")
def screen(tmp_path_factory) -> Demo:
    profiles = simulate_demo()
    root = tmp_path_factory.mktemp("truth") / "map"
    build_map(profiles, root, recipe=Recipe(align="tvn"), provenance=Provenance("demo", "Demo", simulated=True))
    wells = profiles.metadata
    batches, names = pd.factorize(wells["experiment"].astype(str), sort=True)
    controls = (wells["label"] == "EMPTY_control").to_numpy() & (wells["kind"] == "control").to_numpy()
    alignment = fit_alignment(profiles.features, batches, controls, method="tvn", batch_names=list(names))
    return Demo(open_map(root), wells, alignment.apply(profiles.features, batches), batches, controls)


@pytest.fixture(scope="module")
def planted(screen) -> np.ndarray:
    """Expected cosine of every two knockouts by the modules they share, their parents and their opposites."""
    modules = module_directions()
    index = {name: i for i, name in enumerate(TRUTH["modules"])}
    weights = np.zeros((len(screen.symbols), len(index)))
    for row, symbol in enumerate(screen.symbols):
        for name, weight in TRUTH["genes"][symbol]["modules"].items():
            weights[row, index[name]] = weight
    directions = weights @ modules
    return directions @ directions.T


@pytest.fixture(scope="module")
def compounds(screen) -> pd.DataFrame:
    """One row a compound: genes at their best concentration, and the toxic concentrations by counts and by proxy."""
    return pd.DataFrame([one_compound(screen, name) for name in TRUTH["compounds"]]).set_index("name")


def module_directions() -> np.ndarray:
    modules = TRUTH["modules"]
    index = {name: i for i, name in enumerate(modules)}
    opposite = {pair["module"]: (pair["opposite_of"], pair["cosine"]) for pair in TRUTH["opposite_pairs"]}
    directions = np.eye(len(modules))
    for name, module in modules.items():
        towards, cosine = opposite.get(name, (module["parent"], np.sqrt(module["share"] or 0)))
        if towards:
            directions[index[name]] *= np.sqrt(1 - cosine**2)
            directions[index[name]] += cosine * directions[index[towards]]
    return directions


def complexes() -> dict[str, set[str]]:
    """Gene to the genes that share a module or its family, as CORUM lists whole machines and their parts."""
    families: dict[str, set[str]] = {}
    for name, module in TRUTH["modules"].items():
        if name != "kill":
            members = {symbol for symbol, weight in module["genes"].items() if weight >= 0.5}
            families.setdefault(module["parent"] or name, set()).update(members)
    together: dict[str, set[str]] = {}
    for members in families.values():
        for symbol in members:
            together.setdefault(symbol, set()).update(members)
    return together


COMPLEXES = complexes()


def one_compound(screen: Demo, name: str) -> dict:
    m = screen.map
    entity = m.entities[(m.entities["kind"] == "compound") & (m.entities["label"] == name)].iloc[0]
    rows = m.rows_of_entity[entity["entity"]]
    at = m.perturbations.iloc[rows]
    concentrations, active = at["concentration"].to_numpy(), at["active"].eq(True).to_numpy()
    counted = toxic_counts(screen).iloc[rows]
    toxic = counted["toxic"].eq(True).to_numpy()
    targets = list(entity["targets"])
    cosines = np.asarray(m.features[rows]) @ screen.genes.T
    best = best_over_concentrations(
        cosines,
        screen.symbols,
        concentrations=concentrations,
        active=active,
        toxic=toxic,
        nulls=[screen.compound_null] * len(rows),
        gene_rows=screen.genes,
    )
    signature = kill_signature(screen.symbols, screen.vectors[m.gene_rows])
    proxy = toxicity_like(
        screen.vectors[rows],
        at["n_wells"].to_numpy(),
        concentrations,
        signature=signature.without(left_out(targets, COMPLEXES)),
        null=compound_noise(screen),
    )
    return {
        "name": name,
        "best": best,
        "targets": targets,
        "active": active.any(),
        "active_points": int(active.sum()),
        "cosines": cosines,
        "concentrations": concentrations,
        "gate": active,
        "use": ~np.maximum.accumulate(toxic),
        "counted": toxic_concentration(concentrations, counted["toxic"].to_numpy()),
        "proxy": toxic_concentration(concentrations, proxy["flagged"].to_numpy()),
        "planted": TRUTH["compounds"][name]["toxic_um"],
    }


_kept: dict[str, object] = {}


def toxic_counts(screen: Demo) -> pd.DataFrame:
    if "counts" not in _kept:
        m, wells = screen.map, screen.wells
        keys = ["kind", "label", "concentration"]
        index = pd.MultiIndex.from_frame(m.perturbations[keys].fillna({"concentration": -1}))
        of_wells = wells[keys].astype({"kind": str, "label": str}).fillna({"concentration": -1})
        groups = index.get_indexer(pd.MultiIndex.from_frame(of_wells))
        plates = wells.groupby(["experiment", "plate"], observed=True).ngroup().to_numpy()
        counted = viability(wells["cell_count"].to_numpy(), plates, screen.controls)
        _kept["counts"] = toxic_by_count(counted, groups, n_groups=len(index))
    return _kept["counts"]


def compound_noise(screen: Demo) -> dict[int, np.ndarray]:
    if "noise" not in _kept:
        rows, batches = screen.control_rows("compound")
        _kept["noise"] = {4: pseudo_vectors(rows, batches, size=4)}
    return _kept["noise"]


def steps_off(found: pd.Series, planted: pd.Series) -> np.ndarray:
    """By how many tested concentrations a found one differs from the planted one."""
    return np.searchsorted(LEVELS, found * 0.999) - np.searchsorted(LEVELS, planted * 0.999)


def test_inactive_perturbations_are_told_from_active_ones(screen):
    """Every planted knockout is active and next to no empty one is; so for compounds."""
    p = screen.map.perturbations.assign(active=lambda t: t["active"].eq(True))
    genes, points = p[p["kind"] == "gene"], p[p["kind"] == "compound"]
    empty = genes["label"].isin(TRUTH["inactive_genes"])
    nothing = points["label"].isin(TRUTH["inactive_compounds"])
    by_compound = points[~nothing].groupby("label")["active"].any()
    genes_fdr = genes["active"][empty].sum() / genes["active"].sum()
    points_fdr = points["active"][nothing].sum() / points["active"].sum()
    print(
        f"activity, genes: sensitivity {genes['active'][~empty].mean():.3f}, FDR {genes_fdr:.3f}; compounds: "
        f"sensitivity {by_compound.mean():.3f}, FDR {points_fdr:.3f}, "
        f"{points['active'][nothing].sum()} of {nothing.sum()} points without effect called active"
    )
    assert genes["active"][~empty].mean() > 0.98
    assert genes_fdr <= 0.05
    assert by_compound.mean() > 0.98
    assert points_fdr <= 0.05


def test_energy_distance_tells_the_same(screen):
    """By magnitude, too, planted knockouts stand out and next to no empty one does; four wells are too few for it."""
    p = screen.map.perturbations
    genes = p[p["kind"] == "gene"]
    found = benjamini_hochberg(genes["p_energy"].to_numpy()) <= 0.05
    empty = genes["label"].isin(TRUTH["inactive_genes"]).to_numpy()
    fdr = found[empty].sum() / found.sum()
    print(f"energy distance, genes: sensitivity {found[~empty].mean():.3f}, FDR {fdr:.3f}")
    assert found[~empty].mean() > 0.98
    assert fdr <= 0.05
    assert p.loc[p["n_wells"] < 5, "energy_distance"].isna().all()


def test_complexes_are_found(screen, planted):
    """Pairs planted as related are significant, and few others are.

    Genes without a phenotype share the noise of their experiments, so their smallest p are somewhat too small; the
    activity gate is what keeps them from being read.
    """
    rows, batches = screen.control_rows("gene")
    sizes = screen.map.perturbations["n_wells"].to_numpy()[screen.map.gene_rows]
    draws = draws_for(len(screen.genes))
    nulls = {n: similarity_null(rows, batches, n_wells=int(n), spread=2, draws=draws) for n in np.unique(sizes)}
    active = np.array([TRUTH["genes"][symbol]["strength"] > 0 for symbol in screen.symbols])
    arm = np.full(len(active), "", dtype=object)
    for name, symbols in TRUTH["same_arm"].items():
        arm[np.isin(screen.symbols, list(symbols))] = name
    called = unplanted = related = recovered = 0
    empty: list[np.ndarray] = []
    for query in range(0, len(screen.genes), SAMPLED):
        others = np.arange(len(screen.genes)) != query
        similarities = screen.genes[others] @ screen.genes[query]
        tested = significance(similarities, gene_rows=screen.genes[others], null=nulls[sizes[query]])
        found = tested.passes("q")
        if not active[query]:
            empty.append(tested.table["p"].to_numpy())
            continue
        expected = planted[query, others]
        nothing = (expected == 0) & ((arm[others] != arm[query]) | (arm[query] == ""))
        truth = (np.abs(expected) >= RELATED) & active[others]
        called, unplanted = called + found.sum(), unplanted + (found & nothing).sum()
        related, recovered = related + truth.sum(), recovered + (found & truth).sum()
    by_chance = np.concatenate(empty)
    print(
        f"complexes: sensitivity {recovered / related:.3f} of {related} related pairs, FDR {unplanted / called:.3f} "
        f"of {called} calls; genes without phenotype: p <= .05 for {(by_chance <= 0.05).mean():.3f} of pairs, <= .001 "
        f"for {(by_chance <= 0.001).mean():.4f}"
    )
    assert recovered / related > 0.6
    assert unplanted / called <= 0.05
    assert (by_chance <= 0.05).mean() < 0.08


def test_targets_are_found(compounds):
    """An annotated target that is planted has a high rank and a small q at its best concentration."""
    rows = []
    for name, one in compounds[compounds["active"]].iterrows():
        truth = TRUTH["compounds"][name]["acts_on"]
        table = on_targets(one["best"], one["targets"])
        table = table[table["on_map"].eq(True)]
        for hit in table.itertuples():
            shared = set(TRUTH["genes"][hit.label]["modules"]) & truth.keys()
            if hit.label in truth or any(TRUTH["genes"][hit.label]["modules"][m] >= 0.5 for m in shared):
                rows.append((name, hit.label, hit.rank, hit.q, bool(hit.reliable)))
    hits = pd.DataFrame(rows, columns=["name", "gene", "rank", "q", "reliable"])
    best = hits.groupby("name")["rank"].min()
    print(
        f"targets: {len(hits)} planted of {len(best)} compounds; rank <= 10 for {(hits['rank'] <= 10).mean():.3f}, "
        f"rank 1 for {(hits['rank'] == 1).mean():.3f}; q <= .05 for {(hits['q'] <= 0.05).mean():.3f}; "
        f"compounds with a target within rank 10: {(best <= 10).mean():.3f}"
    )
    assert len(best) > 100
    assert (hits["rank"] <= 10).mean() > 0.9
    assert (best <= 10).mean() > 0.97
    assert (hits["q"] <= 0.05).mean() > 0.8


def test_significant_genes_of_compounds_are_planted(screen, compounds):
    """At most 5 % of the genes that are significant for a compound have no planted relation to it."""
    modules, index = module_directions(), {name: i for i, name in enumerate(TRUTH["modules"])}
    weights = {symbol: TRUTH["genes"][symbol]["modules"] for symbol in screen.symbols}
    directions = np.array(
        [sum((w * modules[index[m]] for m, w in weights[s].items()), 0 * modules[0]) for s in weights]
    )
    called = false = 0
    for name, one in compounds[compounds["active"]].iterrows():
        acts_on = TRUTH["compounds"][name]["acts_on"]
        own = [index[a] for a in acts_on if a in index]
        towards = modules[own].sum(axis=0) + directions[np.isin(screen.symbols, list(acts_on))].sum(axis=0)
        related = (np.abs(directions @ towards) > 1e-9) | np.isin(screen.symbols, list(acts_on))
        if one["best"]["reliable"].iloc[0]:
            significant = one["best"]["q"].to_numpy() <= 0.05
            called, false = called + significant.sum(), false + (significant & ~related).sum()
    nothing = compounds.loc[TRUTH["inactive_compounds"]]
    calls = sum((one["best"]["reliable"] & (one["best"]["q"] <= 0.05)).sum() for _, one in nothing.iterrows())
    print(f"compound-gene: FDR {false / called:.3f} of {called} calls; inactive compounds: {calls} calls in all")
    assert false / called <= 0.05
    assert calls <= 3


def test_bortezomib_has_an_unexpected_gene(compounds):
    """SNRPD3, planted as an off-target of bortezomib, is significant, and new where no source knows the pair."""
    best = compounds.loc["bortezomib", "best"]
    table = off_targets(best, ["PSMB5"], lambda a, b: (), significant=best["q"].to_numpy() <= 0.05)
    assert "SNRPD3" in table.loc[~table["opposite"], "label"].tolist()
    assert set(table["relation"]) == {"new"}


def test_toxic_concentrations_are_found(compounds):
    """By counts each is found within one tested concentration; the proxy finds the same compounds, often earlier."""
    toxic = compounds["planted"].notna()
    for by, sensitivity, fdr, exact in (("counted", 0.98, 0.02, 0.7), ("proxy", 0.95, 0.1, 0.0)):
        found = compounds[by].notna()
        off = steps_off(compounds[by][toxic & found], compounds["planted"][toxic & found])
        false = (found & ~toxic).sum() / found.sum()
        print(
            f"toxic concentration, {by}: sensitivity {found[toxic].mean():.3f}, FDR {false:.3f}; exact "
            f"{(off == 0).mean():.3f}, within one step {(np.abs(off) <= 1).mean():.3f}, median {np.median(off):.0f}"
        )
        assert found[toxic].mean() >= sensitivity
        assert false <= fdr
        assert (off == 0).mean() >= exact
        assert (np.abs(off) <= 1).mean() > 0.8


def test_planted_ec50_is_found(screen, compounds):
    """Similarity to a planted target saturates before the effect does: its EC50 lies up to threefold below."""
    noise = screen.compound_null.noise(screen.genes)
    rows = []
    for name, one in compounds[compounds["active"]].iterrows():
        planted_at = {g: e for g, e in TRUTH["compounds"][name]["ec50_um"].items() if g in set(screen.symbols)}
        if not planted_at:
            continue
        chosen = np.flatnonzero(np.isin(screen.symbols, list(planted_at)))
        use = one["use"] if one["use"].sum() >= 5 else None
        given = {"active": one["gate"], "use": use, "noise": noise[chosen]}
        fit = concentration_response(one["concentrations"], one["cosines"][:, chosen], **given)
        rows += [
            (planted_at[screen.symbols[c]], *r) for c, r in zip(chosen, fit[["ec50", "status"]].values, strict=True)
        ]
    table = pd.DataFrame(rows, columns=["planted", "ec50", "status"])
    fitted = table[table["status"] == FITTED]
    off = np.log10(fitted["ec50"].astype(float) / fitted["planted"])
    print(f"EC50: {len(fitted)} of {len(table)} fitted; log10 of fitted / planted: median {off.median():.2f}")
    assert len(fitted) / len(table) > 0.8
    assert -0.5 < off.median() < 0.1
    assert (off.abs() < 0.7).mean() > 0.85


def test_same_arm_pairs_are_more_alike(screen, planted):
    """Each arm with a planted effect shows it: its otherwise unrelated pairs are more alike than pairs across arms."""
    active = np.array([TRUTH["genes"][s]["strength"] > 0 for s in screen.symbols])
    cosines = screen.genes @ screen.genes.T
    unrelated = (np.abs(planted) < 0.05) & np.outer(active, active)
    np.fill_diagonal(unrelated, False)
    arm = screen.map.entities.set_index(["kind", "label"])["arm"]
    arms = np.array([arm.get(("gene", s)) or "" for s in screen.symbols])
    apart = cosines[unrelated & (arms[:, None] != arms[None, :])]
    rng = np.random.default_rng(0)
    p = {}
    for name in np.unique(arms[(arms != "") & active]):
        members = np.flatnonzero((arms == name) & active)
        if len(members) >= 8:
            pairs = unrelated[np.ix_(members, members)]
            observed = cosines[np.ix_(members, members)][pairs].mean()
            at_random = []
            for _ in range(500):
                drawn = rng.choice(np.flatnonzero(active), len(members), replace=False)
                at_random.append(cosines[np.ix_(drawn, drawn)][unrelated[np.ix_(drawn, drawn)]].mean())
            p[name] = (1 + (np.array(at_random) >= observed).sum()) / 501
    found = {name for name, q in zip(p, benjamini_hochberg(np.array(list(p.values()))), strict=True) if q <= 0.05}
    truth = set(TRUTH["same_arm"])
    within = np.mean([cosines[i, j] for i, j in same_arm_pairs(screen.symbols) if unrelated[i, j]])
    print(
        f"same-arm pairs: mean {within:.3f} against {apart.mean():.3f}; arms found "
        f"{len(found & truth)} of {len(truth)}, FDR {len(found - truth) / max(len(found), 1):.2f} among {len(p)} arms"
    )
    assert within > apart.mean() + 0.02
    assert len(found & truth) / len(truth) >= 0.7
    assert len(found - truth) <= 1


def same_arm_pairs(symbols: np.ndarray) -> list[tuple[int, int]]:
    at = {s: i for i, s in enumerate(symbols)}
    members = [[at[s] for s in symbols_of if s in at] for symbols_of in TRUTH["same_arm"].values()]
    return [(i, j) for rows in members for i in rows for j in rows if i < j]


def test_rbm39_is_found_by_mimicking_cdk12_and_avoiding_cdk13(screen):
    """The case of the talk, as planted: of all genes RBM39 comes first."""
    at = {s: i for i, s in enumerate(screen.symbols)}
    tau = gene_cosines(screen.genes).cutoffs().presets["default"][1]
    asked = np.isin(screen.symbols, ["CDK12", "CDK13"])
    query = {"mimic": screen.genes[at["CDK12"]], "avoid": screen.genes[at["CDK13"]]}
    table = select(screen.genes, **query, tau=tau, leave_out=asked)
    assert screen.symbols[int(table["rank"].argmin())] == "RBM39"
