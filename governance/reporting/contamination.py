"""Overlap of a dataset with a declared evaluation set: items of the one that stand in the other."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from governance.dataset import ColumnType, Role
from governance.errors import DataError
from governance.reporting.named_columns import named_columns

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from governance.manifest import SnapshotColumn
    from governance.read_options import ReadOptions
    from governance.snapshot import Snapshot

ENDINGS = (".csv", ".tsv", ".jsonl", ".parquet", ".txt")
FEW_MATCHES = 0.1
"""When chance alone would make this share of the matches, the columns cannot tell items apart."""
NEAR_COLUMNS = 4
"""From so many shared columns on, rows that agree in all but one are near copies."""
MAX_NEAR_COLUMNS = 60


@dataclass(frozen=True)
class Contamination:
    """What of the evaluation set stands in the dataset."""

    items: int
    """Items of the evaluation set that could be compared."""
    exact: int
    """Items found as they are (texts: but for case, punctuation and spacing)."""
    near: int
    """Further items found nearly as they are: near copies, and texts of which most runs of words are found."""
    rows: tuple[str, ...]
    """Rows of the dataset that hold them, sorted."""
    searched: int
    """Rows of the dataset that were searched."""
    compared: tuple[str, ...]
    """Columns of the dataset that were compared."""
    by_chance: bool
    """Whether chance explains a good part of the matches."""
    part: int = 0
    """Texts: further items of which a smaller part is found, as at least one run of words that is their own."""
    part_rows: tuple[str, ...] = ()
    """Rows of the dataset that hold these runs, sorted."""
    alike: int = 0
    """Texts: further items that are as near to the data as its texts are to each other, as filled-in forms are."""
    alike_rows: tuple[str, ...] = ()
    """Rows of the dataset that they are near, sorted."""
    not_sought: tuple[str, ...] = ()
    """Kinds of near copies that were not looked for, each with why."""


def find_contamination(snapshot: Snapshot, path: Path, shown: str, *, words: int) -> Contamination:
    """Items of the file `path` in all splits but `test`. Raises DataError when file and dataset share no column."""
    import polars as pl

    from governance.reporting.contamination_of_texts import in_texts

    evaluation, read = _read(snapshot, path, shown)
    splits = [split for split in snapshot.splits if split != "test"] or list(snapshot.splits)
    texts = [c.name for c in snapshot.features if c.type is ColumnType.TEXT or c.resolved_role is Role.TEXT]
    if texts:
        theirs = [name for name in texts if name in evaluation.columns]
        theirs = theirs or [name for name in ("text", "line", evaluation.columns[0]) if name in evaluation.columns][:1]
        frame = snapshot.frame(*texts).filter(pl.col("split").is_in(splits)).collect().sort("row_id")
        data = ["\n".join(cells) for cells in frame.select(texts).fill_null("").rows()]
        items = ["\n".join(cells) for cells in evaluation.select(pl.col(theirs).cast(pl.String)).fill_null("").rows()]
        return in_texts(frame["row_id"].to_list(), data, items, tuple(texts), words)
    image = snapshot.image_column
    if image is not None and image in evaluation.columns and any(c.name == image for c in snapshot.features):
        return _in_images(snapshot, splits, image, evaluation[image], shown)
    shared = [c for c in snapshot.features if c.name in evaluation.columns and c.type is not ColumnType.IMAGE]
    if not shared:
        raise DataError(f"{shown} has no column in common with the features of dataset {snapshot.name}")
    names = [column.name for column in shared]
    frame = snapshot.frame(*names).filter(pl.col("split").is_in(splits)).collect().sort("row_id")
    return _in_rows(frame, _as_here(snapshot, evaluation, shared, shown, read), names)


def _read(snapshot: Snapshot, path: Path, shown: str) -> tuple[pl.DataFrame, ReadOptions]:
    """The evaluation set as it is written, each line of a .txt file an item, and how its cells are read. Raises DataError."""
    import polars as pl

    from governance.reporting.reference_rows import read_file

    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise DataError(f"{shown} must end with {', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}")
    if not path.is_file():
        raise DataError(f"{shown} does not exist; put the evaluation set there, or take out `contamination`")
    if ending != ".txt":
        return read_file(snapshot, path, shown)
    try:
        lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
    except (OSError, UnicodeError):
        raise DataError(f"{shown} cannot be read as UTF-8 text") from None
    return pl.DataFrame({"line": [line for line in lines if line]}, schema={"line": pl.String}), snapshot.read


def _as_here(
    snapshot: Snapshot, evaluation: pl.DataFrame, shared: Sequence[SnapshotColumn], shown: str, read: ReadOptions
) -> pl.DataFrame:
    """The shared columns of the evaluation set, in the types of the dataset."""
    import polars as pl

    from governance.ingestion.column_types import typed
    from governance.reporting.reference_notation import notation

    here = evaluation.select(column.name for column in shared)
    read = notation(here, snapshot, read)
    return pl.DataFrame([typed(here[column.name], column.type, shown, read) for column in shared])


def _in_rows(frame: pl.DataFrame, evaluation: pl.DataFrame, names: list[str]) -> Contamination:
    import polars as pl

    from governance.reporting.contamination_near import near_numbers

    items = evaluation.filter(~pl.all_horizontal(pl.all().is_null())).with_row_index("item")
    found = _joined(frame, items, names)
    exact = set(found["item"].to_list())
    rows = set(found["row_id"].to_list())
    near: set[int] = set()
    not_sought: list[str] = []
    by_chance = _chance(frame, items, names) >= FEW_MATCHES * max(len(exact), 1)
    others = items.filter(~pl.col("item").is_in(list(exact)))
    if by_chance:
        not_sought.append("near copies, as chance makes even equal rows")
    elif not NEAR_COLUMNS <= len(names) <= MAX_NEAR_COLUMNS:
        not_sought.append(
            f"rows with one changed column, which needs {NEAR_COLUMNS} to {MAX_NEAR_COLUMNS} shared columns"
        )
    else:
        # Where the other columns agree by chance alone, agreement in all but one means nothing.
        telling = [one for one in names if _chance(frame, items, [name for name in names if name != one]) < FEW_MATCHES]
        for left_out in telling:
            almost = _joined(frame, others, [name for name in names if name != left_out])
            near |= set(almost["item"].to_list())
            rows |= set(almost["row_id"].to_list())
        if unasked := [name for name in names if name not in telling]:
            not_sought.append(
                f"rows with another value of {named_columns(unasked)}, as chance makes rows that agree in the rest"
            )
    if not by_chance:
        nearly = near_numbers(frame, others, names, FEW_MATCHES)
        if nearly is None:
            not_sought.append("rows with slightly other numbers, as too few numbers tell rows apart")
        near |= {item for item, _ in nearly or ()}
        rows |= {row for _, row in nearly or ()}
    return Contamination(
        items.height, len(exact), len(near), tuple(sorted(rows)), frame.height, tuple(names), by_chance and bool(exact),
        not_sought=tuple(not_sought),
    )  # fmt: skip


def _joined(frame: pl.DataFrame, items: pl.DataFrame, names: list[str]) -> pl.DataFrame:
    """Pairs (item, row_id) that agree in `names`, missing values included; rows with none of them known match none."""
    import polars as pl

    known = ~pl.all_horizontal(pl.col(names).is_null())
    return items.filter(known).select("item", *names).join(frame, on=names, how="inner", nulls_equal=True)


def _chance(frame: pl.DataFrame, items: pl.DataFrame, names: list[str]) -> float:
    """Pairs that would agree in `names` if columns were independent."""
    import polars as pl

    pairs = float(frame.height) * items.height
    for name in names:
        here = frame.group_by(name).agg((pl.len() / max(frame.height, 1)).alias("here"))
        there = items.group_by(name).agg((pl.len() / max(items.height, 1)).alias("there"))
        both = here.join(there, on=name, nulls_equal=True)
        pairs *= float((both["here"] * both["there"]).sum())
    return pairs


def _in_images(snapshot: Snapshot, splits: list[str], column: str, items: pl.Series, shown: str) -> Contamination:
    from governance.reporting.contamination_near import image_bytes, near_images

    images = image_bytes(items)
    if images is None:
        raise DataError(f"column '{column}' of {shown} holds no images; save them as bytes")
    import polars as pl

    known = [image for image in images if image is not None]
    here = snapshot.frame(column, sha256=True).filter(pl.col("split").is_in(splits))
    frame = here.select("row_id", column).collect().sort("row_id")
    digests = [hashlib.sha256(image).hexdigest() for image in known]
    equal = frame.filter(pl.col(column).is_in(digests))
    held = set(equal[column].to_list())
    exact = {number for number, digest in enumerate(digests) if digest in held}
    pairs = near_images(snapshot, frame["row_id"].to_list(), column, known) if known else []
    near = {item for item, _ in pairs or ()} - exact
    rows = {*equal["row_id"].to_list(), *(row for _, row in pairs or ())}
    not_sought = ("images that look alike, as there are too few",) if pairs is None else ()
    return Contamination(
        len(known), len(exact), len(near), tuple(sorted(rows)), frame.height, (column,), False, not_sought=not_sought
    )
