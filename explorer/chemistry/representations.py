"""One molecule written in several ways: as text, as bits of a fingerprint, and as a graph of atoms with their names.

The atom names are the Morgan invariants of radius 0, which is what MolE reads (Méndez-Lucio et al. 2024,
doi:10.1038/s41467-024-53751-y), together with the number of bonds between each two atoms.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from rdkit import Chem
from rdkit.Chem import rdFingerprintGenerator

from explorer.chemistry.drawing import svg_of
from explorer.chemistry.fingerprints import BITS, RADIUS
from explorer.chemistry.structures import MAX_ATOMS, read_smiles

_BITS = rdFingerprintGenerator.GetMorganGenerator(radius=RADIUS, fpSize=BITS)
_TOKENS = rdFingerprintGenerator.GetMorganGenerator(radius=0, includeRedundantEnvironments=True)


@dataclass(frozen=True)
class Bit:
    """A set bit of the fingerprint: its number, and the places in the molecule that set it.

    Attributes
    ----------
    number : int
    radius : int
        Bonds around the central atom that were looked at.
    centres : tuple of int
        Central atoms.
    atoms : tuple of int
        All atoms of these places.
    fragment : str
        One such place as SMILES.
    """

    number: int
    radius: int
    centres: tuple[int, ...]
    atoms: tuple[int, ...]
    fragment: str


def written(smiles: str, *, seeds: Sequence[int] = (1, 2, 3, 4)) -> list[tuple[str, str]]:
    """The same molecule as text: how it is written, and the text; each text once, none where it cannot be read."""
    molecule = read_smiles(smiles)
    if molecule is None:
        return []
    flat = Chem.Mol(molecule)
    Chem.RemoveStereochemistry(flat)
    ways = [("canonical", Chem.MolToSmiles(molecule)), ("without stereo", Chem.MolToSmiles(flat))]
    ways.append(("Kekulé", _kekulized(molecule)))
    ways += [(f"at random, seed {s}", Chem.MolToRandomSmilesVect(molecule, 1, randomSeed=s)[0]) for s in seeds]
    ways += [("InChI", Chem.MolToInchi(molecule)), ("InChIKey", Chem.MolToInchiKey(molecule))]
    seen: dict[str, str] = {}
    for way, text in ways:
        if text:
            seen.setdefault(text, way)
    return [(way, text) for text, way in seen.items()]


def bits(smiles: str) -> list[Bit]:
    """The set bits of the Morgan fingerprint, radius 2, widest first; empty where it cannot be read.

    Several places, even unlike ones, may set the same bit (a collision, as 2,048 are few); the widest gives the radius.
    """
    molecule = read_smiles(smiles)
    if molecule is None:
        return []
    told = rdFingerprintGenerator.AdditionalOutput()
    told.AllocateBitInfoMap()
    _BITS.GetFingerprint(molecule, additionalOutput=told)
    found = []
    for number, places in told.GetBitInfoMap().items():
        radius = max(r for _, r in places)
        centres = tuple(sorted(a for a, r in places if r == radius))
        atoms = sorted({x for centre in centres for x in _around(molecule, centre, radius)})
        one = sorted(_around(molecule, centres[0], radius))
        fragment = Chem.MolFragmentToSmiles(molecule, one, rootedAtAtom=centres[0])
        found.append(Bit(number, radius, centres, tuple(atoms), fragment))
    return sorted(found, key=lambda b: (-b.radius, b.number))


def tokens(smiles: str) -> list[tuple[int, str]]:
    """The token of each atom: its Morgan invariant of radius 0, and that in words; empty where it cannot be read."""
    molecule = read_smiles(smiles)
    if molecule is None:
        return []
    told = rdFingerprintGenerator.AdditionalOutput()
    told.AllocateAtomToBits()
    _TOKENS.GetSparseCountFingerprint(molecule, additionalOutput=told)
    return [(int(b[0]), _in_words(a)) for a, b in zip(molecule.GetAtoms(), told.GetAtomToBits(), strict=True)]


def vocabulary(smiles: Sequence[str]) -> list[tuple[int, str, int]]:
    """Every token of these structures: invariant, in words, and in how many structures it is; the commonest first."""
    texts: dict[int, str] = {}
    count: Counter[int] = Counter()
    for one in smiles:
        here = dict(tokens(one))
        texts = here | texts
        count.update(here.keys())
    return [(token, texts[token], n) for token, n in sorted(count.items(), key=lambda item: (-item[1], item[0]))]


def distances(smiles: str) -> np.ndarray | None:
    """Bonds on the shortest way between each two atoms, shape (atoms, atoms); NaN between separate parts.

    None where the structure cannot be read.
    """
    molecule = read_smiles(smiles)
    if molecule is None:
        return None
    found = np.array(Chem.GetDistanceMatrix(molecule))
    return np.where(found < 1e6, found, np.nan)


def atom_names(smiles: str) -> list[str]:
    """Element and number of each atom, counted from 1 as they stand in the structure: `C1`, `N2`."""
    molecule = read_smiles(smiles)
    return [] if molecule is None else [f"{a.GetSymbol()}{a.GetIdx() + 1}" for a in molecule.GetAtoms()]


def draw_tokens(smiles: str, *, width: int, height: int, dark: bool) -> str | None:
    """The structure with a ground of its own under the atoms of each token, numbered as `token_numbers` does."""
    molecule = read_smiles(smiles)
    if molecule is None or molecule.GetNumHeavyAtoms() > MAX_ATOMS:
        return None
    noted = Chem.Mol(molecule)
    numbers = token_numbers(smiles)
    for atom, number in zip(noted.GetAtoms(), numbers, strict=True):
        atom.SetProp("atomNote", str(number))
    grounds = {i: token_ground(number, dark=dark) for i, number in enumerate(numbers)}
    return svg_of(noted, width=width, height=height, dark=dark, grounds=grounds)


def token_numbers(smiles: str) -> list[int]:
    """Number of each atom's token within the molecule, from 1, the commonest first."""
    found = [token for token, _ in tokens(smiles)]
    count = Counter(found)
    order = {token: i for i, token in enumerate(sorted(count, key=lambda t: (-count[t], found.index(t))), start=1)}
    return [order[token] for token in found]


