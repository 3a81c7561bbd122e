"""Which compound the Representations page is asked for, by its address and by what comes back from the browser."""

from __future__ import annotations

from explorer import queries
from explorer.components.asked import asked_entity, asked_map
from explorer.components.asked_terms import read_terms
from explorer.components.routing import Address
from explorer.errors import InputError


def read_representations(address: Address) -> tuple[dict, list[str]]:
    """What an address asks for: `map` and `entity` (None where the map has none); and what had to be changed."""
    of_map = address.map
    terms, said = read_terms(of_map, address.view.get("e", ""), most=1, signs=False)
    entities = [queries.described(of_map, t)["entity"] for t in terms]
    if entities and not entities[0].startswith("compound:"):
        said.append(f"{queries.label(of_map, entities[0])} is a gene, which has no structure.")
        entities = []
    example = queries.example_compound(of_map)
    usual = f"compound:{example}" if example else None
    if not entities and usual and said:
        said.append(f"This is {queries.label(of_map, usual)}.")
    return {"map": of_map, "entity": entities[0] if entities else usual}, said


def asked_representations(page: object) -> tuple[str, str]:
    """Map and compound that the page's store names; refuses anything that the page did not put there."""
    page = page if isinstance(page, dict) else {}
    of_map = asked_map(page.get("map"))
    return of_map, asked_entity(of_map, page.get("entity"), kind="compound")


def asked_bit(value: object, bits: list[dict]) -> dict:
    """The bit that was chosen, out of those of the compound."""
    for bit in bits:
        if isinstance(value, str) and value == str(bit["number"]):
            return bit
    raise InputError("this compound does not set such a bit")
