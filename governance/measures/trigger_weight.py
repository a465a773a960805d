"""How likely a pattern is a trigger: the weight of evidence for it, beside that for an honest value that leans.

Significance says whether to raise an alarm; it does not rank, as a pattern of a few thousand is easily as significant as
one of a few dozen. Here two stories are compared (I. J. Good, Weight of evidence, Bayesian Statistics 2, 1985). Planted:
a share of the pattern's rows was drawn from other classes and was given the label, so that their rest is that of other
classes. Honest: the pattern leans to the label as others in the data do, and the rest of each row is that of its label.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from governance.measures.evenly_spaced import evenly_spaced
from governance.measures.rest_of_row import CAP
from governance.measures.trigger_patterns import Patterns
from governance.measures.trigger_test import EDGES, Background

PLANTED = ((0.98, 0.4), (0.75, 0.3), (0.5, 0.2), (0.25, 0.1))
"""Shares of a pattern's rows that may be planted, and how likely each is."""
HARD = ((0.0, 0.75), (0.25, 0.2), (0.5, 0.05))
"""Shares of an honest pattern's rows whose rest may be that of other classes, and how likely each is."""
LEANINGS = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0)
"""Rows that what is usual counts for, when a pattern's own rows say how far it leans to a class."""
SUREST = 0.02
"""No row's rest says more of a label than that it is right, or wrong, but for this chance: labels are wrong at random too."""
STEPS, ENOUGH = 30, 1e-9
COMPARED = 1000
"""Patterns, evenly spaced, that say how far patterns lean."""


@dataclass(frozen=True)
class Margins:
    """How likely each class is by the margin of a row, by a logistic curve each: few rows suffice for it."""

    level: NDArray[np.float64]
    slope: NDArray[np.float64]
    """(classes,) log odds of a class at margin 0, and by how much they fall up to margin 1."""
    base: NDArray[np.float64]
    """(classes,) share of each class."""

    def other(self, margin: NDArray[np.float64], label: int) -> NDArray[np.float64]:
        """(rows,) how much likelier the `margin` of each row is in other classes than in `label`."""
        odds = np.clip(self.level[label] - self.slope[label] * margin, -500, 500)
        chance = np.clip(1 / (1 + np.exp(-odds)), SUREST, 1 - SUREST)
        base = self.base[label]
        return np.asarray((1 - chance) / chance * base / (1 - base), dtype=np.float64)


def margins_of(margin: NDArray[np.float64], label: NDArray[np.int64]) -> Margins:
    """The curves of rows whose rest speaks against each class by `margin` (rows, classes), -1 to 1.

    Posterior modes of the logistic model by Newton's method; a slope is thought to be normal around that of evidence
    that is taken at its word.
    """
    classes = margin.shape[1]
    base = (np.bincount(label, minlength=classes) + 0.5) / (label.size + 0.5 * classes)
    level, slope = np.log(base / (1 - base)), np.full(classes, CAP)
    for number in range(classes):
        own, x = (label == number).astype(np.float64), -CAP * margin[:, number]
        found = np.array([level[number], 1.0])
        for _ in range(STEPS):
            rate = 1 / (1 + np.exp(-np.clip(found[0] + found[1] * x, -500, 500)))
            spread = rate * (1 - rate) + 1e-9
            slopes = np.array([(own - rate).sum(), ((own - rate) * x).sum() - (found[1] - 1)])
            mixed = float((spread * x).sum())
            step = np.linalg.solve([[spread.sum(), mixed], [mixed, float((spread * x * x).sum()) + 1]], slopes)
            found += step
            if np.abs(step).max() < ENOUGH:
                break
        level[number], slope[number] = found[0], CAP * max(found[1], 0.0)
    return Margins(level, slope, base)


def lean_of(patterns: Patterns, label: NDArray[np.int64], labels: NDArray[np.int64]) -> float:
    """That of LEANINGS under which the labels of the patterns' rows are likeliest; `labels` (classes,) are rows of each.

    The beta-binomial likelihood of each class against all others, summed over the classes and over the patterns.
    """
    chosen = evenly_spaced(patterns.size, COMPARED)
    some = patterns.take(chosen)
    sizes, classes = np.diff(some.start), labels.size
    owner = np.repeat(np.arange(some.size), sizes)
    counts = np.bincount(owner * classes + label[some.rows], minlength=some.size * classes).reshape(-1, classes)
    base = (labels + 0.5) / (labels.sum() + 0.5 * classes)
    fit = [
        sum(float(_leaning(counts[:, c], sizes, float(base[c]), lean).sum()) for c in range(classes))
        for lean in LEANINGS
    ]
    return LEANINGS[int(np.argmax(fit))]


def chance_of(
    contradiction: NDArray[np.float64],
    labelled: NDArray[np.bool_],
    weight: NDArray[np.float64],
    label: int,
    usual: Background,
    lean: float,
    prior: float,
    other: NDArray[np.float64] | None = None,
) -> float:
    """The chance that a pattern's rows were planted with class `label`.

    `contradiction` (rows,) to the class, and which rows are `labelled` so; `weight` (rows,) sums to the number of
    independent units; `prior` is the logarithm of the odds before. `other` (rows,) is how much likelier the rest of each
    row is in other classes than in this one; None: as often as rows that contradict as much have other labels.
    """
    base = float((usual.labels[label] + 0.5) / (usual.labels.sum() + 0.5 * usual.labels.size))
    if other is None:
        rate = usual.rate[label][np.searchsorted(EDGES, contradiction, side="left")]
        other = (1 - rate) / rate * base / (1 - base)
    other = other[labelled]
    counts = weight[labelled]
    hits, misses = float(counts.sum()), float(weight[~labelled].sum())
    planted = [
        np.log(odds) + counts @ np.log(share * other + (1 - share) * base) + misses * np.log((1 - share) * (1 - base))
        for share, odds in PLANTED
    ]
    honest = [np.log(odds) + counts @ np.log(1 - share + share * other) for share, odds in HARD]
    evidence = float(np.logaddexp.reduce(planted) - np.logaddexp.reduce(honest))
    evidence -= float(_leaning(np.array([round(hits)]), np.array([round(hits) + round(misses)]), base, lean)[0])
    return float(1 / (1 + np.exp(-np.clip(evidence + prior, -500, 500))))


def evidence_of(log_p: float) -> float:
    """Logarithm of the evidence in a p-value, given as its logarithm: V. Vovk and R. Wang's calibrator, 0 or more.

    (1 - p + p log p) / (p log(p)**2) is 1 or less on average under the null hypothesis (Annals of Statistics 49, 2021).
    """
    if log_p >= -1:
        return 0.0
    p = float(np.exp(log_p))
    return max(float(np.log1p(p * log_p - p)) - log_p - 2 * float(np.log(-log_p)), 0.0)


def _leaning(hits: NDArray[np.int64], n: NDArray[np.int64], base: float, lean: float) -> NDArray[np.float64]:
    """Logarithm of the chance of these `hits`, in order, among `n` rows whose rate is beta with mean `base`."""
    # Lengths in powers of two: thousands of patterns ask for the same few sums.
    most = 2 ** int(n.max(initial=0)).bit_length()
    rising = _rising(lean * base, most)[hits] + _rising(lean * (1 - base), most)[n - hits] - _rising(lean, most)[n]
    return np.asarray(rising, np.float64)


@lru_cache(maxsize=256)
def _rising(start: float, most: int) -> NDArray[np.float64]:
    """(most + 1,) logarithms of start * (start + 1) * ... of 0 factors, 1, 2, and so on."""
    return np.append(0.0, np.cumsum(np.log(start + np.arange(most))))
