"""Tables, texts and images as a search for triggers sees them: patterns, what else a pattern's rows share, evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from governance.measures.agreement_of_alike import USUAL, alike, beyond_alike
from governance.measures.distance_without import DistanceWithout
from governance.measures.evenly_spaced import evenly_spaced
from governance.measures.rest_of_row import Discriminant, WordEvidence, discriminant, word_evidence
from governance.measures.sorted_columns import below
from governance.measures.trigger_patches import patches
from governance.measures.trigger_patterns import Patterns, joined
from governance.measures.trigger_phrases import Tokens, phrases, tokenise
from governance.measures.trigger_values import common_values
from governance.measures.trigger_writing import held_by_each, written_patterns
from governance.measures.writing import Form, writing

AGREE = 0.8
"""Rows of a pattern agree in a word that this share of them holds, and in a column or pixel likewise."""
ASKED = 2000
"""Rows among which neighbours without a pattern are sought."""
MAX_TERMS = 2**23
"""Numbers that are kept of what each feature adds to the evidence: 64 MB."""
FIRST_ROWS = 15
"""Rows of a pattern that are looked at first for what they share: of 80 % that agree, more than half are among these but
for a chance of one in a hundred."""
MANY = 100
"""Features from which on what they share is sought in steps, and what they add is worked out for the rows that ask."""
NEAR = 0.08
"""Pixels (0 to 1) that differ by no more are near-constant."""


class View(Protocol):
    """One kind of content of all rows."""

    @property
    def patterns(self) -> Patterns:
        """What it was searched for."""
        ...

    def closure(self, rows: NDArray[np.int64], features: NDArray[np.int64]) -> NDArray[np.int64]:
        """All features in which `rows` agree as other rows do not, and `features` in any case."""
        ...

    def evidence(self, rows: NDArray[np.int64], without: NDArray[np.int64] | None = None) -> NDArray[np.float64]:
        """(rows, classes) in natural logarithms, features `without` taken as unknown."""
        ...

    def nearest(
        self, rows: NDArray[np.int64], without: NDArray[np.int64], holders: NDArray[np.int64], k: int
    ) -> NDArray[np.int64]:
        """(rows, k) positions of near rows outside `holders`, features `without` taken as unknown; -1 for none."""
        ...


@dataclass(frozen=True)
class TextView:
    """Texts as words, and as how they are written: from the number of words on, features are forms of writing."""

    patterns: Patterns
    tokens: Tokens
    forms: tuple[Form, ...]
    model: WordEvidence
    holding: NDArray[np.float64]
    """(words and forms,) texts that hold each word; of forms all, as neighbours are asked by words alone."""
    length: NDArray[np.float64]
    """(texts,) length of each text's vector of rarities."""

    def closure(self, rows: NDArray[np.int64], features: NDArray[np.int64]) -> NDArray[np.int64]:
        """Words and forms that most of `rows` hold."""
        start, held = self.model.row_start, self.model.token
        found = np.concatenate([held[start[row] : start[row + 1]] for row in rows.tolist()])
        words, count = np.unique(found, return_counts=True)
        return np.union1d(features, words[count >= AGREE * rows.size])

    def evidence(self, rows: NDArray[np.int64], without: NDArray[np.int64] | None = None) -> NDArray[np.float64]:
        """Evidence of the words, and of ways of writing."""
        return self.model.evidence(rows, without)

    def nearest(
        self, rows: NDArray[np.int64], without: NDArray[np.int64], holders: NDArray[np.int64], k: int
    ) -> NDArray[np.int64]:
        """(rows, k) nearest of a sample of the rows that are not among `holders`, by all other words (cosine)."""
        start, held = self.model.row_start, self.model.token
        others = _asked(self.tokens.texts, holders)
        mine = np.concatenate([held[start[row] : start[row + 1]] for row in rows.tolist()])
        words = np.setdiff1d(mine[mine < len(self.tokens.words)], without)
        rarity = np.log(self.tokens.texts / self.holding)
        here = self._incidence(rows, words) * rarity[words]
        there = self._incidence(others, words) * rarity[words]
        return _nearest(others, -(here @ there.T) / np.maximum(self.length[others], 1e-9), k)

    def _incidence(self, rows: NDArray[np.int64], words: NDArray[np.int64]) -> NDArray[np.float64]:
        start, held = self.model.row_start, self.model.token
        sizes = start[rows + 1] - start[rows]
        owner = np.repeat(np.arange(rows.size), sizes)
        within = np.arange(owner.size) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        token = held[start[rows][owner] + within]
        at = np.searchsorted(words, token)
        known = (at < words.size) & (words[np.minimum(at, max(words.size - 1, 0))] == token) if words.size else at < 0
        result = np.zeros((rows.size, words.size))
        result[owner[known], at[known]] = 1.0
        return result


