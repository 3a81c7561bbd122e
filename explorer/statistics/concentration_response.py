"""How similarity to a gene rises with concentration: a four-parameter curve, its EC50, and when not to give one.

y = b + (t - b) / (1 + 10^(h (log10 EC50 - log10 c))). For a given EC50 and slope the two plateaus are linear, so every
gene is fitted on one grid of EC50 and slope at once and then polished; the grid also gives the interval.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

SLOPES = (0.3, 5.0)
COLUMNS = ("ec50", "ec50_low", "ec50_high", "top", "bottom", "slope", "r2", "delta_aicc", "status")

FITTED = "fitted"
NOT_ACTIVE = "not active at any concentration"
TOO_FEW = "too few concentrations"
FLAT = "flat: no better than a constant"
OUTSIDE = "outside the tested range"

#: Distinct concentrations needed where the noise is known, and where it has to be estimated from the same points.
FEWEST, FEWEST_UNKNOWN_NOISE = 5, 7
CONFIDENCE = 0.95

_PARAMETERS = 4
_BEYOND = 1.0  # decades of the grid below and above the tested range
_STEP = 0.1
_SLOPE_GRID = np.geomspace(*SLOPES, 9)
_GENES_AT_ONCE = 512
_POLISHING = 8


@dataclass(frozen=True, eq=False)
class _Grid:
    """Fits of a block of genes on the grid: arrays over (EC50, slope, gene)."""

    bottoms: np.ndarray
    tops: np.ndarray
    residuals: np.ndarray


def concentration_response(
    concentrations: np.ndarray,
    similarities: np.ndarray,
    *,
    active: np.ndarray,
    use: np.ndarray | None = None,
    noise: np.ndarray | float | None = None,
) -> pd.DataFrame:
    """Fit one compound's similarity to each gene against concentration.

    Parameters
    ----------
    concentrations : array, shape (m,)
        uM, above 0.
    similarities : array, shape (m, g)
        Cosines of the compound at each concentration to each gene.
    active : bool array, shape (m,)
        Activity gate; with none active nothing is fitted.
    use : bool array, shape (m,), optional
        Concentrations to fit on, such as those that are not toxic; they also are the tested range. Default: all.
    noise : float or array, shape (g,), optional
        Standard deviation of one cosine where there is no effect (`SimilarityNull.noise`). With it an information
        criterion works on six or eight points; without it the noise is estimated from the same points, and a curve
        on eight of them has to explain about 98 % of the variance to beat a constant.

    Returns
    -------
    DataFrame, one row a gene
        `ec50`, `ec50_low`, `ec50_high` : uM; NaN where refused, and for a bound that the data leave open
        `top`, `bottom`, `slope` : plateau at high and at low concentration within [-1, 1], and h within [0.3, 5]
        `r2` : share of variance explained
        `delta_aicc` : AICc of a constant minus AICc of the curve; positive speaks for the curve
        `status` : "fitted", or why there is no EC50
        Parameters and fit are given wherever there is a fit, also where its EC50 is refused.
    """
    used = np.ones(len(concentrations), dtype=bool) if use is None else np.asarray(use, dtype=bool)
    y = np.asarray(similarities, dtype=np.float64)[used]
    x = np.log10(np.asarray(concentrations, dtype=np.float64)[used])
    genes = y.shape[1]
    if not np.asarray(active, dtype=bool)[used].any():
        return _nothing(genes, NOT_ACTIVE)
    if len(np.unique(x)) < (FEWEST_UNKNOWN_NOISE if noise is None else FEWEST):
        return _nothing(genes, TOO_FEW)
    sd = None if noise is None else np.broadcast_to(np.asarray(noise, dtype=np.float64), genes)
    blocks = [slice(start, start + _GENES_AT_ONCE) for start in range(0, genes, _GENES_AT_ONCE)]
    fits = [_fit(x, y[:, block], sd=None if sd is None else sd[block]) for block in blocks]
    return pd.concat(fits, ignore_index=True) if fits else _nothing(0, FLAT)


def curve(concentrations: np.ndarray, *, ec50: float, top: float, bottom: float, slope: float) -> np.ndarray:
    """The fitted curve at some concentrations in uM, for drawing."""
    return bottom + (top - bottom) * _rise(np.log10(concentrations), np.log10(ec50), slope)


def _nothing(genes: int, status: str) -> pd.DataFrame:
    frame = pd.DataFrame(np.nan, index=range(genes), columns=COLUMNS[:-1])
    return frame.assign(status=status)


def _rise(x: np.ndarray, e: np.ndarray, h: np.ndarray) -> np.ndarray:
    return 1 / (1 + 10 ** np.clip(h * (e - x), -300, 300))


def _fit(x: np.ndarray, y: np.ndarray, *, sd: np.ndarray | None) -> pd.DataFrame:
    """Fit all genes of a block: grid, polish, interval, and what is refused."""
    places = np.arange(x.min() - _BEYOND, x.max() + _BEYOND + _STEP / 2, _STEP)
    grid = _on_grid(x, y, places)
    genes = np.arange(y.shape[1])
    place, slope = np.unravel_index(grid.residuals.reshape(-1, len(genes)).argmin(axis=0), grid.residuals.shape[:2])
    at = (place, slope, genes)
    start = np.column_stack([grid.bottoms[at], grid.tops[at], places[place], _SLOPE_GRID[slope]])
    fitted, residual = _polish(x, y, start, limits=(places[0], places[-1]))

    total = ((y - y.mean(axis=0)) ** 2).sum(axis=0)
    delta = _delta_aicc(total, residual, points=len(x), sd=sd)
    profile = grid.residuals.min(axis=1)
    low, high = _interval(places, profile, _limit(profile.min(axis=0), points=len(x), sd=sd))
    low, high = np.fmin(low, fitted[:, 2]), np.fmax(high, fitted[:, 2])
    tested = (fitted[:, 2] >= x.min()) & (fitted[:, 2] <= x.max())
    status = np.where(delta <= 0, FLAT, np.where(tested, FITTED, OUTSIDE))
    given = status == FITTED
    return pd.DataFrame(
        {
            "ec50": np.where(given, 10 ** fitted[:, 2], np.nan),
            "ec50_low": np.where(given & (low > places[0]), 10**low, np.nan),
            "ec50_high": np.where(given & (high < places[-1]), 10**high, np.nan),
            "top": fitted[:, 1],
            "bottom": fitted[:, 0],
            "slope": fitted[:, 3],
            "r2": 1 - residual / np.where(total > 0, total, np.nan),
            "delta_aicc": delta,
            "status": status,
        }
    )


def _on_grid(x: np.ndarray, y: np.ndarray, places: np.ndarray) -> _Grid:
    """Best plateaus within [-1, 1] and the sum of squares left, for each EC50 and slope."""
    up = _rise(x, places[:, None, None], _SLOPE_GRID[None, :, None])
    down = 1 - up
    uu, ud, dd = ((a * b).sum(axis=2)[..., None] for a, b in ((up, up), (up, down), (down, down)))
    uy, dy = up @ y, down @ y
    determinant = uu * dd - ud**2
    flat = determinant < 1e-9
    safe = np.where(flat, 1.0, determinant)
    mean = y.mean(axis=0)
    top = np.clip(np.where(flat, mean, (dd * uy - ud * dy) / safe), -1, 1)
    bottom = np.clip(np.where(flat, mean, (dy - ud * top) / np.maximum(dd, 1e-12)), -1, 1)
    top = np.clip(np.where(flat, mean, (uy - ud * bottom) / np.maximum(uu, 1e-12)), -1, 1)
    residuals = (y**2).sum(axis=0) - 2 * (bottom * dy + top * uy)
    residuals += bottom**2 * dd + 2 * bottom * top * ud + top**2 * uu
    return _Grid(bottom, top, np.maximum(residuals, 0.0))


def _polish(
    x: np.ndarray, y: np.ndarray, start: np.ndarray, *, limits: tuple[float, float]
) -> tuple[np.ndarray, np.ndarray]:
    """Levenberg-Marquardt from the grid, all genes at once; a step that does not help is not taken."""
    lower, upper = np.array([-1, -1, limits[0], SLOPES[0]]), np.array([1, 1, limits[1], SLOPES[1]])
    current, damping = start, np.full(len(start), 1e-3)
    error = y.T - _predicted(x, current)
    residual = (error**2).sum(axis=1)
    for _ in range(_POLISHING):
        slopes = _derivatives(x, current)
        normal = np.einsum("gmp,gmq->gpq", slopes, slopes)
        ridge = damping[:, None] * (np.einsum("gpp->gp", normal) + 1e-6)
        normal += ridge[:, :, None] * np.eye(_PARAMETERS)
        step = np.linalg.solve(normal, np.einsum("gmp,gm->gp", slopes, error)[..., None])[..., 0]
        tried = np.clip(current + step, lower, upper)
        tried_error = y.T - _predicted(x, tried)
        tried_residual = (tried_error**2).sum(axis=1)
        better = tried_residual < residual
        current = np.where(better[:, None], tried, current)
        error = np.where(better[:, None], tried_error, error)
        residual = np.where(better, tried_residual, residual)
        damping = np.where(better, damping / 5, damping * 10)
    return current, residual


def _predicted(x: np.ndarray, parameters: np.ndarray) -> np.ndarray:
    bottom, top, e, h = parameters.T[..., None]
    return bottom + (top - bottom) * _rise(x, e, h)


def _derivatives(x: np.ndarray, parameters: np.ndarray) -> np.ndarray:
    bottom, top, e, h = parameters.T[..., None]
    up = _rise(x, e, h)
    bend = -(top - bottom) * up * (1 - up) * np.log(10)
    return np.stack([1 - up, up, bend * h, bend * (e - x)], axis=2)


def _delta_aicc(flat: np.ndarray, fit: np.ndarray, *, points: int, sd: np.ndarray | None) -> np.ndarray:
    """AICc of a constant minus that of the curve (Burnham and Anderson 2002); known noise needs no correction."""
    if sd is not None:
        return (flat - fit) / sd**2 - 2 * (_PARAMETERS - 1)

    def penalty(k: int) -> float:  # the noise is one more parameter
        return 2 * k + 2 * k * (k + 1) / (points - k - 1)

    gain = points * np.log(np.maximum(flat, 1e-12) / np.maximum(fit, 1e-12))
    return gain + penalty(2) - penalty(_PARAMETERS + 1)


def _limit(best: np.ndarray, *, points: int, sd: np.ndarray | None) -> np.ndarray:
    """Sum of squares up to which an EC50 is within the profile-likelihood interval."""
    from scipy import stats  # 50 MB, which a build can do without

    freedom = points - _PARAMETERS
    estimated = best * (1 + stats.f.ppf(CONFIDENCE, 1, freedom) / freedom)
    if sd is None:
        return estimated
    misfit = best > stats.chi2.ppf(0.99, freedom) * sd**2
    return np.where(misfit, estimated, best + stats.chi2.ppf(CONFIDENCE, 1) * sd**2)


def _interval(places: np.ndarray, profile: np.ndarray, limit: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Outermost places where the profile (places, genes) is within the limit, between grid points by a line."""
    within = profile <= limit
    genes = np.arange(profile.shape[1])
    first, last = within.argmax(axis=0), len(places) - 1 - within[::-1].argmax(axis=0)

    def crossing(inside: np.ndarray, outside: np.ndarray) -> np.ndarray:
        outside = np.clip(outside, 0, len(places) - 1)
        a, b = profile[inside, genes], profile[outside, genes]
        share = np.clip((limit - a) / np.where(b > a, b - a, np.inf), 0, 1)
        return places[inside] + share * (places[outside] - places[inside])

    return crossing(first, first - 1), crossing(last, last + 1)
