"""What is on record between candidates and a query: a known relationship, an annotated target, or nothing."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd

from explorer.annotations.related import KNOWN
from explorer.atlas import opened
from explorer.queries.biology import known_sources, relations_to
from explorer.queries.compare import compared_pairs
from explorer.queries.concentrations import SIGNIFICANT
from explorer.queries.perturbations import signed
from explorer.queries.rows import row

#: Said of a gene when the map has no relationships to look at; a gene is then never called new.
NOT_LOADED = ("no relationships loaded", "plain", "Load relationships to see whether this is known or new")
BLINDED = ("blinded", "plain", "The owner of the data has not disclosed which gene this is")
NEW = ("new", "new", "In none of the relationships loaded for this map, and beyond noise")
NONE = (
    "not on record",
    "plain",
    "In none of the relationships loaded; the similarity is not beyond noise, or not tested",
)

Link = tuple[str, str, str]


def candidate_links(of_map: str, frame: pd.DataFrame, like: list[str]) -> pd.DataFrame:
    """What links each candidate with the genes of a query.

    Parameters
    ----------
    frame : DataFrame
        `ranked` with `q`, or any frame with its `entity`, `kind`, `label`, `blinded` and `arm`; a gene in no source is
        called new only where its q passes, for a similarity at noise level is no finding.
    like : list of str
        The terms that are to be mimicked; only genes and the targets of compounds among them can be linked.

    Returns
    -------
    DataFrame, in the order of `frame`
        `link` (words), `tone` ("known", "weak", "new", "arm" or "plain") and `why` (evidence for a tooltip).
    """
    liked = _entities(of_map, [signed(t)[1] for t in like])
    genes = liked[(liked["kind"] == "gene") & ~liked["blinded"].astype(bool)]
    wanted = list(dict.fromkeys([*genes["label"], *(t for targets in liked["targets"] for t in targets)]))
    e = opened(of_map).map.entities
    rows = opened(of_map).entity_rows
    known = _known(of_map, frame.loc[frame["kind"] == "gene", "label"].tolist(), wanted)
    arms = {a for a in genes["arm"] if a}
    found = [
        _of_compound(list(e["targets"].iat[rows[at.entity]]), wanted)
        if at.kind == "compound"
        else _of_gene(at, arms=arms, known=known, q=getattr(at, "q", np.nan))
        for at in frame.itertuples()
    ]
    return pd.DataFrame(found, columns=["link", "tone", "why"])


def pair_links(of_map: str, perturbations: list[str]) -> list[Link]:
    """What is on record between every pair of some perturbations, in order of the pairs.

    Two genes by known relationships, a gene and a compound by its targets, two compounds by the targets they share.
    """
    sides = [side for _, side in _entities(of_map, perturbations).iterrows()]
    q = compared_pairs(of_map, perturbations)["q"]
    genes = [s["label"] for s in sides if s["kind"] == "gene" and not s["blinded"]]
    loaded = bool(known_sources(of_map))
    pairs = relations_to(of_map, genes, genes) if loaded and len(genes) > 1 else pd.DataFrame()
    listed = {frozenset((p.a, p.b)): _words(p) for p in pairs.itertuples()}
    known = listed if loaded else None
    return [_between(a, b, q=x, listed=known) for (a, b), x in zip(combinations(sides, 2), q, strict=True)]


def _entities(of_map: str, perturbations: list[str]) -> pd.DataFrame:
    open_map = opened(of_map)
    at = [open_map.map.perturbations["entity"].iat[row(of_map, p)] for p in perturbations]
    return open_map.map.entities.iloc[[open_map.entity_rows[x] for x in at]]


def _known(of_map: str, labels: list[str], to: list[str]) -> dict[str, Link] | None:
    """Links of genes to any of some others by label; None where no relationships are loaded."""
    if not known_sources(of_map):
        return None
    pairs = relations_to(of_map, labels, to)
    best = pairs.sort_values("relation", key=lambda r: r != KNOWN, kind="stable").drop_duplicates("a")
    return {p.a: _words(p) for p in best.itertuples()}


def _words(pair: object) -> Link:
    why = f"{pair.b}: {pair.evidence}" if pair.evidence else f"{pair.b}: {pair.sources}"
    if pair.relation == KNOWN:
        return f"known: {pair.sources}", "known", why
    return f"{pair.relation} ({pair.size:.0f})" if pair.size == pair.size else pair.relation, "weak", why


def _between(a: pd.Series, b: pd.Series, *, q: float, listed: dict[frozenset, Link] | None) -> Link:
    if a["entity"] == b["entity"]:
        return "same compound", "plain", "Two concentrations of one compound"
    if a["kind"] == b["kind"] == "gene":
        pair = frozenset((a["label"], b["label"]))
        known = None if listed is None else {b["label"]: listed[pair]} if pair in listed else {}
        return BLINDED if a["blinded"] else _of_gene(b, arms={a["arm"]} - {None}, known=known, q=q)
    if a["kind"] == b["kind"]:
        return _both_compounds(list(a["targets"]), list(b["targets"]))
    gene, compound = (a, b) if a["kind"] == "gene" else (b, a)
    return _of_compound(list(compound["targets"]), [gene["label"]])


def _both_compounds(first: list[str], second: list[str]) -> Link:
    shared = [t for t in first if t in second]
    if shared:
        return f"both on {', '.join(shared[:2])}", "known", f"Shared targets on record: {', '.join(shared[:12])}"
    if first and second:
        return "no shared target", "plain", "Their targets on record differ"
    return "no target on record", "plain", "No target of one of them is on record"


def _of_compound(targets: list[str], wanted: list[str]) -> Link:
    """A compound by its annotated targets: those of the query first."""
    if not targets:
        return "no target on record", "plain", "No target of this compound is annotated in this map"
    first = sorted(targets, key=lambda t: t not in wanted)
    more = f" +{len(first) - 2}" if len(first) > 2 else ""
    tone = "known" if first[0] in wanted else "plain"
    return f"target {', '.join(first[:2])}{more}", tone, f"On record: {', '.join(first[:12])}"


def _of_gene(gene: object, *, arms: set[str], known: dict[str, Link] | None, q: float) -> Link:
    if gene.blinded:
        return BLINDED
    if known and gene.label in known:
        return known[gene.label]
    if gene.arm and gene.arm in arms:
        return "none; arm?", "arm", f"Both lie on {gene.arm}: a cut there can mimic similarity"
    if known is None:
        return NOT_LOADED
    return NEW if q <= SIGNIFICANT else NONE
