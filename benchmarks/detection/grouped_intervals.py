"""How often the interval of a share of rows in groups holds the truth, over sizes, numbers, shares and correlations.

For `representation.py`. Rows are beta-binomial: of a group they are alike, with the intraclass correlation. Beside ours
stands the interval that divides the number of rows by the measured design effect alone (Rao and Scott), at least 1.
"""

from __future__ import annotations

from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from governance.measures.classification_metrics import share_of_effective
from governance.measures.intervals import wilson_of_groups

SIZES = ("5 rows each", "20 rows each", "1 to 60 rows, log-normal", "3 of 60 rows, the others of 5")
GROUPS, SHARES, CORRELATIONS = (10, 20, 60, 200), (0.02, 0.1, 0.3, 0.5), (0.0, 0.05, 0.2, 0.5)
PROMISED = 0.93, 0.97


def sizes_of(kind: str, count: int) -> NDArray[np.int64]:
    """(groups,) rows of each group."""
    if kind == SIZES[2]:
        return np.maximum(1, np.round(6 * np.exp(norm.ppf((np.arange(count) + 0.5) / count)))).astype(np.int64)
    if kind == SIZES[3]:
        return np.array([60] * 3 + [5] * (count - 3))
    return np.full(count, int(kind.split()[0]))


def rao_scott(flags: NDArray[np.bool_], code: NDArray[np.int64]) -> tuple[float, float]:
    """The interval by the design effect alone; as many rows as groups when all are alike."""
    share, count = float(flags.mean()), int(code.max()) + 1
    if share * (1 - share) == 0:
        return share_of_effective(share, count)
    residuals = np.bincount(code, weights=flags - share)
    effect = count / (count - 1) * float(residuals @ residuals) / flags.size / (share * (1 - share))
    return share_of_effective(share, flags.size / max(1.0, effect))


def covered(seed: list[int], kind: str, count: int, share: float, correlation: float, runs: int) -> tuple[float, float]:
    """Of `runs` tables, how often our interval holds the share, and how often that of the design effect alone."""
    sizes = sizes_of(kind, count)
    code = np.repeat(np.arange(count), sizes)
    hits = np.zeros(2)
    random = np.random.default_rng(seed)
    for _ in range(runs):
        chance = np.full(count, share)
        if correlation:
            spread = 1 / correlation - 1
            chance = random.beta(share * spread, (1 - share) * spread, count)
        flags = random.random(code.size) < chance[code]
        for place, (low, high) in enumerate((wilson_of_groups(flags, code), rao_scott(flags, code))):
            hits[place] += low <= share <= high
    return float(hits[0] / runs), float(hits[1] / runs)


def grouped(seed: int, runs: int) -> None:
    """Print the coverage in every setting, and how many settings are within what is promised."""
    print(f"\nCoverage of the 95 % interval of a share of rows in groups, {runs:,} tables a cell (standard error about 0.005); "
          "in brackets that of the design effect alone.\n")  # fmt: skip
    print(f"| groups | number | share | {' | '.join(f'correlation {one:g}' for one in CORRELATIONS)} |")
    print("|---|---|---|" + "---|" * len(CORRELATIONS))
    every = []
    for kind, count, share in product(SIZES, GROUPS, SHARES):
        cells = []
        for correlation in CORRELATIONS:
            number = len(every)
            every.append((share, *covered([seed, 500, number], kind, count, share, correlation, runs)))
            cells.append(f"{every[-1][1]:.3f} ({every[-1][2]:.3f})")
        print(f"| {kind} | {count} | {share:g} | {' | '.join(cells)} |", flush=True)
    print("\n| settings | number | below 0.93 (design effect alone) | 0.93 to 0.97 | above 0.97 | mean | lowest |")
    print("|---|---|---|---|---|---|---|")
    found = np.array(every)
    low, high = PROMISED
    for words, chosen in (("shares of 0.1 and more", found[:, 0] >= 0.1), ("share 0.02", found[:, 0] < 0.1)):
        ours, before = found[chosen, 1], found[chosen, 2]
        counts = [
            ((one < low).sum(), ((one >= low) & (one <= high)).sum(), (one > high).sum()) for one in (ours, before)
        ]
        shown = " | ".join(f"{a} ({b})" for a, b in zip(*counts, strict=True))
        print(f"| {words} | {ours.size} | {shown} | {ours.mean():.3f} ({before.mean():.3f}) | {ours.min():.3f} ({before.min():.3f}) |")  # fmt: skip
