"""Tables of several sites for `poisoning.py`: labels turned at one of them, or only what sites honestly differ in."""

from __future__ import annotations

import numpy as np
import polars as pl
from poisoning_sets import Made, labelled

TURNED = 0.5
APART = 1.1
"""Distance of the means of two classes along each of four numbers, in standard deviations."""
HONEST = ("lean", "strong lean", "noise", "other rule")
"""What one site, or all of them, honestly differ in; a clean set is of one of these by its seed."""


def sites(kind: str, seed: int) -> Made:
    """Four numbers that tell three classes, six sites with shares of their own, and a shift; 2 % of the labels are wrong."""
    random = np.random.default_rng(seed)
    rows, clean = (600, True) if kind.startswith("clean") else (1200, False)
    honest = HONEST[seed % len(HONEST)] if clean else HONEST[0]
    site, shift = random.choice(6, rows, p=random.dirichlet(np.full(6, 8.0))), random.integers(0, 3, rows)
    shares = random.dirichlet(np.full(3, 1.0 if honest == "strong lean" else 6.0), 6)
    label = (random.random(rows)[:, None] > shares[site].cumsum(axis=1)).sum(axis=1).clip(0, 2)
    means = APART * random.normal(size=(3, 4))
    there = site == int(np.bincount(site).argmax())
    centre = means[label]
    if honest == "other rule":
        centre[there] = means[(label[there] + 1) % 3] * 0.3 + means[label[there]] * 0.7 + random.normal(0, 0.5, 4)
    numbers = centre + random.normal(size=(rows, 4))
    wrong = random.random(rows) < np.where(there & (honest == "noise"), 0.2, 0.02)
    label = np.where(wrong, random.integers(0, 3, rows), label)
    truth, best = np.zeros(rows, dtype=bool), None
    if not clean:
        odds = np.exp(-((numbers[:, None, :] - means[None]) ** 2).sum(axis=2) / 2) * shares[site]
        chance = 0.98 * odds / odds.sum(axis=1, keepdims=True) + 0.02 / 3
        truth = there & (label == 0) & (random.random(rows) < TURNED)
        turned = TURNED * chance[:, 0]
        label = np.where(truth, 1, label)
        best = np.where(there & (label == 1), turned / (chance[:, 1] + turned), 0.0)
    frame = pl.DataFrame(numbers.round(2), schema=[f"x{column}" for column in range(4)]).with_columns(
        site=pl.Series([f"s{one}" for one in site.tolist()]), shift=pl.Series([f"t{one}" for one in shift.tolist()])
    )
    matrix = np.column_stack([numbers, site, shift])
    matrix = (matrix - matrix.mean(axis=0)) / matrix.std(axis=0)
    return Made(labelled(frame, label), truth, matrix, {}, {}, best)
