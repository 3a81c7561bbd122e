"""What is known of the genes of a map: relationships of pairs, gene sets, and where both come from."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

import numpy as np
import pandas as pd
from rapidfuzz import fuzz, process

from explorer.annotations import phenotypes as hpo
from explorer.annotations.related import COLUMNS
from explorer.annotations.relationships import RelationshipSource
from explorer.annotations.set_index import SetIndex, set_index
from explorer.atlas import opened
from explorer.errors import UnknownEntity
from explorer.queries.rows import memo, version

#: Most genes whose pairs are looked up at once.
MOST_GENES = 2_000


def symbols(of_map: str) -> Mapping[str, str]:
    """Slug of every gene that has a name, by the map or by a table of the user's, to its symbol."""
    return _symbols(of_map, version(of_map))


@memo
def known_sources(of_map: str) -> list[dict]:
    """Sources that can say that two genes are related; none where no relationships are loaded.

    `name`, `licence`, `version`, `citation`, `n_pairs` and `n_on_map` (pairs listed as such; a source of sets that
    relate their members has None and its sets in `n_sets`).
    """
    biology = opened(of_map).biology
    found = []
    for source in biology.relationships:
        counts = {"n_pairs": source.n, "n_on_map": pairs_on_map(of_map, source), "n_sets": None}
        found.append(_about(source) | counts)
    for source in biology.gene_sets:
        if source.relates:
            found.append(_about(source) | {"n_pairs": None, "n_on_map": None, "n_sets": source.n})
    return found


def pairs_on_map(of_map: str, source: RelationshipSource) -> int:
    """How many pairs of a source are of two named genes of the map."""
    names, codes = source.codes
    return int(pd.Index(names).isin(list(symbols(of_map).values()))[codes].all(axis=0).sum())


def relations(of_map: str, genes: list[str]) -> pd.DataFrame:
    """Every pair among genes of the map that some source lists.

    Columns: `a`, `b` (slugs, in the order of `genes`), `relation` ("known", or "co-listed, weak" where the only
    evidence is sets of more than 100 members), `sources`, `size` (members of the smallest shared set, NaN where a pair
    is all that is known), `evidence`. A pair that is not there is in no loaded source.
    """
    symbol_of = symbols(of_map)
    named = [g for g in dict.fromkeys(genes) if g in symbol_of][:MOST_GENES]
    return _named(opened(of_map).biology.related([symbol_of[g] for g in named]), named)


def relations_to(of_map: str, gene_labels: list[str], to_labels: list[str]) -> pd.DataFrame:
    """Every pair of one of some genes and one of others that some source lists, by symbol, on the map or not.

    Columns as `relations`; `a` is among `gene_labels` and `b` among `to_labels`. A gene is in no relation to itself.
    """
    first = list(dict.fromkeys(to_labels))[:MOST_GENES]
    second = [g for g in dict.fromkeys(gene_labels) if g not in set(first)]
    both = [g for g in dict.fromkeys(gene_labels) if g in set(first)]
    biology = opened(of_map).biology
    across = _named(biology.related([*first, *second], across=len(first)), [*first, *second])
    across = across.rename(columns={"a": "b", "b": "a"})
    within = _named(biology.related(first), first) if both else across.iloc[:0]
    turned = within.rename(columns={"a": "b", "b": "a"})
    mirrored = pd.concat([within, turned], ignore_index=True)[within.columns]
    mirrored = mirrored[mirrored["a"].isin(both)]
    frames = [f for f in (across[within.columns], mirrored) if len(f)]
    return pd.concat(frames, ignore_index=True) if frames else across[within.columns]


def relations_of(of_map: str, gene: str) -> pd.DataFrame:
    """Every gene of the map that some source lists together with one: `slug`, then the columns of `relations`."""
    symbol_of = symbols(of_map)
    if gene not in symbol_of:
        return pd.DataFrame(columns=["slug", *COLUMNS[2:]])
    order = [gene, *(g for g in symbol_of if g != gene)]
    found = opened(of_map).biology.related([symbol_of[g] for g in order], across=1)
    return _named(found, order).drop(columns="a").rename(columns={"b": "slug"})


def is_named(of_map: str, gene: str) -> bool:
    """Whether a gene has a name under which sources could list it."""
    return gene in symbols(of_map)


def unblinded(of_map: str, gene: str) -> str | None:
    """The symbol that a table of the user's gives a blinded gene, or None."""
    entities = opened(of_map).map.entities
    label = entities["label"].iat[opened(of_map).entity_rows[f"gene:{gene}"]]
    return opened(of_map).biology.unblinding.get(label)


