"""What Help says: how each page gets its numbers, what they cannot say, the field's words, and the keys."""

from __future__ import annotations

#: Page, how it gets its numbers, and where the method stands.
METHODS = (
    (
        "Map",
        "Wells are aligned on control wells of their experiment, averaged into one vector a gene knockout or "
        "compound-concentration, and brought to length 1. The similarity of two is their dot product, the cosine.",
        "Celik et al. 2024, doi:10.1371/journal.pcbi.1012463; typical variation normalisation: Ando et al. 2017, "
        "doi:10.1101/161422",
    ),
    (
        "Representations",
        "A molecule as text, as Morgan bits (radius 2, 2,048), as a graph of atom tokens (Morgan invariants of radius "
        "0) with topological distances, and as a learned embedding (MiniMol, or a table of your own). Neighbours by "
        "each are compared by the names that two lists of ten share, against what two random lists share "
        "(hypergeometric). Mean average precision: a hit shares a target; interval by drawing compounds again, null by "
        "shuffling targets among compounds.",
        "Rogers and Hahn 2010, doi:10.1021/ci100050t; Méndez-Lucio et al. 2024, doi:10.1038/s41467-024-53751-y; "
        "Kläser et al. 2024, arXiv:2404.14986",
    ),
    (
        "Activity",
        "Consistency is the mean pairwise cosine of the n replicate wells, (n|m|² − 1)/(n − 1) with m the mean of the "
        "unit rows. p = (1 + null draws that reach it)/(1 + draws), each draw n control wells of the same experiments; "
        "q by Benjamini and Hochberg within genes and within compounds; active is q ≤ 0.05.",
        "Celik et al. 2024, doi:10.1371/journal.pcbi.1012463; Benjamini and Hochberg 1995, "
        "doi:10.1111/j.2517-6161.1995.tb02031.x",
    ),
    (
        "Gene, Compound",
        "Neighbours are ranked by |cosine|. The map score is the signed percentile of |cosine| among all compared. p "
        "is the share of means of as many control wells that are as similar or opposite to the same gene. A compound "
        "at its strongest concentration is held against noise that took its strongest over as many.",
        "Benjamini and Hochberg 1995, doi:10.1111/j.2517-6161.1995.tb02031.x",
    ),
    (
        "Curves",
        "y = b + (t − b)/(1 + 10^(h (log EC50 − log c))) through the cosine at each concentration, shown only where "
        "the compound is active and it beats a flat line by AICc; an EC50 outside the tested range is refused.",
        "Hurvich and Tsai 1989, doi:10.1093/biomet/76.2.297",
    ),
    (
        "Structure",
        "Tanimoto similarity of Morgan fingerprints, radius 2, 2,048 bits. What an off-map molecule might look like is "
        "the consensus of its nearest structures, labelled inferred, and refused below 0.3.",
        "Rogers and Hahn 2010, doi:10.1021/ci100050t",
    ),
    (
        "Set",
        "Coherence is the mean pairwise cosine of the active members. p = (1 + random sets at least as alike)/(1 + "
        "sets), each of as many active named genes of this map; the same without pairs on one chromosome arm stands "
        "beside it. Candidates are genes outside, ranked by their cosine to the mean of the members.",
        "Phipson and Smyth 2010, doi:10.2202/1544-6115.1585; leaf order: Bar-Joseph et al. 2001, "
        "doi:10.1093/bioinformatics/17.suppl_1.S22",
    ),
    (
        "Quality",
        "Recall 5/95 is the share of known pairs below the 5th or above the 95th percentile of all gene pairs; random "
        "pairs give 0.10. Matched pairs keep every gene's number of partners, so that strong genes alone do not raise "
        "it. Drug-target: average precision and ROC-AUC of |cosine| of annotated targets among sampled other genes.",
        "Celik et al. 2024, doi:10.1371/journal.pcbi.1012463; Kraus et al. 2025, doi:10.48550/arXiv.2503.20158",
    ),
    (
        "Arm bias",
        "P(within > between) compares cosines of pairs on one chromosome arm with pairs on two, arm by arm "
        "(Brunner and Munzel, Bonferroni); 0.5 is no bias. The p of the whole map shuffles arms among genes.",
        "Lazar et al. 2024, doi:10.1038/s41588-024-01758-y; Brunner and Munzel 2000, "
        "doi:10.1002/(SICI)1521-4036(200001)42:1<17::AID-BIMJ17>3.0.CO;2-U",
    ),
    (
        "Enrichment",
        "The hypergeometric probability of as many hits or more, drawn from the active named genes of this map; sets "
        "of 5 to 500 members there; q over all tested sets.",
        "Rivals et al. 2007, doi:10.1093/bioinformatics/btl633",
    ),
)

