"""Whether more rows of a second sample than chance would give have a value that the first sample lacks.

Of names with many levels, most are in few rows, so a test that counts levels one by one has nothing to count. How many
rows of the second sample are of levels that only it has can be counted, and compared with samples that are shuffled:
that allows for how many rare levels there are. It is the complement of the sample coverage of I. J. Good, The Population
Frequencies of Species and the Estimation of Population Parameters, Biometrika 40, 1953.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from governance.measures.domain_classifier import ENOUGH, Shuffles

DRAWS = 9999


@dataclass(frozen=True)
class Unseen:
    """Rows of the second sample that have a value which the first lacks."""

    p_value: float
    """That so large a share of them has one when both samples are of one distribution."""
    share: float
    """Of the rows of the second sample (0 to 1)."""
    expected: float
    """The same, as the mean of shuffled samples."""


def unseen_values(
    codes: NDArray[np.int64], second: NDArray[np.bool_], groups: NDArray[np.int64] | None = None
) -> Unseen | None:
    """Compare `codes` (rows,), level numbers from 0, of the rows that are `second` (rows,) with those that are not.

    Groups are shuffled whole, where rows come in `groups` (rows,). Drawing ends early when the p-value is large. None
    when no value repeats, or one of the samples is empty: then every row is of a value that the other lacks.
    """
    levels = int(codes.max(initial=-1)) + 1
    if codes.size == 0 or second.all() or not second.any() or np.bincount(codes).max() < 2:
        return None
    seen = _share(codes, second, levels)
    drawn: list[float] = []
    extreme = 0
    for sides in Shuffles(second, groups, DRAWS):
        shares = [_share(codes, side, levels) for side in sides]
        drawn += shares
        extreme += sum(share >= seen - 1e-12 for share in shares)
        if extreme >= ENOUGH:
            break
    return Unseen((1 + extreme) / (1 + len(drawn)), seen, float(np.mean(drawn)))


def _share(codes: NDArray[np.int64], second: NDArray[np.bool_], levels: int) -> float:
    known = np.zeros(levels, dtype=np.bool_)
    known[codes[~second]] = True
    there = codes[second]
    return 1 - float(known[there].mean()) if there.size else 0.0
