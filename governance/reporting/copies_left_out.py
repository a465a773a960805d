"""What is alike and not counted as a copy, and columns that were not compared: said in notes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from governance.evidence import Confidence, Finding, Level, Table

if TYPE_CHECKING:
    from governance.reporting.copies import Copies
    from governance.signals import NearCopies
    from governance.snapshot import Snapshot


def left_out(snapshot: Snapshot, copies: Copies, near: NearCopies | None) -> tuple[Finding, ...]:
    """A note for each kind."""
    return (*_unnamed(copies), *_foreseen(snapshot, copies), *(_by_nature(near) if near is not None else ()))


def private_table(copies: Copies) -> tuple[Table, ...]:
    """Which private columns rows were compared by, and why they were not by others; nothing without such columns."""
    private = copies.private
    rows = [(column.name, True, "") for column in private.compared]
    rows += [(name, False, why) for name, why in private.left_out.items()]
    if not rows:
        return ()
    table = Table(
        name="private_columns",
        caption="Private columns, and whether rows were compared by them; no value of theirs is shown",
        columns=("column", "compared", "why_not"),
        rows=tuple(sorted(rows)),
    )
    return (table,)


def _unnamed(copies: Copies) -> tuple[Finding, ...]:
    """Whole-number columns that name each row: compared with, they would hide every copy."""
    return tuple(
        Finding(
            rule="duplicates/identifier_not_declared",
            level=Level.NOTE,
            message=f"Column '{name}' holds another whole number in every row, as an identifier would; copies were "
            "sought without it.",
            remedy="Declare the column's role: identifier, or feature with a word on why no value repeats.",
            columns=(name,),
        )
        for name in copies.identifiers
    )


def _foreseen(snapshot: Snapshot, copies: Copies) -> tuple[Finding, ...]:
    """Equal rows that are no sign of copies, which are said and not counted."""
    if not copies.foreseen:
        return ()
    return (
        Finding(
            rule="duplicates/one_answer_throughout",
            level=Level.NOTE,
            confidence=Confidence.LOW,
            message=f"{copies.foreseen:,} of {snapshot.rows:,} rows are equal to others that also give one answer to all "
            "questions of a scale; chance makes such rows equal, and they are not counted as copies.",
            remedy="Look whether people who give one answer throughout should take part.",
            count=copies.foreseen,
            of=snapshot.rows,
        ),
    )


def _by_nature(near: NearCopies) -> tuple[Finding, ...]:
    """Rows that are alike and not counted as near copies, as they may be so by nature."""
    found = []
    if near.forms.get("pairs"):
        count, texts, pairs = (near.forms[what] for what in ("forms", "texts", "pairs"))
        found.append(
            Finding(
                rule="duplicates/forms_recognised",
                level=Level.NOTE,
                confidence=Confidence.MEDIUM,
                message=f"{texts:,} texts fill in {count:,} {'form' if count == 1 else 'forms'}, as letters from a template do; "
                f"they are compared by what was filled in, and {pairs:,} pairs that share the form alone are not counted.",
                remedy="Declare a group, so that texts of one form stay in one split, where a model could learn the form.",
                count=texts,
            )
        )
    for column, pairs in near.differ_in.items():
        found.append(
            Finding(
                rule="duplicates/differ_in_one_column",
                level=Level.NOTE,
                confidence=Confidence.MEDIUM,
                message=f"{pairs:,} pairs of rows differ in column '{column}' alone, and chance does not make so many. Records of "
                "one thing that were taken again do so by nature; they are not counted as copies.",
                remedy="Declare the group that such rows belong to, or the column as an identifier if it names rows.",
                count=pairs,
                columns=(column,),
            )
        )
    return tuple(found)
