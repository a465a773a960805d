"""Dataset to snapshot: reads the source, types it once, names and divides the rows, writes canonical Parquet.

Bad data is no exception here: whatever cannot be read becomes a manifest with outcome `failed` and the cause.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from governance.alike import spread
from governance.canonical import digest_of_bytes
from governance.contract import declared_digest, read_columns, with_roles
from governance.dataset import Column, ColumnType, DataConfig, Dataset, Format, Modality, Role, Task
from governance.decisions import FOLDER as DECISIONS
from governance.decisions import RowDecision, decisions_digest, in_force, read_decisions
from governance.errors import ConfigError, DataError
from governance.evidence import Outcome
from governance.hashing import files_under, folder_md5, hash_file
from governance.image_files import reference_type, sha256_of
from governance.ingestion.column_types import infer, typed
from governance.ingestion.exposure import classify
from governance.ingestion.quarantine import FILE, apply
from governance.ingestion.row_identity import assign_splits, row_hashes, snapshot_digest, with_row_ids
from governance.ingestion.source_files import read_rows
from governance.manifest import Manifest, OutsideImages, SnapshotColumn, folded

if TYPE_CHECKING:
    import polars as pl

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
            "decisions": "",
            "quarantined": None,
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
        source_path=config.path, task=config.task, target=config.target, decisions=decisions_digest(workspace, name),
    )  # fmt: skip
    try:
        decided = in_force(read_decisions(workspace / DECISIONS / f"{name}.yaml"))
        declared = read_columns(contract / "columns.yaml", shown)
        start = start.model_copy(update={"declared": declared_digest(config, declared)})
        start = start.model_copy(update=_hashed(config, workspace))
        frame, kind = read_rows(config, workspace)
        start = start.model_copy(update={"format": kind})
        frame, columns, types = _typed(frame, config, declared, kind, name)
        manifest = _write(start, config, frame, columns, types, folder, decided)
    except (DataError, ConfigError) as error:
        manifest = start.model_copy(update={"outcome": Outcome.FAILED, "reason": str(error)})
    (folder / VIEW).write_text(view_of(manifest).to_json(), encoding="utf-8")
    return manifest.sealed()


def open_view(folder: Path) -> Manifest:
    """The manifest's view that lies beside the Parquet files."""
    return Manifest.model_validate(spread(json.loads((folder / VIEW).read_text(encoding="utf-8"))))


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
    columns = [*declared, *(_undeclared(frame[c], config, kind, bool(declared)) for c in present if c not in known)]
    types: Literal["declared", "file", "inferred"] = "declared"
    if not declared:
        types = "file" if kind.typed else "inferred"
    result = with_roles(tuple(columns), config, name)
    for column in result:
        if kind is Format.IMAGE_FOLDER and column.type is ColumnType.IMAGE and _outside(frame[column.name]):
            continue
        series = typed(frame[column.name], column.type, config.path, config.read)
        frame = frame.with_columns(series.alias(column.name))
    return frame, result, types


def _outside(series: pl.Series) -> bool:
    """Whether a column of an image folder says where its images lie, and does not hold them."""
    return series.dtype == reference_type()


def _undeclared(series: pl.Series, config: DataConfig, kind: Format, others_declared: bool) -> Column:
    """A column that nobody declared: typed by its content; private where others are declared and it is not."""
    if kind is Format.IMAGE_FOLDER and _outside(series):
        return Column(name=series.name, type=ColumnType.IMAGE, public=False if others_declared else None)
    folder_name = kind is Format.IMAGE_FOLDER and str(series.dtype) == "String"  # `7` is a class there, no number
    found = ColumnType.CATEGORY if folder_name else infer(series, config.read)
    return Column(name=series.name, type=found, public=False if others_declared else None)


def _write(
    start: Manifest,
    config: DataConfig,
    frame: pl.DataFrame,
    columns: tuple[Column, ...],
    types: Literal["declared", "file", "inferred"],
    folder: Path,
    decided: Mapping[str, RowDecision],
) -> Manifest:
    import polars as pl

    names = [column.name for column in columns]
    frame = frame.with_columns(row_hashes(frame, columns))
    if config.split.method != "files":
        frame = frame.with_columns(assign_splits(frame, config.split).alias("split"))
    frame = with_row_ids(frame)
    quarantined = None
    if decided:
        cleaned = apply(frame, columns, config.target, decided)
        frame, quarantined = cleaned.frame, cleaned.counted
        cleaned.changes.write_parquet(folder / FILE, compression="zstd")
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
            "quarantined": quarantined,
            "splits": {split: frame.filter(pl.col("split") == split).height for split in splits},
            "split_method": config.split.method,
            "parquet": {split: digest_of_bytes((folder / f"{split}.parquet").read_bytes()) for split in splits},
            "outside": _outside_images(frame, columns),
            "classes": _classes(frame, config, completed, splits),
        }
    )


def _outside_images(frame: pl.DataFrame, columns: tuple[Column, ...]) -> OutsideImages | None:
    named = [c.name for c in columns if c.type is ColumnType.IMAGE and _outside(frame[c.name])]
    if not named:
        return None
    sizes = frame[named[0]].struct.field("size")
    return OutsideImages(files=sizes.len(), size_bytes=int(sizes.sum()))


def _completed(column: Column, series: pl.Series) -> SnapshotColumn:
    if column.type is ColumnType.IMAGE:
        series = sha256_of(series)  # equal images in two places are one
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
    return folded({
        split: {
            str(value): count
            for value, count in frame.filter(pl.col("split") == split)[target.name]
            .drop_nulls().cast(pl.String).value_counts().sort(target.name).iter_rows()
        }
        for split in splits
    })  # fmt: skip
