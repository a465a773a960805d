"""Small clusters of a class along the directions in which its embedding varies most, and whose neighbours they are.

Spectral signatures rank the rows of a class by their projection on its first singular direction, and activation
clustering divides a class in two; both always point to some rows. Here a cluster counts only when the rows outside it
that are nearest to it belong to another class, far more than is usual for rows of its class: what sets a planted
cluster apart is the same for all its rows, so beside it they still lie where they came from.

Rows of a cluster that have the same neighbours are one witness: a town beside another has only the nearest edge of it
beside itself. They count as so many rows as would give the mean the same variance if they shared no more neighbours
than rows of other classes do among themselves, which is where planted ones would lie (L. Kish's design effect, Survey
Sampling, 1965, with the share of common neighbours of other classes as the correlation of two rows).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from governance.measures.evenly_spaced import evenly_spaced
from governance.measures.rest_of_row import against, vote
from governance.measures.trigger_test import Verdict, background, judge

DIRECTIONS = 2
"""Per class."""
ASKED = 1500
"""Rows outside the cluster among which neighbours are sought, and which are compared with those in it."""
NEIGHBOURS = 10
LARGEST_SHARE = 0.35
"""A cluster that is a larger share of its class is the class."""


@dataclass(frozen=True)
class Cluster:
    """One cluster, judged."""

    label: int
    rows: NDArray[np.int64]
    """Rows of the class beyond the cut."""
    score: NDArray[np.float64]
    """(rows,) how strongly each lies among another class, 0 to 1."""
    verdict: Verdict


def clusters(
    embedding: NDArray[np.float64], label: NDArray[np.int64], classes: int, *, group: NDArray[np.int64], least: int
) -> list[Cluster]:
    """The clusters on either side of the DIRECTIONS of each class; `embedding` (rows, d), `label`, `group` (rows,)."""
    found: list[Cluster] = []
    frequency = np.asarray((np.bincount(label, minlength=classes) + 0.5) / (label.size + 0.5 * classes), np.float64)
    for number in range(classes):
        own = np.flatnonzero(label == number)
        if own.size < 3 * least or own.size == label.size:
            continue
        centre = embedding[own].mean(axis=0)
        _, vectors = np.linalg.eigh(np.cov(embedding[own] - centre, rowvar=False).reshape(embedding.shape[1], -1))
        for axis in vectors[:, ::-1][:, :DIRECTIONS].T:
            along = (embedding - centre) @ axis
            for side in (along, -along):
                cut = _cut(side[own])
                beyond = own[side[own] > cut]
                if least <= beyond.size <= LARGEST_SHARE * own.size:
                    found.append(_judged(embedding, side > cut, label, number, frequency, group))
    return found


def _cut(values: NDArray[np.float64]) -> float:
    """Where to divide a line so that the variance within both parts is least (N. Otsu, 1979), above the mean."""
    ordered = np.sort(values)
    n = ordered.size
    left = np.cumsum(ordered)[:-1]
    count = np.arange(1, n)
    between = (left / count - (ordered.sum() - left) / (n - count)) ** 2 * count * (n - count)
    between[ordered[:-1] < ordered.mean()] = -1.0
    at = int(between.argmax())
    return float((ordered[at] + ordered[at + 1]) / 2)


def _judged(
    embedding: NDArray[np.float64],
    beyond: NDArray[np.bool_],
    label: NDArray[np.int64],
    number: int,
    frequency: NDArray[np.float64],
    group: NDArray[np.int64],
) -> Cluster:
    outside = _spaced(np.flatnonzero(~beyond), ASKED)
    # The rows beyond the cut, whatever their label, and a sample of all others to compare with.
    inside = np.flatnonzero(beyond)
    asked = np.concatenate([inside, outside])
    distance = (embedding[outside] ** 2).sum(axis=1) - 2 * embedding[asked] @ embedding[outside].T
    distance[group[asked][:, None] == group[outside][None, :]] = np.inf  # neither the row itself nor its group
    k = min(NEIGHBOURS, outside.size)
    near = outside[np.argpartition(distance, k - 1, axis=1)[:, :k]]
    evidence = vote(near, label, frequency)
    speaks = np.column_stack([against(evidence, np.full(asked.size, one)) for one in range(frequency.size)])
    usual = background(speaks[inside.size :], label[outside])
    here = speaks[: inside.size, number]
    _, inverse, counts = np.unique(group[inside], return_inverse=True, return_counts=True)
    own = label[inside] == number
    speaking = label[near] != number  # a neighbour of the class itself is no witness against it
    mine = np.flatnonzero(own)
    usually = inside.size + np.flatnonzero(label[outside] != number)
    more = max(shared(near[mine], speaking[mine]) - shared(near[usually], speaking[usually]), 0.0)
    weight = 1.0 / counts[inverse] / (1.0 + (mine.size - 1) * more)
    verdict = judge(here, own, weight, number, usual)
    return Cluster(number, inside[own], here[own], verdict)


def shared(near: NDArray[np.int64], speaking: NDArray[np.bool_]) -> float:
    """Share of those of their neighbours `near` (rows, k) that are `speaking` that two rows have in common, on average."""
    asked = np.bincount(near[speaking]).astype(np.float64)
    pairs = float(asked.sum()) * (len(near) - 1)
    return float((asked * (asked - 1)).sum() / pairs) if pairs > 0 else 0.0


def _spaced(rows: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    return rows[evenly_spaced(rows.size, most)]
