from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from governance.measures.grids import counts_of, cut_points
from governance.measures.homogeneity import (
    compare_counts,
    design_effect,
    detectable_effect,
)
from governance.measures.weighted_chi_squared import weighted_chi_squared_tail

COUNTS = st.lists(st.integers(0, 60), min_size=2, max_size=8)


def numbers(first: np.ndarray, second: np.ndarray, **further: float) -> float:
    cuts = cut_points(np.concatenate([first, second]), 64, least=5)
    return compare_counts(counts_of(first, cuts), counts_of(second, cuts), ordered=True, **further).p_value


@pytest.mark.parametrize("value", [0.5, 2.0, 8.0, 25.0])
def test_equal_weights_give_the_chi_squared_tail(value: float) -> None:
    assert weighted_chi_squared_tail(value, np.full(3, 2.0)) == pytest.approx(stats.chi2.sf(value / 2, 3), rel=1e-9)


@pytest.mark.parametrize(("value", "tail"), [(1.933, 0.10), (2.492, 0.05), (3.878, 0.01)])
def test_anderson_and_darlings_weights_give_the_published_critical_values(value: float, tail: float) -> None:
    weights = 1 / (np.arange(1, 400) * np.arange(2, 401))  # G. Marsaglia, J. Marsaglia, J. Stat. Software 9, 2004
    assert weighted_chi_squared_tail(value, weights) == pytest.approx(tail, rel=0.06)


def test_it_agrees_with_scipys_anderson_darling_test() -> None:
    random = np.random.default_rng(1)
    for shift in (0.1, 0.2, 0.3):
        first, second = random.normal(size=300), random.normal(shift, 1, 200)
        other = stats.anderson_ksamp(
            [first, second], variant="midrank", method=stats.PermutationMethod(n_resamples=4999, rng=random)
        )
        assert numbers(first, second) == pytest.approx(other.pvalue, rel=0.25, abs=0.003)


def test_false_alarms_of_numbers_are_as_many_as_allowed_also_far_in_the_tail() -> None:
    random = np.random.default_rng(2)
    found = np.array([numbers(random.lognormal(size=300), random.lognormal(size=100)) for _ in range(2000)])
    for level in (0.2, 0.05, 0.01):
        assert abs((found <= level).mean() - level) < 3 * np.sqrt(level / 2000)


def test_false_alarms_of_rare_levels_are_as_many_as_allowed() -> None:
    random = np.random.default_rng(3)
    shares = np.array([0.6, 0.3, 0.05, 0.02, 0.01, 0.01, 0.005, 0.005])
    found = []
    for _ in range(300):
        first, second = random.multinomial(300, shares), random.multinomial(100, shares)
        found.append(compare_counts(first, second, ordered=False).p_value)
    assert (np.array(found) <= 0.1).mean() < 0.1 + 3 * np.sqrt(0.09 / 300)


def test_a_new_level_is_seen_among_many() -> None:
    old = np.array([300, 200, 150, 100, 80, 60, 40, 30, 20, 20, 0])
    new = old.copy()
    new[-1], new[0] = 16, 284
    assert compare_counts(old, new, ordered=False).p_value < 0.001


@given(st.lists(st.integers(0, 400), min_size=4, max_size=4).filter(lambda cells: all(np.array(cells) > 0)))
def test_two_levels_are_compared_by_fishers_exact_test(cells: list[int]) -> None:
    first, second = np.array(cells[:2], float), np.array(cells[2:], float)
    found = compare_counts(first, second, ordered=False).p_value
    assert found == pytest.approx(stats.fisher_exact(np.array([first, second])).pvalue, rel=1e-4, abs=1e-12)


def test_two_levels_of_many_rows_agree_with_the_limit_distribution() -> None:
    first, second = np.array([6e6, 4e6]), np.array([5.999e6, 4.001e6])
    found = compare_counts(first, second, ordered=False).p_value
    limit = stats.chi2_contingency(np.array([first, second]), correction=False).pvalue
    assert found == pytest.approx(limit, rel=0.01)
    assert compare_counts(first, second[::-1], ordered=False).p_value < 1e-9


def test_a_large_difference_of_levels_can_be_told_among_thousands_of_columns() -> None:
    first, second = np.array([500.0, 300, 200, 0]), np.array([400.0, 300, 200, 100])
    assert compare_counts(first, second, ordered=False).p_value < 1e-15


def test_a_first_look_at_few_tables_changes_no_small_p_value(monkeypatch: pytest.MonkeyPatch) -> None:
    from governance.measures import homogeneity

    random = np.random.default_rng(7)
    shares, shifted = np.array([0.5, 0.3, 0.15, 0.05]), np.array([0.55, 0.3, 0.1, 0.05])
    tables = [(random.multinomial(400, shares), random.multinomial(300, shifted)) for _ in range(40)]
    quick = np.array([compare_counts(*pair, ordered=False).p_value for pair in tables])
    monkeypatch.setattr(homogeneity, "FIRST_DRAWS", homogeneity.DRAWS)
    slow = np.array([compare_counts(*pair, ordered=False).p_value for pair in tables])
    sure = slow < 0.02
    assert sure.any()
    assert not sure.all()
    assert (quick[sure] == slow[sure]).all()
    assert quick == pytest.approx(slow, abs=0.06)


@settings(max_examples=30)
@given(COUNTS, st.data(), st.booleans())
def test_it_is_symmetric_and_equal_samples_do_not_differ(first: list[int], data: st.DataObject, ordered: bool) -> None:
    second = data.draw(st.lists(st.integers(0, 60), min_size=len(first), max_size=len(first)))
    one, other = np.array(first, float), np.array(second, float)
    forward, backward = compare_counts(one, other, ordered=ordered), compare_counts(other, one, ordered=ordered)
    assert forward.effect == pytest.approx(backward.effect)
    assert 0 <= forward.effect <= 1 + 1e-12
    assert 0 <= forward.p_value <= 1
    same = compare_counts(one, one, ordered=ordered)
    assert same.effect == 0
    assert same.p_value > 0.9


def test_rows_of_one_group_do_not_count_as_so_many() -> None:
    random = np.random.default_rng(4)
    alone, by_group = [], []
    for _ in range(150):
        groups = np.repeat(np.arange(60), 10)
        values = random.normal(size=60)[groups] + 0.3 * random.normal(size=600)
        second = groups >= 40
        cuts = cut_points(values, 64, least=5)
        bins = np.searchsorted(cuts, values)
        effect = design_effect(bins, second, groups, True)
        alone.append(numbers(values[~second], values[second]))
        by_group.append(numbers(values[~second], values[second], design_effect=effect))
    assert (np.array(alone) <= 0.05).mean() > 0.4
    assert (np.array(by_group) <= 0.05).mean() < 0.1


def test_what_is_called_detectable_is_found_8_times_in_10_and_a_shift_of_numbers_more_often() -> None:
    random = np.random.default_rng(5)
    level = 0.005
    effect = detectable_effect(600, 400, level)
    flags, shifts = [], []
    for _ in range(400):
        first, second = random.binomial(600, 0.5 - effect / 2), random.binomial(400, 0.5 + effect / 2)
        counts = np.array([600 - first, first]), np.array([400 - second, second])
        flags.append(compare_counts(*counts, ordered=True).p_value <= level)
        shift = 2 * stats.norm.ppf(0.5 + effect / 2)  # moves the distribution function at the middle by `effect`
        shifts.append(numbers(random.normal(size=600), random.normal(shift, 1, 400)) <= level)
    assert np.mean(flags) == pytest.approx(0.8, abs=0.06)
    assert np.mean(shifts) > 0.9
