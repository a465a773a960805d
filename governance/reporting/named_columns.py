"""Names of columns within a sentence."""

from __future__ import annotations

from collections.abc import Sequence

NAMED = 5
"""So many names that a sentence still reads."""


def named_columns(names: Sequence[str]) -> str:
    """`a, b and c`; beyond NAMED how many more columns there are."""
    if len(names) > NAMED:
        return f"{', '.join(names[:NAMED])} and {len(names) - NAMED} more columns"
    return " and ".join(([", ".join(names[:-1])] if names[1:] else []) + [names[-1]])
