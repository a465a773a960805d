from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from governance.measures.domain_classifier import Shuffles
from governance.measures.grids import bin_of, cut_points
from governance.measures.group_permutation import Grouped, compare_groups, least_p_value
from governance.measures.homogeneity import compare_counts

Ints = NDArray[np.int64]
Rows = tuple[Ints, NDArray[np.bool_], Ints]


def rows(
    seed: int,
    sizes: list[Ints],
    alike: float,
    *,
    levels: list[float] | None = None,
    shift: float = 0.0,
    divided: float = 0,
) -> Rows:
    """Bins, sets and groups: `sizes` of the groups of either set, of whose rows `alike` is shared; a share `divided` of the
    rows of each group is in the other set."""
    random = np.random.default_rng(seed)
    size = np.concatenate(sizes)
    group = np.repeat(np.arange(size.size), size)
    second = (np.arange(size.size) >= sizes[0].size)[group] ^ (random.random(group.size) < divided)
    if levels is not None:
        shared, own = (
            random.choice(len(levels), size.size, p=levels)[group],
            random.choice(len(levels), group.size, p=levels),
        )
        return np.where(random.random(group.size) < alike**0.5, shared, own), second, group
    values = alike**0.5 * random.normal(size=size.size)[group] + (1 - alike) ** 0.5 * random.normal(size=group.size)
    values = values + shift * second
    return bin_of(values, cut_points(values, 64, least=5)), second, group


def told(made: Rows, ordered: bool) -> Grouped:
    found = compare_groups(*made, ordered)
    assert found is not None
    return found


def heavy(seed: int, groups: int, mean: int = 10) -> Ints:
    return np.maximum(1, mean * np.random.default_rng(seed).lognormal(-0.6, 1.1, groups)).astype(np.int64)


SETS = {
    "few": lambda seed: [np.full(10, 10), np.full(4, 10)],
    "unequal": lambda seed: [heavy(seed, 30), heavy(seed + 1, 10)],
    "smaller_in_one_set": lambda seed: [np.full(20, 16), np.full(20, 2)],
    "many": lambda seed: [np.full(700, 3), np.full(500, 3)],
}


@pytest.mark.parametrize("alike", [0.1, 0.6, 1.0])
@pytest.mark.parametrize("levels", [None, [0.4, 0.3, 0.2, 0.1], [0.95, 0.05]], ids=["numbers", "levels", "rare"])
@pytest.mark.parametrize("sets", SETS)
def test_alarms_without_a_difference_are_as_rare_as_they_should_be(
    sets: str, levels: list[float] | None, alike: float
) -> None:
    runs = 40 if sets == "many" else 120
    values = []
    for seed in range(runs):
        made = rows(1000 + seed, SETS[sets](9000 + 2 * seed), alike, levels=levels)
        found = compare_groups(*made, levels is None)
        values.append(1.0 if found is None else found.p_value)
    assert np.mean(np.array(values) <= 0.05) <= 0.05 + 3 * (0.05 * 0.95 / runs) ** 0.5
    assert np.mean(np.array(values) <= 0.001) <= 0.02


@pytest.mark.parametrize("levels", [None, [0.4, 0.3, 0.2, 0.1]], ids=["numbers", "levels"])
@pytest.mark.parametrize("divided", [0.1, 0.5])
def test_groups_that_are_in_both_sets_raise_no_alarms(divided: float, levels: list[float] | None) -> None:
    values = []
    for seed in range(120):
        made = rows(seed, [np.full(20, 12), np.full(20, 12)], 0.6, levels=levels, divided=divided)
        values.append(told(made, levels is None).p_value)
    assert np.mean(np.array(values) <= 0.05) <= 0.05 + 3 * (0.05 * 0.95 / 120) ** 0.5


def test_rows_taken_as_independent_would_raise_them() -> None:
    found = []
    for seed in range(60):
        bins, second, _ = rows(seed, [np.full(30, 10), np.full(10, 10)], 0.6)
        first, other = (np.bincount(bins[part], minlength=bins.max() + 1).astype(float) for part in (~second, second))
        found.append(compare_counts(first, other, ordered=True).p_value <= 0.05)
    assert np.mean(found) > 0.3


