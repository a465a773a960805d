import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.measures.group_numbers import group_numbers


@pytest.mark.parametrize(
    ("groups", "numbers"),
    [
        (["b", "a", "b", "c"], [0, 1, 0, 2]),
        ([2, None, 1, None, 2], [0, 1, 2, 3, 0]),
        ([1.5, float("nan"), 1.5, float("nan")], [0, 1, 0, 1]),
        ([None, None], [0, 1]),
        ([], []),
    ],
)
def test_groups_are_numbered_as_they_appear_and_missing_ones_are_on_their_own(groups, numbers):
    assert group_numbers(pl.Series(groups, strict=False)).tolist() == numbers


@given(st.lists(st.one_of(st.none(), st.integers(0, 4))))
def test_rows_share_a_number_exactly_when_they_share_a_group(groups):
    found = group_numbers(pl.Series(groups, dtype=pl.Int64)).tolist()
    assert sorted(set(found)) == list(range(len(set(found))))
    for at, one in enumerate(groups):
        for other in range(at):
            assert (found[at] == found[other]) == (one is not None and one == groups[other])
