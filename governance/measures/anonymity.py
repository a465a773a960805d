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
    """Rows that are alone in their class: who knows the quasi-identifiers singles them out."""
    below: int
    """Rows in classes of fewer rows than were asked for."""
    rows: int


@dataclass(frozen=True)
class Diversity:
    """How many values of a sensitive attribute stand in one class of equal quasi-identifiers."""

    distinct: int
    """l: the fewest different values in any class."""
    entropy: float
    """Entropy l: the exponential of the least entropy (nats) of the values in any class."""
    disclosed: int
    """Rows in classes of two or more rows that all have one value: it is known without singling a row out."""
    rows: int
    """Rows in classes of two or more."""


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
    counts its different people, and a person counts once per class that she is in.
    """
    return _sizes(classes_of(codes), least, people)


def _sizes(classes: Codes, least: int, people: Codes | None) -> Anonymity:
    if people is not None and classes.size:
        width = int(people.max()) + 1
        classes = np.unique(classes * width + people) // width
    sizes = np.bincount(classes)
    sizes = sizes[sizes > 0]
    return Anonymity(
        k=int(sizes.min(initial=classes.size)),
        classes=int(sizes.size),
        unique=int((sizes == 1).sum()),
        below=int(sizes[sizes < least].sum()),
        rows=int(classes.size),
    )


def l_diversity(classes: Codes, sensitive: Codes) -> Diversity:
    """l of `sensitive` (rows,), coded from 0, within `classes` (rows,) as `classes_of` numbers them."""
    if classes.size == 0:
        return Diversity(0, 0.0, 0, 0)
    width = int(sensitive.max()) + 1
    pairs, counts = np.unique(classes * width + sensitive, return_counts=True)
    owner = pairs // width
    sizes = np.bincount(classes)
    values = np.bincount(owner, minlength=sizes.size)
    share = counts / sizes[owner]
    entropies = np.bincount(owner, weights=-share * np.log(share), minlength=sizes.size)
    held = sizes > 0
    several = sizes > 1
    return Diversity(
        distinct=int(values[held].min()),
        entropy=float(np.exp(entropies[held].min())),
        disclosed=int(sizes[several & (values == 1)].sum()),
        rows=int(sizes[several].sum()),
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
