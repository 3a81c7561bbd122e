"""`keyhole chem embed`: learned embeddings of a map's compounds, computed once and kept beside the map."""

from __future__ import annotations

import argparse
import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from explorer.annotations.minimol_wheel import NAME
from explorer.annotations.names import NameIndex
from explorer.annotations.registered import WEIGHTS, find_registered
from explorer.atlas import learned_of, map_path
from explorer.chemistry.embeddings import BESIDE_MAP, Embedding, checked_name, read_embedding, write_embedding
from explorer.chemistry.kept_files import one_writer
from explorer.chemistry.minimol import ABOUT, BATCH, DIMENSIONS, MiniMol, embed_smiles, library_versions
from explorer.commands.progress import ProgressLine
from explorer.commands.report import facts, print_json
from explorer.errors import InputError
from explorer.maps.perturbation_map import CURRENT, PerturbationMap, open_map
from explorer.settings import read_settings

#: Batches after which what is done is kept, so that an interrupted run goes on from there.
_KEEP_EVERY = 25


def run(asked: argparse.Namespace) -> int:
    """Embed the compounds of a map, or take a table of somebody's embeddings in."""
    if asked.name and not asked.table:
        raise InputError("--name goes with --table FILE, whose embeddings it names")
    m = open_map(map_path(asked.map))
    if not (m.folder.parent / CURRENT).is_symlink():
        raise InputError(
            f"{m.folder} is a single build; name the map's folder that holds `{CURRENT}`, where they are kept"
        )
    folder = m.folder.parent / BESIDE_MAP
    line = ProgressLine(silent=asked.json)
    try:
        busy = f"another `keyhole chem embed` is writing to {folder}; wait until it has ended"
        with one_writer(folder, busy=busy):
            file, left_out = _taken(asked, folder) if asked.table else _computed(m, folder, line)
    finally:
        line.clear()
    _tell(m, file, left_out, as_json=asked.json)
    return 0


def _taken(asked: argparse.Namespace, folder: Path) -> tuple[Path, list]:
    """A table, checked and copied in as Parquet."""
    given = Path(asked.table)
    one = read_embedding(given)
    name = checked_name(asked.name or given.stem)
    about = {"from": given.name} | dict(one.about) | {"added": _today()}
    file = folder / f"{name}.parquet"
    write_embedding(file, replace(one, name=name, about=about))
    return file, []


def _computed(m: PerturbationMap, folder: Path, line: ProgressLine) -> tuple[Path, list]:
    """MiniMol's embeddings of every compound with a structure; what an earlier run made is not made again."""
    weights = _weights()
    model = MiniMol(weights)
    about = {
        **ABOUT,
        "weights": hashlib.sha256(weights).hexdigest(),
        "libraries": library_versions(),
    }
    file, part = folder / "minimol.parquet", folder / "minimol.part"
    smiles = _structures(m)
    done = _before(file, about) | _before(part, about)
    done = {key: vector for key, vector in done.items() if key in smiles}
    todo = [key for key in smiles if key not in done]
    left_out: list[tuple[str, str]] = []
    for at, (found, without) in enumerate(embed_smiles(model, [smiles[key] for key in todo])):
        keys = todo[at * BATCH : (at + 1) * BATCH]
        done |= {key: vector for key, vector in zip(keys, found, strict=True) if np.isfinite(vector).all()}
        left_out += [(todo[i], why) for i, why in without]
        line("embed compounds", min((at + 1) * BATCH, len(todo)), len(todo))
        if (at + 1) % _KEEP_EVERY == 0:
            write_embedding(part, _made(smiles, done, about))
    if not done:
        raise InputError(f"{m.name} has no compound with a structure that can be embedded")
    if todo or not file.is_file():
        write_embedding(file, _made(smiles, done, about | {"made": _today()}))
    part.unlink(missing_ok=True)
    return file, left_out


def _made(smiles: dict[str, str], done: dict[str, np.ndarray], about: dict[str, str]) -> Embedding:
    keys = tuple(key for key in smiles if key in done)
    vectors = np.array([done[key] for key in keys], dtype=np.float32).reshape(-1, DIMENSIONS)
    return Embedding("minimol", "inchikey", keys, vectors, about)


def _structures(m: PerturbationMap) -> dict[str, str]:
    """InChIKey to SMILES of the compounds that have a structure, in the order of the map."""
    e = m.entities[(m.entities["kind"] == "compound") & m.entities["inchikey"].notna()]
    return dict(zip(e["inchikey"], e["smiles"], strict=True))


def _before(file: Path, about: dict[str, str]) -> dict[str, np.ndarray]:
    """What a file holds, where it was made with the same weights and libraries; else nothing."""
    try:
        one = read_embedding(file) if file.is_file() else None
    except InputError:
        return {}
    same = one is not None and all(one.about.get(k) == about[k] for k in ("weights", "libraries"))
    return dict(zip(one.keys, one.vectors, strict=True)) if same else {}


def _weights() -> bytes:
    root = read_settings().annotations
    models = [s for s in find_registered(root).of_kind("model") if s.about.name == NAME]
    if not models:
        raise InputError(
            f"the weights of MiniMol are not in {root}; `keyhole fetch minimol` brings them (33 MB, MIT), or give "
            "embeddings that you have with --table FILE"
        )
    return models[0].read(WEIGHTS)


def _tell(m: PerturbationMap, file: Path, left_out: list[tuple[str, str]], *, as_json: bool) -> None:
    """What is kept now, and for whom it is."""
    learned = learned_of(m, NameIndex(m.entities))
    one = next(x for x in learned.tables if x.embedding.name == file.stem)
    found, compounds = int(one.there.sum()), int((m.entities["kind"] == "compound").sum())
    told = {
        "file": str(file),
        "molecules": len(one.embedding.keys),
        "dimensions": one.embedding.vectors.shape[1],
        "compounds": compounds,
        "embedded": found,
        "unknown": len(one.unknown),
        "left_out": [{"inchikey": key, "why": why} for key, why in left_out],
        "about": dict(one.embedding.about),
    }
    if as_json:
        print_json(told)
        return
    lines = [
        ("kept in", told["file"]),
        ("table", f"{told['molecules']:,} molecules of {told['dimensions']:,} numbers"),
        ("on this map", f"{found:,} of {compounds:,} compounds have an embedding"),
    ]
    lines += [("not on map", f"{told['unknown']:,} rows, such as {one.unknown[0][:40]}")] if one.unknown else []
    lines += [("left out", f"{key}: {why}") for key, why in left_out[:5]]
    lines += [(key, str(value)) for key, value in told["about"].items()]
    print(facts(lines))


def _today() -> str:
    return datetime.now(UTC).date().isoformat()
