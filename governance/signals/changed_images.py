"""Near copies among images of which one was mirrored, turned a little or cut: by the hashes of its views."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from governance.signals.near_images import AROUND, AT_ONCE, COMPARED

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from governance.signals.near_copies import Pairs
    from governance.signals.near_images import Grey

    Ints = NDArray[np.int64]

MAYBE = 0.02
"""Chance that an image has another one so near that the two are looked at again."""


def changed_copies(grey: Grey, signature: NDArray[np.float64], views: NDArray[np.float32]) -> Pairs | None:
    """Pairs of images of which one is a view of the other (views, images, 63), by their hashes (images, 63): nearer than
    chance allows, and differing in few bits, also inside, where no corners are that turning laid bare. None where that
    cannot tell.

    Views move and enlarge, and so does nature: what chance allows is told by how near the views of an image come to
    other images. Pairs that are a little less near count where their fine structure agrees better than that of others.
    """
    import numpy as np

    from governance.adapters.faiss import nearest_to
    from governance.measures.image_views import DIFFERING_BITS
    from governance.measures.perceptual_hash import SKIPPED, bits, near_limit

    shown = np.flatnonzero((signature != 0).any(axis=1))
    hashes = signature[shown].astype(np.float32)
    index, apart = nearest_to(hashes, views[:, shown], min(AROUND, shown.size - 1), np.arange(shown.size))
    best = _nearest_of_views(index, apart)
    limit, maybe = (near_limit(best[2], looks=2, false_alarms=alarms) for alarms in (None, MAYBE * shown.size))
    if limit is None or maybe is None:
        return None
    index, apart = index[:, :, :SKIPPED], apart[:, :, :SKIPPED]
    bound = np.minimum(maybe[None, :, None], maybe[index])
    view, row, column = np.nonzero(apart <= bound)
    other, share = index[view, row, column], apart[view, row, column] / np.maximum(bound[view, row, column], 1e-12)
    sure = apart[view, row, column] <= np.minimum(limit[row], limit[other])
    differing = (bits(views[:, shown][view, row]) != bits(hashes[other])).sum(axis=1)
    kept = np.flatnonzero(differing <= DIFFERING_BITS)
    kept = kept[_alike_inside(grey, view[kept], shown[row[kept]], shown[other[kept]])]
    known = np.union1d(row[kept[sure[kept]]], other[kept[sure[kept]]])
    usual = np.setdiff1d(np.arange(shown.size), known)
    kept = kept[sure[kept] | _agreeing(grey, (view[kept], row[kept], other[kept]), best, shown, usual)]
    row, other, score = row[kept], other[kept], 1 - 0.5 * share[kept]
    first, second = shown[np.minimum(row, other)], shown[np.maximum(row, other)]
    order = np.lexsort((-score, second, first))
    pairs, place = np.unique(np.column_stack([first, second])[order], axis=0, return_index=True)
    return pairs[:, 0], pairs[:, 1], score[order][place]


def _nearest_of_views(index: Ints, apart: NDArray[np.float64]) -> tuple[Ints, Ints, NDArray[np.float64]]:
    """(rows, k) in which view, to which image and how near each image comes, each other image once, nearest first;
    from the neighbours of every view (views, rows, k)."""
    import numpy as np

    views, rows, k = index.shape
    every = np.broadcast_to(np.arange(views)[:, None, None], index.shape)
    view, other, distance = (
        np.moveaxis(every, 0, 1).reshape(rows, -1), np.moveaxis(index, 0, 1).reshape(rows, -1),
        np.moveaxis(apart, 0, 1).reshape(rows, -1),
    )  # fmt: skip
    order = np.lexsort((distance, other), axis=1)
    sorted_other, sorted_distance = (np.take_along_axis(values, order, axis=1) for values in (other, distance))
    repeated = sorted_other[:, 1:] == sorted_other[:, :-1]
    sorted_distance[:, 1:][repeated] = np.inf  # only an image's nearest view counts
    nearest = np.argsort(sorted_distance, axis=1, kind="stable")[:, :k]
    order = np.take_along_axis(order, nearest, axis=1)
    return (
        np.take_along_axis(view, order, axis=1), np.take_along_axis(other, order, axis=1),
        np.take_along_axis(distance, order, axis=1),
    )  # fmt: skip


def _agreeing(
    grey: Grey,
    pairs: tuple[Ints, Ints, Ints],
    best: tuple[Ints, Ints, NDArray[np.float64]],
    shown: Ints,
    others: Ints,
) -> NDArray[np.bool_]:
    """Whether `pairs` (view, row, other, each (pairs,)) agree in their fine structure better than chance lets images
    agree with the one nearest to them; `others` are the rows of which that one is no sure copy."""
    import numpy as np

    from governance.measures.aligned_images import AGREEING, beyond_usual
    from governance.measures.evenly_spaced import evenly_spaced

    picked = others[evenly_spaced(others.size, COMPARED)]
    usual = _as_seen(grey, best[0][picked, 0], shown[picked], shown[best[1][picked, 0]])
    view, row, other = pairs
    found = _as_seen(grey, view, shown[row], shown[other])
    return np.asarray(found >= max(AGREEING, beyond_usual(usual, found.size)), dtype=bool)


def _as_seen(grey: Grey, view: Ints, row: Ints, other: Ints) -> NDArray[np.float64]:
    """(pairs,) how well the fine structure of `row` in its `view` agrees with that of `other`, margins left out."""
    import numpy as np

    from governance.measures.aligned_images import agreement_as_seen
    from governance.measures.image_views import INSIDE
    from governance.measures.perceptual_hash import SIDE

    agreed, edge = np.zeros(view.size), round(INSIDE * SIDE)
    within = slice(edge, SIDE - edge)
    for pairs, one, two in _beside(grey, view, row, other):
        one, two = (part.reshape(-1, SIDE, SIDE)[:, within, within] for part in (one, two))
        agreed[pairs] = agreement_as_seen(one, two)
    return agreed


def _alike_inside(grey: Grey, view: Ints, row: Ints, other: Ints) -> NDArray[np.bool_]:
    """Whether the insides of `row` in its `view` and of `other` differ in few bits (pairs,)."""
    import numpy as np

    from governance.measures.image_views import DIFFERING_BITS, inside
    from governance.measures.perceptual_hash import bits

    alike = np.zeros(view.size, dtype=bool)
    for pairs, one, two in _beside(grey, view, row, other):
        alike[pairs] = (bits(inside(one)) != bits(inside(two))).sum(axis=1) <= DIFFERING_BITS
    return alike


def _beside(
    grey: Grey, view: Ints, row: Ints, other: Ints
) -> Iterator[tuple[Ints, NDArray[np.float64], NDArray[np.float64]]]:
    """Places of some of the pairs, `row` in its `view`, and `other`, each (pairs, SIDE * SIDE); not all are in memory at once."""
    import numpy as np

    from governance.measures.image_views import VIEWS, seen

    for number in np.unique(view).tolist():
        matrix = seen(VIEWS[number])
        for pairs in np.array_split(at := np.flatnonzero(view == number), -(-at.size // AT_ONCE)):
            one, two = (grey(rows[pairs]).reshape(pairs.size, -1) for rows in (row, other))
            yield pairs, one @ matrix.T, two
