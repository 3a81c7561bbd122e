"""Queries from the address bar or back from the browser: each term is looked up whole, or left out and said."""

from __future__ import annotations

from collections.abc import Sequence

from explorer import atlas, queries
from explorer.errors import InputError, KeyholeError

#: Terms of one query.
MOST_TERMS = 6


def read_terms(of_map: str, text: str, *, most: int = MOST_TERMS, signs: bool = True) -> tuple[list[str], list[str]]:
    """Terms of a query as an address writes them, `CDK12,CCNK,-CDK13`; and what had to be left out, as sentences.

    Each term comes back as the id of a perturbation, after `-` where it is subtracted; a term that is there twice
    counts once.
    """
    terms, said = [], []
    for part in filter(None, (p.strip() for p in text.split(","))):
        try:
            sign, name = queries.signed(part) if signs else (1, part)
            found = queries.find_perturbation(of_map, name)["perturbation"]
        except KeyholeError as e:
            said.append(f"{e}; it is left out.")
            continue
        term = found if sign > 0 else f"-{found}"
        if term.lstrip("-") not in [t.lstrip("-") for t in terms]:
            terms.append(term)
    if len(terms) > most:
        said.append(f"{len(terms)} were asked for; the first {most} are shown.")
    return terms[:most], said


def asked_terms(of_map: str, values: object) -> list[str]:
    """Signed ids of perturbations that a store or picker names; refuses any that the map does not have."""
    if not isinstance(values, list) or len(values) > 4 * MOST_TERMS:
        raise InputError("the query is not a list of perturbations")
    known = atlas.opened(of_map).map.row_of
    for value in values:
        if not isinstance(value, str) or value.removeprefix("-") not in known:
            raise InputError(f"the query names something that is not on map {of_map}")
    return list(values)


def asked_rows(of_map: str, values: object) -> list[int]:
    """Rows of the map that were selected in a plot, each once; refuses what is no row."""
    last = len(atlas.opened(of_map).map.perturbations)
    values = values if isinstance(values, list) else []
    for value in values:
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < last:
            raise InputError("the selection names a point that is not on the map")
    return list(dict.fromkeys(values))


def short_terms(terms: Sequence[str]) -> str:
    """Terms as an address writes them: genes without their kind."""
    return ",".join(t.replace("gene:", "", 1) for t in terms)
