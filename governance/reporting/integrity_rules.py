"""The rules that point to a damaged cell, in words, and what each of them gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from governance.dataset import ColumnType, Role

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from governance.manifest import SnapshotColumn

STRINGS = frozenset({ColumnType.STRING, ColumnType.CATEGORY})
DATES = frozenset({ColumnType.DATE, ColumnType.DATETIME})
NAMES_ROWS = frozenset({Role.IDENTIFIER, Role.GROUP})
"""Roles whose values are names of rows, and no words or measures."""
NEAR_CONSTANT = 0.995
"""Share of one value from which a column is near-constant."""
MEASURED = r"^\s*(?:[$€£¥]\s*)?[+-]?\d+(?:[.,]\d+)*\s*(?:[$€£¥%]|°?[^\W\d_]{1,6}\.?)?\s*$"
"""A number with its unit or currency, as in `3.20 EUR`."""
MOSTLY_MEASURED = 0.5
REPEATING = 0.25
"""Distinct values of a column of texts, as a share of its rows, up to which they are categories in many words."""


class Check(NamedTuple):
    """What one rule means to a reader."""

    words: str
    """`{n} cells {words}`."""
    remedy: str
    surety: float
    """Score of its cells, 0.5 to 1: how likely a flagged cell is wrong, as measured on planted damage."""


CHECKS = {
    "null_coding": Check("code a missing value", "Declare the codes under `read: {na_values: [...]}`.", 0.95),
    "stray_whitespace": Check(
        "hold stray whitespace", "Strip them where the data is made, or set `read: {strip: true}`.", 0.95
    ),
    "encoding_damage": Check(
        "were read in the wrong encoding, or hold escapes of web pages",
        "Read the source in its own encoding again, and undo escapes.",
        0.98,
    ),
    "case_variant": Check(
        "are in other capitals or signs than the rest, or than a more frequent value", "Settle on one spelling.", 0.9
    ),
    "alien_sign": Check(
        "hold a sign that no word of the column has of itself", "Take it away, or declare what it means.", 0.9
    ),
    "misspelling": Check("are a slip away from a far more frequent value", "Correct them, or confirm them.", 0.85),
    "odd_shape": Check("have a shape that hardly any other cell has", "Look at the cells, and correct them.", 0.7),
    "mixed_types": Check(
        "are of another type than the rest of the column", "Correct them, and declare the type.", 0.85
    ),
    "unit_mixup": Check("are by a fixed factor beyond all others", "Convert them to the column's unit.", 0.95),
    "off_scale": Check(
        "lie outside the few whole numbers that nearly all others are", "Look at the cells, and correct them.", 0.85
    ),
    "other_unit": Check(
        "lie apart from all others, and would lie among them in another unit", "Convert them, or confirm them.", 0.8
    ),
    "truth_spelling": Check(
        "say yes or no in other words than the most frequent pair",
        "Settle on one pair of words, or declare a boolean.",
        0.9,
    ),
    "wrong_sign": Check("are on the other side of zero than all others", "Correct the sign, or confirm them.", 0.85),
    "second_spelling": Check(
        "write a letter in another way than a more frequent value", "Settle on one spelling.", 0.9
    ),
    "second_notation": Check(
        "say in another notation what the rest of the column says", "Settle on one notation.", 0.9
    ),
    "censored_value": Check(
        "tell a limit that a number lies below or above, and no number",
        "Keep the limit and its sign in two columns, and treat these values as censored.",
        0.6,
    ),
    "rare_form": Check(
        "have a rare form that looks meant, as it repeats or adds a part to the usual one",
        "Look at whether the form is meant; declare it if so.",
        0.5,
    ),
    "spelt_unit": Check(
        "carry the column's unit, which is written in several ways",
        "Write the unit into the column's name, and the number alone into the cells.",
        0.9,
    ),
    "written_unit": Check(
        "have their unit written out behind a number like the others, which makes a column of numbers one of text",
        "Write the unit into the column's name, and the number alone into the cells.",
        0.9,
    ),
    "unit_left_out": Check(
        "are plain numbers where the others have their unit written out behind, which makes the column one of text",
        "Write the unit into the column's name, and the number alone into all cells, once it is certain that these are in it.",
        0.6,
    ),
    "joined_cells": Check("hold what belongs into another cell, which is empty", "Split them in two.", 0.9),
    "impossible_date": Check("are dates that cannot be", "Correct them where the data is made.", 0.95),
    "date_order": Check("break the order of two dates that all other rows keep", "Correct one of the two.", 0.8),
    "broken_dependency": Check("break a rule that nearly all rows keep", "Correct them, or confirm them.", 0.85),
    "implied_value": Check("are missing and follow from the rest", "Fill them in from the other rows.", 0.7),
    "known_elsewhere": Check(
        "are missing here and known in other rows", "Fill them in, or leave them out on purpose.", 0.9
    ),
    "outvoted_value": Check(
        "are not what most sources tell, each weighed by how often it is right",
        "Take the value that is suggested, or ask the sources.",
        0.8,
    ),
    "swapped_cells": Check("hold each other's values", "Swap them back.", 0.9),
    "shifted_cells": Check(
        "hold words of other columns of the same row", "Move them back, or read the rows from their source again.", 0.9
    ),
}


@dataclass(frozen=True)
class Damage:
    """Cells of one column that one rule points to."""

    rule: str
    column: str
    rows: NDArray[np.int64]
    suggestion: list[str]
    """What each cell should hold; empty when that cannot be told."""
    because: str = ""
    """In words, when the rule needs a second column or a factor."""
    loose: bool = False
    """Each of its cells is less sure, or less bad: a note, and no warning."""
    together: str = ""
    """Damage of several columns that has this word in common is one finding, which counts rows."""


def wordy(column: SnapshotColumn, rows: int) -> bool:
    """Whether a column holds words, or texts that repeat as words do."""
    return column.type in STRINGS or (column.type is ColumnType.TEXT and column.distinct <= REPEATING * rows)


def measured(series: pl.Series) -> bool:
    """Whether most texts of a column are numbers, and some of them have a unit: codes such as zip codes have none."""
    import polars as pl

    if series.dtype != pl.String:
        return False
    known = series.drop_nulls()
    numbers = known.str.contains(MEASURED)
    return bool(
        numbers.sum() > MOSTLY_MEASURED * known.len()
        and (numbers & known.str.contains(r"\d\s*[^\W\d_.,]|[$€£¥%]")).sum() > MOSTLY_MEASURED * known.len()
    )
