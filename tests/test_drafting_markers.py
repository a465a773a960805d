"""Missing markers among numbers and dates: adopted where a column shows what it is without them, else named."""

from __future__ import annotations

import polars as pl

from governance.dataset import Format
from governance.onboarding.drafting_markers import passed
from governance.onboarding.drafting_reading import Reading, suggest_reading
from governance.read_options import ReadOptions


def reading(columns: dict[str, list[str | None]], **rest: bool) -> Reading:
    frame = pl.DataFrame(columns).with_columns(source_file=pl.lit("d.csv"))
    return suggest_reading(frame, Format.CSV, ReadOptions(), **rest)


def mixed(usual: list[str], others: list[str], rows: int = 400) -> list[str | None]:
    """`rows` cells, each twelfth of them in turn one of `others`."""
    return [others[k // 12 % len(others)] if k % 12 == 5 and others else usual[k % len(usual)] for k in range(rows)]


COMMAS = [f"{18 + k * 7 % 23},{k % 10}" for k in range(97)]
WORDS = ["NA", "-", "unbekannt"]


def test_markers_among_numbers_with_a_decimal_comma_are_adopted() -> None:
    found = reading({"bmi": mixed(COMMAS, WORDS)})
    assert found.options.decimal == ","
    assert found.options.na_values == ("", "-", "NA", "unbekannt")
    assert any("'unbekannt' is taken for missing" in sentence for sentence in found.said)


def test_markers_among_dates_of_another_notation_are_adopted() -> None:
    days = [f"{1 + k % 28:02d}.{1 + k % 12:02d}.2024" for k in range(80)]
    found = reading({"seen": mixed([*days, "2024-05-06"], WORDS)})
    assert found.options.date_format == "%d.%m.%Y"
    assert found.options.na_values == ("", "-", "NA", "unbekannt")
    assert any("the others are written like 2026-01-31" in sentence for sentence in found.said)


def test_what_keeps_a_column_from_being_numbers_is_told_with_the_options_and_shows_no_cell() -> None:
    given = reading({"bmi": mixed(COMMAS, WORDS)}, markers_given=True)
    (sentence,) = (one for one in given.said if "kept as text" in one)
    assert sentence.startswith("'bmi' is kept as text, although 91.8 % of its cells are numbers with a decimal comma")
    assert sentence.endswith("pass --na=- --na=NA --na=unbekannt when these mean missing")
    other = reading({"dose": mixed(["1.5", "2.25", "3.5"], ["Anna Weber", "NA"])})
    (sentence,) = (one for one in other.said if "kept as text" in one)
    assert "16 'NA', 17 other cells (not shown here)" in sentence
    assert "mend the others, or pass them with --na too" in sentence
    assert not any("Weber" in one for one in other.said)


def test_codes_and_words_are_no_spoilt_numbers() -> None:
    for cells in (mixed(["01067", "10115"], ["NA"]), ["a", "b"] * 100, ["1.5", "2.5", "2.5", "low"] * 40):
        told = reading({"x": list(cells)}).said
        assert not any("is kept as text, although" in sentence for sentence in told), told


def test_a_code_far_beyond_all_numbers_is_pointed_out_and_kept() -> None:
    ages = [str(20 + k % 60) for k in range(97)]
    found = reading({"age": mixed(ages, ["999", "NA"]), "region": mixed(["north", "south"], ["999"])})
    assert found.options.na_values == ("", "NA")
    (sentence,) = (one for one in found.said if "far beyond" in one)
    assert "999 in 17 cells of 'age'" in sentence
    assert "pass --na=NA --na=999 when it means missing (it also stands in 'region'" in sentence
    near = reading({"age": mixed(ages, ["99"]), "price": [str(k) for k in range(700, 1100)]})
    assert not any("far beyond" in one for one in near.said)


def test_a_word_among_levels_is_kept_and_all_options_are_named() -> None:
    found = reading({"region": mixed(["north", "south"], ["unbekannt", "n/a"])})
    assert found.options.na_values == ("", "n/a")
    assert any("is kept as a value; pass --na=n/a --na=unbekannt when" in sentence for sentence in found.said)


def test_options_can_be_pasted_into_a_shell() -> None:
    assert passed(["", "-", "k. a.", "NA", "NA"]) == "--na=- --na='k. a.' --na=NA"
