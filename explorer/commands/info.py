"""`keyhole info`: what is in a map, how it was made, and what may be done with it."""

from __future__ import annotations

import argparse

from explorer.commands.asking import ask, counts, recipe, told
from explorer.commands.report import facts, print_json


def run(asked: argparse.Namespace) -> int:
    """Report a map."""
    open_map = ask(asked.map)
    m, found = open_map.map, counts(open_map)
    if asked.json:
        print_json(found | {"folder": str(m.folder), "manifest": m.manifest})
        return 0
    manifest = m.manifest
    print(
        facts(
            [
                *told(found),
                ("data set", manifest["dataset"]),
                ("licence", manifest["licence"] or "not stated"),
                ("cite", manifest["citation"] or "not stated"),
                ("recipe", recipe(m)),
                *(("source", f"{s['file']}, {s['bytes']:,} bytes") for s in manifest["source"]["files"]),
                (
                    "made",
                    manifest["created"] + " with " + ", ".join(f"{k} {v}" for k, v in manifest["versions"].items()),
                ),
                ("folder", str(m.folder)),
            ]
        )
    )
    return 0
