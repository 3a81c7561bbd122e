"""Atlas: the maps that are open, each with its names and fingerprints, read-only from disk.

One process opens one atlas; queries reach it by the short name of a map, which is also its `map=` in a URL.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from explorer.annotations.biology import BESIDE_MAP, Biology, find_biology, ontology_opener, read_registered
from explorer.annotations.known_genes import registered_genes
from explorer.annotations.names import NameIndex
from explorer.annotations.term_names import TermIndex, term_index
from explorer.chemistry.admet_file import PREDICTIONS, Predictions, read_predictions
from explorer.chemistry.embeddings import BESIDE_MAP as EMBEDDINGS
from explorer.chemistry.embeddings import find_embeddings
from explorer.chemistry.fingerprints import bit_counts, morgan
from explorer.chemistry.learned import Learned, LearnedTable, aligned
from explorer.errors import InputError, MapError
from explorer.maps.entities import slug
from explorer.maps.perturbation_map import CURRENT, PerturbationMap, open_map

DEMO = Path(__file__).resolve().parent.parent / "data" / "demo" / "map"


def learned_of(m: PerturbationMap, names: NameIndex) -> Learned:
    """The embeddings beside a map; none for a build without a root."""
    root = m.folder.parent
    found, problems = find_embeddings(root / EMBEDDINGS) if (root / CURRENT).is_symlink() else ((), ())
    of_key: dict[str, list[int]] = {}
    for i, key in enumerate(m.entities["inchikey"]):
        if isinstance(key, str):
            of_key.setdefault(key.casefold(), []).append(i)
    tables = []
    for one in found:
        rows = of_key
        if one.by == "name":
            named = {key.casefold(): names.find(key, kind="compound") for key in one.keys}
            rows = {key: at for key, at in named.items() if len(at) == 1}
        vectors, unknown = aligned(one, rows=rows, n=len(m.entities))
        tables.append(LearnedTable(one, vectors, tuple(unknown)))
    return Learned(tuple(tables), problems)


@dataclass(frozen=True)
class OpenMap:
    """A map with what pages look up on it."""

    key: str
    map: PerturbationMap
    names: NameIndex
    biology: Biology = field(default_factory=Biology)

    @cached_property
    def entity_rows(self) -> dict[str, int]:
        """Entity id to row of `map.entities`."""
        return {e: i for i, e in enumerate(self.map.entities["entity"])}

    @cached_property
    def entity_of_row(self) -> np.ndarray:
        """Row of `map.entities` of every perturbation."""
        return np.array([self.entity_rows[e] for e in self.map.perturbations["entity"]], dtype=int)

    @cached_property
    def terms(self) -> TermIndex:
        """Phenotypes, complexes, pathways and lists by name."""
        return term_index(self.biology.gene_sets, self.biology.phenotypes)

    @cached_property
    def learned(self) -> Learned:
        """Learned embeddings of its compounds, where some are kept beside it."""
        return learned_of(self.map, self.names)

    @cached_property
    def fingerprints(self) -> np.ndarray:
        """Morgan bits of every entity, in the order of `map.entities`; genes have none."""
        return morgan(self.map.entities["smiles"].tolist())

    @cached_property
    def bit_counts(self) -> np.ndarray:
        """How many bits of `fingerprints` are set, for every entity."""
        return bit_counts(self.fingerprints)

    @cached_property
    def predictions(self) -> Predictions | None:
        """Predicted properties that lie beside the map, read when first asked for; None where there are none."""
        root = self.map.folder.parent
        return read_predictions(root / PREDICTIONS) if (root / CURRENT).is_symlink() else None


@dataclass(frozen=True)
class Atlas:
    """The open maps by key, in the order they were asked for."""

    maps: dict[str, OpenMap]

    @property
    def first(self) -> str:
        return next(iter(self.maps))


def map_path(given: str | Path) -> Path:
    """The folder that a map argument means; `demo` is the one that comes with Keyhole."""
    if str(given) != "demo":
        return Path(given)
    if not DEMO.is_dir():
        raise MapError("the demo map is not there; make it with `keyhole demo`")
    return DEMO


def open_atlas(paths: Sequence[str | Path], *, annotations: Path | None = None, cache: Path | None = None) -> Atlas:
    """Open maps, verify them, and give each a short unique key and what is known beside it.

    Parameters
    ----------
    paths : sequence of path
        Folders of maps, or `demo`.
    annotations : Path, optional
        The folder of registered annotations; without it only those beside a map and the installed ontology count.
    cache : Path, optional
        Folder where the ontology is kept in a form that opens at once.
    """
    if not paths:
        raise InputError("no map to open; name a map folder, or `demo`")
    registered, ontology, genes = read_registered(annotations), ontology_opener(cache), registered_genes(annotations)
    maps: dict[str, OpenMap] = {}
    for path in paths:
        opened = open_map(map_path(path))
        base = key = slug(opened.name, kind="map")
        n = 1
        while key in maps:
            n += 1
            key = f"{base}-{n}"
        root = opened.folder.parent
        beside = root / BESIDE_MAP if (root / CURRENT).is_symlink() else None
        biology = find_biology(beside, registered=registered, ontology=ontology)
        opened = replace(opened, entities=_with_arms(opened.entities, biology.arms))
        maps[key] = OpenMap(key, opened, NameIndex(opened.entities, genes), biology)
    return Atlas(maps)


def _with_arms(entities: pd.DataFrame, arms: Mapping[str, str]) -> pd.DataFrame:
    """Arms of the genes that the map gives none, from what is known; symbols that are not listed stay without."""
    if not arms:
        return entities
    known = [
        arms.get(x) if kind == "gene" else None for kind, x in zip(entities["kind"], entities["label"], strict=True)
    ]
    own = entities["arm"].astype(object)
    return entities.assign(arm=own.where(own.notna(), pd.Series(known, index=entities.index, dtype=object)))


_current: Atlas | None = None


def use(atlas: Atlas) -> None:
    """Make `atlas` the one this process answers from."""
    global _current
    _current = atlas


def current() -> Atlas:
    """The atlas in use."""
    if _current is None:
        raise InputError("no map is open; call atlas.use(open_atlas([...])) first")
    return _current


def opened(key: str) -> OpenMap:
    """The open map of a key.

    Raises
    ------
    InputError
        Naming the maps there are.
    """
    maps = current().maps
    if key not in maps:
        raise InputError(f"unknown map '{key[:60]}'; choose from {', '.join(maps)}")
    return maps[key]
