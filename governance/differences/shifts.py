"""How far distributions moved between two sketches: plain numbers over bins, without a data library."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from governance.dataset import Role
from governance.differences.chance import of_counts, of_distance
from governance.differences.difference import Count, Shift
from governance.sketches import OTHER, ColumnSketch, Sketch

_OF_PEOPLE = frozenset({Role.SENSITIVE, Role.SPECIAL_CATEGORY})
LEAST = 0.02
"""Smaller effects are not listed: two percent of the rows would have to change their bin."""
FALSE_ALARMS = 0.01
"""Of all comparisons of two versions, so many may call a difference of independent samples more than chance."""


def shifts(before: Sketch, after: Sketch) -> Iterator[Shift]:
    """Columns whose distribution differs by LEAST or more, those beyond chance first, then the furthest."""
    found: list[tuple[str, str, float, float]] = []
    compared = 0
    for column in after.columns:
        was = before.column(column.name)
        if was is None or was.kind != column.kind:
            continue
        compared += 1
        nulls = [sum(side.nulls.values()) for side in (was, column)]
        gap = abs(_share_of_nulls(was, before.rows) - _share_of_nulls(column, after.rows))
        if gap >= LEAST:
            p_value = of_counts((nulls[0], before.rows - nulls[0]), (nulls[1], after.rows - nulls[1]))
            found.append((column.name, "difference of the shares of missing values", gap, p_value))
        rows = [sum(side.total) for side in (was, column)]
        if not all(rows):
            continue
        compared += 1
        if column.levels or was.levels:
            size, measure = _between_levels(was, column), "total variation distance"
        else:
            size, measure = _between_numbers(was, column), "Kolmogorov-Smirnov distance"
        if size >= LEAST:
            by_levels = column.levels or was.levels
            p_value = of_counts(*_by_level(was, column)) if by_levels else of_distance(size, rows[0], rows[1])
            found.append((column.name, measure, size, p_value))
    listed = [
        Shift(column=column, measure=measure, size=size, beyond=p_value * compared < FALSE_ALARMS)
        for column, measure, size, p_value in found
    ]
    yield from sorted(listed, key=lambda shift: (not shift.beyond, -shift.size, shift.column, shift.measure))


def group_counts(before: Sketch, after: Sketch) -> Iterator[Count]:
    """Rows per level of public sensitive columns whose number changed; levels that both sides name, in their order."""
    for column in after.columns:
        was = before.column(column.name)
        if was is None or column.role not in _OF_PEOPLE or column.private or was.private:
            continue
        old = dict(zip(was.levels, was.total, strict=False))
        for level, rows in zip(column.levels, column.total, strict=False):
            if level in old and old[level] != rows:
                yield Count(of=column.name, level=level, before=old[level], after=rows)


def _share_of_nulls(column: ColumnSketch, rows: int) -> float:
    return sum(column.nulls.values()) / rows if rows else 0.0


def _between_levels(was: ColumnSketch, now: ColumnSketch) -> float:
    """Half the sum of differences of shares; what either side does not name counts as one level."""
    sides = []
    for column in (was, now):
        total = sum(column.total)
        shares = dict(zip((*column.levels, OTHER), (count / total for count in column.total), strict=False))
        sides.append(shares)
    names = {name for side in sides for name in side if all(name in one for one in sides)} - {OTHER}
    rest = [1 - sum(side[name] for name in names) for side in sides]
    return (sum(abs(sides[0][name] - sides[1][name]) for name in names) + abs(rest[0] - rest[1])) / 2


def _by_level(was: ColumnSketch, now: ColumnSketch) -> tuple[list[int], list[int]]:
    """Rows of each level that both sides name, and of all others as one, on either side."""
    old, new = (dict(zip(side.levels, side.total, strict=False)) for side in (was, now))
    both = [level for level in was.levels if level in new]
    sides = [[counts[level] for level in both] for counts in (old, new)]
    return (
        [*sides[0], sum(was.total) - sum(sides[0])],
        [*sides[1], sum(now.total) - sum(sides[1])],
    )


def _between_numbers(was: ColumnSketch, now: ColumnSketch) -> float:
    """Largest difference of the two distribution functions that their cut points prove."""
    sides = [(column.cuts, _cumulative(column.total)) for column in (was, now)]
    same = set(sides[0][0]) & set(sides[1][0])
    points = sorted(same) or sorted({*sides[0][0], *sides[1][0]})
    gaps = [_gap(_at(point, *sides[0]), _at(point, *sides[1])) for point in points]
    return max(gaps, default=0.0)


def _gap(one: tuple[float, float], other: tuple[float, float]) -> float:
    return max(0.0, one[0] - other[1], other[0] - one[1])


def _cumulative(counts: Sequence[int]) -> list[float]:
    total, found = sum(counts), []
    below = 0
    for count in counts[:-1]:
        below += count
        found.append(below / total)
    return found


def _at(point: float, cuts: Sequence[float], below: Sequence[float]) -> tuple[float, float]:
    """Least and greatest share of values that can lie at `point` or below; between cut points, a straight line's."""
    if not cuts:
        return 0.0, 1.0
    if point < cuts[0]:
        return 0.0, below[0]
    if point > cuts[-1]:
        return below[-1], 1.0
    index = max(i for i, cut in enumerate(cuts) if cut <= point)
    if cuts[index] == point:
        return below[index], below[index]
    step = (point - cuts[index]) / (cuts[index + 1] - cuts[index])
    share = below[index] + step * (below[index + 1] - below[index])
    return share, share
