"""What ADMET-AI predicts of a compound: four rows among the evidence, the rest by group, always called predictions.

No row is marked and none is summed up: a probability of a model that was trained on drugs is no verdict on a compound.
"""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from explorer.chemistry.endpoints import CITATION, CYTOTOXICITY_AUROC, EVIDENCE, MODEL, NEAR, PROBABILITY
from explorer.components import states
from explorer.components.evidence import evidence_row
from explorer.components.tiles import tile
from explorer.figures import words

#: Tanimoto similarity from which two structures have the same bits.
SAME = 0.9999
TRAINED = "may be in the training data"
BLIND = (
    f"It does not see cytotoxicity: AUROC at most {CYTOTOXICITY_AUROC:.2f} for any endpoint against cytotoxicity "
    "labels of 486 compounds."
)
WOULD_ADD = (
    f" would add predictions of {MODEL}: hERG, AMES, liver injury, absorption, metabolism, each with its test score."
)
#: Groups side by side, so that three columns come out about as long.
COLUMNS = (("Absorption", "Distribution"), ("Metabolism", "Excretion"), ("Toxicity", "Tox21 assays"))


def prediction_rows(told: dict) -> list[Component]:
    """The rows among the evidence of hazards, out of `queries.admet`; none where nothing is predicted."""
    by_key = {r["key"]: r for r in told["rows"]}
    return [_evidence(by_key[key]) for key in EVIDENCE if key in by_key]


def prediction_notes(told: dict) -> list[Component]:
    """What has to be said under those rows, or why there are none."""
    if told["state"] == "predicted":
        said = f"Predictions: probabilities by {MODEL} from the structure; the compound {TRAINED}. {_near(told)}{BLIND}"
        return [html.P(said, className="k-says k-predicted-note")]
    if told["state"] == "no structure":
        return []
    if told["state"] == "absent":
        return [html.P([html.Code("keyhole chem admet"), WOULD_ADD], className="k-says k-predicted-note")]
    return [states.absent(told["why"])]


def predictions_tile(told: dict) -> list[Component]:
    """The tile of the properties that are not among the evidence; none where nothing is predicted."""
    if told["state"] != "predicted":
        return []
    rows = [r for r in told["rows"] if r["key"] not in EVIDENCE]
    columns = [html.Div([_group(g, rows) for g in groups]) for groups in COLUMNS]
    says = (
        f"Predictions from the structure; the compound {TRAINED}. {_near(told)}Without a unit: probability. hERG, "
        "AMES, DILI, ClinTox: among the evidence."
    )
    made_by = html.Small(told["made_by"], className="k-muted", title=f"{CITATION}; predicted on {told['date']}")
    title = f"Predicted properties ({MODEL})"
    return [tile(title, html.Div(columns, className="k-predicted"), says=says, tools=made_by, className="k-wide")]


def _group(group: str, rows: list[dict]) -> Component:
    head = html.Tr([html.Th(name, scope="col") for name in (group, "Predicted", "Held-out test")])
    body = [_property(r) for r in rows if r["group"] == group]
    return html.Table([html.Thead(head), html.Tbody(body)], className="k-evidence")


def _property(row: dict) -> Component:
    small = html.Small(f" {row['unit']}") if row["unit"] else ""
    value = html.Td([_value(row), small], className="k-predicted-value", title=_title(row))
    return html.Tr([html.Th(row["label"], scope="row"), value, html.Td(_tested(row))])


def _evidence(row: dict) -> Component:
    found = html.Td(_value(row), className="k-number", title=_title(row))
    return evidence_row(row["label"], found, f"{_tested(row)} on held-out test", "prediction", passed=False)


def _value(row: dict) -> Component:
    if row["limit"] is not None:
        return html.B(f"{'≤' if row['value'] < row['limit'] else '≥'} {row['limit']:.0f}")
    return html.B(words.number(row["value"], 2 if abs(row["value"]) < 10 else 1))


def _title(row: dict) -> str:
    if row["limit"] is not None:
        return f"the model gave {words.number(row['value'], 1)}, which cannot be"
    return "probability of the class, 0 to 1" if row["kind"] == PROBABILITY else row["unit"]


def _tested(row: dict) -> str:
    return f"{row['metric']} {words.number(row['score'], 2)}"


def _near(told: dict) -> str:
    """How near the structure is to drugs: a hint whether the models know its kind."""
    if told["nearest"] is None or told["drugs"] is None:
        return ""
    hint = ", outside: no drug is like it" if told["nearest"] < NEAR else ""
    hint = ", one of them up to stereochemistry" if told["nearest"] > SAME else hint
    return f"Nearest of {told['drugs']:,} approved drugs: Tanimoto {words.number(told['nearest'], 2)}{hint}. "
