import numpy as np
import pytest

from governance.measures.slice_flips import flips


def rows(turned, seed=0, n=2000):
    random = np.random.default_rng(seed)
    truth = random.integers(2, size=n)
    inside = random.random(n) < 0.2
    flipped = inside & (truth == 0) & (random.random(n) < turned)
    label = np.where(flipped, 1, truth)
    contradiction = np.zeros((n, 2))
    contradiction[np.arange(n), 1 - truth] = random.uniform(0.2, 1.0, n)
    # The odds against each class: as strong as the contradiction, at odds of e**6 : 1 where that is full.
    odds = 6 * (contradiction - contradiction[:, ::-1])
    return contradiction, odds, label, inside, flipped


def test_turned_labels_are_counted_where_the_row_speaks_clearly():
    contradiction, odds, label, inside, flipped = rows(0.4)
    found = {
        one.label: one
        for one in flips(contradiction, odds, label, inside, np.ones(label.size), np.arange(label.size) % 5)
    }
    assert found[1].log_p < np.log(1e-6)
    assert found[1].share == pytest.approx(0.4, abs=0.1)
    assert found[1].low < found[1].share
    assert set(found[1].rows.tolist()) == set(np.flatnonzero(inside & (label == 1)).tolist())
    assert flipped[found[1].rows[found[1].posterior >= 0.5]].all()
    assert found[1].turned <= int(flipped.sum())
    assert found[1].elsewhere == 0


def test_nothing_is_found_where_nothing_was_turned():
    contradiction, odds, label, inside, _ = rows(0.0)
    assert all(
        one.log_p > np.log(0.5)
        for one in flips(contradiction, odds, label, inside, np.ones(label.size), np.arange(label.size) % 5)
    )


def world(turn, rows=4000, seed=0):
    """Two classes told apart with noise, of which `turn` of class 0 within the slice is turned into class 1."""
    random = np.random.default_rng(seed)
    logits = random.normal(0, 3, rows)
    label = (random.random(rows) < 1 / (1 + np.exp(-logits))).astype(int)
    inside = random.random(rows) < 0.2
    turned = inside & (label == 0) & (random.random(rows) < turn)
    odds = np.column_stack([logits, -logits])
    return np.clip(odds, 0, 6) / 6, odds, np.where(turned, 1, label), inside, turned


def test_the_posterior_is_the_share_that_was_turned():
    speaks, odds, label, inside, turned = world(0.5)
    one = next(
        found
        for found in flips(speaks, odds, label, inside, np.ones(label.size), np.arange(label.size) % 5)
        if found.label == 1
    )
    assert one.log_p < np.log(1e-6)
    assert set(one.rows.tolist()) == set(np.flatnonzero(inside & (label == 1)).tolist())
    for low, high in ((0.0, 0.2), (0.2, 0.5), (0.5, 0.99)):
        here = (one.posterior >= low) & (one.posterior < high)
        assert turned[one.rows[here]].mean() == pytest.approx(one.posterior[here].mean(), abs=0.12)
    assert one.posterior.sum() == pytest.approx(turned.sum(), rel=0.15)


def test_a_clean_slice_has_nothing_to_tell():
    for seed in range(5):
        speaks, odds, label, inside, _ = world(0.0, seed=seed)
        for one in flips(speaks, odds, label, inside, np.ones(label.size), np.arange(label.size) % 5):
            assert one.log_p > np.log(1e-3)
            assert (one.posterior < 0.5).mean() > 0.97


def test_rows_that_one_model_alone_contradicts_are_one_witness():
    # A town of 40 rows with an honest share of its own: most of its rows with the label fell into one fold, so that the
    # model that judges it learnt a low share from the others.
    speaks, odds, label, _, _ = world(0.0, rows=600)
    fold, inside = np.arange(600) % 5, np.arange(600) < 40
    told = inside & (fold == 4)
    speaks[told, 1], odds[told, 1], label[told] = 0.9, 5.0, 1
    speaks[inside & ~told, 1], label[inside & ~told] = 0.0, np.arange(32) % 3 == 0
    weight = np.ones(600)
    (one,) = [found for found in flips(speaks, odds, label, inside, weight, fold) if found.label == 1]
    assert one.share > 0.9
    assert not one.said_again
    (spread,) = [found for found in flips(speaks, odds, label, inside, weight, np.cumsum(told) % 5) if found.label == 1]
    assert spread.said_again
    assert spread.log_p == one.log_p < np.log(1e-6)
