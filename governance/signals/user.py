"""A user's own predictions and embeddings, aligned to the snapshot's rows by key and never by position alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from governance.errors import GovernanceError
from governance.signals import Absent

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from governance.dataset import UserSignals

SUM_TOLERANCE = 1e-3
"""Probabilities of a row may miss 1 by this much, as printed ones do; they are then rescaled, and the notes say so."""


@dataclass(frozen=True)
class Aligned:
    """A user's numbers in the snapshot's order of rows."""

    values: NDArray[np.float64]
    """(rows, columns)."""
    notes: tuple[str, ...]


class Misaligned(GovernanceError):
    """The file cannot be used. Carries the reason as an absent signal."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.absent = Absent(outcome="failed", code=code, reason=reason)


def read_probabilities(path: Path, shown: str, key: str, keys: pl.Series, classes: Sequence[str]) -> Aligned:
    """Probabilities (rows, classes) for the rows named by `keys`, rows summing to 1. Raises Misaligned."""
    import numpy as np

    frame, notes = _aligned(path, shown, key, keys)
    missing = [name for name in classes if name not in frame.columns]
    if missing:
        raise Misaligned(
            "classes_missing", f"{shown} has no column for {len(missing)} of {len(classes)} classes; name one per class"
        )
    if extra := [name for name in frame.columns if name not in {*classes, key}]:
        notes.append(f"{len(extra)} columns of {shown} name no class and were not used")
    values = _numbers(frame.select(classes), shown)
    sums = values.sum(axis=1)
    if (values < 0).any() or (np.abs(sums - 1) > SUM_TOLERANCE).any():
        count = int(((values < 0).any(axis=1) | (np.abs(sums - 1) > SUM_TOLERANCE)).sum())
        raise Misaligned(
            "not_probabilities", f"{count} of {len(values)} rows of {shown} are negative or do not sum to 1"
        )
    if rescaled := int((np.abs(sums - 1) > 1e-9).sum()):
        missed = float(np.abs(sums - 1).max())
        notes.append(f"{rescaled} rows of {shown} were rescaled to sum to 1 (they missed it by {missed:.1g} at most)")
    return Aligned(values / sums[:, None], tuple(notes))


def read_predicted(path: Path, shown: str, key: str, keys: pl.Series) -> Aligned:
    """Predicted values (rows, 1) from the file's column `predicted`. Raises Misaligned."""
    frame, notes = _aligned(path, shown, key, keys)
    if "predicted" not in frame.columns:
        raise Misaligned("no_predicted_column", f"{shown} has no column `predicted`")
    return Aligned(_numbers(frame.select("predicted"), shown), tuple(notes))


def read_embeddings(path: Path, shown: str, key: str, keys: pl.Series) -> Aligned:
    """Embeddings (rows, dimensions) from one list column `embedding`, or from all other columns. Raises Misaligned."""
    import numpy as np
    import polars as pl

    frame, notes = _aligned(path, shown, key, keys)
    if "embedding" in frame.columns:
        vectors = frame["embedding"]
        if not isinstance(vectors.dtype, pl.List | pl.Array):
            raise Misaligned("not_numbers", f"column `embedding` of {shown} holds no lists of numbers")
        lists = vectors.cast(pl.List(pl.Float64), strict=False)
        if lists.null_count() or lists.list.len().n_unique() > 1:
            raise Misaligned("ragged_embeddings", f"embeddings in {shown} are missing or differ in length")
        values = np.array(lists.to_list(), dtype=np.float64).reshape(frame.height, -1)
        if not np.isfinite(values).all():
            raise Misaligned("not_finite", f"{shown} holds missing or infinite numbers")
    else:
        values = _numbers(frame.drop(key), shown)
    if values.shape[1] == 0:
        raise Misaligned("no_dimensions", f"{shown} has no column beside the key")
    return Aligned(values, tuple(notes))


def _aligned(path: Path, shown: str, key: str, keys: pl.Series) -> tuple[pl.DataFrame, list[str]]:
    """The file's rows in the order of `keys`; every key exactly once on both sides, more in the file allowed."""
    import polars as pl

    frame = _read(path, shown)
    if key not in frame.columns:
        raise Misaligned("no_key_column", f"{shown} has no key column {key!r}")
    frame = frame.with_columns(pl.col(key).cast(pl.String))
    wanted = keys.cast(pl.String).alias(key)
    empty = wanted.null_count()
    doubled_here = wanted.len() - wanted.n_unique()
    doubled_there = int(frame.filter(pl.col(key).is_in(wanted.implode()))[key].is_duplicated().sum())
    known = wanted.is_in(frame[key].implode())
    absent = int((~known.fill_null(False)).sum())
    if empty or doubled_here or doubled_there or absent:
        raise Misaligned(
            "misaligned",
            f"{shown} does not match the dataset by {key!r}: {absent} of {wanted.len()} rows have no entry, "
            f"{doubled_there} entries share their key, and in the dataset {doubled_here} keys repeat and {empty} are "
            f"missing",
        )
    extra = frame.height - wanted.len()
    notes = [f"{extra} entries of {shown} name no row of the dataset and were not used"] if extra else []
    return wanted.to_frame().join(frame, on=key, how="left", maintain_order="left"), notes


def _read(path: Path, shown: str) -> pl.DataFrame:
    import polars as pl

    try:
        if path.suffix.lower() == ".csv":
            return pl.read_csv(path, infer_schema=False)
        return pl.read_parquet(path)
    except FileNotFoundError:
        raise Misaligned("file_missing", f"{shown} does not exist") from None
    except (OSError, pl.exceptions.PolarsError) as error:
        raise Misaligned("unreadable", f"{shown} cannot be read: {type(error).__name__}") from None


def _numbers(frame: pl.DataFrame, shown: str) -> NDArray[np.float64]:
    import numpy as np
    import polars as pl

    values = frame.select(pl.all().cast(pl.Float64, strict=False)).fill_null(float("nan")).to_numpy()
    if not np.isfinite(values).all():
        count = int((~np.isfinite(values)).any(axis=1).sum())
        raise Misaligned("not_finite", f"{count} of {len(values)} rows of {shown} hold missing or infinite numbers")
    return np.ascontiguousarray(values, dtype=np.float64)


def keys_of(user: UserSignals, frame: pl.DataFrame) -> pl.Series:
    """The column of the dataset that the user's rows are aligned by. Raises Misaligned."""
    if user.key not in frame.columns:
        raise Misaligned("no_key_column", f"the dataset has no column {user.key!r} to align the user's signals by")
    return frame[user.key]
