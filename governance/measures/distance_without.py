"""Distances between rows of a wide matrix with some columns left out, asked thousands of times."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

WIDE = 100
"""Columns from which on what is left out is taken from sums over all, where it is less than half of them."""
MAX_PRODUCTS = 2**23
"""Numbers of products of rows that are kept: 64 MB."""


@dataclass(frozen=True)
class DistanceWithout:
    """Squared distances of rows of `matrix` (rows, columns)."""

    matrix: NDArray[np.float64]

    def between(
        self, rows: NDArray[np.int64], others: NDArray[np.int64], without: NDArray[np.bool_]
    ) -> NDArray[np.float64]:
        """(rows, others), less what is the same for all others; `without` (columns,) is left out."""
        taken = self.matrix.shape[1] >= WIDE and 2 * np.count_nonzero(without) <= without.size
        columns = without if taken else ~without
        here, there = self.matrix[np.ix_(rows, columns)], self.matrix[np.ix_(others, columns)]
        part = np.asarray((there**2).sum(axis=1) - 2 * here @ there.T, dtype=np.float64)
        return self._squares[others] - 2 * self._products(rows, others) - part if taken else part

    @cached_property
    def _squares(self) -> NDArray[np.float64]:
        """(all rows,) sum of squares of all columns."""
        return np.asarray(np.einsum("ij,ij->i", self.matrix, self.matrix), dtype=np.float64)

    def _products(self, rows: NDArray[np.int64], others: NDArray[np.int64]) -> NDArray[np.float64]:
        """(rows, others) sums of products over all columns; where they are few they are kept, as the same rows come again."""
        if len(self.matrix) ** 2 > MAX_PRODUCTS:
            return np.asarray(self.matrix[rows] @ self.matrix[others].T, dtype=np.float64)
        new = [row for row in rows.tolist() if row not in self._with_all]
        if new:
            self._with_all.update(zip(new, self.matrix[new] @ self.matrix.T, strict=True))
        return np.stack([self._with_all[row][others] for row in rows.tolist()])

    @cached_property
    def _with_all(self) -> dict[int, NDArray[np.float64]]:
        return {}
