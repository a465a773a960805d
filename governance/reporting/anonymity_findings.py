"""Findings on how well rows hide behind each other, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from governance.evidence import Confidence, Finding, Level

if TYPE_CHECKING:
    from governance.measures.anonymity import Anonymity, Combination


def hiding_findings(
    whole: Anonymity,
    basis: list[str],
    declared: bool,
    least: int,
    unit: str,
    worst: list[Combination],
    names: list[str],
    whom: str,
) -> tuple[Finding, ...]:
    """That rows stand alone, or with fewer than `least` - 1 others, by the columns of `basis`; nothing where none does."""
    if not whole.below or not (declared or whole.unique):
        return ()
    small = f", first of all {' with '.join(names[c] for c in worst[0].columns)}" if worst else ""
    if declared:
        return (
            Finding(
                rule="privacy/small_classes",
                level=Level.WARNING,
                message=f"By {_together(basis)}, {whole.below:,} of {whole.rows:,} {unit} "
                f"{_share(whole.below, single=len(basis) == 1)} with fewer than {least - 1} others, and {_alone(whole.unique)}: "
                f"k is {whole.k}.",
                remedy=f"Coarsen or drop columns{small}, until every combination is shared by {least} or more.",
                columns=tuple(sorted(basis)),
                count=whole.below,
                of=whole.rows,
            ),
        )
    return (
        Finding(
            rule="privacy/singling_out",
            level=Level.NOTE,
            confidence=Confidence.LOW,
            message=f"No quasi-identifier is declared. Others may know {' and '.join(basis)} of {whom}; "
            f"{'it singles' if len(basis) == 1 else 'taken together they single'} out {whole.unique:,} of {whole.rows:,} {unit}.",
            remedy="Declare which columns others may know of a person, with the role quasi_identifier, if rows are people.",
            columns=tuple(sorted(basis)),
            count=whole.unique,
            of=whole.rows,
        ),
    )


def _together(basis: list[str]) -> str:
    return basis[0] if len(basis) == 1 else f"{', '.join(basis)} together"


def _share(rows: int, *, single: bool) -> str:
    what = "value" if single else "combination"
    return f"shares its {what}" if rows == 1 else f"share their {what}"


def _alone(rows: int) -> str:
    return f"{rows:,} {_are(rows)} alone"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def beside_declared(
    whole: Anonymity, every: Anonymity, declared: list[str], names: list[str], unit: str, whom: str
) -> tuple[Finding, ...]:
    """That columns which nobody declared, but whose names suggest it, single out more beside those that are declared."""
    if every.unique <= whole.unique:
        return ()
    others = sorted(set(names) - set(declared))
    return (
        Finding(
            rule="privacy/singling_out",
            level=Level.NOTE,
            confidence=Confidence.LOW,
            message=f"Others may know {' and '.join(others)} of {whom} as well, which {_are(len(others))} not declared as "
            f"{'a quasi-identifier' if len(others) == 1 else 'quasi-identifiers'}; "
            f"with {'it' if len(others) == 1 else 'them'} {every.unique:,} of {every.rows:,} {unit} {_are(every.unique)} alone, and "
            f"{whole.unique:,} by {', '.join(declared)}.",
            remedy=f"Declare {'it' if len(others) == 1 else 'them'} as well, with the role quasi_identifier, or say in the answers why "
            f"nobody else knows {'it' if len(others) == 1 else 'them'}.",
            columns=tuple(others),
            count=every.unique,
            of=every.rows,
        ),
    )
