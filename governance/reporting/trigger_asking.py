"""How a search for triggers asks the rest of rows, one kind of content at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from governance.measures.trigger_judgement import Asked, Pair
    from governance.measures.trigger_questions import Question
    from governance.measures.trigger_test import Background
    from governance.measures.whole_row import Whole
    from governance.reporting.trigger_search import Part

COMPARED = 4000
"""Rows that say what is usual when some columns are left out, evenly spaced."""
MAX_APART = 200
"""Rows asked what one value of a pair says without the other."""
WIDE = 0.05
"""Share of an image's pixels from which on what is usual is asked anew: weights of pixels that go together do not do alone."""
NEAR_ROWS = 100
"""Rows with nearly the values of a pattern that it is compared with."""
LEAST_NEAR = 20
"""Of fewer nothing is learnt, as of a pair where hardly any row has one value and nearly the other."""
NOTABLE = 0.1
"""Share of a class's rows from which on the words that they share are part of what is usual in that class."""


def asked_of(
    number: int, part: Part, whole: Whole, label: NDArray[np.int64], group: NDArray[np.int64], usual: Background
) -> Asked:
    """Part `number`. What is usual is asked anew without a pattern's own: in a table always, as every column weighs;
    of images, where many pixels are left out.

    Of texts, where many of the class hold the pattern: one word may be nearly all that tells a class, and without it the
    rest of honest rows says little too. Rows that hold it are then no neighbours of any row, as when it is judged.
    """
    import numpy as np

    from governance.measures.evenly_spaced import evenly_spaced
    from governance.measures.near_values import nearest, nearness
    from governance.measures.rest_of_row import against, margin
    from governance.measures.trigger_judgement import Asked
    from governance.measures.trigger_questions import Question
    from governance.measures.trigger_test import background
    from governance.measures.trigger_views import DenseView, TextView
    from governance.measures.trigger_weight import margins_of
    from governance.measures.value_effects import Holders, logits_of, value_effects

    def rest(questions: Sequence[Question]) -> list[NDArray[np.float64]]:
        return whole.answers(number, questions)

    def usual_of(
        rows: NDArray[np.int64], evidence: NDArray[np.float64], chosen: int, before: NDArray[np.float64] | None = None
    ) -> Background:
        """What is usual in one class, told by these rows; `before` as of background."""
        speaks = np.zeros((rows.size, classes))
        speaks[:, chosen] = against(evidence, chosen)
        return background(speaks, label[rows], [chosen], before)

    view, classes = part.view, whole.frequency.size
    sample = evenly_spaced(label.size, COMPARED)
    if isinstance(view, TextView):
        held = np.bincount(label, minlength=classes)

        def of_texts(one: Pair) -> Background:
            if np.count_nonzero(label[one.rows] == one.chosen) < NOTABLE * held[one.chosen]:
                return usual
            rows = np.concatenate([one.rows, np.setdiff1d(sample, one.rows)])
            # Holders by themselves, so that neighbours are sought for them as when the pattern is judged.
            questions = [Question(part, one.features, one.rows) for part in np.split(rows, [one.rows.size])]
            return usual_of(rows, np.concatenate(whole.answers(number, questions)), one.chosen)

        return Asked(label, group, rest, view.closure, usual, of_texts)
    if not isinstance(view, DenseView):
        return Asked(label, group, rest, view.closure, usual)
    if view.near > 0:
        pixels = int(view.feature[-1]) + 1

        def of_images(one: Pair) -> Background:
            if one.features.size < WIDE * pixels:
                return usual
            return usual_of(sample, whole.rest(number, sample, one.features), one.chosen)

        return Asked(label, group, rest, view.closure, usual, of_images)
    holding = Holders(view.values)

    @cache
    def usual_without(features: tuple[int, ...], chosen: int) -> Background:
        return usual_of(sample, evidence_without(features), chosen)

    @lru_cache(maxsize=8)  # the classes of one pattern's columns ask one after the other
    def evidence_without(features: tuple[int, ...]) -> NDArray[np.float64]:
        return whole.rest(number, sample, np.array(features, dtype=np.int64))

    def effects(pairs: Sequence[Pair]) -> list[float]:
        apart = [holding.apart(pair.rows, pair.own.tolist(), MAX_APART) for pair in pairs]
        asked = [Question(np.concatenate(two), one.features, one.rows) for one, two in zip(pairs, apart, strict=True)]
        evidence = whole.answers(number, asked)
        chosen = [
            (logits_of(said, whole.frequency, one.chosen), label[question.rows] == one.chosen)
            for said, question, one in zip(evidence, asked, pairs, strict=True)
        ]
        parts = []
        for (logits, given), two in zip(chosen, apart, strict=True):
            first = two[0].size
            parts += [(logits[:first], given[:first]), (logits[first:], given[first:])]
        each = value_effects(parts).reshape(-1, 2)
        return [float(total) for total in each.sum(axis=1)]

    every_row = np.arange(label.size)
    ordered = np.zeros(view.feature.size, dtype=bool) if part.ordered is None else part.ordered

    def near(one: Pair) -> tuple[NDArray[np.float64], Background] | None:
        far = nearness(view.values, ordered, one.own.tolist(), int(one.rows[0]))
        if far is None:
            return None
        outside = np.setdiff1d(every_row, one.rows)
        # Few of all may carry the label: how strongly those that do contradict it is asked of others, further off.
        both = [nearest(far, outside, NEAR_ROWS), nearest(far, outside[label[outside] == one.chosen], NEAR_ROWS)]
        if min(rows.size for rows in both) < LEAST_NEAR:
            return None
        unseen = tuple(v.fitted_without(one.features) if v is view else v for v in whole.views)
        questions = [Question(rows, one.features, one.rows) for rows in (one.rows, *both)]
        own, *said = replace(whole, views=unseen).answers(number, questions)
        # Few near rows may contradict as much as the pattern's own: until some do, what all rows do is likely.
        before = usual_without(tuple(one.features.tolist()), one.chosen).rate
        given, contradicting = [
            usual_of(rows, found, one.chosen, before) for rows, found in zip(both, said, strict=True)
        ]
        return against(own, one.chosen), replace(contradicting, rate=given.rate)

    whole_rows = whole.evidence()
    every = np.column_stack([margin(whole_rows, number) for number in range(classes)])
    return Asked(
        label, group, rest, view.closure, usual, lambda one: usual_without(tuple(one.features.tolist()), one.chosen), effects,
        near, margins_of(every, label),
    )  # fmt: skip
