"""How a search for triggers asks the rest of rows, one kind of content at a time."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from governance.measures.trigger_search import Asked
    from governance.measures.trigger_test import Background
    from governance.measures.whole_row import Whole
    from governance.reporting.trigger_search import Part

COMPARED = 4000
"""Rows that say what is usual when some columns are left out, evenly spaced."""
MAX_APART = 200
"""Rows asked what one value of a pair says without the other."""


def asked_of(
    number: int, part: Part, whole: Whole, label: NDArray[np.int64], group: NDArray[np.int64], usual: Background
) -> Asked:
    """Part `number`. In a table every column weighs, so that what is usual is asked anew without a pattern's own."""
    import numpy as np

    from governance.measures.rest_of_row import against
    from governance.measures.trigger_search import Asked
    from governance.measures.trigger_test import background
    from governance.measures.trigger_views import DenseView
    from governance.measures.value_effects import holders_apart, logits_of, value_effect

    def rest(rows: NDArray[np.int64], features: NDArray[np.int64], holders: NDArray[np.int64]) -> NDArray[np.float64]:
        return whole.rest(number, rows, features, holders)

    view = part.view
    if not isinstance(view, DenseView) or view.near > 0:
        return Asked(label, group, rest, view.closure, usual)
    values, classes = view.values, whole.frequency.size
    sample = np.unique(np.linspace(0, label.size - 1, min(label.size, COMPARED)).astype(np.int64))

    @cache
    def usual_without(features: tuple[int, ...]) -> Background:
        evidence = whole.rest(number, sample, np.array(features, dtype=np.int64), None)
        speaks = np.column_stack([against(evidence, np.full(sample.size, one)) for one in range(classes)])
        return background(speaks, label[sample])

    def effects(rows: NDArray[np.int64], pair: NDArray[np.int64], features: NDArray[np.int64], chosen: int) -> float:
        total = 0.0
        for apart in holders_apart(values, rows, pair.tolist(), MAX_APART):
            if apart.size:
                evidence = whole.rest(number, apart, features, rows)
                total += value_effect(logits_of(evidence, whole.frequency, chosen), label[apart] == chosen)
        return total

    return Asked(label, group, rest, view.closure, usual, lambda f: usual_without(tuple(f.tolist())), effects)
