"""Hazards of a compound by structure and target: rows with their base rates, and words where nothing can be asked."""

import pytest

from explorer import queries
from explorer.components.hazards import hazard_rows
from tests.test_structure import components


def words_of(told):
    """Everything that is written in the rows."""
    parts = hazard_rows(
        told, predicted=queries.admet("demo", "bortezomib") | {"rows": []}, slug="x", label="x", of_map="demo"
    )
    return " ".join(str(node) for part in parts for node in components(part.to_plotly_json()))


def test_an_alert_stands_beside_its_base_rates(client):
    """Bortezomib's boron is an alert of two lists; each says how common it is among drugs and on this map."""
    told = queries.hazards("demo", "compound:bortezomib")
    by_list = {a["of"]: a for a in told["alerts"]}
    assert by_list["Brenk"]["names"] == ["heavy_metal"]
    assert by_list["Brenk"]["drugs"] == pytest.approx(0.49)
    assert 0 < by_list["NIH"]["here"] < 1
    assert by_list["PAINS"]["names"] == []
    assert told["liabilities"] == []


def test_without_targets_or_structure_nothing_is_claimed(client):
    """No target: the panel cannot be asked. No structure: no alert can be looked for. Neither is 'none found'."""
    told = {"alerts": None, "liabilities": [], "targets": 0, "panel": "panel"}
    said = words_of(told)
    assert "no target on record" in said
    assert "no alert can be looked for" in said
    assert "none" not in said.replace("k-none", "")


def test_base_rates_of_a_map_are_shares(client):
    """Every list has a rate between 0 and 1 over the readable structures."""
    rates = queries.alert_rates("demo")
    assert rates["n"] > 100
    assert all(0 <= rates[name] <= 1 for name in ("PAINS", "Brenk", "NIH"))
