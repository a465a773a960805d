"""What people decide now beside what they decided before: what is new, what stands there already, what contradicts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from governance.decisions import RowDecision, Sitting, Word, named_row, said, standing, words
from governance.reviewing.sheet_problems import Problem

if TYPE_CHECKING:
    from governance.ingestion.found_rows import Found

ADVICE = (
    "Settle it with those who decided; then correct the sheet, or give --replace as well: then the later word counts."
)

_COPIES = (
    "Copies that are gone, while equal rows are left. These decisions have nothing to do any more and can be deleted:"
)
_EDITED = (
    "Rows that were edited: their identifier is there, and other cells. Look at each, and decide again where it is due:"
)
_COLUMNS = "Rows of other columns: since then some were added, removed or renamed, which makes every row another. Decide again:"
_OTHERS = (
    "Rows that are not there. Where one was removed, its decision has nothing to do any more and can be deleted; where "
    "its cells were edited, it is another row, which a new sheet shows when audits point to it. Decisions tell the two "
    "apart where an identifier with `public: true` stood in columns.yaml when they were taken:"
)


@dataclass(frozen=True)
class Weighed:
    """Decisions of a sheet beside those in force."""

    new: tuple[RowDecision, ...]
    """Those to add, with those that contradict."""
    known: int
    """Those that the same person gave before, for the same reason."""
    contradictions: tuple[Problem, ...]
    over: tuple[str, ...]
    """Files that hold what they contradict."""


def weigh(before: Sequence[Sitting], asked: Iterable[tuple[int, RowDecision]], by: str) -> Weighed:
    """`asked` (line of the sheet and decision) by `by`, beside what stands in the file."""
    in_files = standing(before)
    over: dict[str, None] = {}
    given = {(word.by, _bare(word.decision)) for word in words(before)}
    new, known, contradictions = [], 0, []
    for line, decision in asked:
        against = [word for word in in_files.get(decision.row, {}).values() if said(word.decision) != said(decision)]
        if against:
            word = against[-1]
            over |= dict.fromkeys(word.file for word in against if word.file)
            told = f"{named_row(decision)}: {word} is in force ({word.decision.why}), and {said(decision)} is asked now"
            contradictions.append((line, told))
        elif (by, _bare(decision)) in given:
            known += 1
            continue
        new.append(decision)
    return Weighed(tuple(new), known, tuple(contradictions), tuple(over))


def standing_words(sittings: Iterable[Sitting]) -> dict[str, Word]:
    """Row id to the last word on it."""
    return {word.decision.row: word for word in words(sittings)}


def without_rows(found: Found, rows: Collection[str]) -> Iterator[str]:
    """Lines on decisions in force about rows that are none of `rows`, by what can be told of the row.

    An id is a hash of what the row holds and its number among equal rows: a copy that is gone can be told from a row
    that is not there at all, and a row that was removed from one that was edited where its identifier was kept.
    """
    last = standing_words(found.sittings)
    contents = {_content(row) for row in rows}
    lost = [row for row in last if row not in rows]
    told = {
        row: _COPIES
        if _content(row) in contents
        else _COLUMNS
        if row in found.other_columns
        else _EDITED
        if row in found.edited
        else _OTHERS
        for row in lost
    }
    others = [row for row, heading in told.items() if heading is _OTHERS]
    if len(others) == len(last) > 1:
        yield "No decision matches: perhaps columns or types changed, which makes every row another."
    for heading in (_COPIES, _EDITED, _COLUMNS, _OTHERS):
        if named := [row for row in lost if told[row] is heading]:
            yield heading
            yield from (f"  {named_row(last[row].decision)}: {last[row]}" for row in named)


def _bare(decision: RowDecision) -> tuple[str, str, str]:
    return decision.row, said(decision), decision.why


def _content(row: str) -> str:
    return row.rsplit("-", 1)[0]
