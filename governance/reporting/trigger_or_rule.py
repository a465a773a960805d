"""Asks of a trigger that was found in a table whether an honest rule would look the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from governance.measures.trigger_search import Trigger
    from governance.reporting.trigger_search import Searched

COMPARED = 4000
"""Rows without the pattern that say what rows of all kinds say, evenly spaced."""


def looks_like_rule(searched: Searched, number: int, trigger: Trigger) -> bool:
    """Whether rows of all kinds without it speak against its label about as much as its own do; see may_be_rule."""
    import numpy as np

    from governance.measures.evenly_spaced import evenly_spaced
    from governance.measures.rest_of_row import against
    from governance.measures.trigger_or_rule import may_be_rule
    from governance.measures.trigger_questions import Question

    holders = searched.parts[number].view.patterns.of(trigger.number)
    outside = np.setdiff1d(np.arange(len(searched.row_id)), holders)
    outside = outside[evenly_spaced(outside.size, COMPARED)]
    asked = [Question(rows, trigger.features, holders) for rows in (trigger.rows, outside)]
    own, others = (against(said, trigger.verdict.label) for said in searched.whole.answers(number, asked))
    if searched.groups is None:
        return may_be_rule(own, others, np.ones(own.size))
    _, inverse, counts = np.unique(searched.groups[trigger.rows], return_inverse=True, return_counts=True)
    return may_be_rule(own, others, 1.0 / counts[inverse])
