"""Two dates of which one comes first in most rows: how often slips are found, and how often an honest weak order is named.

    python benchmarks/detection/date_order.py >> benchmarks/detection/results/integrity.md

For `integrity`. Seeds below 1,000 were for tuning.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from governance.measures.intervals import wilson
from governance.measures.kept_order import breaks_of_order

SEEDS = range(2000, 2100)
ROWS = (200, 1000, 5000)
SHARES = (0.01, 0.03, 0.05)

Days = NDArray[np.float64]
Random = np.random.Generator
Draw = Callable[[Random, int], Days]


def normal(share: float) -> Draw:
    """In order in that share of the rows; a normal tail is not."""
    return lambda random, rows: random.normal(10 * norm.ppf(share), 10, rows).round()


def laplace(share: float) -> Draw:
    """The same with an exponential tail."""
    return lambda random, rows: random.laplace(-10 * np.log(2 - 2 * share), 10, rows).round()


def paid(late: float, days: float) -> Draw:
    """Bills that are due in a month: most are paid on any day before, some so many days late on average."""
    return lambda random, rows: np.where(
        random.random(rows) < late, -np.floor(random.exponential(days, rows)) - 1, random.integers(0, 30, rows)
    )


def overlapping(random: Random, rows: int) -> Days:
    """Days of one year, and of the next ones that begin before it ends."""
    return np.floor(random.uniform(250, 730, rows)) - np.floor(random.uniform(0, 365, rows))


def equal(random: Random, rows: int) -> Days:
    """Two thirds on the same day."""
    return np.where(random.random(rows) < 0.67, 0, random.normal(8, 6, rows).round())


HONEST: dict[str, Draw] = {
    **{f"normal, {share:.1%} in order": normal(share) for share in (0.85, 0.95, 0.97, 0.99, 0.995)},
    **{f"exponential, {share:.1%} in order": laplace(share) for share in (0.9, 0.97, 0.99)},
    **{f"{late:.0%} paid late, by {days} days": paid(late, days) for late in (0.03, 0.06) for days in (5, 15, 60)},
    "years that overlap": overlapping, "many equal": equal,
}  # fmt: skip
ORDERED: dict[str, Draw] = {
    "shipped in 1 to 11 days": lambda random, rows: random.integers(1, 12, rows).astype(float),
    "left after 20 days on average": lambda random, rows: np.floor(random.exponential(20, rows)),
}
SLIPS: dict[str, Callable[[Random, Days], Days]] = {
    "swapped": lambda _, apart: -apart,
    "60 days before": lambda _, apart: apart - 60,
    "a year before": lambda _, apart: apart - 365,
    "any of 700 days before": lambda random, apart: apart - random.integers(1, 700, apart.size),
}


def shares(outcomes: list[tuple[bool, bool]]) -> str:
    """Tables with a warning, and with a note."""
    return f"{sum(named and sure for named, sure in outcomes)} / {sum(named and not sure for named, sure in outcomes)}"


def asked(apart: Days) -> tuple[bool, bool]:
    """Whether rows are named, and whether surely."""
    found = breaks_of_order(apart)
    return bool(found.rows.any()), found.sure


def main() -> None:
    print(f"\nTwo dates: of {len(SEEDS)} tables each, how many have a warning / a note. First those without a slip.\n")
    print("| days between them | " + " | ".join(f"{rows:,} rows" for rows in ROWS) + " |")
    print("|---|---|---|---|")
    warned = tables = 0
    for place, (name, draw) in enumerate(HONEST.items()):
        told = [[asked(draw(np.random.default_rng([seed, place, rows]), rows)) for seed in SEEDS] for rows in ROWS]
        print(f"| {name} | " + " | ".join(map(shares, told)) + " |")
        warned += sum(named and sure for one in told for named, sure in one)
        tables += len(SEEDS) * len(ROWS)
    low, high = wilson(warned, tables)
    print(f"| **all, with a warning** | {warned} of {tables:,} ({low:.1%} to {high:.1%}) | | |")
    print("\n| planted in 1,000 rows | " + " | ".join(f"in {share:.0%}" for share in SHARES) + " |")
    print("|---|---|---|---|")
    for place, (name, draw) in enumerate(ORDERED.items()):
        for slip, change in SLIPS.items():
            cells = []
            for share in SHARES:
                outcomes = []
                for seed in SEEDS:
                    random = np.random.default_rng([seed, place, 7])
                    apart = draw(random, 1000)
                    rows = random.choice(1000, int(share * 1000), replace=False)
                    apart[rows] = change(random, apart[rows])
                    outcomes.append(asked(apart))
                cells.append(shares(outcomes))
            print(f"| {name}, {slip} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
