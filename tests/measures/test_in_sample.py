"""memorised: who agrees with labels that nothing explains has seen them."""

from __future__ import annotations

import numpy as np
import pytest

from governance.measures.in_sample import LEAST_ODD, memorised


def world(rows: int = 400, wrong: int = 40, seed: int = 1000):
    """Two blobs whose first `wrong` labels were swapped; a reference and neighbours that know the blobs."""
    draw = np.random.default_rng(seed)
    truth = np.arange(rows) % 2
    label = truth.copy()
    label[:wrong] = 1 - label[:wrong]
    reference = np.where(np.eye(2)[truth] == 1, 0.9, 0.1)
    same = [draw.choice(np.flatnonzero((truth == truth[row]) & (np.arange(rows) >= wrong)), 10) for row in range(rows)]
    return truth, label, reference, np.array(same)


def test_predictions_that_saw_the_labels_are_suspected() -> None:
    _, label, reference, near = world()
    found = memorised(label, np.eye(2)[label], reference, near)
    assert (found.odd, found.agreed, found.share, found.suspected) == (40, 40, 1.0, True)


def test_predictions_of_the_truth_are_not() -> None:
    truth, label, reference, near = world()
    found = memorised(label, np.eye(2)[truth], reference, near)
    assert (found.odd, found.agreed, found.suspected) == (40, 0, False)


def test_half_remembered_is_suspected_by_the_lower_end() -> None:
    truth, label, reference, near = world()
    for agreeing, suspected in ((16, False), (22, False), (32, True)):
        predicted = truth.copy()
        predicted[:agreeing] = label[:agreeing]
        assert memorised(label, np.eye(2)[predicted], reference, near).suspected is suspected


def test_too_few_odd_labels_cannot_tell() -> None:
    _, label, reference, near = world(wrong=LEAST_ODD - 1)
    found = memorised(label, np.eye(2)[label], reference, near)
    assert (found.odd, found.share, found.suspected) == (LEAST_ODD - 1, None, False)


def test_a_label_that_only_one_of_both_contradicts_is_not_odd() -> None:
    truth, label, reference, near = world()
    assert memorised(label, np.eye(2)[label], np.where(np.eye(2)[label] == 1, 0.9, 0.1), near).odd == 0
    agreeing = np.array([np.flatnonzero(label == one)[:10] for one in label])
    assert memorised(label, np.eye(2)[truth], reference, agreeing).odd == 0


def test_shapes_must_fit() -> None:
    _, label, reference, near = world()
    with pytest.raises(ValueError, match="labels"):
        memorised(label[:5], np.eye(2)[label], reference, near)
