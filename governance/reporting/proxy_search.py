"""How well a sensitive column is predicted from the others, and by which of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from governance.dataset import ColumnType, Modality, Role
from governance.reporting.row_evidence import group_codes
from governance.telling import tell

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from governance.manifest import SnapshotColumn
    from governance.snapshot import Snapshot

SAMPLE = 5000
FOLDS = 5
CLASSES = 6
CLASS_ROWS = 20
TOP = 3
BINS = 16


@dataclass(frozen=True)
class Proxy:
    """One sensitive column."""

    column: str
    auc: float | None
    """0.5 is chance, 1 is certain; the mean over levels. None when it cannot be told; `note` then says why."""
    low: float | None = None
    high: float | None = None
    n: int = 0
    independent_units: int | None = None
    """Groups, where rows are not independent."""
    best: tuple[tuple[str, float], ...] = ()
    """Other columns that predict it best on their own, with their area under the curve."""
    note: str = ""


def find_proxies(snapshot: Snapshot, column: SnapshotColumn) -> Proxy:
    """Out-of-fold prediction of `column` from all other tabular features, on an evenly spaced sample of rows."""
    import polars as pl

    from governance.adapters.scikit_learn import Features, predict_classes
    from governance.measures.encoding import encode_table
    from governance.measures.evenly_spaced import evenly_spaced
    from governance.measures.ranking_auc import macro_auc

    tell(f"what predicts {column.name}")
    unused = {ColumnType.IMAGE, ColumnType.TEXT}
    others = [
        c for c in snapshot.features
        if c.name != column.name and c.type not in unused and c.resolved_role is not Role.TEXT and c.distinct > 1
    ]  # fmt: skip
    if not others:
        return Proxy(column.name, None, note="there is no other tabular feature")
    take = evenly_spaced(snapshot.rows, SAMPLE)
    frame = snapshot.frame(column.name, *[c.name for c in others]).select(pl.all().gather(take)).collect()
    label, classes = _classes(frame[column.name])
    known = label >= 0
    if classes < 2:
        return Proxy(column.name, None, note=f"fewer than two levels have {CLASS_ROWS} of the rows that were looked at")
    frame, label = frame.filter(pl.Series(known)), label[known]
    codes = group_codes(snapshot, frame["row_id"].to_list())
    folds = _folds(frame["row_id"].to_list(), label, codes)
    if folds is None:
        return Proxy(column.name, None, note="there are fewer groups than folds")
    matrix = encode_table(frame, others).matrix
    if matrix.shape[1] == 0:
        return Proxy(column.name, None, note="no other feature varies")
    scores = predict_classes(Features(matrix), label, classes, folds, modality=Modality.TABULAR, quick=True).values
    auc, low, high = macro_auc(scores, label, codes)
    best = sorted(
        ((c.name, _alone(frame[c.name], c, label, folds, classes)) for c in others), key=lambda x: (-x[1], x[0])
    )
    independent = None if codes is None else len(set(codes.tolist()))
    return Proxy(column.name, auc, low, high, int(label.size), independent, tuple(best[:TOP]))


def _classes(series: pl.Series) -> tuple[NDArray[np.int64], int]:
    """The most frequent levels as numbers, or above and below the median; -1 for what is missing or rare."""
    import numpy as np
    import polars as pl

    from governance.measures.encoding import to_numbers

    if (series.dtype.is_numeric() or series.dtype.is_temporal()) and series.n_unique() > CLASSES:
        numbers = to_numbers(series)
        known = np.isfinite(numbers)
        if known.sum() < 2 * CLASS_ROWS:
            return np.full(numbers.size, -1), 0
        upper = numbers > np.median(numbers[known])
        return np.where(known, upper, -1).astype(np.int64), 2 if 0 < upper[known].sum() < known.sum() else 1
    text = series.cast(pl.String)
    counts = text.drop_nulls().value_counts(name="_rows").filter(pl.col("_rows") >= CLASS_ROWS)
    levels = counts.sort(["_rows", text.name], descending=[True, False])[text.name].head(CLASSES).to_list()
    if not levels:
        return np.full(text.len(), -1), 0
    place = text.replace_strict(levels, list(range(len(levels))), default=-1, return_dtype=pl.Int64)
    return place.fill_null(-1).to_numpy().astype(np.int64), len(levels)


def _folds(row_id: list[str], label: NDArray[np.int64], codes: NDArray[np.int64] | None) -> NDArray[np.int64] | None:
    from governance.measures.folds import group_folds, stratified_folds

    if codes is None:
        return stratified_folds(row_id, label, FOLDS)
    groups = codes.tolist()
    return group_folds(groups, FOLDS, label) if len(set(groups)) >= FOLDS else None


def _alone(
    series: pl.Series, column: SnapshotColumn, label: NDArray[np.int64], folds: NDArray[np.int64], classes: int
) -> float:
    """Area under the curve of one column on its own, in bins."""
    import numpy as np
    import polars as pl

    from governance.measures.encoding import to_numbers
    from governance.measures.grids import bin_of, cut_points
    from governance.measures.ranking_auc import binned_scores, macro_auc

    if column.type.numeric or series.dtype.is_temporal():
        numbers = to_numbers(series)
        known = np.isfinite(numbers)
        bins = np.where(known, 1 + bin_of(np.where(known, numbers, 0.0), cut_points(numbers[known], BINS, least=5)), 0)
    else:
        text = series.cast(pl.String)
        bins = text.rank("dense").cast(pl.Int64).fill_null(0).to_numpy().astype(np.int64)
    return macro_auc(binned_scores(bins, label, folds, classes), label)[0]
