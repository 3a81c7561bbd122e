"""The command lines that the README gives for openly licensed tables; `$DATA` and `$MAPS` are folders."""

PILOT = (
    "keyhole build table $DATA/cpjump1_phenotype/jump_phenotype_profiles.tsv.gz"
    " --label treatment --kind treatment_type --kind-values gene=crispr,compound=compound"
    " --where Cell_type={line} --batch Metadata_Plate --plate Metadata_Plate --well Metadata_Well --count cell_count"
    " --features '^(?!Time$)' --transform log --align robust"
    " --compounds $DATA/cpjump1_meta/JUMP-Target-1_compound_metadata_targets.tsv --compounds-key pert_iname"
    " --licence 'CC BY 4.0' --cite WayScience/phenotypic_profiling"
    " --name 'CPJUMP1 phenotypes, {line}' --out $MAPS/{out}"
)

COMMANDS = {
    "cpjump1-a549": PILOT.format(line="A549", out="cpjump1-a549"),
    "cpjump1-u2os": PILOT.format(line="U2OS", out="cpjump1-u2os"),
    "injury": (
        "keyhole build table $DATA/injury_dahlin/fs_plate_holdout.csv.gz $DATA/injury_dahlin/fs_well_holdout.csv.gz"
        " $DATA/injury_dahlin/fs_treatment_holdout.csv.gz"
        " --label 'Compound Name' --kind-all compound --concentration 'Compound Concentration (microMolar)'"
        " --batch 'Experimental Condition [Experimental Batch]' --plate Plate --well Well"
        " --control-col 'Control Type' --control Negative"
        " --smiles 'Compound SMILES' --count 'Relative well cellcount'"
        " --features '^(Cells|Cytoplasm|Nuclei)_' --align centerscale"
        " --licence 'CC BY 4.0' --cite doi:10.1038/s41467-023-36829-x --name 'Cell injury' --out $MAPS/injury"
    ),
    "bbbc021": (
        "keyhole build table $DATA/bbbc021/BBBC021_feature_selected_mad_robustize.csv"
        " --label Metadata_Compound --kind-all compound --concentration Metadata_Concentration --control DMSO"
        " --batch Metadata_Plate --plate Metadata_Plate --well Metadata_Well"
        " --compounds $DATA/bbbc021/BBBC021_v1_moa.csv --compounds-key compound"
        " --licence MIT --cite doi:10.1038/nmeth.2083 --name BBBC021 --out $MAPS/bbbc021"
    ),
    "lincs": (
        "keyhole build table $DATA/lincs_plate/SQ00015054_normalized_feature_select.csv.gz"
        " --label Metadata_broad_sample --kind-all compound --concentration Metadata_mmoles_per_liter --control DMSO"
        " --plate Metadata_Plate --well Metadata_Well --align none"
        " --compounds $DATA/lincs_plate/SQ00015054_normalized_feature_select.csv.gz"
        " --compounds-key Metadata_broad_sample"
        " --licence BSD-3-Clause --cite cytomining/cytominer-eval --name 'LINCS plate' --out $MAPS/lincs"
    ),
    "periscope": (
        "keyhole build table $DATA/periscope/HeLa_HPLM_hit_list_PCA.csv"
        " --label Metadata_Foci_Barcode_MatchedTo_GeneCode --kind-all gene"
        " --licence BSD-3-Clause --cite broadinstitute/2022_PERISCOPE --name PERISCOPE --out $MAPS/periscope"
    ),
}
