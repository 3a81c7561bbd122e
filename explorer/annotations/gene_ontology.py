"""Terms of the Gene Ontology as gene sets: human annotations, propagated to the terms above.

A gene of a term is one of every term that it `is_a` or is `part_of`, within its branch; `regulates` carries nothing,
since what regulates a process is not part of it. Annotations with NOT, and those that say nothing is known (ND), are
left out; electronic ones (IEA) stay. CC BY 4.0; see doi:10.1038/75556 and doi:10.1093/genetics/iyad031.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from explorer.annotations.drafts import Draft, gmt, is_symbol
from explorer.annotations.registered import SETS, About
from explorer.annotations.unpack import read_lines
from explorer.errors import InputError

_MOST_BYTES = 2_000_000_000
_COLUMNS, _HUMAN = 15, "taxon:9606"
_BRANCHES = ("biological_process", "cellular_component", "molecular_function")


@dataclass(frozen=True)
class Term:
    """A term that is in use: its name, its branch and the terms directly above it."""

    name: str
    branch: str
    above: tuple[str, ...]


def read_gene_ontology(ontology: Path, annotations: Path) -> tuple[Draft, ...]:
    """One source a branch, ready to be registered; the three roots, which hold every gene, are left out.

    Parameters
    ----------
    ontology : Path
        `go-basic.obo`.
    annotations : Path
        `goa_human.gaf.gz` (GAF 2).

    Raises
    ------
    InputError
        When one of them is not what it should be or is damaged, or they do not belong together.
    """
    terms, other_ids, version = read_obo(ontology)
    direct, dated = _annotated(annotations, terms, other_ids)
    genes = propagate(direct, terms)
    roots = {one for one, term in terms.items() if not term.above}
    drafts = []
    for branch in _BRANCHES:
        ids = sorted(one for one in genes.keys() - roots if terms[one].branch == branch)
        about = About(
            name=f"GO {branch.replace('_', ' ')}",
            kind="gene_sets",
            licence="CC BY 4.0",
            version=f"ontology {version or 'not stated'}, annotations {dated or 'not stated'}",
            citation="doi:10.1038/75556, doi:10.1093/genetics/iyad031",
            home="geneontology.org",
            fetched="",
            fetch="go",
            n=len(ids),
            prefix="go",
        )
        drafts.append(Draft(about, {SETS: gmt((one, terms[one].name, genes[one]) for one in ids)}))
    return tuple(drafts)


def read_obo(path: Path) -> tuple[dict[str, Term], dict[str, str], str]:
    """Terms by id without obsolete ones, secondary ids to the id they stand for, and the version of the ontology."""
    terms: dict[str, Term] = {}
    other_ids: dict[str, str] = {}
    version = ""
    for kind, tags in _stanzas(path):
        if not kind:
            version = (tags.get("data-version") or [""])[0].removeprefix("releases/")
        elif kind == "[Term]" and "true" not in tags.get("is_obsolete", ()):
            one, name, branch = ((tags.get(tag) or [""])[0] for tag in ("id", "name", "namespace"))
            if not (one and name and branch in _BRANCHES):
                raise InputError(f"{path.name}: term '{one[:40]}' lacks a name or a branch; is it go-basic.obo?")
            part_of = (r.split()[1] for r in tags.get("relationship", ()) if r.startswith("part_of "))
            terms[one] = Term(name, branch, (*(parent.split()[0] for parent in tags.get("is_a", ())), *part_of))
            other_ids |= dict.fromkeys(tags.get("alt_id", ()), one)
    if not terms:
        raise InputError(f"{path.name} holds no term of the Gene Ontology; is it go-basic.obo?")
    absent = next((above for term in terms.values() for above in term.above if above not in terms), None)
    if absent:
        raise InputError(f"{path.name} refers to {absent[:40]}, which is not in it; it is cut off: get it again")
    return terms, other_ids, version


def propagate(direct: Mapping[str, set[str]], terms: Mapping[str, Term]) -> dict[str, set[str]]:
    """Genes of each term and of every term below it in the same branch."""
    genes: dict[str, set[str]] = defaultdict(set)
    for one, annotated in direct.items():
        seen, to_see = {one}, [one]
        while to_see:
            term = terms[to_see.pop()]
            fresh = {a for a in term.above if a not in seen and terms[a].branch == term.branch}
            seen |= fresh
            to_see += fresh
        for above in seen:
            genes[above] |= annotated
    return dict(genes)


def _annotated(path: Path, terms: Mapping[str, Term], other_ids: Mapping[str, str]) -> tuple[dict[str, set[str]], str]:
    """Term to the symbols that are annotated with it directly, and the date of the file."""
    direct: dict[str, set[str]] = defaultdict(set)
    dated = ""
    for number, line in enumerate(read_lines(path, most=_MOST_BYTES, ending=".gaf"), start=1):
        if line.startswith("!"):
            dated = dated or line.partition("!date-generated:")[2].strip()[:10]
            continue
        cells = line.split("\t")
        if len(cells) < _COLUMNS:
            raise InputError(f"{path.name} has {len(cells)} columns in line {number:,}; is it a GAF file?")
        symbol, qualifier, one, evidence, kind, taxon = (cells[i] for i in (2, 3, 4, 6, 11, 12))
        one = other_ids.get(one, one)
        gene = taxon.split("|")[0] == _HUMAN and "complex" not in kind and is_symbol(symbol)
        if gene and one in terms and evidence != "ND" and "NOT" not in qualifier.split("|"):
            direct[one].add(symbol)
    if not direct:
        raise InputError(f"{path.name} annotates no human gene with a term of that ontology; are both of one release?")
    return direct, dated


def _stanzas(path: Path) -> Iterator[tuple[str, dict[str, list[str]]]]:
    """(heading, tag to values) of each stanza of an OBO file; the heading of the first is empty."""
    kind, tags = "", defaultdict(list)
    for line in read_lines(path, most=_MOST_BYTES, ending=".obo"):
        if line.startswith("["):
            yield kind, tags
            kind, tags = line.strip(), defaultdict(list)
        elif ": " in line:
            tag, _, value = line.partition(": ")
            tags[tag].append(value.strip() if tag == "name" else value.partition(" ! ")[0].strip())
    yield kind, tags
