from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.dataset import ColumnType, Role
from governance.differences.shifts import group_counts, shifts
from governance.sketches import ColumnSketch, Sketch


def numbers(cuts: tuple[float, ...], counts: tuple[int, ...], nulls: int = 0) -> Sketch:
    return sketch(ColumnSketch(name="x", type=ColumnType.NUMBER, role=Role.FEATURE, private=False, kind="numbers",
                               nulls={"all": nulls}, distinct=9, cuts=cuts, counts={"all": counts}), nulls)  # fmt: skip


def levels(names: tuple[str, ...], counts: tuple[int, ...]) -> Sketch:
    return sketch(ColumnSketch(name="x", type=ColumnType.CATEGORY, role=Role.FEATURE, private=False, kind="levels",
                               nulls={"all": 0}, distinct=9, levels=names, counts={"all": counts}))  # fmt: skip


def sketch(column: ColumnSketch, nulls: int = 0) -> Sketch:
    rows = sum(column.total) + nulls
    return Sketch(dataset="d", data="sha256:x", rows=rows, splits={"all": rows}, columns=(column,)).sealed()


def test_numbers_move_by_the_largest_gap_of_their_distribution_functions() -> None:
    found = list(shifts(numbers((1.0, 2.0), (50, 30, 20)), numbers((1.0, 2.0), (20, 30, 50))))
    assert [(s.column, s.measure, s.size) for s in found] == [("x", "Kolmogorov-Smirnov distance", pytest.approx(0.3))]


def test_cut_points_that_differ_are_joined_by_straight_lines() -> None:
    assert list(shifts(numbers((1.0, 3.0), (25, 50, 25)), numbers((2.0,), (50, 50)))) == []
    found = list(shifts(numbers((1.0, 3.0), (25, 50, 25)), numbers((2.0,), (80, 20))))
    assert found[0].size == pytest.approx(0.3)


@pytest.mark.parametrize(("times", "beyond"), [(1, False), (10, True)])
def test_one_cut_point_that_both_happen_to_share_does_not_hide_the_others(times: int, beyond: bool) -> None:
    before = numbers((1.0, 3.0, 5.0, 7.0), tuple(times * n for n in (20, 20, 20, 20, 20)))
    after = numbers((1.0, 4.0, 6.0, 8.0), tuple(times * n for n in (20, 5, 25, 25, 25)))
    (found,) = shifts(before, after)
    # 0.25 by a line between 3 and 5; proven is 0.15, at 3, and that is what chance is asked about.
    assert (found.size, found.beyond) == (pytest.approx(0.25), beyond)


def test_levels_move_by_the_share_that_changed_place() -> None:
    found = list(shifts(levels(("a", "b"), (60, 30, 10)), levels(("b", "a"), (50, 40, 10))))
    assert (found[0].measure, found[0].size) == ("total variation distance", pytest.approx(0.2))
    new = list(shifts(levels(("a",), (100, 0)), levels(("a", "c"), (70, 30, 0))))
    assert new[0].size == pytest.approx(0.3)


def test_missing_values_are_a_shift_of_their_own() -> None:
    found = list(shifts(numbers((1.0,), (50, 50)), numbers((1.0,), (45, 45), nulls=10)))
    assert [(s.measure, s.size) for s in found] == [("difference of the shares of missing values", pytest.approx(0.1))]


@given(st.lists(st.integers(0, 50), min_size=3, max_size=3).filter(any), st.integers(1, 5))
def test_the_same_distribution_never_shifts_however_many_rows(counts: list[int], times: int) -> None:
    before, after = numbers((1.0, 2.0), tuple(counts)), numbers((1.0, 2.0), tuple(c * times for c in counts))
    assert list(shifts(before, after)) == []


def test_another_kind_of_column_and_a_new_one_are_not_compared() -> None:
    assert list(shifts(numbers((1.0,), (9, 1)), levels(("a",), (1, 9)))) == []
    empty = Sketch(dataset="d", data="", rows=0, splits={}).sealed()
    assert list(shifts(empty, numbers((1.0,), (9, 1)))) == []


@pytest.mark.parametrize(
    ("role", "private", "told"),
    [
        (Role.SENSITIVE, False, True),
        (Role.SPECIAL_CATEGORY, False, True),
        (Role.SENSITIVE, True, False),
        (Role.FEATURE, False, False),
    ],
)
def test_groups_of_people_are_counted_and_private_ones_not(role: Role, private: bool, told: bool) -> None:
    def with_role(names: tuple[str, ...], counts: tuple[int, ...]) -> Sketch:
        made = levels(names, counts)
        column = made.columns[0].model_copy(update={"role": role, "private": private})
        return made.model_copy(update={"columns": (column,)}).sealed()

    found = list(group_counts(with_role(("a", "b", "c"), (60, 30, 7, 3)), with_role(("b", "a", "d"), (50, 60, 9, 1))))
    assert [(c.of, c.level, c.before, c.after) for c in found] == ([("x", "b", 30, 50)] if told else [])


def test_few_rows_differ_by_two_percent_and_more_without_a_reason() -> None:
    """The same shares: beyond chance with many rows, and not with few."""
    for rows, beyond in ((1, False), (100, True)):
        (found,) = shifts(levels(("a", "b"), (50 * rows, 50 * rows, 0)), levels(("a", "b"), (45 * rows, 55 * rows, 0)))
        assert (found.size, found.beyond) == (pytest.approx(0.05), beyond)
        (found,) = shifts(numbers((1.0,), (50 * rows, 50 * rows)), numbers((1.0,), (45 * rows, 55 * rows)))
        assert (found.size, found.beyond) == (pytest.approx(0.05), beyond)


def test_missing_values_of_few_rows_are_chance_as_well() -> None:
    (few,) = shifts(numbers((1.0,), (25, 25), nulls=0), numbers((1.0,), (24, 24), nulls=2))
    (many,) = shifts(numbers((1.0,), (2500, 2500), nulls=0), numbers((1.0,), (2400, 2400), nulls=200))
    assert [few.beyond, many.beyond] == [False, True]


def test_what_an_audit_or_the_column_alone_tells_from_chance_is_not_called_chance() -> None:
    slight, rare = numbers((1.0,), (45, 55)), numbers((1.0,), (30, 70))
    for after, told, within in ((slight, (), True), (slight, ("x",), False), (slight, ("y",), True), (rare, (), False)):
        (found,) = shifts(numbers((1.0,), (50, 50)), after, told)
        assert (found.beyond, found.within) == (False, within)
    (sure,) = shifts(numbers((1.0,), (50, 50)), numbers((1.0,), (10, 90)))
    assert (sure.beyond, sure.within) == (True, False)
