import numpy as np

from governance.measures.shifted_rows import NOWHERE, by_chance, homes_of_words, sources

COUNTS = [
    {"Junior": 300, "Senior": 200, "Sales": 2, "Spain": 3},
    {"Sales": 250, "IT": 240, "Junior": 3, "France": 1},
    {"Spain": 280, "France": 210, "IT": 2, "Sales": 1},
]


def test_a_word_is_at_home_where_it_stands_far_oftener():
    assert homes_of_words(COUNTS) == [
        {"Sales": [1], "Spain": [2]},
        {"Junior": [0], "France": [2]},
        {"IT": [1], "Sales": [1]},
    ]
    assert homes_of_words([{"yes": 30, "no": 9}, {"yes": 5, "no": 30}]) == [{}, {}]


def test_words_that_went_round_have_each_other_for_sources():
    assert sources([[2], [0], [1]], [True] * 3) == [1, 2, 0]
    assert sources([[], [0], [1]], [True, True, True]) == [1, 2, NOWHERE]
    assert sources([[1, 2], [0], [1]], [True] * 3) == [1, 2, 0]


def test_one_word_and_two_columns_that_hold_each_other_s_are_no_shift():
    assert sources([[1], [0], []], [True, True, False]) is None
    assert sources([[2], [], []], [True, False, True]) is None
    assert sources([[], [0], [1]], [False, True, False]) is None


def test_cells_that_come_one_by_one_meet_by_chance():
    random = np.random.default_rng(0)
    foreign = random.random((2000, 4)) < 0.05
    together = int((foreign.sum(axis=1) >= 2).sum())
    assert by_chance(together, foreign)
    assert not by_chance(3 * together, foreign)
    assert not by_chance(2, np.arange(1000)[:, None] < np.array([2, 2, 2]))
