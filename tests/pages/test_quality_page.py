"""The quality page: what is kept is shown, what is not kept is measured or named, on every map."""

from __future__ import annotations

import json

import pytest

from explorer import atlas, queries


def ask(client, output: str, *inputs: tuple[str, str, object]):
    """What the browser asks to fill a part of the page."""
    id, _, prop = output.rpartition(".")
    body = {
        "output": output,
        "outputs": {"id": id, "property": prop},
        "inputs": [{"id": i, "property": p, "value": v} for i, p, v in inputs],
        "changedPropIds": [f"{inputs[0][0]}.{inputs[0][1]}"],
        "state": [],
    }
    return client.post("/_dash-update-component", json=body)


def recall_of(client, key: str, tail: object = "05"):
    page = ("quality-measured", "data", {"map": key})
    return ask(client, "quality-recall.children", page, ("quality-tail", "value", tail), ("theme", "data", "dark"))


@pytest.fixture
def kept(opened):
    """Writes a check beside an odd map, and takes it away again."""
    atlas.use(opened)
    written = []

    def keep(key: str, content: object):
        m = opened.maps[key].map
        file = m.folder.parent / f"check-{m.build}.json"
        told = {"build": m.build, **content} if isinstance(content, dict) else content
        file.write_text(told if isinstance(told, str) else json.dumps(told), encoding="utf-8")
        written.append(file)

    yield keep
    for file in written:
        file.unlink(missing_ok=True)


RECALL = {"source": "CORUM", "pairs": 1209, "recall_05": 0.4321, "random_05": 0.1, "p_05": 0.001, "recall_10": 0.5678}


def test_recall_of_the_demo_is_measured_and_said(client, render):
    """Without a kept check, recall of the loaded sources stands beside chance and published figures, and n."""
    page = render("/quality")
    assert "keyhole check MAP --relationships PATH" in page
    told = recall_of(client, "demo").get_data(as_text=True)
    found = queries.recall("demo")
    assert [r["source"] for r in found["cosine"]] == ["HuMAP", "Reactome", "StringDB"]
    for r in found["cosine"]:
        assert f"{r['recall_05']:.3f}" in told
        assert r["recall_05"] > 3 * r["random_05"] == pytest.approx(0.3, abs=0.03)
    assert "0.444" in told  # CellProfiler on HuMAP
    assert "arXiv.2503.20158" in told


def test_what_check_kept_is_shown(client, kept, render):
    """A kept recall, drug-target benchmark, signal and retrieval stand on the page as they were kept."""
    signal = {"pairs": 20, "targets": 0.31, "others": 0.02, "p": 0.002, "percentile": 0.8, "p_percentile": 0.01}
    kept(
        "no-concentrations",
        {
            "recall": {"genes": 735, "cosine": [RECALL]},
            "drug_target": {
                "cosine": {"compounds": 77, "ap": 0.281, "auc": 0.577, "random_ap": 0.22, "random_auc": 0.5}
            },
            "target_signal": {"cosine": {"main": signal, "every": signal}},
            "replicate_retrieval": {"perturbations": 44, "mrr": 0.61, "random_mrr": 0.07, "beaten": 0.93},
        },
    )
    page = render("/quality?map=no-concentrations")
    assert all(x in page for x in ("0.281", "0.577", "0.31", "0.61", "93%"))
    told = recall_of(client, "no-concentrations").get_data(as_text=True)
    assert "0.432" in told
    assert "735 named genes, kept by keyhole check" in told
    assert "0.568" in recall_of(client, "no-concentrations", "10").get_data(as_text=True)


@pytest.mark.parametrize(
    "content",
    [
        "", "no json", "[]", "null", '{"build": "another"}', "[" * 5000, {}, {"recall": 3}, {"recall": {"genes": 1}},
        {"recall": {"genes": 9, "cosine": [{"source": "x"}]}}, {"recall": {"genes": 9, "cosine": 7}},
        {"drug_target": [], "target_signal": {"cosine": 3}, "replicate_retrieval": "x"},
        {"drug_target": {"cosine": {}}, "target_signal": {"served": {"main": {}}}, "replicate_retrieval": {}},
        '{"build": NaN}',
    ],
)  # fmt: skip
def test_a_kept_check_that_cannot_be_read_costs_nothing(client, kept, render, content):
    """Cut, foreign or empty: the page measures what it can and says what it lacks."""
    kept("odd-concentrations", content)
    assert "k-quality" in render("/quality?map=odd-concentrations")
    assert recall_of(client, "odd-concentrations").status_code == 200


@pytest.mark.parametrize("key", ["no-controls", "genes-only", "compounds-only", "lone", "hostile"])
def test_odd_maps_say_what_they_lack(client, render, key):
    """Without genes no recall, without controls no batches, without both no activity: each said, none drawn."""
    page = render(f"/quality?map={key}")
    assert ("quality-recall" in page) == (key != "compounds-only")
    assert ("No control wells were kept" in page) == (key == "no-controls")
    answer = ask_answer(client, key)
    assert "recall cannot be measured" in answer


def ask_answer(client, key: str) -> str:
    output = "..quality-answer.children...quality-measured.data.."
    body = {
        "output": output,
        "outputs": [{"id": "quality-answer", "property": "children"}, {"id": "quality-measured", "property": "data"}],
        "inputs": [{"id": "quality-page", "property": "data", "value": {"map": key}}],
        "changedPropIds": ["quality-page.data"],
        "state": [],
    }
    answer = client.post("/_dash-update-component", json=body)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_the_answer_has_n_and_null(client):
    """The line under the title: how many times chance, of how many pairs, and that the demo is simulated."""
    told = ask_answer(client, "demo")
    assert "times as often as random pairs" in told
    assert "3 sources, 5,492 pairs of 618 genes" in told
    assert "Simulated" in told


@pytest.mark.parametrize("tail", [None, "", "5", 5, ["05"], {"a": 1}])
def test_a_tail_that_is_none_is_refused(client, tail):
    """A value that the control does not have is 400."""
    assert recall_of(client, "demo", tail).status_code == 400


def test_histogram_and_cutoffs_of_the_demo(opened):
    """All pairs once; the cut-offs leave the shares they name beyond them."""
    atlas.use(opened)
    found = queries.cosine_histogram("demo")
    n = found["genes"]
    assert sum(found["counts"]) == found["pairs"] == n * (n - 1) // 2
    features = opened.maps["demo"].map.features[opened.maps["demo"].map.gene_rows]
    s = features @ features.T
    above = (s > found["cutoffs"]["default"][1]).sum() - n
    assert above / 2 / found["pairs"] == pytest.approx(0.01, abs=0.002)


def test_arms_of_the_demo(opened, demo):
    """The arm with the strongest planted effect is found, and arms without one mostly are not."""
    atlas.use(opened)
    frame = queries.arm_bias("demo")
    truth = (
        json.loads((demo.parent / "truth.json").read_text())["same_arm"]
        if (demo.parent / "truth.json").exists()
        else {}
    )
    over = set(frame.loc[frame["p"] <= 0.05, "arm"])
    assert not truth or over & truth.keys()
    assert len(over) < len(frame) / 4
    assert frame["probability"].between(0, 1).all()
