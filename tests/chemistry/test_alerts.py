"""Alerts are those of their published lists, named once, with the atoms that match."""

from explorer.annotations.liabilities import PANEL, liabilities
from explorer.chemistry.alerts import LISTS, alerts


def test_bortezomib_carries_boron_and_its_atom_is_named():
    """Brenk calls boron a heavy metal; the matched atom is the boron."""
    smiles = "CC(C)C[C@H](NC(=O)[C@H](Cc1ccccc1)NC(=O)c1cnccn1)B(O)O"
    found = {(a.of, a.name): a.atoms for a in alerts(smiles)}
    boron = found[("Brenk", "heavy_metal")]
    assert len(boron) == 1
    assert found.keys() <= {(x.name, name) for x in LISTS for _, name in found}


def test_a_quinone_is_a_pains_alert_and_a_sugar_is_not():
    """Known positives and negatives of the assay-interference list."""
    assert any(a.of == "PAINS" for a in alerts("O=C1C=CC(=O)C=C1"))
    assert not [a for a in alerts("OCC1OC(O)C(O)C(O)C1O") if a.of == "PAINS"]


def test_an_alert_is_named_once():
    """Two nitro groups are one alert with the atoms of both."""
    nitro = [a for a in alerts("O=[N+]([O-])c1ccc([N+](=O)[O-])cc1") if a.of == "Brenk" and a.name == "nitro_group"]
    assert len(nitro) == 1
    assert len(nitro[0].atoms) >= 6


def test_what_cannot_be_read_has_no_alerts_at_all():
    """None, which is not the same as no alert."""
    assert alerts("CC(") is None
    assert alerts("CCO") == ()


def test_the_panel_has_44_targets_and_finds_them():
    """hERG is a liability, the proteasome is none."""
    assert sum(len(g.split()) for g in PANEL.values()) == 44
    assert liabilities(["PSMB5", "KCNH2", "KCNH2"]) == (("KCNH2", "ion channel"),)
