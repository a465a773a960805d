"""Pillow: bytes of image files to numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from governance.errors import DataError, MissingExtra

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image as OpenImage


@dataclass(frozen=True)
class ImageProperties:
    """What a person would notice first."""

    width: int
    height: int
    channels: int
    brightness: float
    """Mean of the grey image, 0 (black) to 1 (white)."""
    contrast: float
    """Standard deviation of the grey image, 0 to 0.5."""


def pixels(images: Sequence[bytes | None], side: int = 16, *, exact: bool = False) -> NDArray[np.float64]:
    """One row per image: its pixels, 0 to 1, as (images, side * side * channels); colour only when one image has it.

    Images are shrunk or enlarged to `side` pixels, unless all have one size that is no larger and `exact` is not
    asked for. A missing image is all NaN. Raises DataError with how many images cannot be read.
    """
    import numpy as np
    from PIL import Image

    opened = [_open(content) for content in images]
    present = [image for image in opened if image is not None]
    if broken := sum(content is not None for content in images) - len(present):
        raise DataError(f"{broken} of {len(images)} images cannot be read")
    colour = any(len(image.getbands()) >= 3 for image in present)
    sizes = {image.size for image in present}
    native = not exact and len(sizes) == 1 and max(next(iter(sizes))) <= side
    width, height = next(iter(sizes)) if native else (side, side)
    mode = "RGB" if colour else "L"
    result = np.full((len(images), width * height * (3 if colour else 1)), np.nan)
    for row, image in enumerate(opened):
        if image is not None:
            converted = image.convert(mode)
            if not native:
                converted = converted.resize((width, height), Image.Resampling.BOX)
            result[row] = np.asarray(converted, dtype=np.float64).ravel() / 255
    return result


def properties(content: bytes) -> ImageProperties | None:
    """Size, brightness and contrast of one image; None when it cannot be read."""
    import numpy as np

    image = _open(content)
    if image is None:
        return None
    grey = np.asarray(image.convert("L"), dtype=np.float64) / 255
    return ImageProperties(*image.size, len(image.getbands()), float(grey.mean()), float(grey.std()))


def _open(content: bytes | None) -> OpenImage | None:
    if content is None:
        return None
    try:
        from PIL import Image, UnidentifiedImageError
    except ImportError:
        raise MissingExtra("pillow") from None
    try:
        image = Image.open(BytesIO(content))
        image.load()
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        return None
    return image
