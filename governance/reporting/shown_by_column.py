"""Which hits of a column are chance, and which kind the column as a whole shows: by checksums, shapes and its name."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from governance.measures.personal_data import Span

LOOK_ALIKES = 10
"""From so many numbers of one shape on, the share whose checksum holds tells them from numbers that chance made."""
MOSTLY = 0.8
"""A column is of a kind when the checksum holds for this share of its values."""
BESIDE = 0.1
"""Cells of three parts from which on, as a share of those of four, cells of four parts are versions and no addresses."""
SURE_OF_ANY = 0.02
"""Of a column whose name says another number, only what fewer random numbers than this pass is believed."""
ONLY_A_DAY = frozenset({"dk_cpr"})
"""Kinds that ask for nothing but a day at the front."""
_ENDS_IN_LETTERS = {"cl_rut_bare": "Kk"}
"""Letters in which one number of eleven ends. Firms' numbers of other countries (the Danish CVR, the Norwegian
organisation number) pass the same sum, and are not given where it asks for a letter."""
_MOST = {"ip_address": MOSTLY}
"""Share of the cells of one shape that must pass, where half would be too few: versions of programs are often addresses."""
_FOUR = "9.9.9.9"
_THREE_PARTS = re.compile(r"\d{1,3}\.\d{1,3}\.\d{1,3}")
"""A version with fewer parts; days mostly have four digits of a year."""
_BOOKS = re.compile(r"[\d -]{9,}[Xx]")
"""A check digit of ten, as numbers of books and periodicals have."""

Spans = dict[int, list["Span"]]


def name_words(column: str) -> str:
    """`isbn10` as `isbn `, `orderNumber` as `ordernumber order number `: as if it stood before the value."""
    from governance.measures.separators import apart

    written, split = (" ".join(re.findall(r"[^\W\d_]+", name.lower())) for name in (column, apart(column)))
    return f"{split} " if written == split else f"{written} {split} "


def checked(raw: Spans) -> dict[str, tuple[int, int]]:
    """Kind to the distinct texts with a bare number of its shape, and to those among them whose checksum holds."""
    shaped: dict[str, int] = defaultdict(int)
    holds: dict[str, int] = defaultdict(int)
    for spans in raw.values():
        for kind, score in _best(spans).items():
            if score < 0.8:
                shaped[kind] += 1
                holds[kind] += score > 0
    return {kind: (count, holds[kind]) for kind, count in shaped.items()}


def by_chance(raw: Spans) -> set[str]:
    """Kinds whose bare numbers pass their checksum about as often as other numbers would: order numbers, say."""
    from governance.measures.personal_data import BY_NAME

    counts = {kind: pair for kind, pair in checked(raw).items() if BY_NAME[kind].chance}
    return {kind for kind, (shaped, holds) in counts.items() if shaped >= LOOK_ALIKES and holds < 0.5 * shaped}


def by_shape(raw: Spans, texts: list[str], column: str) -> set[tuple[int, str]]:
    """Positions and kinds of whole cells that only look alike: by the column's name, or as most cells of their shape do not.

    A column of drugs' codes has some that are written as telephone numbers are, and a date before a number passes the
    checksum of some country's now and then: where few cells of one shape pass, those few are chance.
    """
    from governance.measures.personal_data import BY_NAME, LIKELY

    words = name_words(column)
    passed: dict[int, set[str]] = {}
    for position, spans in raw.items():
        best = _best(_whole(spans, texts[position]))
        kinds = {kind for kind, score in best.items() if score >= LIKELY}
        passed[position] = {
            kind for kind in kinds if kind in {"phone", "ip_address"} or (kind != "iban" and BY_NAME[kind].chance)
        }
    doubted = {(place, kind) for place, kinds in passed.items() for kind in kinds if _named_other(kind, words)}
    if not any(passed.values()):
        return doubted
    shapes = [_shape(text) for text in texts]
    cells = Counter(shapes)
    of_programs = _of_programs(texts, cells[_FOUR])
    counts = Counter((shapes[place], kind) for place, kinds in passed.items() for kind in kinds)
    for place, kinds in passed.items():
        of = cells[shapes[place]]
        for kind in kinds:
            few = counts[shapes[place], kind] < _MOST.get(kind, 0.5) * of
            chance = (of >= LOOK_ALIKES and few) or (kind == "ip_address" and of_programs)
            if chance and not _announced(kind, words):
                doubted.add((place, kind))
    return doubted


def announced_kinds(raw: Spans, column: str) -> set[str]:
    """Kinds among `raw` that the column's name announces: to a whole cell it is a word beside it."""
    words = name_words(column)
    return {kind for kind in {span.kind for spans in raw.values() for span in spans} if _announced(kind, words)}


