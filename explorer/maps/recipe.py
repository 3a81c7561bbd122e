"""How a map is made and where it comes from: what `map.json` says beside the numbers."""

from __future__ import annotations

import datetime
import platform
from dataclasses import asdict, dataclass
from importlib.metadata import version

from explorer.maps.relating import COSINE


@dataclass(frozen=True)
class Recipe:
    """How a map is made; kept in `map.json` and shown with the map."""

    align: str = "none"
    aggregate: str = "mean"
    by_guide: bool = False
    seed: int = 0
    null_draws: int = 5_000
    relate: str = COSINE

    @property
    def way(self) -> dict[str, object]:
        """How wells become one vector."""
        return {"how": self.aggregate, "by_guide": self.by_guide}

    def said(self) -> dict[str, object]:
        """As `map.json` has it: plain cosine goes without saying."""
        return {k: v for k, v in asdict(self).items() if k != "relate" or v != COSINE}


@dataclass(frozen=True)
class Provenance:
    """Where a map comes from and what may be done with it."""

    name: str
    dataset: str
    licence: str = ""
    citation: str = ""
    simulated: bool = False


def made() -> dict[str, object]:
    """When and with what; neither is part of the build id."""
    return {"created": datetime.date.today().isoformat(), "versions": versions()}


def versions() -> dict[str, str]:
    """Of what computes."""
    found = {name: version(name) for name in ("numpy", "pandas", "scipy", "rdkit")}
    return found | {"python": platform.python_version()}
