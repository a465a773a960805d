"""Sets of which no difference could be told from chance, however large it is."""

from __future__ import annotations

from dataclasses import dataclass

from governance.reporting.drift_tests import COLUMN_SHARE
from governance.reporting.joint_comparison import LEAST
from governance.reporting.row_comparison import RowPair
from governance.reporting.sketch_comparison import SketchPair


@dataclass(frozen=True)
class TooSmall:
    """Two sets that are not compared."""

    code: str
    reason: str
    """In words, with the names of both sets."""


def too_small(pair: RowPair | SketchPair, name: str, false_alarms: float) -> TooSmall | None:
    """Why nothing is said of the two sets that are called `name`; None when they can be compared.

    Of rows that come in groups it is the groups that count: of three and two not even the largest difference is rarer
    than `false_alarms` (0 to 1) allow.
    """
    import numpy as np

    from governance.measures.group_permutation import least_p_value

    if min(pair.sizes) < LEAST:
        reason = f"{name}: fewer than {LEAST} rows on a side, too few to tell a difference from chance"
        return TooSmall("too_few_rows", reason)
    column = pair.snapshot.grouping
    if pair.groups is None or column is None:
        return None
    if isinstance(pair, RowPair):
        enough = least_p_value(pair.is_second, pair.groups) <= COLUMN_SHARE * false_alarms
    else:
        enough = np.unique(pair.groups).size > 1
    if enough:
        return None
    groups = np.unique(pair.groups).size
    reason = (
        f"{name}: all rows belong to {'one group' if groups == 1 else f'{groups} groups'} ({column.name}), too few to tell "
        f"a difference from chance. Rows that do not depend on each other need another role than {column.resolved_role} "
        "for this column"
    )
    return TooSmall("too_few_groups", reason)
