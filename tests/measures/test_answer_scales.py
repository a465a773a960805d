from hypothesis import given
from hypothesis import strategies as st

from governance.measures.answer_scales import LEAST_QUESTIONS, MOST_LEVELS, answer_scales

FIVE = frozenset(range(1, 6))


def test_columns_of_the_same_levels_are_one_scale_though_an_extreme_answer_is_missing():
    levels = {f"q{n}": FIVE for n in range(6)} | {"q9": frozenset({2, 3, 4}), "age": frozenset(range(80))}
    assert answer_scales(levels) == [("q0", "q1", "q2", "q3", "q4", "q5", "q9")]


def test_few_columns_and_many_levels_are_no_scale():
    assert answer_scales({f"q{n}": FIVE for n in range(LEAST_QUESTIONS - 1)}) == []
    assert answer_scales({f"q{n}": frozenset(range(MOST_LEVELS + 1)) for n in range(9)}) == []
    assert answer_scales({f"q{n}": frozenset({1}) for n in range(9)}) == []


def test_yes_or_no_is_another_scale_than_marks():
    levels = {f"m{n}": FIVE for n in range(5)} | {f"y{n}": frozenset({0, 1}) for n in range(5)}
    assert answer_scales(levels) == [tuple(f"m{n}" for n in range(5)), tuple(f"y{n}" for n in range(5))]


@given(st.dictionaries(st.text(max_size=3), st.frozensets(st.integers(0, 14), max_size=14), max_size=12))
def test_no_column_stands_in_two_scales_and_all_levels_are_of_the_widest(levels):
    scales = answer_scales(levels)
    named = [name for scale in scales for name in scale]
    assert len(named) == len(set(named))
    for scale in scales:
        widest = max((levels[name] for name in scale), key=len)
        assert all(levels[name] <= widest for name in scale)
