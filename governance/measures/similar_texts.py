"""Texts that share most of their runs of letters, and are not merely filled in to one form.

Honest texts of one form, as confirmations of orders, share most of their runs without being copies. In a set of texts
joined by their pairs, the runs that most of them hold are the form. Copies that were edited at random differ from it in
places of their own; texts that fill it in differ in the same places, each by what it says there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from governance.measures.components import components
from governance.measures.minhash import Pairs, jaccard_of, runs_in_order, runs_of, sets_of, similar_sets
from governance.measures.words import plain

LEAST_TEXTS = 6
"""Fewer texts do not show what is the form and what was filled in."""
SLOT_SHARE = 0.3
"""A place is a slot when so much of the texts differs from the form there: one typo each, in the shortest texts that
still pair, comes to a tenth or so in one place."""
FILLINGS = 5
"""Fewer different fillings of a slot may as well be versions of one text that were copied."""
FILLED_ALIKE = 0.6
"""Pairs of a form that overlap as a whole are copies from this overlap of what was filled in on: it is short, and one
typo costs much of it."""
FILLED = 0.8
"""It is a form when so much of the texts has a slot filled in."""


class SimilarTexts(NamedTuple):
    """Texts that are similar, and what was left out."""

    pairs: Pairs
    forms: int
    """Sets of texts that fill in one form."""
    texts: int
    """Different texts that fill in a form."""
    left_out: int
    """Pairs of those that are similar as a whole, and not in what they fill in."""


def similar_texts(texts: Sequence[str], *, overlap: float = 0.7) -> Pairs:
    """The pairs of `compared_texts`."""
    return compared_texts(texts, overlap=overlap).pairs


def compared_texts(texts: Sequence[str], *, overlap: float = 0.7) -> SimilarTexts:
    """Pairs of texts whose runs of LETTERS characters overlap by at least `overlap` (Jaccard), and that overlap.

    Texts that are equal when plain, so but for case, punctuation and spacing, are compared once: of each such set, every
    text is paired with the first, at overlap 1. Empty texts resemble nothing. Texts that fill in one form are compared
    by what they filled in.
    """
    same: dict[str, int] = {}
    position = [same.setdefault(plain(text), number) for number, text in enumerate(texts)]
    origin = np.array(position, dtype=np.int64)
    kept = np.fromiter((number for text, number in same.items() if text), np.int64)
    different = [text for text in same if text]
    told = _beyond_forms(different, similar_sets(runs_of(different), overlap=overlap), overlap)
    first, second, shared = told.pairs
    blank = same.get("", -1)
    again = np.flatnonzero((origin != np.arange(origin.size)) & (origin != blank))
    pairs = np.column_stack([np.concatenate([kept[first], origin[again]]), np.concatenate([kept[second], again])])
    score = np.concatenate([shared, np.ones(again.size)])
    order = np.lexsort((pairs[:, 1], pairs[:, 0]))
    return told._replace(pairs=(pairs[order, 0], pairs[order, 1], score[order]))


def _beyond_forms(texts: Sequence[str], pairs: Pairs, overlap: float) -> SimilarTexts:
    """`pairs` of `texts`, those of texts that fill in one form replaced by pairs of like fillings."""
    first, second, shared = pairs
    form = np.full(len(texts), -1)
    parts = []
    for number, members in enumerate(_joined(first, second)):
        filled = _filled([texts[member] for member in members.tolist()])
        if filled is None:
            continue
        form[members[filled.texts]] = number
        told = sets_of(filled.text, filled.run, members.size)
        one, other, score = similar_sets(told, overlap=overlap)
        parts.append((members[one], members[other], score))
        here = np.flatnonzero((form[first] == number) & (form[second] == number))
        alike = jaccard_of(told, np.searchsorted(members, first[here]), np.searchsorted(members, second[here]))
        parts.append((first[here], second[here], alike))
    stays = (form[first] < 0) | (form[first] != form[second])
    parts.append((first[stays], second[stays], shared[stays]))
    one, other, score = (np.concatenate(column) for column in zip(*parts, strict=True))
    kept = score >= FILLED_ALIKE
    pairs_found, place = np.unique(np.column_stack([one[kept], other[kept]]), axis=0, return_index=True)
    named = pairs_found[:, 0], pairs_found[:, 1], score[kept][place]
    inside = ~stays
    stayed = np.isin(first[inside] * len(texts) + second[inside], named[0] * len(texts) + named[1]).sum()
    forms = int(np.unique(form[form >= 0]).size)
    return SimilarTexts(named, forms, int((form >= 0).sum()), int(inside.sum() - stayed))


def _joined(first: NDArray[np.int64], second: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Sets of LEAST_TEXTS texts and more that are joined by pairs, each ascending."""
    if first.size < LEAST_TEXTS - 1:
        return []
    texts, place = np.unique(np.concatenate([first, second]), return_inverse=True)
    component = components(place[: first.size], place[first.size :], texts.size)
    order = np.argsort(component, kind="stable")
    borders = np.cumsum(np.bincount(component))[:-1]
    return [texts[part] for part in np.split(order, borders) if part.size >= LEAST_TEXTS]


