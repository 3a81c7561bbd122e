"""The questions that pages, the command line and the API ask: plain values in, frames or plain values out.

Every query names its map by key and is memoised here, and only here, under the build of that map.
"""

from explorer.queries.annotation_sources import (
    annotation_sources,
    compound_facts,
    compound_targets,
)
from explorer.queries.biology import (
    gene_set,
    index_sets,
    is_named,
    known_sources,
    relations,
    relations_of,
    relations_to,
    sets_of,
    unblinded,
)
from explorer.queries.candidate_links import (
    candidate_links,
    pair_links,
)
from explorer.queries.common_structure import common_structure
from explorer.queries.compare import (
    NEAREST,
    across_maps,
    by_concentration_against,
    compared_pairs,
    curve_references,
    has_label,
    looked_at,
    shared_neighbours,
)
from explorer.queries.concentrations import (
    best_concentration,
    best_target,
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
    top_neighbours,
)
from explorer.queries.entities import (
    arm,
    chemistry,
    compound_names,
    label,
    labels,
    resolve,
)
from explorer.queries.grounds import (
    cutoffs,
    grounds,
    similarity,
)
from explorer.queries.hazards import (
    alert_rates,
    hazards,
)
from explorer.queries.heatmap import (
    MOST_LISTED,
    MOST_PIXELS,
    edges,
    heatmap_axis,
    heatmap_groups,
    heatmap_kinds,
    heatmap_orders,
    heatmap_pairs,
    heatmap_window,
)
from explorer.queries.home_examples import (
    home_examples,
)
from explorer.queries.links import (
    best_new,
    genes_beside,
    target_at_safe,
    targets_at,
)
from explorer.queries.molecule import bond_distances, molecule_views
from explorer.queries.named_structure import (
    named_structure,
)
from explorer.queries.neighbours import (
    similar_compounds,
    similar_genes,
)
from explorer.queries.network import MOST_GENES, network, network_cuts, network_labels, network_pairs
from explorer.queries.network_files import network_about, network_file
from explorer.queries.network_genes import nearest_genes, nearest_to_all, neighbourhood
from explorer.queries.network_known import has_known
from explorer.queries.network_picture import PICTURED, PICTURED_EDGES, neighbourhood_picture
from explorer.queries.nulls import (
    draw_nulls,
)
from explorer.queries.overview import (
    absences,
    compound_rule,
    has,
    null_of,
    on_target,
    prepare,
    strongest_pairs,
    summary,
)
from explorer.queries.perturbations import (
    described,
    described_row,
    find_perturbation,
    signed,
    suggest_perturbations,
)
from explorer.queries.phenotype import STATISTICS, control_draws
from explorer.queries.predictions import (
    admet,
    prediction_sources,
)
from explorer.queries.projection import (
    about_projection,
    cluster_names,
    map_colors,
    map_sets,
    methods,
    point_values,
    points,
    projection,
)
from explorer.queries.quality import (
    activity_rates,
    alignment_evidence,
    arm_bias,
    batches,
    cosine_histogram,
    drug_target_anchor,
    recall,
    stored_check,
)
from explorer.queries.representations import (
    compared_compounds,
    embedding_strips,
    embedding_tables,
    example_compound,
    nearest_by_each,
    nearest_overlaps,
    not_compared,
    representations,
    shared_targets,
)
from explorer.queries.rows import (
    row,
)
from explorer.queries.scaffolds import scaffolds, with_scaffolds
from explorer.queries.searching import (
    as_lines,
    joined,
    names_of,
    resolve_list,
    suggest,
)
from explorer.queries.selection import (
    by_noise,
    candidates,
    query_vector,
    ranked,
    similarity_to,
    wanted_region,
    windows,
    with_q,
)
from explorer.queries.selection_examples import (
    avoidable,
    selection_examples,
)
from explorer.queries.sets_index import (
    find_sets,
    set_sources,
)
from explorer.queries.sets_page import (
    beside_set,
    coherence,
    compounds_beside_set,
    is_list,
    overlapping_sets,
    set_members,
    set_on_map,
    set_square,
)
from explorer.queries.stories import (
    STORIES,
    stories,
    story,
    story_card,
    story_page,
    story_step,
)
from explorer.queries.story_pictures import (
    story_picture,
)
from explorer.queries.structure import (
    inferred_genes,
    nearest_structure,
    structure_hits,
    structure_phenotype,
    typed_structure,
)
from explorer.queries.structure_pairs import (
    MOST_COMPOUNDS,
    MOST_HOPS,
    close_pairs,
    hop_pairs,
    pair_null,
    selection_pairs,
    with_structure,
)
from explorer.queries.target_curves import target_curves
from explorer.queries.toxicity import (
    highest_safe,
    safe_window,
    toxicity,
)
from explorer.statistics.structure_phenotype import ALIKE

