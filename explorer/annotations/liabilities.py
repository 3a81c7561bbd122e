"""Targets whose modulation is known to cause harm: the panel that drug makers screen new compounds against.

Source: Bowes et al. 2012, "Reducing safety-related drug attrition", doi:10.1038/nrd3845: 44 targets recommended by four
companies, here by gene symbol.
"""

from __future__ import annotations

from collections.abc import Sequence

SOURCE = "44 targets of Bowes et al. 2012, doi:10.1038/nrd3845"
#: Class of target to the gene symbols of the panel; of a channel of several subunits the main one.
PANEL = {
    "receptor": "ADORA2A ADRA1A ADRA2A ADRB1 ADRB2 CNR1 CNR2 CCKAR DRD1 DRD2 EDNRA HRH1 HRH2 OPRD1 OPRK1 OPRM1 "
    "CHRM1 CHRM2 CHRM3 HTR1A HTR1B HTR2A HTR2B AVPR1A",
    "ion channel": "CHRNA4 CACNA1C GABRA1 KCNH2 KCNQ1 GRIN1 HTR3A SCN5A",
    "enzyme": "ACHE PTGS1 PTGS2 MAOA PDE3A PDE4D LCK",
    "transporter": "SLC6A2 SLC6A3 SLC6A4",
    "nuclear receptor": "AR NR3C1",
}


def liabilities(targets: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Those of some targets that are on the panel, each with its class, in the order given."""
    classes = {gene: kind for kind, genes in PANEL.items() for gene in genes.split()}
    return tuple((target, classes[target]) for target in dict.fromkeys(targets) if target in classes)
