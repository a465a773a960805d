import numpy as np
import pytest

from governance.measures.modes import modes


def test_two_kinds_are_two_modes():
    random = np.random.default_rng(0)
    low, high = modes(np.append(random.normal(60, 18, 600), random.normal(88, 4, 1400)))
    assert (low.mean, low.spread) == (pytest.approx(60, abs=3), pytest.approx(18, rel=0.15))
    assert (high.mean, high.spread, high.share) == (
        pytest.approx(88, abs=0.5), pytest.approx(4, rel=0.1), pytest.approx(0.7, abs=0.05),
    )  # fmt: skip


def test_one_kind_is_one_mode():
    assert len(modes(np.random.default_rng(1).normal(5, 2, 900))) == 1
    assert modes(np.full(50, 3.0)) == [(1.0, 3.0, 0.0)]
