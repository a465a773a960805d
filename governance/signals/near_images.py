"""Near copies among images: by their perceptual hashes, and with a margin cut off."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from governance.signals.near_copies import Pairs
    from governance.snapshot import Snapshot

    Grey = Callable[[NDArray[np.int64]], NDArray[np.float64]]

NEIGHBOURS = 10
AROUND = 16
"""Neighbours that tell how images lie around one: the more, the surer, and the farther away."""
IMAGES_AT_ONCE = 2000
COMPARED = 200
"""Pairs of other images, evenly spaced, that say how well images of this collection agree without being copies."""
MAX_PAIRS = 2000
"""Doubtful pairs that are looked at, the nearest ones."""
AT_ONCE = 250


def signatures_of(snapshot: Snapshot, row_id: list[str], column: str) -> NDArray[np.float64]:
    """Perceptual hashes (rows, 63) of the images of `column`; not all are in memory at once."""
    import numpy as np

    return np.concatenate([_hashed(grey) for grey in _in_parts(snapshot, row_id, column)])


def hashes_of(snapshot: Snapshot, row_id: list[str], column: str) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
    """The same, and those of the VIEWS of each image, (views, rows, 63): as it would look mirrored, turned and cut.

    Of more than ALL_VIEWS_IMAGES there is the mirrored one only.
    """
    import numpy as np

    from governance.measures.image_views import ALL_VIEWS_IMAGES, view_hashes

    many = len(row_id) > ALL_VIEWS_IMAGES
    parts = [
        (_hashed(grey), view_hashes(grey, mirrored_only=many).astype(np.float32))
        for grey in _in_parts(snapshot, row_id, column)
    ]
    return np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts], axis=1)


def signatures(images: Iterable[bytes | None], count: int) -> NDArray[np.float64]:
    """Perceptual hashes (count, 63) of so many images, rounded. Raises DataError when images cannot be read."""
    return _hashed(_grey(images, count))


def _in_parts(snapshot: Snapshot, row_id: list[str], column: str) -> Iterator[NDArray[np.float64]]:
    images = snapshot.images(row_id, column)
    for start in range(0, len(row_id), IMAGES_AT_ONCE):
        size = min(IMAGES_AT_ONCE, len(row_id) - start)
        yield _grey(islice(images, size), size)


def _grey(images: Iterable[bytes | None], count: int) -> NDArray[np.float64]:
    """(count, SIDE * SIDE) luminance, 0 to 1; a missing image is black."""
    import numpy as np

    from governance.adapters.pillow import pixels
    from governance.measures.perceptual_hash import SIDE, luminance

    return luminance(np.nan_to_num(pixels(images, SIDE, exact=True)).reshape(count, SIDE * SIDE, -1))


def _hashed(grey: NDArray[np.float64]) -> NDArray[np.float64]:
    import numpy as np

    from governance.measures.perceptual_hash import perceptual_hash

    return np.round(perceptual_hash(grey), 6).astype(np.float64)


class NearSignatures(NamedTuple):
    """Pairs of images whose hashes are near, and others to compare them with."""

    pairs: Pairs
    others: tuple[NDArray[np.int64], NDArray[np.int64]]
    """Images, and to each one that is near and probably no copy: its fourth neighbour."""


def near_signatures(signature: NDArray[np.float64]) -> NearSignatures | None:
    """Pairs of perceptual hashes (images, 63) that are nearer than chance allows; None with too few images."""
    import numpy as np

    from governance.adapters.faiss import nearest
    from governance.measures.perceptual_hash import SKIPPED, similar_images

    shown = np.flatnonzero((signature != 0).any(axis=1))  # images of one colour look alike, and are no copies
    if shown.size <= NEIGHBOURS:
        return None
    graph = nearest(signature[shown].astype(np.float32), min(AROUND, shown.size - 1), np.arange(shown.size))
    first, second, score = similar_images(graph.index, graph.distance)
    others = shown, shown[graph.index[:, SKIPPED]]
    return NearSignatures((shown[first], shown[second], score), others)


def similar_signatures(signature: NDArray[np.float64]) -> Pairs | None:
    """Of the pairs of near_signatures those whose hashes differ in few bits; None with too few images."""
    from governance.measures.perceptual_hash import DIFFERING_BITS, differing_bits

    found = near_signatures(signature)
    if found is None:
        return None
    first, second, score = found.pairs
    kept = differing_bits(signature, first, second) <= DIFFERING_BITS
    return first[kept], second[kept], score[kept]


def cut_copies(grey: Grey, pairs: Pairs, others: tuple[NDArray[np.int64], NDArray[np.int64]]) -> Pairs:
    """The `pairs` that agree, once a margin is cut off one of them, better than any of the `others` compared does."""
    import numpy as np

    from governance.measures.aligned_images import AGREEING, beyond_usual
    from governance.measures.evenly_spaced import evenly_spaced

    order = np.lexsort((pairs[1], pairs[0], -pairs[2]))[:MAX_PAIRS]
    first, second, score = pairs[0][order], pairs[1][order], pairs[2][order]
    if not first.size:
        return first, second, score
    picked = evenly_spaced(others[0].size, COMPARED)
    doubtful = {frozenset(pair) for pair in zip(first.tolist(), second.tolist(), strict=True)}
    apart = [one for one in picked.tolist() if frozenset((int(others[0][one]), int(others[1][one]))) not in doubtful]
    usual = _agreement(grey, others[0][apart], others[1][apart])
    found = _agreement(grey, first, second)
    chance = beyond_usual(usual, first.size) if usual.size else 0.0
    kept = found >= max(AGREEING, float(usual.max(initial=0.0)), chance)
    return first[kept], second[kept], score[kept]


def _agreement(grey: Grey, first: NDArray[np.int64], second: NDArray[np.int64]) -> NDArray[np.float64]:
    import numpy as np

    from governance.measures.aligned_images import agreement

    parts = [np.empty(0)]
    for start in range(0, first.size, AT_ONCE):
        part = slice(start, start + AT_ONCE)
        parts.append(agreement(grey(first[part]), grey(second[part])))
    return np.concatenate(parts)


def grey_images(snapshot: Snapshot, row_id: list[str], column: str) -> Grey:
    """Gives (images, SIDE, SIDE), 0 to 1, of positions in `row_id`; a missing image is black.

    Raises DataError when images cannot be read.
    """
    from governance.measures.perceptual_hash import SIDE

    def grey(rows: NDArray[np.int64]) -> NDArray[np.float64]:
        images = snapshot.images([row_id[row] for row in rows.tolist()], column)
        return _grey(images, rows.size).reshape(rows.size, SIDE, SIDE)

    return grey
