"""What is typed or pasted: suggestions for the search box, and one answer for each name of a list."""

from __future__ import annotations

from dataclasses import asdict

import pandas as pd

from explorer.annotations import suggesting
from explorer.annotations.pasted import Known, cleaned, joined, split_names
from explorer.annotations.resolving import Resolved, is_name, resolve_name
from explorer.atlas import OpenMap, opened
from explorer.chemistry.typed import looks_like_smiles
from explorer.errors import InputError
from explorer.queries.named_structure import named_structure
from explorer.queries.rows import memo

#: Known names that make a list of a text without separators.
_LIST = 2
#: Names in a list, characters in the text that holds them, and names that take a slow look-up (a structure, or what an
#: absent name is close to).
MOST_NAMES, MOST_TEXT, MOST_SLOW = 2_000, 200_000, 300
_TYPED = 200
_BY_STRUCTURE = "its structure"

COLUMNS = ("asked", "status", "kind", "slug", "label", "via", "choices", "labels", "note", "repeat")


def suggest(of_map: str, text: str) -> list[dict]:
    """At most twelve suggestions for what has been typed so far, best first.

    Returns
    -------
    list of dict
        `kind` (gene, compound, phenotype, set, smiles or list), `label`, `via` (the name that matched where it is not
        the label), `slug`, `entity`, `blinded` (of entities), `id`, `source`, `n` (of terms: genes; of a list: names).
        A `list` has the names in `via`, a `smiles` its answer, see `named_structure`, in `structure`.
    """
    open_map = opened(of_map)
    if looks_like_smiles(text) and not _is_entity(open_map, text):
        return _structures(of_map, text)
    several = names_of(of_map, text)
    if len(several) > 1 and (_separated(text) or sum(_is_entity(open_map, n) for n in several) >= _LIST):
        return [_suggestion("list", f"{len(several):,} names", via=joined(several), n=len(several))]
    text = cleaned(text)[:_TYPED]
    return [asdict(s) for s in suggesting.suggest(text, names=open_map.names, terms=open_map.terms)]


def names_of(of_map: str, text: str) -> list[str]:
    """The names that a text holds, in order; the rules are those of `explorer.annotations.pasted`.

    Raises
    ------
    InputError
        When the text is longer than `MOST_TEXT` characters.
    """
    if len(text) > MOST_TEXT:
        raise InputError(f"this text has {len(text):,} characters; a list holds at most {MOST_TEXT:,}")
    open_map = opened(of_map)
    known = Known(
        is_name=lambda t: _is_entity(open_map, t) or looks_like_smiles(t),
        is_spelling=lambda t: (
            open_map.names.spellings.spelled(t) or open_map.terms.spellings.spelled(t) or looks_like_smiles(t)
        ),
        is_term=lambda t: _is_term(open_map, t),
    )
    return split_names(text, known)


def as_lines(of_map: str, names: list[str]) -> str:
    """Names one a line, so that `names_of` gives the same names again; in quotes only where it would not."""
    return "\n".join(n if names_of(of_map, n) == [n] else joined([n]) for n in names)


@memo
def resolve_list(of_map: str, text: str | list[str]) -> pd.DataFrame:
    """One row for each name that is asked for, in order; nothing is dropped, and nothing gets an invented name.

    Parameters
    ----------
    of_map : str
    text : str or list of str
        A pasted text, taken apart by `names_of`; or the names themselves.

    Returns
    -------
    DataFrame
        `asked`; `status` (matched, alias, ambiguous, blinded, compound, absent); `kind` (gene, compound, smiles,
        phenotype, set, or empty); `slug` and `label` of the entity; `via`, the name on record that matched; `choices`
        and `labels`, the candidates of an ambiguous name or the closest to an absent one (separated by `|`); `note`;
        `repeat`, whether an earlier row is the same entity or name.

    Raises
    ------
    InputError
        For more than `MOST_NAMES` names.
    """
    asked = names_of(of_map, text) if isinstance(text, str) else [c for t in text if (c := cleaned(t).strip())]
    if len(asked) > MOST_NAMES:
        raise InputError(f"this list has {len(asked):,} names; at most {MOST_NAMES:,} are looked up at once")
    open_map, once, rows, slow = opened(of_map), {}, [], 0
    for name in asked:
        if name not in once:
            once[name] = _row(open_map, name, _resolved(open_map, name, close=slow < MOST_SLOW))
            slow += once[name]["status"] == "absent" or once[name]["via"] == _BY_STRUCTURE
        rows.append(once[name])
    frame = pd.DataFrame(rows, columns=list(COLUMNS[:-1]), dtype=object)
    same = frame["kind"] + ":" + frame["slug"].where(frame["slug"] != "", frame["asked"])
    return frame.assign(repeat=same.duplicated().astype(bool))


def _resolved(open_map: OpenMap, name: str, *, close: bool) -> Resolved | dict:
    term = open_map.terms.exact(name)
    known = _is_entity(open_map, name)
    if not known and term:
        genes = f"{term[0].n:,} genes; open it by itself"
        return {
            "kind": term[0].kind,
            "choices": term[0].id,
            "labels": term[0].name,
            "note": f"a {term[0].kind}, {genes}",
        }
    if not known and looks_like_smiles(name):
        late = f"not looked up: more than {MOST_SLOW} names here are structures or absent"
        return _of_structure(named_structure(open_map.key, name)) if close else {"kind": "smiles", "note": late}
    return resolve_name(name, names=open_map.names, close=close)


def _of_structure(answer: dict) -> dict:
    if not answer["matches"]:
        near = answer["nearest"]
        return {
            "kind": "smiles",
            "choices": "|".join(n["slug"] for n in near),
            "labels": "|".join(n["label"] for n in near),
            "note": answer["message"],
        }
    best = answer["matches"][0]
    found = {"status": "compound", "kind": "compound", "slug": best["slug"], "label": best["label"]}
    return found | {"via": _BY_STRUCTURE, "note": answer["message"]}


def _row(open_map: OpenMap, name: str, found: Resolved | dict) -> dict:
    empty = dict.fromkeys(COLUMNS[:-1], "") | {"asked": name, "status": "absent"}
    if isinstance(found, dict):
        return empty | found
    e = open_map.map.entities
    row = empty | {"status": found.status, "via": found.via, "note": found.note}
    if found.status in {"ambiguous", "absent"}:
        slugs, labels = ([str(e[c].iat[r]) for r in found.rows] for c in ("slug", "label"))
        kind = str(e["kind"].iat[found.rows[0]]) if found.rows and found.status == "ambiguous" else ""
        return row | {"kind": kind, "choices": "|".join(slugs), "labels": "|".join(s.replace("|", "/") for s in labels)}
    return row | {c: str(e[c].iat[found.rows[0]]) for c in ("kind", "slug", "label")}


def _structures(of_map: str, text: str) -> list[dict]:
    answer = named_structure(of_map, text)
    there = [_suggestion("compound", m["label"], via="this structure") | m for m in answer["matches"]]
    said = [] if there else [_suggestion("smiles", answer["message"]) | {"structure": answer}]
    return [*there, *said]


def _suggestion(kind: str, label: str, *, via: str | None = None, n: int = 0) -> dict:
    return asdict(suggesting.Suggestion(kind, label, via, n=n))


def _is_entity(open_map: OpenMap, text: str) -> bool:
    return is_name(text, names=open_map.names)


def _is_term(open_map: OpenMap, text: str) -> bool:
    return bool(open_map.terms.exact(text))


def _separated(text: str) -> bool:
    return any(s in text.strip() for s in "\n\r\t;,|")
