"""Pillow: bytes of image files to numbers."""

from __future__ import annotations

from collections.abc import Iterable
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


def pixels(images: Iterable[bytes | None], side: int = 16, *, exact: bool = False) -> NDArray[np.float64]:
    """One row per image: its pixels, 0 to 1, as (images, side * side * channels); colour only when one image has it.

    Images are shrunk or enlarged to `side` pixels, unless all have one size that is no larger and `exact` is not
    asked for. They are taken one by one, and none is kept at its full size. A missing image is all NaN. Raises
    DataError with how many images cannot be read.
    """
    import numpy as np

    shown: list[_Shown | None] = []
    native, colour, broken = not exact, False, 0
    size: tuple[int, int] | None = None
    for content in images:
        image = _open(content)
        broken += content is not None and image is None
        if image is None:
            shown.append(None)
            continue
        size = size or image.size
        colour = colour or len(image.getbands()) >= 3
        if native and (image.size != size or max(image.size) > side):
            native = False
            shown = [None if one is None else one.resized(side) for one in shown]
        small = _Shown.of(image)
        shown.append(small if native else small.resized(side))
    if broken:
        raise DataError(f"{broken} of {len(shown)} images cannot be read")
    width, height = size if native and size is not None else (side, side)
    result = np.full((len(shown), width * height * (3 if colour else 1)), np.nan)
    for row, one in enumerate(shown):
        if one is not None:
            result[row] = np.asarray(one.seen(colour), dtype=np.float64).ravel() / 255
    return result


@dataclass(frozen=True)
class _Shown:
    """One image in grey and in colour, for as long as it is not known which of them the others need."""

    grey: OpenImage | None
    """None when it has colour, which then all are shown in."""
    coloured: OpenImage | None
    """None when it is grey to begin with."""

    @classmethod
    def of(cls, image: OpenImage) -> _Shown:
        grey = None if len(image.getbands()) >= 3 else image.convert("L")
        return cls(grey, None if image.mode == "L" else image.convert("RGB"))

    def resized(self, side: int) -> _Shown:
        return _Shown(*(None if one is None else _resized(one, side) for one in (self.grey, self.coloured)))

    def seen(self, colour: bool) -> OpenImage:
        if colour and self.coloured is not None:
            return self.coloured
        assert self.grey is not None  # an image of colour among them would make all of them coloured
        return self.grey.convert("RGB") if colour else self.grey


def _resized(image: OpenImage, side: int) -> OpenImage:
    from PIL import Image

    return image.resize((side, side), Image.Resampling.BOX)


def properties(content: bytes) -> ImageProperties | None:
    """Size, brightness and contrast of one image; None when it cannot be read."""
    import numpy as np

    image = _open(content)
    if image is None:
        return None
    grey = np.asarray(image.convert("L"), dtype=np.float64) / 255
    return ImageProperties(*image.size, len(image.getbands()), float(grey.mean()), float(grey.std()))


def sizes(images: Iterable[bytes | None]) -> list[tuple[int, int, int]]:
    """Width, height and channels of each image; zeros for one that is missing or cannot be read."""
    opened = (_open(content) for content in images)
    return [(0, 0, 0) if image is None else (*image.size, len(image.getbands())) for image in opened]


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
