"""How the text file of a reference is written: as the data is, where that fits; else as the file itself shows."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Sequence
from typing import TYPE_CHECKING

from governance.dataset import ColumnType, Format
from governance.read_options import ReadOptions

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from governance.snapshot import Snapshot

_SEPARATORS = (",", ";", "\t", "|")
_MARKS = ((".", None), (",", None), (",", "."), (".", ","))
"""Marks of decimals and of thousands that are tried, in this order."""
_START = 65_536
"""Bytes by which the encoding is told."""


def file_format(path: Path, data: Format | None) -> Format:
    """The format by the file's ending; for any other ending, and for .txt, that of the `data` where it is a table of text."""
    from governance.ingestion.source_files import by_ending

    kind = by_ending(path)
    if kind in {None, Format.TEXT}:
        return data if data in {Format.CSV, Format.TSV, Format.JSONL} else kind or Format.CSV
    return kind


def layout(path: Path, kind: Format, snapshot: Snapshot) -> ReadOptions:
    """The dataset's own options, with another encoding or separator where more of the first line then names columns of
    the snapshot. A first line that names them is a header, also where the data has none.
    """
    own = snapshot.read
    read = own.model_copy(update={"encoding": _encoding(path, own.encoding)})
    if kind not in {Format.CSV, Format.TSV}:
        return read
    known = {column.name.casefold() for column in snapshot.columns}
    usual = own.separator or ("\t" if kind is Format.TSV else ",")
    headed = read.model_copy(update={"columns": None, "separator": usual})
    tried = [headed, *(headed.model_copy(update={"separator": one}) for one in _SEPARATORS if one != usual)]
    named = [len(known & {cell.casefold() for cell in _first_line(path, one)}) for one in tried]
    if not any(named) and own.columns is not None:
        return read
    return tried[named.index(max(named))]


def _encoding(path: Path, declared: str) -> str:
    """UTF-8 where the first bytes are that and not ASCII alone; the `declared` one where they can be; else that of Windows."""
    with path.open("rb") as handle:
        start = handle.read(_START)
    if start.startswith(b"\x1f\x8b"):
        return declared  # packed: read as declared
    for encoding in ("utf-8", declared, "cp1252"):
        try:
            text = codecs.getincrementaldecoder(encoding)().decode(start)  # a character may be cut at the end
        except (UnicodeError, LookupError):
            continue
        return declared if text.isascii() else encoding
    return declared


def _first_line(path: Path, read: ReadOptions) -> list[str]:
    """Cells of the first line that is not blank; none where it cannot be read, which the reader then says."""
    from governance.reading.delimited import open_text

    try:
        with open_text(path, read.encoding) as handle:
            cells = next((row for row in csv.reader(handle, delimiter=read.separator or ",") if row), [])
    except (UnicodeError, LookupError, csv.Error, OSError, EOFError):
        return []
    return [(cell.strip() if read.strip else cell).removeprefix("\ufeff") for cell in cells]


def notation(frame: pl.DataFrame, snapshot: Snapshot, read: ReadOptions) -> ReadOptions:
    """`read` with the marks in numbers and the dates by which most columns of `frame`, as it is written, are of the
    snapshot's types; those of the data where it makes no difference.
    """
    import polars as pl

    from governance.ingestion.date_notations import looks_like

    text = [c for c in snapshot.columns if c.name in frame.columns and frame[c.name].dtype == pl.String]
    numbers = [(frame[c.name], c.type) for c in text if c.type.numeric]
    days = [(frame[c.name], c.type) for c in text if c.type in {ColumnType.DATE, ColumnType.DATETIME}]
    marks = [read, *(read.model_copy(update={"decimal": one, "thousands": two}) for one, two in _MARKS)]
    read = _fitting(numbers, marks)
    found = [looks_like(column.drop_nulls()) for column, _ in days]
    forms = dict.fromkeys(form for _, forms in found if len(forms) == 1 for form in forms)
    return _fitting(days, [read, *(read.model_copy(update={"date_format": form}) for form in forms)])


def _fitting(columns: Sequence[tuple[pl.Series, ColumnType]], tried: list[ReadOptions]) -> ReadOptions:
    """Of `tried` the first that leaves the fewest columns unread."""
    from governance.ingestion.column_types import read_as

    best, least = tried[0], len(columns) + 1
    for read in tried:
        unread = sum(read_as(column, kind, read).null_count() > column.null_count() for column, kind in columns)
        if unread < least:
            best, least = read, unread
        if least == 0:
            break
    return best
