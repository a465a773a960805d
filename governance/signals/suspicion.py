"""A user's own class probabilities beside our own: what our folds say of the same rows, and whether the user's saw the labels."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from governance.signals.features import Made
from governance.signals.out_of_fold import Labelled, assign_folds, on_grid, predict

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from governance.snapshot import Snapshot

NEAREST = 10
"""Neighbours whose labels are asked."""


def second_word(
    snapshot: Snapshot, here: pl.DataFrame, known: Labelled, made: Made, folds: int
) -> NDArray[np.float64] | None:
    """Our own out-of-fold probabilities (rows, classes) of the labelled rows `here`; None below two rows a fold."""
    if known.rows.size < 2 * folds:
        return None
    features = made.features.rows(known.rows)
    return on_grid(predict(snapshot, features, known, assign_folds(snapshot, here, known, folds)).values)


def suspicion(
    here: pl.DataFrame, known: Labelled, values: NDArray[np.float64], own: NDArray[np.float64], made: Made
) -> dict[str, float]:
    """What `measures.in_sample.memorised` says of `values` beside `own` (rows, classes), for `SignalsInfo.in_sample`.

    `here` holds the labelled rows. Empty with too few of them for neighbours: there is nothing to compare with.
    """
    import numpy as np

    from governance.adapters.faiss import nearest
    from governance.measures.in_sample import memorised

    if known.rows.size < NEAREST + 1:
        return {}
    vectors = np.asarray(made.embedding[known.rows], dtype=np.float32)
    if not np.isfinite(vectors).all():
        return {}
    found = nearest(vectors, NEAREST, here["row_id"].rank("ordinal").to_numpy().astype(np.int64))
    result = memorised(known.label.astype(np.int64), values, own, found.index)
    return {name: float(value) for name, value in asdict(result).items() if value is not None}
