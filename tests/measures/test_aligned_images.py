import numpy as np
from PIL import Image

from governance.measures.aligned_images import AGREEING, agreement


def pictures(count, seed=0):
    random = np.random.default_rng(seed)
    coarse = random.uniform(0, 255, (count, 16, 16))
    return [Image.fromarray(one.astype(np.uint8)).resize((64, 64), Image.Resampling.BICUBIC) for one in coarse]


def grey(images):
    return np.stack([np.asarray(one.resize((32, 32), Image.Resampling.BOX), dtype=float) / 255 for one in images])


def test_a_picture_agrees_with_itself_whatever_was_cut_off_and_with_no_other():
    made = pictures(40)
    cut = [one.crop((2, 2, 62, 62)) for one in made[:20]] + [one.crop((4, 0, 64, 62)) for one in made[20:]]
    assert agreement(grey(made), grey(cut)).min() > AGREEING
    assert agreement(grey(cut), grey(made)).min() > AGREEING
    assert agreement(grey(made[:20]), grey(made[20:])).max() < 0.5


def test_brightness_and_contrast_make_no_difference_and_one_colour_agrees_with_nothing():
    made = grey(pictures(5))
    assert agreement(made, 0.5 * made + 0.2).min() > 0.999
    assert np.abs(agreement(made, np.full_like(made, 0.4))).max() < 1e-12
