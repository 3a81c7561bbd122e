"""Murcko scaffolds: the rings of a molecule and what links them, with atoms as they are and with all atoms alike."""

from __future__ import annotations

from dataclasses import dataclass

from rdkit import Chem
from rdkit.Chem.Scaffolds import MurckoScaffold

from explorer.chemistry.structures import read_smiles


@dataclass(frozen=True)
class Scaffold:
    """Canonical SMILES without stereo of a scaffold: `plain`, and `generic` with all atoms carbon, all bonds single."""

    plain: str
    generic: str


def scaffold_of(smiles: str) -> Scaffold | None:
    """The Murcko scaffold of a map molecule (Bemis and Murcko 1996, doi:10.1021/jm9602928).

    The generic one is cut to rings and linkers after its atoms were made alike, so that an exocyclic C=O that plain
    scaffolds keep does not tell two frameworks apart. None for a structure that cannot be read or has no ring.
    """
    molecule = read_smiles(smiles)
    if molecule is None:
        return None
    core = MurckoScaffold.GetScaffoldForMol(molecule)
    if not core.GetNumAtoms():
        return None
    Chem.RemoveStereochemistry(core)
    try:
        generic = MurckoScaffold.GetScaffoldForMol(MurckoScaffold.MakeScaffoldGeneric(core))
    except Chem.MolSanitizeException:
        return None  # an atom with more bonds than carbon can have
    return Scaffold(Chem.MolToSmiles(core), Chem.MolToSmiles(generic))
