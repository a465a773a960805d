"""Two columns of numbers whose cells are swapped in 1 to 5 % of the rows: how many are found, and how often clean ones are named.

    python benchmarks/detection/swapped_numbers.py >> benchmarks/detection/results/integrity.md

For `integrity`. Seeds below 1,000 were for tuning.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from governance.measures.intervals import wilson
from governance.measures.swapped_numbers import swapped_rows

SEEDS = range(2000, 2100)
ROWS = (200, 1000, 10_000)
SHARES = (0.01, 0.03, 0.05)

Floats = NDArray[np.float64]
Random = np.random.Generator


def pressures(random: Random, rows: int) -> tuple[Floats, Floats]:
    """Both pressures of the blood."""
    upper = random.normal(125, 17, rows).round()
    return upper, upper - np.clip(random.normal(45, 11, rows), 15, None).round()


def places(random: Random, rows: int) -> tuple[Floats, Floats]:
    """Latitude and longitude in one country."""
    return random.normal(50, 2.5, rows).round(4), random.normal(10, 3, rows).round(4)


def people(random: Random, rows: int) -> tuple[Floats, Floats]:
    """Income and age."""
    return random.lognormal(10.4, 0.6, rows).round(), random.integers(18, 90, rows).astype(float)


def days(random: Random, rows: int) -> tuple[Floats, Floats]:
    """The highest and the lowest temperature of a day."""
    middle = random.normal(12, 9, rows)
    return (middle + random.gamma(6, 0.9, rows)).round(1), (middle - random.gamma(6, 0.9, rows)).round(1)


def counts(random: Random, rows: int) -> tuple[Floats, Floats]:
    """Counts of many and of few."""
    return random.poisson(30, rows).astype(float), random.poisson(4, rows).astype(float)


def two_kinds(random: Random, rows: int) -> tuple[Floats, Floats]:
    """One row of a hundred is of another kind, in which the order is the other way round by less."""
    first = random.normal(60, 5, rows)
    return first - 45.0 * (random.random(rows) < 0.01), random.normal(30, 5, rows)


def sizes(random: Random, rows: int) -> tuple[Floats, Floats]:
    """Lengths and widths of things of many sizes."""
    length = random.lognormal(4, 0.6, rows)
    return length.round(1), (length * random.beta(6, 8, rows)).round(1)


def prices(random: Random, rows: int) -> tuple[Floats, Floats]:
    """Prices and costs."""
    cost = random.lognormal(3, 1, rows)
    return (cost * random.uniform(1.15, 2.2, rows)).round(2), cost.round(2)


def heavy_tails(random: Random, rows: int) -> tuple[Floats, Floats]:
    """Student's t with 2 degrees of freedom."""
    return random.standard_t(2, rows) * 3 + 20, random.standard_t(2, rows) * 3


def mostly_in_order(random: Random, rows: int) -> tuple[Floats, Floats]:
    """One is the higher in 95 % of the rows."""
    second = random.normal(50, 8, rows)
    return second + random.normal(8.2, 5, rows), second


def rarely_out_of_order(random: Random, rows: int) -> tuple[Floats, Floats]:
    """The same with heavier tails, in 98 % of the rows."""
    second = random.normal(50, 8, rows)
    return second + random.laplace(12.9, 4, rows), second


def overlapping(random: Random, rows: int) -> tuple[Floats, Floats]:
    """Two ranges that share a quarter of the length of each."""
    return random.uniform(40, 80, rows), random.uniform(10, 50, rows)


def scales(random: Random, rows: int) -> tuple[Floats, Floats]:
    """Answers on a scale of five steps, many of them equal."""
    second = random.integers(1, 6, rows)
    return np.minimum(second + random.integers(0, 3, rows), 5).astype(float), second.astype(float)


PAIRS: tuple[Callable[[Random, int], tuple[Floats, Floats]], ...] = (
    pressures, places, people, days, counts, two_kinds, sizes, prices, heavy_tails,
    mostly_in_order, rarely_out_of_order, overlapping, scales,
)  # fmt: skip


def told(pair: Callable[[Random, int], tuple[Floats, Floats]], seed: list[int], rows: int, share: float) -> list[int]:
    """Swapped rows that are found, that were swapped, and others that are named."""
    random = np.random.default_rng(seed)
    first, second = pair(random, rows)
    chosen = random.choice(rows, max(int(share * rows), 2), replace=False)
    first[chosen], second[chosen] = second[chosen], first[chosen]
    right = np.isin(swapped_rows(first, second), chosen)
    return [int(right.sum()), chosen.size, int((~right).sum())]


def main() -> None:
    print(
        "\nNumbers of two columns swapped in 1, 3 or 5 % of the rows (two at least); unit of an alarm: one clean table of two columns.\n"
    )
    print(
        "| columns | rows | found of 1 % | of 3 % | of 5 % | others named | clean tables | with an alarm (95 % Wilson) |"
    )
    print("|---|---|---|---|---|---|---|---|")
    alarms = tables = 0
    for place, pair in enumerate(PAIRS):
        for rows in ROWS:
            seeds = [[seed, place, rows] for seed in SEEDS]
            clean = sum(swapped_rows(*pair(np.random.default_rng(seed), rows)).size > 0 for seed in seeds)
            counts = [np.sum([told(pair, seed, rows, share) for seed in seeds], axis=0) for share in SHARES]
            found = " | ".join(f"{hits / planted:.0%}" for hits, planted, _ in counts)
            low, high = wilson(clean, len(SEEDS))
            print(f"| {pair.__name__.replace('_', ' ')} | {rows:,} | {found} | {sum(int(one[2]) for one in counts)} | "
                  f"{len(SEEDS)} | {clean} ({low:.1%} to {high:.1%}) |")  # fmt: skip
            alarms, tables = alarms + clean, tables + len(SEEDS)
    low, high = wilson(alarms, tables)
    print(f"| **all** | | | | | | {tables:,} | {alarms} ({low:.1%} to {high:.1%}) |")


if __name__ == "__main__":
    main()
