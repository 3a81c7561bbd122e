"""Biology: all that is known beside a map: relationships, gene sets, phenotypes, compound tables, arms, names.

It is found beside the map (`annotations/` in its root), in the registered folder (each of its subfolders, `own/` being
the user's) and in the installed ontology. Where several have a source of one name, the registered one counts, and of
those the user's own.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from explorer.annotations import phenotypes as hpo
from explorer.annotations.annotation_folder import AnnotationFolder, ListedFile, read_annotation_folder
from explorer.annotations.compound_annotations import CompoundSource
from explorer.annotations.gene_sets import GeneSet, GeneSetSource
from explorer.annotations.ontology_files import installed_data, open_phenotypes
from explorer.annotations.phenotypes import Phenotypes
from explorer.annotations.registered import find_registered, read_gene_arms, read_pairs, read_sets
from explorer.annotations.related import related
from explorer.annotations.relationships import RelationshipSource
from explorer.errors import InputError

#: Folder of annotations in the root of a map, and of the user's own in the registered folder.
BESIDE_MAP, OWN = "annotations", "own"
#: Fetched sets of genes that are alike, not related: two kinases share a function and may never meet.
ALIKE = ("GO molecular function",)
#: Kinds of which a source of the same name takes the place of an earlier one.
LISTS = ("relationships", "gene_sets", "compounds")


@dataclass(frozen=True, eq=False)
class Biology:
    """What is known.

    Attributes
    ----------
    relationships : tuple of RelationshipSource
    gene_sets : tuple of GeneSetSource
        Without the phenotypes.
    compounds : tuple of CompoundSource
    unblinding, arms : dict
        Blinded id to symbol; symbol to chromosome arm.
    files : tuple of ListedFile
        Every file that was read or refused.
    version : str
        Changes when what is known does.
    open_ontology : callable
        Opens the ontology; asked once.
    """

    relationships: tuple[RelationshipSource, ...] = ()
    gene_sets: tuple[GeneSetSource, ...] = ()
    compounds: tuple[CompoundSource, ...] = ()
    unblinding: dict[str, str] = field(default_factory=dict)
    arms: dict[str, str] = field(default_factory=dict)
    files: tuple[ListedFile, ...] = ()
    version: str = ""
    open_ontology: Callable[[], Phenotypes | None] = field(default=lambda: None, repr=False)

    @property
    def phenotypes(self) -> Phenotypes | None:
        """The ontology; None where it is not installed or cannot be read. The first call opens it."""
        return self.open_ontology()

    def related(self, labels: Sequence[str], *, across: int | None = None) -> pd.DataFrame:
        """Every pair among some symbols that some source lists, see `explorer.annotations.related`."""
        return related(labels, self.relationships, self.gene_sets, across=across)

    def gene_set(self, id: str) -> tuple[GeneSet, GeneSetSource] | None:
        """The set or phenotype of an id and its source (which for a phenotype lists no sets), or None."""
        for source in self.gene_sets:
            if id in source.by_id:
                return source.by_id[id], source
        prefix, _, term_id = id.partition(":")
        term = self.phenotypes.term(term_id) if prefix == hpo.PREFIX and self.phenotypes is not None else None
        if term is None:
            return None
        source = GeneSetSource(hpo.SOURCE, hpo.LICENCE, self.phenotypes.version, hpo.CITATION, (), relates=False)
        return GeneSet(id, term.name, hpo.SOURCE, term.genes), source


def find_biology(
    beside: Path | None, *, registered: AnnotationFolder | None = None, ontology: Callable | None = None
) -> Biology:
    """What is known beside one map.

    Parameters
    ----------
    beside : Path or None
        The folder `annotations` in the root of the map.
    registered : AnnotationFolder, optional
        From `read_registered`; shared by all maps.
    ontology : callable, optional
        From `ontology_opener`; shared by all maps.
    """
    local = AnnotationFolder() if beside is None else read_annotation_folder(beside)
    both = merged([local, registered or AnnotationFolder()])
    return Biology(
        both.relationships,
        both.gene_sets,
        both.compounds,
        both.unblinding,
        both.arms,
        both.files,
        version=_version(both),
        open_ontology=ontology or (lambda: None),
    )


def read_registered(root: Path | None) -> AnnotationFolder:
    """What the registered folder holds: what was fetched, and then the user's own; none where it is not there."""
    if root is None:
        return AnnotationFolder()
    return merged([_fetched(Path(root)), read_annotation_folder(Path(root) / OWN, prefix=f"{OWN}/")])


