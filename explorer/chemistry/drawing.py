"""How a molecule is drawn: one set of options for map structures and typed ones, light and dark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rdkit import Chem
from rdkit.Chem.Draw import rdMolDraw2D

#: Ground of marked atoms, as fractions of red, green and blue: legible under the bonds of both themes.
_MARK = {False: (0.60, 0.87, 0.76), True: (0.09, 0.42, 0.32)}
#: Ground of atoms in which a molecule differs from another.
_DIFFERING = {False: (0.98, 0.80, 0.55), True: (0.52, 0.32, 0.06)}


def svg_of(
    molecule: Chem.Mol,
    *,
    width: int,
    height: int,
    dark: bool,
    marked: Sequence[int] = (),
    differing: Sequence[int] = (),
    grounds: Mapping[int, tuple[float, float, float]] | None = None,
) -> str:
    """A transparent SVG of `width` x `height` px.

    The atoms in `marked`, and the bonds among them, stand on a soft ground; those in `differing` on another. `grounds`
    gives atoms a colour each instead, as fractions of red, green and blue.
    """
    canvas = rdMolDraw2D.MolDraw2DSVG(width, height)
    options = canvas.drawOptions()
    options.annotationFontScale = 0.75
    if dark:
        rdMolDraw2D.SetDarkMode(options)
    options.clearBackground = False
    options.bondLineWidth = 1.4
    options.maxFontSize = 15
    options.fixedBondLength = 28
    options.padding = 0.04
    grounds = grounds or dict.fromkeys(marked, _MARK[dark]) | dict.fromkeys(differing, _DIFFERING[dark])
    bonds = {
        b.GetIdx(): (grounds.get(b.GetBeginAtomIdx()), grounds.get(b.GetEndAtomIdx())) for b in molecule.GetBonds()
    }
    within = {b: one for b, (one, other) in bonds.items() if one is not None and one == other}
    rdMolDraw2D.PrepareAndDrawMolecule(
        canvas,
        molecule,
        highlightAtoms=sorted(grounds),
        highlightBonds=sorted(within),
        highlightAtomColors=grounds,
        highlightBondColors=within,
    )
    canvas.FinishDrawing()
    return canvas.GetDrawingText()
