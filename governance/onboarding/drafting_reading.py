"""What a file's cells suggest about how to read it: spaces after separators, missing markers, the task.

A suggestion is adopted only together with a sentence that says so; what could be a value is left alone and named.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from governance.dataset import ColumnType, Format, Task
from governance.errors import UsageError
from governance.ingestion.column_types import infer
from governance.onboarding.drafting_cells import Cells
from governance.onboarding.drafting_layout import some, suggest_date_format
from governance.onboarding.drafting_markers import codes_beyond, nearly, suggest_markers
from governance.onboarding.drafting_number_marks import in_two_notations, suggest_numbers
from governance.read_options import ReadOptions

if TYPE_CHECKING:
    import polars as pl

_MANY_CLASSES = 100
_FEW_NUMBERS = 20
"""A whole-number target with no more distinct values than this is taken for classes."""


@dataclass(frozen=True)
class Reading:
    """How to read a file, and what a person should be told about it."""

    options: ReadOptions
    said: tuple[str, ...] = ()
    text: Mapping[str, pl.Series] = field(default_factory=dict)
    """Each column of text, as it is written, missing cells as null. Of spaces around cells see `options.strip`."""
    read: Mapping[str, tuple[ColumnType, pl.Series]] = field(default_factory=dict)
    """The type of each of these columns, and the column as this type."""


def suggest_reading(
    frame: pl.DataFrame,
    kind: Format,
    options: ReadOptions,
    *,
    markers_given: bool = False,
    strip_given: bool = False,
    marks_given: bool = False,
    date_format_given: bool = False,
) -> Reading:
    """`options` completed from `frame`, which was read with them. Only text formats have options to suggest."""
    import polars as pl

    if kind not in {Format.CSV, Format.TSV, Format.JSONL}:
        lasting = frame.select(pl.col(pl.Duration)).columns
        about = (f"cells of {some(lasting)} are durations and are read as numbers of seconds",) if lasting else ()
        return Reading(options, about)
    said: list[str] = []
    text = frame.select(pl.col(pl.String).exclude("source_file", "split"))
    if not strip_given and (spaced := [c.name for c in text.get_columns() if _mostly_spaced(c)]):
        options = options.model_copy(update={"strip": True})
        text = text.select(pl.all().str.strip_chars()).rename(lambda name: name.strip())
        said.append(
            f"read.strip: true, because cells of {some(spaced)} start or end with a space; "
            "pass --no-strip when the spaces belong to the values"
        )
    marks = not marks_given and kind is not Format.JSONL
    columns = [Cells(column) for column in text.get_columns()]
    if not markers_given:
        # Whether a column is numbers but for its markers hangs on how numbers are written, and the other way round.
        bare = [column.bare for column in columns]
        written = suggest_date_format(bare, options)[0] if not date_format_given else options
        written = suggest_numbers(bare, written)[0] if marks else written
        marked, about_markers = suggest_markers(columns, written)
        options = options.model_copy(update={"na_values": marked.na_values})
        said.extend(about_markers)
    present = [column.without(options.na_values) for column in columns]
    if not date_format_given:
        options, about_dates = suggest_date_format(present, options)
        said.extend(about_dates)
    if marks:
        options, about_marks = suggest_numbers(present, options)
        said.extend(about_marks)
    said.extend(nearly([c for c in present if not (marks and in_two_notations(c, options))], options))
    said.extend(codes_beyond(present, options))
    if kind is Format.JSONL and (nested := [c.name for c in text.get_columns() if _nested(c)]):
        said.append(
            f"cells of {some(nested)} hold lists or objects and are kept as JSON text; tasks that need them "
            "(multi_label, detection, token_classification, ranking) can be declared, and their labels are not audited"
        )
    if options.columns is None and kind in {Format.CSV, Format.TSV} and (odd := _numbers(text.columns)):
        said.append(f"the header names {some(odd)} are numbers; if the file has no header, pass --columns a,b,c")
    return Reading(
        options,
        tuple(said),
        text={column.name: column.series for column in present},
        read={column.name: column.read(options) for column in present},
    )


def _mostly_spaced(series: pl.Series) -> bool:
    cells = series.drop_nulls()
    return cells.len() > 0 and int((cells.str.strip_chars() != cells).sum()) > 0.9 * cells.len()


def _numbers(names: list[str]) -> list[str]:
    return [name for name in names if name.strip().replace(".", "", 1).lstrip("+-").isdigit()]


def _nested(series: pl.Series) -> bool:
    """Whether all cells of a column are JSON lists or objects."""
    cells = series.drop_nulls()
    return cells.len() > 0 and bool(cells.str.contains(r"^(\[.*\]|\{.*\})$").all())


def infer_task(series: pl.Series, target: str) -> tuple[Task, str]:
    """Task that a typed target suggests, and why. Raises UsageError when it suggests none."""
    values = series.drop_nulls()
    kind, distinct = infer(series), values.n_unique()
    if kind in {ColumnType.CATEGORY, ColumnType.BOOLEAN} or (kind is ColumnType.STRING and distinct <= _MANY_CLASSES):
        return Task.CLASSIFICATION, f"{target} has {distinct} different values that are not numbers"
    if kind.numeric:
        whole = kind is ColumnType.INTEGER or bool((values == values.round(0)).all())
        if whole and distinct <= _FEW_NUMBERS:
            return Task.CLASSIFICATION, f"{target} has {distinct} different whole numbers"
        return Task.REGRESSION, f"{target} has {distinct:,} different numbers"
    raise UsageError(
        f"no task follows from {target}: it is {kind} with {distinct:,} different values; "
        "pass --task classification, regression, none, multi_label, detection, token_classification or ranking"
    )
