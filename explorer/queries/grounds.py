"""What similarities of a map are judged by: its own cut-offs, its nulls, and what its similarity is called."""

from __future__ import annotations

import numpy as np

from explorer.atlas import opened
from explorer.maps.relate_setting import Setting
from explorer.queries.nulls import draws_of
from explorer.queries.rows import memo
from explorer.statistics.gene_cosines import gene_cosines

#: Gene pairs below which 0.1 % of them is no number to go by.
_FEWEST_PAIRS = 1_000


@memo
def cutoffs(of_map: str) -> dict:
    """Similarities beyond which few pairs of genes lie, for each sign.

    Returns
    -------
    dict
        `pairs`, the gene pairs they come from, and `presets`: loose (5 % a sign), default (1 %) and strict (0.1 %),
        each [low, high]. No presets below 1,000 pairs.
    """
    m = opened(of_map).map
    found = gene_cosines(np.asarray(m.features[m.gene_rows])).cutoffs()
    presets = {name: [round(float(x), 4) for x in pair] for name, pair in found.presets.items()}
    return {"pairs": found.pairs, "presets": presets if found.pairs >= _FEWEST_PAIRS else {}}


def similarity(of_map: str) -> dict:
    """What the similarity of the map is called: `short` and `long`, as `Setting.said`."""
    relation = opened(of_map).map.relation
    return (Setting() if relation is None else relation.setting).said


def grounds(of_map: str) -> dict:
    """What the numbers of a similarity rest on, for tooltips.

    Returns
    -------
    dict
        `similarity`, what it is called; `genes` and `compounds` on the map; `draws` behind a p-value of each kind (0:
        not tested); `pairs` and `presets` of `cutoffs`.
    """
    m = opened(of_map).map
    return {
        "similarity": similarity(of_map),
        "genes": len(m.gene_rows),
        "compounds": int((m.entities["kind"] == "compound").sum()),
        "draws": {kind: draws_of(of_map, kind) for kind in ("gene", "compound")},
        **cutoffs(of_map),
    }
