"""A gene set on the map: are its members alike, what else looks like them, and which sets say the same."""

from __future__ import annotations

import numpy as np
import pandas as pd

from explorer.annotations.related import KNOWN
from explorer.atlas import OpenMap, opened
from explorer.cache import memoised
from explorer.errors import InputError
from explorer.maps.relating import named_genes
from explorer.maps.similarity import cosines
from explorer.queries.biology import gene_set, indexed, known_sources, relations_to, symbols, version
from explorer.queries.neighbours import compared
from explorer.queries.nulls import null_of_size
from explorer.queries.rows import is_tested, memo, reliable_rows
from explorer.queries.searching import names_of, resolve_list
from explorer.statistics.multiple_testing import q_values
from explorer.statistics.selection import average
from explorer.statistics.set_coherence import leaf_order, mean_to_rest, set_coherence

#: Id of a pasted list, and most members of a heatmap.
LIST, MOST_IN_SQUARE = "list", 300
#: Candidates whose relation to the members is looked up.
_LOOKED_UP = 60
#: Share of the members on one arm from which a gene on it may be alike by its arm alone.
_OF_ONE_ARM = 0.2


def set_on_map(of_map: str, id: str, text: str = "") -> dict:
    """A set by its id, as `queries.gene_set` has it; or a pasted list, of the id "list" or "list/NAME".

    The names of a list are those in `text` (`queries.names_of`). Its source is "pasted list", and each name that is no
    gene of the map is in `absent` with the reason: nothing is dropped.

    Raises
    ------
    UnknownEntity
        No loaded source has the id.
    InputError
        For a list with more names than can be looked up.
    """
    if not is_list(id):
        return gene_set(of_map, id)
    asked = resolve_list(of_map, names_of(of_map, text))
    asked = asked[~asked["repeat"]]
    gene = (asked["kind"] == "gene") & (asked["slug"] != "")
    absent = [f"{r.asked[:60]}{_why(r)}" for r in asked[~gene].itertuples()]
    about = {"id": id, "name": "Pasted list", "source": "pasted list", "licence": "", "version": "", "citation": ""}
    genes = [*asked.loc[gene, "label"], *absent]
    return about | {"genes": genes, "on_map": asked.loc[gene, "slug"].tolist(), "absent": absent}


def is_list(id: str) -> bool:
    """Whether an id is that of a pasted list."""
    return id == LIST or id.startswith(f"{LIST}/")


def _why(row: object) -> str:
    """Why a name is no gene, in brackets; nothing for one that is not on the map."""
    if row.status == "ambiguous":
        return f" (ambiguous: {row.labels.replace('|', ', ')})" if row.labels else " (ambiguous)"
    return f" ({row.kind})" if row.kind and row.kind != "gene" else ""


@memo
def coherence(of_map: str, genes: list[str]) -> dict:
    """How alike genes are: `statistics.set_coherence.Coherence` of the active ones as a dict.

    Random sets are drawn from the active named genes of this map, or all named where activity is not tested. With
    `tested`; without the numbers where fewer than two members are left, which `members` counts.
    """
    open_map = opened(of_map)
    background, members = _background(open_map), _rows(open_map, _active(open_map, genes))
    background = np.union1d(background, members)
    entity = open_map.map.perturbations["entity"].to_numpy()[background]
    arms = open_map.map.entities["arm"].fillna("").to_numpy(dtype=str)[[open_map.entity_rows[e] for e in entity]]
    rows = np.asarray(open_map.map.features[background])
    found = set_coherence(rows, np.searchsorted(background, np.sort(members)), arms=arms)
    told = {} if found is None else {k: None if v != v else v for k, v in vars(found).items()}
    return {"members": len(members), "background": len(background), **told, "tested": is_tested(open_map)}


