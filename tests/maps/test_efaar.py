"""Alignment and aggregation against efaar-benchmarking 1.0 (recorded) and against what they promise of any screen."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.errors import InputError
from explorer.maps.efaar import METHODS, aggregate, cosine, fit_alignment, unit_rows

PARITY = Path(__file__).parent / "parity"


def recorded(name: str) -> dict[str, np.ndarray]:
    with np.load(PARITY / f"{name}.npz") as arrays:
        return dict(arrays)


def screen(seed: int, *, batches: int = 4, wells: int = 25, dimensions: int = 5) -> tuple[np.ndarray, ...]:
    """Features, batch codes and controls of a random screen with wells in random order."""
    rng = np.random.default_rng(seed)
    codes = rng.permutation(np.repeat(np.arange(batches), wells))
    features = rng.normal(size=(len(codes), dimensions)) @ rng.normal(size=(dimensions, dimensions))
    features += rng.normal(scale=3, size=(batches, dimensions))[codes]
    controls = np.zeros(len(codes), dtype=bool)
    for code in range(batches):
        controls[rng.choice(np.flatnonzero(codes == code), 12, replace=False)] = True
    return features, codes, controls


def aligned(features: np.ndarray, codes: np.ndarray, controls: np.ndarray, method: str) -> np.ndarray:
    names = [f"exp-{code}" for code in range(codes.max() + 1)]
    return fit_alignment(features, codes, controls, method=method, batch_names=names).apply(features, codes)


def assert_close(ours: np.ndarray, theirs: np.ndarray) -> None:
    """Within 1e-4 of the size of the column."""
    assert ours.shape == theirs.shape
    np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-4 * np.abs(theirs).std())


@pytest.mark.parametrize(
    ("method", "together", "step"),
    [
        ("centerscale", False, "centerscale"),
        ("centerscale", True, "centerscale_together"),
        ("pca-cs", False, "pca_cs"),
        ("tvn", False, "tvn"),
    ],
)
def test_each_alignment_equals_efaar_benchmarking(method, together, step):
    """An aligned well equals that of efaar-benchmarking 1.0, up to the sign of a principal axis for pca-cs."""
    made, theirs = recorded("screen"), recorded("aligned")[step]
    codes = np.zeros_like(made["batches"]) if together else made["batches"]
    ours = aligned(made["features"], codes, made["groups"] < 0, method)
    if method != "centerscale":
        ours = ours * np.sign((ours * theirs).sum(axis=0))
    assert_close(ours, theirs)


@pytest.mark.parametrize("few", [False, True])
def test_the_pca_on_controls_equals_that_of_efaar_benchmarking(few):
    """Centre and rotation of pca-cs give the recorded components, also with fewer controls than features."""
    made = recorded("screen")
    theirs = recorded("aligned")["pca_few_controls" if few else "pca"]
    controls = made["groups"] < 0
    if few:
        controls = np.isin(np.arange(len(controls)), np.flatnonzero(controls)[: made["features"].shape[1] // 2])
    together = np.zeros_like(made["batches"])
    fitted = fit_alignment(made["features"], together, controls, method="pca-cs", batch_names=["all"])
    ours = (made["features"] - fitted.centre) @ fitted.rotation
    if few:  # the last axis of n centred wells is noise
        ours, theirs = ours[:, :-1], theirs[:, :-1]
        assert any("components" in note for note in fitted.notes)
    assert_close(ours * np.sign((ours * theirs).sum(axis=0)), theirs)


def test_tvn_without_batches_differs_from_efaar_only_by_the_shrunken_whitening():
    """With one batch the covariance of the controls is n / (n - 1), so tvn is a known multiple of the recorded step."""
    made, theirs = recorded("screen"), recorded("aligned")["tvn_together"]
    controls = made["groups"] < 0
    ours = aligned(made["features"], np.zeros_like(made["batches"]), controls, "tvn")
    ours = ours * np.sign((ours * theirs).sum(axis=0)) * np.sqrt(controls.sum() / (controls.sum() - 1) + 0.5)
    assert_close(ours, theirs)


@pytest.mark.parametrize("how", ["mean", "median"])
def test_aggregation_equals_efaar_benchmarking(how):
    """Means and medians of the perturbations equal those of efaar-benchmarking 1.0."""
    made = recorded("screen")
    values, counts = aggregate(made["features"], made["groups"], how=how)
    assert_close(values, recorded("aggregated")[how])
    assert counts.sum() == (made["groups"] >= 0).sum()


@pytest.mark.parametrize("method", ["centerscale", "pca-cs"])
def test_controls_become_standard_in_every_batch(method):
    """After centring and scaling the controls of each batch have mean 0 and sd 1 in every dimension."""
    features, codes, controls = screen(1)
    rows = aligned(features, codes, controls, method)
    for code in range(4):
        block = rows[controls & (codes == code)]
        np.testing.assert_allclose(block.mean(axis=0), 0, atol=1e-10)
        np.testing.assert_allclose(block.std(axis=0), 1, rtol=1e-10)


def test_tvn_shrinks_the_control_covariance_of_a_batch_and_does_not_centre_it():
    """The covariance of a batch's controls becomes S (S + 0.5 I)^-1 and its mean is not moved to zero."""
    features, codes, controls = screen(2)
    rows = aligned(features, codes, controls, "tvn")
    for code in range(4):
        block = rows[controls & (codes == code)]
        variances = np.linalg.eigvalsh(np.cov(block, rowvar=False, ddof=1))
        assert (variances > 0).all()
        assert (variances < 1).all()
        assert np.linalg.norm(block.mean(axis=0)) > 0.1


