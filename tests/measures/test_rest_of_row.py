import numpy as np
import pytest

from governance.measures.rest_of_row import CAP, RIDGE, against, discriminant, vote, word_evidence


def blobs(seed=0, rows=400, width=4):
    random = np.random.default_rng(seed)
    label = random.integers(2, size=rows)
    return random.normal(size=(rows, width)) + 1.5 * label[:, None], label, np.arange(rows) % 5


def test_discriminants_tell_classes_apart_out_of_fold():
    matrix, label, fold = blobs()
    evidence = discriminant(matrix, label, 2, fold).evidence(np.arange(400))
    assert (evidence.argmax(axis=1) == label).mean() > 0.9


@pytest.mark.parametrize("classes", [2, 4])  # of four, two are in no row
def test_of_few_rows_the_discriminants_are_the_same(classes):
    matrix, label, fold = blobs(rows=60, width=59)
    wide = np.column_stack([matrix, matrix[:, 0], matrix[:, 1]])  # two columns more than rows, the last two said twice
    found = discriminant(wide, label, classes, fold).weights
    centred = wide - wide.mean(axis=0)
    for number in range(5):
        x, y = centred[fold != number], label[fold != number]
        means = np.array([x[y == one].mean(axis=0) if (y == one).any() else np.zeros(61) for one in range(classes)])
        within = (x - means[y]).T @ (x - means[y]) / (len(x) - classes)
        floor = RIDGE * np.trace(within) / 61
        assert np.allclose(found[number], np.linalg.solve(within + floor * np.eye(61), means.T))


def test_a_row_of_its_own_fold_teaches_nothing():
    matrix, label, fold = blobs()
    changed = label.copy()
    changed[7] = 1 - changed[7]
    rows = np.flatnonzero(fold == fold[7])
    before = discriminant(matrix, label, 2, fold).evidence(rows)
    after = discriminant(matrix, changed, 2, fold).evidence(rows)
    assert np.allclose(before, after)


def test_evidence_without_features_is_the_sum_of_the_others():
    matrix, label, fold = blobs()
    model = discriminant(matrix, label, 2, fold)
    rows = np.arange(400)
    parts = [model.evidence(rows, np.array([column for column in range(4) if column != kept])) for kept in range(4)]
    assert np.allclose(sum(parts), model.evidence(rows))
    assert np.allclose(model.evidence(rows, np.arange(4)), 0)


def test_a_planted_feature_is_learnt_and_can_be_taken_out():
    matrix, label, fold = blobs()
    poisoned = np.flatnonzero(label == 0)[:20]
    matrix[poisoned, 3], label[poisoned] = 40.0, 1
    model = discriminant(matrix, label, 2, fold)
    with_it = against(model.evidence(poisoned), label[poisoned])
    without = against(model.evidence(poisoned, np.array([3])), label[poisoned])
    assert with_it.mean() < 0.1  # the model learnt it: nothing is suspicious
    assert without.mean() > 0.2


def test_word_evidence_is_a_log_ratio_of_smoothed_rates():
    # Word 0 in both texts of class 0 that are learnt from, and in none of class 1.
    row, token = np.array([0, 1, 2, 3, 4, 5]), np.array([0, 0, 1, 1, 0, 1])
    label, fold = np.array([0, 0, 1, 1, 0, 1]), np.array([1, 1, 1, 1, 0, 0])
    model = word_evidence(row, token, 2, label, 2, fold)
    overall = (2 + 0.5) / (4 + 1)
    expected = [np.log((2 + overall) / (2 + 1) / overall), np.log((0 + overall) / (2 + 1) / overall)]
    assert model.evidence(np.array([4]))[0] == pytest.approx(expected)
    assert model.evidence(np.array([4]), np.array([0]))[0] == pytest.approx([0, 0])


def test_votes_follow_neighbours_and_silent_ones_do_not_count():
    label, frequency = np.array([0, 0, 1, -1]), np.array([0.5, 0.5])
    both = vote(np.array([[0, 1]]), label, frequency)
    assert both[0] == pytest.approx(np.log([(2 + 1) / (4 * 0.5), (0 + 1) / (4 * 0.5)]))
    assert vote(np.array([[3, 3]]), label, frequency)[0] == pytest.approx([0, 0])


def test_against_is_capped_and_zero_when_the_label_is_likeliest():
    evidence = np.array([[2.0, 0.0, 1.0], [0.0, 3.0, 0.0], [0.0, 100.0, 0.0]])
    assert against(evidence, np.array([0, 0, 0])).tolist() == pytest.approx([0.0, 3.0 / CAP, 1.0])
