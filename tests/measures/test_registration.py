import numpy as np
import pytest

from governance.measures.image_views import View, seen
from governance.measures.perceptual_hash import SIDE
from governance.measures.registration import registered_agreement, start


def pictures(count, seed=0):
    coarse = np.random.default_rng(seed).normal(size=(count, 10, 10))
    place = np.linspace(0, 9, SIDE)
    left = np.minimum(place.astype(int), 8)
    along = np.zeros((SIDE, 10))
    along[np.arange(SIDE), left], along[np.arange(SIDE), left + 1] = 1 - (place - left), place - left
    return 0.5 + 0.15 * (along @ coarse @ along.T)


def shown(view, made):
    return (made.reshape(len(made), -1) @ seen(view).T).reshape(made.shape)


def starts(view, count):
    return np.broadcast_to(start(view), (count, 2, 3))


@pytest.mark.parametrize(
    "view",
    [View(), View(0.05, 0.02, -0.03), View(angle=5.0), View(mirrored=True), View(0.04, 0.01, 0.02, 3.0, mirrored=True)],
)
def test_an_image_begun_at_its_view_agrees_at_once(view):
    made = pictures(6)
    assert registered_agreement(made, shown(view, made), starts(view, 6)).min() > 0.98


@pytest.mark.parametrize(
    ("view", "begin"),
    [
        (View(angle=4.0, filled=True), View(angle=2.5)),
        (View(0.047, 0.047, 0.047), View(0.05, 0.03, 0.03)),
        (View(0.08, mirrored=True), View(0.06, mirrored=True)),
    ],
)
def test_registration_finds_the_rest_of_the_way(view, begin):
    made = pictures(12, 1)
    copies = shown(view, made) * 0.7 + 0.1
    as_begun = shown(begin, made)
    apart = registered_agreement(made, shown(View(), copies[::-1]), starts(begin, 12))
    assert np.median(registered_agreement(made, copies, starts(begin, 12))) > 0.95
    assert np.median(apart) < 0.3
    # Begun from nowhere, the same steps say that the view itself is the same picture.
    assert np.median(registered_agreement(as_begun, copies, starts(View(), 12))) > 0.9


def test_one_colour_agrees_with_nothing():
    made = pictures(3)
    assert np.abs(registered_agreement(made, np.full_like(made, 0.4), starts(View(), 3))).max() < 1e-6
