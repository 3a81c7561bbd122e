"""What is known to be hazardous about a compound, apart from its picture: alerts in its structure, liable targets."""

from __future__ import annotations

from explorer.annotations.liabilities import SOURCE, liabilities
from explorer.atlas import OpenMap, opened
from explorer.chemistry.alerts import LISTS, alerts
from explorer.queries.rows import memo


@memo
def hazards(of_map: str, entity: str) -> dict:
    """Structural alerts and known-liability targets of a compound.

    Returns
    -------
    dict
        `alerts`: one dict a list (`of`, `about`, `source`, `drugs`: share of approved drugs with an alert of it,
        `here`: share of this map's structures, `names`, `atoms`), or None without a readable structure; `liabilities`:
        `gene` and `kind` of each target on the panel; `targets`: how many targets are annotated; `panel`: its source.
    """
    open_map = opened(of_map)
    e = open_map.map.entities.iloc[open_map.entity_rows[entity]]
    found = alerts(e["smiles"]) if e["smiles"] else None
    rates = alert_rates(of_map) if found is not None else {}
    return {
        "alerts": None
        if found is None
        else [
            {
                "of": one.name,
                "about": one.about,
                "source": one.source,
                "drugs": one.base_rate,
                "here": rates[one.name],
                "n": rates["n"],
                "names": [a.name for a in found if a.of == one.name],
                "atoms": sorted({i for a in found if a.of == one.name for i in a.atoms}),
            }
            for one in LISTS
        ],
        "liabilities": [{"gene": gene, "kind": kind} for gene, kind in liabilities(e["targets"])],
        "targets": len(e["targets"]),
        "panel": SOURCE,
    }


@memo
def alert_rates(of_map: str) -> dict:
    """Share of the readable structures of a map with at least one alert of each list, and `n` of them."""
    found = [alerts(s) for s in _structures(opened(of_map))]
    n = len(found)
    return {one.name: sum(any(a.of == one.name for a in of) for of in found) / max(n, 1) for one in LISTS} | {"n": n}


def _structures(open_map: OpenMap) -> list[str]:
    e = open_map.map.entities
    return e.loc[e["inchikey"].notna(), "smiles"].tolist()
