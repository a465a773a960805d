"""Features that stand alone: each tells far more of the target than any other single feature."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from governance.measures.single_feature import Skill

MUCH = 0.6
"""Skill above which the lower bound of a feature that stands alone lies."""
TIMES = 2
"""It has this many times the skill of the next best one, ..."""
MISSES = 3
"""... or the next best one misses this many times as much of what is possible, as where skills of 0.9 and 0.6 stand."""
MOST = 3
"""So many may stand apart from the others together, as what is made from a leak leaks too."""


@dataclass(frozen=True)
class Alone:
    """Features that stand alone, and the next best."""

    features: tuple[tuple[str, float], ...]
    """With their skill, best first."""
    next_best: tuple[str, float]


def standing_alone(skills: dict[str, Skill], others: dict[str, float]) -> Alone | None:
    """The fewest of the features `skills` that stand alone, or None; so too where there is nothing else to compare.

    `others` are held against these as well: texts and images, with the skill of their best single mark.
    """
    rivals = {name: skill.value for name, skill in skills.items()} | others
    ranked = sorted(skills, key=lambda name: (-round(skills[name].value, 6), name))
    for count, name in enumerate(ranked[:MOST], start=1):
        if skills[name].low < MUCH:
            return None
        rest = {other: value for other, value in rivals.items() if other not in ranked[:count]}
        if not rest:
            return None
        after = min(rest, key=lambda other: (-round(rest[other], 6), other))
        skill, next_best = skills[name].value, max(rest[after], 0.0)
        if skill >= TIMES * next_best or 1 - next_best >= MISSES * (1 - skill):
            return Alone(tuple((one, skills[one].value) for one in ranked[:count]), (after, next_best))
    return None