@memo
def set_members(of_map: str, genes: list[str]) -> pd.DataFrame:
    """The members on the map, nearest the others first: `slug`, `label`, `blinded`, `arm`, `active`, `n_wells`, and
    `cosine`, the mean similarity to the other active members.
    """
    open_map = opened(of_map)
    rows, usable = _rows(open_map, genes), np.isin(genes, _active(open_map, genes))
    to_rest = mean_to_rest(np.asarray(open_map.map.features[rows]), usable) if len(rows) else np.empty(0)
    frame = compared(open_map, rows, to_rest).sort_values("cosine", ascending=False, ignore_index=True)
    return frame.drop(columns=["score", "rank", "n", "concentration"])


@memo
def set_square(of_map: str, genes: list[str]) -> pd.DataFrame:
    """All pairs of at most 300 members in clustered order: a column a gene, by slug, float32, rows in the same order.

    Raises
    ------
    InputError
        For more genes.
    """
    if len(genes) > MOST_IN_SQUARE:
        raise InputError(f"a heatmap of {len(genes):,} genes is more than {MOST_IN_SQUARE}; choose a smaller set")
    open_map = opened(of_map)
    rows = np.asarray(open_map.map.features[_rows(open_map, genes)])
    order = leaf_order(rows)
    values = np.clip(rows[order] @ rows[order].T, -1, 1).astype(np.float32)
    return pd.DataFrame(values, columns=[genes[i] for i in order])


@memoised(version)
def beside_set(of_map: str, genes: list[str], most: int = 500) -> pd.DataFrame:
    """Genes outside a set against the mean direction of its active members, strongest |cosine| first.

    Columns as `queries.similar_genes` (p against control wells as many as the gene has, q over all genes outside);
    `arm_members`, active members on the gene's chromosome arm, and `same_arm`, whether they are a fifth of all or more.
    The strongest sixty similar ones also have `relation` ("known", "co-listed, weak", "none; arm?", "new", or "" where
    no relationship is loaded or the gene is blinded) and `related_to`, how many members it is related to.
    """
    open_map = opened(of_map)
    direction, m = _direction(open_map, genes), open_map.map
    if direction is None:
        return pd.DataFrame()
    outside = np.setdiff1d(m.gene_rows, _rows(open_map, genes))
    s = cosines(m.features, direction)[outside].astype(float)
    p = _p_of(of_map, "gene", outside, s, direction)
    frame = compared(open_map, outside, s, p=p)
    frame["q"] = q_values(frame["p"].to_numpy(dtype=float))
    active = _active(open_map, genes)
    arms = m.entities["arm"].to_numpy()[[open_map.entity_rows[f"gene:{g}"] for g in active]]
    frame["arm_members"] = [int((arms == a).sum()) if isinstance(a, str) else 0 for a in frame["arm"]]
    frame["same_arm"] = frame["arm_members"] >= max(_OF_ONE_ARM * len(active), 1)
    near = frame[frame["cosine"] > 0].head(_LOOKED_UP)
    relation, related_to = _relations(of_map, genes, near)
    return frame.assign(relation=relation, related_to=related_to).head(most)


@memo
def compounds_beside_set(of_map: str, genes: list[str]) -> pd.DataFrame:
    """Compounds against the mean direction of a set, each where it is strongest, active and not toxic by count.

    Columns as `queries.similar_compounds`, without Tanimoto; p is that of the strongest of as many concentrations.
    """
    open_map = opened(of_map)
    direction, m = _direction(open_map, genes), open_map.map
    rows = m.compound_rows[reliable_rows(open_map)[m.compound_rows]]
    if direction is None or not len(rows):
        return pd.DataFrame()
    s, who = cosines(m.features, direction)[rows].astype(float), m.perturbations["entity"].to_numpy()[rows]
    order = np.argsort(-np.abs(s), kind="stable")
    strongest = np.sort(order[np.unique(who[order], return_index=True)[1]])
    times = pd.Series(who).value_counts().reindex(who[strongest]).to_numpy()
    p = 1 - (1 - _p_of(of_map, "compound", rows[strongest], s[strongest], direction)) ** times
    frame = compared(open_map, rows[strongest], s[strongest], p=p).assign(reliable=True)
    return frame.assign(q=q_values(frame["p"].to_numpy(dtype=float)))


