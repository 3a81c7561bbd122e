"""Pictures of a map: exact components, neighbours that stay together, the same each time, and read back as written."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.errors import InputError, MapError
from explorer.maps.build import Provenance, Recipe, build_map
from explorer.maps.map_folder import publish, save_map
from explorer.maps.neighbour_embedding import kept_neighbours, nearest, neighbour_embedding
from explorer.maps.perturbation_map import PROJECTION, open_map
from explorer.maps.projection import place, principal_components, projection, projection_from_arrays
from tests.odd_maps import ODD, simulate


def rows(n: int = 300, d: int = 20, *, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    found = rng.normal(size=(n, d)) * 0.4 + rng.normal(size=(9, d))[rng.integers(9, size=n)]
    return (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32)


def test_components_are_those_of_the_svd_with_a_fixed_sign():
    """Places, shares of variance and signs are those of the singular value decomposition of the centred rows."""
    units = rows()
    places, shares = principal_components(units)
    centred = units - units.mean(axis=0)
    _, s, axes = np.linalg.svd(centred, full_matrices=False)
    np.testing.assert_allclose(np.abs(places), np.abs(centred @ axes[:2].T), atol=1e-4)
    np.testing.assert_allclose(shares, s[:2] ** 2 / (s**2).sum(), rtol=1e-4)
    flipped, _ = principal_components(np.ascontiguousarray(units))
    np.testing.assert_array_equal(places, flipped)


def test_nearest_rows_are_exact():
    """Blocks or not, the nearest are those of the whole matrix, in order, without the row itself."""
    units = rows(257)
    found, cosine = nearest(units, 7)
    s = units @ units.T
    np.fill_diagonal(s, -2)
    expected = np.argsort(-s, axis=1, kind="stable")[:, :7]
    np.testing.assert_allclose(cosine, np.take_along_axis(s, expected, axis=1), atol=1e-6)
    assert (found != np.arange(257)[:, None]).all()


def test_neighbours_stay_together_better_than_in_components():
    """The embedding keeps more of each row's nearest rows than the first two components do."""
    units = rows()
    near, pca = place(units, "neighbours"), place(units, "pca")
    assert near[1] > pca[1]
    assert kept_neighbours(units, near[0]) == near[1] > 0.4
    assert np.isfinite(near[0]).all()


def test_the_seed_gives_the_same_picture():
    """The same seed is the same picture, another seed another one of the same quality."""
    units = rows()
    start = principal_components(units)[0]
    first, again, other = (neighbour_embedding(units, start, seed=s) for s in (3, 3, 4))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)
    assert abs(kept_neighbours(units, first) - kept_neighbours(units, other)) < 0.1


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 6, 20])
@pytest.mark.parametrize("d", [1, 2, 30])
def test_few_rows_have_a_place(n, d):
    """Any number of rows and dimensions is drawn, finite, in both ways; equal rows too."""
    for found in (rows(n, d), np.ones((n, d), dtype=np.float32)):
        for method in ("pca", "neighbours"):
            places, kept = place(found, method)
            assert places.shape == (n, 2)
            assert np.isfinite(places).all()
            assert 0 <= kept <= 1


def test_a_picture_is_read_back_as_it_was_written():
    """Arrays hold everything, and no object that would have to be unpickled."""
    kinds = np.array(["gene"] * 200 + ["compound"] * 100)
    drawn = projection(rows(), kinds, seed=5)
    stored = drawn.as_arrays()
    assert all(a.dtype.kind in "ifU" for a in stored.values())
    again = projection_from_arrays(stored, kinds)
    np.testing.assert_array_equal(again.places["neighbours"], drawn.places["neighbours"])
    np.testing.assert_array_equal(again.orders["compound"].order, drawn.orders["compound"].order)
    assert (again.kept, again.explained, again.seed) == (drawn.kept, drawn.explained, 5)
    with pytest.raises(InputError):
        projection_from_arrays(stored, kinds[:-1])
    with pytest.raises(InputError):
        projection_from_arrays(stored | {"places_pca": np.full((300, 2), np.nan, dtype=np.float32)}, kinds)


def test_a_build_draws_its_map_and_lists_the_file(tmp_path):
    """`projection.npz` is in the manifest with its hash, is opened with the map, and a map without it opens too."""
    build_map(simulate(ODD["no structures"]), tmp_path, recipe=Recipe(null_draws=50), provenance=Provenance("x", "x"))
    found = open_map(tmp_path)
    assert len(found.manifest["files"][PROJECTION]["sha256"]) == 64
    assert found.projection.places["pca"].shape == (len(found.perturbations), 2)
    assert set(found.projection.orders) == {"gene", "compound"}
    left = {k: v for k, v in found.manifest.items() if k not in ("files", "build", "format")}
    tables = {"features": found.features, "perturbations": found.perturbations, "entities": found.entities}
    (tmp_path / "without").mkdir()
    without = open_map(publish(tmp_path / "without", save_map(tmp_path / "without", manifest=left, **tables)))
    assert without.projection is None


def test_a_damaged_picture_is_refused(tmp_path):
    """A picture of another map, listed with its true hash, is a clear error and not a wrong place."""
    build_map(simulate(ODD["lone"]), tmp_path, recipe=Recipe(null_draws=50), provenance=Provenance("x", "x"))
    found = open_map(tmp_path)
    left = {k: v for k, v in found.manifest.items() if k not in ("files", "build", "format")}
    tables = {"features": found.features, "perturbations": found.perturbations, "entities": found.entities}
    (tmp_path / "wrong").mkdir()
    wrong = projection(rows(40), np.array(["gene"] * 40))
    folder = save_map(tmp_path / "wrong", manifest=left, **tables, projection=wrong)
    with pytest.raises(MapError, match=PROJECTION):
        open_map(folder)
