"""What is wrong with a filled sheet, each problem told once: a word that somebody filled down is one mistake, not a hundred."""

from __future__ import annotations

from collections.abc import Sequence

from governance.errors import UsageError

_LINES = 5
"""Numbers of lines that are named for one problem."""

Problem = tuple[int, str]
"""Line of the sheet, 0 for the sheet as a whole, and what is wrong there."""


def refusal(shown: str, problems: Sequence[Problem], advice: str = "") -> UsageError:
    """The error that refuses the sheet `shown` for `problems`, in the order in which each stands there first.

    `advice` says how to go on, where that is not plain from the problems.
    """
    head = f"{shown} has {len(problems)} problem{'' if len(problems) == 1 else 's'}, and nothing was recorded:"
    return UsageError("\n".join([head, *listed(problems), *([f"  {advice}"] if advice else [])]))


def listed(problems: Sequence[Problem]) -> list[str]:
    """A line for each problem, with all lines of the sheet on which it stands."""
    lines: dict[str, list[int]] = {}
    for line, said in problems:
        lines.setdefault(said, []).append(line)
    return [f"  - {_where(found)}{said}" for said, found in lines.items()]


def numbered(lines: Sequence[int]) -> str:
    """`line 4`, or how many lines and the first of them."""
    if len(lines) == 1:
        return f"line {lines[0]}"
    named = ", ".join(str(line) for line in lines[:_LINES])
    more = f" and {len(lines) - _LINES} more" if len(lines) > _LINES else ""
    return f"{len(lines)} lines ({named}{more})"


def _where(lines: Sequence[int]) -> str:
    return f"{numbered(lines)}: " if any(lines) else ""
