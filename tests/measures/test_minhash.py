import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.measures.minhash import (
    LARGEST_BUCKET,
    LETTERS,
    TIER,
    jaccard_of,
    runs_of,
    shared_runs,
)
from governance.measures.similar_texts import similar_texts
from governance.measures.words import plain


def truth(first, second):
    a, b = (
        {padded[i : i + LETTERS] for i in range(max(len(padded) - LETTERS + 1, 1))}
        for padded in (f" {first} ", f" {second} ")
    )
    return len(a & b) / len(a | b)


texts = st.lists(st.text(alphabet="abc ", min_size=1, max_size=30).map(plain).filter(bool), min_size=2, max_size=6)


@settings(max_examples=60)
@given(texts)
def test_the_overlap_is_that_of_the_sets_of_runs(listed):
    runs = runs_of(listed)
    first, second = np.triu_indices(len(listed), 1)
    expected = [truth(listed[i], listed[j]) for i, j in zip(first, second, strict=True)]
    assert jaccard_of(runs, first, second) == pytest.approx(expected)
    assert (shared_runs(runs, first, first) == runs.sizes[first]).all()


def test_case_punctuation_and_spacing_make_no_difference():
    first, second, overlap = similar_texts(["Oak,  elm and ash!", "nothing alike here", "oak elm AND ash"])
    assert (first.tolist(), second.tolist(), overlap.tolist()) == ([0], [2], [1.0])


def test_empty_texts_resemble_nothing():
    assert similar_texts(["", "...", "", " "])[0].size == 0


def test_nothing_at_all():
    assert similar_texts([])[0].size == 0


def words(rng, count):
    return " ".join("".join(rng.choice(list("abcdefghij"), 6)) for _ in range(count))


@pytest.mark.parametrize("length", [12, 60, 300])
def test_copies_with_a_twentieth_of_their_words_changed_are_found_and_nothing_else(length):
    rng = np.random.default_rng(5)
    made = [words(rng, length) for _ in range(150)]
    copies = []
    for text in made[:60]:
        listed = text.split()
        for place in rng.choice(length, max(1, length // 20), replace=False):
            listed[place] = words(rng, 1)
        copies.append(" ".join(listed))
    first, second, overlap = similar_texts(made + copies)
    assert set(zip(first.tolist(), second.tolist(), strict=True)) == {(row, 150 + row) for row in range(60)}
    assert overlap.min() >= 0.7


def test_a_long_text_is_compared_on_a_share_of_its_runs_whatever_its_length():
    rng = np.random.default_rng(0)
    for size in (TIER * 2 - 10, TIER * 2 + 10, TIER * 5):
        text = words(rng, size // 7)
        longer = f"{text} {words(rng, size // 40)}"
        overlap = similar_texts([text, words(rng, size // 7), longer])[2]
        assert overlap == pytest.approx([truth(text, longer)], abs=0.08)


def test_a_large_set_of_copies_is_held_together_without_all_its_pairs():
    base = words(np.random.default_rng(1), 40)
    made = [f"{base} {number:03d}" for number in range(LARGEST_BUCKET * 4)]
    first, second, _ = similar_texts(made)
    assert first.size < len(made) * (len(made) - 1) / 2
    root = list(range(len(made)))
    for one, other in zip(first.tolist(), second.tolist(), strict=True):
        low = min(root[one], root[other])
        root = [low if r in {root[one], root[other]} else r for r in root]
    assert set(root) == {0}


def test_a_higher_bound_finds_a_part_of_what_a_lower_one_finds():
    rng = np.random.default_rng(2)
    made = [words(rng, 20) for _ in range(50)]
    made += [f"{text} {words(rng, number % 8)}" for number, text in enumerate(made)]
    loose, strict = (set(zip(*map(list, similar_texts(made, overlap=o)[:2]), strict=True)) for o in (0.7, 0.9))
    assert strict < loose
