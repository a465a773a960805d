"""Compares the rows of two snapshots by their ids, by an identifier, and by what they hold beside the label."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from governance.differences.difference import RowChanges
from governance.image_files import reference_type, sha256_of

if TYPE_CHECKING:
    import polars as pl

_KEYS = ("row_id", "split")


def compare_rows(
    before: Sequence[Path],
    after: Sequence[Path],
    *,
    identifier: str | None,
    target: str | None,
    divided_by: str | None = None,
) -> RowChanges:
    """What became of the rows of the Parquet files `before`, in the files `after`.

    A row id names a row's content, so rows with the same id are the same. The others are matched by `identifier`,
    where it names each row on both sides, else by all values beside the label. Only ids are held for all rows.
    Rows that differ in nothing but the column `divided_by`, which names their split, moved.
    """
    import polars as pl

    old = pl.concat([pl.scan_parquet(path).select(_KEYS) for path in before]).collect()
    new = pl.concat([pl.scan_parquet(path).select(_KEYS) for path in after]).collect()
    both = old.join(new, on="row_id", how="inner")
    moved = both.filter(pl.col("split") != pl.col("split_right")).height
    gone = old.join(new, on="row_id", how="anti").select("row_id")
    came = new.join(old, on="row_id", how="anti").select("row_id")
    same = both.height - moved
    del old, new, both
    left, right = _rows(before, gone), _rows(after, came)
    shared = [name for name in left.columns if name in right.columns]
    keys = {"row_id", "source_file", "source_row", "split", divided_by}
    content = sorted(name for name in shared if name not in keys)
    if identifier in content and _names_each(left, identifier) and _names_each(right, identifier):
        pairs = left.join(right, on=identifier, how="inner")
        others = [name for name in content if name not in {identifier, target}]
        equal = pl.all_horizontal(pl.lit(True), *[pl.col(name).eq_missing(pl.col(f"{name}_right")) for name in others])
        differs = pl.col(target).ne_missing(pl.col(f"{target}_right")) if target in content else pl.lit(False)
        relabelled = pairs.filter(equal & differs).height
        went = pairs.filter(equal & ~differs & (pl.col("split") != pl.col("split_right"))).height
        return RowChanges(
            added=right.height - pairs.height, removed=left.height - pairs.height,
            changed=pairs.height - relabelled - went, relabelled=relabelled, moved=moved + went, same=same,
        )  # fmt: skip
    features = [name for name in content if name != target]
    went = _matched(left, right, content) if divided_by is not None and content else 0
    alike = _matched(left, right, features) if target in content and features else went
    return RowChanges(
        added=right.height - alike, removed=left.height - alike, changed=None, relabelled=alike - went,
        moved=moved + went, same=same,
    )  # fmt: skip


def _rows(files: Sequence[Path], ids: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    frames = [pl.scan_parquet(path).join(ids.lazy(), on="row_id", how="semi") for path in files]
    frame = pl.concat(frames, how="vertical_relaxed").collect()
    images = [name for name, kind in frame.schema.items() if kind in {pl.Binary, reference_type()}]
    # One version may hold its images and the other name them by path: by sha256 they are the same.
    return frame.with_columns(sha256_of(frame[name]) for name in images)


def _names_each(frame: pl.DataFrame, column: str) -> bool:
    values = frame[column]
    return values.null_count() == 0 and values.n_unique() == values.len()


def _matched(left: pl.DataFrame, right: pl.DataFrame, features: Sequence[str]) -> int:
    """Rows on both sides that agree in all `features`, each counted once."""
    import polars as pl

    counts = [
        frame.select(pl.struct(features).hash(seed=0).alias("hash")).group_by("hash").len() for frame in (left, right)
    ]
    joined = counts[0].join(counts[1], on="hash", how="inner")
    return int(joined.select(pl.min_horizontal("len", "len_right").sum()).item() or 0)
