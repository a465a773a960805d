"""Cells that stand for a missing value: words and signs that are known for it, and codes far beyond all numbers.

A marker is adopted only where that turns a column of text into numbers or times, or where it can hardly be a value.
Nothing but known words, signs and codes is ever shown: any other cell may be somebody's.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from governance.dataset import ColumnType
from governance.ingestion.column_types import read_as
from governance.onboarding.drafting_cells import ROWS, Cells, is_marker
from governance.onboarding.drafting_layout import some
from governance.read_options import ReadOptions

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

_PLAIN = frozenset({"?", "N/A", "n/a", "#N/A", "NaN", "nan", "NULL", "null", "#NULL!", "#VALUE!", "#REF!", "#DIV/0!"})
"""Markers that are hardly ever a value. `NA` is Namibia, `None` a level, `-` a sign somewhere."""
_TEXTS = frozenset({ColumnType.CATEGORY, ColumnType.STRING, ColumnType.TEXT})
NEARLY_ALL = 0.9
"""Share of the cells that must be numbers or dates for a column to be one of these with other words in it."""
_LARGE, _OFTEN = 99, 3
"""A code is pointed out from so many on, away from zero, and when it stands in so many cells."""


def suggest_markers(text: Sequence[Cells], options: ReadOptions) -> tuple[ReadOptions, list[str]]:
    """`options` with the markers that `text` needs, and a sentence for each marker that was found in it.

    `options` say how numbers and dates are written.
    """
    found = {column.name: column.markers for column in text if column.markers}
    adopted: set[str] = {marker for counts in found.values() for marker in counts if marker in _PLAIN}
    for column in text:
        if adopted >= column.markers.keys():
            continue
        if column.bare.present.len() and column.bare.read(options)[0] not in _TEXTS:
            adopted |= column.markers.keys()  # without them the column is numbers or times
    values = (*options.na_values, *sorted(adopted - set(options.na_values)))
    kept = {marker for counts in found.values() for marker in counts} - adopted
    said = [
        f"read.na_values: {marker!r} is taken for missing: {_where(marker, found)}; "
        "pass --na yourself when it is a value there"
        for marker in sorted(adopted)
    ]
    said += [
        f"{marker!r} stands in {_where(marker, found)} and is kept as a value; "
        f"pass {passed([*values, marker])} when it means missing"
        for marker in sorted(kept)
    ]
    return options.model_copy(update={"na_values": values}), said


def passed(markers: Iterable[str]) -> str:
    """The options that declare `markers`, all of them: given ones are not looked for."""
    return " ".join(f"--na={shlex.quote(marker)}" for marker in dict.fromkeys(markers) if marker)


def _where(marker: str, found: Mapping[str, Mapping[str, int]]) -> str:
    where = {name: counts[marker] for name, counts in found.items() if marker in counts}
    return f"{sum(where.values()):,} cells of {some(list(where))}"


def nearly(present: Sequence[Cells], options: ReadOptions) -> list[str]:
    """A sentence for each column of text that would be numbers or dates without a few cells, and what to do.

    `present` holds missing cells as such.
    """
    import polars as pl

    said = []
    for column in present:
        if not column.present.len() or column.read(options)[0] not in _TEXTS:
            continue
        cells = column.present.value_counts(name=ROWS)
        if _code(cells[column.name]):
            continue
        share, kind, rest = max(_readings(cells, options), key=lambda reading: reading[0])
        if not NEARLY_ALL <= share < 1:
            continue
        known = dict(rest.filter(is_marker(pl.col(column.name))).sort(column.name).iter_rows())
        others = int(rest[ROWS].sum()) - sum(known.values())
        parts = [f"{count:,} {marker!r}" for marker, count in known.items()]
        parts += [f"{others:,} other{' cells' if others > 1 else ' cell'} (not shown here)"] if others else []
        advice = f"pass {passed([*options.na_values, *known])} when these mean missing" if known else ""
        mend = (
            "mend the others, or pass them with --na too"
            if known
            else "mend them, or pass what means missing with --na"
        )
        said.append(
            f"{column.name!r} is kept as text, although {_percent(share)} of its cells are {kind}; the rest are "
            f"{', '.join(parts)}: {'; '.join([part for part in (advice, mend if others else '') if part])}"
        )
    return said


def _percent(share: float) -> str:
    return f"{min(99.9, share * 100):.3g} %"


def _code(cells: pl.Series) -> bool:
    """Whether numbers in `cells` are codes: with leading zeros, or longer than a number can hold."""
    return bool(cells.str.contains(r"^\s*[+-]?(0\d|\d{17,})").any())


def _readings(cells: pl.DataFrame, options: ReadOptions) -> list[tuple[float, str, pl.DataFrame]]:
    """Share of rows that are numbers or dates, what these are called, and the cells that are not.

    `cells` holds each different cell once, and in how many rows it stands.
    """

    def numbers(decimal: str) -> ReadOptions:
        # What ends the whole part in this reading is no mark between its thousands.
        thousands = None if options.thousands == decimal else options.thousands
        return options.model_copy(update={"decimal": decimal, "thousands": thousands})

    kinds = [
        (ColumnType.NUMBER, "numbers with a decimal comma", numbers(",")),
        (ColumnType.NUMBER, "numbers", numbers(".")),
        (ColumnType.DATE, "dates", options),
    ]
    different, rows = cells.to_series(0), int(cells[ROWS].sum())
    comma = bool(different.str.contains(r"^\s*[+-]?\d+,\d+\s*$").any())
    result = []
    for kind, name, read in kinds if comma else kinds[1:]:
        rest = cells.filter(read_as(different, kind, read).is_null())
        result.append((1 - int(rest[ROWS].sum()) / rows, name, rest))
    return result


def codes_among(values: NDArray[np.float64]) -> list[float]:
    """Codes such as 999 among `values` (n,) that a person is asked about."""
    from governance.measures.number_damage import sentinels

    return [code for code in sentinels(values) if abs(code) >= _LARGE and (values == code).sum() >= _OFTEN]


def codes_beyond(present: Sequence[Cells], options: ReadOptions) -> list[str]:
    """A sentence for each code such as 999 that lies far beyond all other numbers of a column, and where it stands.

    `present` as for `nearly`.
    """
    import polars as pl

    codes: dict[float, list[str]] = {}
    for column in present:
        kind, numbers = column.read(options)
        if not kind.numeric:
            continue
        values = numbers.drop_nulls().cast(pl.Float64).to_numpy()
        for code in codes_among(values):
            codes.setdefault(code, []).append(column.name)
    said = []
    for code, names in sorted(codes.items()):
        shown = f"{code:.0f}"
        stands = {column.name: int((column.series == shown).sum()) for column in present}
        also = [name for name, count in stands.items() if count and name not in names]
        elsewhere = f" (it also stands in {some(also)}, where it would then be missing too)" if also else ""
        said.append(
            f"{shown} in {sum(stands[name] for name in names):,} cells of {some(names)} lies far beyond all other numbers "
            f"there and is kept as a number; pass {passed([*options.na_values, shown])} when it means missing{elsewhere}"
        )
    return said
