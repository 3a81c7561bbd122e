"""Parts of the quality page: what was measured, as a sentence and as a table with n and null beside every number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from dash import html
from dash.development.base_component import Component

from explorer.components import states
from explorer.components.tiles import answer, fact
from explorer.figures import words

SIGNIFICANT = 0.05
#: Fewer controls than this make the statistics of a batch unsteady.
FEW_CONTROLS = 16

TAILS = {"05": "5 / 95", "10": "10 / 90"}
CHECK = "keyhole check MAP --relationships PATH"


def verdict(found: Mapping, activity: pd.DataFrame, *, simulated: bool) -> list[Component]:
    """Is this map good, against what: the lines under the title."""
    lines = [_recall_line(found), _activity_line(activity)]
    if simulated:
        lines.append(html.P("Simulated: these numbers measure what was planted, not a method.", className="k-caution"))
    return lines


def _recall_line(found: Mapping) -> Component:
    if not found:
        text = "no known relationship is on this map, so recall cannot be measured"
        return answer("Recall", text, tone="plain")
    rows = found["served" if "served" in found else "cosine"]
    times = [r["recall_05"] / r["random_05"] for r in rows if r["random_05"]]
    low, high = min(r["recall_05"] for r in rows), max(r["recall_05"] for r in rows)
    over = [r for r in rows if r["p_05"] is not None and r["p_05"] <= SIGNIFICANT]
    pairs = sum(r["pairs"] for r in rows)
    chance = sum(r["random_05"] for r in rows) / len(rows)
    label = "Above chance" if len(over) == len(rows) else "In part" if over else "Not above chance"
    if not times:
        return answer(label, "random pairs were never in the tails", tone="plain")
    said = f"{words.number(min(times), 1)} to {words.number(max(times), 1)}" if len(times) > 1 else f"{times[0]:.1f}"
    ranged = f"{words.number(low, 3)} to {words.number(high, 3)}" if len(rows) > 1 else words.number(low, 3)
    text = (
        f"known partners are {said} times as often as random pairs among the 10 % most similar or most opposite pairs"
    )
    small = (
        f" recall {ranged}, random {words.number(chance, 3)}; {words.plural(len(rows), 'source')}, {pairs:,} pairs "
        f"of {found['genes']:,} genes; p ≤ {SIGNIFICANT} in {len(over)} of {len(rows)}"
    )
    return answer(label, [text, html.Small(small)], tone="target" if len(over) == len(rows) else "plain")


def _activity_line(activity: pd.DataFrame) -> Component:
    parts = []
    for kind, many in (("gene", "genes"), ("compound", "compound-concentrations")):
        of = activity[activity["kind"] == kind]
        tested, active = int(of["tested"].sum()), int(of["active"].sum())
        if tested:
            parts.append(f"{active / tested:.0%} of {tested:,} {many}")
    if not parts:
        return answer("Activity", "not tested: no controls, or no replicate wells", tone="plain")
    return answer(
        "Phenotypes", [" and ".join(parts), html.Small(" differ from control wells, q ≤ 0.05")], tone="target"
    )


def recall_table(found: Mapping, *, tail: str) -> Component:
    """The numbers of the dots, anchors below; a twin that can be read aloud and copied."""
    head = ["source", "pairs", "this map", *(["plain cosine"] if "served" in found else []), "random", "matched", "p"]
    of_cosine = {r["source"]: r for r in found["cosine"]}
    body = []
    for r in found["served" if "served" in found else "cosine"]:
        plain = [of_cosine.get(r["source"], {}).get(f"recall_{tail}")] if "served" in found else []
        values = [r.get(f"recall_{tail}"), *plain, r.get(f"random_{tail}"), r.get(f"matched_{tail}")]
        p = r.get(f"p_{tail}")
        said = words.p_value(p, draws=found["draws"]) if found["draws"] else words.q_value(p)
        body.append([str(r["source"]), f"{r['pairs']:,}", *(words.number(v, 3) for v in values), said])
    return evidence(head, body)


def anchor_table(found: Mapping) -> Component:
    """Published recall of other embeddings on another screen."""
    names = list(dict.fromkeys(n for of in found["anchors"].values() for n in of))
    body = [
        [who, *(words.number(of.get(n), 3) if n in of else "" for n in names)] for who, of in found["anchors"].items()
    ]
    return evidence(["embedding, 5/95", *names], body)


def activity_table(frame: pd.DataFrame) -> Component:
    """Active of tested by kind and concentration, with a bar."""
    head = ["", "active of tested", "", "wells each", *(["toxic"] if frame["toxic"].notna().any() else [])]
    rows = []
    for r in frame.itertuples():
        name = "genes" if r.kind == "gene" else f"{words.concentration(r.concentration)} µM"
        name = "compounds" if r.kind == "compound" and r.concentration != r.concentration else name
        share = r.active / r.tested if r.tested else 0
        bar = html.Span(html.Span(style={"width": f"{share:.1%}"}), className=f"k-share k-share-{r.kind}")
        number = f"{r.active:,} of {r.tested:,}" if r.tested else f"not tested, {r.n:,}"
        toxic = [words.number(r.toxic, 0) if r.toxic == r.toxic else "n/a"] if len(head) == 5 else []
        percent = f"{share:.0%}" if r.tested else ""
        rows.append([name, number, [bar, html.Small(percent)], words.number(r.wells, 0), *toxic])
    return evidence(head, rows)


def arms_said(frame: pd.DataFrame, *, similarity: words.Similarity = words.COSINE) -> str:
    """What the arms say in one sentence."""
    if frame.empty:
        return "Not measured: no chromosome arm has more than 20 pairs of named genes, or no arm is known."
    one = frame.iloc[0]
    over = int((frame["p"] <= SIGNIFICANT).sum())
    means = f"mean {similarity.short} {words.cosine(one.all_within)} on one arm, {words.cosine(one.all_between)} on two"
    return (
        f"{means}; p = {words.q_value(one.all_p)} of {int(one.all_genes):,} genes with their arms shuffled. "
        f"{over} of {len(frame)} arms above chance after Bonferroni."
    )


def arms_table(frame: pd.DataFrame) -> Component:
    """The numbers of the dots."""
    head = ["arm", "genes", "pairs", "P(same > other)", "Bonferroni p", "q, arms shuffled", "on", "off"]
    body = [
        [
            str(r.arm),
            f"{r.genes:,}",
            f"{r.pairs:,}",
            words.number(r.probability, 2),
            words.q_value(r.p),
            words.q_value(r.q),
            words.cosine(r.within),
            words.cosine(r.between),
        ]
        for r in frame.itertuples()
    ]
    return evidence(head, body)


def cutoff_table(found: Mapping) -> Component:
    """The cut-offs on the histogram."""
    names = {"loose": "5 %", "default": "1 %", "strict": "0.1 %"}
    body = [
        [f"{names[k]} each side", words.cosine(low), words.cosine(high)] for k, (low, high) in found["cutoffs"].items()
    ]
    return evidence(["rule", "opposite below", "similar above"], body)


def drug_target_view(kept: Mapping, anchor: Mapping) -> list[Component]:
    """Average precision and ROC-AUC beside chance and the published figures; what adds them where they are absent."""
    found, signal = kept.get("drug_target"), kept.get("target_signal")
    if not isinstance(found, dict) or not isinstance(found.get("cosine"), dict):
        why = "no compound has an annotated target among the named genes" if kept else f"run {CHECK}"
        return [states.absent(f"Not measured: {why}.")]
    numbers = ("ap", "random_ap", "auc", "random_auc")
    ways = {"served": "this map", "cosine": "plain cosine" if "served" in found else "this map"}
    body = [
        [said, words.number(found[way].get("compounds"), 0), *(words.number(found[way].get(n), 3) for n in numbers)]
        for way, said in ways.items()
        if isinstance(found.get(way), dict)
    ]
    body.append([f"{anchor['name']}, RxRx3-core", "", *(words.number(anchor[n], 3) for n in numbers)])
    parts = [evidence(["", "compounds", "AP", "random", "ROC-AUC", "random"], body)]
    return [*parts, *_signal_view(signal)]


def _signal_view(signal: object) -> list[Component]:
    if not isinstance(signal, dict):
        return []
    of = signal.get("served") or signal.get("cosine")
    rows = []
    for which, said in (("main", "main target"), ("every", "every target")):
        one = of.get(which) if isinstance(of, dict) else None
        if isinstance(one, dict):
            values = [words.cosine(one.get("targets")), words.cosine(one.get("others"))]
            rows.append([said, words.number(one.get("pairs"), 0), *values, words.q_value(one.get("p"))])
    if not rows:
        return []
    said = (
        "Signed: are compounds more similar to the knockout of their target than to those of other compounds' targets?"
    )
    table = evidence(["", "pairs", "to targets", "to others", "p, shuffled"], rows)
    return [html.P(said, className="k-says k-gap"), table]


def retrieval_view(kept: Mapping) -> list[Component]:
    """Do replicate wells find each other."""
    found = kept.get("replicate_retrieval")
    if not isinstance(found, dict):
        why = "under ten compound-concentrations have two wells" if "replicate_retrieval" in kept else f"run {CHECK}"
        return [states.absent(f"Not measured: {why}.")]
    beaten = found.get("beaten")
    facts = [
        fact(
            "Mean reciprocal rank", words.number(found.get("mrr"), 2), source="1 = the other half is always found first"
        ),
        fact("by chance", words.number(found.get("random_mrr"), 3)),
        fact("Compound-concentrations", words.number(found.get("perturbations"), 0)),
    ]
    if beaten is not None:
        facts.append(fact("Others beaten, another plate", f"{beaten:.0%}", source="50 % by chance"))
    return [html.Dl(facts, className="k-facts-row")]


def alignment_view(found: Mapping) -> list[Component]:
    """What `--align auto` tried, and why it chose."""
    head = ["method", "replicates beat", "behind the best", "standard error", "spread of held-out controls"]
    body = [
        [
            f"{t.get('method')}{' (chosen)' if t.get('method') == found['chosen'] else ''}",
            _percent(t.get("retrieval")),
            words.number(_plain(t.get("behind_best")), 3),
            words.number(_plain(t.get("error")), 3),
            words.number(_plain(t.get("control_spread")), 3),
        ]
        for t in found["tried"]
    ]
    return [evidence(head, body)]


def evidence(head: Sequence[str], body: Sequence[Sequence]) -> Component:
    """A small table; its first column names the row."""
    top = html.Thead(html.Tr([html.Th(h, scope="col") if h else html.Td(className="k-no-head") for h in head]))
    rows = [html.Tr([html.Th(r[0], scope="row"), *(html.Td(c, className="k-number") for c in r[1:])]) for r in body]
    return html.Div(
        html.Table([top, html.Tbody(rows)], className="k-evidence"),
        className="k-wide-table",
        tabIndex="0",
        role="group",
    )


def _plain(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _percent(value: object) -> str:
    number = _plain(value)
    return "n/a" if number is None else f"{number:.0%}"
