"""Options of `keyhole build`, one subcommand a kind of source."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

from explorer.commands.options import Parser, checked, common, kind_values, pair

#: As in `explorer.maps.alignment` and `aggregation`, which are not imported here because they are slow to load.
ALIGNMENTS = ("centerscale", "centerscale-shrunk", "robust", "pca-cs", "pca-cs-shrunk", "tvn", "none")
AGGREGATIONS = ("mean", "median")

RECURSION_LICENCE = "Recursion non-commercial EULA; never redistribute"


@dataclass(frozen=True)
class Source:
    """What a build command assumes of a published data set."""

    name: str
    align: str
    licence: str
    citation: str
    help: str


SOURCES = {
    "rxrx3": Source(
        "RxRx3", "tvn", RECURSION_LICENCE, "doi:10.1101/2023.02.07.527350", "RxRx3: metadata and embeddings.tar"
    ),
    "rxrx3-core": Source(
        "RxRx3-core",
        "pca-cs",
        RECURSION_LICENCE,
        "doi:10.48550/arXiv.2503.20158",
        "RxRx3-core: metadata and OpenPhenom or Phenom embeddings",
    ),
    "jump": Source(
        "JUMP-CP", "none", "CC0", "doi:10.1101/2023.03.23.534023", "JUMP Cell Painting: metadata/ and profiles"
    ),
}


def add_build(commands: argparse._SubParsersAction) -> None:
    """Add `build` with a subcommand for each source."""
    build = commands.add_parser(
        "build",
        help="build a map from profiles",
        description="Build a map from profiles. A build that was interrupted goes on from what it has finished when it "
        "is started again with the same data and options.",
    )
    build.set_defaults(command="build")
    sources = build.add_subparsers(required=True, metavar="SOURCE", dest="source", title="sources")
    for key, source in SOURCES.items():
        one = sources.add_parser(key, parents=[common()], help=source.help)
        one.add_argument("folder", metavar="DIR", type=Path, help="folder with the files of the data set")
        if key == "rxrx3-core":
            one.add_argument("--embedding", metavar="NAME", help="which Parquet file, where there are several")
        _add_recipe(one, align=source.align, name=source.name, licence=source.licence, cite=source.citation)
    table = sources.add_parser(
        "table",
        parents=[common()],
        help="any table of profiles, or of vectors already aggregated: Parquet, CSV, TSV or .h5ad",
    )
    _add_table(table)
    _add_recipe(table, align="none")


def _add_recipe(one: Parser, *, align: str, name: str | None = None, licence: str = "", cite: str = "") -> None:
    one.add_argument("--out", metavar="MAP", type=Path, required=True, help="folder of the map")
    default = f"default {name}" if name else "shown with the map"
    one.add_argument("--name", default=name, required=name is None, type=_named, help=f"name of the map; {default}")
    one.add_argument("--align", choices=(*ALIGNMENTS, "auto"), default=align, help=f"default {align}")
    one.add_argument("--aggregate", choices=AGGREGATIONS, default="mean", help="default mean")
    one.add_argument("--by-guide", action="store_true", help="aggregate the wells of a guide first, then the guides")
    one.add_argument(
        "--relate",
        default="cosine",
        metavar="TEXT",
        help="cosine (default), auto, or steps: arms:20,whitening:0.25,centred",
    )
    one.add_argument("--arms", metavar="FILE", type=Path, help="table of gene symbols and chromosome arms or bands")
    one.add_argument(
        "--relationships",
        metavar="PATH",
        type=Path,
        help="known relationships that --relate auto chooses by: a folder, the efaar-benchmarking wheel, an edge list",
    )
    one.add_argument("--seed", type=checked(int, 0, 2**32 - 1), default=0, metavar="N", help="default 0")
    one.add_argument("--licence", default=licence, metavar="TEXT", help="licence of the data, shown with the map")
    one.add_argument("--cite", default=cite, metavar="TEXT", help="what to cite for the data")


def _add_table(table: Parser) -> None:
    table.add_argument("files", metavar="FILE", nargs="+", type=Path, help="tables with the same features")
    rows = table.add_argument_group("what a row is")
    rows.add_argument("--label", required=True, metavar="COL", help="gene symbol or compound name")
    rows.add_argument("--kind", metavar="COL", help="tells genes from compounds")
    rows.add_argument("--kind-all", choices=("gene", "compound"), help="every row that is no control is one")
    rows.add_argument(
        "--kind-values", type=kind_values, metavar="K=V,...", help="gene=crispr,compound=compound; others are left out"
    )
    rows.add_argument(
        "--where", type=pair, action="append", default=[], metavar="COL=VALUE", help="read only these rows; repeatable"
    )
    rows.add_argument("--control-col", metavar="COL", help="where --control is looked for; default the --label column")
    rows.add_argument(
        "--control", action="append", default=[], metavar="VALUE", help="value that makes a row a control; repeatable"
    )
    columns = table.add_argument_group("columns")
    for option, meaning in (
        ("concentration", "uM"),
        ("batch", "alignment is fitted within each of its values"),
        ("plate", "plate"),
        ("well", "well"),
        ("guide", "guide of a knockout"),
        ("smiles", "structure"),
        ("count", "number of cells"),
    ):
        columns.add_argument(f"--{option}", metavar="COL", help=meaning)
    columns.add_argument(
        "--features", metavar="REGEX", help="feature columns; default every other number not named Metadata..."
    )
    columns.add_argument("--transform", choices=("log",), help="natural logarithm of the features, clipped at 1e-4")
    about = table.add_argument_group("tables about the compounds and genes")
    for kind in ("compounds", "genes"):
        about.add_argument(f"--{kind}", type=Path, metavar="FILE", help=f"table about the {kind}")
        about.add_argument(f"--{kind}-key", metavar="COL", help="its column with the labels")


def _named(text: str) -> str:
    """A name of a map: something to read, on one line, and not too long to show."""
    if not text.strip() or not text.isprintable() or len(text) > 100:
        raise argparse.ArgumentTypeError("a name has 1 to 100 printable characters")
    return text.strip()
