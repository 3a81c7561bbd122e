"""Options of `keyhole fetch`."""

from __future__ import annotations

import argparse
from pathlib import Path

from explorer.commands.options import common

_EPILOG = """examples:
  keyhole fetch relationships                 HuMAP, StringDB and Reactome pairs, through the package client
  keyhole fetch relationships --non-commercial  CORUM, its complexes, and SIGNOR too
  keyhole fetch go --file go-basic.obo --file goa_human.gaf.gz    from local copies
  keyhole fetch --remove corum
"""


def add_fetch(commands: argparse._SubParsersAction) -> None:
    """Add `fetch`."""
    fetch = commands.add_parser(
        "fetch",
        parents=[common()],
        help="bring known biology: relationships, pathways, GO terms, gene names; and MiniMol's weights",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    fetch.set_defaults(command="fetch")
    fetch.add_argument("source", metavar="SOURCE", nargs="?", help="relationships, reactome, go, genes or minimol")
    fetch.add_argument(
        "--non-commercial", action="store_true", help="register also what is licensed for non-commercial use only"
    )
    fetch.add_argument(
        "--file",
        metavar="PATH",
        type=Path,
        action="append",
        default=[],
        help="a local copy, not downloaded; repeatable",
    )
    fetch.add_argument("--url", action="append", default=[], help="another address, such as a mirror; repeatable")
    other = fetch.add_mutually_exclusive_group()
    other.add_argument("--list", action="store_true", help="what is registered, and what can be fetched")
    other.add_argument("--remove", metavar="NAME", help="remove one source that is registered")
