"""Where what is known comes from: each annotation source of a map, its licence, and how much it holds."""

from __future__ import annotations

import numpy as np
import pandas as pd

from explorer.annotations import phenotypes as hpo
from explorer.annotations.biology import Biology
from explorer.annotations.compound_annotations import CompoundSource
from explorer.annotations.ontology_files import PACKAGE
from explorer.atlas import OpenMap, opened
from explorer.queries.biology import indexed, pairs_on_map, symbols
from explorer.queries.rows import memo

UNITS = {
    "relationships": "pair",
    "gene_sets": "set",
    "compounds": "compound",
    "unblinding": "gene",
    "arms": "gene",
    "genes": "gene",
    "phenotypes": "phenotype",
    "model": "number",
}


@memo
def annotation_sources(of_map: str) -> list[dict]:
    """Every source of annotations, in the order of its kind, then the files that cannot be used.

    Each has `file`, `kind`, `name`, `licence`, `version`, `citation`, `n`, `unit`, `on_map` (how many of those have to
    do with this map: pairs of two of its genes, sets with at least one; None where that is not counted), `note`,
    `problem` and `replaced_by`.
    """
    open_map = opened(of_map)
    counts = _counts(of_map, open_map)
    listed = [
        vars(f) | {"unit": UNITS.get(f.kind, "entry"), "on_map": None if f.problem else counts.get((f.kind, f.name))}
        for f in open_map.biology.files
    ]
    ontology = open_map.biology.phenotypes
    if ontology is not None:
        listed.append(_ontology(ontology) | {"on_map": counts["phenotypes", hpo.SOURCE]})
    order = list(UNITS)
    return sorted(listed, key=lambda f: (bool(f["problem"]), order.index(f["kind"]) if f["kind"] in order else 99))


@memo
def compound_targets(of_map: str, entity: str, most_nm: float | None = None) -> pd.DataFrame:
    """What the map and the loaded tables say of a compound's targets, strongest potency first.

    With `most_nm`, potencies above it are left out; targets without a potency stay, as nothing speaks against them.

    Columns: `gene` (symbol), `slug` (None where the gene is not on the map), `nm` (potency in nM, NaN where none is
    given), `measure`, `source`, `table` ("this map", or the name of the table). A potency has no place in the map
    itself, so its own targets come without one.
    """
    open_map = opened(of_map)
    compound = open_map.map.entities.iloc[open_map.entity_rows[entity]]
    rows = [(gene, np.nan, "", "", "this map") for gene in compound["targets"]]
    for table in open_map.biology.compounds:
        facts = table.of(_names(compound))
        for t in facts.targets if facts else ():
            rows.append((t.gene, np.nan if t.potency is None else t.potency, t.measure, t.source, table.name))
    frame = pd.DataFrame(rows, columns=["gene", "nm", "measure", "source", "table"])
    frame = frame if most_nm is None else frame[~(frame["nm"] > most_nm)].reset_index(drop=True)
    slug_of = {symbol: slug for slug, symbol in symbols(of_map).items()}
    frame.insert(1, "slug", pd.Series([slug_of.get(g) for g in frame["gene"]], dtype=object))
    return frame.sort_values(["nm", "gene"], na_position="last", kind="stable", ignore_index=True)


def compound_facts(of_map: str, entity: str) -> dict:
    """Mechanisms and other names that the loaded tables give a compound: `mechanisms` as (text, table), `synonyms`."""
    open_map = opened(of_map)
    compound = open_map.map.entities.iloc[open_map.entity_rows[entity]]
    found = [(t.name, t.of(_names(compound))) for t in open_map.biology.compounds]
    found = [(name, facts) for name, facts in found if facts]
    names = dict.fromkeys(s for _, facts in found for s in facts.synonyms)
    return {
        "mechanisms": [(facts.mechanism, name) for name, facts in found if facts.mechanism],
        "synonyms": [s for s in names if s not in {compound["label"], *compound["synonyms"]}],
    }


def _names(compound: pd.Series) -> list[str]:
    more = (compound["inchikey"], compound["identifier"])
    return [compound["label"], *compound["synonyms"], *(m for m in more if m)]


def _counts(of_map: str, open_map: OpenMap) -> dict[tuple[str, str], int]:
    """Kind and name of a source to how much of it has to do with the map."""
    biology = open_map.biology
    entities = open_map.map.entities
    labels = set(entities["label"][entities["kind"] == "gene"])
    compounds = entities[entities["kind"] == "compound"]
    index, _ = indexed(of_map)
    here = index.sources[np.diff(index.members.indptr) > 0]
    found = {("relationships", s.name): pairs_on_map(of_map, s) for s in biology.relationships}
    found |= {("gene_sets", s.name): int((here == s.name).sum()) for s in biology.gene_sets}
    found |= {("compounds", s.name): _compounds(s, compounds) for s in biology.compounds}
    found |= {(f.kind, f.name): _table(biology, f.kind, labels) for f in biology.files if f.kind in _TABLES}
    return found | {("phenotypes", hpo.SOURCE): int((here == hpo.SOURCE).sum())}


_TABLES = {"unblinding": "unblinding", "arms": "arms", "genes": "arms"}


def _table(biology: Biology, kind: str, labels: set[str]) -> int:
    return len(labels & getattr(biology, _TABLES[kind]).keys())


def _compounds(source: CompoundSource, compounds: pd.DataFrame) -> int:
    return sum(source.of(_names(c)) is not None for _, c in compounds.iterrows())


def _ontology(ontology: hpo.Phenotypes) -> dict:
    texts = {"licence": hpo.LICENCE, "version": ontology.version, "citation": hpo.CITATION}
    note = f"{len(ontology):,} terms; genes of a term include those of everything below it"
    told = {"file": f"{PACKAGE} data files", "kind": "phenotypes", "name": hpo.SOURCE, "note": note, **texts}
    return told | {"n": len(ontology.abnormalities), "unit": UNITS["phenotypes"], "problem": "", "replaced_by": ""}