@memoised(version)
def overlapping_sets(of_map: str, genes: list[str], id: str = "", most: int = 30) -> pd.DataFrame:
    """Sets that share most with some genes: `id`, `name`, `source`, `shared`, `jaccard`, `on_map`, `size`."""
    index, slugs = indexed(of_map)
    inside = np.isin(slugs, genes)
    shared = np.rint(index.members @ inside.astype(np.float32)).astype(int)
    here = np.diff(index.members.indptr).astype(int)
    jaccard = shared / np.maximum(here + int(inside.sum()) - shared, 1)
    rows = np.flatnonzero((shared > 0) & (index.ids != id))
    rows = rows[np.lexsort((index.sizes[rows], -jaccard[rows]))][:most]
    told = {
        "shared": shared[rows],
        "on_map": here[rows],
        "size": index.sizes[rows].astype(int),
        "jaccard": jaccard[rows],
    }
    return pd.DataFrame({"id": index.ids[rows], "name": index.names[rows], "source": index.sources[rows]} | told)


def _rows(open_map: OpenMap, genes: list[str]) -> np.ndarray:
    return np.array([open_map.map.row_of[f"gene:{g}"] for g in genes], dtype=int)


def _active(open_map: OpenMap, genes: list[str]) -> list[str]:
    """Those that are active; all where the map does not test activity."""
    if not is_tested(open_map) or not genes:
        return list(genes)
    active = open_map.map.perturbations["active"].eq(True).to_numpy()[_rows(open_map, genes)]
    return [g for g, a in zip(genes, active, strict=True) if a]


def _background(open_map: OpenMap) -> np.ndarray:
    """Rows of the named genes that are active, ascending; all named where activity is not tested."""
    m = open_map.map
    rows = named_genes(m.perturbations, m.entities)
    return rows[m.perturbations["active"].eq(True).to_numpy()[rows]] if is_tested(open_map) else rows


def _direction(open_map: OpenMap, genes: list[str]) -> np.ndarray | None:
    """Unit mean of the active members; None without one, or where they cancel."""
    active = _active(open_map, genes)
    try:
        return average(np.asarray(open_map.map.features[_rows(open_map, active)])) if active else None
    except InputError:
        return None


def _p_of(of_map: str, kind: str, rows: np.ndarray, s: np.ndarray, direction: np.ndarray) -> np.ndarray:
    """Two-sided p of each row's similarity to a direction, against control wells as many as it has."""
    p, sizes = np.full(len(rows), np.nan), opened(of_map).map.perturbations["n_wells"].to_numpy()[rows]
    for size in np.unique(sizes):
        null = null_of_size(of_map, kind, int(size))
        if null is not None:
            here = np.flatnonzero(sizes == size)
            p[here] = null.p(s[here], np.broadcast_to(direction, (len(here), len(direction))))
    return p


def _relations(of_map: str, genes: list[str], near: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """What loaded sources say of each gene of `near` and the members, by row of `near`."""
    symbol_of = symbols(of_map)
    members = [symbol_of[g] for g in genes if g in symbol_of]
    named = near[near["slug"].isin(symbol_of.keys())]
    if not known_sources(of_map) or named.empty or not members:
        return pd.Series("", index=near.index, dtype=object), pd.Series(0, index=near.index)
    found = relations_to(of_map, [symbol_of[g] for g in named["slug"]], members)
    related_to = found.groupby("a")["b"].nunique()
    known = set(found.loc[found["relation"] == KNOWN, "a"])
    told, counts = {}, {}
    for row in named.itertuples():
        symbol = symbol_of[row.slug]
        counts[row.Index] = int(related_to.get(symbol, 0))
        told[row.Index] = (
            (KNOWN if symbol in known else "co-listed, weak")
            if counts[row.Index]
            else ("none; arm?" if row.same_arm else "new")
        )
    return pd.Series(told, dtype=object).reindex(near.index, fill_value=""), pd.Series(counts).reindex(
        near.index, fill_value=0
    )