def test_robust_uses_median_and_mad_of_the_controls():
    """The controls of a batch have median 0 and 1.4826 MAD 1 after robust."""
    features, codes, controls = screen(3)
    rows = aligned(features, codes, controls, "robust")
    block = rows[controls & (codes == 2)]
    np.testing.assert_allclose(np.median(block, axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(1.4826 * np.median(np.abs(block), axis=0), 1)


def test_robust_without_any_controls_uses_all_wells_and_says_so():
    """A data set without controls can be aligned by robust alone, with a note for the map."""
    features, codes, controls = screen(4)
    none = np.zeros_like(controls)
    fitted = fit_alignment(features, codes, none, method="robust", batch_names=list("abcd"))
    block = fitted.apply(features, codes)[codes == 1]
    np.testing.assert_allclose(np.median(block, axis=0), 0, atol=1e-12)
    assert fitted.notes[0].startswith("no controls in this data set")
    for method in ("centerscale", "pca-cs", "tvn"):
        with pytest.raises(InputError, match="--align robust"):
            fit_alignment(features, codes, none, method=method, batch_names=list("abcd"))


@pytest.mark.parametrize("method", ["centerscale", "pca-cs", "tvn", "robust"])
def test_a_batch_without_controls_is_named(method):
    """One batch without controls stops every method but none, by name and with what to do."""
    features, codes, controls = screen(5)
    with pytest.raises(InputError, match=r"batch exp-c without control wells.*--align none"):
        fit_alignment(features, codes, controls & (codes != 2), method=method, batch_names=["a", "b", "exp-c", "d"])
    whole = fit_alignment(features, codes, controls & (codes != 2), method="none", batch_names=list("abcd"))
    np.testing.assert_array_equal(whole.apply(features, codes - 1), features)


def test_unusable_input_is_refused_in_words():
    """Unknown methods, wells without a batch, a single control and missing values are errors that say what to do."""
    features, codes, controls = screen(6)
    names = list("abcd")
    with pytest.raises(InputError, match="choose one of"):
        fit_alignment(features, codes, controls, method="sphere", batch_names=names)
    with pytest.raises(InputError, match="25 wells have no batch"):
        fit_alignment(features, np.where(codes == 0, -1, codes), controls, method="tvn", batch_names=names)
    first = np.arange(len(codes)) == np.flatnonzero(controls)[0]
    with pytest.raises(InputError, match="at least 2 control wells"):
        fit_alignment(features, np.zeros_like(codes), first, method="tvn", batch_names=["a"])
    with pytest.raises(InputError, match="NaN or infinite"):
        fit_alignment(np.where(controls[:, None], np.nan, features), codes, controls, method="tvn", batch_names=names)
    fitted = fit_alignment(features, codes, controls, method="centerscale", batch_names=names)
    with pytest.raises(InputError, match="outside the 4 fitted"):
        fitted.apply(features, codes + 1)
    spare = fit_alignment(features, codes, controls, method="tvn", batch_names=[*names, "empty"])
    with pytest.raises(InputError, match="batch empty had no wells"):
        spare.apply(features[:1], np.array([4]))
    with pytest.raises(InputError, match="choose one of mean, median"):
        aggregate(features, codes, how="mode")


def test_few_controls_are_noted_by_batch_and_summed_up_where_many():
    """A batch with under ten controls is named with its number; more than five are summed up in one sentence."""
    features, codes, _ = screen(7, batches=8)
    controls = np.zeros(len(codes), dtype=bool)
    for code in range(8):
        controls[np.flatnonzero(codes == code)[: 12 if code else 6]] = True
    names = [f"exp-{code}" for code in range(8)]
    one = fit_alignment(features, codes, controls, method="centerscale", batch_names=names).notes
    assert one == ("batch exp-0 has 6 controls: scaling by so few adds noise",)
    for code in range(8):
        controls[np.flatnonzero(codes == code)[7:]] = False
    (many,) = fit_alignment(features, codes, controls, method="tvn", batch_names=names).notes
    assert many.startswith("8 of 8 batches have fewer than 10 controls (fewest: exp-0 with 6)")


def test_constant_features_and_unspanned_directions_are_not_blown_up():
    """A feature that never varies and a direction the controls do not span are divided by 1, not by rounding."""
    features, codes, controls = screen(8, dimensions=6)
    features[:, 2] = 0.1
    features[:, 4] = features[:, 0] - 2 * features[:, 1]
    for method in METHODS:
        rows = aligned(features, codes, controls, method)
        assert np.isfinite(rows).all()
        assert np.abs(rows).max() < 100
    few = controls & (np.cumsum(controls) <= 4)
    rows = aligned(features, np.zeros_like(codes), few, "tvn")
    assert rows.shape[1] == 4
    assert np.abs(rows).max() < 1000


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1))
def test_centerscale_forgets_any_affine_change_of_a_batch(seed):
    """Shifting and stretching the features of each batch by its own numbers changes nothing after centerscale."""
    rng = np.random.default_rng(seed)
    features, codes, controls = screen(seed)
    stretched = features * rng.uniform(0.2, 5, size=(4, 5))[codes] + rng.normal(scale=10, size=(4, 5))[codes]
    for method in ("centerscale", "robust"):
        np.testing.assert_allclose(
            aligned(stretched, codes, controls, method), aligned(features, codes, controls, method), atol=1e-8
        )


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1), st.sampled_from(METHODS), st.integers(1, 99))
def test_apply_keeps_dtype_and_argument_and_does_not_depend_on_blocks(seed, method, cut):
    """Blocks give what the whole gives, float32 stays float32 and near float64, and no argument is edited."""
    features, codes, controls = screen(seed)
    kept = features.copy(), codes.copy(), controls.copy()
    fitted = fit_alignment(features, codes, controls, method=method, batch_names=list("abcd"))
    whole = fitted.apply(features, codes)
    parts = [fitted.apply(features[part], codes[part]) for part in (slice(None, cut), slice(cut, None))]
    np.testing.assert_allclose(np.vstack(parts), whole, rtol=1e-10, atol=1e-10)
    single = fitted.apply(features.astype(np.float32), codes)
    assert single.dtype == np.float32
    np.testing.assert_allclose(single, whole, rtol=1e-3, atol=1e-3)
    for before, now in zip(kept, (features, codes, controls), strict=True):
        np.testing.assert_array_equal(before, now)
    assert not np.shares_memory(whole, features)


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1), st.sampled_from(["mean", "median"]))
def test_aggregation_does_not_depend_on_the_order_of_wells(seed, how):
    """Any order of the wells gives the same vectors, each equal to the plain mean or median of its wells."""
    rng = np.random.default_rng(seed)
    rows, groups = rng.normal(size=(80, 3)), rng.integers(-1, 12, size=80)
    groups[-1] = 13
    values, counts = aggregate(rows, groups, how=how)
    order = rng.permutation(80)
    np.testing.assert_allclose(aggregate(rows[order], groups[order], how=how)[0], values, atol=1e-12)
    for code in range(14):
        members = rows[groups == code]
        assert counts[code] == len(members)
        expected = getattr(np, how)(members, axis=0) if len(members) else np.full(3, np.nan)
        np.testing.assert_allclose(values[code], expected, atol=1e-12)


