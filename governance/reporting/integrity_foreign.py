"""Cells that hold what belongs into another column: that says all of it, and no rule of their own column needs to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from governance.reporting.integrity_rules import Damage

FOREIGN = frozenset({"swapped_cells", "shifted_cells"})
OF_WORDS = frozenset(
    {"case_variant", "alien_sign", "misspelling", "odd_shape", "mixed_types", "rare_form", "second_spelling"}
    | {"second_notation", "truth_spelling"}
)
"""Rules that hold a cell against the words of its column. Of stray blanks and damaged letters another column has no more."""


def told_once(damage: Sequence[Damage]) -> Iterator[Damage]:
    """`damage`, without the cells of rules OF_WORDS that are surely another column's."""
    import numpy as np

    foreign: dict[str, list[int]] = defaultdict(list)
    for one in damage:
        if one.rule in FOREIGN and not one.loose:
            foreign[one.column] += one.rows.tolist()
    for one in damage:
        if one.rule not in OF_WORDS or one.column not in foreign:
            yield one
            continue
        kept = np.flatnonzero(~np.isin(one.rows, foreign[one.column]))
        if kept.size:
            yield replace(one, rows=one.rows[kept], suggestion=[one.suggestion[place] for place in kept.tolist()])
