"""Time and memory of ADMET-AI on many structures, on one thread, beside the package's own `predict`.

    python benchmarks/chemistry_admet.py STRUCTURES.csv [MORE.csv.gz ...] [--n 1700] [--package]

Structures are what the columns whose name ends in SMILES hold, each once, repeated up to `--n`. Each run is a child
process.
Needs the extra `admet`; `--package` also times `ADMETModel.predict` without its table of drugs.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd

from explorer.chemistry.admet import load_forward, predict
from explorer.chemistry.admet_run import PART
from explorer.chemistry.approved_drugs import approved_fingerprints, nearest
from explorer.chemistry.structures import inchikey


def main() -> None:
    """Read the structures once, then measure each way in a process of its own."""
    asked = argparse.ArgumentParser()
    asked.add_argument("files", nargs="+", type=Path)
    asked.add_argument("--n", type=int, default=1700)
    asked.add_argument("--package", action="store_true")
    asked.add_argument("--child", choices=("direct", "package"))
    given = asked.parse_args()
    if given.child:
        print(json.dumps(measured(json.loads(given.files[0].read_text()), given.child)))
        return
    unique = structures(given.files)
    repeated = (unique * (given.n // len(unique) + 1))[: given.n]
    print(f"{len(unique):,} different structures, {len(repeated):,} asked for")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "smiles.json"
        file.write_text(json.dumps(repeated))
        for way in ("direct", *(["package"] if given.package else [])):
            command = [sys.executable, "-W", "ignore", __file__, str(file), "--child", way]
            done = subprocess.run(command, capture_output=True, text=True, check=True, env=one_thread())
            print(way, done.stdout.strip().splitlines()[-1])


def structures(files: list[Path]) -> list[str]:
    """SMILES of the files, each structure once (by InChIKey), in the order they come."""
    found: dict[str, str] = {}
    for file in files:
        separator = "\t" if ".tsv" in file.name else ","
        table = pd.read_csv(
            file, sep=separator, dtype=str, usecols=lambda c: c.lower().endswith(("smiles", "smiles_r"))
        )
        for column in table.columns:
            for smiles in table[column].dropna().unique():
                if key := inchikey(smiles):
                    found.setdefault(key, smiles)
    return list(found.values())


def measured(smiles: list[str], way: str) -> dict:
    """Seconds to load and to predict, processor seconds of predicting, and peak memory."""
    began = time.monotonic()
    ask = direct() if way == "direct" else package()
    loaded, cpu = time.monotonic(), time.process_time()
    refused = ask(smiles)
    return {
        "load_s": round(loaded - began, 1),
        "wall_s": round(time.monotonic() - loaded, 1),
        "cpu_s": round(time.process_time() - cpu, 1),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "refused": refused,
        "load_average": round(os.getloadavg()[0], 1),
    }


def direct():
    """As `keyhole chem admet` asks: in parts, with the nearest drug."""
    forward, drugs = load_forward(), approved_fingerprints()

    def ask(smiles: list[str]) -> int:
        refused = 0
        for start in range(0, len(smiles), PART):
            part = smiles[start : start + PART]
            refused += int((predict(part, forward)["refused"] != "").sum())
            nearest(part, drugs)
        return refused

    return ask


def package():
    """The package's own way, without physicochemical columns and percentiles."""
    import torch
    from admet_ai import ADMETModel

    torch.set_num_threads(1)
    model = ADMETModel(drugbank_path=None, include_physchem=False, num_workers=0)

    def ask(smiles: list[str]) -> int:
        with contextlib.redirect_stdout(sys.stderr):
            return len(smiles) - len(model.predict(smiles))

    return ask


def one_thread() -> dict:
    """The environment with one thread for every library."""
    return os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": os.getcwd()}


if __name__ == "__main__":
    main()