def test_aggregation_across_blocks(monkeypatch):
    """Groups that span blocks of rows are summed up whole."""
    monkeypatch.setattr("explorer.maps.aggregation._BLOCK_ROWS", 7)
    rng = np.random.default_rng(9)
    rows, groups = rng.normal(size=(100, 2)).astype(np.float32), rng.integers(0, 5, size=100)
    for how in ("mean", "median"):
        values, _ = aggregate(rows, groups, how=how)
        for code in range(5):
            np.testing.assert_allclose(values[code], getattr(np, how)(rows[groups == code], axis=0), rtol=1e-5)


def test_guides_count_alike_whatever_their_wells():
    """With guides each guide weighs the same, and wells of unknown guide are one guide of their own."""
    rows = np.array([[0.0], [0.0], [0.0], [4.0], [10.0], [20.0], [7.0], [9.0]])
    groups = np.array([0, 0, 0, 0, 1, 1, 1, -1])
    guides = np.array([0, 0, 0, 1, 1, -1, 2, 0])
    values, counts = aggregate(rows, groups, guides=guides)
    np.testing.assert_allclose(values, [[2.0], [37 / 3]])
    np.testing.assert_array_equal(counts, [4, 3])
    np.testing.assert_allclose(aggregate(rows, groups)[0], [[1.0], [37 / 3]])


def test_unit_rows_and_cosine():
    """Unit rows are float32 of length 1, a zero row is refused by name, and cosines stay within [-1, 1]."""
    rng = np.random.default_rng(10)
    values = rng.normal(size=(6, 4))
    units = unit_rows(values)
    assert units.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(units, axis=1), 1, rtol=1e-6)
    np.testing.assert_allclose(cosine(values, values[:2]), units @ units[:2].T, atol=1e-6)
    assert np.abs(cosine(values, -3 * values)).max() <= 1
    values[3] = 0
    np.testing.assert_array_equal(cosine(values[3:4], values), 0)
    with pytest.raises(InputError, match="no direction: PLK1;"):
        unit_rows(values, names=["A", "B", "C", "PLK1", "D", "E"])
