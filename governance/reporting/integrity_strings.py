"""The checks of a column of strings: each explains some values, and what is explained is no news to the next."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from governance.dataset import ColumnType
from governance.reporting.integrity_capitals import OTHER_NAME, writings
from governance.reporting.integrity_days import OPEN_END, impossible, open_ends, unlike_the_others
from governance.reporting.integrity_numbers import MOST_OF_OTHER_TYPE, of_numbers_in_words
from governance.reporting.integrity_rules import NAMES_ROWS, Damage, wordy

if TYPE_CHECKING:
    import polars as pl

    from governance.manifest import SnapshotColumn
    from governance.reporting.integrity_levels import RowLevels

Found = dict[str, str]
"""Values, and what should stand in their place; empty where nobody can tell."""

MAX_OF_OTHER_TYPE = 0.2
"""Share of cells of another type that can still be damage; up to `MOST_OF_OTHER_TYPE` it is a note."""
MAY_BE_USUAL = frozenset({"mixed_types", "truth_spelling", "second_notation", "written_unit", "unit_left_out"})
"""Rules that are notes where more cells than that break them."""
OTHER_UNIT = " (in another unit)"
BOTH_FREQUENT = " (both are frequent, and count as two)"
OR_A_LEVEL = " (or a level of its own)"
OTHER_CODE = " (or a code of another length)"
NO_ANSWER = frozenset(
    {"n/a", "na", "n.a.", "n.a", "not applicable", "unknown", "not known", "unbekannt", "keine angabe", "none"}
)
"""Codes that can also be an answer to a question."""
_NUMBER = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*")


class _Values:
    """The values of a column, and what was found in them."""

    def __init__(self, series: pl.Series) -> None:
        self.series = series
        self.missing = series.null_count()
        """Cells that are empty."""
        known = series.drop_nulls().value_counts(name="_rows").rows()
        self.counts: dict[str, int] = {str(value): int(rows) for value, rows in known}
        """Cells of each value."""
        self.rest = dict(self.counts)
        """Those that no check explained."""
        self.sure: dict[str, Found] = {}
        self.loose: list[tuple[str, Found, str]] = []
        """Rule, values and why they may be as they should."""

    def explain(self, rule: str, found: Found) -> None:
        """Values that `rule` points to, but for those that it may not."""
        self.sure[rule] = self.sure.get(rule, {}) | found
        self._drop(found)

    def doubt(self, rule: str, found: Found, why: str = "") -> None:
        """Values that `rule` points to and that may be as they should: a note."""
        self.loose.append((rule, found, why))
        self.sure[rule] = {value: text for value, text in self.sure.get(rule, {}).items() if value not in found}
        self._drop(found)

    def _drop(self, found: Collection[str]) -> None:
        self.rest = {value: rows for value, rows in self.rest.items() if value not in found}

    def without(self, *rules: str) -> dict[str, int]:
        """Cells of the values that these rules do not point to."""
        known = {value for rule in rules for value in self.sure.get(rule, ())}
        known |= {value for rule, found, _ in self.loose if rule in rules for value in found}
        return {value: rows for value, rows in self.counts.items() if value not in known}

    def damage(self, name: str) -> list[Damage]:
        """All that was found, as cells of column `name`."""
        sure = [(rule, found, "", self._is_doubtful(rule, found)) for rule, found in self.sure.items()]
        every = [(rule, found, why, True) for rule, found, why in self.loose] + sure
        return [self._cells(name, *one) for one in every if one[1]]

    def _is_doubtful(self, rule: str, found: Found) -> bool:
        """Whether so many cells are such that it may be usual here, or values such that they may be meant."""
        cells = sum(self.counts[value] for value in found)
        return (
            (rule in MAY_BE_USUAL and cells > MAX_OF_OTHER_TYPE * sum(self.counts.values()))
            or (rule == "mixed_types" and _meant(found, self.counts))
            or (rule == "null_coding" and _an_answer(found, self.counts))
        )

    def _cells(self, name: str, rule: str, found: Found, why: str, loose: bool) -> Damage:
        import numpy as np

        values = self.series.to_list()
        rows = np.flatnonzero(self.series.is_in(list(found)).fill_null(False).to_numpy())
        return Damage(rule, name, rows, [found[values[row]] for row in rows.tolist()], why, loose=loose)


def of_strings(series: pl.Series, column: SnapshotColumn, levels: RowLevels) -> list[Damage]:
    """What a `column` of strings shows, a few numbers and dates among them."""
    from governance.measures import string_damage as strings
    from governance.measures.people_columns import holds_people

    values = _Values(series)
    values.explain("encoding_damage", strings.encoding_damage(values.counts))
    numbers: list[Damage] = []
    if wordy(column, series.len()):
        named = column.resolved_role in NAMES_ROWS
        _look_at_notations(values, inside=column.type is not ColumnType.TEXT)
        if not named:
            _look_at_words(values, names=holds_people(column.name, values.counts))
            numbers = of_numbers_in_words(series, levels)
        _look_at_shapes(values)
    return numbers + values.damage(column.name)


def _look_at_notations(values: _Values, *, inside: bool) -> None:
    """Codes, days, truth and quantities; whitespace also `inside` values."""
    from governance.measures import string_damage as strings
    from governance.measures import truth_words as truths
    from governance.measures.censored_values import censored_values
    from governance.measures.none_as_level import none_as_level
    from governance.measures.null_codes import null_codes, possible_null_codes
    from governance.measures.second_notations import QUANTITIES, second_notations
    from governance.reporting.integrity_units import written_units

    counts = values.counts
    codes = null_codes(counts, values.missing)
    none = none_as_level(counts, codes, values.missing)
    values.explain("null_coding", {value: text for value, text in codes.items() if value not in none.sure})
    maybe = {value: codes[value] for value in sorted(none.maybe)} | possible_null_codes(counts, codes)
    values.doubt("null_coding", maybe, OR_A_LEVEL)
    values.doubt("null_coding", open_ends(counts), OPEN_END)
    values.explain("stray_whitespace", strings.stray_whitespace(counts, inside=inside))
    values.explain("impossible_date", impossible(counts) or unlike_the_others(counts))
    values.explain("truth_spelling", truths.spellings(counts))
    quantities = second_notations(values.rest, QUANTITIES)
    values.explain("second_notation", quantities.sure)
    values.doubt("censored_value", censored_values(values.rest))
    for rule, found, why in written_units(values.rest):
        values.doubt(rule, found, why) if why else values.explain(rule, found)
    values.explain(
        "mixed_types",
        _other_type(
            values.without(
                "null_coding", "truth_spelling", "second_notation", "censored_value", "written_unit", "unit_left_out"
            )
        ),
    )
    values.doubt("second_notation", quantities.unsure, OTHER_UNIT)


def _look_at_words(values: _Values, *, names: bool) -> None:
    """Signs, spellings and capitals, in columns whose values are no names of rows; spellings of `names` are only doubted."""
    from governance.measures import alien_signs as aliens
    from governance.measures import string_damage as strings
    from governance.measures import word_slips as words
    from governance.measures.machine_codes import addresses
    from governance.measures.misspellings import misspellings
    from governance.measures.second_notations import WORDS, second_notations
    from governance.measures.stand_ins import of_known_words, stand_ins

    sure, likely = aliens.alien_signs(values.rest)
    values.explain("alien_sign", sure)
    values.doubt("alien_sign", likely)
    _spelling(values, "second_spelling", words.transliterations(values.rest), names=names)
    odd = writings(values.rest, values.counts, names=names)
    values.explain("case_variant", odd.sure)
    for found, why in odd.maybe:
        values.doubt("case_variant", found, why)
    machines = addresses(values.rest)
    words_only = {value: rows for value, rows in values.rest.items() if value not in machines}
    values.doubt("case_variant", strings.frequent_variants(words_only), BOTH_FREQUENT)
    values.explain("second_notation", second_notations(values.rest, WORDS).sure)
    replaced = stand_ins(values.rest)
    own_names = of_known_words(replaced, values.rest) if names else {}
    values.doubt("misspelling", own_names, OTHER_NAME)
    values.explain("misspelling", {value: meant for value, meant in replaced.items() if value not in own_names})
    for slips in (misspellings, words.misspelt_words):
        _spelling(values, "misspelling", slips(values.rest), names=names)


def _spelling(values: _Values, rule: str, found: Found, *, names: bool) -> None:
    if names:
        values.doubt(rule, found, OTHER_NAME)
    else:
        values.explain(rule, found)


def _look_at_shapes(values: _Values) -> None:
    """Forms that hardly any other cell has; those that look meant are another rule's."""
    from governance.measures import string_damage as strings
    from governance.measures import word_slips as words
    from governance.measures.coded_endings import own_levels
    from governance.measures.odd_codes import odd_codes
    from governance.measures.shape_families import families, own_codes

    codes = odd_codes(values.rest)
    values.doubt("odd_shape", dict.fromkeys(codes.unsure, ""), OTHER_CODE)
    rest = values.rest
    measured = words.levels_in_other_units(rest)
    values.doubt("odd_shape", measured, OTHER_UNIT)
    odd = strings.odd_shapes(rest)
    levels = own_levels(odd, rest) | measured.keys()
    endings = words.odd_endings(rest)
    same_unit = {value: meant for value, meant in endings.items() if meant}
    odd = {value: text for value, text in odd.items() if value not in levels | same_unit.keys()}
    values.explain("second_notation", same_unit)
    other_units = {value: "" for value, meant in endings.items() if not meant}
    values.explain("odd_shape", odd | other_units | words.sheet_dates(rest))
    others = values.sure["mixed_types"]
    for rule, asked in (("mixed_types", () if _meant(others, values.counts) else others), ("odd_shape", odd)):
        meant = families(set(asked), values.without("null_coding"))
        meant |= own_codes(odd, rest) if rule == "odd_shape" else set()
        values.doubt("rare_form", dict.fromkeys(meant, ""))
        values.sure[rule] = {value: text for value, text in values.sure[rule].items() if value not in meant}
    values.explain("odd_shape", dict.fromkeys(codes.sure, ""))


def _meant(others: Collection[str], counts: Mapping[str, int]) -> bool:
    """Whether what is no number looks like a code of its own: 12a, or the same few letters again and again, as DNF."""
    return all(
        re.fullmatch(r"\d+ ?[A-Za-z]", value)
        or (counts[value] > 1 and re.fullmatch(r"[A-Za-z]{1,4}|[A-Za-z]{1,3}\d{1,2}", value))
        for value in others
    )


def _an_answer(codes: Mapping[str, str], counts: Mapping[str, int]) -> bool:
    """Whether the codes say that a question does not apply, or has no answer, beside yes and no only."""
    from governance.measures.truth_words import FALSE, TRUE

    others = {value.strip().casefold() for value in counts if value not in codes}
    return {code.strip().casefold() for code in codes} <= NO_ANSWER and others <= TRUE | FALSE


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
