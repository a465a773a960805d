"""Whether the audit `representation` keeps what its intervals and its allowance for false alarms promise.

python benchmarks/detection/representation.py [--adult adult_train.csv.gz] > benchmarks/detection/results/representation.md
"""

from __future__ import annotations

import argparse
import gzip
import math
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
from grouped_intervals import grouped
from number_gaps import false_gaps, skewed_means
from numpy.typing import NDArray
from proxy_models import proxy_models
from scipy.stats import norm

from governance.dataset import Role, Split, Task
from governance.measures.intervals import wilson
from governance.measures.ranking_auc import macro_auc
from governance.reporting.group_differences import Gap, gaps
from governance.reporting.group_profile import Profile, Rate, Rows, profiles, rate, read_rows
from governance.reporting.intersections import departures
from governance.reporting.representation_report import _gap_interval
from governance.reporting.slicing import Slice, pair_groups
from governance.testing import make_snapshot

SEED = 1000
Covers = Callable[[np.random.Generator], bool]


def inside(found: Rate, truth: float) -> bool:
    return found.low is not None and found.high is not None and found.low <= truth <= found.high


def share_of(n: int, truth: float) -> Covers:
    return lambda random: inside(rate((random.random(n) < truth) * 1.0, np.arange(n), None), truth)


def clustered_share(count: int, size: int, truth: float, within: float) -> Covers:
    """Beta-binomial: rows of a group are alike, with intraclass correlation `within`."""

    def covers(random: np.random.Generator) -> bool:
        spread = 1 / within - 1
        chance = random.beta(truth * spread, (1 - truth) * spread, count).repeat(size)
        units = np.arange(count).repeat(size)
        return inside(rate((random.random(count * size) < chance) * 1.0, np.arange(count * size), units), truth)

    return covers


def mean_of(n: int, skewed: bool) -> Covers:
    def covers(random: np.random.Generator) -> bool:
        values = random.gamma(2, 1, n) if skewed else random.normal(2, 1, n)
        return inside(rate(values, np.arange(n), None, share=False), 2.0)

    return covers


def empty(rows: np.ndarray) -> Slice:
    return Slice(("group",), ("group = one",), rows)


def profile(outcome: Rate, rows: np.ndarray) -> Profile:
    return Profile(empty(rows), Rate(), rows.size, True, (rows.size,), outcome, Rate(), Rate())


def gap_of(n: int, first: float, second: float) -> Covers:
    def covers(random: np.random.Generator) -> bool:
        high, low = (rate((random.random(n) < p) * 1.0, np.arange(n), None) for p in (first, second))
        place = np.arange(n)
        made = Gap(
            "group",
            "outcome",
            profile(high, place),
            profile(low, place),
            high,
            low,
            (high.value or 0) - (low.value or 0),
            True,
        )
        ends = _gap_interval(made)
        return ends[0] is not None and ends[1] is not None and ends[0] <= first - second <= ends[1]

    return covers


def area_of(m: int, n: int, shift: float) -> Covers:
    def covers(random: np.random.Generator) -> bool:
        label = np.repeat([0, 1], [n, m])
        score = random.normal(size=m + n) + shift * label
        _, low, high = macro_auc(np.column_stack([-score, score]), label)
        return bool(low <= norm.cdf(shift / math.sqrt(2)) <= high)

    return covers


COVERED: tuple[tuple[str, Covers], ...] = (
    ("share 5 % of 1,000 rows", share_of(1000, 0.05)),
    ("share 30 % of 1,000 rows", share_of(1000, 0.3)),
    ("base rate 30 % in a group of 30", share_of(30, 0.3)),
    ("base rate 10 % in a group of 100", share_of(100, 0.1)),
    ("base rate 5 % in a group of 300", share_of(300, 0.05)),
    ("rate 30 %, 100 families of 4, intraclass correlation 0.3", clustered_share(100, 4, 0.3, 0.3)),
    ("rate 30 %, 40 patients of 10, intraclass correlation 0.2", clustered_share(40, 10, 0.3, 0.2)),
    ("mean of a normal number, 30 rows", mean_of(30, False)),
    ("mean of a skewed number, 100 rows", mean_of(100, True)),
    ("gap of 30 and 20 %, groups of 100", gap_of(100, 0.3, 0.2)),
    ("gap of 30 and 20 %, groups of 500", gap_of(500, 0.3, 0.2)),
    ("area 0.76, 60 against 120 rows", area_of(60, 120, 1.0)),
    ("area 0.92, 200 against 200 rows", area_of(200, 200, 2.0)),
)


def coverage(runs: int) -> None:
    print("| interval | runs | covers the truth (95 % interval) |\n|---|---|---|")
    for number, (words, covers) in enumerate(COVERED):
        hits = sum(covers(np.random.default_rng([SEED, number, run])) for run in range(runs))
        low, high = wilson(hits, runs)
        print(f"| {words} | {runs} | {hits / runs:.3f} ({low:.3f}-{high:.3f}) |")


PLACES: dict[str, Callable[[NDArray[np.bool_], NDArray[np.bool_]], NDArray[np.bool_]]] = {
    "one of six groups": lambda _, west: west,
    "one of eight intersections": lambda women, west: women & west,
    "half of the intersections, no group": lambda women, west: women == west,
}
"""Where the rate is higher, from which rows are of women and which of the west."""


