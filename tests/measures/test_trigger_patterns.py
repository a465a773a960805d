from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.measures.trigger_patches import patches
from governance.measures.trigger_phrases import phrases, tokenise
from governance.measures.trigger_values import common_values
from governance.measures.trigger_views import image_view


def sets(patterns):
    return {frozenset(patterns.of(number).tolist()) for number in range(patterns.size)}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=6), min_size=3, max_size=12))
def test_phrases_are_those_that_enough_texts_hold(texts):
    found = phrases(tokenise([" ".join(words) for words in texts]), least=2, most=5)
    expected = set()
    for length in (1, 2, 3):
        held: dict[tuple[str, ...], set[int]] = {}
        for row, words in enumerate(texts):
            for start in range(len(words) - length + 1):
                held.setdefault(tuple(words[start : start + length]), set()).add(row)
        expected |= {frozenset(rows) for rows in held.values() if 2 <= len(rows) <= 5}
    assert sets(found) == expected


def test_tokens_do_not_hang_on_the_order_of_rows():
    forward, backward = tokenise(["b a", "c"]), tokenise(["c", "b a"])
    assert forward.words == backward.words == ("a", "b", "c")
    assert forward.token.tolist() == [1, 0, 2]


def test_invisible_signs_and_marks_are_tokens():
    assert "\u200b" in tokenise(["pay\u200bme"]).words
    assert "###" in tokenise(["pay ### me"]).words


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_values_and_pairs_are_those_that_enough_rows_hold(seed):
    codes = np.random.default_rng(seed).integers(-1, 3, size=(30, 3))
    found = common_values(codes, least=3, most=12)
    single = {
        (column, value): set(np.flatnonzero(codes[:, column] == value).tolist())
        for column in range(3)
        for value in range(-1, 3)
    }
    expected = {frozenset(rows) for rows in single.values() if 3 <= len(rows) <= 12}
    for (one, first), (other, second) in combinations(sorted(single), 2):
        both = single[one, first] & single[other, second]
        alone = min(len(single[one, first]), len(single[other, second]))
        if one != other and 3 <= len(both) <= 12 and alone > 3 and 1.5 * len(both) <= alone:
            expected.add(frozenset(both))
    assert sets(found) == expected


def test_a_patch_is_found_whatever_stands_around_it_and_near_a_step():
    random = np.random.default_rng(0)
    images = random.random((60, 6, 6, 1))
    rows = [3, 8, 21, 40, 55]
    images[rows, 2:4, 2:4, 0] = 0.5 + random.uniform(-0.004, 0.004, (5, 1, 1))
    found = patches(images, least=4, most=10)
    hit = [number for number in range(found.size) if found.of(number).tolist() == rows]
    assert hit
    assert any(set(found.features[number].tolist()) - {-1} <= {14, 15, 20, 21} for number in hit)


def test_a_patch_in_one_channel_is_found_whatever_the_others_hold():
    random = np.random.default_rng(3)
    images = random.random((300, 6, 6, 3))
    rows = [3, 8, 21, 40, 55, 199, 250]
    images[rows, 3:, 3:, 1] = 1.0
    view = image_view(images, np.arange(300) % 2, 2, np.arange(300) % 5, least=4, most=30)
    found = view.patterns
    hit = [number for number in range(found.size) if found.of(number).tolist() == rows]
    patch = {21, 22, 23, 27, 28, 29, 33, 34, 35}
    assert hit
    for number in hit:
        own = found.features[number]
        assert set(own.tolist()) - {-1} <= patch
        assert set(view.closure(np.array(rows), own[own >= 0]).tolist()) == patch


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 3))
def test_patches_are_the_squares_that_enough_images_share(seed, channels):
    levels = np.random.default_rng(seed).integers(0, 2, size=(14, 2, 3, channels)) * 0.9
    found = patches(levels, least=2, most=9)
    expected = set()
    for side in (1, 2):
        for top in range(2 - side + 1):
            for left in range(3 - side + 1):
                square = levels[:, top : top + side, left : left + side]
                seen = [square, *([square[..., [c]] for c in range(channels)] if side > 1 else [])]
                for one in seen:
                    _, code = np.unique(one.reshape(14, -1), axis=0, return_inverse=True)
                    expected |= {frozenset(np.flatnonzero(code.ravel() == c).tolist()) for c in range(code.max() + 1)}
    assert sets(found) == {rows for rows in expected if 2 <= len(rows) <= 9}


def test_a_value_that_more_rows_hold_than_those_beside_it_stands_out():
    random = np.random.default_rng(1)
    codes = np.stack([random.permutation(np.repeat(np.arange(60), 4)), random.integers(0, 3, 240)], axis=1)
    codes[np.flatnonzero(codes[:, 0] == 30)[0]] = codes[np.flatnonzero(codes[:, 0] == 31)[0]]
    codes[:14, 0] = 30
    found = common_values(codes, least=3, most=20, pairs=False)
    usual = found.chance[(found.features[:, 0] == 0) & (found.values[:, 0] != 30)]
    assert found.chance[(found.features[:, 0] == 0) & (found.values[:, 0] == 30)].item() < 1e-3
    assert (usual > 0.01).all()


def test_a_pair_that_more_rows_hold_than_its_values_alone_make_expect_stands_out():
    codes = np.random.default_rng(2).integers(0, 12, (1200, 2))
    codes[:30] = [3, 5]
    codes[30:40, 0], codes[40:50, 1] = 3, 5
    found = common_values(codes, least=4, most=120)
    pairs = {tuple(values): chance for values, chance in zip(found.values.tolist(), found.chance, strict=True)}
    assert pairs[3, 5] < 1e-5
    assert np.mean([chance < 1e-2 for pair, chance in pairs.items() if pair != (3, 5) and -1 not in pair]) < 0.05


def test_of_patterns_with_the_same_rows_the_first_is_kept():
    codes = np.array([[0, 5, 0], [0, 5, 1], [0, 5, 0], [1, 6, 1], [1, 7, 1], [1, 7, 0], [1, 7, 0]] * 3)
    found = common_values(codes, least=3, most=20, pairs=False)
    sets = [tuple(found.of(number).tolist()) for number in range(found.size)]
    assert len(sets) == len(set(sets))
    every = {tuple(np.flatnonzero(codes[:, column] == value)) for column in range(3) for value in set(codes[:, column])}
    assert set(sets) == every
    assert found.features[sets.index(tuple(np.flatnonzero(codes[:, 0] == 0))), 0] == 0  # not column 1, which agrees
