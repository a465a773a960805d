"""k-anonymity, l-diversity and singling out over coded quasi-identifiers. Exact: all rows are counted.

Sources: L. Sweeney, k-anonymity, IJUFKS 10, 2002; A. Machanavajjhala et al., l-Diversity, ACM TKDD 1, 2007;
Article 29 Working Party, Opinion 05/2014 on anonymisation techniques (singling out).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.int64]


@dataclass(frozen=True)
class Anonymity:
    """How many rows share one combination of quasi-identifiers."""

    k: int
    """Rows (or people) of the smallest class; 0 without rows."""
    classes: int
    unique: int
    """Rows (or people) that are alone in their class: who knows the quasi-identifiers singles them out."""
    below: int
    """Rows (or people) in classes of fewer than were asked for."""
    rows: int
    """Rows (or people) in all."""


@dataclass(frozen=True)
class Diversity:
    """How many values of a sensitive attribute stand in one class of equal quasi-identifiers."""

    distinct: int
    """l: the fewest different values in any class."""
    entropy: float
    """Entropy l: the exponential of the least entropy (nats) of the values in any class."""
    disclosed: int
    """Rows (or people) in classes of two or more that all have one value: it is known without singling a row out."""
    rows: int
    """Rows (or people) in classes of two or more."""


@dataclass(frozen=True)
class Combination:
    """One combination of columns and what it tells."""

    columns: tuple[int, ...]
    """Positions of the columns, ascending."""
    anonymity: Anonymity


def classes_of(codes: Sequence[Codes]) -> Codes:
    """(rows,) the number of each row's class: rows are in one class when they agree in all of `codes` (rows,) each.

    A missing value must have a code of its own: it agrees with missing values only.
    """
    joined = np.zeros(codes[0].size if codes else 0, dtype=np.int64)
    for column in codes:
        _, joined = np.unique(joined * (int(column.max(initial=0)) + 1) + column, return_inverse=True)
        joined = joined.reshape(-1)
    return joined


def k_anonymity(codes: Sequence[Codes], least: int = 5, people: Codes | None = None) -> Anonymity:
    """k of the rows over all of `codes`, each (rows,) and from 0; `below` counts rows in classes smaller than `least`.

    With `people` (rows,), from 0, the units are people: two rows of one person in a class do not hide her, so a class
    counts its different people. A person in several classes is alone, or in a small class, when she is in one of them;
    she counts once.
    """
    return _sizes(classes_of(codes), least, people)


def class_sizes(codes: Sequence[Codes], people: Codes | None = None) -> Codes:
    """(rows,) how many rows share each row's combination of `codes`, itself counted; with `people`, how many people."""
    classes = classes_of(codes)
    _, owner = _members(classes, people)
    return np.bincount(owner)[classes] if classes.size else classes


def _sizes(classes: Codes, least: int, people: Codes | None) -> Anonymity:
    members, owner = _members(classes, people)
    sizes = np.bincount(owner)
    held = sizes[sizes > 0]
    return Anonymity(
        k=int(held.min(initial=classes.size)),
        classes=int(held.size),
        unique=_different(members[sizes[owner] == 1]),
        below=_different(members[sizes[owner] < least]),
        rows=_different(members),
    )


def _members(classes: Codes, people: Codes | None) -> tuple[Codes, Codes]:
    """Who is in which class, each person once a class; without `people` each row is one of its own."""
    if people is None or not classes.size:
        return np.arange(classes.size, dtype=np.int64), classes
    width = int(people.max()) + 1
    pairs = np.unique(classes * width + people)
    return pairs % width, pairs // width


def _different(members: Codes) -> int:
    return int(np.unique(members).size)


def l_diversity(classes: Codes, sensitive: Codes, people: Codes | None = None, missing: int = -1) -> Diversity:
    """l of `sensitive` (rows,), coded from 0, within `classes` (rows,) as `classes_of` numbers them.

    With `people` (rows,), units are people: what rows of one person share is given away of nobody else. Classes in
    which every value is the code `missing` say nothing; beside others, a missing value is a value of its own.
    """
    if classes.size == 0:
        return Diversity(0, 0.0, 0, 0)
    width = int(sensitive.max()) + 1
    members, owner_of_member = _members(classes, people)
    sizes = np.bincount(owner_of_member)
    if people is None:
        pairs, counts = np.unique(classes * width + sensitive, return_counts=True)
    else:
        who = int(people.max()) + 1
        told = np.unique((classes * width + sensitive) * who + people)
        pairs, counts = np.unique(told // who, return_counts=True)
    owner = pairs // width
    values = np.bincount(owner, minlength=sizes.size)
    share = counts / np.bincount(owner, weights=counts, minlength=sizes.size)[owner]
    entropies = np.bincount(owner, weights=-share * np.log(share), minlength=sizes.size)
    known = np.bincount(owner, weights=pairs % width != missing, minlength=sizes.size) > 0
    several = sizes > 1
    given_away = several & known & (values == 1)
    return Diversity(
        distinct=int(values[known].min(initial=width)) if known.any() else 0,
        entropy=float(np.exp(entropies[known].min())) if known.any() else 0.0,
        disclosed=_different(members[given_away[owner_of_member]]),
        rows=_different(members[several[owner_of_member]]),
    )


def combinations_of(columns: int, most: int, budget: int) -> Iterator[tuple[int, ...]]:
    """Combinations of 1 to `most` of so many columns, small ones first, at most `budget` of them."""
    made = 0
    for size in range(1, min(most, columns) + 1):
        for chosen in combinations(range(columns), size):
            if made == budget:
                return
            made += 1
            yield chosen


def worst_combinations(
    codes: Sequence[Codes], *, most: int = 3, least: int = 5, budget: int = 1000, people: Codes | None = None
) -> tuple[list[Combination], int]:
    """Combinations of up to `most` columns, those that single out most rows first, and how many were counted.

    A combination is left out when a part of it singles out as many rows: the further column adds nothing. More columns
    never single out fewer rows, so no part of a combination that is listed is worse than it.
    """
    found: dict[tuple[int, ...], Anonymity] = {}
    joined: dict[tuple[int, ...], Codes] = {}
    for chosen in combinations_of(len(codes), most, budget):
        start = joined.get(chosen[:-1])
        classes = classes_of([codes[chosen[-1]]] if start is None else [start, codes[chosen[-1]]])
        if len(chosen) < most:
            joined[chosen] = classes
        found[chosen] = _sizes(classes, least, people)
    listed = [
        Combination(chosen, counted)
        for chosen, counted in found.items()
        if counted.below
        and all(
            (found[part].unique, found[part].below) != (counted.unique, counted.below) for part in _parts(chosen, found)
        )
    ]
    listed.sort(key=lambda c: (-c.anonymity.unique, -c.anonymity.below, len(c.columns), c.columns))
    return listed, len(found)


def _parts(chosen: tuple[int, ...], known: dict[tuple[int, ...], Anonymity]) -> list[tuple[int, ...]]:
    return [part for part in combinations(chosen, len(chosen) - 1) if part in known]
