"""Compounds that act like genes of a network: with a target in it, with one elsewhere, and candidates with none."""

from __future__ import annotations

import numpy as np
import pandas as pd

from explorer.atlas import OpenMap, opened
from explorer.networks.edges import Rule, noise_p
from explorer.queries.nulls import null_of_size
from explorer.queries.rows import memo, reliable_rows
from explorer.statistics.multiple_testing import q_values

IN_SET, ELSEWHERE, CANDIDATE = "target in the set", "target not in set", "no target on record"
#: Share of the places by role, and how many compounds may stand at one gene.
_SHARES = {IN_SET: 0.6, ELSEWHERE: 0.2, CANDIDATE: 0.2}
_AT_ONE_GENE = 2


@memo
def network_compounds(of_map: str, genes: list[str], most: int, cut: list[float]) -> list[dict]:
    """Compounds to lay over a network, each at the gene that it is most like or unlike.

    Compared are the compound's active, non-toxic concentrations with the genes that have a phenotype. A compound with
    an annotated target among them stands at that target if it passes there, else at its strongest gene.

    Parameters
    ----------
    genes : list of str
        Slugs.
    most : int
        Compounds; three fifths of the places go to those with a target in the set, a fifth each to the others.
    cut : list of two floats
        Cosines beyond which a pair counts where the map has no controls to test against.

    Returns
    -------
    list of dict
        `slug`, `label`, `role`, `gene`, `cosine`, `concentration` (uM or None), `n_wells`, `p`, `q`, `targets`.
    """
    open_map = opened(of_map)
    frame = _strongest(of_map, open_map, genes)
    if frame.empty or most < 1:
        return []
    tested = frame["p"].notna().any()
    rule = Rule(cut[0], cut[1], by_q=bool(tested))
    frame = frame[rule.keeps(frame["cosine"].to_numpy(), frame["q"].to_numpy())]
    frame = frame.assign(on=[g in t for g, t in zip(frame["gene_label"], frame["targets"], strict=True)])
    frame = frame.assign(strength=frame["cosine"].abs()).sort_values(["on", "strength"], ascending=False, kind="stable")
    best = frame.drop_duplicates("slug").sort_values("strength", ascending=False, kind="stable")
    labels = set(open_map.map.perturbations["label"].iloc[[open_map.map.row_of[f"gene:{g}"] for g in genes]])
    best = best.assign(role=[_role(t, labels) for t in best["targets"]])
    return _plain(_pick(best, most))


def _strongest(of_map: str, open_map: OpenMap, genes: list[str]) -> pd.DataFrame:
    """Every reliable compound against every active gene, at its strongest concentration, with p and q."""
    m = open_map.map
    p = m.perturbations
    gene_rows = [m.row_of[f"gene:{g}"] for g in genes]
    gene_rows = [r for r, silent in zip(gene_rows, p["active"].iloc[gene_rows].eq(False), strict=True) if not silent]
    rows = m.compound_rows[reliable_rows(open_map)[m.compound_rows]]
    if not len(rows) or not gene_rows:
        return pd.DataFrame()
    vectors = np.asarray(m.features[gene_rows], dtype=np.float32)
    s = np.asarray(m.features[rows], dtype=np.float32) @ vectors.T
    who = p["entity"].to_numpy()[rows]
    names, looked_at = np.unique(who, return_counts=True)
    starts = np.argsort(who, kind="stable")
    at = np.empty((len(names), len(gene_rows)), dtype=int)
    for i, block in enumerate(np.split(starts, np.cumsum(looked_at)[:-1])):
        at[i] = block[np.abs(s[block]).argmax(axis=0)]
    strongest = np.take_along_axis(s, at, axis=0)
    chance = _p(of_map, strongest, p["n_wells"].to_numpy()[rows[at]], vectors)
    chance = 1 - (1 - chance) ** looked_at[:, None]
    e = m.entities.iloc[[open_map.entity_rows[n] for n in names]]
    i, j = np.indices(strongest.shape).reshape(2, -1)
    genes_there = p.iloc[gene_rows]
    return pd.DataFrame(
        {
            "slug": e["slug"].to_numpy()[i],
            "label": e["label"].to_numpy()[i],
            "targets": e["targets"].to_numpy()[i],
            "gene": genes_there["entity"].str.partition(":")[2].to_numpy()[j],
            "gene_label": genes_there["label"].to_numpy()[j],
            "cosine": strongest.ravel().astype(float),
            "concentration": p["concentration"].to_numpy()[rows[at]].ravel(),
            "n_wells": p["n_wells"].to_numpy()[rows[at]].ravel(),
            "p": chance.ravel(),
            "q": q_values(chance.ravel()),
        }
    )


def _p(of_map: str, cosines: np.ndarray, n_wells: np.ndarray, vectors: np.ndarray) -> np.ndarray:
    """p of each compound at each gene, by the null of as many wells as it has at that concentration."""
    chance = np.full(cosines.shape, np.nan)
    for size in np.unique(n_wells):
        null = null_of_size(of_map, "compound", int(size))
        if null is not None:
            mine = np.flatnonzero((n_wells == size).any(axis=1))
            found = noise_p(cosines[mine], vectors, null=null)
            chance[mine] = np.where(n_wells[mine] == size, found, chance[mine])
    return chance


def _role(targets: tuple[str, ...], labels: set[str]) -> str:
    if not len(targets):
        return CANDIDATE
    return IN_SET if labels & set(targets) else ELSEWHERE


def _pick(best: pd.DataFrame, most: int) -> pd.DataFrame:
    """The strongest of each role, at most two at a gene, the first of every gene before any second.

    Places that a role does not fill go to the others.
    """
    turn = best.groupby(["gene", "role"]).cumcount()
    spread = best.assign(turn=turn)[turn < _AT_ONE_GENE].sort_values("turn", kind="stable")
    first = [spread[spread["role"] == r].head(max(round(most * share), 1)) for r, share in _SHARES.items()]
    chosen = pd.concat(first)
    rest = spread[~spread["slug"].isin(chosen["slug"])].head(max(most - len(chosen), 0))
    return pd.concat([chosen, rest]).head(most)


def _plain(frame: pd.DataFrame) -> list[dict]:
    columns = ["slug", "label", "role", "gene", "cosine", "concentration", "n_wells", "p", "q"]
    records = frame[columns].astype(object).where(frame[columns].notna(), None).to_dict("records")
    return [r | {"targets": list(t)} for r, t in zip(records, frame["targets"], strict=True)]
