"""Which columns are answers on one scale, as the questions of a questionnaire are?

People who do not read the questions give one answer throughout (straight-lining), and rows of two such people are equal
without being copies.

Source: M. Schonlau, V. Toepoel, Straightlining in Web survey panels over time, Survey Research Methods 9, 2015.
"""

from __future__ import annotations

from collections.abc import Mapping

LEAST_QUESTIONS = 5
"""Fewer columns of the same levels agree by chance."""
MOST_LEVELS = 12
"""A scale of 0 to 10, and no answer."""


def answer_scales(levels: Mapping[str, frozenset[object]]) -> list[tuple[str, ...]]:
    """Sets of LEAST_QUESTIONS columns and more that hold the same few `levels` (by column, missing left out).

    A column belongs to the widest scale that has all its levels, and of whose levels it has more than half: an extreme
    answer may be given to some questions only.
    """
    scales: dict[frozenset[object], list[str]] = {}
    widest = sorted(levels.items(), key=lambda item: -len(item[1]))  # stable: columns keep their order
    for name, held in widest:
        if not 2 <= len(held) <= MOST_LEVELS:
            continue
        whole = next((scale for scale in scales if held <= scale and 2 * len(held) > len(scale)), held)
        scales.setdefault(whole, []).append(name)
    return [tuple(names) for names in scales.values() if len(names) >= LEAST_QUESTIONS]
