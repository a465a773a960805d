import numpy as np
import pytest

from governance.measures.value_effects import Holders, logits_of, value_effects


def value_effect(logits, given):
    return float(value_effects([(logits, given)])[0])


def test_an_effect_is_found_and_none_is_told_of_few_rows_or_of_no_effect():
    random = np.random.default_rng(0)
    logits = random.normal(0, 2, 3000)
    given = random.random(3000) < 1 / (1 + np.exp(-logits - 2))
    assert value_effect(logits, given) == pytest.approx(2, abs=0.25)
    assert value_effect(logits[:5], given[:5]) < 1
    assert value_effect(logits, random.random(3000) < 1 / (1 + np.exp(-logits))) < 0.1
    assert value_effect(logits, random.random(3000) < 1 / (1 + np.exp(-logits + 2))) == 0.0


def test_log_odds_are_those_of_the_posterior():
    evidence, frequency = np.array([[1.0, 0.0, -1.0]]), np.array([0.5, 0.3, 0.2])
    joint = np.exp(evidence) * frequency
    for label in range(3):
        share = joint[0, label] / joint.sum()
        assert logits_of(evidence, frequency, label)[0] == pytest.approx(np.log(share / (1 - share)))


def test_holders_of_each_value_outside_the_pair():
    values = np.array([[1.0, 2.0], [1.0, 2.0], [1.0, 0.0], [0.0, 2.0], [0.0, 0.0]])
    apart = Holders(values).apart(np.array([0, 1]), [0, 1], 10)
    assert [one.tolist() for one in apart] == [[2], [3]]
    assert Holders(np.ones((90, 1))).apart(np.array([0]), [0], 5)[0].size == 5
