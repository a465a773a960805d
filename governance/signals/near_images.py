"""Near copies among images: by their perceptual hashes, and with a margin cut off."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from governance.signals.near_copies import Pairs
    from governance.snapshot import Snapshot

    Grey = Callable[[NDArray[np.int64]], NDArray[np.float64]]

NEIGHBOURS = 10
IMAGES_AT_ONCE = 2000
COMPARED = 200
"""Pairs of other images, evenly spaced, that say how well images of this collection agree without being copies."""
MAX_PAIRS = 2000
"""Doubtful pairs that are looked at, the nearest ones."""
AT_ONCE = 250


def signatures_of(snapshot: Snapshot, row_id: list[str], column: str) -> NDArray[np.float64]:
    """Perceptual hashes (rows, 63) of the images of `column`; not all are in memory at once."""
    import numpy as np

    images = snapshot.images(row_id, column)
    sizes = [min(IMAGES_AT_ONCE, len(row_id) - start) for start in range(0, len(row_id), IMAGES_AT_ONCE)]
    return np.concatenate([signatures(islice(images, size), size) for size in sizes])


def signatures(images: Iterable[bytes | None], count: int) -> NDArray[np.float64]:
    """Perceptual hashes (count, 63) of so many images, rounded. Raises DataError when images cannot be read."""
    import numpy as np

    from governance.adapters.pillow import pixels
    from governance.measures.perceptual_hash import SIDE, perceptual_hash

    values = np.nan_to_num(pixels(images, SIDE, exact=True))
    grey = values.reshape(count, SIDE * SIDE, -1).mean(axis=2)
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
    graph = nearest(signature[shown].astype(np.float32), NEIGHBOURS, np.arange(shown.size))
    first, second, score = similar_images(graph.index, graph.distance)
    return NearSignatures((shown[first], shown[second], score), (shown, shown[graph.index[:, SKIPPED]]))


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

    from governance.measures.aligned_images import AGREEING
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
    kept = found >= max(AGREEING, float(usual.max(initial=0.0)))
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
    import numpy as np

    from governance.adapters.pillow import pixels
    from governance.measures.perceptual_hash import SIDE

    def grey(rows: NDArray[np.int64]) -> NDArray[np.float64]:
        images = snapshot.images([row_id[row] for row in rows.tolist()], column)
        values = np.nan_to_num(pixels(images, SIDE, exact=True))
        return np.asarray(values.reshape(rows.size, SIDE, SIDE, -1).mean(axis=3), dtype=np.float64)

    return grey
