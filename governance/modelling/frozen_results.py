"""How an approved model did, row by row on the rows that judged it, kept for the next model to be compared with.

A row is named by the hash of what it holds, label included, so results are only ever compared on equal rows. What is
kept says how wrong the model was and not what it said.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from governance.canonical import DECIMALS, canonical_json, digest_of_bytes
from governance.dataset import Task
from governance.errors import DataError
from governance.files import write_atomic
from governance.model import read_training_info
from governance.references import RESULTS, approved_keys, results_path

if TYPE_CHECKING:
    import polars as pl

COLUMNS = ("row_id", "split", "harm")


def freeze(folder: Path, root: Path, model: str) -> Path:
    """Keep the results of the model in `folder` (`build/models/<model>`) as the last approved ones of `model`.

    Writes `references/<model>/results-<key>.parquet` and adds the key to `references/<model>/results.json`; the same
    results give the same bytes. Returns the Parquet file. Raises DataError when there are no held-out results.
    """
    results = results_of(folder)
    if results.height == 0:
        raise DataError(f"{model} has no held-out rows, so there is nothing that another model could be compared with")
    key = results_key(results)
    path = results_path(root, model, key)
    path.parent.mkdir(parents=True, exist_ok=True)
    results.write_parquet(path, compression="zstd", statistics=False)
    keys = [known for known in approved_keys(root, model) if known != key]
    write_atomic(path.parent / RESULTS, canonical_json({"approved": [*keys, key]}))
    return path


def results_of(folder: Path) -> pl.DataFrame:
    """`row_id`, `split` and `harm` of every held-out row, by row_id: a mistake (0 or 1), or the absolute error.

    Raises DataError when the predictions are missing or were changed.
    """
    import polars as pl

    info = read_training_info(folder / "predictions.json")
    path = folder / "predictions.parquet"
    if not path.is_file() or digest_of_bytes(path.read_bytes()) != info.predictions_digest:
        raise DataError("predictions.parquet is missing or was changed after it was written; run: dvc repro")
    label, predicted = pl.col("label"), pl.col("predicted")
    harm = (label != predicted).cast(pl.Float64) if info.task is Task.CLASSIFICATION else (predicted - label).abs()
    rows = pl.read_parquet(path).filter(pl.col("split").is_in(list(info.held_out)))
    return rows.select("row_id", "split", harm=harm.round(DECIMALS)).sort("row_id")


def data_of(folder: Path) -> str:
    """Digest of the snapshot that the predictions in `folder` are of. Raises DataError when they are missing."""
    return read_training_info(folder / "predictions.json").snapshot_digest


def results_key(results: pl.DataFrame) -> str:
    """sha256 of what the results say, whatever file holds them."""
    lines = (f"{row_id} {split} {harm:.{DECIMALS}f}" for row_id, split, harm in results.select(COLUMNS).iter_rows())
    return digest_of_bytes("\n".join(lines).encode())


def read_frozen(path: Path) -> pl.DataFrame:
    """Frozen results. Raises DataError when the file is missing, damaged, or does not say what its name says."""
    import polars as pl

    if not path.is_file():
        raise DataError(f"{path.name}, the results of the approved model, is missing; run: dvc pull, or git checkout")
    try:
        results = pl.read_parquet(path).select(COLUMNS)
    except (OSError, pl.exceptions.PolarsError):
        raise DataError(f"{path.name} is no file of frozen results") from None
    if results_path(path.parent, "", results_key(results)).name != path.name:
        raise DataError(f"{path.name} was changed after the model was approved")
    return results
