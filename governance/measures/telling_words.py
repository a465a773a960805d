"""Words that tell classes apart by standing in a text or not: for each class the one that does so best."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from governance.measures.single_feature import counted_classes


@dataclass(frozen=True)
class TellingWords:
    """What single words say of classes."""

    codes: NDArray[np.int64]
    """(texts,) a number for which of the best words, one for each counted class, stand in the text."""
    telling: frozenset[str]
    """All words that say as much as was asked for of some class."""


def telling_words(
    texts: Sequence[Sequence[str]], labels: NDArray[np.int64], classes: int, least: float
) -> TellingWords:
    """The best words of `texts` (each a list of words) for `labels` (texts,), and all that reach `least`.

    What a word says of a class is Youden's J (W. Youden, Cancer 3, 1950): the share of the class's texts that hold it,
    less the share of all others that do.
    """
    held = [sorted(set(text)) for text in texts]
    vocabulary = sorted({word for text in held for word in text})
    place = {word: number for number, word in enumerate(vocabulary)}
    token = np.fromiter((place[word] for text in held for word in text), np.int64)
    row = np.repeat(np.arange(len(held)), [len(text) for text in held])
    sizes = np.bincount(labels, minlength=classes)
    cells = token * classes + labels[row]
    table = np.bincount(cells, minlength=len(vocabulary) * classes).reshape(len(vocabulary), classes)
    others = table.sum(axis=1, keepdims=True) - table
    youden = table / np.maximum(sizes, 1) - others / np.maximum(labels.size - sizes, 1)
    kept = counted_classes(labels)
    if not vocabulary or kept.size < 2:
        return TellingWords(np.zeros(labels.size, dtype=np.int64), frozenset())
    youden = youden[:, kept]
    best = youden.argmax(axis=0)
    stands = np.zeros((labels.size, kept.size), dtype=bool)
    for number, word in enumerate(best.tolist()):
        stands[row[token == word], number] = True
    codes = np.unique(stands, axis=0, return_inverse=True)[1].reshape(-1).astype(np.int64)
    telling = np.flatnonzero(youden.max(axis=1) >= least)
    chosen = {*telling.tolist(), *best[youden.max(axis=0) >= least / 2].tolist()}
    return TellingWords(codes, frozenset(vocabulary[number] for number in chosen))
