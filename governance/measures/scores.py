"""Score: one number about predictions, with its interval, the rows it rests on, and what it means."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from governance.measures.resampling import EXACT_UNITS, percentile_interval, resampled_totals, totals_by_unit

Array = NDArray[np.float64]
Codes = NDArray[np.int64]
Interval = tuple[float, float]
Better = Literal["lower", "higher", "neither"]

NO_SPREAD = "too few rows, or too few mistakes, for an interval"


@dataclass(frozen=True, kw_only=True)
class Score:
    """One number about predictions, and what it is worth."""

    name: str
    value: float | None
    """None when it cannot be told; `note` then says why."""
    interval: Interval | None
    """95 %; None when there is none, and `note` says why, or when the value is no estimate."""
    method: str
    """What the interval is."""
    n: int
    independent_units: int | None
    better: Better
    meaning: str
    unit: str
    """`share`, `target` for the unit of the target, or nothing."""
    note: str


@dataclass(frozen=True)
class Sample:
    """Rows that are scored together, and how their intervals are drawn."""

    rows: int
    units: Codes | None
    """(rows,) number of the group of each row from 0; None when rows are independent."""
    draws: int
    seed: int

    def score(
        self,
        name: str,
        value: float,
        meaning: str,
        *,
        better: Better = "neither",
        unit: str = "",
        interval: Interval | None = None,
        method: str = "",
        note: str = "",
    ) -> Score:
        """A Score of this sample. A value that is not finite becomes None."""
        known = math.isfinite(value)
        return Score(
            name=name,
            value=value if known else None,
            interval=interval if known else None,
            method=method if known and interval else "",
            n=self.rows,
            independent_units=None if self.units is None else self.independent,
            better=better,
            meaning=meaning,
            unit=unit,
            note=note,
        )

    def drawn(self, name: str, value: float, values: Array, meaning: str, *, better: Better, unit: str = "") -> Score:
        """A Score whose interval is the middle 95 % of bootstrapped `values`."""
        interval = percentile_interval(values, self.independent)
        note = "" if interval else NO_SPREAD if math.isfinite(value) else "not defined on these rows"
        method = self.bootstrap
        return self.score(name, value, meaning, better=better, unit=unit, interval=interval, method=method, note=note)

    def mean(self, name: str, values: Array, meaning: str, *, better: Better, unit: str = "") -> Score:
        """A Score that is the mean of `values` (rows,)."""
        contributions = np.stack([np.ones_like(values), values], axis=1)
        totals = resampled_totals(totals_by_unit(contributions, self.units), self.draws, self.seed)
        means = totals[:, 1] / totals[:, 0]
        return self.drawn(name, float(values.mean()), means, meaning, better=better, unit=unit)

    @property
    def independent(self) -> int:
        """How many rows, or groups of rows where they are not independent."""
        return self.rows if self.units is None else int(self.units.max()) + 1

    @property
    def wilson(self) -> str:
        """Name of the interval of a share."""
        return "95 % Wilson" if self.units is None else "95 % Wilson, rows in groups (design effect)"

    @property
    def bootstrap(self) -> str:
        """Name of the bootstrap interval."""
        kind = "bootstrap" if self.independent <= EXACT_UNITS else "bootstrap (normal totals)"
        whole = "" if self.units is None else " of whole groups"
        return f"95 % {kind}{whole}, {self.draws} draws, seed {self.seed}"