def token_ground(number: int, *, dark: bool) -> tuple[float, float, float]:
    """Ground of the atoms of a token, fractions of red, green and blue; soft enough to read black or white on."""
    hue = (number - 1) * 0.381966 % 1.0  # the golden angle keeps neighbours apart
    light, strong = (0.30, 0.13) if dark else (0.84, 0.13)
    angles = 2 * np.pi * (hue - np.array([0, 1 / 3, 2 / 3]))
    return tuple(float(x) for x in np.clip(light + strong * np.cos(angles), 0, 1))


def _kekulized(molecule: Chem.Mol) -> str:
    copy = Chem.Mol(molecule)
    try:
        Chem.Kekulize(copy, clearAromaticFlags=True)
    except Chem.KekulizeException:
        return ""
    return Chem.MolToSmiles(copy)


def _around(molecule: Chem.Mol, centre: int, radius: int) -> set[int]:
    """Atoms within some bonds of an atom, itself included."""
    ends = [molecule.GetBondWithIdx(b) for b in Chem.FindAtomEnvironmentOfRadiusN(molecule, radius, centre)]
    return {centre} | {i for bond in ends for i in (bond.GetBeginAtomIdx(), bond.GetEndAtomIdx())}


def _in_words(atom: Chem.Atom) -> str:
    charge = atom.GetFormalCharge()
    sign = f"{'+' if charge > 0 else '−'}{abs(charge) if abs(charge) > 1 else ''}" if charge else ""
    hydrogens = atom.GetTotalNumHs()
    parts = [f"{atom.GetSymbol()}{sign}", f"{atom.GetDegree()} heavy neighbour{'s' if atom.GetDegree() != 1 else ''}"]
    parts += [f"{hydrogens} H"] if hydrogens else []
    return ", ".join([*parts, *(["in a ring"] if atom.IsInRing() else [])])
