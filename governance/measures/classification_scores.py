"""Scores of predicted classes and their probabilities."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from governance.measures import classification_metrics as classification
from governance.measures.scores import NO_SPREAD, Sample, Score

Array = NDArray[np.float64]
Codes = NDArray[np.int64]


FEWEST = 5
"""Rows (or groups) of a class, with fewer of which a mean over classes has no interval: of two rows none, one or both are
found, and where both are, no redraw shows that it could have been otherwise. The class weighs as much as all others, so
that the interval of the mean would be as wrong as that of the class. Nor would drawing by class help: it draws from the
same two rows."""
ENOUGH_DRAWN = 100
"""Redraws that have every class, with fewer of which the ends of an interval cannot be told."""


def classification_scores(
    sample: Sample,
    label: Codes,
    predicted: Codes,
    probabilities: Array | None,
    *,
    classes: int,
    majority: int,
    positive: int | None,
) -> tuple[Score, ...]:
    """Scores of predicted classes; arrays are (rows,), `probabilities` (rows, classes) or None.

    `majority` is the class that the baseline always answers, `positive` the positive one of two classes.
    """
    right, by_baseline = label == predicted, label == majority
    matrix = classification.confusion_matrix(label, predicted, classes)
    drawn = classification.resampled_confusions(label, predicted, classes, sample.units, sample.draws, sample.seed)
    scores = [
        sample.score(
            "accuracy",
            float(right.mean()),
            "share of rows predicted right",
            better="higher",
            unit="share",
            interval=classification.share_interval(right, sample.units),
            method=sample.wilson,
        ),
        sample.score(
            "baseline_accuracy",
            float(by_baseline.mean()),
            "share of rows predicted right by always answering the most frequent class",
            unit="share",
        ),
        sample.mean(
            "advantage_over_baseline",
            right.astype(np.float64) - by_baseline,
            "accuracy minus that of the baseline, in the same rows",
            better="higher",
            unit="share",
        ),
        sample.score(
            "balanced_accuracy",
            float(classification.balanced_accuracy(matrix)),
            "mean over classes of the share predicted right, so that rare classes count as much",
            better="higher",
            unit="share",
            interval=classification.balanced_accuracy_interval(label, predicted, classes, sample.units),
            method=f"{sample.wilson}, effective rows",
        ),
        sample.score(
            "baseline_balanced_accuracy",
            1 / int((matrix.sum(axis=1) > 0).sum()),
            "balanced accuracy of always answering one class",
            unit="share",
        ),
        _macro_f1(sample, label, matrix, drawn),
    ]
    if probabilities is None:
        return tuple(scores)
    losses, briers = classification.log_losses(label, probabilities), classification.brier_scores(label, probabilities)
    worst = 1 if classes == 2 else 2
    return (
        *scores,
        _area_under_curve(sample, label, probabilities, positive),
        sample.mean(
            "log_loss",
            losses,
            "mean of minus the logarithm of the probability given to the true class; 0 is perfect",
            better="lower",
        ),
        sample.mean(
            "brier_score",
            briers,
            f"mean squared distance of the probabilities from the truth: 0 is perfect, {worst} the worst",
            better="lower",
        ),
    )


def _macro_f1(sample: Sample, label: Codes, matrix: Array, drawn: Array) -> Score:
    """With an interval from the redraws that have rows of every class, as the rows themselves have.

    Of FEWEST rows a redraw has none in one of 150 cases, so that leaving those out changes little.
    """
    name, meaning = "macro_f1", "mean over classes of F1, so that rare classes count as much"
    value, few = float(classification.macro_f1(matrix)), _too_few(sample, label)
    if few:
        return sample.score(name, value, meaning, better="higher", unit="share", note=few)
    values = classification.macro_f1_redrawn(matrix, drawn)
    complete = values[np.isfinite(values)]
    values = complete if complete.size >= ENOUGH_DRAWN else values
    return sample.drawn(name, value, values, meaning, better="higher", unit="share")


def _too_few(sample: Sample, label: Codes) -> str:
    """Why a mean over classes has no interval; empty where the rarest class has FEWEST rows or groups."""
    fewest = classification.fewest_units(label, sample.units)
    if fewest >= FEWEST:
        return ""
    what = "rows" if sample.units is None else "groups with rows"
    return f"no interval: the rarest class has fewer than {FEWEST} {what} ({fewest}), which tell next to nothing of it"


def _area_under_curve(sample: Sample, label: Codes, probabilities: Array, positive: int | None) -> Score:
    """Of the positive class, or the mean over classes of one against the rest."""
    codes = [positive] if positive is not None else range(probabilities.shape[1])
    areas, influences = [], np.zeros(label.size)
    for code in codes:
        area, influence = classification.roc_auc(label == code, probabilities[:, code])
        if math.isfinite(area):
            areas.append(area)
            influences += influence
    name = "roc_auc"
    meaning = "how often a row of the class gets a higher probability of it than another row, 0 to 1; 0.5 is chance"
    if not areas:
        return sample.score(name, math.nan, meaning, better="higher", unit="area", note="only one class in these rows")
    area = float(np.mean(areas))
    few = _too_few(sample, label)
    interval = None if few else classification.roc_auc_interval(area, influences / len(areas), sample.units)
    if len(areas) > 1:
        meaning += "; mean over classes, each against the rest"
    return sample.score(
        name,
        area,
        meaning,
        better="higher",
        unit="area",
        interval=interval,
        method="95 % DeLong, logit scale",
        note=few or ("" if interval else NO_SPREAD),
    )
