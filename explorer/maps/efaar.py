"""From wells to a map in the steps of EFAAR: embed, filter, align, aggregate, relate.

Embedding and filtering are the loaders' part; this module is the one door to the rest. Celik et al. 2024,
doi:10.1371/journal.pcbi.1012463.
"""

from explorer.maps.aggregation import HOW, aggregate, cosine, unit_rows
from explorer.maps.alignment import METHODS, Alignment, fit_alignment

__all__ = ["HOW", "METHODS", "Alignment", "aggregate", "cosine", "fit_alignment", "unit_rows"]
