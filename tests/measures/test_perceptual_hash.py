import numpy as np
import pytest

from governance.measures.perceptual_hash import SIDE, differing_bits, perceptual_hash, similar_images


def images(count, seed=0):
    coarse = np.random.default_rng(seed).uniform(0.2, 0.8, (count, 8, 8))
    return np.kron(coarse, np.ones((1, SIDE // 8, SIDE // 8))).reshape(count, -1)


def test_a_cosine_has_all_its_length_in_its_own_frequency():
    wave = np.cos(np.pi / SIDE * 3 * (np.arange(SIDE) + 0.5))
    signature = perceptual_hash(np.tile(wave, (SIDE, 1)).reshape(1, -1))[0]
    assert signature[2] == pytest.approx(1)
    assert np.abs(np.delete(signature, 2)).max() < 1e-9


def test_brightness_and_contrast_make_no_difference():
    made = images(5)
    assert perceptual_hash(0.5 * made + 0.2) == pytest.approx(perceptual_hash(made))


def test_an_image_of_one_colour_has_no_signature():
    assert not perceptual_hash(np.full((1, SIDE * SIDE), 0.3)).any()


def found(made):
    signature = perceptual_hash(made)
    distance = np.linalg.norm(signature[:, None] - signature[None], axis=2)
    np.fill_diagonal(distance, np.inf)
    index = np.argsort(distance, axis=1, kind="stable")[:, :10]
    first, second, score = similar_images(index, np.take_along_axis(distance, index, axis=1))
    return signature, list(zip(first.tolist(), second.tolist(), strict=True)), score


def test_noisy_copies_are_found_and_nothing_else_even_when_most_images_have_one():
    made = images(60)
    noisy = made[:40] + np.random.default_rng(1).normal(0, 0.05, (40, SIDE * SIDE))
    signature, pairs, score = found(np.vstack([made, noisy]))
    assert pairs == [(row, 60 + row) for row in range(40)]
    assert ((score >= 0.5) & (score <= 1)).all()
    assert differing_bits(signature, np.arange(40), np.arange(60, 100)).max() <= 8
    assert differing_bits(signature, np.arange(30), np.arange(30, 60)).min() > 8


def test_different_images_give_no_pair():
    assert found(images(200, 3))[1] == []


def test_few_neighbours_tell_nothing():
    assert similar_images(np.zeros((3, 2), dtype=np.int64), np.ones((3, 2)))[0].size == 0
