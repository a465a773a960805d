"""How a delimited file writes its numbers: the decimal mark, and the mark between thousands.

A notation is adopted when it reads every number of the file and no other does; a column that could be read in another way,
or in none, stays as it is and is named.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from governance.dataset import ColumnType
from governance.ingestion.column_types import read_as
from governance.onboarding.drafting_cells import Cells
from governance.onboarding.drafting_layout import some
from governance.read_options import ReadOptions

_AS_USUAL = ReadOptions()
_COMMA = r"^[+-]?\d+(,\d+)?([eE][+-]?\d+)?$"
_THREE_AFTER_COMMA = r"^[+-]?[1-9]\d{0,2}(,\d{3})?$|^0$"
_THREE_AFTER_POINT = r"^[+-]?[1-9]\d{0,2}(\.\d{3})?$|^0$"
_SPACE = "[ \u00a0\u202f]"
_GROUPED = rf"^[+-]?\d{{1,3}}(((\.\d{{3}})+|('\d{{3}})+|({_SPACE}\d{{3}})+)(,\d+)?|((,\d{{3}})+|('\d{{3}})+|({_SPACE}\d{{3}})+)(\.\d+)?)$"
_NUMBER_LIKE = rf"{_GROUPED}|^[+-]?\d+([.,]\d+)?$"
_CODE = r"^\s*[+-]?0\d"


class _Notation(NamedTuple):
    decimal: Literal[".", ","]
    thousands: Literal[".", ",", " ", "'"]

    def reads(self, options: ReadOptions) -> ReadOptions:
        return options.model_copy(update=self._asdict())


_NOTATIONS = (
    _Notation(".", ","),
    _Notation(",", "."),
    _Notation(".", " "),
    _Notation(",", " "),
    _Notation(".", "'"),
    _Notation(",", "'"),
)


def suggest_numbers(columns: Sequence[Cells], options: ReadOptions) -> tuple[ReadOptions, list[str]]:
    """`options` with the marks in which all numbers of `columns` can be read; a sentence for what was found or stays text.

    Marks between thousands are adopted only where a column shows that they are: by a decimal mark behind them, or by
    numbers of more and of less than a thousand beside each other.
    """
    text = {column.name: column for column in columns}
    commas = [c.name for c in columns if c.all_are(_COMMA) and c.one_is(",")]
    points = [c.name for c in columns if c.read(_AS_USUAL)[0] is ColumnType.NUMBER and c.one_is(r"\.")]
    grouped = [c.name for c in columns if c.name not in {*commas, *points} and _has_groups(c)]
    if grouped:
        return _grouped(text, options, grouped, commas, points)
    if commas and points:
        if all(text[name].all_are(_THREE_AFTER_POINT) for name in points):
            notation = _Notation(",", ".")
            return notation.reads(options), [_said(notation, points, commas)]
        if all(text[name].all_are(_THREE_AFTER_COMMA) for name in commas):
            notation = _Notation(".", ",")
            return notation.reads(options), [_said(notation, commas, points)]
        return options, [
            f"numbers of {some(commas)} have a decimal comma, those of {some(points)} a point, and a file has one mark: "
            "as it is the former are text; write all of them with a point"
        ]
    if commas and all(text[name].all_are(_THREE_AFTER_COMMA) for name in commas):
        return options, [
            f"cells of {some(commas)} are digits, a comma and three digits: kept as text, as the comma could group "
            "thousands; pass --thousands , when it does, or --decimal , when it is the decimal mark"
        ]
    if commas:
        return options.model_copy(update={"decimal": ","}), [
            f"read.decimal: ',', because cells of {some(commas)} are numbers with a decimal comma; "
            "pass --decimal . when they are not"
        ]
    return options, _points_that_may_group(text, points)


def _grouped(
    text: Mapping[str, Cells], options: ReadOptions, grouped: list[str], commas: list[str], points: list[str]
) -> tuple[ReadOptions, list[str]]:
    """As `suggest_numbers`, of a text that has `grouped` columns."""
    fitting = {name: _fitting(text[name], options) for name in grouped}
    mixed = [name for name in grouped if not fitting[name]]
    clear = [name for name in grouped if fitting[name]]
    common = [one for one in _NOTATIONS if all(one in fitting[name] for name in clear)]
    common = [one for one in common if all(_reads(text[name], one, options) for name in (*commas, *points))]
    said = [
        f"numbers of {some(mixed)} are written in more than one way, as 1.234,5 and 1,234.5, and are kept as text; "
        "write them in one"
    ] if mixed else []  # fmt: skip
    shown = [name for name in clear if _shows(text[name])]
    if clear and common and shown:
        # Where more than one is left, they differ in a mark that stands nowhere.
        return common[0].reads(options), [_said(common[0], shown, [n for n in clear if n not in shown] + commas), *said]
    if clear:
        marks = " or ".join(f"--decimal {one.decimal} --thousands {_quoted(one)}" for one in fitting[clear[0]])
        against = [name for name in (*commas, *points) if not any(_reads(text[name], one, options) for one in common)]
        why = f", as {some(against)} would not be read with them" if not common and against else ""
        said.append(
            f"numbers of {some(clear)} may have marks between thousands and are kept as text{why}; "
            f"when they do, pass {marks}"
        )
    return options, said


def in_two_notations(column: Cells, options: ReadOptions) -> bool:
    """Whether all cells are numbers, some with marks between thousands, and no notation reads them all."""
    return _has_groups(column) and not _fitting(column, options)


def _fitting(column: Cells, options: ReadOptions) -> list[_Notation]:
    return [one for one in _NOTATIONS if _reads(column, one, options)]


def _said(notation: _Notation, shown: list[str], also: list[str]) -> str:
    others = f" (which {some(also)} {'agrees' if len(also) == 1 else 'agree'} with)" if also else ""
    example = f"1{notation.thousands}234{notation.decimal}5"
    return (
        f"read.decimal: '{notation.decimal}' and read.thousands: '{notation.thousands}', because cells of {some(shown)} are "
        f"numbers such as {example}{others}; pass --decimal . --thousands '' when they are not"
    )


def _quoted(notation: _Notation) -> str:
    return {" ": "' '", "'": '"\'"'}.get(notation.thousands, notation.thousands)


def _has_groups(column: Cells) -> bool:
    if column.one_is(_CODE):
        return False  # of codes with leading zeros none is a number
    return column.all_are(_NUMBER_LIKE) and column.one_is(_GROUPED)


def _reads(column: Cells, notation: _Notation, options: ReadOptions) -> bool:
    return read_as(column.present, ColumnType.NUMBER, notation.reads(options)).null_count() == 0


def _shows(column: Cells) -> bool:
    """Whether the marks in a column are between thousands: telephone numbers have as many in each cell, and no decimals."""
    cells = column.present.str.strip_chars().str.replace_all(r"\d", "").str.strip_chars_start("+-")
    return cells.n_unique() > 1 or any(len(set(re.sub(_SPACE, " ", marks))) > 1 for marks in cells.unique())


def _points_that_may_group(text: Mapping[str, Cells], points: list[str]) -> list[str]:
    """A sentence for columns of whole numbers below a thousand and of numbers with just three digits behind a point."""
    suspect = [
        name for name in points
        if text[name].all_are(_THREE_AFTER_POINT) and text[name].one_is(r"^[+-]?\d{1,3}$")
    ]  # fmt: skip
    if not suspect:
        return []
    return [
        f"points in numbers of {some(suspect)} always have three digits behind them and are read as decimal points: "
        "12.500 is 12.5; pass --decimal , --thousands . when they part thousands"
    ]
