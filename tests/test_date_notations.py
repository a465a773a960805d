"""Dates of two notations in one column, and what is said of those that no setting reads."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest

from governance.dataset import ColumnType
from governance.errors import DataError
from governance.ingestion.column_types import infer, typed
from governance.ingestion.date_notations import FORMATS
from governance.read_options import ReadOptions

DAYS = [date(1899, 12, 28) + timedelta(days=37 * k) for k in range(1500)]
ISO = "%Y-%m-%d"


def refusal(cells: list[str], kind: ColumnType = ColumnType.DATE, read: ReadOptions | None = None) -> str:
    with pytest.raises(DataError) as caught:
        typed(pl.Series("day", cells), kind, "d.csv", read or ReadOptions())
    return str(caught.value)


@pytest.mark.parametrize(
    "form", [f.replace(".", mark) for f in ("%d.%m.%Y", "%m.%d.%Y", "%Y.%m.%d") for mark in ".-/ "]
)
def test_no_cell_can_be_read_both_as_iso_and_as_another_notation(form: str) -> None:
    if form == ISO:
        return
    written = pl.Series([day.strftime(form) for day in DAYS])
    assert written.str.to_date(ISO, strict=False).null_count() == len(DAYS)
    iso = pl.Series([day.isoformat() for day in DAYS])
    assert iso.str.to_date(form, strict=False).null_count() == len(DAYS)


def test_dates_of_both_notations_are_read_in_one_column() -> None:
    cells = pl.Series("day", [day.strftime("%d.%m.%Y" if k % 100 == 3 else ISO) for k, day in enumerate(DAYS)])
    read = ReadOptions(date_format="%d.%m.%Y")
    assert typed(cells, ColumnType.DATE, "d.csv", read).to_list() == DAYS
    assert infer(cells, read) is ColumnType.DATE
    times = pl.Series("at", ["2024-01-02 10:00", "02.01.2024 11:00"])
    assert [str(time) for time in typed(times, ColumnType.DATETIME, "d.csv", read)] == [
        "2024-01-02 10:00:00",
        "2024-01-02 11:00:00",
    ]


def test_the_setting_that_reads_other_dates_is_named_and_no_cell_is_shown() -> None:
    mixed = refusal(["2024-01-02"] * 99 + ["17.03.2024"])
    assert "1 of 100 cells are not a date (the first is row 100" in mixed
    assert 'it looks like 31.01.2026: declare `read: {date_format: "%d.%m.%Y"}` in params.yaml' in mixed
    assert "17.03.2024" not in mixed
    either = refusal(["03/04/2024", "05/06/2024"])
    assert 'date_format: "%d/%m/%Y"}` or `read: {date_format: "%m/%d/%Y"}`, whichever is meant' in either
    some = refusal(["17.03.2024", "18.03.2024", "secret"], ColumnType.DATETIME)
    assert "2 of them look like 31.01.2026" in some
    assert "for the others, mend the data" in some
    assert "secret" not in some


@pytest.mark.parametrize("cells", [["x", "y"], ["2024-13-45"], ["1.5"]])
def test_what_is_no_date_gets_no_setting(cells: list[str]) -> None:
    assert "date_format" not in refusal(cells)


@pytest.mark.parametrize("form", FORMATS)
def test_every_notation_in_use_can_be_declared(form: str) -> None:
    assert ReadOptions(date_format=form).date_format == form
