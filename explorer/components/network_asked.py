"""What a network is of: a set, a pasted list, or a neighbourhood, as the address asks for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from explorer import queries
from explorer.components.similarity_name import similarity_name
from explorer.errors import InputError
from explorer.figures import words

#: Columns of `queries.resolve_list`, which the report on a list reads.
NAMES = ["asked", "status", "kind", "slug", "label", "via", "choices", "labels", "note", "repeat"]


@dataclass(frozen=True)
class Asked:
    """The genes of a network and where they come from.

    Attributes
    ----------
    kind : str
        "set", "list" or "near".
    title, note : str
    genes : tuple of str
        Slugs on the map, each once, in the order asked.
    marked : tuple of str
        Slugs that are the query.
    centre : dict or None
        What stands in the middle of the circle, see `figures.network_scene`.
    names : DataFrame
        One row a name asked, with the columns of `queries.resolve_list`; empty for a neighbourhood.
    link : tuple or None
        (kind, slug) of the entity that is the query.
    """

    kind: str
    title: str
    note: str
    genes: tuple[str, ...]
    names: pd.DataFrame
    marked: tuple[str, ...] = ()
    centre: dict | None = None
    link: tuple[str, str] | None = None
    source: dict = field(default_factory=dict)


def asked_network(of_map: str, query: Mapping[str, str]) -> Asked | None:
    """What `set=`, `genes=` or `near=` asks for; None without any of them.

    Raises
    ------
    KeyholeError
        Where it names nothing on this map.
    """
    if query.get("set"):
        return _of_set(of_map, query["set"])
    if query.get("near"):
        return _near(of_map, query["near"])
    return _of_list(of_map, query["genes"]) if query.get("genes") else None


def _of_set(of_map: str, set_id: str) -> Asked:
    found = queries.gene_set(of_map, set_id)
    rows = [{"asked": g, "status": "absent"} for g in found["absent"]]
    labels = queries.labels(of_map, found["on_map"])
    rows = [{"asked": labels[s], "status": "matched", "slug": s, "label": labels[s]} for s in labels] + rows
    names = pd.DataFrame(rows, columns=NAMES).fillna("").assign(kind="gene", repeat=False)
    centre = {"kind": "set", "label": _short(found["name"]), "note": set_id.partition(":")[2][:14]}
    note = f"{set_id.partition(':')[2] or set_id} · {found['source']}"
    note += f" · also called {', '.join(found['synonyms'][:2])}" if found.get("synonyms") else ""
    return Asked("set", found["name"], note, tuple(labels), names, centre=centre, source=found)


def _of_list(of_map: str, text: str) -> Asked:
    names = queries.resolve_list(of_map, text)
    good = names[names["status"].isin(["matched", "alias", "blinded"]) & (names["kind"] == "gene")]
    genes = tuple(dict.fromkeys(good["slug"]))
    return Asked("list", f"List of {words.plural(len(genes), 'gene')}", "pasted", genes, names)


def _near(of_map: str, near: str) -> Asked:
    kind, _, name = near.partition(":")
    if kind not in {"gene", "compound"}:
        raise InputError(f"'{near[:60]}' is no neighbourhood; write near=gene:NAME or near=compound:NAME@uM")
    plain, _, concentration = name.partition("@")
    entity = queries.resolve(of_map, plain, kind=kind)
    perturbation = entity["entity"] if kind == "gene" else _at(of_map, entity, concentration)
    genes = tuple(queries.neighbourhood(of_map, perturbation))
    names = pd.DataFrame(columns=NAMES)
    link = (kind, entity["slug"])
    if kind == "gene":
        note = f"{words.plural(len(genes) - 1, 'gene')} most like or unlike it, by {similarity_name(of_map).strength}"
        return Asked("near", f"Around {entity['label']}", note, genes, names, marked=(entity["slug"],), link=link)
    at = perturbation.partition("@")[2]
    cosines = queries.similar_genes(of_map, perturbation).set_index("slug")["cosine"]
    centre = {"kind": "compound", "label": _short(entity["label"]), "note": f"{at} µM" if at else ""}
    centre["spokes"] = {g: float(cosines[g]) for g in genes}
    title = f"Around {entity['label']}" + (f" at {at} µM" if at else "")
    note = f"{words.plural(len(genes), 'gene')} most like or unlike it, by {similarity_name(of_map).strength}"
    return Asked("near", title, note, genes, names, centre=centre, link=link)


def _at(of_map: str, compound: dict, concentration: str) -> str:
    rows = queries.by_concentration(of_map, compound["entity"])["perturbation"].tolist()
    asked = f"{compound['entity']}@{concentration}"
    return asked if asked in rows else queries.best_concentration(of_map, compound["entity"])["perturbation"]


def _short(name: str) -> str:
    return name if len(name) <= 40 else name[:39].rstrip() + "…"
