"""Time and memory of fingerprints, atom tokens and MiniMol embeddings for 1,700 compounds.

    python benchmarks/chemistry_embed.py [--compounds N] [--smiles FILE]

The molecules are those of the demo map, each spelled at random as often as it takes; `--smiles` names a file with one
SMILES a line instead. Embeddings need the extra `embed` and `keyhole fetch minimol`, and are passed over without.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from rdkit import Chem

from explorer.annotations.registered import WEIGHTS, find_registered
from explorer.atlas import DEMO
from explorer.chemistry.fingerprints import morgan
from explorer.chemistry.minimol import MiniMol, embed_smiles
from explorer.chemistry.minimol_arrays import minimol_arrays
from explorer.chemistry.representations import vocabulary
from explorer.chemistry.structures import read_smiles
from explorer.errors import InputError
from explorer.maps.perturbation_map import open_map
from explorer.settings import read_settings


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--compounds", type=int, default=1_700)
    parser.add_argument("--smiles", type=Path)
    options = parser.parse_args()
    smiles = _given(options.smiles, options.compounds) if options.smiles else _spelled(options.compounds)
    atoms = [m.GetNumHeavyAtoms() for m in map(Chem.MolFromSmiles, smiles) if m is not None]
    print(f"{len(smiles):,} SMILES, {sum(atoms) / len(atoms):.1f} heavy atoms on average, {max(atoms)} at most")
    print(f"{'stage':34}{'wall, s':>9}{'CPU, s':>9}{'ms each':>9}{'peak MB':>9}")
    _timed("read, Morgan bits", lambda: morgan(smiles), n=len(smiles))
    _timed("atom tokens of all", lambda: vocabulary(smiles), n=len(smiles))
    _timed("six arrays of MiniMol", lambda: [minimol_arrays(read_smiles(s)) for s in smiles], n=len(smiles))
    try:
        [source] = find_registered(read_settings().annotations).of_kind("model")
        models: list[MiniMol] = []
        _timed("load the model", lambda: models.append(MiniMol(source.read(WEIGHTS))), n=1)
    except (ValueError, InputError) as error:
        print(f"embeddings not measured: {error}")
        return 0
    _timed("embeddings, arrays included", lambda: list(embed_smiles(models[0], smiles)), n=len(smiles))
    return 0


def _timed(what: str, work: Callable[[], object], *, n: int) -> None:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    print(f"{what:34}{wall:9.2f}{cpu:9.2f}{1e3 * cpu / n:9.2f}{peak:9.0f}", flush=True)


def _given(file: Path, most: int) -> list[str]:
    lines = [line.split()[0] for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [s for s in lines if read_smiles.__wrapped__(s) is not None][:most]


def _spelled(n: int) -> list[str]:
    """Distinct spellings, so that nothing is read from a cache."""
    entities = open_map(DEMO).entities
    molecules = [Chem.MolFromSmiles(s) for s in entities.loc[entities["inchikey"].notna(), "smiles"]]
    each = -(-n // len(molecules))
    spelled = [Chem.MolToRandomSmilesVect(m, each, randomSeed=i) for i, m in enumerate(molecules)]
    return [s[k] for k in range(each) for s in spelled][:n]


if __name__ == "__main__":
    sys.exit(main())