@pytest.mark.parametrize(("sizes", "shift"), [([12, 6], 2.0), ([60, 40], 0.8), ([700, 500], 0.25)])
def test_a_shift_is_found(sizes: list[int], shift: float) -> None:
    found = [
        told(rows(seed, [np.full(n, 8) for n in sizes], 0.5, shift=shift), True).p_value <= 0.001 for seed in range(20)
    ]
    assert np.mean(found) >= 0.8


def test_a_shift_within_groups_is_found_although_groups_differ_far_more() -> None:
    found = []
    for seed in range(20):
        made = rows(seed, [np.full(30, 12), np.full(30, 12)], 0.95, shift=0.4, divided=0.5)
        found.append(told(made, True).p_value <= 0.001)
    assert np.mean(found) >= 0.8


def test_a_new_level_is_found_among_many() -> None:
    levels = [0.3, 0.2, 0.15, 0.1, 0.1, 0.05, 0.05, 0.05]
    found = []
    for seed in range(20):
        bins, second, group = rows(seed, [np.full(100, 5), np.full(60, 5)], 0.3, levels=levels)
        new = second & np.isin(group % 6, (0,))
        found.append(told((np.where(new, len(levels), bins), second, group), False).p_value <= 0.002)
    assert np.mean(found) >= 0.9


def test_one_group_alone_is_no_evidence() -> None:
    """One group of one row has a level that no other has: a spread that is divided by leaves nothing to rank."""
    sizes = [np.full(30, 10), np.full(10, 1)]
    group = np.repeat(np.arange(40), np.concatenate(sizes))
    bins = (group == 39).astype(np.int64)
    assert told((bins, group >= 30, group), False).p_value > 0.05


def test_few_groups_cannot_tell_much() -> None:
    for first, second in ((3, 2), (6, 1), (4, 4)):
        made = rows(1, [np.full(first, 50), np.full(second, 50)], 0.1, shift=5.0)
        found = told(made, True)
        assert found.least == pytest.approx(1 / math.comb(first + second, second))
        assert found.p_value >= found.least * 0.5
        assert least_p_value(*made[1:]) == found.least
    alone = told((np.arange(40) % 2, np.arange(40) >= 20, np.zeros(40, dtype=np.int64)), False)
    assert (alone.p_value, alone.least) == (1.0, 1.0)


def test_of_a_large_set_beside_a_small_one_enough_groups_are_looked_at() -> None:
    shifted = rows(3, [np.full(5000, 3), np.full(40, 3)], 0.5, shift=1.0)
    assert told(shifted, True).p_value <= 0.001
    same = [told(rows(seed, [np.full(5000, 3), np.full(40, 3)], 0.5), True).p_value for seed in range(10)]
    assert np.mean(np.array(same) <= 0.05) <= 0.3


def test_rows_that_share_no_group_are_independent() -> None:
    bins, second, _ = rows(1, [np.full(50, 1), np.full(50, 1)], 0.5)
    assert compare_groups(bins, second, np.arange(100), True) is None
    assert least_p_value(second, np.arange(100)) == 0.0
    assert compare_groups(np.where(np.arange(100) < 90, bins, -1), second, np.minimum(np.arange(100), 95), True) is None


def test_missing_bins_and_names_of_groups_do_not_matter() -> None:
    bins, second, group = rows(2, [np.full(20, 5), np.full(12, 5)], 0.5, levels=[0.5, 0.3, 0.2])
    told_once = told((bins, second, group), False)
    further = np.append(bins, -1), np.append(second, True), np.append(group, 99)
    assert told(further, False) == told_once
    assert told((bins * 3 + 1, second, group * 7 - 100), False) == told_once


def test_shuffled_groups_stay_whole_and_their_parts_in_either_set_too() -> None:
    groups = np.repeat(np.arange(20), 5)
    second = groups >= 12
    second[0] = True  # group 0 is in both sets
    part = groups * 2 + second
    for chunk in Shuffles(second, groups, 200):
        assert all(np.unique(draw[part == one]).size == 1 for draw in chunk for one in np.unique(part))
        assert (chunk[:, part == 0].any(axis=1) != chunk[:, part == 1].any(axis=1)).any()
