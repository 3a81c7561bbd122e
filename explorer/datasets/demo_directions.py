"""The planted effects of the demo screen: one vector and one viability for each perturbation.

A module is a direction; modules are orthogonal but for a shared parent or a declared opposite. A gene mixes modules
with a direction of its own. A compound takes the directions of what it acts on, less their loss of viability, rises
with concentration, and from its toxic concentration on turns towards the direction of dying cells.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from explorer.datasets.demo_layout import concentration_label
from explorer.datasets.demo_truth import CONCENTRATIONS, DemoSource, parse_actions, parse_mixture

#: Length of a compound's effect at saturation with `top` 1, in units of the noise of one well along one dimension.
COMPOUND_STRENGTH = 9.0

_KILL = "kill"
_KILL_STRENGTH = 14.0
_CRISPR_CONTROL = 0.8  # of cutting the genome, whatever the guide
_OWN = 0.36  # share of a compound's effect that is its own
_SLOPE = 1.4
_DEATH_SLOPE = 4


@dataclass(frozen=True)
class Effects:
    """Planted effect of each perturbation.

    Attributes
    ----------
    index : Index
        Gene symbol, `compound@concentration`, or the name of a control.
    vectors : float64 array, shape (perturbations, dimensions)
        In units of the noise of one well along one dimension; zero where inactive.
    viability : float64 array, shape (perturbations,)
        Expected cells as a fraction of the controls.
    """

    index: pd.Index
    vectors: np.ndarray
    viability: np.ndarray


def planted_effects(tables: DemoSource, dimensions: int, *, rng: np.random.Generator) -> Effects:
    """Vectors and viabilities of all perturbations of the screen.

    Parameters
    ----------
    tables : DemoSource
    dimensions : int
        At least as many as there are modules, arms with an effect, and one more.
    rng : numpy Generator

    Returns
    -------
    Effects
    """
    arms = sorted(set(tables.genes.loc[tables.genes["arm_effect"].astype(float) > 0, "arm"]))
    basis = _orthonormal(rng.standard_normal((len(tables.modules) + len(arms) + 1, dimensions)))
    modules = _module_directions(tables.modules, basis)
    arm_directions = dict(zip(arms, basis[len(tables.modules) :], strict=False))
    own = _unit(rng.standard_normal((len(tables.genes), dimensions)))
    compound_own = _unit(rng.standard_normal((len(tables.compounds), dimensions)))

    labels, vectors, viability, mechanisms = [], [], [], dict(modules)
    for row, direction in zip(tables.genes.itertuples(), own, strict=True):
        strength, mixture = float(row.strength), parse_mixture(row.modules)
        effect = _mix(mixture, modules, direction)
        if _KILL in mixture:
            mechanisms[row.symbol] = _unit(effect - mixture[_KILL] * modules[_KILL])
        else:
            mechanisms[row.symbol] = effect
        arm = float(row.arm_effect) * arm_directions[row.arm] if row.arm in arm_directions else 0.0
        labels.append(row.symbol)
        vectors.append(strength * effect + arm)
        viability.append(np.exp(-0.11 * strength * mixture.get(_KILL, 0.0)))
    for row, direction in zip(tables.compounds.itertuples(), compound_own, strict=True):
        for concentration in CONCENTRATIONS:
            vector, alive = _compound(row, concentration, mechanisms, direction)
            labels.append(concentration_label(row.name, concentration))
            vectors.append(vector)
            viability.append(alive)
    labels += ["EMPTY_control", "CRISPR_control"]
    vectors += [np.zeros(dimensions), _CRISPR_CONTROL * basis[-1]]
    return Effects(pd.Index(labels), np.array(vectors), np.array([*viability, 1.0, 1.0]))


def _compound(row, concentration: float, mechanisms: dict, own: np.ndarray) -> tuple[np.ndarray, float]:
    """Effect and viability of one compound at one concentration."""
    alive = max(0.02, 1 / (1 + (1.5 * concentration / float(row.toxic_um)) ** _DEATH_SLOPE)) if row.toxic_um else 1.0
    vector = (1 - alive) * _KILL_STRENGTH * mechanisms[_KILL]
    actions = parse_actions(row.acts_on)
    if not actions:
        return vector, alive
    full = sum(weight * mechanisms[name] for name, weight, _ in actions)
    now = sum(
        weight * _hill(concentration, float(row.ec50_um) * factor) * mechanisms[name]
        for name, weight, factor in actions
    )
    specific = _OWN * _hill(concentration, float(row.ec50_um)) * own
    mechanism = np.sqrt(1 - _OWN**2) * now / np.linalg.norm(full) + specific
    return vector + COMPOUND_STRENGTH * float(row.top) * (0.5 + 0.5 * alive) * mechanism, alive


def _hill(concentration: float, ec50: float) -> float:
    return 1 / (1 + (ec50 / concentration) ** _SLOPE)


def _module_directions(modules: pd.DataFrame, basis: np.ndarray) -> dict[str, np.ndarray]:
    """Unit direction of each module; a parent or an opposite stands above the modules that refer to it."""
    directions: dict[str, np.ndarray] = {}
    for row, fresh in zip(modules.itertuples(), basis, strict=False):
        towards, cosine = row.parent, np.sqrt(float(row.share)) if row.share else 0.0
        if row.opposite_of:
            towards, cosine = row.opposite_of, float(row.opposite_cosine)
        directions[row.module] = cosine * directions[towards] + np.sqrt(1 - cosine**2) * fresh if towards else fresh
    return directions


def _mix(mixture: dict[str, float], modules: dict[str, np.ndarray], own: np.ndarray) -> np.ndarray:
    shared = sum((weight * modules[name] for name, weight in mixture.items()), np.zeros_like(own))
    return _unit(shared + np.sqrt(max(0.0, 1 - shared @ shared)) * own)


def _orthonormal(rows: np.ndarray) -> np.ndarray:
    """Gram-Schmidt, twice: unlike a LAPACK QR its signs are the same on every machine."""
    basis = np.zeros_like(rows)
    for i, row in enumerate(rows):
        for _ in range(2):
            row = row - (basis[:i] @ row) @ basis[:i]
        basis[i] = row / np.linalg.norm(row)
    return basis


def _unit(rows: np.ndarray) -> np.ndarray:
    return rows / np.linalg.norm(rows, axis=-1, keepdims=True)
