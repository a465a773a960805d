"""Folds: which rows a model learns from when it predicts the others.

Every assignment depends on what rows are (their ids, classes, groups, times), never on where they stand.
"""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray


def hashed_order(names: Sequence[str], seed: int = 0) -> NDArray[np.int64]:
    """Positions of `names` in an order that looks random and depends on the names and `seed` alone."""
    prefix = f"{seed}\x1f"
    keys = [hashlib.blake2b(f"{prefix}{name}".encode(), digest_size=8).digest() for name in names]
    numbers = np.frombuffer(b"".join(keys), dtype=">u8")
    order = np.argsort(numbers, kind="stable").astype(np.int64)
    if (np.diff(numbers[order]) == 0).any():  # one name twice, or two of one key
        order = np.array(sorted(range(len(names)), key=lambda position: (keys[position], names[position])), np.int64)
    return order


def random_folds(row_ids: Sequence[str], folds: int, seed: int = 0) -> NDArray[np.int64]:
    """Fold (0 to folds - 1) of each row; sizes differ by one row at most."""
    assigned = np.empty(len(row_ids), dtype=np.int64)
    assigned[hashed_order(row_ids, seed)] = np.arange(len(row_ids)) % folds
    return assigned


def stratified_folds(row_ids: Sequence[str], labels: ArrayLike, folds: int, seed: int = 0) -> NDArray[np.int64]:
    """Fold of each row, so that every class (and the whole) is spread over the folds as evenly as counts allow.

    `labels` (n,) are class numbers. A class with fewer rows than folds is missing from some folds.
    """
    order = hashed_order(row_ids, seed)
    by_class = order[np.argsort(np.asarray(labels)[order], kind="stable")]
    assigned = np.empty(len(row_ids), dtype=np.int64)
    # Dealing on from class to class, instead of starting each at fold 0, keeps the folds' sizes equal.
    assigned[by_class] = np.arange(len(row_ids)) % folds
    return assigned


def group_folds(
    groups: Sequence[Hashable], folds: int, labels: ArrayLike | None = None, seed: int = 0
) -> NDArray[np.int64]:
    """Fold of each row, with all rows of a group in one fold, and classes spread as evenly as groups allow.

    The largest groups are placed first, each where it leaves class counts most even. `labels` (n,) are class
    numbers, or None. Raises ValueError with fewer groups than folds.
    """
    number: dict[Hashable, int] = {}
    code = np.fromiter((number.setdefault(group, len(number)) for group in groups), np.int64, len(groups))
    if len(number) < folds:
        raise ValueError(f"{len(number)} groups cannot fill {folds} folds")
    classes = np.zeros(len(groups), dtype=np.int64) if labels is None else np.asarray(labels, dtype=np.int64)
    width = int(classes.max(initial=0)) + 1
    counts = np.zeros((len(number), width))
    np.add.at(counts, (code, classes), 1)
    totals = np.maximum(counts.sum(axis=0), 1)
    names = [str(group) for group in number]
    hashed = np.empty(len(names), dtype=np.int64)
    hashed[hashed_order(names, seed)] = np.arange(len(names))
    placed = np.zeros((folds, width))
    fold_of_group = np.empty(len(number), dtype=np.int64)
    for group in np.lexsort((hashed, -counts.sum(axis=1))):
        # Sum of squared shares grows least where the group's classes are rarest so far.
        growth = (((placed + counts[group]) / totals) ** 2 - (placed / totals) ** 2).sum(axis=1)
        fold = int(np.lexsort((np.arange(folds), placed.sum(axis=1), np.round(growth, 12)))[0])
        fold_of_group[group] = fold
        placed[fold] += counts[group]
    return fold_of_group[code]


def time_folds(row_ids: Sequence[str], times: ArrayLike, folds: int) -> NDArray[np.int64]:
    """Fold of each row by time: 0 holds the earliest rows. Equal times are ordered by row id.

    `times` (n,) are numbers, larger is later; NaN counts as earliest. Rows of one time may fall into two folds only
    when a fold would otherwise be empty.
    """
    moments = np.nan_to_num(np.asarray(times, dtype=np.float64), nan=-np.inf)
    rank = np.empty(len(row_ids), dtype=np.int64)
    rank[np.lexsort((np.asarray(row_ids, dtype=object).astype(str), moments))] = np.arange(len(row_ids))
    assigned = rank * folds // max(len(row_ids), 1)
    # One moment, one fold: otherwise a model would learn from the same day that it is tried on.
    _, moment = np.unique(moments, return_inverse=True)
    first = np.full(moment.max(initial=0) + 1, folds, dtype=np.int64)
    np.minimum.at(first, moment, assigned)
    whole = first[moment]
    return whole if np.unique(whole).size == min(folds, len(row_ids)) else assigned


def training_rows(assigned: NDArray[np.int64], fold: int, *, forward: bool = False) -> NDArray[np.bool_]:
    """Which rows a model may learn from before it predicts `fold`.

    With `forward` only earlier folds; the first, which has no past, is predicted from the fold that follows it.
    """
    if not forward:
        return np.not_equal(assigned, fold)
    return np.less(assigned, fold) if fold > 0 else np.equal(assigned, 1)
