"""Tables for `duplicates.py`: numbers and short records, with near copies planted in them or none."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Rng = np.random.Generator
Numbers = NDArray[np.float64]
Columns = list[list[str]]


def clusters(rng: Rng, rows: int, columns: int) -> Numbers:
    return np.asarray(rng.normal(0, 3, (8, columns))[rng.integers(0, 8, rows)] + rng.normal(size=(rows, columns)))


def tight_clusters(rng: Rng, rows: int, columns: int) -> Numbers:
    centre = rng.normal(0, 1, (rows // 4, columns))
    return np.asarray(centre[rng.integers(0, rows // 4, rows)] + rng.normal(0, 0.15, (rows, columns)))


def curve(rng: Rng, rows: int, columns: int) -> Numbers:
    """Many columns that follow one number: rows near each other are common."""
    along = rng.random((rows, 1)) * 3 * np.arange(1, columns + 1)
    return np.asarray(np.sin(along) + rng.normal(0, 0.01, (rows, columns)))


NUMBERS: dict[str, Callable[[Rng, int, int], Numbers]] = {
    "independent numbers": lambda rng, rows, columns: rng.normal(size=(rows, columns)),
    "numbers in eight clusters": clusters,
    "skewed numbers": lambda rng, rows, columns: np.log1p(rng.lognormal(0, 1, (rows, columns))),
    "evenly spread numbers": lambda rng, rows, columns: rng.random((rows, columns)),
    "numbers along a curve": curve,
    "rounded numbers": lambda rng, rows, columns: rng.normal(size=(rows, columns)).round(1),
    "numbers that drift from row to row": lambda rng, rows, columns: np.cumsum(
        rng.normal(size=(rows, columns)), axis=0
    ),
    "numbers in clusters of four": tight_clusters,
}


def often(rng: Rng, rows: int, values: int, steep: float) -> NDArray[np.int64]:
    share = 1 / np.arange(1, values + 1) ** steep
    return np.asarray(rng.choice(values, rows, p=share / share.sum()), dtype=np.int64)


def named(letter: str, codes: NDArray[np.int64]) -> list[str]:
    return [f"{letter}{code}" for code in codes.tolist()]


def persons(rng: Rng, rows: int) -> Columns:
    """Given name, surname, street, birthday and postcode, independent of each other."""
    sizes = (26, 120, 12_000, 20_000, 90_000)
    return [named(letter, rng.integers(0, size, rows)) for letter, size in zip("gsabp", sizes, strict=True)]


def levels(rng: Rng, rows: int) -> Columns:
    return [
        named("l", often(rng, rows, int(rng.integers(3, 15)), rng.uniform(0, 1.5))) for _ in range(rng.integers(4, 13))
    ]


def values(rng: Rng, rows: int) -> Columns:
    return [
        named("v", often(rng, rows, int(rng.integers(20, 300)), rng.uniform(0, 1.2))) for _ in range(rng.integers(4, 9))
    ]


def chained(rng: Rng, rows: int) -> Columns:
    """Region, town and street, category and product, of which each tells the one before; and a quantity."""
    town, category = often(rng, rows, 40, 0.8), rng.integers(0, 12, rows)
    street, product = town * 50 + rng.integers(0, 50, rows), category * 30 + often(rng, rows, 30, 0.7)
    codes = (town // 5, town, street, category, product, rng.integers(1, 40, rows))
    return [named(letter, code) for letter, code in zip("rtscpq", codes, strict=True)]


def correlated(rng: Rng, rows: int) -> Columns:
    shared, weight = rng.normal(size=rows), rng.uniform(0.3, 0.95)
    own = rng.normal(size=(int(rng.integers(4, 9)), rows))
    return [named("c", (50 * (weight * shared + np.sqrt(1 - weight**2) * one)).astype(np.int64)) for one in own]


RECORDS: dict[str, Callable[[Rng, int], Columns]] = {
    "records of five independent fields": persons,
    "categories of 3 to 14 levels": levels,
    "categories of 20 to 299 levels": values,
    "places and products": chained,
    "correlated fields": correlated,
}


def replaced(rng: Rng, columns: Columns, copies: int) -> tuple[list[list[str | None]], dict[tuple[int, int], float]]:
    """Records, the first of them once more with one field, each in turn, taken from another record."""
    made: list[list[str | None]] = [list(record) for record in zip(*columns, strict=True)]
    rows = len(made)
    for row in range(copies):
        copy, place = list(made[row]), row % len(columns)
        others = [record[place] for record in made[:rows] if record[place] != copy[place]]
        copy[place] = others[int(rng.integers(len(others)))]
        made.append(copy)
    return made, {(row, rows + row): 1.0 for row in range(copies)}
