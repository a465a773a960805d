"""The noise rate against one that was planted, and against classes that overlap."""

from __future__ import annotations

import numpy as np
import pytest

from governance.measures import noise_estimate as module
from governance.measures.noise_rate import exceeds, noise_rate


def drawn(seed: int, wrong: float, apart: float, rows: int = 1500) -> tuple[np.ndarray, np.ndarray]:
    """Labels of three classes, evenly wrong, and what a model says that is half as sure as the truth is."""
    generator = np.random.default_rng(seed)
    odds = generator.normal(0, apart, (rows, 3))
    truth = (odds + generator.gumbel(size=(rows, 3))).argmax(axis=1)
    label = np.where(generator.random(rows) < wrong, (truth + generator.integers(1, 3, rows)) % 3, truth)
    word = np.exp(odds / 2)
    return label, word / word.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("apart", [4.0, 10.0])
def test_the_rate_that_was_planted_is_found_and_shown(apart):
    for seed in range(3):
        found = noise_rate(*drawn(seed, 0.1, apart), 0.005)
        assert found.value == pytest.approx(0.1, abs=0.04)
        assert exceeds(0.005, *drawn(seed, 0.1, apart), 1500)


def test_classes_that_overlap_show_none():
    sets = [drawn(seed, 0.0, apart) for seed in range(10) for apart in (1.0, 4.0)]
    shown = [exceeds(0.005, *each, 1500) for each in sets]
    assert sum(shown) <= 1


def test_a_share_above_the_likeliest_rate_is_not_exceeded():
    found = noise_rate(*drawn(1, 0.1, 10.0), 0.2)
    assert found.value < 0.2
    assert found.beyond == 0


def test_a_part_of_many_rows_is_enough(monkeypatch):
    label, probabilities = drawn(2, 0.1, 10.0, rows=3000)
    whole = noise_rate(label, probabilities, 0.005)
    monkeypatch.setattr(module, "MAX_ROWS", 1000)
    part = noise_rate(label, probabilities, 0.005)
    assert part.value == pytest.approx(whole.value, abs=0.03)
    assert part.beyond == pytest.approx(whole.beyond, rel=0.6)


def test_few_independent_groups_show_less():
    noisy = drawn(4, 0.1, 4.0)
    assert exceeds(0.005, *noisy, 1500)
    assert not exceeds(0.005, *noisy, int(2.5 / (2 * noise_rate(*noisy, 0.005).beyond)))
