"""Draws the rows whose labels people judge, and says what a person is shown of them and may answer.

Polars is imported when rows are drawn, so that the parts that count judgements stay light.
"""

from __future__ import annotations

import hashlib
import heapq
import math
import re
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from governance.dataset import ColumnType, Task
from governance.errors import UsageError
from governance.files import write_atomic
from governance.manifest import Manifest
from governance.reviewing.reviews import Judgement, Review
from governance.validation import hint

if TYPE_CHECKING:
    import polars as pl

    from governance.snapshot import Snapshot

WORDS: dict[str, Judgement] = {"c": "correct", "w": "wrong", "u": "unsure"}
"""What a person may answer, by its first letter."""
_IMAGES = {b"\x89PNG": ".png", b"\xff\xd8": ".jpg", b"GIF8": ".gif", b"BM": ".bmp", b"RIFF": ".webp"}
"""How image files begin, and the ending by which a viewer knows them."""


def population(manifest: Manifest) -> int:
    """How many rows of a snapshot have a label. Raises UsageError when it has no target."""
    target = next((column for column in manifest.columns if column.name == manifest.target), None)
    if target is None:
        raise UsageError(
            f"dataset {manifest.dataset} has no target, so there are no labels to judge.\n"
            f"  Declare it in params.yaml: datasets.{manifest.dataset}.data.target"
        )
    return manifest.rows - target.nulls


def judged_rows(reviews: Iterable[Review], digest: str) -> set[str]:
    """Rows that were judged on the snapshot with this digest."""
    return {entry.row_id for review in reviews if review.digest == digest for entry in review.entries}


def ranked(row_ids: Iterable[str], digest: str, order: int, count: int) -> list[str]:
    """The first `count` of `row_ids` in the random order of number `order` that belongs to `digest`."""
    seed = hashlib.sha256(f"{digest}:{order}:".encode())

    def rank(row_id: str) -> bytes:
        hashed = seed.copy()
        hashed.update(row_id.encode())
        return hashed.digest()

    return heapq.nsmallest(count, row_ids, key=rank)


def labelled(snapshot: Snapshot) -> pl.Series:
    """`row_id` of every row that has a label."""
    import polars as pl

    population(snapshot.manifest)
    assert snapshot.target is not None
    return snapshot.frame(snapshot.target).filter(pl.col(snapshot.target).is_not_null()).collect()["row_id"]


def draw(snapshot: Snapshot, count: int, reviews: Iterable[Review] = (), order: int = 0) -> pl.DataFrame:
    """A simple random sample of `count` labelled rows, without those judged before, in the order to judge them.

    All columns of the snapshot; fewer rows when fewer are left. Another `order` is another random order, for a second
    person who works at the same time. Raises UsageError when the dataset has no target.
    """
    import polars as pl

    digest = snapshot.manifest.digest
    done = judged_rows(reviews, digest)
    chosen = ranked((row_id for row_id in labelled(snapshot) if row_id not in done), digest, order, count)
    rows = snapshot.frame().filter(pl.col("row_id").is_in(chosen)).collect()
    place = {row_id: number for number, row_id in enumerate(rows["row_id"])}
    return rows[[place[row_id] for row_id in chosen]]


def shown_columns(snapshot: Snapshot) -> tuple[str, ...]:
    """Columns that a person sees: the label first, then the others, then where the row comes from."""
    names = [column.name for column in snapshot.columns]
    first = [name for name in names if name == snapshot.target]
    keys = [name for name in ("split", "source_file", "source_row") if name not in names]
    return (*first, *(name for name in names if name != snapshot.target), *keys)


def heading(name: str, own: Collection[str]) -> str:
    """What a sheet calls the column `name`, beside its `own` ones: that of the row's place says how it counts."""
    if name in own:
        return f"{name} (of the data)"
    return "source_row_from_0" if name == "source_row" else name


def cell(snapshot: Snapshot, name: str, row: dict[str, object], folder: Path) -> str:
    """One cell as text. An image is written into `folder`/images, and its path is the text."""
    value = row[name]
    if value is None:
        return ""
    if isinstance(value, bytes):
        ending = next((ending for start, ending in _IMAGES.items() if value.startswith(start)), ".image")
        path = folder / "images" / f"{row['row_id']}{ending}"
        if not path.is_file():
            write_atomic(path, value)
        return path.relative_to(snapshot.workspace).as_posix()
    return str(value)


def label_check(snapshot: Snapshot, further: Collection[str] = (), advice: str = "") -> Callable[[str, str], str]:
    """What is wrong with a correct label, given it and the label that stands in the data; empty when nothing is.

    `further` are classes beside those of the snapshot; `advice`, with `{label}` in it, ends what is said of no class.
    """
    import polars as pl

    assert snapshot.target is not None
    target = snapshot.column(snapshot.target)
    classes: set[str] = set()
    if snapshot.task is Task.CLASSIFICATION:
        values = snapshot.frame(target.name).select(pl.col(target.name).unique()).collect()[target.name]
        classes = {str(value) for value in values.drop_nulls()}

    plain = {_plain(value, target.type) for value in classes}

    def problem(right: str, label: str) -> str:
        if target.private:
            return f"the labels of {target.name!r} are private and reviews stand in git; leave correct_label empty"
        if _plain(right, target.type) == _plain(label, target.type):
            return f"the correct label {right!r} is the one that is judged wrong"
        if classes and _plain(right, target.type) not in plain and right not in further:
            known = ", ".join(sorted(classes)[:20])
            said = f"{right!r} is no label of {target.name!r}{hint(right, classes)}"
            return f"{said}{'' if said.endswith('?') else ';'} there are: {known}{advice.format(label=right)}"
        if target.type is ColumnType.INTEGER and not re.fullmatch(r"[+-]?\d+", right):
            return f"{right!r} is no whole number, and {target.name!r} holds whole numbers"
        if target.type is ColumnType.NUMBER and not _number(right):
            return f"{right!r} is no number, and {target.name!r} holds numbers"
        return ""

    return problem


def _plain(label: str, kind: ColumnType) -> str:
    """One way to write what a spreadsheet may write in several: TRUE, 7.50."""
    if kind is ColumnType.BOOLEAN:
        return label.lower()
    return repr(float(label)) if kind.numeric and _number(label) else label


def _number(text: str) -> bool:
    written = re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", text)
    return written is not None and math.isfinite(float(text))
