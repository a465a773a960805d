"""Looks at a text file before a library reads it: header, number of rows, and what the library would hide."""

from __future__ import annotations

import csv
import gzip
import zlib
from collections import Counter
from pathlib import Path
from typing import TextIO

from governance.dataset import ReadOptions
from governance.errors import DataError


def scan_delimited(path: Path, shown: str, separator: str, options: ReadOptions) -> tuple[list[str], int]:
    """Header and number of rows. Raises DataError on repeated names, ragged rows and undecodable bytes."""
    if len(separator) != 1:
        raise DataError(f"{shown}: separator {separator!r} must be one character")
    csv.field_size_limit(2**31 - 1)
    ragged: list[int] = []
    rows = 0
    try:
        with open_text(path, options.encoding) as handle:
            reader = csv.reader(handle, delimiter=separator)
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
            for row in reader:
                if len(row) != width:
                    if not row and width > 1:
                        continue  # a blank line
                    ragged.append(rows)
                rows += 1
    except LookupError:
        raise DataError(f"{shown}: encoding {options.encoding!r} is not known to Python") from None
    except (UnicodeError, csv.Error, OSError, EOFError, zlib.error) as error:
        raise DataError(f"{shown} cannot be read as text: {cause_of(error)}") from None
    if ragged:
        raise DataError(
            f"{shown}: {len(ragged)} of {rows} rows do not have {width} cells "
            f"(the first is data row {ragged[0]}, counted from 0); "
            f"check the separator {separator!r} and unquoted separators inside cells"
        )
    if rows == 0:
        raise DataError(f"{shown} has a header and no rows")
    return header, rows


def _check_header(header: list[str], shown: str) -> None:
    repeated = sorted(name for name, times in Counter(header).items() if times > 1)
    if repeated:
        raise DataError(f"{shown}: column names stand there more than once: {', '.join(map(repr, repeated))}")
    if blank := [index for index, name in enumerate(header) if not name.strip()]:
        raise DataError(f"{shown}: the header has no name for column {blank[0] + 1} of {len(header)}")


def open_text(path: Path, encoding: str) -> TextIO:
    """The file as text, unpacked when its name ends with .gz."""
    if path.name.lower().endswith(".gz"):
        return gzip.open(path, "rt", encoding=encoding, newline="")
    return path.open(encoding=encoding, newline="")


def cause_of(error: BaseException) -> str:
    """The innermost message, on one line, without cell values or temporary paths."""
    while error.__cause__ is not None:
        error = error.__cause__
    if isinstance(error, UnicodeDecodeError):
        return (
            f"byte 0x{error.object[error.start]:02x} is not {error.encoding}; "
            "declare `read: {encoding: ...}` (often latin-1 or cp1252)"
        )
    if isinstance(error, ValueError) and "corresponds to no data" in str(error):
        return "it has no rows"
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text[:200]}" if text else type(error).__name__
