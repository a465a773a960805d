"""From a declared path to all rows of its files, as they are written, with where each row stands."""

from __future__ import annotations

import fnmatch
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from governance.adapters.hugging_face import IMAGE_ENDINGS, read_images, read_table
from governance.dataset import DataConfig, Format
from governance.errors import DataError
from governance.hashing import files_under
from governance.reading.typed_cells import nested_as_json

if TYPE_CHECKING:
    import polars as pl


class ColumnNamedSplit(DataError):
    """A file has a column `split`, and the rows are not divided by it. `columns` are the names of all of its columns."""

    def __init__(self, message: str, columns: tuple[str, ...]) -> None:
        super().__init__(message)
        self.columns = columns


ENDINGS = {
    ".csv": Format.CSV,
    ".tsv": Format.TSV,
    ".tab": Format.TSV,
    ".jsonl": Format.JSONL,
    ".ndjson": Format.JSONL,
    ".json": Format.JSONL,
    ".parquet": Format.PARQUET,
    ".pq": Format.PARQUET,
    ".arrow": Format.ARROW,
    ".feather": Format.ARROW,
    ".txt": Format.TEXT,
    ".csv.gz": Format.CSV,
    ".tsv.gz": Format.TSV,
    ".jsonl.gz": Format.JSONL,
}


def detect_format(path: Path, shown: str) -> Format:
    """The format by a file's ending, or an image folder. Raises DataError with what is known."""
    if path.is_dir():
        if any(file.suffix.lower() in IMAGE_ENDINGS for file in files_under(path)):
            return Format.IMAGE_FOLDER
        kinds = {kind for file in files_under(path) if (kind := by_ending(file))}
        if len(kinds) == 1:
            return kinds.pop()
        if not kinds:
            raise DataError(f"{shown} is a folder without any file of a known ending")
        raise DataError(f"{shown}: a folder needs `format:` when its files are of {len(kinds)} known formats")
    if kind := by_ending(path):
        return kind
    known = ", ".join(sorted(ENDINGS))
    raise DataError(f"{shown}: no format is known for this ending; declare `format:`, or use one of {known}")


def by_ending(path: Path) -> Format | None:
    """The format that a file's ending stands for."""
    return next((kind for ending, kind in ENDINGS.items() if path.name.lower().endswith(ending)), None)


class Written(NamedTuple):
    """All rows of all files of a source."""

    frame: pl.DataFrame
    """Text formats as strings, missing cells as null."""
    kind: Format
    missing: dict[str, dict[str, int]]
    """Column to the declared markers that stand in it, and in how many cells each does."""


def read_rows(config: DataConfig, workspace: Path) -> Written:
    """All rows of all files as they are written, with `source_file`, `source_row` and, for `files`, `split`.

    Raises DataError.
    """
    import polars as pl

    path = workspace / config.path
    kind = config.format or detect_format(path, config.path)
    if kind is Format.IMAGE_FOLDER:
        frame = read_images(path, config.path, config.images_inside_mib * 2**20).with_columns(
            pl.lit(0, dtype=pl.Int64).alias("source_row")
        )
        if config.split.method == "files":
            frame = _images_by_pattern(frame, config)
        return Written(frame, kind, {})
    frames = []
    missing: dict[str, dict[str, int]] = {}
    for split, file in _files(config, path):
        shown = file.relative_to(workspace).as_posix()
        part = read_table(file, shown, kind, config.read)
        if kind.typed:
            part = nested_as_json(part)
        else:
            count_markers(part, config.read.na_values, missing)
            strings = pl.col(pl.String)
            marker = strings.is_in(list(config.read.na_values))
            part = part.with_columns(pl.when(marker).then(None).otherwise(strings).name.keep())
        if clash := {"row_id", "source_file", "source_row"} & set(part.columns):
            raise DataError(f"{shown}: {', '.join(sorted(clash))} are names that the snapshot uses itself; rename them")
        if split is not None and "split" in part.columns:
            raise ColumnNamedSplit(
                f"{shown} has a column `split` beside splits by file; rename it or use method `column`",
                tuple(part.columns),
            )
        if "split" in part.columns and config.split.method != "column":
            raise ColumnNamedSplit(
                f"{shown} has a column `split`, a name that the snapshot uses itself; rename it, or divide the rows "
                "by it with `split: {method: column, column: split}`",
                tuple(part.columns),
            )
        keys = [
            pl.lit(file.relative_to(path).as_posix() if path.is_dir() else file.name).alias("source_file"),
            pl.int_range(pl.len(), dtype=pl.Int64).alias("source_row"),
            *([pl.lit(split).alias("split")] if split is not None else []),
        ]
        frames.append((shown, part.with_columns(keys)))
    first_name, first = frames[0]
    for shown, part in frames[1:]:
        if set(part.columns) != set(first.columns):
            odd = sorted(set(part.columns) ^ set(first.columns))
            raise DataError(f"{shown} and {first_name} differ in columns: {', '.join(odd[:10])}")
    whole = pl.concat([part.select(first.columns) for _, part in frames], how="vertical_relaxed")
    return Written(whole, kind, missing)


def count_markers(frame: pl.DataFrame, markers: Sequence[str], missing: dict[str, dict[str, int]]) -> None:
    """Adds to `missing` in how many cells of each column each of the `markers` of missing values stands."""
    import polars as pl

    listed = list(markers)
    for column in frame.select(pl.col(pl.String)).iter_columns():
        found = column.filter(column.is_in(listed)).alias("marker")
        for marker, cells in found.value_counts(name="cells").iter_rows():
            held = missing.setdefault(column.name, {})
            held[marker] = held.get(marker, 0) + cells


def _images_by_pattern(frame: pl.DataFrame, config: DataConfig) -> pl.DataFrame:
    import polars as pl

    def split_of(file: str) -> str | None:
        return next((name for name, pattern in config.split.files.items() if fnmatch.fnmatch(file, pattern)), None)

    frame = frame.with_columns(pl.Series("split", [split_of(file) for file in frame["source_file"]], dtype=pl.String))
    return frame.filter(pl.col("split").is_not_null())


def _files(config: DataConfig, path: Path) -> list[tuple[str | None, Path]]:
    """(split or None, file), sorted. Raises DataError when a pattern matches nothing or a file twice."""
    if config.split.method != "files":
        if path.is_file() or not path.exists():
            return [(None, path)]
        files: list[tuple[str | None, Path]] = [(None, f) for f in files_under(path) if by_ending(f)]
        if not files:
            raise DataError(f"{config.path} is a folder without any file of a known ending")
        return files
    if not path.is_dir():
        raise DataError(f"{config.path} must be a folder when splits are given as file patterns")
    found: list[tuple[str | None, Path]] = []
    for split, pattern in config.split.files.items():
        matches = [f for f in files_under(path) if fnmatch.fnmatch(f.relative_to(path).as_posix(), pattern)]
        if not matches:
            raise DataError(f"{config.path}: no file matches {pattern!r} for split {split!r}")
        found.extend((split, match) for match in matches)
    twice = sorted({f.name for _, f in found if sum(other == f for _, other in found) > 1})
    if twice:
        raise DataError(f"{config.path}: {', '.join(twice)} would belong to more than one split")
    return found