class Filled(NamedTuple):
    """What texts filled in to a form."""

    texts: NDArray[np.int64]
    """Those that filled in a slot."""
    text: NDArray[np.int64]
    """(runs,) the text that each run beyond the form stands in."""
    run: NDArray[np.uint64]


def _filled(texts: Sequence[str]) -> Filled | None:
    """What `texts`, joined by pairs, filled in to their form; None where they look like copies edited at random."""
    text, run = runs_in_order(texts)
    common = _common(text, run, len(texts))
    starts = np.flatnonzero(~common & np.concatenate([[True], common[:-1] | (text[1:] != text[:-1])]))
    if not starts.size:
        return None
    last = np.concatenate([common[1:] | (text[1:] != text[:-1]), [True]])
    ends = np.flatnonzero(~common & last)
    before, after = np.maximum(starts - 1, 0), np.minimum(ends + 1, run.size - 1)
    opened = common[before] & (text[before] == text[starts])
    inside = opened & common[after] & (text[after] == text[starts])
    # A place is named by the run of the form that goes before it; the beginning is a place of its own.
    place = np.where(opened, run[before], np.uint64(0))
    filling = np.add.reduceat(np.where(common, np.uint64(0), run), starts)
    slots = _slots(place[inside], text[starts[inside]], filling[inside], len(texts))
    holders = np.unique(text[starts[inside & np.isin(place, slots)]])
    if holders.size < FILLED * len(texts):
        return None
    usual = place[_often(place, text[starts], len(texts))]
    gap = np.searchsorted(starts, np.arange(run.size), side="right") - 1
    told = ~common & np.isin(place, usual)[np.maximum(gap, 0)] & np.isin(text, holders)
    return Filled(holders, text[told], run[told])


def _common(text: NDArray[np.int64], run: NDArray[np.uint64], texts: int) -> NDArray[np.bool_]:
    """(runs,) whether more than half of the texts hold it."""
    held = sets_of(text, run, texts).values
    values, count = np.unique(held, return_counts=True)
    return np.isin(run, values[count > texts / 2])


def _often(place: NDArray[np.uint64], text: NDArray[np.int64], texts: int) -> NDArray[np.bool_]:
    """(gaps,) whether SLOT_SHARE of the texts have a gap at this place."""
    values, number = np.unique(place, return_inverse=True)
    held = np.unique(number * texts + text) // texts
    return np.asarray(np.bincount(held, minlength=values.size)[number] >= SLOT_SHARE * texts)


def _slots(
    place: NDArray[np.uint64], text: NDArray[np.int64], filling: NDArray[np.uint64], texts: int
) -> NDArray[np.uint64]:
    """Places (gaps,) inside the form at which many texts differ from it, in FILLINGS ways or more."""
    if not place.size:
        return place
    often = _often(place, text, texts)
    different = np.unique(np.column_stack([place[often], filling[often]]), axis=0)[:, 0]
    values, count = np.unique(different, return_counts=True)
    return np.asarray(values[count >= FILLINGS])
