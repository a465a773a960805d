from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from governance.measures.dependent_rows import (
    MOST_GROUPS,
    Stratum,
    bins_dependence,
    mean_dependence,
    some_groups,
    strata_dependence,
    two_sided,
)
from governance.measures.homogeneity import compare_counts


def rows(seed: int, groups: int, size: int, alike: float) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Numbers with variance 1, of which `alike` is between groups."""
    random = np.random.default_rng(seed)
    group = np.repeat(np.arange(groups), size)
    between = alike**0.5 * random.normal(size=groups)[group]
    return between + (1 - alike) ** 0.5 * random.normal(size=groups * size), group


def p_value(
    before: NDArray[np.float64], now: NDArray[np.float64], group: NDArray[np.int64], cuts: list[float]
) -> float:
    bins = [np.digitize(part, cuts) for part in (before, now)]
    first, second = (np.bincount(part, minlength=len(cuts) + 1).astype(float) for part in bins)
    found = bins_dependence(bins[1], group, (first + second) / (first + second).sum(), ordered=len(cuts) > 5)
    return compare_counts(first, second, ordered=len(cuts) > 5, dependence=found).p_value


@pytest.mark.parametrize("cuts", [np.linspace(-2, 2, 17).tolist(), [-0.5, 0.5, 1.0], [0.3]], ids=["numbers", "levels", "flag"])  # fmt: skip
@pytest.mark.parametrize(("groups", "size", "alike"), [(20, 10, 0.9), (60, 10, 0.9), (100, 6, 0.3)])
def test_alarms_without_a_difference_are_as_rare_as_they_should_be(
    groups: int, size: int, alike: float, cuts: list[float]
) -> None:
    values = []
    for seed in range(200):
        before, _ = rows(2 * seed, groups, size, alike)
        now, group = rows(2 * seed + 1, groups, size, alike)
        values.append(p_value(before, now, group, cuts))
    assert np.mean(np.array(values) <= 0.05) <= 0.05 + 3 * (0.05 * 0.95 / 200) ** 0.5
    assert np.mean(np.array(values) <= 0.001) <= 0.01


def test_a_shift_is_found_among_groups() -> None:
    found = []
    for seed in range(40):
        before, _ = rows(2 * seed, 100, 6, 0.9)
        now, group = rows(2 * seed + 1, 100, 6, 0.9)
        found.append(p_value(before, now + 0.8, group, np.linspace(-2, 2, 17).tolist()) < 0.001)
    assert np.mean(found) > 0.9


def test_groups_of_wholly_alike_rows_count_as_one_row_each() -> None:
    bins = np.repeat(np.random.default_rng(1).integers(0, 2, 400), 8)
    found = bins_dependence(bins, np.repeat(np.arange(400), 8), np.array([0.5, 0.5]), ordered=False)
    assert found is not None
    assert found.effect == pytest.approx(8, rel=0.01)
    assert found.freedom == pytest.approx(1)


def test_rows_of_one_group_each_are_independent_and_unlike_rows_are_nearly() -> None:
    bins = np.random.default_rng(1).integers(0, 4, 3000)
    assert bins_dependence(bins, np.arange(3000), np.full(4, 0.25), ordered=False) is None
    assert mean_dependence(bins.astype(float), np.arange(3000)) is None
    assert strata_dependence(bins, bins * 0, np.arange(3000), []) is None
    found = bins_dependence(bins, np.arange(3000) // 3, np.full(4, 0.25), ordered=False)
    assert found is not None
    assert found.effect < 1.1


def test_what_does_not_vary_may_hang_together_wholly() -> None:
    """A flag that 3 of 60 people had, and none of 60 others: no difference between people is shown."""
    none, group = np.zeros(600, dtype=np.int64), np.repeat(np.arange(60), 10)
    before, now = np.array([570.0, 30.0]), np.array([600.0, 0.0])
    assert compare_counts(before, now, ordered=False).p_value < 1e-6
    found = bins_dependence(none, group, (before + now) / 1200, ordered=False)
    assert found is not None
    assert found.effect == pytest.approx(10)
    assert compare_counts(before, now, ordered=False, dependence=found).p_value > 0.05


def test_one_large_group_leaves_little_known() -> None:
    values = np.zeros(600)
    values[:10] = 1.0
    found = mean_dependence(values, np.repeat(np.arange(60), 10))
    assert found is not None
    assert found.known_by < 3
    assert two_sided(5.0, found) > two_sided(5.0, None)


def test_a_table_of_one_stratum_is_the_table_of_its_bins() -> None:
    now, group = rows(5, 50, 8, 0.6)
    bins = np.digitize(now, [-0.5, 0.5])
    pooled = np.bincount(bins) / bins.size
    whole = bins_dependence(bins, group, pooled, ordered=False)
    one = strata_dependence(bins, np.zeros_like(bins), group, [Stratum(0, np.arange(3), pooled)])
    assert whole is not None
    assert one is not None
    assert (one.effect, one.freedom, one.known_by) == pytest.approx((whole.effect, whole.freedom, whole.known_by))
    left_out = strata_dependence(bins, np.zeros_like(bins), group, [Stratum(0, np.array([0, 1, -1]), pooled[:2])])
    assert left_out is not None


def test_of_many_groups_some_are_looked_at_whole() -> None:
    groups = np.repeat(np.arange(3 * MOST_GROUPS), 2)
    _, kept = some_groups(np.zeros(groups.size, dtype=np.int64), groups)
    assert np.bincount(kept).tolist() == [2] * MOST_GROUPS
    values, kept = some_groups(np.array([1, -1, 2]), np.array([7, 8, 9]))
    assert (values.tolist(), kept.tolist()) == ([1, 2], [0, 1])
