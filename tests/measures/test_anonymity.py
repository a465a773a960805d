from __future__ import annotations

import math
from collections import Counter, defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.measures.anonymity import class_sizes, classes_of, k_anonymity, l_diversity, worst_combinations


def codes(*values):
    return np.unique(list(values), return_inverse=True)[1].astype(np.int64)


# Figure 2 of L. Sweeney, 2002: k = 2 over race, birth, gender and ZIP.
SWEENEY = [
    ("Black", "1965", "m", "0214*", "short breath"), ("Black", "1965", "m", "0214*", "chest pain"), ("Black", "1965", "f", "0213*", "hypertension"),
    ("Black", "1965", "f", "0213*", "hypertension"), ("Black", "1964", "f", "0213*", "obesity"), ("Black", "1964", "f", "0213*", "chest pain"),
    ("White", "1964", "m", "0213*", "chest pain"), ("White", "1964", "m", "0213*", "obesity"), ("White", "1964", "m", "0213*", "short breath"),
    ("White", "1967", "m", "0213*", "chest pain"), ("White", "1967", "m", "0213*", "chest pain"),
]  # fmt: skip

# Figures 2 and 3 of A. Machanavajjhala et al., 2007: 4-anonymous, and 3-diverse.
CONDITIONS = [
    "heart",
    "heart",
    "viral",
    "viral",
    "cancer",
    "heart",
    "viral",
    "viral",
    "cancer",
    "cancer",
    "cancer",
    "cancer",
]
FOUR_ANONYMOUS = [("130**", "<30")] * 4 + [("1485*", ">=40")] * 4 + [("130**", "3*")] * 4
THREE_DIVERSE = [("1305*", "<=40"), ("1305*", "<=40"), ("1305*", "<=40"), ("1305*", "<=40"), ("1485*", ">40"), ("1485*", ">40"), ("1485*", ">40"),
                 ("1485*", ">40"), ("1306*", "<=40"), ("1306*", "<=40"), ("1306*", "<=40"), ("1306*", "<=40")]  # fmt: skip
DIVERSE_CONDITIONS = [
    "heart",
    "viral",
    "cancer",
    "cancer",
    "cancer",
    "heart",
    "viral",
    "viral",
    "heart",
    "viral",
    "cancer",
    "cancer",
]


def test_k_of_sweeneys_table_is_two():
    columns = [codes(*column) for column in zip(*SWEENEY, strict=True)]
    found = k_anonymity(columns[:4])
    assert (found.k, found.classes, found.unique, found.rows) == (2, 5, 0, 11)


def test_l_of_sweeneys_table_is_one_as_two_classes_share_their_problem():
    columns = [codes(*column) for column in zip(*SWEENEY, strict=True)]
    found = l_diversity(classes_of(columns[:4]), columns[4])
    assert (found.distinct, found.disclosed) == (1, 4)


def test_the_four_anonymous_table_discloses_a_class_and_the_three_diverse_does_not():
    quasi = [codes(*column) for column in zip(*FOUR_ANONYMOUS, strict=True)]
    assert k_anonymity(quasi).k == 4
    found = l_diversity(classes_of(quasi), codes(*CONDITIONS))
    assert (found.distinct, found.entropy, found.disclosed, found.rows) == (1, 1.0, 4, 12)
    quasi = [codes(*column) for column in zip(*THREE_DIVERSE, strict=True)]
    assert k_anonymity(quasi).k == 4
    found = l_diversity(classes_of(quasi), codes(*DIVERSE_CONDITIONS))
    assert (found.distinct, found.disclosed) == (3, 0)
    # Two values once and one twice among four: entropy of (1/4, 1/4, 1/2).
    assert math.isclose(found.entropy, math.exp(0.5 * math.log(4) + 0.5 * math.log(2)))


def test_rows_of_one_person_do_not_hide_her():
    column = codes("a", "a", "a", "b", "b")
    assert k_anonymity([column]).k == 2
    found = k_anonymity([column], people=codes(1, 1, 1, 2, 3))
    assert (found.k, found.unique, found.rows) == (1, 1, 3)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2), st.integers(0, 9)), min_size=1, max_size=60))
def test_people_in_several_classes_are_counted_once(rows):
    first, second, people = (np.array(column, dtype=np.int64) for column in zip(*rows, strict=True))
    members = defaultdict(set)
    for a, b, person in rows:
        members[a, b].add(person)
    found = k_anonymity([first, second], least=3, people=people)
    assert found.rows == len(set(people.tolist()))
    assert found.k == min(map(len, members.values()))
    assert found.unique == len(set().union(*(one for one in members.values() if len(one) == 1)))
    assert found.below == len(set().union(*(one for one in members.values() if len(one) < 3)))


def test_rows_of_one_person_give_nothing_of_another_away():
    classes, values = np.array([0, 0, 0, 1, 1, 1]), np.array([1, 1, 1, 2, 2, 2])
    found = l_diversity(classes, values, people=np.array([1, 1, 1, 2, 3, 3]))
    assert (found.disclosed, found.rows) == (2, 2)


def test_a_missing_attribute_is_not_given_away():
    classes, values = np.array([0, 0, 1, 1, 2, 2]), np.array([0, 0, 1, 1, 0, 1])
    found = l_diversity(classes, values, missing=0)
    assert (found.distinct, found.disclosed, found.rows) == (1, 2, 6)
    found = l_diversity(np.array([0, 0, 1, 1]), np.array([0, 0, 1, 2]), missing=0)
    assert (found.distinct, found.disclosed) == (2, 0)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 2)), min_size=1, max_size=60))
def test_k_and_unique_are_what_counting_says(rows):
    columns = [np.array(column, dtype=np.int64) for column in zip(*rows, strict=True)]
    counts = Counter(rows)
    found = k_anonymity(columns, least=3)
    assert found.k == min(counts.values())
    assert found.unique == sum(count == 1 for count in counts.values())
    assert found.below == sum(count for count in counts.values() if count < 3)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 2)), min_size=1, max_size=60))
def test_the_worst_combination_is_the_worst(rows):
    columns = [np.array(column, dtype=np.int64) for column in zip(*rows, strict=True)]
    listed, counted = worst_combinations(columns, most=3, least=3)
    assert counted == 7
    whole = k_anonymity(columns, least=3)
    if whole.below:
        assert listed[0].anonymity.unique == whole.unique
    assert all(c.anonymity == k_anonymity([columns[i] for i in c.columns], 3) for c in listed)


def test_sizes_of_classes_are_those_that_k_is_of():
    columns = [codes(*column) for column in zip(*SWEENEY, strict=True)][:4]
    sizes = class_sizes(columns)
    assert sizes.size == len(SWEENEY)
    assert sizes.min() == k_anonymity(columns).k
    assert (1 / sizes).sum() == pytest.approx(k_anonymity(columns).classes)
    assert set(class_sizes(columns, np.zeros(len(SWEENEY), dtype=np.int64))) == {1}
    assert class_sizes([np.zeros(0, dtype=np.int64)]).size == 0
