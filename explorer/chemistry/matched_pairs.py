"""Matched molecular pairs: two molecules that are the same but for one group at one place.

A pair is found by cutting every molecule once, at each single bond outside rings that has a plain carbon at one end,
and looking for the part that stays in the others. Hydrogen counts as a group, and two molecules that differ in stereo
alone are a pair without a changed group.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from rdkit import Chem

from explorer.chemistry.structures import MAX_ATOMS, read_smiles

#: The bonds that are cut: those of RDKit's own matched-pair code.
_CUT = Chem.MolFromSmarts("[#6+0;!$(*=,#[!#6])]!@!=!#[*]")
#: Heavy atoms of a group that may change, and how many times larger the part that stays must be.
MOST_CHANGED, STAYS = 10, 2
#: How a change is written where there is no group: hydrogen, and molecules that differ in stereo alone.
HYDROGEN, STEREO = "*[H]", "stereo"


@dataclass(frozen=True)
class MatchedPair:
    """Two molecules by position, `first` < `second`, and the smallest change that makes one of the other.

    Attributes
    ----------
    before, after : str
        SMILES of the group of each, `*` where it is bonded; `HYDROGEN`; or `STEREO` for both.
    stays : int
        Heavy atoms that both have in common.
    first_atoms, second_atoms : tuple of int
        Atoms of the group, as numbered in the SMILES of each.
    """

    first: int
    second: int
    before: str
    after: str
    stays: int
    first_atoms: tuple[int, ...]
    second_atoms: tuple[int, ...]

    @property
    def change(self) -> str:
        """`*Cl>>*OC`, or `stereo` where no group changes."""
        return STEREO if self.before == STEREO else f"{self.before}>>{self.after}"


@dataclass(frozen=True)
class _Piece:
    """A molecule seen as a part that stays and a group."""

    at: int
    group: str
    atoms: tuple[int, ...]
    stays: int


def matched_pairs(smiles: Sequence[str | None]) -> tuple[MatchedPair, ...]:
    """Every matched pair among molecules, each once with its smallest change, in the order of their positions.

    One cut (R-group pairs). The group has at most `MOST_CHANGED` heavy atoms in both, and the part that stays is at
    least `STAYS` times as large. Of a salt the largest part counts. Stereo is not looked at but for pairs that differ
    in nothing else. Structures that are missing, cannot be read or have more than 300 atoms are in no pair.

    Source: Hussain and Rea 2010, doi:10.1021/ci900450m; the limits are ours.
    """
    by_part, whole = defaultdict(list), defaultdict(list)
    elements: dict[str, tuple[int, ...]] = {}
    wholes: set[tuple[int, ...]] = set()
    for at, text in enumerate(smiles):
        molecule = read_smiles(text) if text else None
        if molecule is not None and molecule.GetNumHeavyAtoms() <= MAX_ATOMS:
            flat, numbers = _largest(molecule)
            whole[Chem.MolToSmiles(flat)].append(_Piece(at, STEREO, (), flat.GetNumHeavyAtoms()))
            wholes.add(_elements(flat))
            for part, kept, piece in _cuts(flat, at, numbers):
                by_part[part].append(piece)
                elements[part] = kept
    found: dict[tuple[int, int], MatchedPair] = {}
    for part, pieces in by_part.items():
        same = whole.get(_with_hydrogen(part), ()) if elements[part] in wholes else ()
        _keep(found, [*pieces, *(_Piece(p.at, HYDROGEN, (), pieces[0].stays) for p in same)])
    for same in whole.values():
        _keep(found, same)
    return tuple(found[key] for key in sorted(found))


def _keep(found: dict[tuple[int, int], MatchedPair], pieces: Sequence[_Piece]) -> None:
    """Add the pairs among pieces with one part in common, where none with a smaller change is there."""
    for one, other in combinations(sorted(pieces, key=lambda p: p.at), 2):
        key = (one.at, other.at)
        if one.at == other.at or (one.group == other.group and one.group != STEREO):
            continue
        if key not in found or found[key].stays < one.stays:
            found[key] = MatchedPair(*key, one.group, other.group, one.stays, one.atoms, other.atoms)


def _largest(molecule: Chem.Mol) -> tuple[Chem.Mol, tuple[int, ...]]:
    """The largest part of a molecule without stereo, and the numbers that its atoms have in the whole."""
    numbers: list[tuple[int, ...]] = []
    parts = Chem.GetMolFrags(molecule, asMols=True, fragsMolAtomMapping=numbers)
    best = max(range(len(parts)), key=lambda i: parts[i].GetNumHeavyAtoms())
    flat = Chem.Mol(parts[best])
    Chem.RemoveStereochemistry(flat)
    for atom in flat.GetAtoms():
        atom.SetAtomMapNum(0)
    return flat, tuple(numbers[best])


def _elements(molecule: Chem.Mol) -> tuple[int, ...]:
    """Atomic numbers of the heavy atoms, in order of size: what two molecules alike have in common at least."""
    return tuple(sorted(a.GetAtomicNum() for a in molecule.GetAtoms() if a.GetAtomicNum() > 1))


def _cuts(molecule: Chem.Mol, at: int, numbers: Sequence[int]) -> list[tuple[str, tuple[int, ...], _Piece]]:
    """The molecule cut at each bond in turn: the part that stays as SMILES, its `_elements`, and the group."""
    bonds = {molecule.GetBondBetweenAtoms(*pair).GetIdx() for pair in molecule.GetSubstructMatches(_CUT)}
    found = []
    for bond in sorted(bonds):
        cut = Chem.FragmentOnBonds(molecule, [bond], dummyLabels=[(0, 0)])
        mapping: list[tuple[int, ...]] = []
        parts = Chem.GetMolFrags(cut, asMols=True, sanitizeFrags=False, fragsMolAtomMapping=mapping)
        sizes = [part.GetNumHeavyAtoms() for part in parts]
        for group, stays in ((0, 1), (1, 0)):
            if sizes[group] <= MOST_CHANGED and sizes[stays] >= STAYS * sizes[group]:
                atoms = tuple(numbers[i] for i in mapping[group] if i < molecule.GetNumAtoms())
                written = Chem.MolToSmiles(parts[group])
                piece = _Piece(at, written, atoms, sizes[stays])
                found.append((Chem.MolToSmiles(parts[stays]), _elements(parts[stays]), piece))
    return found


def _with_hydrogen(part: str) -> str:
    """The part that stays as a molecule of its own, with hydrogen where the group was."""
    molecule = Chem.MolFromSmiles(part)
    if molecule is None:
        return ""
    bare = Chem.RWMol(molecule)
    [dummy] = [a for a in bare.GetAtoms() if a.GetAtomicNum() == 0 and a.GetDegree() == 1][:1] or [None]
    if dummy is None:
        return ""
    [neighbour] = dummy.GetNeighbors()
    if neighbour.GetNoImplicit() or neighbour.GetIsAromatic():
        neighbour.SetNumExplicitHs(neighbour.GetNumExplicitHs() + (neighbour.GetAtomicNum() != 6))
    bare.RemoveAtom(dummy.GetIdx())
    try:
        Chem.SanitizeMol(bare)
    except Chem.MolSanitizeException:
        return ""
    return Chem.MolToSmiles(bare)
