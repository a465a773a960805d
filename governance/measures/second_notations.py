"""One thing that a column writes in two notations: `1 hr. 30 min.` among `90 min`, `Street` among `St.`.

Every way to write has a reader that gives the quantity behind a value. Two notations that read to the same values, or
to values of the same range, are one thing written twice, and the rarer is given in the commoner notation. Distinct
values of a column come with their counts, as in `string_damage`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple

import numpy as np

from governance.measures.abbreviations import read_abbreviated
from governance.measures.clock_times import clock_time, write_clock
from governance.measures.written_days import read_day, write_day
from governance.measures.written_quantities import (
    Reading,
    read_digits,
    read_duration,
    read_grouped,
    read_range,
    read_with_unit,
    write_digits,
    write_duration,
    write_grouped,
    write_range,
    write_with_unit,
)

Counts = Mapping[str, int]
MOSTLY = 0.8
"""Share of a column's cells that one way must read for the column to hold what it reads."""
USUAL = 0.55
"""Share of those cells from which a notation is the usual one; the rest are written otherwise."""
LEAST = 10
"""Cells that the usual notation must have."""
INSIDE = 0.8
"""Share of the cells in the rarer notation that must lie in the range of the others."""
TWINS, LEAST_TWINS = 0.5, 3
"""Share of the words in the rarer notation that the commoner must hold too, and how many at least."""
TRIED = 200
"""Values by which it is told whether a way reads a column at all."""


class Way(NamedTuple):
    """One way to write things: how values are read, when two notations agree, how a value is written."""

    name: str
    readings: Callable[[Counts], dict[str, tuple[Reading, ...]]]
    agree: Callable[[list[Reading], list[Reading]], bool]
    write: Callable[[float | str, str, Collection[str]], str]
    sure: bool = True
    """Whether a second notation is damage; with units it may be how small and large ones are written."""


class Notations(NamedTuple):
    """What is written in another notation than the rest."""

    sure: dict[str, str]
    """For each such value, the same in the usual notation."""
    unsure: dict[str, str]


def second_notations(counts: Counts, ways: tuple[Way, ...]) -> Notations:
    """Values in a rarer notation than the rest of their column, by the first way that explains them."""
    sure: dict[str, str] = {}
    unsure: dict[str, str] = {}
    for way in ways:
        rest = {value: rows for value, rows in counts.items() if value not in sure and value not in unsure}
        (sure if way.sure else unsure).update(_by(way, rest))
    return Notations(sure, unsure)


def _by(way: Way, counts: Counts) -> dict[str, str]:
    readings = way.readings(counts)
    if sum(counts[value] for value in readings) < MOSTLY * sum(counts.values()):
        return {}
    totals: Counter[tuple[str, str]] = Counter()
    for value, read in readings.items():
        for one in read:
            totals[one.kind, one.notation] += counts[value]
    of_kind: dict[str, dict[str, Reading]] = defaultdict(dict)
    for value, read in readings.items():
        # What several notations write alike belongs to the commonest of them.
        best = max(read, key=lambda one: (totals[one.kind, one.notation], one.notation))
        of_kind[best.kind][value] = best
    return {value: text for chosen in of_kind.values() for value, text in _rarer(way, chosen, counts).items()}


def _rarer(way: Way, chosen: dict[str, Reading], counts: Counts) -> dict[str, str]:
    """Of readings of one kind, those in another notation than the usual, where the two agree."""
    written: dict[str, list[str]] = defaultdict(list)
    for value, one in chosen.items():
        written[one.notation].append(value)
    cells = {notation: sum(counts[value] for value in values) for notation, values in written.items()}
    usual = max(cells, key=lambda notation: (cells[notation], notation))
    if len(cells) < 2 or cells[usual] < max(USUAL * sum(cells.values()), LEAST):
        return {}
    most = sorted(written[usual], key=lambda value: (-counts[value], value))
    same = {chosen[value].quantity: value for value in reversed(most)}
    repeated = [chosen[value] for value in most]
    found = {}
    for notation, values in written.items():
        if notation == usual or not way.agree(repeated, [chosen[one] for one in values for _ in range(counts[one])]):
            continue
        for value in values:
            quantity = chosen[value].quantity
            found[value] = same.get(quantity) or way.write(quantity, usual, most[:TRIED])
    return found


def _each(read: Callable[[str], tuple[Reading, ...]]) -> Callable[[Counts], dict[str, tuple[Reading, ...]]]:
    """Readings of every value by itself; none when hardly any of the first values can be read."""

    def readings(counts: Counts) -> dict[str, tuple[Reading, ...]]:
        first = sorted(counts, key=lambda value: (-counts[value], value))[:TRIED]
        if sum(bool(read(value)) for value in first) < MOSTLY / 2 * len(first):
            return {}
        return {value: found for value in counts if (found := read(value))}

    return readings


def _same_range(usual: list[Reading], other: list[Reading]) -> bool:
    """Whether quantities (n,) lie among the usual ones (m,), and the middle of many not at an end."""
    most, few = (np.array([float(one.quantity) for one in part]) for part in (usual, other))
    low, high = np.quantile(most, [0.05, 0.95])
    inside = ((few >= most.min()) & (few <= most.max())).mean()
    return bool(inside >= INSIDE and (few.size < LEAST or low <= np.median(few) <= high))


def _same_values(usual: list[Reading], other: list[Reading]) -> bool:
    """Whether most of what the rarer notation says, the commoner says too."""
    known = {one.quantity for one in usual}
    told = {one.quantity for one in other}
    return len(told & known) >= max(TWINS * len(told), LEAST_TWINS)


def _other_marks(usual: list[Reading], other: list[Reading]) -> bool:
    """Whether other marks stand between as many digits: area codes of two lengths have the same marks."""
    return set(usual[0].notation) != set(other[0].notation)


def _always(usual: list[Reading], other: list[Reading]) -> bool:
    return bool(usual and other)


def _clock(value: str) -> tuple[Reading, ...]:
    found = clock_time(value)
    return () if found is None else (Reading(found[0], "", found[1]),)


def _case(value: str) -> tuple[Reading, ...]:
    style = "upper" if value.isupper() else "lower" if value.islower() else "mixed"
    return (Reading(style, "", value.casefold()),)


def _write_clock(quantity: float | str, notation: str, like: Collection[str]) -> str:
    return write_clock(float(quantity), notation, like)


def _in_case(quantity: float | str, notation: str, like: Collection[str]) -> str:
    del like
    return {"upper": str.upper, "lower": str.lower, "mixed": str.title}[notation](str(quantity))


def _as_read(quantity: float | str, notation: str, like: Collection[str]) -> str:
    del notation, like
    return str(quantity)


QUANTITIES = (
    Way("day", _each(read_day), _same_range, write_day),
    Way("time of day", _each(_clock), _same_range, _write_clock),
    Way("duration", _each(read_duration), _same_range, write_duration),
    Way("number with marks between thousands", _each(read_grouped), _same_range, write_grouped),
    Way("range", _each(read_range), _always, write_range),
    Way("digits with marks between", _each(read_digits), _other_marks, write_digits),
    Way("number with a unit", _each(read_with_unit), _same_range, write_with_unit, sure=False),
)
WORDS = (
    Way("capitals", _each(_case), _same_values, _in_case),
    Way("abbreviation", read_abbreviated, _always, _as_read),
)