__all__ = [
    "ALIKE",
    "MOST_COMPOUNDS",
    "MOST_GENES",
    "MOST_HOPS",
    "MOST_LISTED",
    "MOST_PIXELS",
    "NEAREST",
    "PICTURED",
    "PICTURED_EDGES",
    "STATISTICS",
    "STORIES",
    "about_projection",
    "absences",
    "across_maps",
    "activity_rates",
    "admet",
    "alert_rates",
    "alignment_evidence",
    "annotation_sources",
    "arm",
    "arm_bias",
    "as_lines",
    "avoidable",
    "batches",
    "beside_set",
    "best_concentration",
    "best_new",
    "best_target",
    "bond_distances",
    "by_concentration",
    "by_concentration_against",
    "by_noise",
    "candidate_links",
    "candidates",
    "chemistry",
    "close_pairs",
    "cluster_names",
    "coherence",
    "common_structure",
    "compared_compounds",
    "compared_pairs",
    "compound_facts",
    "compound_names",
    "compound_profiles",
    "compound_rule",
    "compound_targets",
    "compounds_beside_set",
    "control_draws",
    "cosine_histogram",
    "curve_genes",
    "curve_references",
    "curve_roles",
    "curves",
    "cutoffs",
    "described",
    "described_row",
    "draw_nulls",
    "drug_target_anchor",
    "edges",
    "embedding_strips",
    "embedding_tables",
    "enrichment",
    "example_compound",
    "find_perturbation",
    "find_sets",
    "gene_profiles",
    "gene_set",
    "genes_beside",
    "grounds",
    "has",
    "has_known",
    "has_label",
    "hazards",
    "heatmap_axis",
    "heatmap_groups",
    "heatmap_kinds",
    "heatmap_orders",
    "heatmap_pairs",
    "heatmap_window",
    "highest_safe",
    "home_examples",
    "hop_pairs",
    "index_sets",
    "inferred_genes",
    "is_list",
    "is_named",
    "joined",
    "known_sources",
    "label",
    "labels",
    "looked_at",
    "map_colors",
    "map_sets",
    "methods",
    "molecule_views",
    "named_structure",
    "names_of",
    "nearest_by_each",
    "nearest_genes",
    "nearest_overlaps",
    "nearest_structure",
    "nearest_to_all",
    "neighbourhood",
    "neighbourhood_picture",
    "network",
    "network_about",
    "network_cuts",
    "network_file",
    "network_labels",
    "network_pairs",
    "not_compared",
    "null_of",
    "on_target",
    "overlapping_sets",
    "pair_links",
    "pair_null",
    "place",
    "point_values",
    "points",
    "prediction_sources",
    "prepare",
    "projection",
    "query_vector",
    "ranked",
    "recall",
    "relations",
    "relations_of",
    "relations_to",
    "representations",
    "resolve",
    "resolve_list",
    "responses",
    "row",
    "safe_window",
    "scaffolds",
    "selection_examples",
    "selection_pairs",
    "set_members",
    "set_on_map",
    "set_sources",
    "set_square",
    "sets_of",
    "shared_neighbours",
    "shared_targets",
    "signed",
    "similar_compounds",
    "similar_genes",
    "similarity",
    "similarity_to",
    "stored_check",
    "stories",
    "story",
    "story_card",
    "story_page",
    "story_picture",
    "story_step",
    "strongest_pairs",
    "structure_hits",
    "structure_phenotype",
    "suggest",
    "suggest_perturbations",
    "summary",
    "target_at_safe",
    "target_curves",
    "targets",
    "targets_at",
    "top_neighbours",
    "toxicity",
    "typed_structure",
    "unblinded",
    "wanted_region",
    "windows",
    "with_q",
    "with_scaffolds",
    "with_structure",
]
