"""Which build it is: a digest of all that its numbers depend on, by which the parts of an interrupted one are known."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pandas as pd

import explorer
from explorer.datasets.profiles import Profiles
from explorer.maps.recipe import Recipe, versions
from explorer.maps.relating import Known

_ROWS = 8_192


def key_of(profiles: Profiles, recipe: Recipe, known: Known) -> str:
    """Digest of everything that the parts of a build depend on: data, recipe, known biology, program and libraries."""
    digest = hashlib.blake2b(digest_size=20)
    features = profiles.features
    about = [asdict(recipe), features.shape, str(features.dtype), versions(), sorted(known.arms.items())]
    about.append([(source.name, len(source.pairs)) for source in known.relationships])
    digest.update(json.dumps(about, sort_keys=True).encode())
    for start in range(0, len(features), _ROWS):
        digest.update(np.ascontiguousarray(features[start : start + _ROWS]))
    for frame in (profiles.metadata, profiles.entities, *(source.pairs[["a", "b"]] for source in known.relationships)):
        digest.update(json.dumps([str(c) for c in frame.columns]).encode())
        digest.update(pd.util.hash_pandas_object(frame, index=False).to_numpy())
    program = Path(explorer.__file__).parent
    for file in sorted(program.rglob("*.py")):
        digest.update(f"\n{file.relative_to(program)}\n".encode() + file.read_bytes())
    return digest.hexdigest()
