"""What people decide now beside what they decided before: what is new, what stands there already, what contradicts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from governance.decisions import RowDecision, Sitting, Word, said, words
from governance.reviewing.sheet_problems import Problem

ADVICE = (
    "Settle it with those who decided; then correct the sheet, or give --replace as well: then the later word counts."
)

_COPIES = (
    "Copies that are gone, while equal rows are left. These decisions have nothing to do any more and can be deleted:"
)
_OTHERS = (
    "Rows that are not there. Where one was removed, its decision has nothing to do any more and can be deleted; where "
    "its cells were edited, it is another row, which a new sheet shows when audits point to it:"
)


@dataclass(frozen=True)
class Weighed:
    """Decisions of a sheet beside those in force."""

    new: tuple[RowDecision, ...]
    """Those to add, with those that contradict."""
    known: int
    """Those that the same person gave before, for the same reason."""
    contradictions: tuple[Problem, ...]


def weigh(before: Sequence[Sitting], asked: Iterable[tuple[int, RowDecision]], by: str) -> Weighed:
    """`asked` (line of the sheet and decision) by `by`, beside what stands in the file."""
    standing = standing_words(before)
    given = {(word.by, word.decision) for word in words(before)}
    new, known, contradictions = [], 0, []
    for line, decision in asked:
        word = standing.get(decision.row)
        if word is not None and said(word.decision) != said(decision):
            told = f"row {decision.row}: {word} is in force ({word.decision.why}), and {said(decision)} is asked now"
            contradictions.append((line, told))
        elif (by, decision) in given:
            known += 1
            continue
        new.append(decision)
    return Weighed(tuple(new), known, tuple(contradictions))


def standing_words(sittings: Iterable[Sitting]) -> dict[str, Word]:
    """Row id to the last word on it."""
    return {word.decision.row: word for word in words(sittings)}


def without_rows(sittings: Iterable[Sitting], rows: Collection[str]) -> Iterator[str]:
    """Lines on decisions in force about rows that are none of `rows`, by what can be told of the row.

    An id is a hash of what the row holds and its number among equal rows: a copy that is gone can be told from a row
    that is not there at all, and a row that was removed cannot be told from one that was edited.
    """
    standing = standing_words(sittings)
    contents = {_content(row) for row in rows}
    lost = [row for row in standing if row not in rows]
    copies = [row for row in lost if _content(row) in contents]
    others = [row for row in lost if _content(row) not in contents]
    if len(others) == len(standing) > 1:
        yield "No decision matches: perhaps columns or types changed, which makes every row another."
    for heading, found in ((_COPIES, copies), (_OTHERS, others)):
        if found:
            yield heading
        yield from (f"  row {row}: {standing[row]}" for row in found)


def _content(row: str) -> str:
    return row.rsplit("-", 1)[0]
