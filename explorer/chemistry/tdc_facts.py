"""Published and measured facts on representations: the 22 ADMET tasks of the Therapeutics Data Commons.

Ranks of MolE are those shown in Recursion's talk; the paper (Méndez-Lucio et al. 2024, doi:10.1038/s41467-024-53751-y)
says that it was the best of the leaderboard of September 2023 on 10 of the 22. No score is repeated here that was not
given with its source.
"""

from __future__ import annotations

from dataclasses import dataclass

MOLE = "Méndez-Lucio et al. 2024, doi:10.1038/s41467-024-53751-y"


@dataclass(frozen=True)
class Task:
    """A task of the leaderboard: its name there, what is predicted, its metric, and the rank of MolE in the talk."""

    name: str
    about: str
    metric: str
    rank: int


@dataclass(frozen=True)
class Measured:
    """A representation on two tasks: value and 95 % bootstrap interval of the test molecules; None where not given.

    Measured with random forests of 500 trees, 5 seeds, on one split of the leaderboard.
    """

    name: str
    absorption: tuple[float, float | None, float | None]
    half_life: tuple[float, float | None, float | None]
    published: str = ""


TASKS = (
    Task("Caco2_Wang", "permeability of Caco-2 cells", "MAE", 2),
    Task("HIA_Hou", "human intestinal absorption", "AUROC", 6),
    Task("Pgp_Broccatelli", "P-glycoprotein inhibition", "AUROC", 5),
    Task("Bioavailability_Ma", "oral bioavailability", "AUROC", 5),
    Task("Lipophilicity_AstraZeneca", "lipophilicity", "MAE", 1),
    Task("Solubility_AqSolDB", "aqueous solubility", "MAE", 3),
    Task("BBB_Martins", "blood-brain barrier", "AUROC", 2),
    Task("PPBR_AZ", "plasma protein binding", "MAE", 1),
    Task("VDss_Lombardo", "volume of distribution", "Spearman", 1),
    Task("CYP2C9_Veith", "CYP2C9 inhibition", "AUPRC", 1),
    Task("CYP2D6_Veith", "CYP2D6 inhibition", "AUPRC", 2),
    Task("CYP3A4_Veith", "CYP3A4 inhibition", "AUPRC", 2),
    Task("CYP2C9_Substrate", "CYP2C9 substrate", "AUPRC", 1),
    Task("CYP2D6_Substrate", "CYP2D6 substrate", "AUPRC", 1),
    Task("CYP3A4_Substrate", "CYP3A4 substrate", "AUROC", 2),
    Task("Half_Life_Obach", "half-life", "Spearman", 1),
    Task("Clearance_Hepatocyte_AZ", "clearance, hepatocytes", "Spearman", 6),
    Task("Clearance_Microsome_AZ", "clearance, microsomes", "Spearman", 1),
    Task("LD50_Zhu", "acute toxicity", "MAE", 1),
    Task("hERG", "hERG blockade", "AUROC", 4),
    Task("AMES", "mutagenicity", "AUROC", 8),
    Task("DILI", "liver injury", "AUROC", 5),
)

MEASURED = (
    Measured("Morgan counts, radius 2", (0.987, 0.963, 0.999), (0.534, 0.377, 0.652)),
    Measured("Morgan bits, radius 2", (0.955, 0.893, 0.995), (0.526, 0.357, 0.650)),
    Measured("atom tokens alone (208)", (0.985, 0.961, 1.0), (0.481, 0.292, 0.598)),
    Measured("RDKit descriptors (217)", (0.970, 0.931, 0.997), (0.493, 0.346, 0.625)),
    Measured("MiniMol (512)", (0.967, 0.934, 0.993), (0.658, 0.534, 0.750)),
    Measured("MolE", (0.963, None, None), (0.549, None, None), "published, ± .019 and ± .024 over seeds"),
    Measured("MiniMol", (0.993, None, None), (0.495, None, None), "published, ± .005 and ± .042 over seeds"),
)
