"""Snapshot: a lazy, read-only view of one dataset as it was at one moment.

On disk: `build/<dataset>/snapshot/<split>.parquet`, rows sorted by row_id, the columns as declared plus `row_id`
(string), `source_file` (string, relative to the declared path), `source_row` (int64, zero-based) and `split`.
An image column holds the bytes of the image file (binary).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from governance.dataset import ColumnType, Modality, Role, Task
from governance.manifest import Manifest, SnapshotColumn

if TYPE_CHECKING:
    import polars as pl

    from governance.signals import Signals

KEYS = ("row_id", "source_file", "source_row", "split")
"""Columns that every row has beside the declared ones."""


@dataclass(frozen=True)
class Snapshot:
    """What audits see. Nothing here changes the data."""

    manifest: Manifest
    folder: Path
    """Holds one Parquet file per split."""
    contract_folder: Path
    """`expectations/<dataset>/`: columns.yaml, schema.py, suite.json."""
    signals_folder: Path | None = None
    schema_reference: str | None = None
    """Path, or `module:Class`, of the Pandera model when it is not `schema.py` in the contract's folder."""
    suite_reference: str | None = None
    """Path of the GX suite when it is not `suite.json` in the contract's folder."""
    reviews_file: Path | None = None
    """`reviews/<dataset>.yaml`: what people said of a random sample of labels; may not exist."""
    reference_file: Path | None = None
    """Sketch of the version of this dataset that was approved last, other than this one; for audits whose `needs`
    names `reference`."""
    workspace: Path = Path()

    @property
    def name(self) -> str:
        """Name of the dataset."""
        return self.manifest.dataset

    @property
    def rows(self) -> int:
        """Rows over all splits."""
        return self.manifest.rows

    @property
    def splits(self) -> tuple[str, ...]:
        """Names of the splits, in the manifest's order."""
        return tuple(self.manifest.splits)

    @property
    def task(self) -> Task:
        """What the dataset is for."""
        return self.manifest.task

    @property
    def modality(self) -> Modality:
        """What a row mostly is."""
        return self.manifest.modality

    @property
    def target(self) -> str | None:
        """Name of the target column, None when there is none."""
        return self.manifest.target

    @property
    def columns(self) -> tuple[SnapshotColumn, ...]:
        """The declared columns, in their declared order."""
        return self.manifest.columns

    def column(self, name: str) -> SnapshotColumn:
        """The column named `name`. Raises KeyError."""
        return {column.name: column for column in self.columns}[name]

    def with_role(self, *roles: Role) -> tuple[SnapshotColumn, ...]:
        """Columns that have one of `roles`, in declared order."""
        return tuple(column for column in self.columns if column.resolved_role in roles)

    @property
    def features(self) -> tuple[SnapshotColumn, ...]:
        """Columns that a model may learn from: no target, identifier, group key, split, weight or ignored column."""
        usable = {
            Role.FEATURE,
            Role.SENSITIVE,
            Role.SPECIAL_CATEGORY,
            Role.QUASI_IDENTIFIER,
            Role.TEXT,
            Role.IMAGE,
        }
        return tuple(column for column in self.columns if column.resolved_role in usable)

    @property
    def image_column(self) -> str | None:
        """Name of the image column, if there is one."""
        return next((column.name for column in self.columns if column.type is ColumnType.IMAGE), None)

    def frame(self, *columns: str, split: str | None = None) -> pl.LazyFrame:
        """Rows of `split` (all when None) with the KEYS and `columns` (all when none named), in order of row_id.

        Splits come in the manifest's order. Read-only and lazy: nothing is loaded before `.collect()`.
        """
        import polars as pl

        wanted = [split] if split is not None else list(self.splits)
        frame = pl.concat([pl.scan_parquet(self.folder / f"{name}.parquet") for name in wanted])
        if columns:
            frame = frame.select([*KEYS, *[name for name in columns if name not in KEYS]])
        return frame

    @cached_property
    def signals(self) -> Signals:
        """Out-of-fold predictions, embeddings and neighbours. Only for audits whose `needs` names them."""
        from governance.signals import Signals

        if self.signals_folder is None:
            raise RuntimeError("this snapshot was opened without signals; name them in the audit's `needs`")
        return Signals.open(self.signals_folder)