def table(random: np.random.Generator, gap: float, place: str, even: bool) -> tuple[list[Profile], list[Profile], Rows]:
    """800 rows with two sensitive columns, of two and four levels, or, `even`, of two each; one rate is higher by `gap` at
    `place`. Groups by one column, by both, and the rows."""
    n = 800
    regions = ["east", "west"] if even else ["east", "north", "west", "south"]
    columns = {
        "sex": random.choice(["female", "male"], n),
        "region": random.choice(regions, n, p=[0.5, 0.5] if even else [0.4, 0.3, 0.2, 0.1]),
    }
    chance = 0.3 + gap * PLACES[place](columns["sex"] == "female", columns["region"] == "west")
    rows = Rows(
        n, np.zeros(n, np.int64), None, random.random(n) < 0.1, (random.random(n) < chance) * 1.0, "share of y = 1",
        (random.random(n) < 0.05) * 1.0,
    )  # fmt: skip
    single = {
        column: [
            Slice((column,), (f"{column} = {level}",), np.flatnonzero(values == level)) for level in np.unique(values)
        ]
        for column, values in columns.items()
    }
    pairs = pair_groups(single["sex"], single["region"], n)
    return [_profile(one, rows) for own in single.values() for one in own], [_profile(one, rows) for one in pairs], rows


def _profile(one: Slice, rows: Rows) -> Profile:
    own = one.rows
    return Profile(
        one, Rate(), own.size, own.size >= 30, (own.size,),
        rate(rows.outcome, own, None), rate(rows.incomplete * 1.0, own, None), rate(rows.doubted, own, None),
    )  # fmt: skip


def differences(runs: int) -> None:
    print("\n| planted gap | in | runs | some gap beyond chance | a group reported | an intersection reported |")
    print("|---|---|---|---|---|---|")
    settings = [(0.0, "one of six groups", False), (0.0, "half of the intersections, no group", True)]
    settings += [(gap, place, place.startswith("half")) for place in PLACES for gap in (0.1, 0.15, 0.2)]
    for gap, place, even in settings:
        counts = np.zeros(3, dtype=np.int64)
        for run in range(runs):
            single, pairs, rows = table(np.random.default_rng([SEED, 99, run, int(gap * 100)]), gap, place, even)
            # As the audit: a fifth of the false alarms is for intersections.
            found = gaps(single, rows, Task.CLASSIFICATION, 0.04)
            depart = departures(single, pairs, rows, Task.CLASSIFICATION, 0.1, 0.01)
            counts += [
                any(one.significant for one in found) or bool(depart),
                any(one.significant and one.effect >= 0.1 for one in found),
                bool(depart),
            ]
        cells = [f"{k / runs:.3f} ({wilson(k, runs)[0]:.3f}-{wilson(k, runs)[1]:.3f})" for k in counts.tolist()]
        print(
            f"| {gap:g} | {place if gap else 'eight intersections' if not even else 'four'} | {runs} | {' | '.join(cells)} |",
            flush=True,
        )
    print(
        "\nThe unit is a table of 800 rows with three rates; reported is what is beyond chance and 0.1 or more (of an intersection: "
        "from what its groups make expected). Without a gap, each alarm is false."
    )


ADULT = "age workclass fnlwgt education education_num marital_status occupation relationship race sex capital_gain capital_loss hours_per_week native_country income"


def adult(path: Path) -> None:
    """Rates of the published table, beside those that Polars counts."""
    lines = [
        line.split(", ") for line in gzip.decompress(path.read_bytes()).decode().splitlines() if line.count(",") == 14
    ]
    frame = pl.DataFrame([[cell.strip() for cell in line] for line in lines], schema=ADULT.split(), orient="row")
    roles = {Role.SENSITIVE: ("sex", "race")}
    with tempfile.TemporaryDirectory() as folder:
        snapshot = make_snapshot(
            Path(folder),
            frame.select("sex", "race", "income"),
            target="income",
            task=Task.CLASSIFICATION,
            roles=roles,
            split=Split(),
        )

        class NoSignals:
            """Labels are not judged here."""

            @staticmethod
            def absent(_: str) -> object:
                return type("Absent", (), {"reason": "not computed"})

        snapshot.__dict__["signals"] = NoSignals
        single, _ = profiles(snapshot, read_rows(snapshot), 30)
        print("\n| Adult, training set | rows | above 50K, the audit | above 50K, counted |\n|---|---|---|---|")
        for one in single:
            column, level = one.slice.label.split(" = ")
            counted = frame.filter(pl.col(column) == level)["income"].eq(">50K").mean()
            print(
                f"| {one.slice.label} | {one.slice.rows.size:,} | {one.outcome.value:.3f} ({one.outcome.low:.3f}-{one.outcome.high:.3f}) | {counted:.3f} |"
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--adult", type=Path)
    parser.add_argument("--runs", type=int, default=2000)
    given = parser.parse_args()
    print(f"Seed: {SEED} and the number of the run.\n")
    coverage(given.runs)
    differences(max(20, given.runs // 4))
    false_gaps(SEED, max(20, given.runs * 3 // 40))
    skewed_means(SEED, given.runs)
    grouped(SEED, given.runs)
    proxy_models(SEED, max(20, given.runs // 100))
    if given.adult:
        adult(given.adult)


if __name__ == "__main__":
    main()
