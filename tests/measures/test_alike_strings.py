"""Two strings that are alike say as much as it is rare that two of their column are."""

import numpy as np
import pytest

from governance.measures.alike_strings import UsualLikeness, alike_beyond_chance, likeness

ROWS = 600
SYLLABLES = ("bar", "do", "fen", "gri", "ho", "jul", "ka", "lem", "mo", "nis", "pra", "ro", "sel", "tur", "vin", "wes")


def codes(rng):
    return [f"zi{number:03d}" for number in rng.integers(0, 300, ROWS).tolist()]


def names(rng):
    return ["".join(rng.choice(SYLLABLES, 4)) + " " + "".join(rng.choice(SYLLABLES, 3)) for _ in range(ROWS)]


def pairs_of(count):
    rows = np.arange(ROWS)
    return rows[:count], rows[count : 2 * count]


def mistyped(values, count):
    """The strings of the second rows of `pairs_of` are those of the first, the last letter another one."""
    made = list(values)
    made[count : 2 * count] = [value[:-1] + ("x" if value[-1] != "x" else "y") for value in values[:count]]
    return made


def kept(column, count):
    return alike_beyond_chance([column], pairs_of(count), (), 0.02)


@pytest.mark.parametrize("count", [40, 250])
def test_codes_that_begin_alike_are_two_codes(count):
    column = codes(np.random.default_rng(count))
    first, second = pairs_of(count)
    equal = np.array([column[a] == column[b] for a, b in zip(first.tolist(), second.tolist(), strict=True)])
    assert (likeness(column, (first, second)) >= 0.5).sum() > equal.sum()
    assert (kept(column, count) == equal).all()


@pytest.mark.parametrize("count", [1, 40])
def test_a_mistyped_name_is_the_name_and_another_is_not(count):
    column = names(np.random.default_rng(count))
    assert not kept(column, count).any()
    assert kept(mistyped(column, count), count).all()


def test_mistyped_codes_are_told_where_nothing_else_is_among_the_pairs():
    column = mistyped(codes(np.random.default_rng(0)), 60)
    assert not kept(column, 3).any()
    assert kept(column, 60).all()


def test_what_near_rows_have_alike_by_nature_says_little():
    rng = np.random.default_rng(1)
    column = names(rng)
    town = rng.integers(0, 200, ROWS)
    column = [
        f"{column[place]}{letter}" for place, letter in zip(town, rng.choice(list("abcdefgh"), ROWS), strict=True)
    ]
    first, second = np.nonzero(np.triu(town[:, None] == town, 1))
    asked = likeness(column, (first, second))
    near = first, second
    assert UsualLikeness(column).share(asked[:1])[0] < 0.02
    assert UsualLikeness(column, near).share(asked[:1])[0] > 0.2
    differ = np.array([column[a] != column[b] for a, b in zip(first, second, strict=True)])
    assert alike_beyond_chance([column], near, (), 0.02)[differ].any()
    assert not alike_beyond_chance([column], near, [near], 0.02)[differ].any()


def test_a_missing_string_is_like_none_and_one_of_no_letters_is_like_itself():
    column = ["Oak Street 5", "oak street 5a", None, "--", "..", "Elm Road", ""]
    told = likeness(column, (np.array([0, 0, 3, 0, 3, 2]), np.array([1, 2, 3, 5, 4, 2])))
    assert told[[0, 2]] == pytest.approx([1 - 2 / 11, 1.0], abs=0.08)
    assert np.isnan(told[[1, 5]]).all()
    assert told[3] < 0.5
    assert not alike_beyond_chance([column], (np.array([0]), np.array([2])), (), 0.02).any()


def test_it_hangs_on_no_order_of_pairs_and_finds_none_among_none():
    rng = np.random.default_rng(2)
    column = mistyped(names(rng), 50)
    first, second = rng.integers(0, ROWS, 300), rng.integers(0, ROWS, 300)
    first[:50], second[:50] = pairs_of(50)
    order = rng.permutation(300)
    told = alike_beyond_chance([column], (first, second), (), 0.02)
    assert (alike_beyond_chance([column], (first[order], second[order]), (), 0.02) == told[order]).all()
    assert alike_beyond_chance([column], (first[:0], second[:0]), (), 0.02).size == 0
    assert alike_beyond_chance([], (first, second), (), 0.02).all()
