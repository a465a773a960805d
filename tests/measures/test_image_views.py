import numpy as np
import pytest

from governance.measures.image_views import VIEWS, View, seen, view_hashes
from governance.measures.perceptual_hash import SIDE, luminance, perceptual_hash


def image(seed=0):
    return np.random.default_rng(seed).random((SIDE, SIDE))


def shown(view, pixels):
    return (seen(view) @ pixels.ravel()).reshape(SIDE, SIDE)


def test_no_change_is_the_image_itself():
    assert shown(View(), image()) == pytest.approx(image())


def test_a_mirrored_image():
    assert shown(View(mirrored=True), image()) == pytest.approx(image()[:, ::-1])


def test_a_quarter_turn_against_the_clock():
    assert shown(View(angle=90.0), image()) == pytest.approx(np.rot90(image()))


def test_a_quarter_cut_off_each_side_shows_the_middle_of_a_slope():
    slope = np.tile(np.arange(SIDE, dtype=float), (SIDE, 1))
    middle = shown(View(cut=0.25), slope)[0]
    assert middle[0] == pytest.approx(SIDE / 4 - 0.25)
    assert np.diff(middle) == pytest.approx(0.5)


def test_a_margin_that_was_cut_off_on_one_side_only():
    slope = np.tile(np.arange(SIDE, dtype=float), (SIDE, 1))
    right_half = shown(View(cut=0.25, right=0.25), slope)[0]
    assert right_half[0] == pytest.approx(SIDE / 2 - 0.25)
    assert shown(View(cut=0.25, down=0.25), slope.T)[:, 0] == pytest.approx(right_half)


def test_corners_that_turning_laid_bare_are_black():
    white = np.ones((SIDE, SIDE))
    assert shown(View(angle=5.0), white).min() == pytest.approx(1.0)
    filled = shown(View(angle=5.0, filled=True), white)
    assert filled[0, 0] == 0.0
    assert filled[SIDE // 2, SIDE // 2] == pytest.approx(1.0)


def test_the_hash_of_a_view_is_that_of_the_image_seen_so():
    grey = np.stack([image(seed).ravel() for seed in range(3)])
    hashes = view_hashes(grey)
    assert hashes.shape == (len(VIEWS), 3, 63)
    [mirrored] = view_hashes(grey, mirrored_only=True)
    assert (mirrored == hashes[0]).all()
    assert VIEWS[0].mirrored
    for number in (0, 2, len(VIEWS) - 1):
        assert hashes[number] == pytest.approx(perceptual_hash(grey @ seen(VIEWS[number]).T))


def test_luminance_weighs_green_most_and_leaves_grey_alone():
    assert luminance(np.array([[0.0, 1.0, 0.0]])) == pytest.approx([0.587])
    assert luminance(np.full((2, 3), 0.3)) == pytest.approx([0.3, 0.3])
    assert luminance(np.array([[0.4]])) == pytest.approx([0.4])
