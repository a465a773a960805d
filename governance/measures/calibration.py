"""Whether predicted probabilities mean what they say: of the rows given 0.8, are 80 % of that class?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from governance.measures.resampling import EXACT_UNITS, resampled_totals, totals_by_unit

Array = NDArray[np.float64]
Codes = NDArray[np.int64]


@dataclass(frozen=True)
class Reliability:
    """Groups of rows with similar predicted probability, from low to high; arrays are (bins,)."""

    rows: Codes
    stated: Array
    """Mean predicted probability."""
    observed: Array
    """Share of rows in which it came true."""
    bin_of_row: Codes

    @property
    def expected_error(self) -> float:
        """Expected calibration error: mean distance of stated and observed, weighted by rows."""
        return float((self.rows * abs(self.stated - self.observed)).sum() / self.rows.sum())


def equal_mass_bins(stated: Array, bins: int) -> Codes:
    """Number of the bin of each row, from 0. Bins hold about as many rows each; equal probabilities share a bin."""
    if stated.size == 0:
        return np.zeros(0, dtype=np.int64)
    edges = np.unique(np.quantile(stated, np.linspace(0, 1, bins + 1)[1:-1]))
    raw = np.searchsorted(edges, stated, side="right")
    return np.unique(raw, return_inverse=True)[1].astype(np.int64)


def reliability(stated: Array, came_true: NDArray[np.bool_], bins: int) -> Reliability:
    """Stated against observed in bins of equal mass.

    Source: M. H. DeGroot and S. E. Fienberg, The Statistician 32, 1983; the error as in M. P. Naeini et al., AAAI 2015;
    bins of equal mass as in K. Nguyen and B. O'Connor, EMNLP 2015.
    """
    bin_of_row = equal_mass_bins(stated, bins)
    rows = np.bincount(bin_of_row)
    return Reliability(
        rows=rows,
        stated=np.bincount(bin_of_row, weights=stated) / rows,
        observed=np.bincount(bin_of_row, weights=came_true) / rows,
        bin_of_row=bin_of_row,
    )


def errors_by_chance(found: Reliability, stated: Array, draws: int, seed: int) -> Array:
    """Expected calibration errors (draws,) that a perfectly calibrated model with these probabilities would show.

    Outcomes are drawn from the stated probabilities. Few rows give a large error without any fault of the model.
    Source: consistency resampling, J. Brocker and L. A. Smith, Weather and Forecasting 22, 2007.
    """
    generator = np.random.default_rng(seed)
    bins = found.rows.size
    expected = np.bincount(found.bin_of_row, weights=stated, minlength=bins)
    if stated.size > EXACT_UNITS:
        # The number that comes true in a bin is a sum of many independent draws: normal, with the same two moments.
        spread = np.sqrt(np.bincount(found.bin_of_row, weights=stated * (1 - stated), minlength=bins))
        counts = expected + generator.standard_normal((draws, bins)) * spread
    else:
        counts = np.empty((draws, bins))
        for draw in range(draws):
            came_true = generator.random(stated.size) < stated
            counts[draw] = np.bincount(found.bin_of_row, weights=came_true, minlength=bins)
    errors: Array = abs(counts - expected).sum(axis=1) / stated.size
    return errors


def errors_by_resampling(
    found: Reliability, stated: Array, came_true: NDArray[np.bool_], units: Codes | None, draws: int, seed: int
) -> Array:
    """How far resampling moves the bins, (draws,): mean distance of each bin's deviation from that of the sample.

    The true error differs from the measured one by no more than this (triangle inequality), so its quantile gives a
    conservative interval, also where `units` tie rows together. A plain bootstrap of the error covers next to never,
    as noise only ever adds to it.
    """
    deviations = np.zeros((stated.size, found.rows.size))
    deviations[np.arange(stated.size), found.bin_of_row] = stated - came_true
    drawn = resampled_totals(totals_by_unit(deviations, units), draws, seed)
    moved: Array = abs(drawn - deviations.sum(axis=0)).sum(axis=1) / stated.size
    return moved


def slope_and_intercept(stated: Array, came_true: NDArray[np.bool_]) -> tuple[tuple[float, float], tuple[float, float]]:
    """Logistic recalibration of binary probabilities: (slope, its standard error), (intercept, its standard error).

    Slope 1 and intercept 0 are perfect; a slope below 1 says that probabilities are too extreme. NaN when the classes
    are separated by the probabilities. Source: D. R. Cox, Biometrika 45, 1958.
    """
    clipped = np.clip(stated, 1e-12, 1 - 1e-12)
    design = np.stack([np.log(clipped / (1 - clipped)), np.ones_like(stated)], axis=1)
    nothing = ((np.nan, np.nan), (np.nan, np.nan))
    weights = np.array([1.0, 0.0])
    outcome = came_true.astype(np.float64)
    for _ in range(50):
        fitted = 1 / (1 + np.exp(-np.clip(design @ weights, -500, 500)))
        information = (design * (fitted * (1 - fitted))[:, None]).T @ design
        if not np.isfinite(information).all() or np.linalg.cond(information) > 1e12:
            return nothing
        step = np.linalg.solve(information, design.T @ (outcome - fitted))
        weights = weights + step
        if not np.isfinite(weights).all() or abs(weights).max() > 1e4:
            return nothing
        if abs(step).max() < 1e-9:
            errors = np.sqrt(np.diag(np.linalg.inv(information)))
            return (float(weights[0]), float(errors[0])), (float(weights[1]), float(errors[1]))
    return nothing
