"""How a file writes its numbers: which marks are adopted, which are only named, and that what is adopted is read."""

from __future__ import annotations

import polars as pl
import pytest
from pydantic import ValidationError

from governance.contract import declared_digest
from governance.dataset import ColumnType, DataConfig
from governance.errors import DataError
from governance.ingestion.column_types import infer, typed
from governance.onboarding.drafting_cells import Cells
from governance.onboarding.drafting_number_marks import suggest_numbers
from governance.read_options import ReadOptions

PLAIN = (".", None)


def found(**columns: list[str]) -> tuple[tuple[str, str | None], str]:
    rows = 4 * max(map(len, columns.values()))
    frame = pl.DataFrame({name: (cells * rows)[:rows] for name, cells in columns.items()})
    options, said = suggest_numbers([Cells(column) for column in frame.get_columns()], ReadOptions())
    return (options.decimal, options.thousands), "\n".join(said)


@pytest.mark.parametrize(
    ("cells", "marks"),
    [
        (["1.500,50", "980,00"], (",", ".")),
        (["1,500.50", "980.00"], (".", ",")),
        (["1 500,5", "999,5"], (",", " ")),
        (["1\u00a0500,5", "999,5"], (",", " ")),
        (["1'500.50", "999.5"], (".", "'")),
        (["1.250.000", "1.500"], (",", ".")),
        (["-1.250,5", "7"], (",", ".")),
    ],
)
def test_marks_that_a_column_shows_are_adopted_and_said(cells: list[str], marks: tuple[str, str]) -> None:
    adopted, said = found(price=cells)
    assert adopted == marks
    assert f"read.thousands: '{marks[1]}', because cells of 'price' are numbers such as" in said
    read = ReadOptions(decimal=marks[0], thousands=marks[1])  # type: ignore[arg-type]
    assert infer(pl.Series("price", cells), read).numeric


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ({"a": ["123 456 789", "555 123 456"]}, "numbers of 'a' may have marks between thousands"),
        ({"a": ["1.234.567", "2.345.678"]}, "pass --decimal , --thousands ."),
        ({"a": ["1,500", "2,000", "12"]}, "pass --thousands , when it does, or --decimal ,"),
        ({"a": ["1.500", "980"]}, "12.500 is 12.5; pass --decimal , --thousands ."),
        ({"a": ["1.500,00", "1,500.00"]}, "numbers of 'a' are written in more than one way"),
        ({"a": ["1.500,00", "980,00"], "b": ["3.5", "4.25"]}, "as 'b' would not be read with them"),
        ({"a": ["12.5", "3"]}, ""),
        ({"a": ["1.250", "0.125", "3"]}, ""),
        ({"a": ["192.168.100.200", "10.0.0.1"]}, ""),
        ({"a": ["0151 234", "0300 123"]}, ""),
    ],
)
def test_what_could_be_meant_otherwise_is_named_and_left(columns: dict[str, list[str]], sentence: str) -> None:
    adopted, said = found(**columns)
    assert adopted == PLAIN
    assert sentence in said
    assert bool(said) == bool(sentence)


def test_a_column_in_two_notations_does_not_keep_the_others_from_being_read() -> None:
    adopted, said = found(a=["1.500,00", "980,00"], b=["1,500.00", "1.500,00"])
    assert adopted == (",", ".")
    assert "numbers of 'b' are written in more than one way" in said


def test_the_decimal_mark_of_other_columns_tells_what_three_digits_are() -> None:
    assert found(a=["3,5", "4"], b=["12.500", "980"])[0] == (",", ".")
    assert found(a=["0.5", "4"], b=["12,500", "980"])[0] == (".", ",")
    assert found(a=["3,5", "4"], b=["12.5", "980"])[0] == PLAIN


@pytest.mark.parametrize(
    ("cell", "value"),
    [("1.234,5", 1234.5), ("1234,5", 1234.5), ("-1.234.567", -1234567.0), ("12,5", 12.5), ("1.23", None), ("12.3456", None), ("0.123", None)],
)  # fmt: skip
def test_thousands_are_parted_by_three_digits_or_not_read(cell: str, value: float | None) -> None:
    series, read = pl.Series("x", [cell]), ReadOptions(decimal=",", thousands=".")
    if value is None:
        with pytest.raises(DataError, match="not a number"):
            typed(series, ColumnType.NUMBER, "d.csv", read)
    else:
        assert typed(series, ColumnType.NUMBER, "d.csv", read).to_list() == [value]


def test_whole_numbers_with_marks_are_whole_numbers() -> None:
    series, read = pl.Series("x", ["1,234", "12"]), ReadOptions(thousands=",")
    assert infer(series, read) is ColumnType.INTEGER
    assert typed(series, ColumnType.INTEGER, "d.csv", read).to_list() == [1234, 12]


def test_one_mark_cannot_be_both() -> None:
    with pytest.raises(ValidationError, match="are both"):
        ReadOptions(thousands=".")


def test_datasets_without_such_marks_keep_the_digest_of_their_settings() -> None:
    config = DataConfig.model_validate({"path": "a.csv", "read": {"separator": ";"}})
    assert "thousands" not in config.model_dump(mode="json")["read"]
    marked = DataConfig.model_validate({"path": "a.csv", "read": {"separator": ";", "thousands": ","}})
    assert declared_digest(config, ()) != declared_digest(marked, ())
