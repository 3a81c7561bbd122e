"""Made-up files in the formats that are fetched: symbols such as MADE1 are no genes."""

from __future__ import annotations

import gzip
import io
import zipfile

_HGNC = (
    "hgnc_id\tsymbol\tname\tlocus_group\tstatus\tlocation\talias_symbol\tprev_symbol\tdate_modified\tentrez_id\t"
    "ensembl_gene_id\n"
)

OBO = """format-version: 1.2
data-version: releases/2026-10-01

[Term]
id: GO:1
name: root of processes
namespace: biological_process

[Term]
id: GO:2
name: making: a thing ! twice
namespace: biological_process
alt_id: GO:22
is_a: GO:1 ! root of processes

[Term]
id: GO:3
name: a step of making
namespace: biological_process
relationship: part_of GO:2 {source="made"} ! making
relationship: part_of GO:8 ! a thing

[Term]
id: GO:4
name: regulation of making
namespace: biological_process
is_a: GO:1 ! root of processes
relationship: regulates GO:2 ! making

[Term]
id: GO:5
name: obsolete making
namespace: biological_process
is_obsolete: true

[Term]
id: GO:7
name: root of components
namespace: cellular_component

[Term]
id: GO:8
name: a thing
namespace: cellular_component
is_a: GO:7 ! root of components

[Typedef]
id: part_of
name: part of
namespace: external
"""


def hgnc(*rows: str) -> bytes:
    """The complete set: rows as `symbol|status|location|aliases|previous|date`, lists with `,`."""
    lines = [_HGNC]
    for i, row in enumerate(rows, start=1):
        symbol, status, location, aliases, previous, date = row.split("|")
        several = ['"' + names.replace(",", "|") + '"' if "," in names else names for names in (aliases, previous)]
        cells = (f"HGNC:{i}", symbol, f"made {i}", "other", status, location, *several, date, str(i), f"ENSG{i:011}")
        lines.append("\t".join(cells) + "\n")
    return "".join(lines).encode()


def many_genes(n: int = 12_000) -> bytes:
    """A complete set of about 1 MB."""
    return hgnc(*(f"MADE{i}|Approved|{i % 22 + 1}q21.3|ALIAS{i}A,ALIAS{i}B||2026-11-0{i % 9 + 1}" for i in range(n)))


def gaf(*rows: str) -> bytes:
    """Annotations: rows as `symbol|qualifier|term|evidence|type|taxon`, a bar within a cell as `/`."""
    lines = ["!gaf-version: 2.2\n", "!date-generated: 2026-10-03T04:05\n", "!\n"]
    for row in rows:
        symbol, qualifier, term, evidence, kind, taxon = row.split("|")
        cells = ["UniProtKB", "X0", symbol, qualifier.replace("/", "|"), term, "PMID:0", evidence, "", "P", "made", ""]
        lines.append("\t".join([*cells, kind, taxon.replace("/", "|"), "20261001", "Made", "", ""]) + "\n")
    return "".join(lines).encode()


PATHWAYS = (
    b"Making things\tR-HSA-1\tMADE1\tMADE2\tMADE1\n"
    b"Breaking  things\tR-HSA-2\tReactome Pathway\tMADE3\n"
    b"Things of mice\tR-MMU-3\tMade4\n"
)


def zipped(name: str = "ReactomePathways.gmt", content: bytes = PATHWAYS, **others: str) -> bytes:
    """A zip archive of 10 September 2026; other members, if any, by name."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for member, text in {name: content, **others}.items():
            info = zipfile.ZipInfo(member, (2026, 9, 10, 0, 0, 0))
            archive.writestr(info, text, compress_type=zipfile.ZIP_DEFLATED)
    return out.getvalue()


def flipped(content: bytes, at: float = 0.5) -> bytes:
    """The same with one bit changed, at a fraction of its length."""
    i = int(len(content) * at)
    return content[:i] + bytes([content[i] ^ 1]) + content[i + 1 :]


def gzipped(content: bytes) -> bytes:
    """Gzip without a time."""
    return gzip.compress(content, mtime=0)
