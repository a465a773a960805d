"""Label quality: how probable it is that a given class label is right, beside a model that did not learn from it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from governance.measures.noise_estimate import (
    Prior,
    estimated_from,
    fitted,
    pooled,
    posterior_truth,
    softmax,
    words_of,
)

EVEN = Prior(np.inf, 0.0, 10)
LEARNT = Prior(np.inf, 0.0, None, learnt=True)
PRIORS = (
    Prior(0.01, 0.03, 10),
    Prior(0.1, 0.3, 10),
    Prior(0.1, 0.3, 10, intercepts=False),
    Prior(np.inf, 0.0, 10, intercepts=False),
    EVEN,
    LEARNT,
)
"""From habits that are seen in few labels to none. These and TEMPERED were chosen on sets of benchmarks/detection/label_issues_words.py
with seeds below 1000."""
TEMPERED = 2.0
"""What logarithms of weights are divided by: fits to the same labels are surer of their differences than they should be."""
NEGLIGIBLE = 1e-6
"""Of all weight, a prior with less is left out."""


def label_quality(
    label: NDArray[np.int64], probabilities: NDArray[np.float64], second: NDArray[np.float64] | None = None
) -> NDArray[np.float64]:
    """Probability that each given label (rows,) is right, between 0 and 1, under the noise that is estimated.

    `probabilities` is (rows, classes), out of sample, with rows that sum to 1; `second`, of the same shape, is another
    model's word, and counts for as much as it tells of the labels beside the first. With noise that is even over classes and
    a model as sure as it should be, the ranking is that of self-confidence; the surer the truth is beside the word of the
    models, the nearer it comes to the odds against the likeliest rival; common mistakes come before rare ones.

    Few labels cannot tell whether some mistakes are common, or a weak model errs where noise is even. So the probability is
    averaged over PRIORS, weighted by how likely the labels are under the noise fitted with each, every label by the others:
    pseudo Bayesian model averaging (Yao, Vehtari, Simpson and Gelman, 2018). Beside them stands a model that learnt the
    mistakes with the labels: its word is of the labels then, and mistakes that are even are ranked by it alone.
    """
    words, kept = words_of(label, probabilities, second), estimated_from(*probabilities.shape)
    rows = np.arange(label.size)
    sample = label[kept], [word[kept] for word in words]
    fits = {prior: fitted(*sample, prior) for prior in PRIORS}
    # A model that learnt the mistakes does not tell how many there are; the weight of its word among the others depends on it.
    turned = {prior: fits[EVEN if prior.learnt else prior].transition for prior in PRIORS}
    weights = softmax(np.array([[fits[prior].evidence / TEMPERED for prior in PRIORS]]))[0]
    quality = np.zeros(label.size)
    for weight, prior in zip(weights.tolist(), PRIORS, strict=True):
        if weight > NEGLIGIBLE:
            truth = softmax(pooled(words, fits[prior].steepness) + fits[prior].intercept)
            quality += weight * posterior_truth(label, truth, turned[prior])[rows, label]
    return np.asarray(quality / weights[weights > NEGLIGIBLE].sum())
