"""Write `admet_recorded.csv`: what the installed ADMET-AI says of ten named molecules.

To be run by hand, with the extra, when its version changes: `python -m tests.chemistry.record_admet`.
"""

from pathlib import Path

import pandas as pd

from explorer.chemistry.admet import load_forward, predict
from explorer.chemistry.endpoints import KEYS

RECORDED = Path(__file__).with_name("admet_recorded.csv")
MOLECULES = {
    "aspirin": "CC(=O)Oc1ccccc1C(=O)O",
    "caffeine": "Cn1c(=O)c2c(ncn2C)n(C)c1=O",
    "metformin": "CN(C)C(=N)NC(=N)N",
    "terfenadine": "CC(C)(C)c1ccc(cc1)C(O)CCCN1CCC(CC1)C(O)(c1ccccc1)c1ccccc1",
    "haloperidol": "O=C(CCCN1CCC(O)(CC1)c1ccc(Cl)cc1)c1ccc(F)cc1",
    "tolcapone": "Cc1ccc(cc1)C(=O)c1cc(O)c(O)c(c1)[N+](=O)[O-]",
    "2-nitrofluorene": "O=[N+]([O-])c1ccc2c(c1)Cc1ccccc1-2",
    "colchicine": "COc1cc2c(c(OC)c1OC)-c1ccc(OC)c(=O)cc1[C@@H](NC(C)=O)CC2",
    "bortezomib": "CC(C)C[C@H](NC(=O)[C@H](Cc1ccccc1)NC(=O)c1cnccn1)B(O)O",
    "ethanol": "CCO",
}


def predicted() -> pd.DataFrame:
    """The ten molecules by name, a column an endpoint."""
    found = predict(list(MOLECULES.values()), load_forward())
    assert found["refused"].eq("").all()
    return found.set_index(pd.Index(MOLECULES, name="name"))[list(KEYS)]


if __name__ == "__main__":
    predicted().to_csv(RECORDED, float_format="%.5f")
