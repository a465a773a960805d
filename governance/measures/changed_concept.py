"""Whether labels follow from features in the same way in two samples."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from governance.measures.domain_classifier import CHUNK, ENOUGH, Ridge, basis, rank_scores

Array = NDArray[np.float64]
SEPARATED = 0.95
"""From this area under the curve on, the samples hardly overlap, and labels at equal features cannot be compared."""
MODIFIERS = 20
"""So many first features are tried as what a changed relation may depend on."""


@dataclass(frozen=True)
class Concept:
    """How labels at equal features differ."""

    p_value: float
    effect: float
    """0 to 1: the largest correlation left between sample and label, once features are allowed for."""
    turned: bool = False
    """Whether it is how the label goes with a feature that differs most, and not the label itself."""


def compare_concepts(
    scores: Array, labels: Array, second: NDArray[np.bool_], groups: NDArray[np.int64] | None, draws: int, seed: int = 0
) -> Concept:
    """Whether `labels` (rows, k) still hang on the sample once `scores` (rows, d) are known, by weighted generalised
    covariances: residuals of label and of sample, multiplied, against sign flips (of groups). Correct when one of both
    regressions is.

    Two questions share the false alarms. One is asked of each label, alone and with each feature, and the largest counts:
    it sees a relation that changed with one feature. The other asks whether a label is more frequent than foretold, and
    follows less what other rows foretell, both at once (intercept and slope of calibration): where some labels were given
    at random every relation is a little weaker, and this one most clearly.
    Sources: R. Shah, J. Peters, The Hardness of Conditional Independence Testing and the Generalised Covariance
    Measure, Annals of Statistics 48, 2020; C. Scheidegger, J. Hörrmann, P. Bühlmann, JMLR 23, 2022; on calibration
    D. Cox, Two Further Applications of a Model for Binary Regression, Biometrika 45, 1958.
    """
    ridge = Ridge(basis(scores))
    side = second.astype(np.float64)[:, None]
    foretold = ridge.left_out(labels)
    surprise, unexplained = side - ridge.left_out(side), labels - foretold
    ones = np.ones((scores.shape[0], 1))
    modifiers = np.hstack([ones, scores[:, :MODIFIERS]])
    each = (unexplained[:, :, None] * modifiers[:, None, :]).reshape(scores.shape[0], -1)
    single = _products(surprise, each, groups)
    if single.units.shape[1] == 0:
        return Concept(1.0, 0.0)
    double = []
    for at in range(labels.shape[1]):
        follows = rank_scores(foretold[:, [at]])
        both = _products(surprise, unexplained[:, [at]] * np.hstack([ones, follows]), groups)
        double += [both] if both.units.shape[1] == 2 else []
    turns = [_whitening(both.units) for both in double]
    turned_units = [both.units @ turn for both, turn in zip(double, turns, strict=True)]
    calibration = np.hstack(turned_units or [np.zeros((single.units.shape[0], 0))])

    def largest(sums: Array, pairs: Array) -> Array:
        """(draws, 2) the answer to either question."""
        lengths = np.sqrt((pairs.reshape(sums.shape[0], -1, 2) ** 2).sum(axis=2))
        return np.column_stack([np.abs(sums).max(axis=1), lengths.max(axis=1, initial=0.0)])

    def drawn(signs: Array) -> Array:
        return largest(signs @ single.units, signs @ calibration)

    there = np.hstack([both.sums @ turn for both, turn in zip(double, turns, strict=True)] or [np.zeros(0)])
    seen = largest(single.sums[None, :], there[None, :])[0]
    p_values = _by_signs(drawn, seen, single.units.shape[0], draws, seed)
    sums, turned = single.sums, (np.tile(np.arange(modifiers.shape[1]) > 0, labels.shape[1]))[single.kept]
    if double and p_values[1] < p_values[0]:
        sums, turned = np.concatenate([both.sums for both in double]), np.tile([False, True], len(double))
    most = int(np.abs(sums).argmax())
    effect = min(1.0, float(np.abs(sums[most])) / float(np.sqrt(single.units.shape[0])))
    return Concept(min(1.0, 2 * float(p_values.min())), effect, bool(turned[most]))


@dataclass(frozen=True)
class _Products:
    """Products of residuals of sample and label, of units that change sign as a whole."""

    units: Array
    """(units, n) each column of length 1."""
    sums: Array
    """(n,) of these, in standard deviations."""
    kept: NDArray[np.bool_]
    """(all columns,) those that vary."""


def _products(surprise: Array, unexplained: Array, groups: NDArray[np.int64] | None) -> _Products:
    """Products of `surprise` (rows, 1) with each column of `unexplained` (rows, n).

    The spread is what the products have, and no less than both have by themselves: of a class of few rows that all are in
    the larger sample, as may well be, the products are small and alike, and their sum would be many of their own spreads.
    """
    products = surprise * unexplained
    own, usual = (products**2).sum(axis=0), float((surprise**2).mean()) * (unexplained**2).sum(axis=0)
    products = _summed(products, groups)
    spread = np.sqrt((products**2).sum(axis=0))
    kept = spread > 1e-12
    units = products[:, kept] / spread[kept]
    return _Products(units, units.sum(axis=0) * np.sqrt(own / np.maximum(np.maximum(own, usual), 1e-12))[kept], kept)


def _summed(products: Array, groups: NDArray[np.int64] | None) -> Array:
    """Sums of `products` (rows, n) over the rows of each group."""
    if groups is None:
        return products
    _, code = np.unique(groups, return_inverse=True)
    sums = np.zeros((int(code.max()) + 1, products.shape[1]))
    np.add.at(sums, code, products)
    return sums


def _whitening(units: Array) -> Array:
    """(2, 2): what turns `units` (units, 2) so that under flips of signs their sums are independent, of variance 1; nothing
    is left of a direction in which they do not vary.
    """
    values, vectors = np.linalg.eigh(units.T @ units)
    return np.asarray(vectors * np.where(values > 1e-6, 1 / np.sqrt(np.maximum(values, 1e-6)), 0.0), dtype=np.float64)


def _by_signs(of: Callable[[Array], Array], seen: Array, units: int, draws: int, seed: int) -> Array:
    """p-values of what was `seen` (questions,) from flipped signs of `units`; drawing ends when all are large for sure."""
    generator = np.random.default_rng(seed)
    extreme, drawn = np.zeros(seen.size), 0
    while drawn < draws:
        size = min(CHUNK, draws - drawn)
        signs = generator.choice(np.array([-1.0, 1.0]), size=(size, units))
        extreme += (of(signs) >= seen - 1e-12).sum(axis=0)
        drawn += size
        if (extreme >= ENOUGH).all():
            break
    return np.asarray((1 + extreme) / (1 + drawn), dtype=np.float64)
