"""Second spellings and slips that show in the letters or the words of a value, beside the other values of its column.

As in `string_damage`, every function takes the distinct values of one column with their counts, and gives the damaged
values, each with what it probably should be (`""` when that cannot be told).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Mapping

from governance.measures.coded_endings import coded_endings
from governance.measures.misspellings import FREQUENT, misspellings
from governance.measures.written_quantities import UNITS as QUANTITY_UNITS

LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ł": "l", "þ": "th", "ð": "d", "ı": "i", "å": "a"}
)
"""Letters that Unicode does not take apart into a plain one and a mark."""
IN_TWO = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})
"""What is written for them where keyboards lack them: G. Schwarz, ISO 646 practice in German, Danish and Swedish."""
RARER = 3
"""A spelling must be so many times as frequent to be the usual one."""
CLOSED = 0.98
"""Share of the words of a column that must be frequent ones, or slips of them, for a rare word to be a slip."""
UNITS = (
    "oz oz. ounce ounces", "g g. gr gram grams", "kg kg. kgs kilogram kilograms kilo", "lb lb. lbs lbs. pound pounds",
    "ml ml. milliliter milliliters millilitre millilitres", "l l. liter liters litre litres", "cm cm. centimeter centimeters",
    "m m. meter meters metre metres", "km km. kilometer kilometers kilometre kilometres", "in in. inch inches",
    "ft ft. foot feet", "s s. sec sec. secs second seconds", "min min. mins minute minutes", "h h. hr hr. hrs hour hours",
    "day days", "week weeks wk wks", "month months mo mos", "year years yr yrs", "% percent pct pct.", "usd us$ dollar dollars", "eur euro euros",
)  # fmt: skip
"""Writings of one unit, the words of each line."""
ONE_UNIT, ONE_WAY = 0.95, 0.02
"""Share of the cells of a column that must carry one unit, and that a way to write it must have to count."""
_WORD = re.compile(r"[^\W\d_]{3,}")
_SHEET_DATE = re.compile(r"(\d{1,2}-)?(jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)(-\d{1,2})?", re.IGNORECASE)
_RANGE = re.compile(r"\d+\s*[-/]\s*\d+")
_DAY = re.compile(r"\d{1,4}([-/.])\d{1,2}\1\d{1,4}")
_ENDING = re.compile(r"\s*[+-]?(?:\d+\.?\d*|\.\d+)(\s*\D{1,20})")


def transliterations(counts: Mapping[str, int], *, rarer: int = RARER) -> dict[str, str]:
    """Values that differ from one `rarer` times as frequent in how letters with marks are written: Muenchen, Munchen.

    One of the two must have such a letter: Mueller beside Muller alone may be two names.
    """
    alike: dict[str, list[str]] = defaultdict(list)
    for value in counts:
        for key in _plain(value):
            alike[key].append(value)
    found = {}
    for values in alike.values():
        usual = max(values, key=lambda value: (counts[value], value))
        for value in values:
            marked = not (value.isascii() and usual.isascii())
            if marked and value.lower() != usual.lower() and rarer * counts[value] <= counts[usual]:
                found[value] = usual
    return found


def _plain(value: str) -> set[str]:
    """The value in plain letters: marks left out, and written as a second letter."""
    low = unicodedata.normalize("NFC", value.lower()).translate({ord("ẞ"): "ss"})
    return {_unmarked(low), _unmarked(low.translate(IN_TWO))}


def _unmarked(value: str) -> str:
    apart = unicodedata.normalize("NFD", value.translate(LETTERS))
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def misspelt_words(counts: Mapping[str, int]) -> dict[str, str]:
    """Values of several words with a misspelling of one that is frequent in the column: `12 Maxn Street`.

    Only where hardly a word is rare, as in a list of streets or of measures; names and titles are full of rare words.
    """
    words: Counter[str] = Counter()
    for value, rows in counts.items():
        if " " in value.strip():
            for word in _WORD.findall(value):
                words[word] += rows
    # Of numbers with a unit behind them, 1 day beside 2 days is no slip.
    counted = all(_ENDING.fullmatch(value) for value in counts)
    wrong = {
        one: meant for one, meant in misspellings(words).items() if not counted or _spelling(one) != _spelling(meant)
    }
    usual = sum(rows for word, rows in words.items() if rows >= FREQUENT or word in wrong)
    if not wrong or usual < CLOSED * sum(words.values()):
        return {}
    return {
        value: _WORD.sub(lambda word: wrong.get(word[0], word[0]), value)
        for value in counts
        if " " in value.strip() and any(word in wrong for word in _WORD.findall(value))
    }


def odd_endings(counts: Mapping[str, int]) -> dict[str, str]:
    """Numbers with a unit behind them that is written in another way than nearly all: `12 ounces` among `12 oz`.

    Where more than half have one unit, other writings of the same are odd however many there are. Letters that make a
    code of the number (`coded_endings`) are no unit.
    """
    found, odd, coded = _endings_apart(counts)
    return found | {value: "" for value, written in odd.items() if written not in coded}


def levels_in_other_units(counts: Mapping[str, int]) -> dict[str, str]:
    """Numbers with another unit than nearly all that repeat as levels do: `1 g` among `250 mg` and `500 mg`."""
    _, odd, coded = _endings_apart(counts)
    return {value: "" for value, written in odd.items() if written in coded and _is_unit(written)}


def _endings_apart(counts: Mapping[str, int]) -> tuple[dict[str, str], dict[str, str], set[str]]:
    """Other writings of the usual unit with the usual one, values with an unusual ending with it, those of codes."""
    rows = sum(counts.values())
    ending = {value: match[1].strip() for value in counts if (match := _ENDING.fullmatch(value))}
    totals: Counter[str] = Counter()
    for value, written in ending.items():
        totals[written] += counts[value]
    most = max(totals, key=lambda written: (totals[written], written), default="")
    other: set[str] = set()
    if 2 * totals[most] > rows:
        same = next((line.split() for line in UNITS if most.casefold() in line.split()), [most.casefold()])
        other = {written for written in totals if _spelling(written) != _spelling(most) and written.casefold() in same}
    common = {written for written, count in totals.items() if count >= max(0.05 * rows, 3)}
    usual = common | other
    few = len(usual - other) <= 3 and sum(totals[written] for written in usual) >= 0.9 * rows
    spelt = {_spelling(written) for written in usual}
    odd = {written for written in totals if _spelling(written) not in spelt} if few else set()
    found = {value: value[: -len(written)] + most for value, written in ending.items() if written in other}
    coded = coded_endings(ending, counts, common - other) if odd else set()
    return found, {value: written for value, written in ending.items() if written in odd}, coded


def _is_unit(written: str) -> bool:
    """Whether an ending is one of the usual units of measures."""
    return written in QUANTITY_UNITS or any(written.casefold() in line.split() for line in UNITS)


def spelt_units(counts: Mapping[str, int]) -> dict[str, str]:
    """All numbers of a column that carry one unit in several spellings of which none has more than half of the cells.

    Each is given as the number alone: `12.0 oz.`, `12.0 ounce` and `12.0 OZ` are read as a number as little as any
    other of them. One spelling throughout is a way to write; 1 year beside 2 years is one spelling, kg and g are two units.
    """
    rows = sum(counts.values())
    ending = {value: match[1].strip() for value in counts if (match := _ENDING.fullmatch(value))}
    units: Counter[str] = Counter()
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    for value, written in ending.items():
        unit = unit_of(written)
        units[unit] += counts[value]
        spellings[unit][_spelling(written)] += counts[value]
    unit = max(units, key=lambda unit: (units[unit], unit), default="")
    if not unit or units[unit] < ONE_UNIT * rows:
        return {}
    ways = [cells for cells in spellings[unit].values() if cells >= max(ONE_WAY * rows, 3)]
    if len(ways) < 2 or 2 * max(ways) > rows:
        return {}
    return {value: value.strip()[: -len(written)].strip() for value, written in ending.items() if written}


def unit_of(written: str) -> str:
    """The unit that an ending begins with, one name for all its writings: `oz` for `OZ. Alumi-Tek`."""
    first = written.casefold().split()[0] if written.strip() else ""
    plain = first.strip(".,;()[]")
    return next((line.split()[0] for line in UNITS if first in line.split() or plain in line.split()), _spelling(plain))


def _spelling(written: str) -> str:
    """An ending without the s of a plural: 1 year, 2 years."""
    return written[:-1] if len(written) > 3 and written.endswith("s") else written


def sheet_dates(counts: Mapping[str, int]) -> dict[str, str]:
    """Dates that a spreadsheet made of ranges, `Jul-23` of 7-23, and days in another order or with other signs.

    M. Ziemann, Y. Eren, A. El-Osta. Gene Name Errors Are Widespread in the Scientific Literature, 2016.
    """
    rows = sum(counts.values())
    ranges = sum(count for value, count in counts.items() if _RANGE.fullmatch(value))
    found = {value: "" for value in counts if ranges >= 0.5 * rows and _SHEET_DATE.fullmatch(value)}
    ways: Counter[str] = Counter()
    # A day is written in one digit or two, a year in two or four.
    way = {
        value: re.sub(r"\d+", lambda digits: "9" * max(1, len(digits[0]) - 1), value)
        for value in counts
        if _DAY.fullmatch(value)
    }
    for value, written in way.items():
        ways[written] += counts[value]
    most = max(ways, key=lambda written: (ways[written], written), default="")
    if ways[most] >= 0.8 * rows:
        found |= {value: "" for value, written in way.items() if written != most}
    return found
