"""Chemistry of what somebody typed: read, draw, match, compare, each within limits and each refusal in words.

These functions take and give plain values, because they run in a worker that can be killed (`isolation`): RDKit cannot
be stopped from inside, and some short texts keep it busy for minutes.
"""

from __future__ import annotations

import logging
import re

from rdkit import Chem, rdBase
from rdkit.Chem import rdDepictor, rdFMCS, rdMolDescriptors, rdSubstructLibrary

from explorer.chemistry.drawing import svg_of
from explorer.chemistry.fingerprints import bits_of
from explorer.chemistry.properties import properties_of
from explorer.chemistry.structures import read_smiles
from explorer.errors import InputError

LONGEST_SMILES, LONGEST_SMARTS = 2000, 300
MOST_ATOMS, MOST_DRAWN, MOST_COMPARED, MOST_QUERY_ATOMS = 300, 150, 100, 60
MOST_FRAGMENTS = 20
#: Seconds after which the search for a common substructure gives what it has; RDKit takes it as a hint.
MCS_SECONDS = 1

#: Maps whose molecules a worker keeps.
MOST_LIBRARIES = 4

_said: list[str] = []
_libraries: dict[str, tuple[rdSubstructLibrary.SubstructLibrary, list[int]]] = {}


class _Said(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        _said.append(record.getMessage())


def listen() -> None:
    """Collect what RDKit says of a text it cannot read, so that a refusal can name the position; for a worker only."""
    rdBase.LogToPythonLogger()
    logger = logging.getLogger("rdkit")
    logger.handlers, logger.propagate = [_Said()], False
    rdDepictor.SetPreferCoordGen(False)


def describe(smiles: str) -> dict:
    """What a typed SMILES is.

    Returns
    -------
    dict
        `smiles` (canonical), `inchikey`, `formula`, `heavy_atoms`, `fragments`, `tail_ignored` (the CXSMILES tail
        was not understood whole), `bits` (hexadecimal Morgan fingerprint) and `properties`.

    Raises
    ------
    InputError
        With the position of the mistake, or the limit that is passed.
    """
    molecule, tail_ignored = read(smiles)
    return {
        "smiles": Chem.MolToSmiles(molecule),
        "inchikey": Chem.MolToInchiKey(molecule) or None,
        "formula": rdMolDescriptors.CalcMolFormula(molecule),
        "heavy_atoms": molecule.GetNumHeavyAtoms(),
        "fragments": len(Chem.GetMolFrags(molecule)),
        "tail_ignored": tail_ignored,
        "bits": bits_of(molecule).tobytes().hex(),
        "properties": properties_of(molecule),
    }


def draw(smiles: str, *, width: int, height: int, dark: bool, smarts: str = "") -> dict:
    """`svg` of a typed SMILES; atoms that match `smarts` are marked."""
    molecule, _ = read(smiles, most=MOST_DRAWN)
    marked = molecule.GetSubstructMatch(read_query(smarts)) if smarts else ()
    return {"svg": svg_of(molecule, width=width, height=height, dark=dark, marked=marked)}


def load(key: str, smiles: list[str]) -> dict:
    """Keep the molecules of a map under a key, so that patterns can be looked for in them; `n` could be read."""
    _libraries.pop(key, None)
    while len(_libraries) >= MOST_LIBRARIES:
        _libraries.pop(next(iter(_libraries)))
    holder, patterns = rdSubstructLibrary.CachedTrustedSmilesMolHolder(), rdSubstructLibrary.PatternHolder()
    library, rows = rdSubstructLibrary.SubstructLibrary(holder, patterns), []
    for i, text in enumerate(smiles):
        molecule = read_smiles(text)
        if molecule is not None:
            library.AddMol(molecule)
            rows.append(i)
    _libraries[key] = (library, rows)
    return {"n": len(rows)}


def match(key: str, smarts: str) -> dict:
    """`hits`: positions, among the molecules of `load`, of those that contain the pattern."""
    query = read_query(smarts)
    library, rows = _libraries[key]
    if not rows:  # RDKit refuses to look through none
        return {"hits": []}
    return {"hits": sorted(rows[i] for i in library.GetMatches(query, maxResults=len(rows), numThreads=1))}


def common(first: str, second: str) -> dict:
    """The largest common substructure of two typed SMILES.

    Returns
    -------
    dict
        `smarts`, `atoms`, `bonds`, `first` and `second` (the matching atoms of each), `heavy` (how many atoms each
        has, as written), `complete` False where the search was stopped by its time limit.
    """
    molecules = [read(text, most=MOST_COMPARED)[0] for text in (first, second)]
    found = rdFMCS.FindMCS(molecules, timeout=MCS_SECONDS, ringMatchesRingOnly=True, completeRingsOnly=True)
    query = Chem.MolFromSmarts(found.smartsString) if found.numAtoms else None
    where = [list(m.GetSubstructMatch(query)) if query is not None else [] for m in molecules]
    return {
        "smarts": found.smartsString,
        "atoms": found.numAtoms,
        "bonds": found.numBonds,
        "first": where[0],
        "second": where[1],
        "heavy": [m.GetNumAtoms() for m in molecules],
        "complete": not found.canceled,
    }


def read(smiles: str, *, most: int = MOST_ATOMS) -> tuple[Chem.Mol, bool]:
    """The molecule of a typed SMILES or InChI, and whether part of its CXSMILES tail was ignored."""
    text = _plain_line(smiles, "SMILES", LONGEST_SMILES)
    _said.clear()
    inchi = text.startswith("InChI=")
    molecule = Chem.MolFromInchi(text) if inchi else _parsed(text, strict=True)
    cut = molecule is None and "|" in text
    if cut:
        bare = text.split("|", 1)[0].split()
        molecule = _parsed(text, strict=False) or (_parsed(bare[0], strict=True) if bare else None)
    if molecule is None or not molecule.GetNumAtoms():
        raise InputError(f"this is no {'InChI' if inchi else 'SMILES'} that can be read: {_why()}")
    atoms, fragments = molecule.GetNumAtoms(), len(Chem.GetMolFrags(molecule))
    if atoms > most:
        raise InputError(f"the structure has {atoms:,} atoms; {most} are the limit here")
    if fragments > MOST_FRAGMENTS:
        raise InputError(f"the structure has {fragments:,} separate parts; {MOST_FRAGMENTS} are the limit")
    return molecule, cut


def _parsed(text: str, *, strict: bool) -> Chem.Mol | None:
    """The molecule of a SMILES; with `strict` only if its CXSMILES tail is understood whole."""
    params = Chem.SmilesParserParams()
    params.allowCXSMILES, params.strictCXSMILES, params.parseName = True, strict, False
    return Chem.MolFromSmiles(text, params)


def read_query(smarts: str) -> Chem.Mol:
    """The pattern of a typed SMARTS."""
    text = _plain_line(smarts, "SMARTS", LONGEST_SMARTS)
    _said.clear()
    query = Chem.MolFromSmarts(text)
    if query is None or not query.GetNumAtoms():
        raise InputError(f"this is no SMARTS that can be read: {_why()}")
    if query.GetNumAtoms() > MOST_QUERY_ATOMS:
        raise InputError(f"the pattern has {query.GetNumAtoms()} atoms; {MOST_QUERY_ATOMS} are the limit")
    return query


def _plain_line(text: str, what: str, longest: int) -> str:
    """The text without outer spaces, refused before RDKit sees it where that would be wrong or slow."""
    text = text.strip() if isinstance(text, str) else ""
    if not text:
        raise InputError(f"the {what} is empty; type or draw a structure")
    if len(text) > longest:
        raise InputError(f"the {what} has {len(text):,} characters; {longest:,} are the limit")
    wrong = next((i for i, c in enumerate(text) if not (c.isascii() and c.isprintable())), None)
    if wrong is not None:
        raise InputError(f"character {wrong + 1} of the {what} is not plain ASCII; some letters only look alike")
    return text


def _why() -> str:
    """What RDKit said of the last text: the mistake, and where it is."""
    told = " ".join(_said)
    where = re.search(r"around position (\d+)", told)
    at = f" near character {where[1]}" if where else ""
    for sign, meaning in _MISTAKES:
        if sign in told:
            return meaning + at
    valence = re.search(r"valence for atom # (\d+) (\w+), (\d+)", told)
    if valence:
        return f"atom {int(valence[1]) + 1} ({valence[2]}) has {valence[3]} bonds, more than it can"
    return "the text is not understood" + at


_MISTAKES = (
    ("extra open parentheses", "a bracket ( is not closed"),
    ("extra close parentheses", "a bracket ) was never opened"),
    ("unclosed ring", "a ring is opened and never closed"),
    ("kekulize", "an aromatic ring has no valid arrangement of bonds"),
    ("non-ring atom", "an aromatic atom lies outside a ring"),
)
