"""Cells of the data that a person edited in a sheet: nobody reads them, so somebody must be told."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from governance.dataset import ColumnType
from governance.reviewing.quarantine_sheet import column_heading
from governance.reviewing.sheet_problems import Problem

if TYPE_CHECKING:
    import polars as pl

    from governance.snapshot import Snapshot

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_DISPLAYED = 6
"""Significant digits that a spreadsheet keeps at least of a number that it writes shorter, as in 1.23457E+18."""


def edited_cells(
    snapshot: Snapshot, rows: pl.DataFrame, lines: Iterable[Mapping[str, str]], labels: Mapping[str, str]
) -> list[Problem]:
    """Line and a sentence for each cell of the data that a sheet holds otherwise than `rows`, which are those of input_rows.

    `lines` have `line`, `row`, `decision`, `to` and, after `=`, the columns of the data that the sheet holds. `labels` is
    row id to label of rows whose label is another by now; either may stand there. Images are not compared. Values are not told.
    """
    import polars as pl

    lines = list(lines)
    names = [column.name for column in snapshot.columns if column.type is not ColumnType.IMAGE]
    wanted = pl.Series([line["row"] for line in lines], dtype=pl.String).implode()
    held = {row["row_id"]: row for row in rows.filter(pl.col("row_id").is_in(wanted)).iter_rows(named=True)}
    told = []
    for line in lines:
        row = held.get(line["row"], {})
        for name in names if row else ():
            text = line.get(f"={name}")
            if text is None or same(text, row[name]):
                continue
            if name != snapshot.target:
                said = f"`{column_heading(name)}` was edited, which is not taken: correct it in the data itself, and run dvc repro"
            elif same(text, labels.get(line["row"])) or (line["decision"] and same(text, line["to"])):
                continue
            else:
                said = (
                    f"the label in `{column_heading(name)}` was edited, which is not taken: write relabel into `decision` and the right "
                    "label into `to`"
                )
            told.append((int(line["line"]), said))
    return told


def same(text: str, value: object) -> bool:
    """Whether a cell of a sheet is `value`, however a spreadsheet writes that: 7.50, 1,5, 1.23457E+18, TRUE, 03/14/25."""
    shown, held = _plain(text), _plain("" if value is None else str(value))
    if shown == held:
        return True
    if shown.lower() == held.lower() and held.lower() in {"true", "false"}:
        return True
    if isinstance(value, bool):
        return shown.lower() not in {"", "true", "false", "0", "1"} or shown == str(int(value))
    left, right = _number(shown), _number(held)
    if left is not None and right is not None:
        return left == right or any(left == float(f"{right:.{digits - 1}e}") for digits in range(_DISPLAYED, 16))
    # A date in another notation, or what a spreadsheet took for one: the same numbers, but for the century and a month's name.
    given, known = (Counter(int(part) % 100 for part in re.findall(r"\d+", one)) for one in (shown, held))
    dated = re.match(r"\d+[-/.: ]\d+", held) is not None
    return dated and bool(given) and (given <= known or known <= given)


def _plain(text: str) -> str:
    return " ".join(text.removeprefix("'").split())


def _number(text: str) -> float | None:
    text = text.replace(",", ".", 1)
    value = float(text) if _NUMBER.fullmatch(text) else math.nan
    return value if math.isfinite(value) else None
