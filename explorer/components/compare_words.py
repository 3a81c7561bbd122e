"""Some perturbations side by side, in words: the answer under the title."""

from __future__ import annotations

import pandas as pd

from explorer.components.sentences import SIGNIFICANT
from explorer.components.similarity_name import similarity_name
from explorer.components.term_names import Parts, query_name
from explorer.figures import words


def compare_answer(of_map: str, perturbations: list[str], pairs: pd.DataFrame) -> Parts:
    """Who is most alike and who least, and how many pairs are beyond noise.

    Parameters
    ----------
    pairs : DataFrame
        `queries.compared_pairs` of the perturbations.
    """
    name = similarity_name(of_map).short
    first, last = pairs.loc[pairs["cosine"].idxmax()], pairs.loc[pairs["cosine"].idxmin()]
    if len(pairs) == 1:
        return [*_pair(of_map, perturbations, first), f": {_value(first, name)}. ", *_passing(pairs)]
    parts: Parts = [*_pair(of_map, perturbations, first), f" are the most alike: {_value(first, name)}; "]
    least = "the most opposite" if last["cosine"] < -0.1 else "the least alike"
    parts += [*_pair(of_map, perturbations, last), f" {least}: {_value(last, name)}. "]
    return [*parts, *_passing(pairs)]


def _pair(of_map: str, perturbations: list[str], pair: pd.Series) -> Parts:
    a, b = perturbations[int(pair["a"])], perturbations[int(pair["b"])]
    return [query_name(of_map, [a], linked=True), " and ", query_name(of_map, [b], linked=True)]


def _value(pair: pd.Series, name: str) -> str:
    q = f", q {words.q_value(pair['q'])}" if pair["q"] == pair["q"] else ""
    return f"{name} {words.cosine(pair['cosine'])}{q}"


def _passing(pairs: pd.DataFrame) -> Parts:
    if pairs["q"].isna().all():
        return ["This map has no control wells: whether a pair is beyond noise cannot be tested."]
    passed = int((pairs["q"] <= SIGNIFICANT).sum())
    of = f"{passed} of {words.plural(len(pairs), 'pair')} {'passes' if passed == 1 else 'pass'}"
    return [f"{of} q ≤ {SIGNIFICANT} against noise of as many control wells."]


def sharing(of_map: str, perturbations: list[str], frame: pd.DataFrame, *, n: int, nearest: int, many: str) -> str:
    """How many neighbours the first two share, against two random lists; and how many are shared by all."""
    near = [frame[f"near_{i}"] for i in range(1, len(perturbations) + 1)]
    if not n or frame.empty:
        return f"No {many} here can be relied on."
    both = int((near[0] & near[1]).sum())
    sizes = [int(x.sum()) for x in near]
    expected = words.number(sizes[0] * sizes[1] / n, 1)
    said = f"The {nearest} most similar of {n:,} {many} to each (bold). The first two share {both}"
    said += f"; two random lists would share {expected}."
    if len(near) > 2:
        every = int((frame["shared"] == len(near)).sum())
        said += f" All {len(near)} share {every}."
    return said
