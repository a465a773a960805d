"""Rows that break a rule between two columns and have their reasons: others around them, or another column, tell of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from governance.measures.functional_dependencies import Dependency
    from governance.reporting.integrity_levels import RowLevels


def without_overlap(one: Dependency, numbers: NDArray[np.float64] | None, decided: NDArray[np.int64]) -> Dependency:
    """`one` without the rows that hold what those with near `numbers` (n,) of the deciding column do, where it is a measure.

    `decided` (n,): codes of the other column. Few numbers are codes: what their neighbours hold is another code's value.
    """
    from governance.measures.functional_dependencies import FEW_KEYS, HONEST, LEAST_GROUP
    from governance.measures.overlapping_measures import held_near

    if numbers is None or not one.broken.size or one.keys < FEW_KEYS:
        return one
    near = held_near(numbers, decided, one.broken, LEAST_GROUP, FEW_KEYS)
    return replace(_but(one, near), doubtful=one.doubtful or bool(near.mean() > HONEST))


def by_another_column(
    one: Dependency, deciding: NDArray[np.int64], levels: RowLevels, *names: str
) -> tuple[Dependency, NDArray[np.bool_]]:
    """`one`, and which of its rows (k,) another column than `names` tells of, where it has few keys; loose, it has none of these.

    `deciding` (n,): codes of the deciding column, -1 for missing.
    """
    import numpy as np

    from governance.measures.few_keys import hangs_on_others
    from governance.measures.functional_dependencies import FEW_KEYS

    told = np.zeros(one.broken.size, dtype=bool)
    if not one.broken.size or one.keys >= FEW_KEYS:
        return one, told
    broken = np.zeros(deciding.size, dtype=bool)
    broken[one.broken] = True
    told = hangs_on_others(broken, deciding + 1, levels.but(*names))[one.broken]
    return (_but(one, told), told[~told]) if one.loose else (one, told)


def _but(one: Dependency, rows: NDArray[np.bool_]) -> Dependency:
    return replace(one, broken=one.broken[~rows], majority=one.majority[~rows], elsewhere=one.elsewhere[~rows])
