"""Dataset to snapshot: reads the source, types it once, names and divides the rows, writes canonical Parquet.

Bad data is no exception here: whatever cannot be read becomes a manifest with outcome `failed` and the cause.
"""

from __future__ import annotations

import fnmatch
import json
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from governance.adapters.hugging_face import IMAGE_ENDINGS, read_images, read_table
from governance.column_types import infer, typed
from governance.contract import declared_digest, read_columns, with_roles
from governance.dataset import Column, ColumnType, DataConfig, Dataset, Format, Modality, Role, Task
from governance.errors import ConfigError, DataError
from governance.evidence import Outcome, digest_of_bytes
from governance.exposure import classify
from governance.hashing import files_under, folder_md5, hash_file
from governance.manifest import Manifest, SnapshotColumn
from governance.row_identity import assign_splits, row_hashes, snapshot_digest, with_row_ids

if TYPE_CHECKING:
    import polars as pl

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
_LISTED = 50
"""A folder of more files than this is known to the manifest by its hash alone."""
_SPLIT_ORDER = {"train": 0, "validation": 1, "test": 2}
VIEW = "view.json"
"""What audits see of the manifest, in the snapshot's folder."""


def view_of(manifest: Manifest) -> Manifest:
    """The part of a manifest that audits may depend on: data and roles, not where they came from."""
    return manifest.model_copy(
        update={
            "sources": (),
            "files": 0,
            "source_path": "",
            "source_md5": "",
            "declared": "",
            "seal": "",
            "parquet": {},
        }
    )


def ingest(name: str, dataset: Dataset, workspace: Path, folder: Path, contract: Path, code: str) -> Manifest:
    """Write the snapshot of `dataset` into `folder` (which exists and is empty) and return its manifest.

    `contract` is `expectations/<name>`; `code` the digest of the code, from govern.lock.
    """
    config = dataset.data
    shown = f"expectations/{name}/columns.yaml"
    start = Manifest(
        dataset=name, outcome=Outcome.FAILED, reason="not read yet", declared="", code=code,
        source_path=config.path, task=config.task, target=config.target,
    )  # fmt: skip
    try:
        declared = read_columns(contract / "columns.yaml", shown)
        start = start.model_copy(update={"declared": declared_digest(config, declared)})
        start = start.model_copy(update=_hashed(config, workspace))
        frame, kind = read_rows(config, workspace)
        start = start.model_copy(update={"format": kind})
        frame, columns, types = _typed(frame, config, declared, kind, name)
        manifest = _write(start, config, frame, columns, types, folder)
    except (DataError, ConfigError) as error:
        manifest = start.model_copy(update={"outcome": Outcome.FAILED, "reason": str(error)})
    (folder / VIEW).write_text(view_of(manifest).to_json(), encoding="utf-8")
    return manifest.sealed()


def open_view(folder: Path) -> Manifest:
    """The manifest's view that lies beside the Parquet files."""
    return Manifest.model_validate(json.loads((folder / VIEW).read_text(encoding="utf-8")))


def _hashed(config: DataConfig, workspace: Path) -> dict[str, object]:
    path = workspace / config.path
    if not path.exists():
        raise DataError(f"{config.path} does not exist")
    if path.is_file():
        source = hash_file(path, config.path)
        return {"sources": (source,), "files": 1, "source_md5": source.md5}
    files = files_under(path)
    sources = [hash_file(file, file.relative_to(workspace).as_posix()) for file in files]
    md5 = folder_md5(path, sources, workspace)
    return {"sources": tuple(sources) if len(sources) <= _LISTED else (), "files": len(sources), "source_md5": md5}


def detect_format(path: Path, shown: str) -> Format:
    """The format by a file's ending, or an image folder. Raises DataError with what is known."""
    if path.is_dir():
        if any(file.suffix.lower() in IMAGE_ENDINGS for file in files_under(path)):
            return Format.IMAGE_FOLDER
        kinds = {kind for file in files_under(path) if (kind := _by_ending(file))}
        if len(kinds) == 1:
            return kinds.pop()
        if not kinds:
            raise DataError(f"{shown} is a folder without any file of a known ending")
        raise DataError(f"{shown}: a folder needs `format:` when its files are of {len(kinds)} known formats")
    if kind := _by_ending(path):
        return kind
    known = ", ".join(sorted(ENDINGS))
    raise DataError(f"{shown}: no format is known for this ending; declare `format:`, or use one of {known}")


def _by_ending(path: Path) -> Format | None:
    return next((kind for ending, kind in ENDINGS.items() if path.name.lower().endswith(ending)), None)


