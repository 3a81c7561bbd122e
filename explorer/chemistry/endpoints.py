"""The 41 endpoints of ADMET-AI: what each predicts, its unit, and how well it did on molecules it had not seen.

Scores are those that the package ships with its models (held-out test sets of the Therapeutics Data Commons). Two
endpoints did worse there than the mean of the test set would have (R² below 0) and are never shown. The package gives
the permeability in another unit than its values have: they are about -5, log10 cm/s.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

MODEL = "ADMET-AI"
CITATION = "Swanson et al., Bioinformatics 2024, btae416"
LICENCE = "MIT"
GROUPS = ("Absorption", "Distribution", "Metabolism", "Excretion", "Toxicity", "Tox21 assays")
PROBABILITY, VALUE = "probability", "value"

#: Tanimoto similarity to the nearest approved drug from which a structure counts as near what is known.
NEAR = 0.3
#: Highest AUROC of any of these endpoints (AMES) against cytotoxicity at usual concentrations, 486 compounds.
CYTOTOXICITY_AUROC = 0.67


@dataclass(frozen=True)
class Endpoint:
    """One predicted property.

    Attributes
    ----------
    key : str
        Its name in the model's output.
    label, unit : str
        As written; a probability has no unit.
    kind : str
        `PROBABILITY` (0 to 1, of a class) or `VALUE`.
    group : str
        One of `GROUPS`.
    metric, score : str, float
        `AUROC` of a probability, `R²` of a value, on held-out molecules.
    low, high : float
        Between which a value can be at all; the model itself knows no such limits.
    """

    key: str
    label: str
    unit: str
    kind: str
    group: str
    metric: str
    score: float
    low: float = -inf
    high: float = inf

    @property
    def hidden(self) -> bool:
        """Whether it is no better than the mean of its test set, and so not shown."""
        return self.metric == "R²" and self.score < 0


def _probability(group: str, key: str, label: str, score: float) -> Endpoint:
    return Endpoint(key, label, "", PROBABILITY, group, "AUROC", score, 0, 1)


def _value(group: str, key: str, label: str, unit: str, score: float, *limits: float) -> Endpoint:
    return Endpoint(key, label, unit, VALUE, group, "R²", score, *limits)


_A, _D, _M, _E, _T, _S = GROUPS
ENDPOINTS = (
    _probability(_A, "HIA_Hou", "Human intestinal absorption", 0.994),
    _probability(_A, "Bioavailability_Ma", "Oral bioavailability", 0.716),
    _value(_A, "Solubility_AqSolDB", "Aqueous solubility", "log10 mol/L", 0.817),
    _value(_A, "Lipophilicity_AstraZeneca", "Lipophilicity", "log10 D", 0.771),
    _value(_A, "HydrationFreeEnergy_FreeSolv", "Hydration free energy", "kcal/mol", 0.888),
    _value(_A, "Caco2_Wang", "Caco-2 permeability", "log10 cm/s", 0.707),
    _probability(_A, "PAMPA_NCATS", "PAMPA permeability", 0.786),
    _probability(_A, "Pgp_Broccatelli", "P-glycoprotein inhibition", 0.947),
    _probability(_D, "BBB_Martins", "Crosses blood-brain barrier", 0.900),
    _value(_D, "PPBR_AZ", "Plasma protein binding", "%", 0.589, 0, 100),
    _value(_D, "VDss_Lombardo", "Volume of distribution", "L/kg", -1.211, 0),
    _probability(_M, "CYP1A2_Veith", "CYP1A2 inhibition", 0.941),
    _probability(_M, "CYP2C19_Veith", "CYP2C19 inhibition", 0.906),
    _probability(_M, "CYP2C9_Veith", "CYP2C9 inhibition", 0.908),
    _probability(_M, "CYP2D6_Veith", "CYP2D6 inhibition", 0.886),
    _probability(_M, "CYP3A4_Veith", "CYP3A4 inhibition", 0.912),
    _probability(_M, "CYP2C9_Substrate_CarbonMangels", "CYP2C9 substrate", 0.628),
    _probability(_M, "CYP2D6_Substrate_CarbonMangels", "CYP2D6 substrate", 0.820),
    _probability(_M, "CYP3A4_Substrate_CarbonMangels", "CYP3A4 substrate", 0.705),
    _value(_E, "Half_Life_Obach", "Half-life", "h", -2.386, 0),
    _value(_E, "Clearance_Hepatocyte_AZ", "Hepatocyte clearance", "µL/min/10⁶ cells", 0.264, 0),
    _value(_E, "Clearance_Microsome_AZ", "Microsome clearance", "µL/min/mg", 0.277, 0),
    _probability(_T, "hERG", "hERG blocking", 0.839),
    _probability(_T, "AMES", "Mutagenic (AMES)", 0.882),
    _probability(_T, "DILI", "Liver injury (DILI)", 0.881),
    _probability(_T, "ClinTox", "Clinical (ClinTox)", 0.928),
    _probability(_T, "Carcinogens_Lagunin", "Carcinogenicity, rodent", 0.772),
    _probability(_T, "Skin_Reaction", "Skin reaction, mouse", 0.718),
    _value(_T, "LD50_Zhu", "Acute toxicity, rat LD50", "−log10 mol/kg", 0.596),
    _probability(_S, "NR-AR", "Androgen receptor", 0.779),
    _probability(_S, "NR-AR-LBD", "Androgen receptor LBD", 0.883),
    _probability(_S, "NR-AhR", "Aryl hydrocarbon receptor", 0.904),
    _probability(_S, "NR-Aromatase", "Aromatase", 0.906),
    _probability(_S, "NR-ER", "Estrogen receptor", 0.749),
    _probability(_S, "NR-ER-LBD", "Estrogen receptor LBD", 0.826),
    _probability(_S, "NR-PPAR-gamma", "PPAR-γ", 0.916),
    _probability(_S, "SR-ARE", "Oxidative stress (ARE)", 0.838),
    _probability(_S, "SR-ATAD5", "Genotoxic stress (ATAD5)", 0.879),
    _probability(_S, "SR-HSE", "Heat shock (HSE)", 0.843),
    _probability(_S, "SR-MMP", "Mitochondrial potential (MMP)", 0.925),
    _probability(_S, "SR-p53", "p53 response", 0.880),
)
KEYS = tuple(e.key for e in ENDPOINTS)
#: What stands among the rows of evidence, and so not again in the table of properties.
EVIDENCE = ("hERG", "AMES", "DILI", "ClinTox")
