"""What the similarity of an open map is called: on a map whose rows were centred or weighted it is no cosine."""

from __future__ import annotations

from explorer import queries
from explorer.figures import words


def similarity_name(of_map: str) -> words.Similarity:
    """`cosine`, or `similarity` with what was done in its place."""
    return words.Similarity(**queries.similarity(of_map))
