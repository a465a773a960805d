"""Whether a user's own predictions look as if they had seen the labels: compared with our own folds and neighbours."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from governance.signals.features import Made
from governance.signals.out_of_fold import Labelled, assign_folds, predict

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from governance.snapshot import Snapshot

NEAREST = 10
"""Neighbours whose labels are asked."""


def suspicion(
    snapshot: Snapshot, here: pl.DataFrame, known: Labelled, values: NDArray[np.float64], made: Made, folds: int
) -> dict[str, float]:
    """What `measures.in_sample.memorised` says of `values` (rows, classes), for `SignalsInfo.in_sample`.

    `here` holds the labelled rows. Empty below two rows a fold: there is nothing to compare with.
    """
    import numpy as np

    from governance.adapters.faiss import nearest
    from governance.measures.in_sample import memorised

    if known.rows.size < max(2 * folds, NEAREST + 1):
        return {}
    own = predict(snapshot, made.features.rows(known.rows), known, assign_folds(snapshot, here, known, folds))
    vectors = np.asarray(made.embedding[known.rows], dtype=np.float32)
    if not np.isfinite(vectors).all():
        return {}
    found = nearest(vectors, NEAREST, here["row_id"].rank("ordinal").to_numpy().astype(np.int64))
    result = memorised(known.label.astype(np.int64), values, own.values, found.index)
    return {name: float(value) for name, value in asdict(result).items() if value is not None}