def whole_kinds(raw: Spans, texts: list[str], column: str) -> set[str]:
    """Kinds by which the column as a whole passes a checksum that chance would fail nearly everywhere.

    Addresses of the internet have none: what could be a version's number is one among cells that mostly could not.
    """
    from governance.measures.personal_data import BY_NAME

    words = name_words(column)
    cells = {position: _whole(spans, texts[position]) for position, spans in raw.items()}
    counts = {kind: pair for kind, pair in checked(cells).items() if 0 < BY_NAME[kind].chance <= 0.2}
    full = {kind for kind, (shaped, holds) in counts.items() if shaped >= LOOK_ALIKES and holds >= MOSTLY * shaped}
    full -= {kind for kind in full & ONLY_A_DAY if _of_few_days(kind, cells, texts)}
    full -= {kind for kind in full & _ENDS_IN_LETTERS.keys() if not _ends_in_letters(kind, cells, texts)}
    doubtful = {kind for kind in full if BY_NAME[kind].chance > SURE_OF_ANY}
    books = sum(_BOOKS.fullmatch(text) is not None for text in texts) if doubtful else 0
    full -= {kind for kind in doubtful if _named_other(kind, words) or books > 0.02 * counts[kind][0]}
    most = max((counts[kind][1] for kind in full), default=0)
    # Of kinds that fit the same numbers, the one whose checksum is the hardest to pass.
    best = sorted(
        (kind for kind in full if counts[kind][1] >= 0.9 * most), key=lambda kind: (BY_NAME[kind].chance, kind)
    )
    return set(best[:1]) | ({"ip_address"} if _mostly_addresses(cells, texts, words) else set())


def _best(spans: list[Span]) -> dict[str, float]:
    best: dict[str, float] = {}
    for span in spans:
        best[span.kind] = max(best.get(span.kind, 0.0), span.score)
    return best


def _whole(spans: list[Span], text: str) -> list[Span]:
    return [span for span in spans if span.end - span.start == len(text)]


def _shape(text: str) -> str:
    """`12-345 X` as `9-9 A`."""
    return re.sub(r"[^\W\d_]+", "A", re.sub(r"\d+", "9", text))


def _named_other(kind: str, words: str) -> bool:
    """Whether the column's name says that its numbers are others than `kind`: orders', books', versions'."""
    from governance.measures.ip_addresses import said_to_be_version
    from governance.measures.phone_numbers import said_to_be_other

    if _announced(kind, words):
        return False
    return said_to_be_version(words) if kind == "ip_address" else said_to_be_other(words, len(words), person=True)


def _announced(kind: str, words: str) -> bool:
    from governance.measures.column_evidence import named
    from governance.measures.national_ids import NATIONAL_IDS
    from governance.measures.personal_data import announces

    rule = named(words)
    said = rule.kind if rule is not None else None
    return (
        announces(kind, words) or said == kind or (said == "national_id" and kind in {one.name for one in NATIONAL_IDS})
    )


def _of_few_days(kind: str, cells: Spans, texts: list[str]) -> bool:
    """Whether most numbers begin with the same day of the month, as seconds since 1970 do and people's birthdays do not."""
    days = Counter(texts[place][:2] for place in _held(kind, cells))
    return max(days.values()) > days.total() / 2


def _mostly_addresses(cells: Spans, texts: list[str], words: str) -> bool:
    """Whether cells that may be addresses or versions (small numbers) stand among four numbers that mostly are no versions."""
    from governance.measures.personal_data import LIKELY

    scores = {place: _best(cells[place])["ip_address"] for place in _held("ip_address", cells)}
    if all(score >= LIKELY for score in scores.values()) or _named_other("ip_address", words):
        return False
    fours = [place for place, text in enumerate(texts) if _shape(text) == _FOUR]
    sure = sum(scores.get(place, 0.0) >= LIKELY for place in fours)
    enough = len(fours) >= LOOK_ALIKES and sure >= MOSTLY * len(fours)
    return enough and (_announced("ip_address", words) or not _of_programs(texts, len(fours)))


def _of_programs(texts: list[str], fours: int) -> bool:
    """Whether enough cells of three parts stand beside so many of four for all of them to be versions."""
    versions = sum(_THREE_PARTS.fullmatch(text) is not None for text in texts)
    return versions >= LOOK_ALIKES and versions >= BESIDE * fours


def _ends_in_letters(kind: str, cells: Spans, texts: list[str]) -> bool:
    """Whether any number ends in a letter that only `kind` has."""
    return any(texts[place][-1] in _ENDS_IN_LETTERS[kind] for place in _held(kind, cells))


def _held(kind: str, cells: Spans) -> list[int]:
    """Positions of the cells with a number of the shape of `kind`."""
    return [place for place, spans in cells.items() if any(span.kind == kind for span in spans)]
