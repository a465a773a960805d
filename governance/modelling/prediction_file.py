"""Predictions that somebody else made, from a file: aligned by key, never by position; nothing is guessed or filled."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from governance.adapters.estimators import Predicted
from governance.errors import DataError

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

PREDICTED = "predicted"
SUM_TOLERANCE = 1e-3
"""Probabilities of a row may miss 1 by this much through rounding; they are then divided by their sum."""


def aligned(
    path: Path, key: str, rows: pl.DataFrame, unlabelled: tuple[str, ...], classes: tuple[str, ...] | None
) -> tuple[Predicted, NDArray[np.bool_], tuple[str, ...]]:
    """Predictions for the `rows` (columns `split` and `key`, strings) that the file covers, which those are, and notes.

    The file may leave out whole splits, and nothing less. It may hold rows without a target (`unlabelled`, their
    keys), which are not used. `classes` are the data's; None for regression. Raises DataError with the counts of
    missing, extra and doubled keys, and of values that cannot be used.
    """
    import polars as pl

    table = _read(path)
    if key not in table.columns:
        raise DataError(f"{path.name} has no column {key!r}, which names each row; it has: {', '.join(table.columns)}")
    table = table.with_columns(pl.col(key).cast(pl.String))
    wanted = rows.select("split", "key")
    if table[key].null_count():
        raise DataError(f"{path.name}: {table[key].null_count()} rows have no {key}")
    own_doubles = wanted.height - wanted["key"].n_unique()
    if own_doubles or wanted["key"].null_count():
        raise DataError(
            f"column {key} of the dataset does not name each row: {own_doubles} values are doubled, "
            f"{wanted['key'].null_count()} are missing; give another `key`, such as row_id"
        )
    doubled = table.height - table[key].n_unique()
    known = pl.Series("known", [*wanted["key"].to_list(), *unlabelled], dtype=pl.String)
    extra = int((~table[key].is_in(known.implode())).sum())
    covered = wanted.with_columns(found=pl.col("key").is_in(table[key].implode()))
    some = covered.group_by("split").agg(pl.col("found").any()).filter("found")["split"]
    needed = covered["split"].is_in(some.implode())
    missing = int((needed & ~covered["found"]).sum())
    if doubled or extra or missing or not some.len():
        raise DataError(
            f"{path.name} does not fit the dataset by {key}: {missing if some.len() else wanted.height} keys are "
            f"missing, {extra} are extra, {doubled} are doubled; every row of a split needs exactly one prediction"
        )
    picked = (
        wanted.filter(needed).select(pl.col("key").alias(key)).join(table, on=key, how="left", maintain_order="left")
    )
    predicted, notes = _numbers(picked, path.name) if classes is None else _classes(picked, key, classes, path.name)
    return predicted, needed.to_numpy(), notes


def _read(path: Path) -> pl.DataFrame:
    import polars as pl

    try:
        if path.suffix.lower() == ".parquet":
            return pl.read_parquet(path)
        return pl.read_csv(path, infer_schema=False)
    except FileNotFoundError:
        raise DataError(f"{path.name} is missing; the model's declaration in params.yaml names it") from None
    except (pl.exceptions.PolarsError, OSError) as error:
        raise DataError(f"{path.name} cannot be read: {type(error).__name__}") from None


def _floats(table: pl.DataFrame, columns: list[str], name: str) -> NDArray[np.float64]:
    import numpy as np
    import polars as pl

    matrix = table.select(pl.col(columns).cast(pl.Float64, strict=False)).to_numpy().astype(np.float64)
    if bad := int((~np.isfinite(matrix)).any(axis=1).sum()):
        raise DataError(f"{name}: {bad} of {table.height} rows hold a prediction that is no finite number")
    return matrix


def _numbers(table: pl.DataFrame, name: str) -> tuple[Predicted, tuple[str, ...]]:
    if PREDICTED not in table.columns:
        raise DataError(f"{name} has no column {PREDICTED!r}; it has: {', '.join(table.columns)}")
    return Predicted((), _floats(table, [PREDICTED], name)[:, 0], None), ()


def _classes(table: pl.DataFrame, key: str, classes: tuple[str, ...], name: str) -> tuple[Predicted, tuple[str, ...]]:
    import numpy as np
    import polars as pl

    others = [column for column in table.columns if column not in {key, PREDICTED}]
    notes: list[str] = []
    probabilities = None
    if others:
        strangers, absent = sorted(set(others) - set(classes)), sorted(set(classes) - set(others))
        if strangers or absent:
            raise DataError(
                f"{name}: beside {key!r} and {PREDICTED!r} every column is a class of the data; "
                f"{len(strangers)} columns are none ({', '.join(strangers[:5])}), {len(absent)} classes have no column"
            )
        probabilities = _floats(table, list(classes), name)
        sums = probabilities.sum(axis=1)
        if bad := int(((probabilities < 0).any(axis=1) | (abs(sums - 1) > SUM_TOLERANCE)).sum()):
            raise DataError(
                f"{name}: {bad} of {table.height} rows hold probabilities that are negative or do not sum to 1"
            )
        if off := int((abs(sums - 1) > 1e-9).sum()):
            notes.append(f"probabilities of {off} rows were rounded in the file and divided by their sum")
        probabilities = probabilities / sums[:, None]
    if PREDICTED in table.columns:
        codes = (
            table[PREDICTED]
            .cast(pl.String)
            .replace_strict(list(classes), list(range(len(classes))), default=None, return_dtype=pl.Int64)
        )
        if codes.null_count():
            raise DataError(f"{name}: {codes.null_count()} of {table.height} predictions name no class of the data")
        return Predicted(classes, codes.to_numpy(), probabilities), tuple(notes)
    if probabilities is None:
        raise DataError(f"{name} has neither a column {PREDICTED!r} nor one probability column per class")
    return Predicted(classes, probabilities.argmax(axis=1).astype(np.int64), probabilities), tuple(notes)
