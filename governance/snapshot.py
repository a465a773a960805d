"""Snapshot: a lazy, read-only view of one dataset as it was at one moment.

On disk: `build/<dataset>/snapshot/<split>.parquet`, rows sorted by row_id, the columns as declared plus `row_id`
(string), `source_file` (string, relative to the declared path), `source_row` (int64, zero-based) and `split`.
An image column holds the bytes of the image file (binary); where `manifest.outside` is set, its path relative to the
workspace, sha256 and size (see governance.image_files). Readers see no difference.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from governance.dataset import ColumnType, Modality, Role, Task
from governance.image_files import bytes_of, read_image, sha256_of
from governance.manifest import Manifest, SnapshotColumn
from governance.read_options import ReadOptions

if TYPE_CHECKING:
    import polars as pl

    from governance.signals import Signals

KEYS = ("row_id", "source_file", "source_row", "split")
"""Columns that every row has beside the declared ones."""
AS_USUAL = ReadOptions()
_AT_ONCE = 256
"""Images that lie inside the snapshot are read so many at a time."""


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
    read: ReadOptions = AS_USUAL
    """How the data was read where it is text; a file of reference rows is read likewise."""

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
    def grouping(self) -> SnapshotColumn | None:
        """The column that tells which rows belong together: one with role `group`, else an identifier that repeats.

        None when rows count as independent.
        """
        return next(iter((*self.with_role(Role.GROUP), *self.repeated_identifiers)), None)

    @property
    def repeated_identifiers(self) -> tuple[SnapshotColumn, ...]:
        """Identifiers that several rows share: they name what rows are about, and no row."""
        named = self.with_role(Role.IDENTIFIER)
        return tuple(column for column in named if 1 < column.distinct < self.rows - column.nulls)

    @property
    def features(self) -> tuple[SnapshotColumn, ...]:
        """Columns that a model may learn from: no target, identifier, group key, split, weight or ignored column."""
        return tuple(column for column in self.columns if column.resolved_role.learnable)

    @property
    def image_column(self) -> str | None:
        """Name of the image column, if there is one."""
        return next((column.name for column in self.columns if column.type is ColumnType.IMAGE), None)

    def frame(self, *columns: str, split: str | None = None, sha256: bool = False) -> pl.LazyFrame:
        """Rows of `split` (all when None) with the KEYS and `columns` (all when none named), in order of row_id.

        Splits come in the manifest's order. Read-only and lazy: nothing is loaded before `.collect()`. An image is its
        bytes, or with `sha256` their digest (hex), which tells images apart without holding them. Many images are read
        with `images`, one at a time. Raises SourceChanged as `images` does.
        """
        import polars as pl

        frame = self._stored(split)
        if columns:
            frame = frame.select([*KEYS, *[name for name in columns if name not in KEYS]])
        if not sha256 and self.manifest.outside is None:
            return frame
        read = sha256_of if sha256 else partial(bytes_of, root=self.workspace)
        kind = pl.String() if sha256 else pl.Binary()
        images = [c.name for c in self.columns if c.type is ColumnType.IMAGE and (not columns or c.name in columns)]
        return frame.with_columns(pl.col(images).map_batches(read, return_dtype=kind, is_elementwise=True))

    def frame_without_images(self) -> pl.LazyFrame:
        """As `frame`, all columns but the images."""
        return self.frame("row_id", *[column.name for column in self.columns if column.type is not ColumnType.IMAGE])

    def images(self, row_id: Sequence[str] | None = None, column: str | None = None) -> Iterator[bytes | None]:
        """The image file of each row in `row_id` (of all rows, in the order of `frame`, when None), in that order.

        `column` says of which image column when there are several; the first when None. One image at a time is in memory where images lie outside the snapshot, and its sha256 is checked. Raises
        SourceChanged when it is another one by now or is not here, KeyError when there is no image column or row.
        """
        import polars as pl

        name = column or self.image_column
        if name is None:
            raise KeyError("the snapshot has no image column")
        stored = self._stored().select("row_id", image=pl.col(name))
        known = self.frame("row_id").select("row_id").collect()["row_id"].to_list()
        wanted = known if row_id is None else list(row_id)
        if self.manifest.outside is not None:
            named = dict(stored.collect().iter_rows())
            for row in wanted:
                yield None if named[row] is None else read_image(self.workspace, named[row])
            return
        place = {row: number for number, row in enumerate(known)}
        for start in range(0, len(wanted), _AT_ONCE):
            part = wanted[start : start + _AT_ONCE]
            at = [place[row] for row in part]
            near = stored.slice(min(at), max(at) - min(at) + 1)
            held = dict(near.filter(pl.col("row_id").is_in(part)).collect().iter_rows())
            yield from (held[row] for row in part)

    def _stored(self, split: str | None = None) -> pl.LazyFrame:
        """All columns as they lie in the Parquet files."""
        import polars as pl

        wanted = [split] if split is not None else list(self.splits)
        return pl.concat([pl.scan_parquet(self.folder / f"{name}.parquet") for name in wanted])

    @cached_property
    def signals(self) -> Signals:
        """Out-of-fold predictions, embeddings and neighbours. Only for audits whose `needs` names them."""
        from governance.signals import Signals

        if self.signals_folder is None:
            raise RuntimeError("this snapshot was opened without signals; name them in the audit's `needs`")
        return Signals.open(self.signals_folder)
