"""How many pairs of rows would be equal in all columns by chance, columns being dependent on each other?

Where answers hang together, as in questionnaires, far more rows coincide than columns taken as independent would have it.
But then pairs that differ in one column or two are common as well, and foretell those that differ in none: if it is
chance which columns a pair differs in, pairs that differ in columns i alone, j alone, in both and in neither number
D_i, D_j, D_ij and D with D * D_ij = D_i * D_j. Copies that were made have no such forerunners.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

LEAST_COLUMNS = 5
"""With fewer, pairs that differ in four columns differ in all, and say nothing of those that differ in none."""


def foretold_pairs(codes: NDArray[np.int64]) -> float:
    """Pairs of rows that chance makes equal; `codes` (rows, columns) of values, the same number for the same value.

    Exact where columns are independent, and else rather too few: in latent classes about all there are, in chains of
    dependent answers a fifth. Rows that give one answer throughout (straight lines in a questionnaire) are not foretold.
    Near copies are forerunners that nothing foretells in turn: no more pairs are believed than those that differ in two
    columns and three, and in three and four, lead up to. So that few pairs promise nothing, one more is taken to differ.
    """
    rows, columns = codes.shape
    if columns < LEAST_COLUMNS or rows < 2:
        return 0.0
    differing = np.zeros((rows, rows), dtype=np.uint16)
    for column in codes.T:
        differing += column[:, None] != column
    once = differing == 1
    alone = np.array([(once & (column[:, None] != column)).sum() for column in codes.T], dtype=np.float64) / 2
    two, three, four = ((differing == number).sum() / 2 for number in (2, 3, 4))
    both = (alone.sum() ** 2 - (alone**2).sum()) / 2
    return float(min(both / (two + 1), two**3 / (three + 1) ** 2, three**4 / (four + 1) ** 3))
