"""Time and peak memory of a map build at the full size of RxRx3-core, beside the physical limit of reading its file.

    python benchmarks/core_size.py [--folder FOLDER] [--row-group N] [--dimensions N] [--align METHOD] [--kill-at STAGE]

Every step runs in a child process of its own, started from a parent that imports nothing large: Linux counts what the
parent held at the start as the child's own peak.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
#: Peak memory of a build over the bytes of the float32 features: what is promised, and what is aimed at.
PROMISED, AIMED = 2.5, 2.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--folder", type=Path, help="where the simulated files are kept (default: a temporary folder)")
    parser.add_argument("--row-group", type=int, default=16_384, help="rows in a row group of the Parquet file")
    parser.add_argument("--dimensions", type=int, default=384, help="of the embedding; 1664 is that of Phenom-2")
    parser.add_argument("--align", default="pca-cs")
    parser.add_argument("--kill-at", metavar="STAGE", help="kill a first build where it comes to this stage")
    parser.add_argument("--map", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--step", choices=list(STEPS), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step:
        print(json.dumps(STEPS[options.step](options)))
        return 0
    with tempfile.TemporaryDirectory() as temporary:
        options.folder = options.folder or Path(temporary)
        options.folder.mkdir(parents=True, exist_ok=True)
        if not (options.folder / "metadata_rxrx3_core.csv").exists():
            _child("write", options)
        limit, options.map = _child("limit", options), Path(temporary) / "map"
        if options.kill_at:
            _child("build", options, killed=True)
            options.kill_at = None
        build = _child("build", options)
    ratio = build["peak"] / limit["bytes"]
    print(f"float32 features  {limit['bytes'] / 1e6:8,.0f} MB")
    print(
        f"physical limit    {limit['peak'] / 1e6:8,.0f} MB  {limit['seconds']:6.1f} s   (read into one array, one pass)"
    )
    print(f"build             {build['peak'] / 1e6:8,.0f} MB  {build['seconds']:6.1f} s   ({options.align})")
    print("  of which, with the peak so far")
    for stage, (seconds, peak) in build["stages"].items():
        print(f"  {stage:24} {peak / 1e6:8,.0f} MB  {seconds:6.1f} s")
    verdict = "as aimed at" if ratio <= AIMED else "as promised" if ratio <= PROMISED else "MORE THAN PROMISED"
    print(f"peak / features   {ratio:8.2f}      {verdict} (promised {PROMISED}, aim {AIMED})")
    print(f"build / limit     {build['seconds'] / limit['seconds']:8.1f}      in time")
    return int(ratio > PROMISED)


def _child(step: str, options: argparse.Namespace, *, killed: bool = False) -> dict:
    """Run one step in a process of its own; what it prints, with its peak memory (bytes) and its time from start."""
    command = [sys.executable, __file__, "--step", step, "--folder", str(options.folder)]
    command += ["--row-group", str(options.row_group), "--align", options.align]
    command += ["--dimensions", str(options.dimensions), "--map", str(options.map)]
    command += ["--kill-at", options.kill_at] if options.kill_at else []
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(ROOT)}, text=True)
    said = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if killed and process.returncode == -signal.SIGKILL:
        return {}
    if process.returncode or killed:
        raise SystemExit(f"the step '{step}' failed, or was not killed")
    return {**json.loads(said), "peak": usage.ru_maxrss * 1024, "seconds": time.perf_counter() - began}


def _write(options: argparse.Namespace) -> dict:
    from core_files import write_core

    write_core(options.folder, row_group=options.row_group, dimensions=options.dimensions)
    return {}


def _limit(options: argparse.Namespace) -> dict:
    """What no build can do without: read the file into one float32 array and look at every number once."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    pa.set_memory_pool(pa.system_memory_pool())
    with pq.ParquetFile(next(options.folder.glob("*.parquet"))) as file:
        names = [name for name in file.schema_arrow.names if name.startswith("feature_")]
        features = np.empty((file.metadata.num_rows, len(names)), dtype=np.float32)
        for first in range(0, len(names), 16):  # a reader holds a page of every column it is at
            row = 0
            for batch in file.iter_batches(8192, columns=names[first : first + 16]):
                for i, column in enumerate(batch.columns, first):
                    features[row : row + len(batch), i] = column
                row += len(batch)
    return {"bytes": features.nbytes, "sum": float(features.sum(dtype=np.float64))}


def _build(options: argparse.Namespace) -> dict:
    from explorer.datasets.profiles import REMARK
    from explorer.datasets.rxrx3_core import load_rxrx3_core
    from explorer.maps.build import Provenance, Recipe, build_map

    stages: dict[str, list[float]] = {}
    clock = [time.perf_counter(), "opening"]

    def close(following: str) -> None:
        now = time.perf_counter()
        stages[clock[1]] = [stages.get(clock[1], (0.0,))[0] + now - clock[0], _peak()]
        clock[:] = now, following

    def progress(stage: str, done: int, total: int | None) -> None:
        if total == REMARK:
            print(stage, file=sys.stderr)
        elif stage == options.kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
        elif stage != clock[1]:
            close(stage)

    profiles = load_rxrx3_core(options.folder, progress=progress)
    build_map(
        profiles,
        options.map,
        recipe=Recipe(align=options.align),
        provenance=Provenance(name="core size", dataset="simulated", simulated=True),
        progress=progress,
    )
    close("")
    return {"stages": stages}


def _peak() -> int:
    """Peak resident bytes of this process since its start."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


STEPS = {"write": _write, "limit": _limit, "build": _build}

if __name__ == "__main__":
    sys.exit(main())
