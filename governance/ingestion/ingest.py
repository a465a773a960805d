"""Dataset to snapshot: reads the source, types it once, names and divides the rows, writes canonical Parquet.

Bad data is no exception here: whatever cannot be read becomes a manifest with outcome `failed` and the cause.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from governance.canonical import digest_of_bytes
from governance.contract import declared_digest, read_columns
from governance.dataset import Column, ColumnType, DataConfig, Dataset, Modality, Role, Task
from governance.decision_files import decisions_digest, read_decisions
from governance.decisions import Sitting, in_force
from governance.errors import ConfigError, DataError
from governance.evidence import Outcome
from governance.hashing import files_under, folder_md5, hash_file
from governance.image_files import sha256_of
from governance.ingestion.exposure import classify
from governance.ingestion.found_rows import find_rows
from governance.ingestion.quarantine import FILE, Cleaned, apply
from governance.ingestion.row_identity import assign_splits, row_hashes, snapshot_digest, with_row_ids
from governance.ingestion.source_files import read_rows
from governance.ingestion.typed_columns import Rows, outside, typed_rows
from governance.ingestion.view import VIEW, view_of
from governance.manifest import Manifest, OutsideImages, SnapshotColumn, folded, ordered

if TYPE_CHECKING:
    import polars as pl

_LISTED = 50
"""A folder of more files than this is known to the manifest by its hash alone."""
_KEYS = ("row_id", "source_file", "source_row", "split")


@dataclass(frozen=True)
class Made:
    """A snapshot in memory."""

    manifest: Manifest
    """Without the digests of files."""
    frame: pl.DataFrame
    """All rows of all splits, typed, with `row_hash` and the keys, sorted by split and row_id; empty when it failed."""
    cleaned: Cleaned | None = None
    """What people's decisions changed, None without any."""

    def parts(self) -> dict[str, pl.DataFrame]:
        """Of each split, in the manifest's order, the rows as they lie on disk: the keys and the columns, in their order."""
        import polars as pl

        rows = self.frame.select(*_KEYS, *[c.name for c in self.manifest.columns if c.name not in _KEYS])
        return {split: rows.filter(pl.col("split") == split) for split in self.manifest.splits}


def ingest(name: str, dataset: Dataset, workspace: Path, folder: Path, contract: Path, code: str) -> Manifest:
    """Write the snapshot of `dataset` into `folder` (which exists and is empty) and return its manifest.

    `contract` is `expectations/<name>`; `code` the digest of the code, from govern.lock.
    """
    made = make(name, dataset, workspace, contract, code)
    manifest = made.manifest
    if manifest.outcome is Outcome.ASSESSED:
        manifest = manifest.model_copy(update={"parquet": _write(made, folder)})
    (folder / VIEW).write_text(view_of(manifest).to_json(), encoding="utf-8")
    return manifest.sealed()


def make(name: str, dataset: Dataset, workspace: Path, contract: Path, code: str, rows: Rows | None = None) -> Made:
    """As `ingest`, and nothing is written. `rows` is what was read of the source, which is read here without."""
    import polars as pl

    config = dataset.data
    shown = f"expectations/{name}/columns.yaml"
    start = Manifest(
        dataset=name, outcome=Outcome.FAILED, reason="not read yet", declared="", code=code,
        source_path=config.path, task=config.task, target=config.target, decisions=decisions_digest(workspace, name),
    )  # fmt: skip
    try:
        # First which file it is: what people wrote about it may be wrong, and the file the same as ever.
        start = start.model_copy(update=_hashed(config, workspace))
        declared = read_columns(contract / "columns.yaml", shown)
        start = start.model_copy(update={"declared": declared_digest(config, declared)})
        sittings = read_decisions(workspace, name)
        rows = rows or Rows(*read_rows(config, workspace), read={})
        start = start.model_copy(update={"format": rows.kind})
        frame, columns, types = typed_rows(rows, config, declared, name)
        return _made(start, config, frame, columns, types, sittings, rows.missing)
    except (DataError, ConfigError) as error:
        return Made(start.model_copy(update={"outcome": Outcome.FAILED, "reason": _reason(error)}), pl.DataFrame())


