"""Tables of numbers alone for `duplicates.py`: rows copied with one cell lost or replaced, or none."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from duplicates_tables import NUMBERS, Numbers, Rng
from numpy.typing import NDArray

from governance.measures.chance_agreement import beyond_chance
from governance.measures.equal_but_one import equal_but_one
from governance.signals.settings import FALSE_SHARE

Found = set[tuple[int, int]]


def questionnaire(rng: Rng, rows: int) -> Numbers:
    """Twenty marks of 1 to 5 that follow one attitude."""
    attitude = rng.normal(size=(rows, 1))
    marks = 0.7 * attitude + 0.7 * rng.normal(size=(rows, 20)) + rng.normal(0, 0.5, 20)
    return np.asarray(np.clip(np.rint(marks + 3), 1, 5))


def straight_lines(rng: Rng, rows: int) -> Numbers:
    """A fifth of the people answer alike throughout, but for a slip in 20 answers."""
    marks = questionnaire(rng, rows)
    some = np.flatnonzero(rng.random(rows) < 0.2)
    marks[some] = rng.integers(1, 6, (some.size, 1))
    slips = rng.random((some.size, 20)) < 0.05
    marks[some] = np.where(slips, rng.integers(1, 6, (some.size, 20)), marks[some])
    return marks


def yes_or_no(rng: Rng, rows: int) -> Numbers:
    chance = 1 / (1 + np.exp(-(rng.uniform(0.8, 2.5) * rng.normal(size=(rows, 1)) - rng.normal(0.5, 1, 25))))
    return np.asarray(rng.random((rows, 25)) < chance, dtype=np.float64)


def counts(rng: Rng, rows: int) -> Numbers:
    return np.asarray(rng.poisson(rng.uniform(0.3, 6, (1, 8)), (rows, 8)), dtype=np.float64)


def mostly_nothing(rng: Rng, rows: int) -> Numbers:
    return np.where(rng.random((rows, 9)) < 0.85, 0.0, rng.gamma(1, 5, (rows, 9)).round(1))


def totals(rng: Rng, rows: int) -> Numbers:
    quantity, price = rng.integers(1, 6, rows), rng.integers(1, 40, rows)
    total = quantity * price
    return np.column_stack([quantity, price, total, 0.2 * total, rng.integers(0, 9, rows)]).astype(np.float64)


COARSE: dict[str, Callable[[Rng, int], Numbers]] = {
    "twenty marks of 1 to 5": questionnaire, "marks, a fifth one answer throughout": straight_lines,
    "25 answers of yes or no": yes_or_no, "eight small counts": counts, "amounts, mostly 0": mostly_nothing,
    "prices, quantities and totals": totals,
}  # fmt: skip


def rounded(kind: str, digits: int) -> Callable[[Rng, int], Numbers]:
    return lambda rng, rows: NUMBERS[kind](rng, rows, int(rng.integers(4, 10))).round(digits)


FINE = [kind for kind in NUMBERS if kind != "rounded numbers"]  # those have one decimal by nature
PLANTED = {f"{kind}, 3 decimals": rounded(kind, 3) for kind in FINE}
PLANTED |= {"independent numbers, 1 decimal": rounded("independent numbers", 1)} | COARSE
CLEAN = {f"{kind}, 1 decimal": rounded(kind, 1) for kind in FINE} | PLANTED


def cell_set(rng: Rng, make: Callable[[Rng, int], Numbers]) -> tuple[Numbers, dict[tuple[int, int], float]]:
    """300 to 1,500 rows, a thirtieth of them once more with a cell missing, or that of another row."""
    numbers = make(rng, int(rng.integers(300, 1500)))
    rows, columns = numbers.shape
    copies = numbers[: rows // 30].copy()
    place = np.arange(len(copies))
    cell = rng.integers(columns, size=place.size)
    copies[place, cell] = np.where(place % 2, np.nan, numbers[rng.integers(rows, size=place.size), cell])
    changed = np.flatnonzero((copies != numbers[: place.size]).any(axis=1)).tolist()
    return np.vstack([numbers, copies[changed]]), {(row, rows + at): 1.0 for at, row in enumerate(changed)}


def own_cells(numbers: Numbers) -> Found:
    """Pairs that are beyond chance; the audit leaves them to a note where 0.8 of ten and more differ in one column."""
    codes: NDArray[np.int64] = np.column_stack([np.unique(column, return_inverse=True)[1] for column in numbers.T])
    found = equal_but_one(codes.astype(np.int64))
    kept = beyond_chance(found.expected, FALSE_SHARE)
    return set(zip(found.first[kept].tolist(), found.second[kept].tolist(), strict=True))
