"""Simple pictures resemble each other by chance: near copies are what is nearer than that."""

import numpy as np
import pytest

from governance.measures.image_views import View, seen, view_hashes
from governance.measures.perceptual_hash import DIFFERING_BITS, SIDE, differing_bits, perceptual_hash
from governance.signals.changed_images import changed_copies
from governance.signals.near_images import cut_copies, near_signatures

ACROSS = (np.arange(SIDE) + 0.5) / SIDE


def spots(count, seed):
    """(count, SIDE * SIDE) pictures of one to three soft spots under noise, as a microscope shows."""
    random = np.random.default_rng(seed)
    made = np.full((count, SIDE, SIDE), 0.2)
    for picture in made:
        for _ in range(random.integers(1, 4)):
            x, y, wide = *random.uniform(0.2, 0.8, 2), random.uniform(0.06, 0.15)
            picture += 0.6 * np.exp(-((ACROSS - x) ** 2 + (ACROSS[:, None] - y) ** 2) / 2 / wide**2)
    return (made + random.normal(0, 0.03, made.shape)).reshape(count, -1)


def boxes(count, seed):
    """Boxes, discs and rhombs of a strength of their own under noise."""
    random = np.random.default_rng(seed)
    made = random.normal(0.55, 0.05, (count, SIDE, SIDE))
    for picture in made:
        x, y, wide = *random.uniform(0.35, 0.65, 2), random.uniform(0.15, 0.3)
        far, high = abs(ACROSS - x)[None, :], abs(ACROSS - y)[:, None]
        inside = (np.maximum(far, high), np.hypot(far, high), far + high)[random.integers(3)] < wide
        picture[inside] -= random.uniform(0.15, 0.4)
    return made.reshape(count, -1)


def gratings(count, seed):
    """Waves of a direction, length, phase and strength of their own, without noise: turned and enlarged, many agree."""
    random = np.random.default_rng(seed)
    angle, waves, phase = random.uniform(0, np.pi, count), random.uniform(2, 8, count), random.uniform(0, 6.3, count)
    along = np.cos(angle)[:, None, None] * ACROSS + np.sin(angle)[:, None, None] * ACROSS[:, None]
    made = np.sin(2 * np.pi * waves[:, None, None] * along + phase[:, None, None])
    return (0.5 + random.uniform(0.1, 0.4, (count, 1, 1)) * made).reshape(count, -1)


def named(pictures):
    signature = perceptual_hash(pictures)
    near = near_signatures(signature)
    assert near is not None
    alike = differing_bits(signature, near.pairs[0], near.pairs[1]) <= DIFFERING_BITS
    at = pictures.reshape(-1, SIDE, SIDE)
    cut = cut_copies(lambda rows: at[rows], tuple(part[~alike] for part in near.pairs), near.others)
    views = view_hashes(pictures).astype(np.float32)
    changed = changed_copies(lambda rows: at[rows], signature, views, tuple(part[alike] for part in near.pairs))
    assert changed is not None
    return {pair for one in (changed, cut) for pair in zip(one[0].tolist(), one[1].tolist(), strict=True)}


@pytest.mark.parametrize("drawn", [spots, boxes])
def test_pictures_drawn_by_themselves_are_no_copies(drawn):
    assert [named(drawn(200, seed)) for seed in (11, 12, 13)] == [set(), set(), set()]


@pytest.mark.parametrize("view", [View(angle=4.0, filled=True), View(0.047, 0.047, 0.047), View(0.08, mirrored=True)])
def test_scenes_turned_cut_and_mirrored_are_found_among_others(view):
    random = np.random.default_rng(16)
    scenes = np.kron(random.uniform(0, 1, (150, 8, 8)), np.ones((1, SIDE // 8, SIDE // 8)))
    scenes = (scenes + random.normal(0, 0.04, scenes.shape)).reshape(150, -1)
    found = named(np.vstack([scenes, spots(50, 17), scenes[:30] @ seen(view).T]))
    assert len(found) >= 29
    assert len(found - {(row, 200 + row) for row in range(30)}) <= 1


def test_copies_that_agree_with_each_other_as_with_no_third_are_no_decoys():
    from PIL import Image
    from sklearn.datasets import load_sample_images

    patches = [
        Image.fromarray(photo[y : y + 44, x : x + 44]).convert("L")
        for photo in load_sample_images().images
        for y in range(0, 380, 44)
        for x in range(0, 590, 44)
    ]
    patches = [patch for patch in patches if np.asarray(patch).std() > 12]
    chosen = np.random.default_rng(2).permutation(len(patches))[:50].tolist()
    shown = [*patches, *(patches[row].crop((4, 4, 40, 40)) for row in chosen)]
    grey = np.stack([np.asarray(one.resize((SIDE, SIDE))) / 255 for one in shown]).reshape(len(shown), -1)
    assert len(named(grey) & {(row, len(patches) + number) for number, row in enumerate(chosen)}) >= 45


def test_waves_that_agree_once_turned_and_enlarged_are_hardly_named():
    assert sum(len(named(gratings(200, seed))) for seed in (11, 12)) <= 1  # 6 without a look at decoys


def test_copies_of_simple_pictures_are_found_where_they_are_nearer_than_others():
    pictures = spots(200, 14)
    moved = pictures[:20] * 0.8 + np.random.default_rng(15).normal(0, 0.005, (20, SIDE * SIDE))
    found = named(np.vstack([pictures, moved]))
    assert found <= {(row, 200 + row) for row in range(20)}
    assert len(found) >= 15  # of the others, the nearest picture that is no copy is as near
