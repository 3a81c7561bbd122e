"""Structures of map molecules: lenient reading, identity, drawing.

These molecules come with the map and were read once at build, so they are handled in the app's own process.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from rdkit import Chem, RDLogger

from explorer.chemistry.drawing import svg_of

RDLogger.DisableLog("rdApp.*")

MAX_SMILES = 2000
MAX_ATOMS = 300


@lru_cache(maxsize=4096)
def read_smiles(smiles: str) -> Chem.Mol | None:
    """The molecule of a SMILES with or without a CXSMILES tail, or None where it is not one.

    The tail (` |c:1,13,t:16|`) can set double-bond stereo, so it is read where RDKit can and cut only as a fallback.
    Text that is empty, longer than `MAX_SMILES`, or not ASCII is refused: RDKit reads an empty string as a valid
    molecule and skips letters it does not know.
    """
    text = smiles.strip()
    if not text or len(text) > MAX_SMILES or not text.isascii() or not text.isprintable():
        return None
    params = Chem.SmilesParserParams()
    params.allowCXSMILES, params.strictCXSMILES, params.parseName = True, False, False
    molecule = Chem.MolFromSmiles(text, params)
    if molecule is None and (bare := text.split("|", 1)[0].split()):
        molecule = Chem.MolFromSmiles(bare[0], params)
    return molecule if molecule is not None and molecule.GetNumAtoms() > 0 else None


def inchikey(smiles: str) -> str | None:
    """Standard InChIKey of a SMILES, or None where it cannot be read."""
    molecule = read_smiles(smiles)
    return Chem.MolToInchiKey(molecule) or None if molecule is not None else None


def draw_svg(
    smiles: str,
    *,
    width: int,
    height: int,
    dark: bool,
    marked: Sequence[int] = (),
    differing: Sequence[int] = (),
) -> str | None:
    """The structure as a transparent SVG of `width` x `height` px, or None where it cannot be drawn.

    Atoms in `marked` stand on a soft ground, those in `differing` on another; numbers beyond the molecule are passed
    over.
    """
    molecule = read_smiles(smiles)
    if molecule is None or molecule.GetNumHeavyAtoms() > MAX_ATOMS:
        return None
    marked, differing = ([i for i in given if 0 <= i < molecule.GetNumAtoms()] for given in (marked, differing))
    return svg_of(molecule, width=width, height=height, dark=dark, marked=marked, differing=differing)
