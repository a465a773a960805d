import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.adapters.faiss import nearest
from governance.measures.near_duplicates import intrinsic_dimension, jaccard, letter_runs, near_pairs


def graph(matrix, k=10):
    found = nearest(matrix.astype(np.float32), k, np.arange(len(matrix)))
    return found.index, found.distance


def mixed(rows, seed):
    generator = np.random.default_rng(seed)
    levels = np.eye(4)[generator.integers(0, 4, (rows, 2))].reshape(rows, -1)
    return np.hstack([generator.normal(size=(rows, 5)), levels])


def correlated(rows, seed):
    generator = np.random.default_rng(seed)
    return generator.normal(size=(rows, 6)) @ generator.normal(size=(6, 20)) + generator.normal(0, 0.3, (rows, 20))


def clusters(rows, seed):
    generator = np.random.default_rng(seed)
    return generator.normal(0, 5, (8, 12))[generator.integers(0, 8, rows)] + generator.normal(size=(rows, 12))


def few(rows, seed):
    return np.random.default_rng(seed).normal(size=(rows, 2))


SHAPES = [mixed, correlated, clusters]


@pytest.mark.parametrize("shape", [*SHAPES, few])
def test_clean_data_hardly_ever_gives_a_pair(shape):
    pairs = [near_pairs(*graph(shape(600, seed))).first.size for seed in range(10)]
    assert sum(pairs) <= 2, pairs


@pytest.mark.parametrize("shape", SHAPES)
def test_planted_near_copies_are_found(shape):
    matrix = shape(600, 1)
    generator = np.random.default_rng(2)
    copied = generator.choice(600, 12, replace=False)
    noise = generator.normal(size=(12, matrix.shape[1])) * matrix.std(axis=0) * 0.01
    found = near_pairs(*graph(np.vstack([matrix, matrix[copied] + noise])))
    assert set(zip(found.first.tolist(), found.second.tolist(), strict=True)) >= {
        (int(original), 600 + number) for number, original in enumerate(copied)
    }
    assert found.first.size <= 13
    assert not found.blind
    assert ((found.score >= 0.5) & (found.score <= 1)).all()


@pytest.mark.parametrize("noise", [0.01, 0.02])
def test_many_copies_do_not_make_directions_look_few(noise):
    for seed in range(3):
        generator = np.random.default_rng(seed)
        people = np.repeat(generator.normal(size=(600, 8)), 3, axis=0)
        matrix = 0.9 * people + generator.normal(0, 0.5, (1800, 8))
        copies = matrix[:350] + generator.normal(0, noise, (350, 8))
        found = near_pairs(*graph(np.vstack([matrix, copies])))
        assert not found.blind
        assert found.dimension > 5.5
        assert set(zip(found.first.tolist(), found.second.tolist(), strict=True)) == {
            (row, 1800 + row) for row in range(350)
        }


@pytest.mark.parametrize("rows", [300, 1500])
def test_close_neighbours_that_do_not_stand_apart_leave_the_directions_as_they_are(rows):
    for seed in range(900, 906):  # one number within each combination of three categories: a line
        generator = np.random.default_rng(seed)
        levels = np.eye(6)[generator.integers(0, 6, (rows, 3))].reshape(rows, -1)
        index, distance = graph(np.hstack([generator.normal(size=(rows, 1)), levels]))
        lowered = intrinsic_dimension(distance) * (1 - 2 / np.sqrt(rows))
        assert near_pairs(index, distance).dimension == pytest.approx(lowered)


def test_data_of_few_directions_says_that_it_cannot_tell():
    assert near_pairs(*graph(few(2000, 0))).blind


def test_all_rows_alike_gives_nothing_and_says_so():
    found = near_pairs(np.tile(np.arange(1, 11), (20, 1)), np.zeros((20, 10)))
    assert found.blind
    assert found.first.size == 0


def test_two_neighbours_are_too_few():
    assert near_pairs(np.array([[1, 2]] * 3), np.ones((3, 2))).blind


@pytest.mark.parametrize("dimension", [1, 2, 5, 10])
def test_the_dimension_of_gaussian_data_is_about_right(dimension):
    matrix = np.random.default_rng(0).normal(size=(3000, dimension))
    assert intrinsic_dimension(graph(matrix)[1]) == pytest.approx(dimension, rel=0.15)


def test_a_stricter_setting_finds_fewer():
    matrix = correlated(500, 0)
    near = np.vstack([matrix, matrix[:20] + np.random.default_rng(1).normal(0, 0.15, (20, 20))])
    loose, strict = near_pairs(*graph(near), closeness=0.5), near_pairs(*graph(near), closeness=0.05)
    assert loose.first.size > strict.first.size


words = st.lists(st.sampled_from(["red", "green", "blue", "oak", "elm"]), max_size=12).map(" ".join)


@settings(max_examples=50)
@given(words, words)
def test_jaccard_is_a_symmetric_share(first, second):
    a, b = letter_runs(first), letter_runs(second)
    assert jaccard(a, b) == jaccard(b, a)
    assert 0 <= jaccard(a, b) <= 1
    assert jaccard(a, a) == (1 if a else 0)


def test_runs_of_letters_ignore_case_and_punctuation():
    assert letter_runs("Oak, St.") == {"oak", "aks", "kst"}
    assert letter_runs("Oa") == {"oa"}
    assert letter_runs(" ... ") == frozenset()


def test_rows_that_lack_most_columns_are_no_nearer_than_others_of_their_kind():
    """A filled gap is one value, so that rows which lack eight of twelve columns lie in four directions alone."""
    named = [0, 0]
    for seed in range(6):
        rng = np.random.default_rng(seed)
        matrix = (0.6 * rng.normal(size=(900, 1)) + 0.8 * rng.normal(size=(900, 12))).round(2)
        lacking = rng.random(900) < 0.3
        matrix[np.ix_(lacking, np.arange(4, 12))] = 0.0
        near = graph(np.column_stack([matrix, lacking]))
        for at, kind in enumerate((None, lacking.astype(np.int64))):
            named[at] += near_pairs(*near, kind=kind).first.size
    assert named[0] > 0
    assert named[1] == 0


def test_near_copies_are_found_in_rows_of_either_kind():
    rng = np.random.default_rng(5)
    matrix = rng.normal(size=(900, 12))
    lacking = np.arange(900) % 3 == 0
    matrix[np.ix_(lacking, np.arange(6, 12))] = 0.0
    copies = np.where(matrix[:30] == 0, 0.0, matrix[:30] + rng.normal(0, 0.005, (30, 12)))
    kind = np.append(lacking, lacking[:30]).astype(np.int64)
    found = near_pairs(*graph(np.column_stack([np.vstack([matrix, copies]), kind])), kind=kind)
    pairs = set(zip(found.first.tolist(), found.second.tolist(), strict=True))
    assert len(pairs & {(row, 900 + row) for row in range(30)}) >= 28
    assert len(pairs) <= 31
