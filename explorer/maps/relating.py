"""The relate step of a build: the setting as asked or chosen by evidence, served rows, and what the map says of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial

import numpy as np
import pandas as pd

from explorer.annotations.arms import arms_of_labels
from explorer.annotations.relationships import RelationshipSource, pairs_on_map
from explorer.datasets.profiles import Progress, silent
from explorer.maps.choose_relation import FEWEST_PAIRS, Choice, Vectors, choose_relation
from explorer.maps.relate import FEWEST_ROWS, Relation
from explorer.maps.relate_setting import Setting, parse_setting
from explorer.maps.unfinished import Keep, compute_only

AUTO = "auto"
COSINE = Setting().name

_BLOCK = 16_384

Halves = Sequence[tuple[np.ndarray, np.ndarray]]


@dataclass(frozen=True, eq=False)
class Known:
    """What is known of genes from outside the screen.

    Attributes
    ----------
    arms : mapping
        Gene symbol to chromosome arm, as `read_arms` gives it.
    relationships : sequence of RelationshipSource
        By which `--relate auto` chooses; never kept with a map.
    """

    arms: Mapping[str, str] = field(default_factory=dict)
    relationships: Sequence[RelationshipSource] = ()


def with_arms(entities: pd.DataFrame, arms: Mapping[str, str]) -> pd.DataFrame:
    """Entities with the arms of named genes filled in; an arm that is there stays, and a blinded gene gets none."""
    if not arms:
        return entities
    fillable = (entities["kind"] == "gene") & ~entities["blinded"] & entities["arm"].isna()
    found = arms_of_labels(entities["label"].tolist(), arms)
    return entities.assign(
        arm=[new or None if fill else old for old, new, fill in zip(entities["arm"], found, fillable, strict=True)]
    )


def named_genes(perturbations: pd.DataFrame, entities: pd.DataFrame) -> np.ndarray:
    """Rows of the genes that relationships can be told of: not blinded, and with one vector only."""
    blinded = set(entities.loc[entities["blinded"], "entity"])
    genes = (perturbations["kind"] == "gene") & ~perturbations["entity"].isin(blinded)
    several = perturbations["label"].where(genes).duplicated(keep=False)
    return np.flatnonzero(genes & ~several)


def arms_of_rows(perturbations: pd.DataFrame, entities: pd.DataFrame) -> np.ndarray:
    """Chromosome arm of each row as str; empty for compounds, blinded genes and genes whose arm is not known."""
    arm = entities["arm"].where((entities["kind"] == "gene") & ~entities["blinded"])
    arm_of = {e: a for e, a in zip(entities["entity"], arm, strict=True) if isinstance(a, str) and a}
    return np.array([arm_of.get(e, "") for e in perturbations["entity"]], dtype=str)


def relate(
    values: np.ndarray,
    perturbations: pd.DataFrame,
    entities: pd.DataFrame,
    *,
    asked: str,
    relationships: Sequence[RelationshipSource] = (),
    halves: Callable[[], Halves] = tuple,
    seed: int = 0,
    keep: Keep = compute_only,
    progress: Progress = silent,
) -> tuple[Relation, np.ndarray, dict[str, object]]:
    """Fit what was asked for, or what `auto` chooses, on the aggregated vectors of a map.

    Parameters
    ----------
    values : float array, shape (n, d)
        Aggregated, before unit length, in the order of `perturbations`.
    asked : str
        `auto`, or what `parse_setting` reads.
    relationships, halves
        Evidence for `auto`; the halves are only made where the relationships do not suffice.
    keep : Keep
        What the choice of `auto` goes through.

    Returns
    -------
    relation : Relation
    rows : float32 array, shape (n, d)
        Served.
    said : dict
        For `map.json`: what was `asked`, the sentence `why`, and where sources chose, the `held_out` recalls.

    Raises
    ------
    InputError
        For a setting that is not known or cannot be fitted on this map.
    """
    kinds = perturbations["kind"].to_numpy(dtype=str)
    arms = arms_of_rows(perturbations, entities)
    vectors = Vectors(values, kinds, arms, named_genes(perturbations, entities))
    if asked == AUTO:
        labels = perturbations["label"].to_numpy()[vectors.genes]
        choose = partial(_chosen, vectors, labels, relationships, halves=halves, seed=seed, progress=progress)
        choice = keep("relate_choice", lambda: _plain(choose()))
        setting, said = Setting(**choice["setting"]), choice["said"]
    else:
        setting = parse_setting(asked)
        said = {"why": f"{setting.name}: asked for"}
    relation = vectors.fit(setting)
    return relation, relation.apply(values, kinds, arms), {"asked": asked, **said}


def served_rows(
    relation: Relation | None, rows: np.ndarray, kind: str, *, lengths: np.ndarray | None = None
) -> np.ndarray:
    """Wells or pseudo-perturbations as the rows of a map that has this relation; a zero row stays zero.

    Parameters
    ----------
    relation : Relation or None
        None: plain cosine.
    rows : float array, shape (n, d)
        Aligned, of any length.
    kind : str
        What the rows are compared with, or are wells of.
    lengths : float array, shape (n,), optional
        As `Relation.apply` takes them.

    Returns
    -------
    array, shape (n, d), in the dtype of `rows`, made in blocks
    """
    relation = Relation() if relation is None else relation
    served = np.zeros_like(rows)
    for start in range(0, len(rows), _BLOCK):
        block = rows[start : start + _BLOCK].astype(np.float32)
        there = np.flatnonzero(block.any(axis=1))
        of = None if lengths is None else lengths[start + there]
        served[start + there] = relation.apply(block[there], kind, lengths=of)
    return served


def _plain(choice: Choice) -> dict[str, object]:
    """What of a choice goes into a map, as JSON can hold it."""
    said: dict[str, object] = {"why": choice.why}
    if choice.held_out is not None:
        records = choice.held_out.to_dict("records")
        said["held_out"] = [{k: None if v != v else v for k, v in r.items()} for r in records]
    return {"setting": asdict(choice.setting), "said": said}


def _chosen(
    vectors: Vectors,
    labels: np.ndarray,
    relationships: Sequence[RelationshipSource],
    *,
    halves: Callable[[], Halves],
    seed: int,
    progress: Progress,
) -> Choice:
    if len(vectors.values) < FEWEST_ROWS:
        why = f"{COSINE}: fewer than {FEWEST_ROWS} perturbations to choose by"
        return Choice(Setting(), why, pd.DataFrame({"setting": [COSINE]}))
    sources = {s.name: pairs_on_map(s, labels) for s in relationships}
    suffice = sum(len(pairs) >= FEWEST_PAIRS for pairs in sources.values()) >= 2
    return choose_relation(vectors, sources=sources, halves=() if suffice else halves(), seed=seed, progress=progress)
