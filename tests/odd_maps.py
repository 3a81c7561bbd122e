"""Small maps that lack something, and one whose every text is an attack: what the app must survive besides the demo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from explorer.datasets.profiles import Profiles, ReadReport, entities_frame, metadata_frame, validate
from explorer.maps.build import Provenance, Recipe, build_map

DIMENSIONS, REPLICATES = 16, 4
SMILES = ("CCO", "CC(=O)Oc1ccccc1C(=O)O", "CC(C)C[C@H](N)B(O)O", "not a molecule")
CONCENTRATIONS = (0.025, 1.0, 10.0)

#: Text that a careless sink would run, fetch or follow; each sets `window.__xss` where it runs.
PAYLOADS = (
    "<img src=x onerror=window.__xss=1>",
    "<script>window.__xss=2</script>",
    "<a href=javascript:window.__xss=3>click</a>",
    '"><svg onload=window.__xss=4>',
    "{{7*7}}${7*7}",
    '=HYPERLINK("http://evil.example/","x")',
    "[x](javascript:window.__xss=5)",
    "<b>bold</b> & <i>slanted</i>",
    "javascript:window.__xss=6",
    "../../../etc/passwd",
    "Δ-µ \u202eelbisrever",
)


@dataclass(frozen=True)
class Screen:
    """A screen to simulate: what it has, and what it calls things."""

    genes: Sequence[str] = ("KRAS", "BRAF", "MAP2K1", "PLK1", "RXRX3-00001")
    compounds: Sequence[str] = ("alpha", "beta", "gamma", "delta")
    concentrations: Sequence[float] = CONCENTRATIONS
    controls: bool = True
    structures: bool = True
    replicates: int = REPLICATES
    texts: Sequence[str] = ()


ODD = {
    "no concentrations": Screen(concentrations=(np.nan,)),
    "odd concentrations": Screen(concentrations=(np.nan, 0.0, 1e-9, 1.0, 10.0, 1e6)),
    "no controls": Screen(controls=False),
    "no structures": Screen(structures=False),
    "genes only": Screen(compounds=()),
    "compounds only": Screen(genes=()),
    "lone": Screen(genes=("KRAS",), compounds=("alpha",), concentrations=(1.0,), replicates=1),
    "hostile": Screen(genes=PAYLOADS, compounds=PAYLOADS, texts=PAYLOADS),
}


def build_odd(name: str, folder: Path) -> Path:
    """Build one of `ODD` into `folder` and return its map root."""
    screen, root = ODD[name], folder / name.replace(" ", "-")
    about = Provenance(name, f"Odd map: {name}")
    if screen.texts:
        about = replace(about, dataset=screen.texts[0], licence=screen.texts[1], citation=" ".join(screen.texts))
    build_map(simulate(screen), root, recipe=Recipe(null_draws=200), provenance=about)
    return root


def simulate(screen: Screen, *, seed: int = 0) -> Profiles:
    """Wells of a screen: each perturbation in its own direction, more so at higher concentrations."""
    rng = np.random.default_rng(seed)
    wells = [("gene", g, np.nan) for g in screen.genes]
    wells += [("compound", c, x) for c in screen.compounds for x in screen.concentrations]
    wells = [w for w in wells for _ in range(screen.replicates)]
    wells += [("control", "DMSO", np.nan)] * (24 if screen.controls else 0)
    kind, label, concentration = (list(column) for column in zip(*wells, strict=True))
    directions = {name: rng.normal(size=DIMENSIONS) for name in dict.fromkeys(zip(kind, label, strict=True))}
    strength = [0.0 if k == "control" else 1 + 2 * min(np.nan_to_num(c, nan=1.0), 10.0) for k, _, c in wells]
    planted = np.array([s * directions[k, x] for s, (k, x, _) in zip(strength, wells, strict=True)])
    texts = screen.texts or ("ordinary",)
    n = len(wells)
    metadata = metadata_frame(
        well=[f"{texts[i % len(texts)]}-{i}" for i in range(n)],
        kind=kind,
        label=label,
        experiment=["one"] * n,
        plate=[texts[i % len(texts)] for i in range(n)],
        guide=[f"{x}-guide" if k == "gene" else None for k, x, _ in wells],
        concentration=np.array(concentration, dtype=float),
        cell_count=np.full(n, 500.0),
    )
    report = ReadReport(
        sources=tuple({"file": t, "bytes": 1} for t in screen.texts),
        rows=n,
        dropped=dict.fromkeys(screen.texts, 1),
        notes=tuple(screen.texts),
    )
    features = (planted + rng.normal(size=(n, DIMENSIONS))).astype(np.float32)
    return validate(Profiles(features, metadata, entities_frame(_entities(screen)), report))


def _entities(screen: Screen) -> list[dict]:
    def text(i: int) -> str:
        return screen.texts[i % len(screen.texts)] if screen.texts else ""

    genes = [
        {
            "kind": "gene",
            "label": g,
            "synonyms": tuple(filter(None, [text(i + 1)])),
            "name": text(i + 2),
            "arm": text(i) or "7p",
        }
        for i, g in enumerate(screen.genes)
    ]
    return genes + [
        {
            "kind": "compound",
            "label": c,
            "synonyms": tuple(filter(None, [text(i + 1)])),
            "smiles": SMILES[i % len(SMILES)] if screen.structures else "",
            "targets": tuple(screen.genes[i : i + 1]),
            "mechanism": text(i + 3),
        }
        for i, c in enumerate(screen.compounds)
    ]
