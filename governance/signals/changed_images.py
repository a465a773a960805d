"""Near copies among images of which one was mirrored, turned a little or cut: by the hashes of its views, and by how well
one agrees with the other when it is laid over it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from governance.signals.near_images import AROUND, AT_ONCE, MAX_PAIRS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from governance.signals.near_copies import Pairs
    from governance.signals.near_images import Grey

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

MAYBE = 0.3
"""Chance that an image has another one so near by its hash, up to which the one is laid over the other."""
AGREEING = 0.5
"""Correlation of fine structures from which two images can be one picture."""
LAID_OVER = 12
"""Nearest other images that are laid over one, to tell how well those agree that are no copies."""
FEWEST = 100
"""Images of which that is told, so that it is known how collections like this one differ in it."""
EQUALLED = 0.02
"""Chance up to which images agree better than others around them, where their hashes differ in few bits."""
DECOYS = 0.2
"""Pairs that agree without being near, for each pair named that agrees no less: more, and agreeing tells nothing."""
FALSE_ALARMS = 0.1
"""Images of a whole collection that would agree so well with another one by chance."""


def changed_copies(grey: Grey, signature: Floats, views: NDArray[np.float32], alike: Pairs) -> Pairs | None:
    """Pairs of images of which one is a view of the other (views, images, 63), by their hashes (images, 63), and those of
    the pairs `alike` that others do not equal; None where that cannot tell.

    Each pair is judged twice: by how near the hash of a view comes, and by how well the images agree once the one is
    laid over the other as exactly as can be, each beside how other images come out with both of the two. The chances
    of both are taken together, so that pictures so simple that many agree, or are near, set their own limit.

    Source: R. A. Fisher, Statistical Methods for Research Workers, 1925, section 21.1 (chances taken together).
    """
    import numpy as np

    from governance.adapters.faiss import nearest_to

    shown = np.flatnonzero((signature != 0).any(axis=1))
    hashes = signature[shown].astype(np.float32)
    asked = np.concatenate([hashes[None], views[:, shown]])
    index, apart = nearest_to(hashes, asked, min(AROUND, shown.size - 1), np.arange(shown.size))
    around = _nearest_of_views(index, apart)
    maybe = _maybe(around)
    if maybe is None:
        return None
    one, two = (np.searchsorted(shown, part) for part in alike[:2])
    view = np.concatenate([maybe.view, np.zeros(one.size, dtype=np.int64)])
    row, other = np.concatenate([maybe.row, one]), np.concatenate([maybe.other, two])
    agreed = _agreement(grey, view, shown[row], shown[other])
    kept = agreed >= AGREEING
    kept[maybe.row.size :] = True  # what is alike was brightened perhaps until all of it was white
    if not kept.any():
        return alike
    chance = np.ones(row.size)
    judged = _chance_of_agreeing(grey, around, shown, (row[kept], other[kept], agreed[kept]))
    if judged is None:
        return None
    chance[kept], decoys = judged
    both = np.maximum(maybe.chance * chance[: maybe.row.size], 1e-300)
    both *= (1 - np.log(both)) * shown.size / FALSE_ALARMS
    both[_as_decoys(chance[: both.size], both <= 1, decoys)] = np.inf
    sure = np.concatenate([both, chance[maybe.row.size :] / EQUALLED]) <= 1
    score = np.concatenate([1 - 0.5 * np.minimum(both, 1.0), alike[2]])[sure]
    first, second = (shown[part(row[sure], other[sure])] for part in (np.minimum, np.maximum))
    order = np.lexsort((-score, second, first))
    pairs, place = np.unique(np.column_stack([first, second])[order], axis=0, return_index=True)
    return pairs[:, 0], pairs[:, 1], score[order][place]


class _Maybe(NamedTuple):
    """Pairs that are near by the hash of a view."""

    view: Ints
    row: Ints
    other: Ints
    chance: Floats
    """That other images come so near."""


def _maybe(around: tuple[Ints, Ints, Floats]) -> _Maybe | None:
    """The nearest of those that are nearest to each row `around` it; None when distances cannot tell."""
    import numpy as np

    view, other, distance = around
    row, column = np.indices(other.shape).reshape(2, -1)
    near = _chance(distance, np.arange(len(other)), row, other.ravel(), distance.ravel())
    if near is None:
        return None
    order = np.argsort(near, kind="stable")[:MAX_PAIRS]
    order = order[near[order] <= MAYBE]
    row, column = row[order], column[order]
    return _Maybe(view[row, column], row, other[row, column], near[order])


def _chance_of_agreeing(
    grey: Grey, around: tuple[Ints, Ints, Floats], shown: Ints, pairs: tuple[Ints, Ints, Floats]
) -> tuple[Floats, Floats] | None:
    """(pairs,) chance that other images agree as well with `row` and `other` as the two do, `pairs` (row, other, agreement),
    from those `around` each; and the same of decoys, pairs of images that agree though no hash is near. None when they
    cannot tell."""
    import numpy as np

    view, nearest, distance = around
    row, other, agreed = pairs
    looked, k = _looked_at(np.union1d(row, other), shown.size), min(LAID_OVER, nearest.shape[1])
    one, two = np.repeat(looked, k), nearest[looked, :k].ravel()
    unlike = _unlike(_agreement(grey, view[looked, :k].ravel(), shown[one], shown[two]))
    usual = np.sort(unlike.reshape(-1, k), axis=1)
    chance = _chance(usual, looked, row, other, _unlike(agreed))
    every = np.arange(shown.size)
    near = _chance(distance, every, one, two, distance[looked, :k].ravel())
    if chance is None or near is None:
        return None
    # Two that agree with each other as with no third may be copies. Of what agrees by chance, each has several.
    best = unlike.reshape(-1, k).min(axis=1)
    place = np.minimum(np.searchsorted(looked, two), looked.size - 1)
    mutual = (unlike <= np.repeat(best, k)) & (unlike <= best[place])
    decoy = (near > MAYBE) & (unlike <= _unlike(np.array(AGREEING))) & (looked[place] == two) & ~mutual
    decoys = _chance(usual, looked, one[decoy], two[decoy], unlike[decoy])
    return chance, np.empty(0) if decoys is None else decoys


def _as_decoys(chance: Floats, named: NDArray[np.bool_], decoys: Floats) -> NDArray[np.bool_]:
    """(pairs,) whether too many `decoys` agree as well, beside the pairs that would be `named` and agree no less.

    Source: J. Elias and S. Gygi, Nature Methods 4, 2007 (target and decoy).
    """
    import numpy as np

    order = np.flatnonzero(named)[np.argsort(chance[named], kind="stable")]
    beside = np.searchsorted(np.sort(decoys), chance[order], side="right") / np.arange(1, order.size + 1)
    held = np.flatnonzero(beside <= DECOYS)
    refused = np.ones(chance.size, dtype=bool)
    refused[order[: held[-1] + 1 if held.size else 0]] = False
    return refused


def _nearest_of_views(index: Ints, apart: Floats) -> tuple[Ints, Ints, Floats]:
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


def _chance(distance: Floats, rows: Ints, row: Ints, other: Ints, near: Floats) -> Floats | None:
    """(pairs,) chance that images come so `near` to `row` and to `other`, whichever is greater, where `distance`
    (rows, k) are those of the nearest neighbours of `rows`, sorted; None when they cannot tell."""
    import numpy as np

    from governance.measures.perceptual_hash import near_chance

    chances = [near_chance(distance, np.searchsorted(rows, one), near) for one in (row, other)]
    return None if chances[0] is None or chances[1] is None else np.maximum(chances[0], chances[1])


def _looked_at(wanted: Ints, count: int) -> Ints:
    """`wanted` rows of so many, and where they are few, evenly spaced others, sorted."""
    import numpy as np

    from governance.measures.evenly_spaced import evenly_spaced

    others = np.setdiff1d(np.arange(count), wanted)
    return np.union1d(wanted, others[evenly_spaced(others.size, max(FEWEST - wanted.size, 0))])


def _unlike(agreed: Floats) -> Floats:
    """Distances of unit vectors that correlate so, over the square root of 2."""
    import numpy as np

    return np.sqrt(np.maximum(1 - agreed, 0.0))


def _agreement(grey: Grey, view: Ints, row: Ints, other: Ints) -> Floats:
    """(pairs,) how well the fine structures of `row` and `other` agree, the first laid over the second from its `view` on
    (0 as it is, then VIEWS). Not all images are in memory at once."""
    import numpy as np

    from governance.measures.image_views import VIEWS, View
    from governance.measures.registration import registered_agreement, start

    starts = np.stack([start(one) for one in (View(), *VIEWS)])
    agreed = np.zeros(row.size)
    for begin in range(0, row.size, AT_ONCE):
        part = slice(begin, begin + AT_ONCE)
        wanted, place = np.unique(np.concatenate([row[part], other[part]]), return_inverse=True)
        one, two = np.split(grey(wanted)[place], 2)
        agreed[part] = registered_agreement(one, two, starts[view[part]])
    return agreed