def read_rows(config: DataConfig, workspace: Path) -> tuple[pl.DataFrame, Format]:
    """All rows of all files as they are written, with `source_file`, `source_row` and, for `files`, `split`.

    Raises DataError.
    """
    import polars as pl

    path = workspace / config.path
    kind = config.format or detect_format(path, config.path)
    if kind is Format.IMAGE_FOLDER:
        frame = read_images(path, config.path).with_columns(pl.lit(0, dtype=pl.Int64).alias("source_row"))
        if config.split.method == "files":
            frame = _images_by_pattern(frame, config)
        return frame, kind
    frames = []
    for split, file in _files(config, path):
        shown = file.relative_to(workspace).as_posix()
        part = read_table(file, shown, kind, config.read)
        if clash := {"row_id", "source_file", "source_row"} & set(part.columns):
            raise DataError(f"{shown}: {', '.join(sorted(clash))} are names that the snapshot uses itself; rename them")
        if split is not None and "split" in part.columns:
            raise DataError(f"{shown} has a column `split` beside splits by file; rename it or use method `column`")
        if "split" in part.columns and config.split.method != "column":
            raise DataError(
                f"{shown} has a column `split`, a name that the snapshot uses itself; rename it, or divide the rows "
                "by it with `split: {method: column, column: split}`"
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
    return pl.concat([part.select(first.columns) for _, part in frames], how="vertical_relaxed"), kind


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
        files: list[tuple[str | None, Path]] = [(None, f) for f in files_under(path) if _by_ending(f)]
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


def _typed(
    frame: pl.DataFrame, config: DataConfig, declared: tuple[Column, ...], kind: Format, name: str
) -> tuple[pl.DataFrame, tuple[Column, ...], Literal["declared", "file", "inferred"]]:
    """The frame with every column in its logical type, columns in declared order, and where the types are from."""
    keys = {"source_file", "source_row"} | ({"split"} if config.split.method == "files" else set())
    present = [column for column in frame.columns if column not in keys]
    if missing := [column.name for column in declared if column.name not in present]:
        raise DataError(
            f"{config.path} has no column {', '.join(map(repr, missing))}, which expectations/{name}/columns.yaml "
            f"declares; it has: {', '.join(present[:30])}"
        )
    known = {column.name: column for column in declared}
    columns = [*declared, *(_undeclared(frame[c], config, bool(declared)) for c in present if c not in known)]
    types: Literal["declared", "file", "inferred"] = "declared"
    if not declared:
        types = "file" if kind.typed else "inferred"
    result = with_roles(tuple(columns), config, name)
    for column in result:
        series = typed(frame[column.name], column.type, config.path, config.read.decimal)
        frame = frame.with_columns(series.alias(column.name))
    return frame, result, types


def _undeclared(series: pl.Series, config: DataConfig, others_declared: bool) -> Column:
    """A column that nobody declared: typed by its content; private where others are declared and it is not."""
    return Column(name=series.name, type=infer(series, config.read.decimal), public=False if others_declared else None)


def _write(
    start: Manifest,
    config: DataConfig,
    frame: pl.DataFrame,
    columns: tuple[Column, ...],
    types: Literal["declared", "file", "inferred"],
    folder: Path,
) -> Manifest:
    import polars as pl

    names = [column.name for column in columns]
    frame = frame.with_columns(row_hashes(frame, columns))
    if config.split.method != "files":
        frame = frame.with_columns(assign_splits(frame, config.split).alias("split"))
    frame = with_row_ids(frame)
    splits = sorted(frame["split"].unique(), key=lambda split: (_SPLIT_ORDER.get(split, 3), split))
    for split in splits:
        part = frame.filter(pl.col("split") == split)
        part.select("row_id", "source_file", "source_row", "split", *[n for n in names if n != "split"]).write_parquet(
            folder / f"{split}.parquet", compression="zstd", statistics=True
        )
    completed = tuple(_completed(column, frame[column.name]) for column in columns)
    return start.model_copy(
        update={
            "outcome": Outcome.ASSESSED,
            "reason": "",
            "digest": snapshot_digest(frame, columns),
            "modality": _modality(columns),
            "types": types,
            "columns": completed,
            "rows": frame.height,
            "splits": {split: frame.filter(pl.col("split") == split).height for split in splits},
            "parquet": {split: digest_of_bytes((folder / f"{split}.parquet").read_bytes()) for split in splits},
            "classes": _classes(frame, config, completed, splits),
        }
    )


def _completed(column: Column, series: pl.Series) -> SnapshotColumn:
    private, because = classify(column, series)
    distinct = series.n_unique() - (1 if series.null_count() else 0)
    return SnapshotColumn(
        **column.model_dump(), private=private, private_because=because, nulls=series.null_count(), distinct=distinct
    )


def _modality(columns: tuple[Column, ...]) -> Modality:
    if any(column.type is ColumnType.IMAGE for column in columns):
        return Modality.IMAGE
    features = [c for c in columns if c.resolved_role in {Role.FEATURE, Role.TEXT, Role.SENSITIVE}]
    texts = [c for c in features if c.type is ColumnType.TEXT or c.role is Role.TEXT]
    return Modality.TEXT if texts and len(texts) >= len(features) / 2 else Modality.TABULAR


def _classes(
    frame: pl.DataFrame, config: DataConfig, columns: tuple[SnapshotColumn, ...], splits: list[str]
) -> dict[str, dict[str, int]]:
    import polars as pl

    target = next((column for column in columns if column.name == config.target), None)
    if target is None or config.task is not Task.CLASSIFICATION or target.private:
        return {}
    return {
        split: {
            str(value): count
            for value, count in frame.filter(pl.col("split") == split)[target.name]
            .drop_nulls().cast(pl.String).value_counts().sort(target.name).iter_rows()
        }
        for split in splits
    }  # fmt: skip
