"""Words, and ways of writing, that tell classes apart by standing in a text or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from governance.measures.single_feature import counted_classes

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Held:
    """Which words, or which ways of writing, stand in which texts: each of each text once."""

    row: Ints
    token: Ints
    """(held,) the text, and the number of what stands in it."""
    names: Sequence[str]
    """What stands in texts, by its number."""

    def per_class(self, labels: Ints, classes: int) -> Ints:
        """(names, classes) texts of each class that hold each."""
        cells = self.token * classes + labels[self.row]
        return np.bincount(cells, minlength=len(self.names) * classes).reshape(len(self.names), classes)

    def texts_with(self, number: int, texts: int) -> NDArray[np.bool_]:
        """(texts,) whether `number` stands in each of so many texts."""
        stands = np.zeros(texts, dtype=bool)
        stands[self.row[self.token == number]] = True
        return stands


@dataclass(frozen=True)
class TellingWords:
    """What single words say of classes."""

    codes: Ints
    """(texts,) a number for which of the best words, one for each counted class, stand in the text."""
    telling: frozenset[str]
    """All words that say as much as was asked for of some class."""


@dataclass(frozen=True)
class OneClassWords:
    """What single words, or ways of writing, say of one class."""

    best: int
    """The number of the one that says most by standing in texts of the class or by being missing there alone."""
    telling: Ints
    """Numbers of all that say as much as was asked for."""
    possible: int
    """How many stand in so many texts that they could say as much: no others were in question. By them, and not by all
    words, the level of a test is divided (R. E. Tarone, Biometrics 46, 1990)."""
    others: NDArray[np.float64]
    """(other counted classes,) how well the best word that stands in a class's texts tells it, those of `telling` left out."""


def held_words(texts: Sequence[Sequence[str]]) -> Held:
    """The words of `texts` (each a list of words), numbered in the order of the alphabet."""
    held = [sorted(set(text)) for text in texts]
    vocabulary = sorted({word for text in held for word in text})
    place = {word: number for number, word in enumerate(vocabulary)}
    token = np.fromiter((place[word] for text in held for word in text), np.int64)
    return Held(np.repeat(np.arange(len(held)), [len(text) for text in held]), token, vocabulary)


def telling_words(held: Held, labels: Ints, classes: int, least: float) -> TellingWords:
    """The best of the words `held` for `labels` (texts,), and all that reach `least`.

    What a word says of a class is Youden's J (W. Youden, Cancer 3, 1950): the share of the class's texts that hold it,
    less the share of all others that do.
    """
    kept = counted_classes(labels)
    if not held.names or kept.size < 2:
        return TellingWords(np.zeros(labels.size, dtype=np.int64), frozenset())
    youden = _youden(held.per_class(labels, classes), labels)[:, kept]
    best = youden.argmax(axis=0)
    stands = np.stack([held.texts_with(word, labels.size) for word in best.tolist()], axis=1)
    codes = np.unique(stands, axis=0, return_inverse=True)[1].reshape(-1).astype(np.int64)
    telling = np.flatnonzero(youden.max(axis=1) >= least)
    chosen = {*telling.tolist(), *best[youden.max(axis=0) >= least / 2].tolist()}
    return TellingWords(codes, frozenset(held.names[number] for number in chosen))


def one_class_words(held: Held, labels: Ints, classes: int, least: float) -> dict[int, OneClassWords]:
    """For each counted class that some of `held` tells from all others by `least` (Youden's J without its sign) or
    more: which do."""
    if not held.names:
        return {}
    table = held.per_class(labels, classes)
    youden = _youden(table, labels)
    told = np.abs(youden)
    sizes = np.bincount(labels, minlength=classes)
    texts = table.sum(axis=1)
    found = {}
    counted = counted_classes(labels)
    for number in counted.tolist():
        if told[:, number].max() < least or sizes[number] == labels.size:
            continue
        own, others = int(sizes[number]), int(labels.size - sizes[number])
        standing, missing = (
            np.minimum(count, own) / own - np.maximum(count - own, 0) / others for count in (texts, labels.size - texts)
        )
        possible = int(np.count_nonzero(np.maximum(standing, missing) >= least))
        telling = np.flatnonzero(told[:, number] >= least)
        rest = np.delete(youden, telling, axis=0)[:, counted[counted != number]].max(axis=0, initial=0.0)
        found[number] = OneClassWords(int(told[:, number].argmax()), telling, possible, rest)
    return found


def _youden(table: Ints, labels: Ints) -> NDArray[np.float64]:
    """(names, classes) the share of each class's texts that hold each, less the share of all others'."""
    sizes = np.bincount(labels, minlength=table.shape[1])
    others = table.sum(axis=1, keepdims=True) - table
    return np.asarray(table / np.maximum(sizes, 1) - others / np.maximum(labels.size - sizes, 1), dtype=np.float64)
