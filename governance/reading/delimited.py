"""Looks at a text file before a library reads it: header, number of rows, and what the library would hide."""

from __future__ import annotations

import codecs
import csv
import gzip
import itertools
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TextIO

from governance.errors import DataError
from governance.read_options import ReadOptions
from governance.reading.even_lines import even_lines


class RepeatedNames(DataError):
    """The first line gives one name to several columns: perhaps it is no header. `width` is its number of cells."""

    def __init__(self, message: str, width: int) -> None:
        super().__init__(message)
        self.width = width


class UnnamedColumn(DataError):
    """The first line leaves a column without a name."""


def scan_delimited(path: Path, shown: str, separator: str, options: ReadOptions) -> tuple[list[str], int]:
    """Header and number of rows. Raises DataError on repeated names, ragged rows, open quotes, NUL and undecodable bytes.

    Lines are named as an editor counts them: from 1, the header among them.
    """
    if len(separator) != 1:
        raise DataError(f"{shown}: separator {separator!r} must be one character")
    csv.field_size_limit(2**31 - 1)
    ragged, rows = 0, 0
    first_ragged = last_row = (0, 0)
    try:
        with open_text(path, options.encoding) as handle:
            reader = csv.reader(_without_nul(handle, shown), delimiter=separator)
            if options.columns is not None:
                header = list(options.columns)
            else:
                first = next((row for row in reader if row), [])  # after blank lines
                if not first:
                    raise DataError(f"{shown} has no rows")
                header = [name.removeprefix("\ufeff") for name in first]
                if options.strip:
                    header = [name.strip() for name in header]
            _check_header(header, shown)
            width = len(header)
            even = even_lines(path, separator, options.encoding, width)
            if even is not None and even > (names := int(options.columns is None)):
                return header, even - names
            before = reader.line_num
            for row in reader:
                line = reader.line_num
                if len(row) != width:
                    if not row and width > 1:
                        before = line
                        continue  # a blank line
                    first_ragged = first_ragged if ragged else (before + 1, line)
                    ragged += 1
                last_row = (before + 1, line)
                before = line
                rows += 1
        if quote := _open_quote(path, separator, options.encoding, last_row):
            raise DataError(f"{shown}: {quote}")
    except LookupError:
        raise DataError(f"{shown}: encoding {options.encoding!r} is not known to Python") from None
    except (UnicodeError, csv.Error, OSError, EOFError, zlib.error) as error:
        raise DataError(f"{shown} cannot be read as text: {cause_of(error)}") from None
    if ragged:
        begin, end = first_ragged
        where = f"on line {begin}" if begin == end else f"on lines {begin} to {end}: a quote may be left open there"
        raise DataError(
            f"{shown}: {ragged} of {rows} rows do not have {width} cells (the first is {where}); "
            f"check the separator {separator!r} and unquoted separators inside cells"
        )
    if rows == 0:
        raise DataError(f"{shown} has a header and no rows")
    return header, rows


def _without_nul(lines: Iterable[str], shown: str) -> Iterator[str]:
    """The lines as they are. Raises DataError at one with a NUL: no tool writes it into text, and many end a cell there."""
    for number, line in enumerate(lines, start=1):
        if "\0" in line:
            raise DataError(
                f"{shown}: line {number} holds a NUL byte, which belongs to no text: the file is damaged, or in another "
                "encoding; take it out, or declare `read: {encoding: ...}` (often utf-16)"
            )
        yield line


def _open_quote(path: Path, separator: str, encoding: str, last_row: tuple[int, int]) -> str:
    """What to say when the last row, from line to line, is cut off inside quotes; empty when it is not."""
    begin, end = last_row
    if begin == 0:
        return ""
    with open_text(path, encoding) as handle:
        lines = list(itertools.islice(handle, begin - 1, end))
    try:
        list(csv.reader(lines, delimiter=separator, strict=True))
    except csv.Error as error:
        if "unexpected end of data" in str(error):
            lost = f" and takes the {end - begin} lines after it into one cell" if end > begin else ""
            return f"a quote on line {begin} is opened and never closed{lost}; close it, or double a quote that is text"
    return ""


def _check_header(header: list[str], shown: str) -> None:
    repeated = sorted(name for name, times in Counter(header).items() if times > 1)
    if repeated:
        names = ", ".join(map(repr, repeated))
        raise RepeatedNames(f"{shown}: column names stand there more than once: {names}", len(header))
    if blank := [index for index, name in enumerate(header) if not name.strip()]:
        said = f"{shown}: the header has no name for column {blank[0] + 1} of {len(header)}"
        index = ", likely the index of a data frame: save it with index=False, or give the column a name"
        raise UnnamedColumn(said + (index if blank == [0] and len(header) > 1 else ""))


def open_text(path: Path, encoding: str) -> TextIO:
    """The file as text, unpacked when its name ends with .gz."""
    if path.name.lower().endswith(".gz"):
        return gzip.open(path, "rt", encoding=encoding, newline="")
    return path.open(encoding=encoding, newline="")


_MAGIC = (
    (b"PK\x03\x04", "a ZIP archive (as .xlsx and .ods are)"),
    (b"\xd0\xcf\x11\xe0", "an old Office file (as .xls is)"),
    (b"\x1f\x8b", "packed with gzip (give it the ending .gz)"),
    (b"PAR1", "a Parquet file (give it the ending .parquet)"),
    (b"%PDF", "a PDF document"),
    (b"SQLite format 3", "an SQLite database"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
)
_MUCH = 0.02
"""Share of control characters beyond which bytes are no text in any encoding of one byte: random ones have 0.11."""


def no_text(data: bytes) -> str:
    """What `data`, the first bytes of a file, are instead of text; empty where they may be text in another encoding."""
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            return kind
    control = sum((byte < 32 and byte not in b"\t\n\r\f") or byte == 127 for byte in data)
    wide = data[:2] in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE} or data.count(0) > 0.2 * len(data)  # UTF-16
    return "" if wide or control <= _MUCH * len(data) else "bytes of some other kind"


def cause_of(error: BaseException) -> str:
    """The innermost message, on one line, without cell values or temporary paths."""
    while error.__cause__ is not None:
        error = error.__cause__
    if isinstance(error, UnicodeDecodeError):
        if error.start == 0 and error.object[:2] in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
            return "it begins with the byte order mark of UTF-16; declare `read: {encoding: utf-16}`"
        if kind := no_text(error.object):
            return f"it is no text file but {kind}; name the file with the data in it, or export it as CSV"
        return (
            f"byte 0x{error.object[error.start]:02x} is not {error.encoding}; "
            "declare `read: {encoding: ...}` (often latin-1 or cp1252)"
        )
    if isinstance(error, ValueError) and "corresponds to no data" in str(error):
        return "it has no rows"
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text[:200]}" if text else type(error).__name__