WORDS = {
    "Perturbation": "a gene knockout, or a compound at one concentration",
    "Profiles": "features of wells with their metadata, before they are a map",
    "Map": "one vector for each perturbation, made from pictures of cells",
    "Experiment": "a batch: plates that were handled together and share control wells",
    "Control": "a well in which nothing was done, or a guide without a target",
    "Replicate": "a well with the same perturbation as another",
    "Cosine": "how much two vectors point the same way: 1 the same, 0 unrelated, −1 opposite",
    "Similarity": "what stands in for the cosine where a map's rows were centred or weighted; read the same way",
    "Map score": "signed percentile of the strength of similarity among all that was compared, −100 to 100",
    "Rank": "1 for the strongest |cosine|; similar and opposite share one ranking",
    "Consistency": "mean pairwise cosine of the replicate wells of a perturbation",
    "Magnitude": "length of the mean aligned vector of a perturbation",
    "Null": "what a number would be if nothing were there: control wells, random sets or shuffled labels",
    "Active": "consistency beyond what as many control wells reach by chance, q ≤ 0.05 (Benjamini-Hochberg)",
    "Relationship": "a pair of genes that a loaded source lists, such as two subunits of a complex",
    "Recall": "share of known relationships among the most similar and most opposite gene pairs",
    "Known, weak, new": "listed by a source; only in a set of more than 100 members; in no loaded source",
    "Candidate": "looks like it by the cells; a hypothesis, never a member or a target",
    "Coherence": "mean pairwise cosine of the members of a set",
    "Arm": "p or q side of a chromosome; a cut can cost the cell the rest of it",
    "Band": "5th to 95th percentile of the cosine to all genes at that concentration",
    "Tanimoto": "share of structural features two molecules have in common (ECFP4), 0 to 1",
    "Scaffold hop": "another structure, the same cells: Tanimoto < 0.5 and q ≤ 0.05",
    "Toxic by count": "the wells hold fewer than half of the cells of the plate's controls",
    "Prediction": "computed by ADMET-AI from the structure alone, beside its score on held-out molecules; not measured",
    "Blinded": "a gene that the owner of the data has not named",
}

LIMITS = (
    "Alike in pictures is not the same mechanism. A neighbour is a hypothesis to test.",
    "The vector of a compound rests on few wells, that of a gene often on many: their raw cosines do not compare.",
    "Where a perturbation is not active, its neighbours follow noise. They are shown in grey.",
    "At toxic concentrations compounds look alike because cells die.",
    "Knockouts on one chromosome arm can look alike because of the cut itself. Such pairs are hatched.",
    "Recall counts what is known. A pair that no source lists may be wrong, or new; recall cannot tell.",
    "Published recall is of another screen with other genes: a landmark beside this map, not a ranking.",
    "A set of few members can be coherent by one strong pair; look at the heatmap before the p.",
    "One cell type, one time, one set of stains: what is silent here may be loud elsewhere.",
)

KEYS = {
    "Ctrl K or /": "search: a gene, compound, disease, set, id or structure; or paste a list of names",
    "↑ ↓ Enter": "choose a suggestion",
    "Esc": "close the suggestions",
    "?": "this list of keys",
    "Tab": "next link, button or table; Enter follows it",
    "Drag in a plot": "look closer; double-click for the whole",
    "Click a heading": "sort a table; the row below it filters",
}
