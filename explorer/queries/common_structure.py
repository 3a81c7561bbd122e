"""What the structures of two compounds of a map have in common, atom by atom, and where they differ."""

from __future__ import annotations

from explorer.atlas import opened
from explorer.chemistry import isolation
from explorer.chemistry.fingerprints import tanimoto
from explorer.errors import InputError
from explorer.queries.rows import memo


@memo
def common_structure(of_map: str, first: str, second: str) -> dict:
    """The largest common substructure of two compounds, ids such as `compound:erlotinib`; rings match whole rings only.

    Returns
    -------
    dict
        `atoms` in common; `shared` and `differing`, for each of the two its atom numbers in the order of its SMILES;
        `heavy`, heavy atoms of each; `tanimoto` (ECFP4); `complete`, False where the search stopped at its time limit
        and a larger one may exist; `why`, the reason where nothing was compared, and then nothing else but `tanimoto`.
    """
    open_map = opened(of_map)
    e = open_map.map.entities
    rows = [int(e.index.get_loc(e.index[e["entity"] == entity][0])) for entity in (first, second)]
    prints = open_map.fingerprints
    told = {"tanimoto": float(tanimoto(prints[rows[0]], prints[rows[1] : rows[1] + 1])[0])}
    try:
        found = isolation.ask("common", first=e["smiles"].iat[rows[0]], second=e["smiles"].iat[rows[1]])
    except InputError as refused:
        return told | {"why": str(refused)}
    shared = [found["first"], found["second"]]
    heavy = found["heavy"]
    return told | {
        "atoms": found["atoms"],
        "shared": shared,
        "differing": [sorted(set(range(n)) - set(s)) for n, s in zip(heavy, shared, strict=True)],
        "heavy": heavy,
        "complete": found["complete"],
        "why": None,
    }
