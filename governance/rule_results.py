"""What a validation engine says of one declared rule, in words that do not depend on the engine.

Both engines (Pandera, Great Expectations) answer in these, so that two audits report alike and can be compared.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from governance.evidence import Level

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Result(StrEnum):
    """What became of one rule."""

    PASSED = "passed"
    FAILED = "failed"
    ON_NOTHING = "nothing to evaluate"
    """There was no value that it could have judged: no pass."""
    BLOCKED = "blocked by another failure"
    """Its column is missing or of the wrong type, and that is a failure of its own."""
    ABSENT = "optional column absent"
    NOT_EVALUATED = "not evaluated"
    """It raised, or the engine returned no answer."""


@dataclass(frozen=True)
class Assertion:
    """A rule that both engines can express, in one normal form. Equal assertions say the same of a column."""

    kind: str
    """`not_null`, `unique`, `range`, `in_set`, `not_in_set`, `regex` or `type`."""
    column: str
    parameters: tuple[str, ...] = ()
    """Bounds, values, pattern or type as text. May hold declared values: never shown."""


@dataclass(frozen=True, kw_only=True)
class RuleResult:
    """One declared rule, and what came of it."""

    reason: str
    """Second half of the finding's rule: `missing_column`, `check_failed`, `column_values_to_be_between` ..."""
    text: str
    """The rule in its own words, without a value set."""
    why: str = ""
    """Why a person declared it, in a sentence of theirs; empty where they gave none."""
    columns: tuple[str, ...] = ()
    result: Result
    level: Level = Level.ERROR
    """How bad a failure of it is."""
    units: str = "rows"
    """What `evaluated` and `failures` count."""
    evaluated: int = 0
    failures: int = 0
    problem: str = ""
    """Why it was not evaluated, or what was met instead of what was expected."""
    positions: NDArray[np.int64] | None = field(default=None, repr=False)
    """Zero-based positions of the rows that fail it, None when it does not speak of rows."""
    assertion: Assertion | None = None


def numbered(results: Iterable[RuleResult]) -> list[RuleResult]:
    """The results with ` (2)`, ` (3)` ... after texts that occur more than once for the same columns."""
    seen: dict[tuple[str, tuple[str, ...], str], int] = {}
    renamed = []
    for result in results:
        key = (result.reason, result.columns, result.text)
        seen[key] = seen.get(key, 0) + 1
        renamed.append(result if seen[key] == 1 else replace(result, text=f"{result.text} ({seen[key]})"))
    return renamed


def plain(value: object) -> str:
    """A bound or a value as text that is equal for equal values: 1 and 1.0, a date and its ISO form."""
    if isinstance(value, bool):
        return f"b:{value}"
    if isinstance(value, int | float):
        # Beyond 2**53 a float would make different integers equal.
        return f"n:{float(value)!r}" if abs(value) <= 2**53 else f"n:{value!r}"
    return f"s:{value}"


_QUOTED = re.compile(r"""(["'`])((?:(?!\1).)*)\1""")
_NUMBER = re.compile(r"(?<![\w.])[-+]?\d[\w.+-]*")


def cause(error: BaseException | str, known: Collection[str] = ()) -> str:
    """An exception in one line, without what may be a value: quoted text and numbers are left out.

    `known` are names (columns) that may stay.
    """
    text = error if isinstance(error, str) else str(error)
    line = next((part.strip() for part in text.splitlines() if part.strip()), "")
    line = _QUOTED.sub(lambda match: f"'{match[2]}'" if match[2] in known else "'…'", line)
    line = _NUMBER.sub("…", line)[:200]
    if isinstance(error, str):
        return line
    return f"{type(error).__name__}: {line}" if line else type(error).__name__


def repository(workspace: Path) -> Path:
    """The git repository around `workspace`, or the workspace itself: contracts lie inside it."""
    root = workspace.resolve()
    return next((folder for folder in (root, *root.parents) if (folder / ".git").exists()), root)
