"""Tables of embeddings laid along the compounds of a map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from explorer.chemistry.embeddings import Embedding


@dataclass(frozen=True, eq=False)
class LearnedTable:
    """Embeddings of the compounds of a map: unit rows in the order of its entities, NaN where there is none.

    `unknown` are keys of the table that are no compound of the map, or mean several.
    """

    embedding: Embedding
    vectors: np.ndarray
    unknown: tuple[str, ...]

    @property
    def there(self) -> np.ndarray:
        """Which entities have an embedding."""
        return np.isfinite(self.vectors[:, 0])


@dataclass(frozen=True, eq=False)
class Learned:
    """The tables of embeddings beside a map, and a sentence for each that cannot be used."""

    tables: tuple[LearnedTable, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def stamp(self) -> str:
        """Changes with the content of the tables: what is computed from them is kept under it."""
        return "-".join(t.embedding.stamp for t in self.tables) or "none"


def aligned(embedding: Embedding, *, rows: Mapping[str, Sequence[int]], n: int) -> tuple[np.ndarray, list[str]]:
    """Unit vectors in the order of the entities of a map.

    Parameters
    ----------
    embedding : Embedding
    rows : mapping
        Key of the table, casefolded, to the rows of the entities that it means.
    n : int
        Number of entities.

    Returns
    -------
    vectors : float32 array, shape (n, dimensions)
        Of length 1; NaN where the table has none.
    unknown : list of str
        Keys that mean no entity.
    """
    vectors = np.full((n, embedding.vectors.shape[1]), np.nan, dtype=np.float32)
    unit = embedding.vectors / np.linalg.norm(embedding.vectors.astype(np.float64), axis=1, keepdims=True)
    unknown = []
    for key, vector in zip(embedding.keys, unit, strict=True):
        at = rows.get(key.casefold(), ())
        vectors[list(at)] = vector
        unknown += [] if len(at) else [key]
    return vectors, unknown
