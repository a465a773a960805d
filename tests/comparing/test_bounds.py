"""looser: what allows more, by the meaning of each argument."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.comparing.bounds import Meaning, Opaque, looser

NUMBERS = st.none() | st.integers(-5, 5) | st.floats(-5, 5)


def told(meaning: Meaning, before: Any, after: Any) -> list[bool]:
    """For each difference whether it is unclear."""
    old, new = ({} if value is None else {"x": value} for value in (before, after))
    return [one.unclear for one in looser(old, new, {"x": meaning})]


@pytest.mark.parametrize(
    ("meaning", "before", "after", "expected"),
    [
        ("lower", 0, -1, [False]),
        ("lower", 0, None, [False]),
        ("lower", None, 0, []),
        ("lower", 0, 1, []),
        ("upper", 10, 11, [False]),
        ("upper", 10, 9, []),
        ("upper", 10, "z", [True]),
        ("share", None, 0.9, [False]),
        ("share", 0.9, None, []),
        ("limit", 0.1, 0.2, [False]),
        ("on", True, False, [False]),
        ("on", True, None, [False]),
        ("off", None, True, [False]),
        ("off", True, None, []),
        ("allowed", ["a"], ["a", "b"], [False]),
        ("allowed", ["a", "b"], ["a"], []),
        ("allowed", ["a", "b"], ["b", "a"], []),
        ("forbidden", ["a", "b"], ["a"], [False]),
        ("forbidden", ["a"], ["a", "b"], []),
        ("words", "a", "b", []),
        ("lower", Opaque("LOW"), Opaque("LOW"), []),
        ("lower", Opaque("LOW"), Opaque("LOWER"), [True]),
        ("lower", 0, Opaque("LOW"), [True]),
        ("lower", None, Opaque("LOW"), []),
        ("off", None, Opaque("yes"), [True]),
    ],
)
def test_meanings(meaning: Meaning, before: Any, after: Any, expected: list[bool]) -> None:
    assert told(meaning, before, after) == expected


def test_an_argument_without_a_meaning_must_stay() -> None:
    assert [one.unclear for one in looser({}, {"regex": True}, {})] == [True]


@given(NUMBERS, NUMBERS, st.lists(st.floats(-6, 6), min_size=20, max_size=20))
def test_what_is_not_told_admits_no_more_values(before: float | None, after: float | None, values: list[float]) -> None:
    def admitted(bound: float | None) -> set[float]:
        return {value for value in values if bound is None or value >= bound}

    if not told("lower", before, after):
        assert admitted(after) <= admitted(before)
