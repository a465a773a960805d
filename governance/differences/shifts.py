"""How far distributions moved between two sketches: plain numbers over bins, without a data library."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence

from governance.dataset import Role
from governance.differences.chance import of_counts, of_distance
from governance.differences.difference import Count, Shift
from governance.evidence import Evidence
from governance.sketches import OTHER, ColumnSketch, Sketch

_OF_PEOPLE = frozenset({Role.SENSITIVE, Role.SPECIAL_CATEGORY})
LEAST = 0.02
"""Smaller effects are not listed: two percent of the rows would have to change their bin."""
FALSE_ALARMS = 0.01
"""Of all comparisons of two versions, so many may call a difference of independent samples more than chance."""
RARE_ALONE = 0.05
"""What chance gives in one column alone more rarely than this is not called chance, however many columns there are."""
APPROVED = "approved"
"""The subject of findings that compare a version with the one approved before."""


def told_by_audits(evidence: Iterable[Evidence]) -> frozenset[str]:
    """Columns of which audits, whose tests see more than a distance does, found that they differ from the approved version."""
    return frozenset(
        column
        for item in evidence
        for finding in item.findings
        if finding.subject == APPROVED
        for column in finding.columns
    )


def shifts(before: Sketch, after: Sketch, told: Collection[str] = ()) -> Iterator[Shift]:
    """Columns whose distribution differs by LEAST or more, those beyond chance first, then the furthest.

    `told` are columns that an audit found to differ between the same versions: of them it is not said that it is chance.
    """
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
            size = _between_levels(was, column)
            if size >= LEAST:
                p_value = of_counts(*_by_level(was, column))
                found.append((column.name, "total variation distance", size, p_value))
        else:
            proven, size = _between_numbers(was, column)
            if proven >= LEAST:
                p_value = of_distance(proven, rows[0], rows[1])
                found.append((column.name, "Kolmogorov-Smirnov distance", size, p_value))
    listed = [
        Shift(
            column=column,
            measure=measure,
            size=size,
            beyond=p_value * compared < FALSE_ALARMS,
            within=p_value * compared >= FALSE_ALARMS and p_value >= RARE_ALONE and column not in told,
        )
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


def _between_numbers(was: ColumnSketch, now: ColumnSketch) -> tuple[float, float]:
    """Largest difference of the two distribution functions at the cut points of either side: proven, and estimated.

    Of a side that has no cut there, proven is what its neighbouring cuts leave possible; the estimate joins them by a line.
    """
    sides = [(column.cuts, _cumulative(column.total)) for column in (was, now)]
    points = {*sides[0][0], *sides[1][0]}
    proven, estimated = (
        max((_gap(at(point, *sides[0]), at(point, *sides[1])) for point in points), default=0.0)
        for at in (_possible, _on_a_line)
    )
    return proven, estimated


def _gap(one: tuple[float, float], other: tuple[float, float]) -> float:
    return max(0.0, one[0] - other[1], other[0] - one[1])


def _cumulative(counts: Sequence[int]) -> list[float]:
    total, found = sum(counts), []
    below = 0
    for count in counts[:-1]:
        below += count
        found.append(below / total)
    return found


def _possible(point: float, cuts: Sequence[float], below: Sequence[float]) -> tuple[float, float]:
    """Least and greatest share of values that can lie at `point` or below."""
    after = bisect_left(cuts, point)
    if after < len(cuts) and cuts[after] == point:
        return below[after], below[after]
    return below[after - 1] if after else 0.0, below[after] if after < len(cuts) else 1.0


def _on_a_line(point: float, cuts: Sequence[float], below: Sequence[float]) -> tuple[float, float]:
    """As _possible, and between two cut points the share that a straight line gives."""
    low, high = _possible(point, cuts, below)
    after = bisect_left(cuts, point)
    if low == high or not 0 < after < len(cuts):
        return low, high
    share = low + (point - cuts[after - 1]) / (cuts[after] - cuts[after - 1]) * (high - low)
    return share, share
