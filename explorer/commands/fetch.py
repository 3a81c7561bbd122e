"""`keyhole fetch`: bring known biology, and weights of a model, into the folder of annotations, list it, remove it."""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from explorer.annotations.catalogue import FETCHABLE
from explorer.annotations.download import Asked
from explorer.annotations.fetching import Fetched, From, fetch
from explorer.annotations.registered import Found, Registered, find_registered
from explorer.annotations.registering import unregister, writing
from explorer.commands.progress import ProgressLine, describe_bytes
from explorer.commands.report import print_json, table
from explorer.errors import InputError
from explorer.settings import read_settings

_COUNTED = {
    "relationships": "unique undirected pairs",
    "gene_sets": "gene sets",
    "genes": "genes",
    "arms": "genes with an arm",
    "model": "numbers a molecule",
}


def run(asked: argparse.Namespace) -> int:
    """Fetch, list or remove; whatever fails is an `InputError` and leaves what was registered as it was."""
    root = read_settings().annotations
    alone = asked.list or asked.remove is not None
    if alone == (asked.source is not None):
        raise InputError(f"name one of {', '.join(FETCHABLE)}, or else use --list or --remove NAME")
    if alone and (asked.file or asked.url or asked.non_commercial):
        raise InputError("--file, --url and --non-commercial go with what is fetched, not with --list or --remove")
    if asked.list:
        return _list(root, as_json=asked.json)
    if asked.remove is not None:
        return _remove(root, asked.remove, as_json=asked.json)
    return _fetch(root, asked)


def _fetch(root: Path, asked: argparse.Namespace) -> int:
    fetchable = FETCHABLE.get(asked.source)
    if fetchable is None:
        raise InputError(f"'{asked.source[:60]}' cannot be fetched; choose from {', '.join(FETCHABLE)}")
    if asked.non_commercial and fetchable.non_commercial:
        print(fetchable.non_commercial, file=sys.stderr)
    again = f"{asked.source}{' --non-commercial' if asked.non_commercial else ''}"
    line = ProgressLine(silent=asked.json, words=describe_bytes)
    try:
        fetched = fetch(
            asked.source,
            root,
            today=datetime.now(UTC).date().isoformat(),
            asked=Asked(again, line),
            origin=From(tuple(asked.file), tuple(asked.url)),
            non_commercial=asked.non_commercial,
        )
    finally:
        line.clear()
    if asked.json:
        left_out = [{"name": d.about.name, "licence": d.about.licence} for d in fetched.left_out]
        print_json({"folder": str(root), "registered": [_told(s) for s in fetched.registered], "left_out": left_out})
    else:
        print(_said(fetched))
    return 0


def _list(root: Path, *, as_json: bool) -> int:
    found = find_registered(root)
    problems = [*found.problems, *_damage(found)]
    if as_json:
        can = [{"name": f.key, "holds": f.holds, "licence": f.licence} for f in FETCHABLE.values()]
        told = [_told(source) for source in found.sources]
        print_json({"folder": str(root), "registered": told, "problems": problems, "can_be_fetched": can})
        return 0
    print(f"registered in {root}:" if found.sources else f"nothing is registered in {root}")
    if found.sources:
        rows = [(s.folder.name, s.about.name, *_columns(s), s.about.fetched) for s in found.sources]
        print(table(("remove as", "name", "licence", "version", "n", "of", "fetched"), rows))
    for problem in problems:
        print(f"problem: {problem}")
    print("\ncan be fetched:")
    print(table(("keyhole fetch", "licence", "holds"), [(f.key, f.licence, f.holds) for f in FETCHABLE.values()]))
    return 0


def _remove(root: Path, name: str, *, as_json: bool) -> int:
    with writing(root):
        removed = unregister(root, name)
    if as_json:
        print_json({"folder": str(root), "removed": _told(removed)})
    else:
        print(f"{removed.about.name} is removed; `keyhole fetch {removed.about.fetch}` brings it again")
    return 0


def _said(fetched: Fetched) -> str:
    """A table of what is registered now, and a line for what was left out."""
    rows = [(source.about.name, *_columns(source)) for source in fetched.registered]
    lines = [table(("source", "licence", "version", "n", "of"), rows)]
    if fetched.left_out:
        names = ", ".join(f"{d.about.name} ({d.about.licence})" for d in fetched.left_out)
        lines.append(f"left out: {names}; --non-commercial brings them too")
    return "\n".join(lines)


def _columns(source: Registered) -> tuple[str, str, str, str]:
    about = source.about
    return about.licence, about.version, f"{about.n:,}", _COUNTED[about.kind]


def _told(source: Registered) -> dict:
    return asdict(source.about) | {"folder": str(source.folder), "files": dict(source.files)}


def _damage(found: Found) -> list[str]:
    """A sentence for each file that is not as it was fetched."""
    problems = []
    for source in found.sources:
        for name in source.files:
            try:
                source.read(name)
            except InputError as error:
                problems.append(str(error))
    return problems
