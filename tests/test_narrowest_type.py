"""The narrowest type of a column of text: every cell decides, also one that stands after many others."""

from __future__ import annotations

import random

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


SPOKEN = {
    "asked": ("|please |can you |hey ", "play |find |put on ", "jazz|the news|some old hits|Mozart", "| in the kitchen| again| for me"),
    "gefragt": ("|bitte |jetzt ", "suche |starte |spiel ", "einen Zug|meine Liste|die Nachrichten", "| in der Küche| noch einmal| nach Rom"),
    "pedido": ("|por favor |ahora ", "busca |pon ", "un tren|la lista|las noticias|algo de jazz", "| en la cocina| otra vez| a Roma"),
    "finding": ("mild |no acute |stable ", "left |right |basal ", "effusion|opacity|fracture", "| without change| since last study| with loss of volume"),
    "HEADLINE": ("Court |Mayor |Storm ", "Rejects |Delays |Wins ", "New |Big |Last ", "Plan |Vote |Deal ", "|in Ohio|After Long Protest|as Prices Rise"),
}  # fmt: skip
"""Short texts, from parts: no longer than names and addresses."""
NAMING = {
    "person": ("Jan |Ana |Joaquin |Marlies ", "|Cornelis |Luz ", "van der |de la |||", "~"),
    "in small letters": ("jan |ana |marlies |ulf ", "|~ ", "van der |de |", "~"),
    "firm": ("Berg |Vries |Luna |~ ", "and |& |", "Sons |Trading |Mills ", "Holding |", "Ltd|GmbH|S.A."),
    "house": ("# ", "calle |avenida ", "de la |del |", "luna|sol|castillo mayor"),
    "street": ("rue |place ", "de la |du |des ", "gare|moulin|paix|petite fontaine|~"),
    "written day": ("on the ", "#th ", "of ", "May|June|July", " in the evening||"),
    "species": ("Quercus |Acer |Rosa ", "robur |alba |nigra ", "var. |subsp. ", "alpina|major|glauca|minor"),
    "file": ("/home/my ", "user/|old dir/", "some |the |a big ", "file|text|draft", " ~.txt"),
}  # fmt: skip
"""Cells of three words and more that name something, from parts; `#` is a number, `~` letters of a name."""


def cells(parts: tuple[str, ...], rows: int = 400) -> pl.Series:
    """Different cells."""
    drawn = random.Random(0)

    def letters() -> str:
        return "".join(drawn.choice("bdklmnrst") + drawn.choice("aeiou") for _ in range(3))

    made = ["".join(drawn.choice(part.split("|")) for part in parts) for _ in range(rows)]
    made = [cell.replace("#", str(drawn.randrange(1, 999))).replace("~", letters()) for cell in made]
    return pl.Series("x", sorted(set(made)))


@pytest.mark.parametrize(("parts", "kind"), [
    *((parts, ColumnType.TEXT) for parts in SPOKEN.values()), *((parts, ColumnType.STRING) for parts in NAMING.values()),
], ids=[*SPOKEN, *NAMING])  # fmt: skip
def test_short_cells_are_texts_where_words_run_on_and_names_where_they_do_not(
    parts: tuple[str, ...], kind: ColumnType
) -> None:
    column = cells(parts)
    assert column.str.len_chars().mean() < 40  # type: ignore[operator]
    assert infer(column) is kind


def test_a_short_text_is_no_text_where_its_column_is_called_and_filled_as_one_of_names() -> None:
    asked = cells(SPOKEN["asked"])
    assert infer(asked.rename("street")) is ColumnType.STRING
