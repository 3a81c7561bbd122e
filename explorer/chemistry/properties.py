"""Calculated properties of a molecule: a name, a unit, a formula each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rdkit import Chem
from rdkit.Chem import QED, Crippen, Descriptors, rdMolDescriptors

from explorer.chemistry.structures import read_smiles
from explorer.chemistry.synthesis import accessibility


@dataclass(frozen=True)
class Property:
    """One calculated number: how it is written, its unit, and where the formula comes from."""

    label: str
    unit: str
    digits: int
    source: str
    compute: Callable[[Chem.Mol], float]


_ACCESSIBILITY = (
    "synthetic accessibility, from 1, easy to make, to 10, hard; "
    "Ertl and Schuffenhauer 2009, doi:10.1186/1758-2946-1-8, as in RDKit"
)
PROPERTIES = (
    Property("MW", "Da", 1, "average molecular weight, RDKit", Descriptors.MolWt),
    Property("cLogP", "", 2, "Wildman and Crippen 1999, doi:10.1021/ci990307l", Crippen.MolLogP),
    Property("TPSA", "Å²", 0, "Ertl et al. 2000, doi:10.1021/jm000942e", rdMolDescriptors.CalcTPSA),
    Property("HBD", "", 0, "hydrogen-bond donors, Lipinski, RDKit", rdMolDescriptors.CalcNumHBD),
    Property("HBA", "", 0, "hydrogen-bond acceptors, Lipinski, RDKit", rdMolDescriptors.CalcNumHBA),
    Property("Rot. bonds", "", 0, "rotatable bonds, strict definition, RDKit", rdMolDescriptors.CalcNumRotatableBonds),
    Property("QED", "of 1", 2, "drug-likeness, 0 to 1; Bickerton et al. 2012, doi:10.1038/nchem.1243", QED.qed),
    Property("SA score", "of 10", 1, _ACCESSIBILITY, accessibility),
)


def properties(smiles: str) -> dict[str, float] | None:
    """Label to value for every entry of `PROPERTIES`, or None where the SMILES cannot be read."""
    molecule = read_smiles(smiles)
    return None if molecule is None else properties_of(molecule)


def properties_of(molecule: Chem.Mol) -> dict[str, float]:
    """Label to value for every entry of `PROPERTIES`."""
    return {p.label: float(p.compute(molecule)) for p in PROPERTIES}
