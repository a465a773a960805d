"""The checks of a table's cells, one column or one pair of columns at a time: which rows, and what they should hold."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from governance.dataset import ColumnType, Role
from governance.reporting.integrity_numbers import MOST_OF_OTHER_TYPE, of_numbers, of_numbers_in_words
from governance.reporting.integrity_rules import DATES, Damage, wordy

if TYPE_CHECKING:
    import polars as pl

    from governance.manifest import SnapshotColumn

MAX_OF_OTHER_TYPE = 0.2
"""Share of cells of another type that can still be damage; up to `MOST_OF_OTHER_TYPE` it is a note."""
OPEN_ENDS = frozenset({"9999-12-31", "9999-01-01", "9999-12-30", "2999-12-31", "3000-01-01", "2262-04-11"})
"""Days that databases write where something has no end yet."""
OPEN_END = " (a day that stands for no end)"
SHORT = " (or an abbreviation)"
NO_ANSWER = frozenset(
    {"n/a", "na", "n.a.", "n.a", "not applicable", "unknown", "not known", "unbekannt", "keine angabe", "none"}
)
"""Codes that can also be an answer to a question."""
_ABBREVIATION = re.compile(r"[A-Z]{1,4}")
_NUMBER = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*")
_DAY = re.compile(r"\s*(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})(?:[ T].*)?")
_ORDERS = ((4, 3, 1), (4, 1, 3), (1, 3, 4))
"""Groups of _DAY that are year, month and day."""
NEARLY_ALL_DATES = 0.8
"""Share of the cells of a column that one notation must name days in."""
_DATE = re.compile(r"\s*(\d{4})-(\d{1,2})-(\d{1,2})([ T].*)?")


def of_columns(frame: pl.DataFrame, columns: list[SnapshotColumn]) -> list[Damage]:
    """What each column shows by itself."""
    found: list[Damage] = []
    for column in columns:
        series = frame[column.name]
        if wordy(column, frame.height) or column.type is ColumnType.TEXT:
            found += _string_damage(frame, columns, column)
        elif column.type.numeric and column.resolved_role is not Role.IDENTIFIER:
            found += of_numbers(frame, columns, column)
        elif column.type in DATES:
            found += _date_damage(column, series)
    return found


def _string_damage(frame: pl.DataFrame, columns: list[SnapshotColumn], column: SnapshotColumn) -> list[Damage]:
    from governance.measures import alien_signs as aliens
    from governance.measures import string_damage as strings
    from governance.measures import truth_words as truths
    from governance.measures import word_slips as words
    from governance.measures.censored_values import censored_values
    from governance.measures.misspellings import misspellings
    from governance.measures.second_notations import QUANTITIES, WORDS, second_notations
    from governance.measures.shape_families import families
    from governance.measures.stand_ins import stand_ins

    series = frame[column.name]
    rows = series.len() - series.null_count()
    counts = {str(value): int(rows) for value, rows in series.drop_nulls().value_counts(name="_rows").rows()}
    checks = {"encoding_damage": strings.encoding_damage(counts)}
    numbers: list[Damage] = []
    short: dict[str, str] = {}
    likely: dict[str, str] = {}
    open_ends: dict[str, str] = {}
    units: dict[str, str] = {}
    if wordy(column, series.len()):
        checks["null_coding"] = strings.null_codes(counts, series.null_count())
        open_ends = _open_ends(counts)
        checks["stray_whitespace"] = strings.stray_whitespace(counts, inside=column.type is not ColumnType.TEXT)
        checks["impossible_date"] = _impossible(counts) or _unlike_the_others(counts)
        checks["truth_spelling"] = truths.spellings(counts)
        quantities = second_notations(_without(counts, *checks.values()), QUANTITIES)
        checks["second_notation"] = quantities.sure
        units = quantities.unsure
        checks["censored_value"] = censored_values(_without(counts, *checks.values()))
        explained = ("null_coding", "truth_spelling", "second_notation", "censored_value")
        checks["mixed_types"] = _other_type(_without(counts, *(checks[rule] for rule in explained)))
        checks["spelt_unit"] = words.spelt_units(_without(counts, *checks.values()))
        # What one check explains is no news to the next.
        rest = _without(counts, units, *checks.values())
        named = column.resolved_role in {Role.IDENTIFIER, Role.GROUP}
        checks["alien_sign"], likely = ({}, {}) if named else aliens.alien_signs(rest)
        rest = _without(rest, checks["alien_sign"], likely)
        checks["second_spelling"] = {} if named else words.transliterations(rest)
        rest = _without(rest, checks["second_spelling"])
        checks["case_variant"] = (
            {} if named else strings.odd_capitals(rest) | strings.case_variants(rest) | aliens.point_zeros(rest)
        )
        rest = _without(rest, checks["case_variant"])
        short = _abbreviations(checks["case_variant"], counts)
        checks["case_variant"] = {value: to for value, to in checks["case_variant"].items() if value not in short}
        checks["second_notation"] |= {} if named else second_notations(rest, WORDS).sure
        rest = _without(rest, checks["second_notation"])
        for slips in () if named else (stand_ins, misspellings, words.misspelt_words):
            checks["misspelling"] = checks.get("misspelling", {}) | slips(rest)
            rest = _without(rest, checks["misspelling"])
        checks["odd_shape"] = strings.odd_shapes(rest) | words.odd_endings(rest) | words.sheet_dates(rest)
        for rule, odd in (("mixed_types", checks["mixed_types"]), ("odd_shape", strings.odd_shapes(rest))):
            known = rule == "mixed_types" and _meant(odd, counts)  # notes already
            meant = set() if known else families(checks[rule].keys() & odd, _without(counts, checks["null_coding"]))
            checks["rare_form"] = checks.get("rare_form", {}) | dict.fromkeys(meant, "")
            checks[rule] = {value: text for value, text in checks[rule].items() if value not in meant}
        numbers = [] if named else of_numbers_in_words(frame, columns, column)
    for rule, unsure, why in (
        ("case_variant", short, SHORT),
        ("alien_sign", likely, ""),
        ("null_coding", open_ends, OPEN_END),
        ("second_notation", units, " (in another unit)"),
    ):
        if cells := _cells(rule, column.name, series, unsure):
            numbers.append(replace(cells, because=why, loose=True))
    made = [damage for rule, found in checks.items() if (damage := _cells(rule, column.name, series, found))]
    return numbers + [
        replace(one, loose=True)
        if one.rule in {"censored_value", "rare_form"}
        or (
            one.rule in {"mixed_types", "truth_spelling", "second_notation"}
            and one.rows.size > MAX_OF_OTHER_TYPE * rows
        )
        or (one.rule == "mixed_types" and _meant(checks["mixed_types"], counts))
        or (one.rule == "null_coding" and _an_answer(checks["null_coding"], counts))
        else one
        for one in made
    ]


def _meant(others: Collection[str], counts: Mapping[str, int]) -> bool:
    """Whether what is no number looks like a code of its own: 12a, or the same few letters again and again, as DNF."""
    return all(
        re.fullmatch(r"\d+ ?[A-Za-z]", value)
        or (counts[value] > 1 and re.fullmatch(r"[A-Za-z]{1,4}|[A-Za-z]{1,3}\d{1,2}", value))
        for value in others
    )


def _abbreviations(odd: Mapping[str, str], counts: Mapping[str, int]) -> dict[str, str]:
    """Values in capitals that may be short for something, as USA is: of few letters, and in no other capitals in the column."""
    return {value: "" for value, meant in odd.items() if _ABBREVIATION.fullmatch(value) and meant not in counts}


def _an_answer(codes: Mapping[str, str], counts: Mapping[str, int]) -> bool:
    """Whether the codes say that a question does not apply, or has no answer, beside yes and no only."""
    from governance.measures.truth_words import FALSE, TRUE

    others = {value.strip().casefold() for value in counts if value not in codes}
    return {code.strip().casefold() for code in codes} <= NO_ANSWER and others <= TRUE | FALSE


def _without(counts: dict[str, int], *found: dict[str, str]) -> dict[str, int]:
    known = {value for part in found for value in part}
    return {value: rows for value, rows in counts.items() if value not in known}


def _cells(rule: str, name: str, series: pl.Series, found: dict[str, str]) -> Damage | None:
    if not found:
        return None
    import numpy as np

    values = series.to_list()
    rows = np.flatnonzero(series.is_in(list(found)).fill_null(False).to_numpy())
    return Damage(rule, name, rows, [found[values[row]] for row in rows.tolist()])


def _impossible(counts: dict[str, int]) -> dict[str, str]:
    """Strings that are written as dates in a column of dates and name no day."""
    import datetime

    rows = sum(counts.values())
    dates = {value: found for value in counts if (found := _DATE.fullmatch(value))}
    if sum(counts[value] for value in dates) < 0.8 * rows:
        return {}
    wrong = {}
    for value, found in dates.items():
        try:
            year = datetime.date(int(found[1]), int(found[2]), int(found[3])).year
        except ValueError:
            wrong[value] = ""
            continue
        if not 1800 <= year <= 2200 and value.strip()[:10] not in OPEN_ENDS:
            wrong[value] = ""
    return wrong


def _unlike_the_others(counts: dict[str, int]) -> dict[str, str]:
    """Days that the notation of nearly all others does not name: 03/25/2021 where days stand before months.

    Years of two digits are read between slashes only, as versions have dots.
    """
    days = {value: found for value in counts if (found := _DAY.fullmatch(value))}
    least = NEARLY_ALL_DATES * sum(counts.values())
    if not days or sum(counts[value] for value in days) < least:
        return {}
    named = {order: {value for value, found in days.items() if _names_a_day(found, order)} for order in _ORDERS}
    told = {order: sum(counts[value] for value in values) for order, values in named.items()}
    usual = max(_ORDERS, key=lambda order: told[order])
    return dict.fromkeys(days.keys() - named[usual], "") if told[usual] >= least else {}


def _names_a_day(found: re.Match[str], order: tuple[int, int, int]) -> bool:
    import datetime

    year, month, day = (found[group] for group in order)
    if len(year) != 4 and (len(year) != 2 or found[2] != "/"):
        return False
    try:
        datetime.date(int(year) if len(year) == 4 else 2000 + int(year), int(month), int(day))
    except ValueError:
        return False
    return True


def _open_ends(counts: dict[str, int]) -> dict[str, str]:
    """Days that stand for no end, in a column of dates."""
    days = sum(rows for value, rows in counts.items() if _DATE.fullmatch(value))
    if days < 0.8 * sum(counts.values()):
        return {}
    return {value: "missing" for value in counts if value.strip()[:10] in OPEN_ENDS}


def _other_type(counts: dict[str, int]) -> dict[str, str]:
    """Words in a column of numbers, and numbers in a column of words."""
    rows = sum(counts.values())
    numbers = {value for value in counts if _NUMBER.fullmatch(value)}
    share = sum(counts[value] for value in numbers) / rows if rows else 0.0
    if 1 - MOST_OF_OTHER_TYPE <= share < 1:
        return {value: "" for value in counts if value not in numbers}
    wordy = sum(rows for value, rows in counts.items() if not any(sign.isdigit() for sign in value))
    if 0 < share <= 0.05 and wordy >= 0.95 * (rows - share * rows):
        return dict.fromkeys(numbers, "")
    return {}


def _date_damage(column: SnapshotColumn, series: pl.Series) -> list[Damage]:
    """Years that no data is from, and a first day of an epoch that stands for a missing date."""
    import numpy as np

    years = series.dt.year().fill_null(2000).to_numpy()
    day = series.cast(str).str.slice(0, 10)
    ends = day.is_in(list(OPEN_ENDS)).fill_null(False).to_numpy()
    wrong = ((years < 1800) | (years > 2200)) & ~ends
    for code in ("1900-01-01", "1970-01-01", "1899-12-30", "1899-12-31"):
        here = (day == code).fill_null(False).to_numpy()
        others = years[~here & ~wrong & ~ends]
        # Nothing else for years around it: then it is a code, and no day like others.
        lonely = others.size > 0 and int(np.abs(others - int(code[:4])).min()) >= 5
        if here.sum() >= 2 and here.mean() <= 0.1 and lonely:
            wrong |= here
    rows = np.flatnonzero(wrong)
    found = [Damage("impossible_date", column.name, rows, [""] * rows.size)] if rows.size else []
    rows = np.flatnonzero(ends)
    if rows.size:
        found.append(Damage("null_coding", column.name, rows, ["missing"] * rows.size, OPEN_END, loose=True))
    return found
