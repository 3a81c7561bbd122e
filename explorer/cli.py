"""The command line: which commands there are, and how each of them ends.

Nothing heavy is imported here; a command is a module of `explorer.commands` with `run(asked) -> exit code`. Whatever
goes wrong leaves as one sentence on stderr (or one JSON document on stdout with `--json`) and a documented exit code.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import json
import os
import sys
import traceback
from collections.abc import Sequence

from explorer.commands.build_options import add_build
from explorer.commands.chem_options import add_chem
from explorer.commands.fetch_options import add_fetch
from explorer.commands.options import Parser, checked, common, shared_port
from explorer.errors import KeyholeError, UnknownEntity
from explorer.settings import VARIABLES

UNEXPECTED, INPUT, INTERRUPTED = 1, 2, 130

EXIT_CODES = """exit codes:
  0    done
  1    something unexpected; --debug shows the traceback
  2    a file, column, option or value that cannot be used
  3    a map that is missing, damaged, or from a newer Keyhole
  4    a gene or compound that is not on the map
  130  interrupted; nothing is left half-written, and a build goes on from what it has finished
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run `keyhole` with arguments, those of the process by default, and return its exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        asked = parser().parse_args(arguments)
        code = importlib.import_module(f"explorer.commands.{asked.command}").run(asked)
        sys.stdout.flush()
        return code
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BrokenPipeError:
        with contextlib.suppress(OSError):  # what is still buffered has no reader either
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except BaseException as error:
        return _failed(error, as_json="--json" in arguments, debug="--debug" in arguments)


def serve(argv: Sequence[str] | None = None) -> int:
    """`keyhole serve` with what the environment says, which is what `python app.py` does."""
    return main(["serve", *(argv or [])])


def parser() -> Parser:
    """The parser of `keyhole`; `command` is the module that runs."""
    top = Parser(
        prog="keyhole",
        description="Explore phenomics maps: build one from profiles, check it, ask it, serve it.",
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = top.add_subparsers(required=True, metavar="COMMAND", title="commands")
    add_build(commands)

    info = commands.add_parser("info", parents=[common()], help="what is in a map and where it comes from")
    info.set_defaults(command="info")
    check = commands.add_parser("check", parents=[common()], help="verify a map, and measure how good it is")
    check.set_defaults(command="check")
    check.add_argument(
        "--relationships",
        metavar="PATH",
        help="known relationships to recall: a folder, the efaar-benchmarking wheel, an edge list",
    )
    near = commands.add_parser(
        "neighbours", parents=[common()], help="what is most like, or unlike, a gene or compound"
    )
    near.set_defaults(command="neighbours")
    for one in (info, check, near):
        one.add_argument("map", metavar="MAP", help="folder of a map, or `demo`")
    near.add_argument(
        "entity", metavar="ENTITY", help="name, other name or id of a gene or compound; `bortezomib@0.025` for 0.025 uM"
    )
    near.add_argument("--kind", choices=("gene", "compound"), help="what to list; default gene, where the map has any")
    near.add_argument("--opposite", action="store_true", help="list the most opposite instead of the most similar")
    near.add_argument("-k", type=checked(int, 1, 100_000), default=10, metavar="N", help="how many; default 10")
    near.add_argument(
        "--concentration", type=checked(float, 0, 1e9), metavar="UM", help="of the compound asked about, uM"
    )

    add_fetch(commands)
    add_chem(commands)

    demo = commands.add_parser("demo", parents=[common()], help="rebuild the simulated demo map")
    demo.add_argument("--out", metavar="DIR", help="map folder; default the one that comes with Keyhole")
    demo.add_argument(
        "--relationships",
        metavar="WHEEL",
        help="write what is known beside the map anew, from the efaar-benchmarking wheel: open sources only",
    )
    demo.set_defaults(command="demo")

    assets = commands.add_parser(
        "assets", parents=[common()], help="fetch the structure editor, and plotly without eval to draw points by WebGL"
    )
    assets.add_argument("--out", metavar="DIR", help="folder; default the one that the app serves")
    assets.set_defaults(command="assets")

    variables = "\n".join(f"  {name:<20} {meaning}; default {default}" for name, default, meaning in VARIABLES)
    serving = commands.add_parser(
        "serve",
        parents=[common(json=False)],
        help="serve maps as a web app",
        epilog=f"settings from the environment, where no argument is given:\n{variables}\n",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    serving.set_defaults(command="serve")
    serving.add_argument("maps", metavar="MAP", nargs="*", help="folders of maps, or `demo`; the first is shown first")
    serving.add_argument("--host", help="address to serve on; default 127.0.0.1, this machine only")
    serving.add_argument("--port", type=shared_port, help="port to serve on; default 8050")
    serving.add_argument("--workers", type=checked(int, 1, 64), default=2, metavar="N", help="processes; default 2")
    serving.add_argument(
        "--threads", type=checked(int, 1, 64), default=4, metavar="N", help="threads a process; default 4"
    )
    serving.add_argument(
        "--behind-proxy", action="store_true", help="allow another address than this machine's own, behind a proxy"
    )
    return top


def _failed(error: BaseException, *, as_json: bool, debug: bool) -> int:
    """Say in one line what went wrong, and return the exit code."""
    if debug:
        traceback.print_exception(error)
    message, code = _explained(error)
    message = "".join(c if c.isprintable() else " " for c in message)
    if as_json:
        closest = [list(pair) for pair in error.closest] if isinstance(error, UnknownEntity) else None
        told = {"error": message, "exit_code": code} | ({"closest": closest} if closest is not None else {})
        print(json.dumps(told, ensure_ascii=False))
    else:
        print(f"keyhole: {message}", file=sys.stderr)
    return code


def _explained(error: BaseException) -> tuple[str, int]:
    if isinstance(error, UnknownEntity):
        closest = ", ".join(label for _, label in error.closest)
        return f"{error}{f'; closest: {closest}' if closest else ''}", error.exit_code
    if isinstance(error, KeyholeError):
        return str(error), error.exit_code
    if isinstance(error, KeyboardInterrupt):
        return str(error) or "interrupted; nothing was left half-written", INTERRUPTED
    if isinstance(error, MemoryError):
        return "not enough memory; use a larger machine, or a smaller map", INPUT
    if isinstance(error, OSError) and error.strerror:
        where = f"{error.filename}: " if error.filename is not None else ""
        return f"{where}{error.strerror}; check the path, its permissions and the free space", INPUT
    what = " ".join(f"{type(error).__name__}: {error}".split())[:300]
    return f"this should not have happened ({what}); run with --debug for the traceback", UNEXPECTED
