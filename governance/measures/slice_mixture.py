"""Labels in one slice as a mixture: what rows honestly say there, uniform noise, and rows of a class that were turned.

What the rest of a row says gives the odds of its classes. In a slice those may honestly differ: a class is commoner there
(an intercept each), rows say less or more (a slope), another rule holds (what a model of the slice alone says, with a
slope of its own), labels are wrong at random (a share of noise). All of that moves rows near the border between two
classes first, or all classes alike. Turned labels do neither: of the rows of class a, a share carries b whatever else
they say, so that the rate of b levels out at that share however clearly rows speak for a. In bioassay that is natural
mortality below a dose's effect (W. Abbott, 1925; T. Lwin, P. Martin, Probits of Mixtures, Biometrics 45, 1989). The fit
is by expectation and maximisation (A. Dempster, N. Laird, D. Rubin, 1977), the odds by Newton's steps.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LEAN = 1.0
"""Scale of an honest intercept (logits): most are of about this size, and some much larger (Student's t of 3 degrees)."""
FREEDOM = 3.0
SLOPE_SD = 0.5
"""What a row says is thought to count in a slice as it does elsewhere, with this deviation."""
NOISE_START, SHARE_START = 0.05, 0.3
STEPS, ENOUGH = 60, 1e-4


@dataclass(frozen=True)
class Mixture:
    """Parameters of labels in a slice."""

    slopes: NDArray[np.float64]
    """(sources of evidence,) by which the logits of each count."""
    lean: NDArray[np.float64]
    """(classes,) intercepts."""
    noise: float
    share: float
    """Of the rows of class a, those that carry b."""
    fit: float
    """Logarithm of the likelihood and of what parameters are thought likely beforehand."""

    def said(self, logits: NDArray[np.float64]) -> NDArray[np.float64]:
        """(rows, classes) logits in this slice, of `logits` (sources, rows, classes)."""
        return np.asarray(np.tensordot(self.slopes, logits, 1) + self.lean, dtype=np.float64)

    def honest(self, logits: NDArray[np.float64]) -> NDArray[np.float64]:
        """(rows, classes) chances of labels before any is turned."""
        return (1 - self.noise) * chances(self.said(logits)) + self.noise / self.lean.size


def chances(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """(rows, classes) of logits."""
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True), dtype=np.float64)


def fitted(
    logits: NDArray[np.float64],
    label: NDArray[np.int64],
    weight: NDArray[np.float64],
    turned: tuple[int, int] | None = None,
    share: float | None = None,
) -> Mixture:
    """The likeliest mixture for rows of one slice.

    `logits` (sources, rows, classes): the first is thought to count once, others not at all; `label` and `weight` (rows,).
    `turned` is (a, b), None where no label was; its share is sought, or held at `share`.
    """
    sources, rows, classes = logits.shape
    expected = np.eye(1, sources)[0]
    slopes, lean, noise = expected, np.zeros(classes), NOISE_START
    part = 0.0 if turned is None else SHARE_START if share is None else share
    a, b = turned if turned is not None else (0, 0)
    was, now = (label == a) & (turned is not None), np.flatnonzero((label == b) & (turned is not None))
    every, units, stayed = np.arange(rows), float(weight.sum()), float(weight[was].sum())
    fit = last = -np.inf
    before = slopes, lean
    for _ in range(STEPS):
        soft = chances(np.tensordot(slopes, logits, 1) + lean)
        chance = (1 - noise) * soft + noise / classes
        likely = chance[every, label]
        likely[was] *= 1 - part
        likely[now] += part * chance[now, a]
        fit = float(weight @ np.log(np.maximum(likely, 1e-300))) + float(np.log(1 - noise))
        fit -= float((FREEDOM + 1) / 2 * np.log1p((lean / LEAN) ** 2 / FREEDOM).sum())
        fit -= float((((slopes - expected) / SLOPE_SD) ** 2).sum() / 2)
        moved = max(np.abs(slopes - before[0]).max(), np.abs(lean - before[1]).max())
        if fit < last - 1e-9 and moved > 1e-6:  # the step went too far
            slopes, lean = (slopes + before[0]) / 2, (lean + before[1]) / 2
            continue
        if fit - last < ENOUGH:
            break
        last, before = fit, (slopes, lean)
        # Of each row, the chance that its label was of each class before, and that the row said so, not noise.
        flipped = part * chance[now, a] / likely[now]
        told = np.zeros((rows, classes))
        told[every, label] = 1.0
        if turned is not None:
            told[now, b], told[now, a] = 1 - flipped, flipped
        told *= (1 - noise) * soft / chance
        if turned is not None and share is None:
            gone = float(weight[now] @ flipped)
            part = float(np.clip(gone / max(gone + stayed, 1e-9), 1e-6, 1 - 1e-6))
        kept = told.sum(axis=1)
        noise = float(np.clip(float(weight @ (1 - kept)) / (units + 1), 1e-5, 0.9))
        step = _step(logits, soft, told, weight, slopes - expected, lean)
        slopes, lean = np.maximum(slopes + step[:sources], 0.0), lean + step[sources:]
    return Mixture(slopes, lean, noise, part, fit)


def _step(
    logits: NDArray[np.float64],
    soft: NDArray[np.float64],
    told: NDArray[np.float64],
    weight: NDArray[np.float64],
    slope: NDArray[np.float64],
    lean: NDArray[np.float64],
) -> NDArray[np.float64]:
    """(sources + classes,) Newton's step of slopes and intercepts towards `told` (rows, classes)."""
    kept = told.sum(axis=1)
    pull = weight[:, None] * (told - kept[:, None] * soft)
    # Of Student's t the weight of a normal that is as steep there: it keeps the curve below 0.
    held = (FREEDOM + 1) / (FREEDOM * LEAN**2 + lean**2)
    slopes = np.tensordot(logits, pull, 2) - slope / SLOPE_SD**2
    gradient = np.concatenate([slopes, pull.sum(axis=0) - held * lean])
    middle = (logits * soft).sum(axis=2)[:, :, None]
    centred = np.concatenate([logits - middle, np.eye(lean.size)[:, None, :] - soft.T[:, :, None]])
    flat = (centred * np.sqrt((weight * kept)[:, None] * soft)).reshape(gradient.size, -1)
    curve = flat @ flat.T + np.diag(np.append(np.full(slope.size, 1 / SLOPE_SD**2), held))
    return np.asarray(np.clip(np.linalg.solve(curve, gradient), -2, 2), dtype=np.float64)


def turned_share(
    chance: NDArray[np.float64], label: NDArray[np.int64], weight: NDArray[np.float64], turned: tuple[int, int]
) -> tuple[float, float]:
    """The share of class a that carries b where `chance` (rows, classes) of labels is known, and what it adds to the fit."""
    a, b = turned
    now, stayed = label == b, float(weight[label == a].sum())
    ratio, counted, part = chance[now, a] / chance[now, b], weight[now], SHARE_START
    for _ in range(STEPS):
        gone = float(counted @ (part * ratio / (1 + part * ratio)))
        part = gone / max(gone + stayed, 1e-9)
    gain = float(counted @ np.log1p(part * ratio))
    return part, gain + (stayed * float(np.log(max(1 - part, 1e-12))) if stayed else 0.0)
