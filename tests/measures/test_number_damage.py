import numpy as np
import pytest

from governance.measures.number_damage import next_below, one_number, sentinels, sign_slips, tenfold, unit_mixups


def normal(seed=0, n=300):
    return np.random.default_rng(seed).normal(50, 10, n)


@pytest.mark.parametrize("code", [999.0, -999.0, -1.0, 9999.0])
def test_codes_far_from_all_else_are_found(code):
    values = normal()
    values[:3] = code
    assert sentinels(values) == [code]


@pytest.mark.parametrize(
    "values", [np.arange(1100.0), np.random.default_rng(0).normal(0, 1000, 500).round(), np.tile([-1.0, 0, 1, 99], 50)]
)
def test_a_code_that_is_a_value_among_others_is_none(values):
    assert sentinels(np.append(values, [99.0, 99.0])) == []


def test_a_mistaken_unit_is_found_with_its_factor():
    values = normal()
    values[[4, 9]] *= 1000
    found, factor = unit_mixups(values)
    assert np.flatnonzero(found).tolist() == [4, 9]
    assert factor == 1000.0
    small = normal()
    small[7] /= 100
    assert unit_mixups(small)[1] == 0.01
    assert unit_mixups(small.round(), whole=True)[1] == 1.0


@pytest.mark.parametrize("seed", range(20))
def test_long_tails_are_no_mistaken_unit(seed):
    random = np.random.default_rng(seed)
    for values in (random.lognormal(3, 1.5, 500), random.pareto(1.1, 500) + 1, random.exponential(5, 500)):
        assert not unit_mixups(values)[0].any()


def test_a_lone_code_below_zero_is_one_and_a_scale_that_begins_at_minus_one_has_none():
    assert sentinels(np.append(np.tile([0.0, 1, 2], 40), -99)) == [-99]
    assert sentinels(np.append(np.tile([1.0, 2, 3, 4], 40), [-1, -1])) == [-1]
    assert sentinels(np.append(np.tile([0.0, 1, 2], 40), [-1, -1])) == []


@pytest.mark.parametrize(
    "values",
    [
        np.random.default_rng(0).lognormal(3, 1, 400),
        np.random.default_rng(1).uniform(18, 90, 400).round(),
        np.random.default_rng(2).normal(60, 10, 400),
        np.random.default_rng(3).exponential(30, 400),
    ],
)
def test_a_sign_that_slipped_is_found_in_prices_fees_and_ages(values):
    assert not sign_slips(values).any()
    wrong = np.argsort(values)[[200, 300]]
    values[wrong] *= -1
    assert np.flatnonzero(sign_slips(values)).tolist() == sorted(wrong.tolist())


@pytest.mark.parametrize("seed", range(30))
def test_columns_that_reach_below_zero_have_no_slip(seed):
    random = np.random.default_rng(seed)
    for centre in (2.2, 2.5, 3.0):
        assert not sign_slips(random.normal(centre, 1, 800)).any()
        assert not sign_slips(random.laplace(2 * centre, 1, 800)).any()
    assert not sign_slips(np.append(np.zeros(300), [5.0] * 40 + [-5.0])).any()  # gains and losses, mostly none


def test_values_near_zero_are_no_mistaken_unit():
    values = np.random.default_rng(4).normal(20, 6, 900).clip(2)
    assert not unit_mixups(np.append(values, 0.21))[0].any()
    assert unit_mixups(np.append(values + 40, 0.61))[1] == 0.01


def test_a_mistaken_unit_is_found_on_both_sides_of_zero():
    values = np.random.default_rng(6).normal(1, 4, 600)
    assert not unit_mixups(values)[0].any()
    wrong = np.flatnonzero(np.abs(values) > 3)[:4]
    values[wrong] *= 1000
    assert np.flatnonzero(unit_mixups(values)[0]).tolist() == wrong.tolist()


@pytest.mark.parametrize(("mean", "spread"), [(36.8, 0.5), (25, 4), (170, 9)])
def test_decimal_points_that_were_lost_are_found(mean, spread):
    values = np.random.default_rng(7).normal(mean, spread, 600)
    assert not tenfold(values)[0].any()
    values[[5, 50, 500]] *= 10
    assert not unit_mixups(values)[0].any()
    found, factor = tenfold(values)
    assert np.flatnonzero(found).tolist() == [5, 50, 500]
    assert factor == 10.0


@pytest.mark.parametrize("seed", range(30))
def test_a_lone_far_value_and_a_long_tail_are_no_lost_decimal_point(seed):
    random = np.random.default_rng(seed)
    heavy = np.abs(random.standard_t(3, 600) * 4 + 40)
    for values in (random.lognormal(3, 1, 600), random.gamma(3, 20, 600), random.pareto(1.5, 600) + 1, heavy):
        assert not tenfold(values)[0].any()
    for values in (random.poisson(3, 600), random.integers(1, 11, 600)):
        assert not tenfold(values.astype(float), whole=True)[0].any()
    assert not tenfold(np.append(random.normal(37, 0.5, 600), 370.0))[0].any()


def test_one_number_beyond_all_others_is_a_code_and_two_are_a_mistaken_unit():
    values = np.random.default_rng(8).normal(60, 8, 1500).round(1)
    values[[3, 900]] = 65535
    assert one_number(values, values > 1000)
    values[[3, 900]] = [61000, 58200]
    assert not one_number(values, values > 1000)
    assert not one_number(values, values == 61000)
    steps = np.tile([1.0, 2, 3], 100)  # two of them are the same in one of three cases
    steps[:2] = 2000
    assert not one_number(steps, steps == 2000)


@pytest.mark.parametrize(("cells", "found"), [(10, 10), (3, 0)])
def test_whole_numbers_that_are_a_thousand_times_too_small(cells, found):
    weights = np.random.default_rng(4).normal(21000, 3500, 800).round()
    weights[:cells] = (weights[:cells] / 1000).round()
    mixed, factor = unit_mixups(weights, whole=True)
    assert np.flatnonzero(mixed).tolist() == list(range(found))
    assert factor == (0.001 if found else 1.0)


@pytest.mark.parametrize(
    ("others", "value", "is_next"),
    [(range(9), -1, True), ((0, 0.5, 1, 2, 2.5), -0.5, True), ((1, 2, 3), -1, False), ((1, 6, 12, 24), -4, False), ((0, 1), -1, False)],
)  # fmt: skip
def test_one_step_below_a_scale_is_told_from_further_below(others, value, is_next):
    known = np.tile(np.array(others, dtype=float), 20)
    assert next_below(known, value) is is_next
    assert not next_below(np.append(known, np.arange(100.0)), value)


def test_in_a_scale_only_what_is_a_member_without_its_sign_has_a_slipped_one():
    hours = np.random.default_rng(0).choice([0.0, 1, 2, 3], 600, p=[0.3, 0.4, 0.2, 0.1])
    hours[:9] = -1
    assert not sign_slips(hours).any()
    pieces = np.random.default_rng(0).choice([4.0, 5, 6, 7], 600)
    pieces[:9] = -6
    assert np.flatnonzero(sign_slips(pieces)).tolist() == list(range(9))
    pieces[:9] = -3.5
    assert not sign_slips(pieces).any()
