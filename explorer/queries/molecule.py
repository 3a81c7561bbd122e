"""One compound of the map in several notations, with how common each part of it is on the map."""

from __future__ import annotations

import numpy as np

from explorer.atlas import opened
from explorer.chemistry import representations as chem
from explorer.chemistry.fingerprints import BITS
from explorer.queries.rows import memo


@memo
def molecule_views(of_map: str, entity: str) -> dict | None:
    """A compound as text, bits and tokens; None without a structure that can be read.

    Returns
    -------
    dict
        `written` (way, text); `bits` (`number`, `radius`, `atoms`, `fragment`, `compounds` of the map that have it);
        `tokens` (`number`, `text`, `atoms`, `compounds`); `vocabulary` (tokens on the map) and `structures` behind it;
        `atoms` (names), `longest` (bonds between the farthest two atoms), `on` (bits that are set).
    """
    open_map = opened(of_map)
    smiles = open_map.map.entities["smiles"].iat[open_map.entity_rows[entity]]
    written = chem.written(smiles) if smiles else []
    if not written:
        return None
    common, words = bit_counts(of_map), {t: n for t, _, n in token_vocabulary(of_map)}
    bits = [
        {
            "number": b.number,
            "radius": b.radius,
            "atoms": list(b.atoms),
            "fragment": b.fragment,
            "compounds": common[b.number],
        }
        for b in chem.bits(smiles)
    ]
    found, numbers = chem.tokens(smiles), chem.token_numbers(smiles)
    legend = [
        {
            "number": number,
            "text": text,
            "atoms": numbers.count(number),
            "compounds": words.get(token, 0),
        }
        for number, token, text in sorted({(n, token, text) for n, (token, text) in zip(numbers, found, strict=True)})
    ]
    return {
        "written": written,
        "bits": sorted(bits, key=lambda b: (-b["radius"], b["compounds"], b["number"])),
        "tokens": legend,
        "vocabulary": len(words),
        "structures": int(np.any(open_map.fingerprints, axis=1).sum()),
        "atoms": chem.atom_names(smiles),
        "longest": int(np.nanmax(chem.distances(smiles))),
        "on": len(bits),
    }


@memo
def bond_distances(of_map: str, entity: str) -> list[list[float | None]]:
    """Bonds between each two atoms of a compound, in the order of `molecule_views`' atoms; None between parts."""
    open_map = opened(of_map)
    found = chem.distances(open_map.map.entities["smiles"].iat[open_map.entity_rows[entity]])
    return [] if found is None else [[None if x != x else int(x) for x in row] for row in found]


@memo
def bit_counts(of_map: str) -> list[int]:
    """How many compounds of the map have each bit of the fingerprint."""
    packed = opened(of_map).fingerprints
    if not len(packed):
        return [0] * BITS
    return np.unpackbits(packed.view(np.uint8), axis=1, bitorder="little").sum(axis=0, dtype=int).tolist()


@memo
def token_vocabulary(of_map: str) -> list[tuple[int, str, int]]:
    """Every atom token of the map's structures: invariant, words, number of compounds; the commonest first."""
    e = opened(of_map).map.entities
    return chem.vocabulary(e.loc[e["inchikey"].notna(), "smiles"].tolist())
