"""Murcko scaffolds of the compounds of a map, and how many share each."""

from __future__ import annotations

import pandas as pd

from explorer.atlas import opened
from explorer.chemistry.scaffolds import scaffold_of
from explorer.queries.rows import memo

_COLUMNS = ["scaffold", "sharing", "framework", "sharing_framework"]


def with_scaffolds(of_map: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Rows by `slug` with `scaffold`, `sharing`, `framework` and `sharing_framework`; NaN where there is no ring."""
    return frame.merge(scaffolds(of_map)[["slug", *_COLUMNS]], on="slug", how="left")


@memo
def scaffolds(of_map: str) -> pd.DataFrame:
    """The scaffold of every compound that has one.

    Returns
    -------
    DataFrame
        `slug`; `scaffold` and `framework`, SMILES of the Murcko scaffold, plain and generic; `sharing`, compounds of
        this map with the same plain scaffold, itself included; `sharing_framework`, likewise.
    """
    e = opened(of_map).map.entities
    compounds = e[(e["kind"] == "compound") & e["inchikey"].notna()]
    found = [(slug, scaffold_of(smiles)) for slug, smiles in zip(compounds["slug"], compounds["smiles"], strict=True)]
    rows = [(slug, s.plain, s.generic) for slug, s in found if s is not None]
    frame = pd.DataFrame(rows, columns=["slug", "scaffold", "framework"], dtype=object)
    return frame.assign(
        sharing=frame.groupby("scaffold")["slug"].transform("size").astype(int),
        sharing_framework=frame.groupby("framework")["slug"].transform("size").astype(int),
    )
