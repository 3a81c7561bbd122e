"""What can be typed into the search box, one example of each kind, all of them of the open map."""

from __future__ import annotations

import numpy as np

from explorer.annotations.names import plain
from explorer.annotations.phenotypes import SOURCE as PHENOTYPES
from explorer.atlas import OpenMap, opened
from explorer.queries.biology import indexed
from explorer.queries.overview import on_target, strongest_pairs
from explorer.queries.rows import memo
from explorer.queries.searching import resolve_list
from explorer.queries.story_breast_cancer import TERM, TYPED
from explorer.queries.story_breast_cancer import missing as no_term

#: Names that are tried first; a map without them is searched for others.
GENE, SYNONYM, SET, LIST = "CDK12", ("bortezomib", "Velcade"), "planted:swi_snf", ("HER2", "MYC", "CD3", "p53")
#: Genes of a set that is worth a network, and characters of a structure that is worth pasting.
_SET, _SMILES = (5, 40), (12, 60)


@memo
def home_examples(of_map: str) -> list[dict]:
    """One example of each kind that a map has.

    Returns
    -------
    list of dict
        `kind` (gene, compound, phenotype, set, smiles or list), `label`, `says` (what it is, or what it means) and
        `opens`, the page: path and view.
    """
    open_map = opened(of_map)
    found = [_gene(open_map), _compound(open_map), _term(of_map), _set(of_map), _smiles(open_map), _list(open_map)]
    return [f for f in found if f]


def _gene(open_map: OpenMap) -> dict | None:
    m = open_map.map
    if f"gene:{GENE}" in m.row_of and m.perturbations["active"].iat[m.row_of[f"gene:{GENE}"]] is not False:
        slug = label = GENE
    else:
        pairs = strongest_pairs(open_map.key, "gene")
        if pairs.empty:
            return None
        slug, label = pairs["a"].iat[0], pairs["a_label"].iat[0]
    return _example("gene", label, "gene", f"/gene/{slug}")


def _compound(open_map: OpenMap) -> dict | None:
    """A compound by another name, if any has one."""
    e = open_map.map.entities
    compounds = e[e["kind"] == "compound"]
    if compounds.empty:
        return None
    first = on_target(open_map.key)["slug"].head(20).tolist()
    rows = compounds[compounds["slug"].isin(first)] if first else compounds.head(200)
    hit = open_map.names.find(SYNONYM[0], kind="compound")
    if len(hit) == 1:
        r = e.iloc[hit[0]]
        return _example("compound", SYNONYM[1].lower(), f"= {r['label']}", f"/compound/{r['slug']}")
    for r in rows.itertuples():
        other = next((s for s in r.synonyms if plain(s) != plain(r.label)), None)
        if other:
            return _example("compound", other, f"= {r.label}", f"/compound/{r.slug}")
    r = rows.iloc[0]
    return _example("compound", r["label"], "compound", f"/compound/{r['slug']}")


def _term(of_map: str) -> dict | None:
    return None if no_term(of_map) else _example("phenotype", TYPED, "HPO term", "/network", set=TERM)


def _set(of_map: str) -> dict | None:
    """A complex or pathway of a middling size."""
    index, _ = indexed(of_map)
    sizes = np.diff(index.members.indptr)
    good = (index.sources != PHENOTYPES) & (sizes >= _SET[0]) & (sizes <= _SET[1])
    if not good.any():
        return None
    rows = np.flatnonzero(good)
    named = rows[index.ids[rows] == SET]
    row = named[0] if len(named) else rows[np.argmax(sizes[rows])]
    return _example("set", str(index.names[row]), "gene set", "/network", set=str(index.ids[row]))


def _smiles(open_map: OpenMap) -> dict | None:
    """A short structure of a compound with a target on record."""
    e = open_map.map.entities
    usable = e[e["inchikey"].notna() & e["smiles"].map(lambda s: isinstance(s, str))]
    usable = usable[usable["smiles"].str.len().between(*_SMILES)]
    if usable.empty:
        return None
    best = usable.assign(bare=usable["targets"].map(len).eq(0), n=usable["smiles"].str.len())
    smiles = best.sort_values(["bare", "n", "slug"], kind="stable")["smiles"].iat[0]
    return _example("smiles", smiles, "SMILES", "/structure", smiles=smiles)


def _list(open_map: OpenMap) -> dict | None:
    """A pasted list, with an old name and an ambiguous one where the map has them."""
    told = resolve_list(open_map.key, list(LIST))
    names = told.loc[told["status"] != "absent", "asked"].tolist()
    if len(names) < 2:
        e = open_map.map.entities
        names = e.loc[~e["blinded"].astype(bool), "label"].head(3).tolist()
    if len(names) < 2:
        return None
    return _example("list", ", ".join(names), "pasted list", "/lists", names=", ".join(names))


def _example(kind: str, label: str, says: str, path: str, **view: str) -> dict:
    return {"kind": kind, "label": label, "says": says, "opens": [path, view]}
