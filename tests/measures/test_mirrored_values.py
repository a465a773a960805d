"""Many negative values among positive ones."""

import numpy as np
import pytest

from governance.measures.mirrored_values import mirrored_values

CLEAR = {
    "volts": lambda random: random.normal(230, 4, 600),
    "pressure": lambda random: random.normal(125, 15, 600).round(),
    "area": lambda random: random.uniform(30, 160, 600).round(1),
    "alcohol": lambda random: random.normal(11, 1, 600).round(1),
}


@pytest.mark.parametrize("name", CLEAR)
@pytest.mark.parametrize("share", [0.035, 0.05, 0.09])
def test_slipped_signs_are_the_others_mirrored(name, share):
    random = np.random.default_rng(4)
    values = CLEAR[name](random)
    assert not mirrored_values(values).any()
    wrong = random.choice(600, int(share * 600), replace=False)
    values[wrong] *= -1
    assert np.flatnonzero(mirrored_values(values)).tolist() == sorted(wrong.tolist())


@pytest.mark.parametrize("share", [0.02, 0.12])
def test_of_few_another_rule_tells_and_more_are_how_the_column_is(share):
    values = CLEAR["volts"](np.random.default_rng(5))
    values[: int(share * 600)] *= -1
    assert not mirrored_values(values).any()


def test_honest_negative_values_are_not_the_others_mirrored():
    for seed in range(200):
        random = np.random.default_rng(seed)
        few = random.random(600) < 0.06
        amounts = random.lognormal(3, 1, 600) * np.where(few, -1, 1)  # refunds
        degrees = random.normal(12, 7.5, 600)
        latitude = np.where(few, -random.uniform(12, 43, 600), random.uniform(36, 60, 600))
        balance = np.where(few, -random.exponential(40, 600), random.normal(900, 150, 600))
        for values in (amounts, degrees, latitude, balance):
            assert not mirrored_values(values).any()
