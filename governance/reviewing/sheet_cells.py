"""The cells of a sheet that a person filled with a spreadsheet, whatever separator that wrote."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Sequence
from pathlib import Path

from governance.errors import UsageError


def own_cells(
    path: Path, shown: str, own: Sequence[str], command: str, *, data: Sequence[str] = ()
) -> list[dict[str, str]]:
    """The columns `own` of each line of the sheet that `command` wrote, and the number of the `line` in the file.

    Columns of `data` that the sheet holds come after them under their names after `=`. Raises UsageError where the file is
    no such sheet.
    """
    text = _text(path, shown)
    separator = text[len(own[0]) : len(own[0]) + 1]
    if not text.startswith(own[0]) or separator not in {",", ";", "\t"}:
        raise UsageError(f"{shown} is not a sheet that `{command}` wrote: its first column must be `{own[0]}`")
    table = [line for line in csv.reader(io.StringIO(text, newline=""), delimiter=separator) if any(line)]
    if missing := [name for name in own if name not in table[0]]:
        raise UsageError(f"{shown} has lost its columns {', '.join(missing)}")
    places = {name: table[0].index(name) for name in own}
    places |= {f"={name}": table[0].index(name) for name in data if name in table[0]}
    return [
        {"line": str(number), **{name: (line[at] if at < len(line) else "") for name, at in places.items()}}
        for number, line in enumerate(table[1:], start=2)
    ]


def _text(path: Path, shown: str) -> str:
    """What the file holds, in UTF-8, or in UTF-16 where it begins with the mark of that, as Excel's Unicode Text does."""
    try:
        content = path.read_bytes()
        marked = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))  # no text in UTF-8 begins so
        return content.decode("utf-16" if marked else "utf-8-sig")
    except FileNotFoundError:
        raise UsageError(f"{shown} does not exist") from None
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{shown} cannot be read: {error}; save it as CSV in UTF-8") from None
