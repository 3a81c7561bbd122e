"""Structural alerts: substructures that often react or interfere, each with how common it is among approved drugs.

An alert is a note on reactivity or interference, no verdict: half of all approved drugs carry one of the Brenk list.
The ChEMBL collections repeat two of these lists under other names (Dundee is Brenk, BMS is NIH), so they are left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from rdkit import Chem
from rdkit.Chem.FilterCatalog import FilterCatalog, FilterCatalogParams

from explorer.chemistry.structures import read_smiles


@dataclass(frozen=True)
class AlertList:
    """A published list of substructures.

    Attributes
    ----------
    name, source : str
    about : str
        What its alerts warn of.
    base_rate : float
        Share of 2,845 approved drugs that carry at least one of its alerts, measured with RDKit 2026.9.1.
    """

    name: str
    about: str
    source: str
    base_rate: float


LISTS = (
    AlertList("PAINS", "interferes with many assays", "Baell and Holloway 2010, doi:10.1021/jm901137j", 0.044),
    AlertList("Brenk", "reactive, toxic or unstable groups", "Brenk et al. 2008, doi:10.1002/cmdc.200700139", 0.49),
    AlertList("NIH", "reactive or promiscuous groups", "Jadhav et al. 2010, doi:10.1021/jm901070c", 0.27),
)
_CATALOGUES = {"PAINS": "PAINS", "Brenk": "BRENK", "NIH": "NIH"}


@dataclass(frozen=True)
class Alert:
    """One alert in a molecule: its list, its name there, and the atoms that match it."""

    of: str
    name: str
    atoms: tuple[int, ...]


def alerts(smiles: str) -> tuple[Alert, ...] | None:
    """The alerts of a structure in the order of `LISTS`, each once; None where the SMILES cannot be read."""
    molecule = read_smiles(smiles)
    return None if molecule is None else alerts_of(molecule)


def alerts_of(molecule: Chem.Mol) -> tuple[Alert, ...]:
    """The alerts of a molecule, with the atoms of every place that matches."""
    found = []
    for alert_list in LISTS:
        for entry in _catalogue(alert_list.name).GetMatches(molecule):
            patterns = [place.filterMatch.GetPattern() for place in entry.GetFilterMatches(molecule)]
            atoms = sorted({a for p in patterns for place in molecule.GetSubstructMatches(p) for a in place})
            found.append(Alert(alert_list.name, entry.GetDescription(), tuple(atoms)))
    return tuple(dict.fromkeys(found))


@cache
def _catalogue(name: str) -> FilterCatalog:
    params = FilterCatalogParams()
    params.AddCatalog(getattr(FilterCatalogParams.FilterCatalogs, _CATALOGUES[name]))
    return FilterCatalog(params)
