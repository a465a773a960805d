from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from governance.adapters.pillow import pixels, properties
from governance.errors import DataError


def png(array, kind="PNG"):
    buffer = BytesIO()
    Image.fromarray(np.asarray(array, dtype=np.uint8)).save(buffer, kind)
    return buffer.getvalue()


def test_small_grey_images_keep_every_pixel():
    array = np.arange(64).reshape(8, 8) * 4
    assert pixels([png(array), png(array.T)])[0] == pytest.approx(array.ravel() / 255)


def test_other_sizes_are_brought_to_one():
    assert pixels([png(np.zeros((8, 8))), png(np.full((40, 20), 255))], side=4).tolist() == [[0] * 16, [1] * 16]


def test_one_colour_image_makes_all_colour():
    colour = np.zeros((8, 8, 3))
    colour[..., 0] = 255
    result = pixels([png(colour), png(np.zeros((8, 8)))])
    assert result.shape == (2, 192)
    assert result[0, :3].tolist() == [1, 0, 0]


def test_a_missing_image_is_nan_and_an_unreadable_one_an_error():
    assert np.isnan(pixels([png(np.zeros((8, 8))), None])[1]).all()
    with pytest.raises(DataError, match="1 of 2 images cannot be read"):
        pixels([png(np.zeros((8, 8))), b"no image"])
    with pytest.raises(DataError, match="cannot be read"):
        pixels([png(np.zeros((8, 8)))[:45]])


def test_all_missing_has_a_width_of_the_standard_size():
    assert pixels([None, None], side=4).shape == (2, 16)


def test_properties():
    found = properties(png([[0, 255], [0, 255], [0, 255]]))
    assert (found.width, found.height, found.channels) == (2, 3, 1)
    assert (found.brightness, found.contrast) == pytest.approx((0.5, 0.5))
    assert properties(b"no image") is None