def gene_set(of_map: str, id: str) -> dict:
    """A gene set or phenotype: `id`, `name`, `source`, `licence`, `version`, `citation`, and its genes.

    `genes` are symbols as the source has them, `on_map` slugs of those on the map, `absent` the symbols that are not.
    For a phenotype also `synonyms`, `parents` and `children` as (id, name).

    Raises
    ------
    UnknownEntity
        No loaded source has it; `closest` holds up to five as (id, name).
    """
    biology = opened(of_map).biology
    found = biology.gene_set(id)
    if found is None:
        raise UnknownEntity(f"'{id[:80]}' is no gene set of a loaded source", closest=_closest(of_map, id))
    one, source = found
    slug_of = {symbol: slug for slug, symbol in symbols(of_map).items()}
    told = {
        **(_about(source) | {"source": source.name}),
        "id": one.id,
        "name": one.name,
        "genes": list(one.genes),
        "on_map": [slug_of[g] for g in one.genes if g in slug_of],
        "absent": [g for g in one.genes if g not in slug_of],
    }
    return told | (_around(biology.phenotypes, one.id) if one.source == hpo.SOURCE else {})


def sets_of(of_map: str, gene_slug: str, most: int = 20) -> pd.DataFrame:
    """Gene sets that hold a gene, smallest first, and then phenotypes, smallest first.

    Columns: `id`, `name`, `source`, `size` (members in the source), `on_map` (those on the map).
    """
    index, slugs = indexed(of_map)
    rows = index.sets_of(slugs.index(gene_slug)) if gene_slug in slugs else np.empty(0, dtype=int)
    rows = rows[np.argsort(index.sources[rows] == hpo.SOURCE, kind="stable")][:most]
    return pd.DataFrame(
        {
            "id": index.ids[rows],
            "name": index.names[rows],
            "source": index.sources[rows],
            "size": index.sizes[rows].astype(int),
            "on_map": np.diff(index.members.indptr)[rows].astype(int),
        }
    )


def index_sets(of_map: str) -> None:
    """Index all sets, so that nobody waits for it."""
    indexed(of_map)


def indexed(of_map: str) -> tuple[SetIndex, list[str]]:
    """All sets over the named genes of the map, and the slugs of those genes; made once a process."""
    return _indexed(of_map, version(of_map))


@lru_cache(maxsize=16)
def _symbols(of_map: str, of_version: str) -> Mapping[str, str]:
    entities, unblinding = opened(of_map).map.entities, opened(of_map).biology.unblinding
    genes = entities[entities["kind"] == "gene"]
    named, taken = [], set()
    for slug, label, blinded in genes[["slug", "label", "blinded"]].sort_values("blinded").itertuples(index=False):
        symbol = unblinding.get(label) if blinded else label
        if symbol and symbol not in taken:
            taken.add(symbol)
            named.append((slug, symbol))
    return MappingProxyType(dict(named))


@lru_cache(maxsize=16)
def _indexed(of_map: str, of_version: str) -> tuple[SetIndex, list[str]]:
    biology, symbol_of = opened(of_map).biology, symbols(of_map)
    return set_index(biology.gene_sets, biology.phenotypes, list(symbol_of.values())), list(symbol_of)


def _named(pairs: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Positions as names."""
    array = np.array([*names, ""], dtype=object)
    told = pairs[list(COLUMNS[2:])]
    told.insert(0, "a", array[pairs["i"].to_numpy(dtype=int)])
    told.insert(1, "b", array[pairs["j"].to_numpy(dtype=int)])
    return told


def _about(source: object) -> dict:
    return {key: getattr(source, key) for key in ("name", "licence", "version", "citation")}


def _around(ontology: hpo.Phenotypes, id: str) -> dict:
    term = ontology.term(id.partition(":")[2])

    def named(ids: tuple[str, ...]) -> list[tuple[str, str]]:
        return [(f"{hpo.PREFIX}:{i}", ontology.names[ontology.row_of[i]]) for i in ids if i in ontology.row_of]

    return {"synonyms": list(term.synonyms), "parents": named(term.parents), "children": named(term.children)}


def _closest(of_map: str, id: str) -> tuple[tuple[str, str], ...]:
    index, _ = indexed(of_map)
    wanted = id[:200].casefold()
    near = process.extract(wanted, [i.casefold() for i in index.ids], scorer=fuzz.ratio, limit=5, score_cutoff=50)
    return tuple((index.ids[row], index.names[row]) for _, _, row in near)
