import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.measures.trigger_or_rule import may_be_rule


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(4, 80), st.floats(0.02, 0.9))
def test_rows_drawn_from_all_others_are_a_rule_for_all_that_one_can_tell(seed, rows, base):
    random = np.random.default_rng(seed)
    others = np.where(random.random(2000) < base, 0.0, random.random(2000))
    drawn = random.choice(others, rows)
    assert may_be_rule(np.sort(drawn)[: rows // 2 + 1], others, np.ones(rows // 2 + 1))  # its milder half in any case


def test_so_do_nearly_all_draws():
    random = np.random.default_rng(50_000)
    others = np.where(random.random(2000) < 0.5, 0.0, random.random(2000))
    assert sum(may_be_rule(random.choice(others, 20), others, np.ones(20)) for _ in range(500)) >= 488


@pytest.mark.parametrize(("base", "told"), [(0.5, True), (0.03, False)])
def test_rows_of_other_classes_only_are_told_where_the_label_is_not_rare(base, told):
    random = np.random.default_rng(50_001)
    own = random.random(2000) < base
    others = np.where(own, 0.0, 0.9)
    assert may_be_rule(np.full(15, 0.9), others, np.ones(15)) is not told


def test_rows_of_one_group_are_one_witness():
    others = np.where(np.arange(2000) % 2, 0.0, 0.9)
    assert not may_be_rule(np.full(15, 0.9), others, np.ones(15))
    assert may_be_rule(np.full(15, 0.9), others, np.full(15, 1 / 15))
