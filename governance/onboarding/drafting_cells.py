"""A column of text as drafting looks at it: each thing that is asked of its cells is found out once, of all of them."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property
from typing import TYPE_CHECKING

from governance.dataset import ColumnType
from governance.ingestion.column_types import read_narrowest
from governance.read_options import ReadOptions

if TYPE_CHECKING:
    import polars as pl

MARKERS = (
    "?", "NA", "N/A", "n/a", "#N/A", "NaN", "nan", "NULL", "null", "None", "none", "-", "--", "---", ".", "..", "...",
    "#NULL!", "#VALUE!", "#REF!", "#DIV/0!",
)  # fmt: skip
"""Cells that stand for a missing value in files of many tools, as they are written."""
WORDS = (
    "unknown", "not known", "missing", "nil", "undefined", "unspecified", "not specified", "not available", "n.a.", "na",
    "not recorded", "no data", "unbekannt", "nicht bekannt", "keine angabe", "k.a.", "k. a.", "n.v.", "fehlt", "fehlend",
    "leer", "inconnu", "inconnue", "non renseigné", "desconocido", "desconocida", "sconosciuto", "onbekend", "okänd",
    "ukjent", "ukendt", "desconhecido", "nieznany",
)  # fmt: skip
"""Words that people write into an empty cell, in small letters."""
ROWS = "\0rows"
"""Beside a column of any name: in how many rows a cell stands. No column of a text file has a NUL in its name."""
_NUMBER_BEGINS = r"^\s*[+-]?[.,]?\d"
"""No marker begins so, and nearly every cell of a column of numbers or dates does."""
_FIRST = 1000
"""Cells that can tell that not all are alike, before all are looked at."""


class Cells:
    """One column of text. What was asked of it is remembered, so that reading, markers, dates and decimals share it."""

    def __init__(self, series: pl.Series) -> None:
        self.series = series
        """Text, missing cells as null."""
        self._told: dict[tuple[str, str], bool] = {}
        self._read: dict[tuple[str, str | None, str | None], tuple[ColumnType, pl.Series]] = {}

    @property
    def name(self) -> str:
        """Name of the column."""
        return self.series.name

    @cached_property
    def present(self) -> pl.Series:
        """The cells that are not missing, as they are written."""
        return self.series.drop_nulls()

    @cached_property
    def _stripped(self) -> pl.Series:
        return self.present.str.strip_chars()

    def all_are(self, pattern: str) -> bool:
        """Whether there are cells, and all of them but for spaces around match `pattern`."""
        return self._tell("all", pattern)

    def one_is(self, pattern: str) -> bool:
        """Whether a cell matches `pattern`, but for spaces around it."""
        return self._tell("one", pattern)

    def _tell(self, how: str, pattern: str) -> bool:
        if (how, pattern) not in self._told:
            cells = self.present
            if how == "one":
                found = bool(self._stripped.str.contains(pattern).any())
            else:
                first = cells.head(_FIRST).str.strip_chars().str.contains(pattern)
                found = first.len() > 0 and bool(first.all()) and bool(self._stripped.str.contains(pattern).all())
            self._told[how, pattern] = found
        return self._told[how, pattern]

    def read(self, options: ReadOptions) -> tuple[ColumnType, pl.Series]:
        """The narrowest type that every cell fits where numbers and dates are written as `options` say, and the cells
        as this type.
        """
        written = (options.decimal, options.thousands, options.date_format)
        if written not in self._read:
            self._read[written] = read_narrowest(self.series, options)
        return self._read[written]

    @cached_property
    def markers(self) -> dict[str, int]:
        """Cells that may stand for a missing value, and how often each does, in order of their text."""
        import polars as pl

        others = self.present.filter(~self.present.str.contains(_NUMBER_BEGINS))
        counts = others.value_counts(name=ROWS).filter(is_marker(pl.first()))
        return dict(counts.sort(pl.first()).iter_rows())

    @cached_property
    def bare(self) -> Cells:
        """The column with every cell that may be a marker as missing; the same object where there is none."""
        return self._without(self.markers) if self.markers else self

    def without(self, values: Collection[str]) -> Cells:
        """The column with `values` as missing: the same object where none stands in it, `bare` where that holds as much."""
        result = self._without(values)
        alike = result is not self and self.markers.keys() <= set(values)
        return self.bare if alike and result.series.null_count() == self.bare.series.null_count() else result

    def _without(self, values: Collection[str]) -> Cells:
        import polars as pl

        hit = self.series.is_in(list(values))
        if not hit.any():
            return self
        return Cells(pl.select(pl.when(hit).then(None).otherwise(self.series).alias(self.name)).to_series())


def is_marker(cells: pl.Expr) -> pl.Expr:
    """Which of `cells`, a text, may stand for a missing value."""
    return cells.is_in(list(MARKERS)) | cells.str.strip_chars().str.to_lowercase().is_in(list(WORDS))
