"""Can the rows of a pattern tell a planted trigger from an honest rule that decides the class by itself?

An attacker who turns labels takes rows of other classes; an honest value, as a status that is always approved, comes in
rows of all kinds. So the rest of a trigger's rows speaks against the label more than that of rows drawn from all others.
Where it does not, or hardly, both stories explain the rows.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from governance.measures.trigger_test import background, judge

LEVEL = 0.01
"""Rows that an honest value comes in by chance contradict its label as much as a trigger's do this seldom."""


def may_be_rule(contradiction: NDArray[np.float64], others: NDArray[np.float64], weight: NDArray[np.float64]) -> bool:
    """Whether rows that are drawn from all others, whatever their label, contradict a label as much as a pattern's do.

    `contradiction` (rows,) of the rows with the pattern and the label, the pattern taken as unknown, 0 to 1; `others`
    (other rows,) likewise, of any label; `weight` (rows,) sums to the number of independent units.
    """
    usual = background(others[:, None], np.zeros(others.size, dtype=np.int64))
    verdict = judge(contradiction, np.ones(contradiction.size, dtype=bool), weight, 0, usual)
    return bool(verdict.rest_log_p > np.log(LEVEL))
