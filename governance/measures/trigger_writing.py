"""Ways in which texts are written that could be triggers, with their texts; as trigger_phrases.py does for words."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from governance.measures.trigger_patterns import Patterns, once
from governance.measures.writing import Writing


def written_patterns(written: Writing, first: int, *, texts: int, least: int, most: int) -> Patterns:
    """Forms that `least` to `most` of so many `texts` hold; their features are numbered from `first` on."""
    order = np.argsort(written.row, kind="stable")
    features = first + np.arange(len(written.forms), dtype=np.int64)[:, None]
    return once(written.row[order], written.form[order], features, least, min(most, texts), "writing")


def held_by_each(
    row: NDArray[np.int64], token: NDArray[np.int64], written: Writing, first: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Words and forms of each text once, the words first: rows, ascending, and words or, from `first` on, forms."""
    rows = np.concatenate([row, written.row])
    order = np.argsort(rows, kind="stable")
    return rows[order], np.concatenate([token, first + written.form])[order]
