"""Structures among names: which texts are meant as a SMILES, and where the first mistake in the writing of one is.

Nothing here reads a molecule; that is done in a worker (`isolation`).
"""

from __future__ import annotations

import re
from collections import Counter

_ATOM = r"\[[^\[\]]*\]|Br|Cl|[BCNOPSFIbcnops*]"
_TOKEN = re.compile(rf"(?P<atom>{_ATOM})|(?P<bond>[-=#$:/\\~])|(?P<ring>%\d\d|%\(\d+\)|\d)|(?P<other>[().])")
_SHAPE = re.compile(rf"(?=[A-Za-z\[*])(?:{_ATOM}|[-=#$:/\\~.()%\d])*(?:\[[^\[\]]*)?")
_TAIL = re.compile(r"\s+\|[^|]*\|?$")


def looks_like_smiles(text: str) -> bool:
    """Whether a text is meant as a structure rather than as a name.

    It must be made of the atoms and signs of SMILES from end to end, and show a bond, a branch, a bracket or closed
    rings: letters alone are a name (`CCNC` is a gene), and so are `C1S` and `CCNB1IP1`.
    """
    text = text.strip()
    body = _TAIL.sub("", text)
    if not body.isascii() or not _SHAPE.fullmatch(body):
        return False
    if body != text or re.search(r"[=#()\[\]/\\]", body):
        return True
    kinds = [(m.lastgroup, m.group()) for m in _TOKEN.finditer(body)]
    rings = Counter(token for kind, token in kinds if kind == "ring")
    atoms = [token for kind, token in kinds if kind == "atom"]
    carbons = sum(a in "Cc" for a in atoms)
    return bool(rings) and all(n % 2 == 0 for n in rings.values()) and len(atoms) >= 3 and 2 * carbons >= len(atoms)


def mistake(text: str) -> tuple[str, int] | None:
    """What is wrong with the writing of a SMILES and where (1 = first character), or None.

    Brackets, branches, bonds and rings are looked at; whether the atoms can be bonded so is for RDKit to say.
    """
    text = _TAIL.sub("", text.strip())
    branches: list[int] = []
    rings: dict[str, int] = {}
    before, at = "", 0
    while at < len(text):
        token = _TOKEN.match(text, at)
        place, kind = at + 1, token.lastgroup if token else ""
        if token is None:
            closed = text[at] != "["
            return (f"'{text[at]}' is no atom or bond" if closed else "the bracket [ is never closed"), place
        found = token.group()
        if kind != "atom" and not before and found != ".":
            return f"a SMILES begins with an atom, not with {found}", place
        if kind == "bond" and before == "bond":
            return "two bonds follow each other", place
        if kind == "ring":
            rings.pop(found) if found in rings else rings.setdefault(found, place)
        elif found == "(":
            branches.append(place)
        elif found == ")" and (before == "(" or not branches):
            return ("this ) closes no branch" if not branches else "this branch is empty"), place
        elif found == ")":
            branches.pop()
        before, at = found if found in "()" else kind, token.end()
    if branches:
        return "the branch that opens here is never closed", branches[-1]
    if before == "bond":
        return "a bond leads nowhere", len(text)
    opened = [(f"ring bond {ring} is opened here and never closed", place) for ring, place in rings.items()]
    return opened[0] if opened else None
