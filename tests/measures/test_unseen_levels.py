from __future__ import annotations

import numpy as np
import pytest

from governance.measures.unseen_levels import FEWEST, unseen_levels_p_value

OLD = np.array([500.0, 300.0, 200.0, 0.0])


def second(unseen: int) -> np.ndarray:
    return np.array([500.0 - unseen, 300.0, 200.0, unseen])


@pytest.mark.parametrize("rows", [5, 7, 12])
def test_no_share_of_a_level_makes_what_was_seen_likelier_than_it_says(rows: int) -> None:
    random = np.random.default_rng(1)
    bound = unseen_levels_p_value(OLD, second(rows))
    for share in np.arange(1, 16) / 1000:
        first, other = random.binomial(1000, share, 200_000), random.binomial(1000, share, 200_000)
        seen = ((first == 0) & (other >= rows)).mean()
        assert seen <= bound + 4 * np.sqrt(bound / 200_000)


def test_it_says_more_than_fishers_test_and_the_more_the_more_rows() -> None:
    found = [unseen_levels_p_value(OLD, second(rows)) for rows in range(FEWEST, 20)]
    assert found == sorted(found, reverse=True)
    assert all(p < 0.5**rows / 1.5 for p, rows in zip(found, range(FEWEST, 20), strict=True))


def test_nothing_follows_where_rare_levels_are_usual_or_hardly_a_row_is_new() -> None:
    assert unseen_levels_p_value(np.array([980.0, 14.0, 6.0, 0.0]), np.array([980.0, 7.0, 6.0, 7.0])) == 1.0
    assert unseen_levels_p_value(OLD, second(FEWEST - 1)) == 1.0
    assert unseen_levels_p_value(OLD, second(0)) == 1.0
