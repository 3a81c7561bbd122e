"""How a molecule is drawn: one set of options for map structures and typed ones, light and dark."""

from __future__ import annotations

from collections.abc import Sequence

from rdkit import Chem
from rdkit.Chem.Draw import rdMolDraw2D

#: Ground of marked atoms, as fractions of red, green and blue: legible under the bonds of both themes.
_MARK = {False: (0.60, 0.87, 0.76), True: (0.09, 0.42, 0.32)}


def svg_of(molecule: Chem.Mol, *, width: int, height: int, dark: bool, marked: Sequence[int] = ()) -> str:
    """A transparent SVG of `width` x `height` px; the atoms in `marked`, and the bonds among them, on a soft ground."""
    canvas = rdMolDraw2D.MolDraw2DSVG(width, height)
    options = canvas.drawOptions()
    if dark:
        rdMolDraw2D.SetDarkMode(options)
    options.clearBackground = False
    options.bondLineWidth = 1.4
    options.maxFontSize = 15
    options.fixedBondLength = 28
    options.padding = 0.04
    options.setHighlightColour(_MARK[dark])
    chosen = set(marked)
    bonds = [b.GetIdx() for b in molecule.GetBonds() if {b.GetBeginAtomIdx(), b.GetEndAtomIdx()} <= chosen]
    rdMolDraw2D.PrepareAndDrawMolecule(canvas, molecule, highlightAtoms=sorted(chosen), highlightBonds=bonds)
    canvas.FinishDrawing()
    return canvas.GetDrawingText()
