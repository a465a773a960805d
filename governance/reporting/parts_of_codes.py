"""Parts of codes: of `K-0412`, the `K`, the number, its last digit and how long it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

WITH_DIGITS = 0.95
"""Values are codes when so large a share of them has a digit."""
PARTS = 4
"""Runs of digits, and of anything else, that are looked at from the start of a value."""


def pieces_of(value: object) -> list[str]:
    """Runs of digits, and of anything else."""
    return re.findall(r"[0-9]+|[^0-9]+", str(value))


def parts_of(series: pl.Series) -> list[NDArray[np.int64]]:
    """Parts of codes as level numbers: their first runs of digits or of anything else, their last run, their last
    character and their length. Only what repeats, as `K` in K-0412, and nothing of names without digits."""
    import numpy as np

    values = [str(value) for value in series.fill_null("").to_list()] if not series.dtype.is_temporal() else []
    if not values or sum(any(letter.isdigit() for letter in value) for value in values) < WITH_DIGITS * len(values):
        return []
    split = [pieces_of(value) or [""] for value in values]
    parts = [[pieces[at] if at < len(pieces) else "" for pieces in split] for at in range(PARTS)]
    parts += [[pieces[-1] for pieces in split], [value[-1:] for value in values], [str(len(value)) for value in values]]
    return [codes for part in parts for codes in _levels(np.array(part))]


def last_digits(series: pl.Series) -> list[NDArray[np.int64]]:
    """The last digit of each whole number as a level number: [(rows,)], or nothing where it is the same in nearly all."""
    import numpy as np

    return _levels(np.array([str(value)[-1:] for value in series.to_list()]))


def _levels(part: NDArray[np.str_]) -> list[NDArray[np.int64]]:
    """Level numbers of what repeats; nothing where it does not."""
    import numpy as np

    from governance.measures.feature_codes import level_codes

    names, codes = np.unique(part, return_inverse=True)
    return [codes.astype(np.int64)] if names.size > 1 and level_codes(codes, part.size) is not None else []
