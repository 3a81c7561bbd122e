"""A molecule as the arrays that MiniMol reads: atoms, bonds, and where each atom stands in the graph.

Written from the published definition (Kläser et al. 2024, arXiv:2404.14986) so that numpy, scipy and RDKit are all it
needs; the package of the weights builds the same numbers with 2 GB of torch.

The basis of degenerate Laplacian eigenvectors is the choice of the linear-algebra library: separate parts, such as
salts, move an embedding by up to 0.02 between machines. Embeddings are therefore made once and kept with the map.
"""

from __future__ import annotations

import bisect

import numpy as np
from rdkit import Chem
from rdkit.Chem import BondStereo, BondType

#: The learned numbers of an element, its bond and its stereo stand at these places; whatever else is the last.
ELEMENTS = (
    *("C", "N", "O", "S", "F", "Si", "P", "Cl", "Br", "Mg", "Na", "Ca", "Fe", "As", "Al", "I", "B", "V", "K", "Tl"),
    *("Yb", "Sb", "Sn", "Ag", "Pd", "Co", "Se", "Ti", "Zn", "H", "Li", "Ge", "Cu", "Au", "Ni", "Cd", "In", "Mn"),
    *("Zr", "Cr", "Pt", "Hg", "Pb"),
)
_BONDS = (BondType.SINGLE, BondType.DOUBLE, BondType.TRIPLE, BondType.AROMATIC)
_STEREO = (
    BondStereo.STEREONONE,
    BondStereo.STEREOANY,
    BondStereo.STEREOZ,
    BondStereo.STEREOE,
    BondStereo.STEREOCIS,
    BondStereo.STEREOTRANS,
)
_NOBLE = (0, 2, 10, 18, 36, 54, 86, 118)
_F_BLOCK = 19
_EIGENVECTORS, _STEPS = 8, 16


def minimol_arrays(molecule: Chem.Mol) -> dict[str, np.ndarray]:
    """The six arrays of one molecule, atoms in canonical order, hydrogens left out.

    Returns
    -------
    dict
        `feat` (atoms, 85), `edge_feat` (2 x bonds, 13), `edge_index` (2, 2 x bonds), `laplacian_eigvec` and
        `laplacian_eigval` (atoms, 8), `rw_return_probs` (atoms, 16); float32 rounded to half precision, as the model
        was trained on, but for the int64 indices.

    Raises
    ------
    ValueError
        Where an atom is no element, such as a dummy atom.
    """
    order = np.argsort(Chem.CanonicalRankAtoms(molecule, breakTies=True), kind="stable")
    molecule = Chem.RemoveHs(Chem.RenumberAtoms(molecule, order.tolist()))
    atoms, bonds = list(molecule.GetAtoms()), list(molecule.GetBonds())
    if any(not a.GetAtomicNum() for a in atoms):
        raise ValueError("it has an atom that is no element")
    pairs = np.array([(b.GetBeginAtomIdx(), b.GetEndAtomIdx()) for b in bonds], dtype=np.int64).reshape(-1, 2)
    adjacency = np.zeros((len(atoms), len(atoms)))
    adjacency[pairs[:, 0], pairs[:, 1]] = adjacency[pairs[:, 1], pairs[:, 0]] = 1
    values, vectors = _laplacian(adjacency, Chem.GetMolFrags(molecule))
    arrays = {
        "feat": np.array([_atom(a) for a in atoms]),
        "edge_feat": np.array([_bond(b) for b in bonds]).reshape(-1, 13).repeat(2, axis=0),
        "laplacian_eigvec": vectors,
        "laplacian_eigval": values,
        "rw_return_probs": _returns(adjacency),
    }
    halved = {name: a.astype(np.float32).astype(np.float16).astype(np.float32) for name, a in arrays.items()}
    return halved | {"edge_index": np.stack([pairs, pairs[:, ::-1]], axis=1).reshape(-1, 2).T}


def _atom(atom: Chem.Atom) -> list[float]:
    number = atom.GetAtomicNum()
    period = bisect.bisect_left(_NOBLE, number)
    return [
        atom.GetTotalDegree() - 2,
        atom.GetFormalCharge(),
        atom.GetNumRadicalElectrons(),
        atom.GetIsAromatic(),
        atom.IsInRing(),
        *_one_hot(atom.GetSymbol(), ELEMENTS),
        *_one_hot(_group(number, period), range(1, _F_BLOCK + 1)),
        *_one_hot(period, range(1, 8)),
        *_one_hot(atom.GetTotalValence(), range(7)),
    ]


def _bond(bond: Chem.Bond) -> list[float]:
    return [*_one_hot(bond.GetBondType(), _BONDS), *_one_hot(bond.GetStereo(), _STEREO), bond.IsInRing()]


def _one_hot(value: object, places: object) -> list[bool]:
    found = [value == place for place in places]
    return [*found, not any(found)]


def _group(number: int, period: int) -> int:
    """Group of the periodic table; lanthanides and actinides but for the first have none and count as 19."""
    place, last = number - _NOBLE[period - 1], _NOBLE[period] - number
    if place > 3 and last > 14:
        return _F_BLOCK
    return place if place < 3 or (place == 3 and period > 3) else 18 - last


def _laplacian(adjacency: np.ndarray, parts: tuple[tuple[int, ...], ...]) -> tuple[np.ndarray, np.ndarray]:
    """The lowest eight eigenvalues and unit eigenvectors of each part; what a small part lacks is 0."""
    from scipy.linalg import eig  # 50 MB, which pages can do without

    laplacian = np.diag(adjacency.sum(axis=1)) - adjacency
    values, vectors = np.zeros((2, len(adjacency), _EIGENVECTORS))
    for part in map(list, parts):
        w, v = eig(laplacian[np.ix_(part, part)])
        low = w.argsort()[:_EIGENVECTORS]
        v = v[:, low] / np.maximum(np.sqrt((v[:, low] ** 2).sum(axis=0)), 1e-4)
        values[part, : len(low)] = w[low].real
        vectors[part, : len(low)] = v.real
    return values, vectors


def _returns(adjacency: np.ndarray) -> np.ndarray:
    """Chance that a random walk is back where it began, after 1 to 16 steps."""
    if len(adjacency) == 1:
        return np.ones((1, _STEPS))
    degree = adjacency.sum(axis=1, keepdims=True)
    step = np.divide(adjacency, degree, out=np.zeros_like(adjacency), where=degree > 0).astype(np.float32)
    powers = [step]
    for _ in range(_STEPS - 1):
        powers.append(powers[-1] @ step)
    return np.stack([np.diagonal(p) for p in powers], axis=1)
