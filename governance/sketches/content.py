"""What texts and images hold, as the mean and spread of a few numbers a row: an embedding that needs no data to be made.

Any version gives the same numbers for the same text or image, so two versions can be compared by their sketches. From
means over CONTENT_ROWS rows or more nobody's text or image can be read.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SIDE = 6
"""Images: brightness of so many by so many fields."""
DIMENSIONS = SIDE * SIDE
"""Texts: words are counted in so many classes, by a checksum."""
SAMPLED = 2000
"""So many rows at most are looked at, evenly spaced in the order of row ids, which is random."""
CONTENT_ROWS = 50
WORDS = 300
"""So many first words of a text count."""


Moments = tuple[int, tuple[float, ...], tuple[float, ...]]
"""Rows, and the mean and standard deviation of each of DIMENSIONS numbers, to 4 digits; (0, (), ()) for few rows."""


def sampled_places(rows: int) -> list[int]:
    """Positions of the rows that are looked at."""
    from governance.measures.evenly_spaced import evenly_spaced

    return list(evenly_spaced(rows, SAMPLED).tolist())


def text_moments(texts: list[str]) -> Moments:
    """Moments of what texts hold."""
    return _moments(text_vectors(texts))


def image_moments(images: Iterable[bytes | None]) -> Moments:
    """Moments of what images hold; missing and unreadable ones are left out. One is in memory at a time."""
    return _moments(image_vectors(images))


def _moments(vectors: NDArray[np.float64]) -> Moments:
    if vectors.shape[0] < CONTENT_ROWS:
        return 0, (), ()
    mean, sd = vectors.mean(axis=0), vectors.std(axis=0)
    return vectors.shape[0], *(tuple(float(f"{number:.4g}") for number in part.tolist()) for part in (mean, sd))


def text_vectors(texts: list[str]) -> NDArray[np.float64]:
    """(texts, DIMENSIONS): shares of words in each class, square roots taken, so that frequent words do not rule."""
    import numpy as np

    counts = np.zeros((len(texts), DIMENSIONS))
    for row, text in enumerate(texts):
        for word in text.lower().split()[:WORDS]:
            counts[row, zlib.crc32(word.encode()) % DIMENSIONS] += 1
    return np.asarray(np.sqrt(counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)), dtype=np.float64)


def image_vectors(images: Iterable[bytes | None]) -> NDArray[np.float64]:
    """(readable images, DIMENSIONS): brightness of each field, 0 to 1."""
    import numpy as np

    from governance.adapters.pillow import pixels, properties

    readable = (image for image in images if image is not None and properties(image) is not None)
    rows = [pixels([image], SIDE, exact=True).reshape(DIMENSIONS, -1).mean(axis=1) for image in readable]
    return np.array(rows, dtype=np.float64).reshape(len(rows), DIMENSIONS)
