"""What a row of digits may hold: an 8x8 image whose pixels are counts of ink, and one of ten labels."""

from io import BytesIO

import pandera.polars as pa
import polars as pl
from PIL import Image

SIDE = 8
PIXEL_FACTOR = 15
"""data/export.py stores a count of 0 to 16 as count * 15."""
INK = (32, 512)
"""Dark points among the 1024 of the bitmap. Pen strokes leave more than half of the paper white, 185 to 433 today; an
inverted image does not."""


def is_digit(content: bytes) -> bool:
    """Whether `content` is an 8x8 grayscale image of ink counts with a legible amount of ink."""
    try:
        with Image.open(BytesIO(content)) as image:
            if image.mode != "L" or image.size != (SIDE, SIDE):
                return False
            pixels = image.tobytes()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):  # what Pillow raises for damaged files
        return False
    counts, rests = zip(*(divmod(pixel, PIXEL_FACTOR) for pixel in pixels), strict=True)
    return not any(rests) and max(counts) <= 16 and INK[0] <= sum(counts) <= INK[1]


class Digits(pa.DataFrameModel):
    """One row per image file."""

    image: pl.Binary
    label: str = pa.Field(isin=list("0123456789"))

    class Config:
        """A column that nobody declared is a fault, not a surplus."""

        strict = True

    @pa.check("image", error="an 8x8 grayscale image of ink counts, neither blank nor black")
    def shows_a_digit(cls, data: pa.PolarsData) -> pl.LazyFrame:
        """Decodes every image: a file of the right size can still be damaged, inverted or scaled."""
        return data.lazyframe.select(pl.col(data.key).map_elements(is_digit, return_dtype=pl.Boolean))