@dataclass(frozen=True)
class DenseView:
    """Columns of a table, or pixels of images: features that each are a few columns of a matrix."""

    patterns: Patterns
    values: NDArray[np.floating]
    """(rows, columns): codes of values, or the levels of each pixel's channels."""
    feature: NDArray[np.int64]
    """(columns of `values`,) the feature that each is of."""
    near: float
    """How far values that agree may lie apart."""
    owner: NDArray[np.int64]
    """(matrix columns,) the feature that each column of the model's matrix belongs to."""
    model: Discriminant
    neighbours: NDArray[np.int64] | None = None
    """(rows, k) rows that are alike, -1 for none; None where values that agree are the same and no matter of chance."""

    def closure(self, rows: NDArray[np.int64], features: NDArray[np.int64]) -> NDArray[np.int64]:
        """Features in whose value most of `rows` agree, and most other rows do not, nor most that are like these."""
        # A table's values stand column by column, an image's row by row.
        some = self._may_agree(rows)
        if some is not None:
            here = self.values[np.ix_(rows, some)]
        else:
            here = self.values.T.take(rows, axis=1).T if self.values.flags.f_contiguous else self.values[rows]
        # Columns by themselves are partitioned twice as fast where each lies in one piece.
        middle = np.partition(np.ascontiguousarray(here.T), rows.size // 2, axis=1)[:, rows.size // 2]
        count = np.count_nonzero(np.abs(here - middle) <= self.near, axis=0)
        agree = count / rows.size >= AGREE
        other = np.ones(int(self.feature[-1]) + 1, dtype=bool)
        other[features] = False
        agree &= other[self.feature if some is None else self.feature[some]]
        found = set(features.tolist())
        kept = np.flatnonzero(agree)
        more, middle = kept if some is None else some[kept], middle[kept]
        if kept.size and self.neighbours is not None:
            others = alike(self.neighbours, rows)
            held = np.abs(self.values[np.ix_(others, more)] - middle) <= self.near
            own = beyond_alike(count[kept], rows.size, np.count_nonzero(held, axis=0), others.size)
            more, middle = more[own], middle[own]
        if more.size:
            low = below(self._sorted, more, middle - self.near, "left")
            usual = below(self._sorted, more, middle + self.near, "right") - low >= USUAL * len(self._sorted)
            found.update(self.feature[more[~usual]].tolist())
        return np.array(sorted(found), dtype=np.int64)

    @cached_property
    def _sorted(self) -> NDArray[np.floating]:
        """Values of an evenly spaced sample of the rows, each column in ascending order."""
        return np.sort(self.values[:: max(len(self.values) // 2000, 1)], axis=0)

    def _may_agree(self, rows: NDArray[np.int64]) -> NDArray[np.int64] | None:
        """Columns in which `rows` may agree, by a few of them; None where looking at a few saves nothing.

        Where more than half of the few agree, so does their median, and each of these lies within twice `near` of it.
        """
        if rows.size < 2 * FIRST_ROWS or self.values.shape[1] < MANY:
            return None
        few = self.values[rows[evenly_spaced(rows.size, FIRST_ROWS)]]
        middle = np.partition(few, FIRST_ROWS // 2, axis=0)[FIRST_ROWS // 2]
        return np.flatnonzero(2 * np.count_nonzero(np.abs(few - middle) <= 2 * self.near, axis=0) > FIRST_ROWS)

    def evidence(self, rows: NDArray[np.int64], without: NDArray[np.int64] | None = None) -> NDArray[np.float64]:
        """Evidence of the matrix's columns."""
        if without is None or not without.size:
            return self.model.evidence(rows)
        if self._few and without.size < MANY:
            return self.model.less(rows, [self._term(feature) for feature in without.tolist()])
        return self.model.evidence(rows, self._columns(without))

    def fitted_without(self, features: NDArray[np.int64]) -> DenseView:
        """With a model that never saw `features`."""
        return replace(self, model=self.model.fitted_without(self._columns(features)))

    @cached_property
    def _few(self) -> bool:
        """Whether what each feature adds is kept, as a table's few features are asked after thousands of times."""
        return int(self.values.size) * int(self.model.weights.shape[2]) <= MAX_TERMS

    @cached_property
    def _terms(self) -> dict[int, NDArray[np.float64]]:
        return {}

    def _term(self, feature: int) -> NDArray[np.float64]:
        """(all rows, classes) what one feature adds to the evidence."""
        if feature not in self._terms:
            self._terms[feature] = self.model.part(self._columns(np.array([feature])))
        return self._terms[feature]

    def _columns(self, features: NDArray[np.int64]) -> NDArray[np.int64]:
        return np.flatnonzero(np.isin(self.owner, features))

    def nearest(
        self, rows: NDArray[np.int64], without: NDArray[np.int64], holders: NDArray[np.int64], k: int
    ) -> NDArray[np.int64]:
        """(rows, k) nearest of a sample of the rows that are not among `holders`, by all other features."""
        others = _asked(len(self.model.centred), holders)
        return _nearest(others, self._distance.between(rows, others, np.isin(self.owner, without)), k)

    @cached_property
    def _distance(self) -> DistanceWithout:
        return DistanceWithout(self.model.centred)


def _asked(rows: int, holders: NDArray[np.int64]) -> NDArray[np.int64]:
    """An evenly spaced sample of the rows that are not among `holders`."""
    others = np.setdiff1d(np.arange(rows), holders)
    return others[evenly_spaced(others.size, ASKED)]


def _nearest(others: NDArray[np.int64], distance: NDArray[np.float64], k: int) -> NDArray[np.int64]:
    if others.size < k:
        return np.full((len(distance), k), -1, dtype=np.int64)
    return np.asarray(others[np.argpartition(distance, k - 1, axis=1)[:, :k]], dtype=np.int64)


def text_view(
    texts: Sequence[str], label: NDArray[np.int64], classes: int, fold: NDArray[np.int64], *, least: int, most: int
) -> TextView:
    """View of `texts` (rows,).

    Signs and single words as they are written say nothing of a class here: a text in capitals holds dozens of them, and
    naive Bayes would count each as a witness. Ways of writing do, so that an honest habit explains what comes with it.
    """
    tokens, written = tokenise(texts), writing(texts)
    words = len(tokens.words)
    row, token = held_by_each(*tokens.present(), written, words)
    model = word_evidence(row, token, words + len(written.forms), label, classes, fold)
    model.weights[:, words + written.ways :] = 0.0
    holding = np.maximum(np.bincount(token, minlength=words + len(written.forms)), 1).astype(np.float64)
    holding[words:] = len(texts)
    length = np.sqrt(np.bincount(row, weights=np.log(len(texts) / holding[token]) ** 2, minlength=len(texts)))
    found = written_patterns(written, words, texts=len(texts), least=least, most=most)
    patterns = joined([found, phrases(tokens, least=least, most=most)])
    return TextView(patterns, tokens, written.forms, model, holding, length)


def table_view(
    codes: NDArray[np.int64],
    matrix: NDArray[np.float64],
    owner: NDArray[np.int64],
    label: NDArray[np.int64],
    classes: int,
    fold: NDArray[np.int64],
    *,
    least: int,
    most: int,
) -> DenseView:
    """View of a table: `codes` (rows, columns) of its values, and the numbers made from them."""
    found = common_values(codes, least=least, most=most)
    # Of four bytes, which tell up to 16 million values apart: half as much to look through for each of thousands of patterns.
    values = np.asfortranarray(codes, dtype=np.float32)
    return DenseView(found, values, np.arange(codes.shape[1]), 0.0, owner, discriminant(matrix, label, classes, fold))


def image_view(
    images: NDArray[np.float64],
    label: NDArray[np.int64],
    classes: int,
    fold: NDArray[np.int64],
    *,
    least: int,
    most: int,
    neighbours: NDArray[np.int64] | None = None,
) -> DenseView:
    """View of `images` (rows, height, width, channels), 0 to 1; `neighbours` (rows, k), -1 for none."""
    count, height, width, channels = images.shape
    owner = np.repeat(np.arange(height * width), channels)
    model = discriminant(images.reshape(count, -1), label, classes, fold)
    found = patches(images, least=least, most=most)
    return DenseView(found, images.reshape(count, -1).astype(np.float32), owner, NEAR, owner, model, neighbours)