def ontology_opener(cache: Path | None = None) -> Callable[[], Phenotypes | None]:
    """What opens the installed ontology, once; None where there is none that can be read."""

    @functools.cache
    def opened() -> Phenotypes | None:
        data = installed_data()
        if data is None:
            return None
        try:
            return open_phenotypes(data, cache=cache)
        except InputError:
            return None

    return opened


def merged(folders: Sequence[AnnotationFolder]) -> AnnotationFolder:
    """Several folders as one; of sources with one name the last counts."""

    def last(kind: str) -> tuple:
        return tuple({one.name.casefold(): one for folder in folders for one in getattr(folder, kind)}.values())

    tables = {kind: {k: v for f in folders for k, v in getattr(f, kind).items()} for kind in ("unblinding", "arms")}
    lists = {kind: last(kind) for kind in LISTS}
    files = [one for folder in folders for one in folder.files]
    used = {(f.kind, f.name.casefold()): f.file for f in files if not f.problem}
    by = [used.get((f.kind, f.name.casefold()), "") if f.kind in LISTS and not f.problem else "" for f in files]
    shown = (replace(f, replaced_by="" if b == f.file else b) for f, b in zip(files, by, strict=True))
    return AnnotationFolder(**lists, **tables, files=tuple(shown))


def _fetched(root: Path) -> AnnotationFolder:
    """The registered sources; one that cannot be used is listed with the reason."""
    found = find_registered(root)
    files = [ListedFile(str(root.name), "fetched", "fetched source", problem=problem) for problem in found.problems]
    parts: dict[str, list] = {"relationships": [], "gene_sets": [], "arms": [], "genes": [], "model": []}
    for source in found.sources:
        about = source.about
        texts = {"licence": about.licence, "version": about.version, "citation": about.citation}
        one = ListedFile(source.folder.name, about.kind, about.name, **texts, n=about.n)
        try:
            parts[about.kind] += _READ.get(about.kind, lambda *_: ())(source, texts)
        except (InputError, OSError, ValueError, KeyError) as error:
            one = replace(one, n=0, problem=" ".join(str(error).split())[:400])
        files.append(one)
    arms = {symbol: arm for table in parts["genes"] + parts["arms"] for symbol, arm in table.items()}
    return AnnotationFolder(tuple(parts["relationships"]), tuple(parts["gene_sets"]), arms=arms, files=tuple(files))


_READ: dict[str, Callable] = {
    "relationships": lambda source, texts: [
        RelationshipSource(source.about.name, pairs=read_pairs(source), **texts),
    ],
    "gene_sets": lambda source, texts: [
        GeneSetSource(
            source.about.name,
            sets=tuple(GeneSet(id, name, source.about.name, genes) for id, name, genes in read_sets(source)),
            relates=source.about.name not in ALIKE,
            **texts,
        )
    ],
    "genes": lambda source, texts: [read_gene_arms(source)],
}


def _version(found: AnnotationFolder) -> str:
    """A hash of everything that answers depend on."""
    digest = hashlib.sha256()
    for source in found.relationships:
        digest.update(repr((source.name, source.version)).encode())
        digest.update(pd.util.hash_pandas_object(source.pairs, index=False).to_numpy().tobytes())
    for source in found.gene_sets:
        digest.update(repr((source.name, source.version, source.relates)).encode())
        for one in source.sets:
            digest.update("\t".join((one.id, *one.genes)).encode("utf-8", "replace"))
    digest.update(repr((found.compounds, found.unblinding, found.arms)).encode("utf-8", "replace"))
    return digest.hexdigest()[:16]
