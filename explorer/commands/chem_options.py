"""Options of `keyhole chem`: what is computed from the structures of a map, once, and kept beside it."""

from __future__ import annotations

import argparse

from explorer.commands.options import common


def add_chem(commands: argparse._SubParsersAction) -> None:
    """Add `chem` and its sub-commands."""
    chem = commands.add_parser("chem", help="compute chemistry of a map's compounds once, and keep it beside the map")
    kinds = chem.add_subparsers(required=True, metavar="WHAT", title="what is computed")
    admet = kinds.add_parser(
        "admet",
        parents=[common()],
        help="predict absorption, metabolism, toxicity with ADMET-AI",
        description="Predict 41 endpoints for every structure of a map with ADMET-AI (extra `admet`), and keep them "
        "in chemistry/admet.parquet of the map's folder. A run that was interrupted goes on where it was.",
    )
    admet.set_defaults(command="chem_admet")
    admet.add_argument("map", metavar="MAP", help="folder of a map, or `demo`")
    embed = kinds.add_parser(
        "embed", parents=[common()], help="learned embeddings: MiniMol (extra `embed`), or a table that you have"
    )
    embed.set_defaults(command="chem_embed")
    embed.add_argument("map", metavar="MAP", help="folder of a map, or `demo`")
    embed.add_argument(
        "--table", metavar="FILE", help="CSV or Parquet: a column InChIKey, name or compound, and numbers; copied in"
    )
    embed.add_argument("--name", metavar="NAME", help="what to call the embeddings of --table; default its file name")
