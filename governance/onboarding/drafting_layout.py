"""What a delimited file itself suggests about its layout: separator, how dates are written, whether its first line is a header.

A suggestion is adopted only together with a sentence that says so, in the options of the command line. Of a file whose
first line looks like data the names are asked for: a wrong guess would lose a row in silence.
"""

from __future__ import annotations

import csv
import itertools
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from governance.dataset import ColumnType, Format
from governance.ingestion.column_types import infer, typed
from governance.ingestion.date_notations import DATE, FORMATS, ISO_DATE
from governance.onboarding.drafting_cells import Cells
from governance.read_options import ReadOptions
from governance.reading.delimited import open_text

if TYPE_CHECKING:
    import polars as pl

_AS_USUAL = ReadOptions()
_LINES = 100
"""Lines that are looked at for a separator."""
NO_DAYS = 0.05
"""Share of the dates of a column up to which those that name no day are slips, and the others its way of writing."""
_SEPARATORS = (",", ";", "\t", "|")
_SHOWN = {"\t": "\\t"}


def suggest_separator(file: Path, kind: Format, options: ReadOptions) -> tuple[ReadOptions, list[str]]:
    """`options` with the separator that divides the first lines of `file` evenly where the usual one does not."""
    usual = "\t" if kind is Format.TSV else ","
    if kind not in {Format.CSV, Format.TSV} or options.separator is not None:
        return options, []
    try:
        with open_text(file, options.encoding) as handle:
            lines = list(itertools.islice(handle, _LINES))
    except (OSError, UnicodeError, LookupError, EOFError):
        return options, []  # reading it says why
    if _columns(lines, usual):
        return options, []
    found = [separator for separator in _SEPARATORS if separator != usual and _columns(lines, separator)]
    if len(found) != 1:
        return options, []
    shown = _SHOWN.get(found[0], found[0])
    said = (
        f"read.separator: '{shown}', because it divides every line into {_columns(lines, found[0])} cells and "
        f"'{_SHOWN.get(usual, usual)}' does not; pass --separator when it is another"
    )
    return options.model_copy(update={"separator": found[0]}), [said]


def _columns(lines: list[str], separator: str) -> int:
    """Cells per line when `separator` gives every line the same number, two at the least; else 0."""
    try:
        rows = [row for row in csv.reader(lines, delimiter=separator) if row]
    except csv.Error:
        return 0
    rows = rows[:-1] if len(lines) == _LINES else rows  # a cell of the last one may go on
    widths = {len(row) for row in rows}
    return widths.pop() if len(widths) == 1 and max(widths) > 1 else 0


def suggest_date_format(text: Sequence[Cells], options: ReadOptions) -> tuple[ReadOptions, list[str]]:
    """`options` with the way in which dates are written, where all dates of the file can be read in one way only.

    Dates of ISO 8601 may stand among them: they are read in any case.
    """
    import polars as pl

    dates = [c for c in text if c.all_are(f"{DATE}|{ISO_DATE}") and c.one_is(DATE)]
    if not dates:
        return options, []
    names = [column.name for column in dates]
    cells = pl.concat([column.present.alias("") for column in dates])
    other = cells.str.strip_chars().str.extract(DATE, 1).drop_nulls()
    distinct = other.unique()
    fitting = [form for form in FORMATS if distinct.str.to_date(form, strict=False).null_count() == 0]
    if len(fitting) == 1:
        mixed = f" ({other.len():,} of {cells.len():,}; the others are written like 2026-01-31)"
        said = (
            f"read.date_format: '{fitting[0]}', because dates of {some(names)}{mixed if other.len() < cells.len() else ''} "
            "can be read in no other way; pass --date-format when it is another"
        )
        return options.model_copy(update={"date_format": fitting[0]}), [said]
    if not fitting and (said := _few_days_too_many(dates)):
        return options, [said]
    if fitting:
        why = "can be read with the day or the month first"
        cure = "pass --date-format with the way they are written, as '%d/%m/%Y' (day first)"
    else:  # one format reads only some of them
        why = "are written in more than one way"
        cure = "write them in one way in the file, best as 2026-01-31, and add again"
    return options, [f"dates of {some(names)} {why}: kept as text; {cure}"]


def _few_days_too_many(dates: Sequence[Cells]) -> str:
    """Says where the cells are that alone keep a column from being dates: 31.02.2024 is a day of no calendar."""
    for column in dates:
        days = column.series.str.strip_chars().str.extract(DATE, 1)
        known = days.is_not_null()
        read = {form: days.str.to_date(form, strict=False).is_not_null() for form in FORMATS}
        form = max(FORMATS, key=lambda form: int(read[form].sum()))
        wrong = (known & ~read[form]).fill_null(False).arg_true().to_list()
        if 0 < len(wrong) <= NO_DAYS * int(known.sum()):
            return (
                f"dates of {column.name!r} are written like {form}, but {len(wrong):,} of {int(known.sum()):,} cells name no day of a "
                f"calendar (the first in row {wrong[0] + 1}): kept as text; mend them in the file, "
                "or name what stands there with --na, and add again"
            )
    return ""


def first_line_is_data(text: pl.DataFrame, read: ReadOptions) -> bool:
    """Whether every name in the header is just such a cell as stands below it: numbers over numbers, levels over levels.

    A column of which that cannot be told (texts that hardly repeat) makes the answer no.
    """
    return bool(text.width) and all(_is_cell(column, read) for column in text.get_columns())


def _is_cell(column: pl.Series, read: ReadOptions) -> bool:
    import polars as pl

    from governance.errors import DataError

    kind = infer(column, read)
    if kind in {ColumnType.STRING, ColumnType.CATEGORY, ColumnType.TEXT}:
        return column.name in column
    try:
        typed(pl.Series(column.name, [column.name]), kind, "", read)
    except DataError:
        return False
    return True


def some(names: list[str]) -> str:
    """The first five names in quotes, and how many more there are."""
    return ", ".join(repr(name) for name in names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")


_OPTIONS = (
    (r"declare `read: \{encoding: \.\.\.\}` \(often latin-1 or cp1252\)", "pass --encoding cp1252, or --encoding latin-1"),
    (r"declare `read: \{encoding: utf-16\}`", "pass --encoding utf-16"),
    (r"declare `read: \{encoding: \.\.\.\}` \(often utf-16\)", "pass --encoding utf-16"),
    (r"encoding ('[^']*') is not known to Python", r"--encoding \1 is not known to Python"),
    (r"check the separator ('[^']*') and", r"pass --separator when it is not \1, and check"),
    (r"declare its missing marker under `read: \{na_values: \[\.\.\.\]\}`", "pass its missing marker with --na"),
    (r"declare `format:`", "pass --format"),
    (r"a folder needs `format:`", "a folder needs --format"),
    (r"with `split: \{method: column, column: split\}`", "with --split-column split"),
    (r"or use method `column`", "or pass --split-column split instead of --split"),
    (r"Give `split: \{method: files\}` patterns\?", "Give its files with --split train=FILE --split test=FILE?"),
    (r"(the header has no name for column .*)",
     r"\1; when the file has no header line, pass --columns a,b,c"),
)  # fmt: skip


def in_options(text: str) -> str:
    """A message about reading in the options of the command line, where it speaks of params.yaml."""
    for pattern, spoken in _OPTIONS:
        text = re.sub(pattern, spoken, text)
    return text
