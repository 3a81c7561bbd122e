"""`keyhole build`: profiles from one of the sources, a map from the profiles, and a report of what became of them."""

from __future__ import annotations

import argparse
import resource
import sys
import time
from pathlib import Path

from explorer.annotations.arms import read_arms
from explorer.annotations.relationships import read_relationships
from explorer.commands.asking import ask, counts, told
from explorer.commands.progress import ProgressLine
from explorer.commands.report import facts, print_json
from explorer.datasets.profiles import Profiles, Progress
from explorer.datasets.table_options import TableOptions
from explorer.errors import InputError
from explorer.maps.build import Provenance, Recipe, build_map
from explorer.maps.map_folder import check_root
from explorer.maps.relate_setting import parse_setting
from explorer.maps.relating import AUTO, Known
from explorer.maps.unfinished import any_kept


def run(asked: argparse.Namespace) -> int:
    """Build the map that was asked for and report it."""
    if asked.relate != AUTO:
        parse_setting(asked.relate)
    names = ("align", "aggregate", "by_guide", "seed", "relate")
    recipe = Recipe(**{name: getattr(asked, name) for name in names})
    known = Known(
        {} if asked.arms is None else read_arms(asked.arms),
        () if asked.relationships is None else read_relationships(asked.relationships),
    )
    progress = ProgressLine(silent=asked.json)

    def make() -> Path:
        profiles = load(asked, progress=progress)
        provenance = Provenance(asked.name, dataset(asked, profiles), licence=asked.licence, citation=asked.cite)
        return build_map(profiles, asked.out, recipe=recipe, provenance=provenance, known=known, progress=progress)

    build_and_report(make, root=asked.out, progress=progress, as_json=asked.json)
    return 0


def build_and_report(make: object, *, root: Path, progress: ProgressLine, as_json: bool) -> None:
    """Call `make`, which builds into `root`, and print what was built, how long it took and how much memory."""
    began = time.monotonic()
    check_root(root)
    try:
        make()
    except KeyboardInterrupt as stopped:
        if any_kept(root):
            raise KeyboardInterrupt("interrupted; the same command goes on from what is finished") from stopped
        raise
    except MemoryError as error:
        raise InputError(
            f"not enough memory for the step '{progress.stage}'; use a larger machine, or fewer rows or features"
        ) from error
    finally:
        progress.clear()
    found = counts(ask(str(root))) | {
        "folder": str(root),
        "seconds": round(time.monotonic() - began, 2),
        "peak_memory_mb": round(peak_memory() / 1e6, 1),
    }
    if as_json:
        print_json(found)
        return
    took = f"{found['seconds']:.1f} s, at most {found['peak_memory_mb']:,.0f} MB of memory"
    print(facts([*told(found), ("folder", found["folder"]), ("took", took)]))


def load(asked: argparse.Namespace, *, progress: Progress) -> Profiles:
    """The profiles of the source that was asked for; only its loader is imported."""
    if asked.source == "rxrx3":
        from explorer.datasets.rxrx3 import load_rxrx3

        return load_rxrx3(asked.folder, progress=progress)
    if asked.source == "rxrx3-core":
        from explorer.datasets.rxrx3_core import load_rxrx3_core

        return load_rxrx3_core(asked.folder, embedding=asked.embedding, progress=progress)
    if asked.source == "jump":
        from explorer.datasets.jump import load_jump

        return load_jump(asked.folder, progress=progress)
    from explorer.datasets.table import load_table

    return load_table(asked.files, options=table_options(asked), progress=progress)


def table_options(asked: argparse.Namespace) -> TableOptions:
    """What the command line says of the columns of a table."""
    repeated = {column for column, _ in asked.where if sum(c == column for c, _ in asked.where) > 1}
    if repeated:
        raise InputError(f'--where names column "{min(repeated)}" twice; a row has one value there, ask for one')
    same = ("label", "kind", "kind_all", "kind_values", "concentration", "batch", "plate", "well", "guide", "smiles")
    also = ("count", "control_col", "features", "transform", "compounds", "compounds_key", "genes", "genes_key")
    return TableOptions(
        **{name: getattr(asked, name) for name in (*same, *also)},
        where=dict(asked.where),
        controls=tuple(asked.control),
    )


def dataset(asked: argparse.Namespace, profiles: Profiles) -> str:
    """One phrase on what the data are: `RxRx3-core, HUVEC, OpenPhenom embeddings`."""
    files = [source["file"] for source in profiles.report.sources]
    if asked.source == "rxrx3":
        return f"RxRx3, HUVEC, {profiles.features.shape[1]}-dimensional embeddings"
    if asked.source == "rxrx3-core":
        stem = next(Path(file).stem for file in files if file.endswith(".parquet"))
        known = ("OpenPhenom", "Phenom-1", "Phenom-2", "Phenom1", "Phenom2")
        name = next((k for k in known if stem.lower().startswith(k.lower())), stem)
        return f"RxRx3-core, HUVEC, {name} embeddings"
    if asked.source == "jump":
        return f"JUMP Cell Painting (cpg0016), U2OS, {profiles.features.shape[1]} features"
    more = f" and {len(asked.files) - 1} more" if len(asked.files) > 1 else ""
    where = "".join(f", {column} {value}" for column, value in asked.where)
    return f"{Path(asked.files[0]).name}{more}{where}, {profiles.features.shape[1]} features"


def peak_memory() -> int:
    """Bytes of memory this process has held at most."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
