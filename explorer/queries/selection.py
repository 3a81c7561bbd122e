"""Target selection: every gene and compound against what is to be mimicked, avoided, and compared with for reference.

A query is a list of terms, each a perturbation with an optional minus sign: their sum is one direction, so a single
gene, the average of a set and A + B - C are asked alike.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from explorer.atlas import opened
from explorer.errors import InputError
from explorer.maps.perturbation_map import PerturbationMap
from explorer.queries.neighbours import similar_genes
from explorer.queries.nulls import null_of_size
from explorer.queries.perturbations import signed
from explorer.queries.rows import is_tested, memo, row
from explorer.statistics.multiple_testing import q_values
from explorer.statistics.selection import composite, noise_p, select

#: The wanted region: the strongest share of genes counts as alike, in percent; a similarity below this part of their
#: cut-off counts as none.
TOP_PERCENT, UNLIKE = 1.0, 0.75
#: Most genes that are each held against the noise of the query; more are held against their own, which is quick.
_EVERY_GENE = 5_000


def query_vector(of_map: str, terms: list[str]) -> np.ndarray:
    """Direction of a query, float32 of shape (d,), length 1; raises `InputError` where the terms cancel."""
    m = opened(of_map).map
    signs, names = zip(*map(signed, terms), strict=True) if terms else ((), ())
    return composite(np.array([m.features[row(of_map, n)] for n in names]), signs)


def similarity_to(of_map: str, perturbation: str, terms: list[str]) -> float:
    """Similarity of one perturbation to a query."""
    vector = opened(of_map).map.features[row(of_map, perturbation)]
    return float(np.clip(np.asarray(vector) @ query_vector(of_map, terms), -1.0, 1.0))


def candidates(of_map: str, like: list[str], avoid: list[str], *, reference: list[str]) -> pd.DataFrame:
    """Every gene and compound-concentration of the map against three queries, but for those the first two name.

    Columns: `row` (of the map), `perturbation`, `entity`, `kind`, `slug`, `label`, `blinded`, `arm`, `concentration`,
    `n_wells`, `active`, `toxic`, `reliable` (active where that is tested, and a compound not toxic by count), and the
    cosines `like`, `avoid`, `reference` (NaN without one) and `difference` = like - avoid. A compound in a query is
    left out at all its concentrations.
    """
    open_map = opened(of_map)
    m = open_map.map
    frame = select(
        m.features,
        mimic=query_vector(of_map, like),
        avoid=query_vector(of_map, avoid),
        tau=1.0,
        reference=query_vector(of_map, reference) if reference else None,
    ).rename(columns={"mimic": "like"})
    p = m.perturbations[["perturbation", "entity", "kind", "concentration", "n_wells", "active", "toxic"]]
    who = [open_map.entity_rows[x] for x in p["entity"]]
    e = m.entities[["slug", "label", "blinded", "arm"]].iloc[who].reset_index(drop=True)
    frame = pd.concat([p, e, frame[["like", "avoid", "reference", "difference"]]], axis=1)
    active = frame["active"].eq(True) if is_tested(open_map) else True
    frame["reliable"] = active & ~((frame["kind"] == "compound") & frame["toxic"].eq(True))
    frame.insert(0, "row", np.arange(len(frame)))
    named = {m.perturbations["entity"].iat[row(of_map, signed(t)[1])] for t in [*like, *avoid]}
    return frame[~frame["entity"].isin(named)].reset_index(drop=True)


def wanted_region(frame: pd.DataFrame, *, percent: float = TOP_PERCENT, tau: float | None = None) -> dict:
    """The cut-offs of the wanted region, from the map itself.

    Parameters
    ----------
    frame : DataFrame
        `candidates`.
    percent : float
        The strongest share of genes, or of compound-concentrations on a map without genes, that count as alike.
    tau : float, optional
        Largest |cosine| to what is avoided; without it three quarters of `cut`, to two decimals.

    Returns
    -------
    dict
        `cut` and `tau` (cosines), `usual` (tau where none is given), `percent`, `of` ("gene" or "compound"), and `n`
        of them.
    """
    kind = "gene" if (frame["kind"] == "gene").any() else "compound"
    base = frame[frame["kind"] == kind]
    if base.empty:
        raise InputError("nothing but the query is on this map: there is nothing to choose from")
    cut = float(np.quantile(base["like"], 1 - percent / 100))
    usual = max(round(UNLIKE * cut, 2), 0.01)
    return {
        "cut": cut,
        "tau": usual if tau is None else float(tau),
        "usual": usual,
        "percent": percent,
        "of": kind,
        "n": len(base),
    }


def ranked(frame: pd.DataFrame, region: dict) -> pd.DataFrame:
    """One row a gene or compound, best first: those that can be relied on and are allowed, then the others unranked.

    A compound stands at the concentration with the largest difference among those that can be relied on and have
    |avoid| < tau. Adds `rank` (NaN for the others), `wanted` (in the region) and `looked_at` (concentrations of the
    compound that can be relied on).
    """
    allowed = (frame["avoid"].abs() < region["tau"]) & frame["reliable"]
    order = np.lexsort((frame["perturbation"], -frame["difference"], ~allowed))
    best = frame.iloc[order].drop_duplicates("entity").reset_index(drop=True)
    counted = frame["entity"].where(frame["reliable"]).value_counts()
    first = allowed.iloc[order].to_numpy()[frame["entity"].iloc[order].duplicated().to_numpy() == 0]
    return best.assign(
        rank=np.where(first, np.cumsum(first), np.nan),
        wanted=first & (best["like"] >= region["cut"]).to_numpy(),
        looked_at=best["entity"].map(counted).fillna(0).astype(int),
    )


def with_q(of_map: str, frame: pd.DataFrame, like: list[str]) -> pd.DataFrame:
    """`ranked` with `p` and `q` of the similarity to the liked query, NaN for unranked rows and without controls.

    Against one perturbation, genes have the p and q of its own page, where the map has at most 5,000 of them.
    Otherwise, where that would take seconds, and for compounds, p is the share of
    pseudo-perturbations of as many control wells as the candidate that are as similar or opposite to the query; that of
    a compound is for its strongest of as many concentrations as were looked at. q is by kind.
    """
    p, q = (np.full(len(frame), np.nan) for _ in range(2))
    genes, usable = (frame["kind"] == "gene").to_numpy(), frame["reliable"].to_numpy()
    sign, name = signed(like[0]) if like else (1, "")
    vector = query_vector(of_map, like)
    alone = len(like) == 1 and sign == 1 and len(opened(of_map).map.gene_rows) <= _EVERY_GENE
    if alone and genes.any():
        known = similar_genes(of_map, name).set_index("slug")[["p", "q"]].reindex(frame.loc[genes, "slug"])
        p[genes], q[genes] = known["p"], known["q"]
    for kind in ["compound"] if alone else ["gene", "compound"]:
        here = np.flatnonzero((frame["kind"] == kind).to_numpy() & usable)
        p[here] = _p(of_map, frame.iloc[here], kind, vector)
        q[here] = q_values(p[here])
    return frame.assign(p=p, q=q)


def _p(of_map: str, frame: pd.DataFrame, kind: str, vector: np.ndarray) -> np.ndarray:
    p = np.full(len(frame), np.nan)
    sizes = frame["n_wells"].to_numpy()
    for size in np.unique(sizes):
        null = null_of_size(of_map, kind, int(size))
        if null is not None:
            here = sizes == size
            p[here] = noise_p(frame["like"].to_numpy()[here], null.rows.astype(np.float32) @ vector)
    times = np.maximum(frame["looked_at"].to_numpy(), 1) if kind == "compound" else 1
    return 1 - (1 - p) ** times


def by_noise(of_map: str, like: list[str], avoid: list[str], *, cut: float, tau: float) -> float | None:
    """Share of perturbations that do nothing which would lie in the region; None where the map has no controls.

    Of pseudo-perturbations of as many control wells as the map's perturbations commonly have.
    """
    m: PerturbationMap = opened(of_map).map
    kind = "gene" if len(m.gene_rows) else "compound"
    sizes = m.perturbations.loc[m.perturbations["kind"] == kind, "n_wells"]
    null = null_of_size(of_map, kind, int(sizes.mode().iloc[0]))
    if null is None:
        return None
    rows = null.rows.astype(np.float32)
    inside = (rows @ query_vector(of_map, like) >= cut) & (np.abs(rows @ query_vector(of_map, avoid)) < tau)
    return float(inside.mean())


@memo
def windows(of_map: str) -> pd.DataFrame:
    """From effect to toxicity for every compound at once, by activity and by cell count alone.

    Columns: `entity`, `lowest`, `highest` (tested, uM), `effect` (lowest active below the toxic one), `toxic` (lowest
    toxic by count), `counted` (whether cells were counted at all). The toxicity-like proxy is on the compound's page.
    """
    p = opened(of_map).map.perturbations
    p = p[(p["kind"] == "compound") & (p["concentration"] > 0)]
    by = p.groupby("entity")["concentration"]
    toxic = p[p["toxic"].eq(True)].groupby("entity")["concentration"].min()
    frame = pd.DataFrame({"lowest": by.min(), "highest": by.max()}).assign(toxic=toxic)
    below = p[p["active"].eq(True) & ~(p["concentration"] >= p["entity"].map(toxic))]
    frame["effect"] = below.groupby("entity")["concentration"].min()
    frame["counted"] = p.groupby("entity")["relative_count"].agg(lambda c: bool(c.notna().any()))
    frame = frame.astype(dict.fromkeys(("lowest", "highest", "toxic", "effect"), float)).astype({"counted": bool})
    return frame.rename_axis("entity").reset_index()
