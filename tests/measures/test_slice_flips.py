import numpy as np
import pytest

from governance.measures.slice_flips import EVERY, Slice, flips, flips_again, told_from
from governance.measures.slice_mixture import chances, fitted


def world(turn=0.0, lean=0.0, noise=0.0, slope=1.0, rows=400, seed=0):
    """A slice of two classes with odds that are known elsewhere; `turn` of class 0 is turned into class 1."""
    random = np.random.default_rng(seed)
    odds = random.normal(0, 3, rows)
    label = (random.random(rows) < 1 / (1 + np.exp(-(slope * odds + lean)))).astype(int)
    label = np.where(random.random(rows) < noise, random.integers(0, 2, rows), label)
    turned = (label == 0) & (random.random(rows) < turn)
    logits = np.column_stack([-odds / 2, odds / 2])[None]
    return Slice(np.arange(rows) + 7, logits, np.where(turned, 1, label), np.ones(rows)), turned


@pytest.mark.parametrize("lean", [-1.5, 0.0, 1.5])
def test_the_share_that_was_turned_is_told_from_an_honest_lean(lean):
    given, turned = world(0.4, lean, rows=600)
    one = max(flips(given), key=lambda found: -found.log_p)
    assert (one.before, one.label) == (0, 1)
    assert one.log_p < np.log(1e-4)
    assert one.share == pytest.approx(0.4, abs=0.1)
    assert one.share * one.asked == pytest.approx(turned.sum(), rel=0.25)
    assert told_from(given, one, 0.1)
    assert told_from(given, one, EVERY)
    assert set(one.rows.tolist()) == set((np.flatnonzero(given.label == 1) + 7).tolist())
    for low, high in ((0.0, 0.3), (0.3, 1.0)):
        here = (one.posterior >= low) & (one.posterior <= high)
        assert turned[one.rows[here] - 7].mean() == pytest.approx(one.posterior[here].mean(), abs=0.15)


@pytest.mark.parametrize("honest", [{"lean": 3.0}, {"lean": -2.0}, {"noise": 0.3}, {"slope": 0.2}, {}])
def test_an_honest_difference_is_not_turned_labels(honest):
    for seed in range(4):
        given, _ = world(**honest, seed=seed)
        assert all(one.log_p > np.log(1e-3) for one in flips(given))


def test_a_class_that_is_wholly_turned_may_be_a_rule():
    given, _ = world(1.0)
    (one,) = (found for found in flips(given) if found.label == 1)
    assert one.share > EVERY
    assert not told_from(given, one, 0.99)


def test_what_a_model_of_the_slice_knows_is_not_turned():
    random = np.random.default_rng(5)
    rule = random.normal(0, 5, 400)
    given, _ = world(seed=3)
    changed = (given.label == 0) & (rule > 0)
    given = Slice(given.rows, given.logits, np.where(changed, 1, given.label), given.weight)
    one = next(found for found in flips(given) if found.label == 1)
    assert one.log_p < np.log(1e-4)
    own = np.column_stack([-rule, rule])[None]
    known = Slice(given.rows, np.concatenate([given.logits, own]), given.label, given.weight)
    assert flips_again(known, one).log_p > one.log_p / 2


def test_the_fit_finds_what_labels_were_drawn_with():
    given, _ = world(lean=1.0, noise=0.2, rows=8000)
    found = fitted(given.logits, given.label, given.weight)
    assert found.lean[1] - found.lean[0] == pytest.approx(1.0, abs=0.2)
    assert found.noise == pytest.approx(0.2, abs=0.05)
    assert found.slopes[0] == pytest.approx(1.0, abs=0.15)
    assert chances(given.logits[0]).sum(axis=1) == pytest.approx(np.ones(8000))
