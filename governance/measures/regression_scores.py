"""Scores of predicted numbers."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from governance.measures import regression_metrics as regression
from governance.measures.scores import Better, Sample, Score

Array = NDArray[np.float64]


def regression_scores(sample: Sample, label: Array, predicted: Array, *, baseline: float) -> tuple[Score, ...]:
    """Scores of predicted numbers; arrays are (rows,). `baseline` is the number that the baseline always answers."""
    rows = regression.contributions(label, predicted, baseline)
    totals = rows.sum(axis=0)
    drawn = regression.resampled(rows, sample.units, sample.draws, sample.seed)

    def score(measure: Callable[[Array], Array], meaning: str, better: Better, unit: str = "target") -> Score:
        name = "advantage_over_baseline" if measure is regression.skill else measure.__name__
        return sample.drawn(name, float(measure(totals)), measure(drawn), meaning, better=better, unit=unit)

    return (
        score(regression.mean_absolute_error, "mean distance of prediction and truth", "lower"),
        score(
            regression.root_mean_squared_error,
            "root of the mean squared distance of prediction and truth; large errors weigh more",
            "lower",
        ),
        score(
            regression.mean_error, "mean of prediction minus truth; above 0 when predictions are too high", "neither"
        ),
        score(
            regression.r_squared, "share of the target's variance in these rows that is explained", "higher", "share"
        ),
        score(
            regression.baseline_mean_absolute_error, "mean distance of the truth from one constant answer", "neither"
        ),
        score(
            regression.baseline_root_mean_squared_error,
            "root mean squared distance of the truth from one constant answer",
            "neither",
        ),
        score(
            regression.skill,
            "share of the squared error of always answering the mean that the model removes; 0 is no better",
            "higher",
            "share",
        ),
    )
