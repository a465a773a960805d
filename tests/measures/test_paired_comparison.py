"""Comparing two models on the same rows: published values, closed forms, and false alarms by simulation."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from governance.measures.paired_comparison import bonett_price, compare_pairs, sign_flips


def changes(worse: int, better: int, rows: int) -> np.ndarray:
    return np.array([1.0] * worse + [-1.0] * better + [0.0] * (rows - worse - better))


def compared(change: np.ndarray, units: np.ndarray | None = None, shares: bool = True, draws: int = 2000) -> object:
    return compare_pairs(change, units, shares=shares, level=0.05, draws=draws, seed=0)


@pytest.mark.parametrize(("worse", "better"), [(0, 0), (3, 0), (10, 2), (2, 10), (7, 7), (300, 220)])
def test_mcnemar_is_the_binomial_test(worse: int, better: int) -> None:
    from scipy.stats import binomtest

    expected = binomtest(worse, worse + better, 0.5, alternative="greater").pvalue if worse + better else 1.0
    assert compared(changes(worse, better, 1000)).p_worse == pytest.approx(expected, rel=1e-9)


def test_the_interval_is_the_published_one() -> None:
    # Worked from the formula: p12 = 13/102, p21 = 5/102 with Laplace's addition, n + 2 = 102.
    first, second = 13 / 102, 5 / 102
    reach = 1.959964 * math.sqrt((first + second - (first - second) ** 2) / 102)
    assert bonett_price(12, 4, 100) == pytest.approx((first - second - reach, first - second + reach), abs=1e-6)


@settings(max_examples=60, deadline=None)
@given(arrays(np.float64, st.integers(1, 10), elements=st.integers(-20, 20).map(float)))
def test_sign_flips_go_through_all_patterns(sums: np.ndarray) -> None:
    from itertools import product

    moved = sums[sums != 0]
    seen = [float(np.dot(signs, np.abs(moved))) for signs in product((1, -1), repeat=moved.size)]
    expected = np.mean([value >= moved.sum() - 1e-9 for value in seen]) if moved.size else 1.0
    assert sign_flips(sums, 100, 0)[0] == pytest.approx(float(expected), abs=1e-12)


@settings(max_examples=40, deadline=None)
@given(arrays(np.float64, st.integers(20, 60), elements=st.floats(-5, 5, width=16)), st.randoms())
def test_the_order_of_rows_plays_no_part(change: np.ndarray, shuffled: object) -> None:
    order = list(range(change.size))
    shuffled.shuffle(order)  # type: ignore[attr-defined]
    one, other = compared(change, shares=False), compared(change[order], shares=False)
    assert one.p_worse == other.p_worse
    assert one.change == pytest.approx(other.change, abs=1e-12)


def test_draws_agree_with_the_exact_test_and_the_limit() -> None:
    rng = np.random.default_rng(3)
    sums = rng.normal(0.3, 1, 14)
    exact, drawn = sign_flips(sums, 0, 0)[0], sign_flips(np.append(sums, 1e-9), 40_000, 0)[0]
    assert drawn == pytest.approx(exact, abs=0.01)
    many = rng.normal(0.02, 1, 5001)
    assert sign_flips(many, 0, 0)[0] == pytest.approx(sign_flips(many[:5000], 4000, 0)[0], abs=0.03)


@pytest.mark.parametrize("kind", ["shares", "errors", "groups"])
def test_false_alarms_keep_to_the_level(kind: str) -> None:
    rng = np.random.default_rng(1000)
    alarms, runs = 0, 400
    for _ in range(runs):
        if kind == "shares":
            before, after = rng.random(80) < 0.2, rng.random(80) < 0.2
            change, units = after.astype(float) - before, None
        elif kind == "errors":
            change, units = rng.standard_t(3, 60), None
        else:
            units = np.repeat(np.arange(25), 4)
            change = np.repeat(rng.normal(size=25), 4) + rng.normal(size=100)
        alarms += compared(change, units, shares=kind == "shares", draws=500).p_worse < 0.05
    assert alarms / runs < 0.05 + 3 * math.sqrt(0.05 * 0.95 / runs)


def test_groups_taken_for_rows_would_alarm() -> None:
    """Why groups are the units: the same changes, taken as independent rows, are called far too often."""
    rng = np.random.default_rng(1001)
    alarms = 0
    for _ in range(200):
        change = np.repeat(rng.normal(size=20), 10)
        alarms += compared(change, None, shares=False, draws=500).p_worse < 0.05
    assert alarms / 200 > 0.15


@pytest.mark.parametrize(("worse", "better", "rows"), [(0.1, 0.05, 100), (0.02, 0.02, 200), (0.3, 0.1, 60)])
def test_the_interval_covers(worse: float, better: float, rows: int) -> None:
    rng = np.random.default_rng(1002)
    drawn = rng.multinomial(rows, [worse, better, 1 - worse - better], 2000)
    ends = np.array([bonett_price(int(w), int(b), rows) for w, b, _ in drawn])
    covered = ((ends[:, 0] <= worse - better) & (worse - better <= ends[:, 1])).mean()
    assert covered > 0.94


def test_a_noticeable_change_is_noticed() -> None:
    rng = np.random.default_rng(1003)
    rows, share = 400, 0.1
    base = compared(changes(20, 20, rows)).noticeable
    assert 0.02 < base < 0.1
    hits = 0
    for _ in range(300):
        moved = rng.random(rows) < share
        worse = rng.random(rows) < (1 + base / share) / 2
        hits += compared(np.where(moved, np.where(worse, 1.0, -1.0), 0.0)).p_worse < 0.05
    assert 0.7 < hits / 300 < 0.92


def test_nothing_changed() -> None:
    same = compared(np.zeros(50), shares=False)
    assert (same.change, same.p_worse, same.low, same.noticeable) == (0.0, 1.0, None, math.inf)
    with pytest.raises(ValueError, match="no rows"):
        compared(np.zeros(0))
