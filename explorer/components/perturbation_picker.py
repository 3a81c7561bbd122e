"""A token of a query: chosen genes and compounds as chips, with a server-side typeahead for more."""

from __future__ import annotations

from collections.abc import Sequence

import dash_mantine_components as dmc
from dash import Input, Output, State, callback, no_update
from dash.development.base_component import Component

from explorer import queries
from explorer.components.asked import asked_map
from explorer.components.asked_terms import asked_terms
from explorer.figures import words

#: Every picker of the app; those of `SIGNED` take terms after a minus sign.
PICKERS = ("targets-like", "targets-not", "targets-ref", "compare-entities", "representations-compound")
SIGNED = ("targets-like", "targets-not")
NOTHING = "type a gene or compound of this map"


def perturbation_picker(
    index: str, chosen: Sequence[str], *, of_map: str, most: int, label: str, placeholder: str
) -> Component:
    """Chosen perturbations as chips; `label` names the field, `placeholder` shows while there is room."""
    return dmc.MultiSelect(
        id=index,
        value=list(chosen),
        data=[_option(of_map, t) for t in chosen],
        searchable=True,
        clearSearchOnChange=True,
        maxValues=most,
        placeholder="" if chosen else placeholder,
        filter={"function": "keepAll"},
        hidePickedOptions=True,
        nothingFoundMessage=NOTHING,
        size="sm",
        className="k-token",
        **{"aria-label": label},
    )


def option_label(described: dict, *, sign: int = 1) -> str:
    """The name on a chip: compounds after a filled diamond, with their concentration; blinded genes after a circle."""
    mark = "◆ " if described["kind"] == "compound" else "○ " if described["blinded"] else ""
    at = f" {words.concentration(described['concentration'])} µM" if described["concentration"] else ""
    via = f" (= {described['via']})" if described.get("via") else ""
    return f"{words.MINUS + ' ' if sign < 0 else ''}{mark}{described['label']}{at}{via}"


def offer(text: object, chosen: object, of_map: object, *, signs: bool) -> object:
    """Options for what is typed, besides those already chosen; a leading minus offers terms to subtract."""
    if not isinstance(text, str) or not text.strip():
        return no_update
    of_map = asked_map(of_map)
    kept = asked_terms(of_map, chosen or [])
    minus = signs and text.strip()[:1] in ("-", words.MINUS)
    found = queries.suggest_perturbations(of_map, text.strip().lstrip(f"-{words.MINUS} ")[:60])
    before = "-" if minus else ""
    offered = {f"{before}{f['perturbation']}": option_label(f, sign=-1 if minus else 1) for f in found}
    taken = {t.removeprefix("-") for t in kept}
    options = [{"value": v, "label": name} for v, name in offered.items() if v.removeprefix("-") not in taken]
    return [_option(of_map, t) for t in kept] + options


def _option(of_map: str, term: str) -> dict:
    sign, name = queries.signed(term)
    return {"value": term, "label": option_label(queries.described(of_map, name), sign=sign)}


def _register(index: str) -> None:
    @callback(
        Output(index, "data"),
        Input(index, "searchValue"),
        State(index, "value"),
        State("page-map", "data"),
        prevent_initial_call=True,
    )
    def offer_here(text: object, chosen: object, of_map: object) -> object:
        """Perturbations that match what is typed."""
        return offer(text, chosen, of_map, signs=index in SIGNED)


for _index in PICKERS:
    _register(_index)
