"""The questions that pages, the command line and the API ask: plain values in, frames or plain values out.

Every query names its map by key and is memoised here, and only here, under the build of that map.
"""

from explorer.queries.biology import (
    gene_set,
    known_sources,
    relations,
    relations_to,
    sets_of,
)
from explorer.queries.concentrations import (
    best_concentration,
    best_target,
    beyond_targets,
    by_concentration,
    place,
    targets,
)
from explorer.queries.curves import (
    compound_profiles,
    curve_genes,
    curve_roles,
    curves,
    gene_profiles,
    responses,
)
from explorer.queries.enrichment import (
    enrichment,
)
from explorer.queries.entities import (
    arm,
    chemistry,
    compound_names,
    label,
    labels,
    resolve,
)
from explorer.queries.hazards import alert_rates, hazards
from explorer.queries.named_structure import (
    named_structure,
)
from explorer.queries.neighbours import (
    similar_compounds,
    similar_genes,
)
from explorer.queries.nulls import (
    draw_nulls,
)
from explorer.queries.overview import (
    absences,
    compound_rule,
    examples,
    has,
    null_of,
    on_target,
    strongest_pairs,
    summary,
)
from explorer.queries.rows import (
    row,
)
from explorer.queries.searching import (
    as_lines,
    joined,
    names_of,
    resolve_list,
    suggest,
)
from explorer.queries.structure import (
    inferred_genes,
    nearest_structure,
    structure_hits,
    structure_phenotype,
    typed_structure,
)
from explorer.queries.toxicity import (
    safe_window,
    toxicity,
)
from explorer.statistics.structure_phenotype import ALIKE

__all__ = [
    "ALIKE",
    "absences",
    "alert_rates",
    "arm",
    "as_lines",
    "best_concentration",
    "best_target",
    "beyond_targets",
    "by_concentration",
    "chemistry",
    "compound_names",
    "compound_profiles",
    "compound_rule",
    "curve_genes",
    "curve_roles",
    "curves",
    "draw_nulls",
    "enrichment",
    "examples",
    "gene_profiles",
    "gene_set",
    "has",
    "hazards",
    "inferred_genes",
    "joined",
    "known_sources",
    "label",
    "labels",
    "named_structure",
    "names_of",
    "nearest_structure",
    "null_of",
    "on_target",
    "place",
    "relations",
    "relations_to",
    "resolve",
    "resolve_list",
    "responses",
    "row",
    "safe_window",
    "sets_of",
    "similar_compounds",
    "similar_genes",
    "strongest_pairs",
    "structure_hits",
    "structure_phenotype",
    "suggest",
    "summary",
    "targets",
    "toxicity",
    "typed_structure",
]
