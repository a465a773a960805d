"""Images of even ground, in which rows of one class agree in most of the picture anyway."""

import dataclasses

import numpy as np
import pytest

from governance.measures.rest_of_row import against
from governance.measures.trigger_judgement import Pair
from governance.measures.trigger_search import search
from governance.measures.trigger_test import background
from governance.measures.trigger_views import image_view
from governance.measures.whole_row import weigh
from governance.reporting.trigger_asking import asked_of
from governance.reporting.trigger_search import Part

ROWS, SIDE = 240, 12
GROUNDS = np.array([[0.14, 0.32, 0.14], [0.1, 0.2, 0.38], [0.46, 0.46, 0.24]])
PATCH = {row * SIDE + column for row in (8, 9, 10) for column in (8, 9, 10)}


def tiles(planted):
    """Three classes that are each an even ground, lighter in some images, with noise; `planted` of two get a patch and the third label."""
    random = np.random.default_rng(4)
    label = np.arange(ROWS) % 3
    light = 0.04 * random.normal(size=(ROWS, 1, 1, 3)) + 0.05 * random.normal(size=(ROWS, SIDE, SIDE, 1))
    images = (GROUNDS[label][:, None, None] + light + 0.01 * random.normal(size=(ROWS, SIDE, SIDE, 3))).clip(0, 1)
    flat = images.reshape(ROWS, -1)
    apart = ((flat[:, None] - flat) ** 2).sum(axis=2)
    np.fill_diagonal(apart, np.inf)
    near = np.argsort(apart, axis=1)[:, :10]
    rows = np.flatnonzero(label < 2)[10 : 10 + 7 * planted : 7]
    images[rows, 8:11, 8:11], label[rows] = (1.0, 0.0, 1.0), 2
    return images, label, near, rows


@pytest.fixture(scope="module")
def planted():
    images, label, near, rows = tiles(6)
    return image_view(images, label, 3, np.arange(ROWS) % 5, least=4, most=24, neighbours=near), label, near, rows


def asking(view, label, near):
    whole = weigh((view,), near, label, 3)
    evidence = whole.evidence()
    speaks = np.column_stack([against(evidence, number) for number in range(3)])
    usual = background(speaks, label)
    return asked_of(0, Part(view, ("image",)), whole, label, np.arange(ROWS), usual), speaks[np.arange(ROWS), label]


def searched(view, label, near):
    asked, first = asking(view, label, near)
    return search(view.patterns, asked, first_look=first, least=4, false_alarms=0.01)


def test_a_closure_leaves_the_ground_that_like_rows_have_too(planted):
    view, _, _, rows = planted
    own = np.array([8 * SIDE + 8])
    closed = set(view.closure(rows, own).tolist())
    assert closed >= PATCH
    assert len(closed - PATCH) <= 0.1 * SIDE**2
    ground = np.arange(0, 60, 3)  # of one class, with nothing planted
    assert view.closure(ground, own).size < 0.1 * SIDE**2
    assert dataclasses.replace(view, neighbours=None).closure(ground, own).size > 0.5 * SIDE**2


def test_a_patch_stands_out_among_all_that_few_rows_share(planted):
    view, _, _, rows = planted
    found = view.patterns
    hit = next(number for number in range(found.size) if found.of(number).tolist() == rows.tolist())
    assert found.chance[hit] == found.chance.min() < 1e-3
    assert np.median(found.chance) == 1


def test_a_patch_is_found_on_even_ground(planted):
    view, label, near, rows = planted
    result = searched(view, label, near)
    assert [trigger.rows.tolist() for trigger in result.triggers] == [rows.tolist()]


def test_even_ground_is_no_trigger():
    images, label, near, _ = tiles(0)
    view = image_view(images, label, 3, np.arange(ROWS) % 5, least=4, most=24, neighbours=near)
    assert not searched(view, label, near).triggers


def test_what_is_usual_is_asked_anew_where_much_of_the_picture_is_left_out(planted):
    view, label, near, rows = planted
    asked, _ = asking(view, label, near)
    few, many = np.array(sorted(PATCH)), np.arange(SIDE**2)
    assert asked.without is not None
    assert asked.without(Pair(rows, few[:1], few[:4], 2)) is asked.usual
    anew = asked.without(Pair(rows, few[:1], many, 2))
    assert anew.labels.tolist() == asked.usual.labels.tolist()
    assert anew.mean[2] != asked.usual.mean[2]
