"""One perturbation by what a person writes: `CDK12`, `velcade`, `compound:indisulam@1`; and what may be typed next."""

from __future__ import annotations

import math

from explorer.atlas import OpenMap, opened
from explorer.errors import InputError, UnknownEntity
from explorer.queries.concentrations import best_concentration, by_concentration
from explorer.queries.entities import resolve
from explorer.queries.rows import is_tested, plain_values, row
from explorer.queries.searching import suggest

KINDS = ("gene", "compound")
#: So few compounds match what is typed that each of their concentrations can be offered.
_FEW = 2
_OFFERED = 14


def find_perturbation(of_map: str, text: str) -> dict:
    """The perturbation that a term means: a gene, or a compound at one concentration.

    Parameters
    ----------
    text : str
        A name with or without its kind; a compound may say its concentration in uM after `@`. Without one it is taken
        at the concentration its page opens at.

    Returns
    -------
    dict
        `perturbation`, `entity`, `kind`, `slug`, `label`, `blinded`, `arm`, `concentration` (uM or None), `active`,
        `toxic`, `p`, `q`, `n_wells`, `reliable`, `inchikey`, `targets`.

    Raises
    ------
    UnknownEntity
        When nothing on the map, or several things, have that name, or the concentration was not tested.
    """
    open_map, text = opened(of_map), text.strip()
    exact = open_map.map.row_of.get(text)
    if exact is not None:
        return described(of_map, text)
    kind, colon, name = text.partition(":")
    kinds = (kind,) if colon and kind in KINDS else KINDS
    name = name if colon and kind in KINDS else text
    entity, at = _entity(open_map, name, kinds), None
    if entity is None and "@" in name:
        name, _, at = name.rpartition("@")
        entity = _entity(open_map, name, kinds)
    if entity is None:
        entity = resolve(of_map, name, kind=kinds[0] if _any_of(open_map, kinds[0]) else kinds[-1])["entity"]
    return described(of_map, _at(of_map, entity, at))


def described(of_map: str, perturbation: str) -> dict:
    """What is known of a perturbation that is on the map, as plain values; see `find_perturbation`."""
    open_map = opened(of_map)
    m = open_map.map
    p = m.perturbations.iloc[row(of_map, perturbation)]
    e = m.entities.iloc[open_map.entity_rows[p["entity"]]]
    named = plain_values(e[["slug", "label", "blinded", "arm", "inchikey", "targets"]])
    found = plain_values(p[["perturbation", "entity", "kind", "concentration", "active", "toxic", "p", "q", "n_wells"]])
    active = found["active"] is True or not is_tested(open_map)
    reliable = active and (found["kind"] == "gene" or found["toxic"] is not True)
    return found | named | {"reliable": reliable}


def described_row(of_map: str, at: int) -> dict:
    """What is known of the perturbation in a row of the map; see `find_perturbation`."""
    return described(of_map, opened(of_map).map.perturbations["perturbation"].iat[at])


def suggest_perturbations(of_map: str, text: str) -> list[dict]:
    """Genes, and compounds at a concentration, for what has been typed: the best one, or all of few compounds.

    Each is as `find_perturbation` with `via`, the other name that matched. Text after `@` is left for the choice of a
    concentration, so `indisulam@` lists those of indisulam.
    """
    name, sign, _ = text.partition("@")
    found = [m for m in suggest(of_map, name) if m["kind"] in KINDS and m.get("entity")]
    compounds = [m for m in found if m["kind"] == "compound"]
    all_of_them = bool(sign) or len(compounds) <= _FEW
    offered = []
    for match in found:
        for perturbation in _choices(of_map, match["entity"], every=all_of_them):
            offered.append(described(of_map, perturbation) | {"via": match["via"]})
    return offered[:_OFFERED]


def _choices(of_map: str, entity: str, *, every: bool) -> list[str]:
    if entity.startswith("gene:"):
        return [entity] if entity in opened(of_map).map.row_of else []
    return by_concentration(of_map, entity)["perturbation"].tolist() if every else [_at(of_map, entity, None)]


def _entity(open_map: OpenMap, name: str, kinds: tuple[str, ...]) -> str | None:
    """The one entity of the first kind that has this name; several of a kind are no answer."""
    for kind in kinds:
        rows = open_map.names.find(name, kind=kind)
        if len(rows) == 1:
            return open_map.map.entities["entity"].iat[rows[0]]
    return None


def _any_of(open_map: OpenMap, kind: str) -> bool:
    return bool(open_map.map.entities["kind"].eq(kind).any())


def _at(of_map: str, entity: str, written: str | None) -> str:
    """The perturbation of an entity at a concentration as it was written, or at the best one."""
    if written is None:
        return best_concentration(of_map, entity)["perturbation"] if entity.startswith("compound:") else entity
    frame = by_concentration(of_map, entity)
    wanted = _number(written)
    near = frame[(frame["concentration"] - wanted).abs() <= 1e-6 * wanted] if wanted else frame.iloc[:0]
    if near.empty:
        tested = ", ".join(f"{c:.4g}" for c in frame["concentration"].dropna()) or "none that is known"
        slug = entity.partition(":")[2]
        label = opened(of_map).map.entities["label"].iat[opened(of_map).entity_rows[entity]]
        why = f"'{label[:60]}' was not tested at {written[:20]} µM; tested: {tested}"
        raise UnknownEntity(why, closest=((slug, label),))
    return near["perturbation"].iat[0]


def _number(text: str) -> float:
    """A finite, positive number as a person writes it, else 0."""
    if not 0 < len(text) <= 20 or not text.isascii():
        return 0.0
    try:
        value = float(text)
    except ValueError:
        return 0.0
    return value if math.isfinite(value) and value > 0 else 0.0


def signed(term: str) -> tuple[int, str]:
    """Sign and name of a term of a query: `-CDK13` and, with a real minus sign, `−CDK13` are subtracted.

    Raises
    ------
    InputError
        Where nothing follows the sign.
    """
    term = term.strip()
    sign, name = (-1, term[1:].strip()) if term[:1] in ("-", "\N{MINUS SIGN}") else (1, term.lstrip("+").strip())
    if not name:
        raise InputError("a term of the query has no name; name a gene or a compound")
    return sign, name