def _reason(error: DataError | ConfigError) -> str:
    """What went wrong, on one line: it stands within sentences of the gate and of documents."""
    told = "; ".join(error.problems) if isinstance(error, ConfigError) else str(error)
    return " ".join(line.strip() for line in told.split("\n"))


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


def _made(
    start: Manifest,
    config: DataConfig,
    frame: pl.DataFrame,
    columns: tuple[Column, ...],
    types: Literal["declared", "file", "inferred"],
    sittings: tuple[Sitting, ...],
    missing: Mapping[str, Mapping[str, int]],
) -> Made:
    frame = frame.with_columns(row_hashes(frame, columns))
    if config.split.method != "files":
        frame = frame.with_columns(assign_splits(frame, config.split).alias("split"))
    frame = with_row_ids(frame)
    cleaned = _decided(config, frame, columns, sittings) if sittings else None
    frame = cleaned.frame if cleaned else frame
    rows: dict[str, int] = dict(frame["split"].value_counts().iter_rows())
    splits = ordered(rows)
    completed = tuple(_completed(column, frame[column.name], missing.get(column.name, {})) for column in columns)
    manifest = start.model_copy(
        update={
            "outcome": Outcome.ASSESSED,
            "reason": "",
            "digest": snapshot_digest(frame, columns),
            "modality": _modality(columns),
            "types": types,
            "columns": completed,
            "rows": frame.height,
            "quarantined": cleaned.counted if cleaned else None,
            "splits": {split: rows[split] for split in splits},
            "split_method": config.split.method,
            "outside": _outside_images(frame, columns),
            "classes": _classes(frame, config, completed, splits),
        }
    )
    return Made(manifest, frame, cleaned)


def _decided(
    config: DataConfig, frame: pl.DataFrame, columns: tuple[Column, ...], sittings: tuple[Sitting, ...]
) -> Cleaned:
    found = find_rows(frame, columns, sittings)
    classes = config.task is Task.CLASSIFICATION
    cleaned = apply(frame, columns, config.target, in_force(found.sittings), classes=classes)
    told = {name: len(getattr(found, name)) for name in ("edited", "other_columns", "retyped")}
    return replace(cleaned, counted=cleaned.counted.model_copy(update=told))


def _write(made: Made, folder: Path) -> dict[str, str]:
    """The snapshot's Parquet files; returns the digest of each split's."""
    if made.cleaned:
        made.cleaned.changes.write_parquet(folder / FILE, compression="zstd")
    digests = {}
    for split, rows in made.parts().items():
        rows.write_parquet(folder / f"{split}.parquet", compression="zstd", statistics=True)
        digests[split] = digest_of_bytes((folder / f"{split}.parquet").read_bytes())
    return digests


def _outside_images(frame: pl.DataFrame, columns: tuple[Column, ...]) -> OutsideImages | None:
    named = [c.name for c in columns if c.type is ColumnType.IMAGE and outside(frame[c.name])]
    if not named:
        return None
    sizes = frame[named[0]].struct.field("size")
    return OutsideImages(files=sizes.len(), size_bytes=int(sizes.sum()))


def _completed(column: Column, series: pl.Series, missing: Mapping[str, int]) -> SnapshotColumn:
    if column.type is ColumnType.IMAGE:
        series = sha256_of(series)  # equal images in two places are one
    private, because = classify(column, series)
    distinct = series.n_unique() - (1 if series.null_count() else 0)
    return SnapshotColumn(
        **column.model_dump(), private=private, private_because=because, nulls=series.null_count(), distinct=distinct,
        missing_as=dict(sorted(missing.items())) if any(missing) else {},
    )  # fmt: skip


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
