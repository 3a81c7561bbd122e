"""What every loader promises about its result, and what the writer does with rows that cannot be used."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from explorer.datasets import reading
from explorer.datasets.profiles import METADATA_COLUMNS, entities_frame, metadata_frame, validate
from explorer.datasets.writer import Exclusions, ProfilesWriter
from explorer.errors import InputError

ENTITIES = entities_frame([{"kind": "gene", "label": "A"}, {"kind": "gene", "label": "B"}])


def frame(rows: int = 6) -> pd.DataFrame:
    return metadata_frame(
        well=[f"w{i}" for i in range(rows)],
        kind=["gene"] * rows,
        label=["A", "B"] * (rows // 2),
        experiment=["e"] * rows,
    )


def good(rows: int = 6):
    writer = ProfilesWriter(frame(rows), features=["x", "y"], rows=rows)
    writer.add(np.ones((rows, 2), np.float32), np.arange(rows))
    return writer.finish(ENTITIES, sources=())


def test_each_unusable_row_is_counted_once_under_its_reason():
    """NaN, infinity, zeros, repeats, strangers and absentees each have their own count, and the sum adds up."""
    excluded = Exclusions(6)
    excluded.drop(np.arange(6) == 5, "unwanted")
    writer = ProfilesWriter(frame(), features=["x", "y"], rows=8, excluded=excluded)
    block = np.array([[1, 2], [np.nan, 1], [1, np.inf], [0, 0], [3, 4], [5, 6], [7, 8]], np.float32)
    writer.add(block, np.array([0, 1, 2, 3, 0, -1, 5]))
    result = writer.finish(ENTITIES, sources=())
    assert result.report.dropped == {
        "unwanted": 1,
        "no metadata for the embedding": 1,
        "second embedding for the well": 1,
        "feature is NaN or infinite": 2,
        "all features are zero": 1,
        "no embedding for the well": 1,
    }
    assert result.report.rows == len(result.metadata) + sum(result.report.dropped.values())
    assert result.features.tolist() == [[1, 2]]
    assert "2 rows hold a NaN or infinite feature" in result.report.notes[0]


def test_blocks_read_in_place_end_up_as_blocks_that_were_copied():
    """Reading into the room the writer gives changes nothing about what is kept, across many blocks with gaps."""
    random = np.random.default_rng(1)
    values = random.normal(size=(40_000, 3)).astype(np.float32)
    values[random.random(len(values)) < 0.3, 1] = np.nan
    metadata = metadata_frame(well=np.arange(40_000).astype(str), kind=["gene"] * 40_000, label=["A"] * 40_000)
    results = []
    for in_place in (True, False):
        writer = ProfilesWriter(metadata, features="xyz", rows=len(values))
        for start in range(0, len(values), 15_000):
            block = values[start : start + 15_000].copy()
            if in_place:
                room = writer.room(len(block))
                room[:] = block
                block = room
            writer.add(block, np.arange(start, start + len(block)))
        results.append(writer.finish(ENTITIES, sources=()))
    np.testing.assert_array_equal(results[0].features, results[1].features)
    np.testing.assert_array_equal(results[0].features, values[np.isfinite(values).all(axis=1)])
    assert results[0].metadata["well"].tolist() == results[1].metadata["well"].tolist()


def test_nothing_left_says_why():
    """A source without one usable row is an error that carries the reasons."""
    writer = ProfilesWriter(frame(), features=["x", "y"], rows=6)
    writer.add(np.full((6, 2), np.nan, np.float32), np.arange(6))
    with pytest.raises(InputError, match=r'feature is NaN or infinite: 6.*most often "x"'):
        writer.finish(ENTITIES, sources=())


def test_more_than_the_memory_is_refused_with_the_arithmetic(monkeypatch):
    """Rows times features times four bytes beyond the machine's memory is refused before anything is allocated."""
    monkeypatch.setattr(reading, "memory_limit", lambda: 8_000_000_000)
    with pytest.raises(InputError, match=r"2,200,000 rows x 1,664 features x 4 bytes = 14.6 GB.*8.0 GB"):
        ProfilesWriter(frame(), features=["x"] * 1664, rows=2_200_000)


def test_metadata_columns_have_their_types():
    """Text is categorical, wells are arrow strings, concentrations float64 and cell counts float32."""
    types = good().metadata.dtypes
    assert list(types.index) == list(METADATA_COLUMNS)
    for name in ("experiment", "plate", "kind", "label", "guide"):
        assert isinstance(types[name], pd.CategoricalDtype), name
    assert types["well"] == "string[pyarrow]"
    assert types["concentration"] == np.float64
    assert types["cell_count"] == np.float32


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda p: replace(p, features=p.features.astype(np.float64)), "float64, not float32"),
        (lambda p: replace(p, features=p.features[1:]), "5 rows of features, 6 of metadata"),
        (lambda p: replace(p, features=p.features * np.float32(np.nan)), "NaN or infinite"),
        (lambda p: replace(p, features=p.features * 0), "all features are zero"),
        (lambda p: replace(p, features=p.features[:, :0]), "not a table"),
        (lambda p: replace(p, metadata=p.metadata.assign(kind="orf")), "none of gene, compound, control"),
        (lambda p: replace(p, metadata=p.metadata.assign(label=None)), "no label"),
        (lambda p: replace(p, metadata=p.metadata.assign(concentration=-1.0)), "concentration is not a number"),
        (lambda p: replace(p, metadata=p.metadata.drop(columns="guide")), "columns"),
        (lambda p: replace(p, metadata=p.metadata.assign(kind="control")), "Every row is a control"),
        (lambda p: replace(p, entities=p.entities[:1]), "is no entity"),
        (lambda p: replace(p, entities=pd.concat([p.entities, p.entities])), "listed twice"),
    ],
)
def test_broken_profiles_are_refused(change, problem):
    """Each promise of Profiles, broken, is an InputError that names it."""
    with pytest.raises(InputError, match=problem):
        validate(change(good()))
