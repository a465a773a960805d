"""The narrowest type of a column of text: every cell decides, also one that stands after many others."""

from __future__ import annotations

import polars as pl
import pytest

from governance.dataset import ColumnType, Format
from governance.ingestion.column_types import infer, read_narrowest, typed
from governance.onboarding.drafting_reading import suggest_reading
from governance.read_options import ReadOptions

ROWS = 3000
COLUMNS: dict[ColumnType, tuple[list[str], str]] = {
    ColumnType.BOOLEAN: (["true", "False"], "maybe"),
    ColumnType.INTEGER: (["1", "-2", "+30"], "x"),
    ColumnType.NUMBER: (["1.5", "2", ".5", "1e3"], "1,5"),
    ColumnType.DATE: (["2024-02-29", "1999-12-31"], "2023-02-29"),
    ColumnType.DATETIME: (["2024-02-29T10:00:00Z", "2024-02-29T12:00:00+02:00"], "2024-02-29T10:00:00"),
}
"""Cells of a type, and one that makes a column of them text."""


@pytest.mark.parametrize("kind", COLUMNS)
def test_a_column_is_read_as_the_type_that_all_of_its_cells_fit(kind: ColumnType) -> None:
    usual, other = COLUMNS[kind]
    cells = pl.Series("x", [None if k % 7 == 0 else usual[k % len(usual)] for k in range(ROWS)])
    found, read = read_narrowest(cells)
    assert found is kind
    assert read.name == "x"
    assert read.equals(typed(cells, kind, "d.csv"), check_dtypes=True, null_equal=True)
    late = cells.set(pl.Series([k == ROWS - 1 for k in range(ROWS)]), other)
    assert infer(late) is ColumnType.CATEGORY


@pytest.mark.parametrize("code", ["007", "12345678901234567890"])
def test_one_late_code_keeps_a_column_of_numbers_text(code: str) -> None:
    cells = pl.Series("x", [str(k) for k in range(ROWS)] + [code])
    assert infer(cells) is ColumnType.STRING


def test_a_late_cell_takes_the_decimal_comma_and_the_notation_of_dates_away() -> None:
    commas, days = [f"{k % 50},5" for k in range(ROWS)], ["31.01.2024"] * ROWS
    whole = suggest_reading(pl.DataFrame({"a": commas, "b": days}), Format.CSV, ReadOptions())
    assert (whole.options.decimal, whole.options.date_format) == (",", "%d.%m.%Y")
    assert {name: kind for name, (kind, _) in whole.read.items()} == {"a": ColumnType.NUMBER, "b": ColumnType.DATE}
    late = pl.DataFrame({"a": [*commas[:-1], "about 5"], "b": [*days[:-1], "soon"]})
    less = suggest_reading(late, Format.CSV, ReadOptions())
    assert (less.options.decimal, less.options.date_format) == (".", None)
    assert {kind for kind, _ in less.read.values()} <= {ColumnType.CATEGORY, ColumnType.STRING}


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("这个电池{}很好,但是屏幕太差。用了三天就坏了,不推荐。", ColumnType.TEXT),
        ("この電池は{}とても良いですが、画面はひどいです。", ColumnType.TEXT),
        ("ฉันซื้อแบตเตอรี่{}นี้เมื่อวานและหน้าจอก็เสียทันทีหลังจากนั้น", ColumnType.TEXT),
        ("王小{}", ColumnType.STRING),
        ("北京市朝阳区建国路{}号", ColumnType.STRING),
        ("東京都千代田区丸の内一丁目{}番1号 新東京ビル", ColumnType.STRING),
        ("Größenordnungsverzeichnisnummerierungsstelle{}", ColumnType.STRING),
    ],
)
def test_texts_of_scripts_without_spaces_are_texts_and_names_are_not(cell: str, kind: ColumnType) -> None:
    assert infer(pl.Series("x", [cell.format(chr(0x4E00 + k)) for k in range(100)])) is kind
