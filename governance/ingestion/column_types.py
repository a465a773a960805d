"""Gives every column its logical type, once: from columns.yaml, from the file, or inferred for a draft."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from governance.dataset import ColumnType
from governance.errors import DataError
from governance.ingestion.date_notations import example, looks_like
from governance.ingestion.kinds_of_text import kind_of_text
from governance.read_options import ReadOptions
from governance.reading.typed_cells import in_seconds

if TYPE_CHECKING:
    import polars as pl

_TRUE, _FALSE = ("true", "True", "TRUE"), ("false", "False", "FALSE")
_FIRST = 1000
"""Cells by which a type is ruled out before all of them are read."""
_AS_USUAL = ReadOptions()


def polars_type(kind: ColumnType) -> pl.DataType:
    """How the snapshot stores a logical type."""
    import polars as pl

    return {
        ColumnType.INTEGER: pl.Int64(),
        ColumnType.NUMBER: pl.Float64(),
        ColumnType.BOOLEAN: pl.Boolean(),
        ColumnType.CATEGORY: pl.String(),
        ColumnType.STRING: pl.String(),
        ColumnType.TEXT: pl.String(),
        ColumnType.DATE: pl.Date(),
        ColumnType.DATETIME: pl.Datetime("us"),
        ColumnType.IMAGE: pl.Binary(),
    }[kind]


def typed(series: pl.Series, kind: ColumnType, shown: str, read: ReadOptions = _AS_USUAL) -> pl.Series:
    """`series` as `kind`. Raises DataError with how many cells are not, and where the first is, not what it says."""
    import polars as pl

    wanted = polars_type(kind)
    if kind.numeric:
        series = in_seconds(series)
    if series.dtype == pl.String and wanted != pl.String:
        result = _from_string(series, kind, read)
    elif series.dtype == wanted:
        result = series
    elif series.dtype == pl.Null:
        return pl.Series(series.name, [None] * series.len(), dtype=wanted)
    else:
        try:
            result = series.cast(wanted, strict=False)
        except pl.exceptions.PolarsError:
            raise DataError(
                f"{shown}: column {series.name!r} is {series.dtype} in the file and declared {kind}"
            ) from None
        if kind is ColumnType.INTEGER and series.dtype.is_float():
            result = result.set((series.is_not_null() & (series != result.cast(series.dtype))), None)
    if kind is ColumnType.NUMBER:
        result = result.fill_nan(None)
    bad = (result.is_null() & series.is_not_null()).arg_true()
    if kind is ColumnType.NUMBER and series.dtype.is_float():
        bad = (result.is_null() & series.is_not_null() & ~series.is_nan()).arg_true()
    if bad.len():
        raise DataError(
            f"{shown}: column {series.name!r}: {bad.len()} of {series.len()} cells are not {_article(kind)} "
            f"(the first is row {int(bad[0]) + 1} of the data); {_other_notation(series.gather(bad), kind)}"
            "mend the data, declare its missing marker under "
            "`read: {na_values: [...]}`, or declare another type in columns.yaml"
        )
    return result


def _other_notation(cells: pl.Series, kind: ColumnType) -> str:
    """How dates among `cells`, which are not read, are written instead, and the setting that reads them; else empty."""
    import polars as pl

    if kind not in {ColumnType.DATE, ColumnType.DATETIME} or cells.dtype != pl.String:
        return ""
    count, forms = looks_like(cells)
    if not forms:
        return ""
    written = " or ".join(map(example, forms))
    settings = " or ".join(f'`read: {{date_format: "{form}"}}`' for form in forms)
    means = ", whichever is meant," if len(forms) > 1 else ""
    all_of_them = count == cells.len()
    which = ("it looks" if count == 1 else "all look") if all_of_them else f"{count} of them look{'s' * (count == 1)}"
    cure = f"{which} like {written}: declare {settings}{means} in params.yaml, which reads dates like 2026-01-31 too"
    return f"{cure}; else " if all_of_them else f"{cure}; for the others, "


def _article(kind: ColumnType) -> str:
    return f"an {kind}" if kind.value[0] in "aeiou" else f"a {kind}"


def _from_string(series: pl.Series, kind: ColumnType, read: ReadOptions) -> pl.Series:
    import polars as pl

    clean = series.str.strip_chars()
    if kind.numeric and read.thousands:
        clean = _ungrouped(clean, read)
    if kind is ColumnType.INTEGER:
        # '007' and '+7' are declared integers here; '7.0' and '7e2' are not.
        plain = clean.str.contains(r"^[+-]?\d+$")
        return (
            pl.select(pl.when(plain).then(clean.str.strip_prefix("+")))
            .to_series()
            .cast(pl.Int64, strict=False)
            .alias(series.name)
        )
    if kind is ColumnType.NUMBER:
        mark = "," if read.decimal == "," else r"\."
        plain = clean.str.contains(rf"^[+-]?(\d+{mark}?\d*|{mark}\d+)([eE][+-]?\d+)?$")  # of 1.234 a point groups
        clean = clean.str.replace(",", ".", literal=True) if read.decimal == "," else clean
        return pl.select(pl.when(plain).then(clean)).to_series().cast(pl.Float64, strict=False).alias(series.name)
    if kind is ColumnType.BOOLEAN:
        true, false = clean.is_in([*_TRUE, "1"]), clean.is_in([*_FALSE, "0"])
        return pl.select(pl.when(true).then(True).when(false).then(False)).to_series().alias(series.name)
    if kind is ColumnType.DATE:
        return _first_reading(clean.str.to_date(pattern, strict=False) for pattern in _date_patterns(read))
    if kind is ColumnType.DATETIME:
        # ISO 8601, with `T` or a space; an offset is applied, so that all times are UTC.
        result = clean.str.replace(r"^(\S+)\s+", "${1}T")
        times = ("T%H:%M:%S%.f", "T%H:%M", "")
        for time in times:
            parsed = _first_reading(
                result.str.to_datetime(date + time, strict=False, time_unit="us") for date in _date_patterns(read)
            )
            if parsed.null_count() == series.null_count():
                return parsed
        zoned = result.str.to_datetime("%Y-%m-%dT%H:%M:%S%.f%#z", strict=False, time_unit="us", time_zone="UTC")
        return zoned.dt.replace_time_zone(None)
    raise DataError(f"column {series.name!r} holds text and is declared {kind}")


def _ungrouped(clean: pl.Series, read: ReadOptions) -> pl.Series:
    """`clean` without the marks between thousands, where they part three digits each; other cells stay as they are."""
    import polars as pl

    assert read.thousands
    # A space in files of many programs is one that breaks no line, or a narrow one.
    mark = "[ \u00a0\u202f]" if read.thousands == " " else re.escape(read.thousands)
    parted = clean.str.contains(rf"^[+-]?[1-9]\d{{0,2}}({mark}\d{{3}})+({re.escape(read.decimal)}\d*)?$")
    return pl.select(pl.when(parted).then(clean.str.replace_all(mark, "")).otherwise(clean)).to_series()


def _date_patterns(read: ReadOptions) -> tuple[str, ...]:
    return ("%Y-%m-%d", read.date_format) if read.date_format else ("%Y-%m-%d",)


def _first_reading(parsed: Iterable[pl.Series]) -> pl.Series:
    """Of each cell the first of its readings: dates of ISO 8601 and those of `date_format` may stand in one column, as
    no cell can be read as both.
    """
    import polars as pl

    return pl.select(pl.coalesce(list(parsed))).to_series()


def infer(series: pl.Series, read: ReadOptions = _AS_USUAL) -> ColumnType:
    """The narrowest type that every cell fits. Codes with leading zeros, and whole numbers too long to be kept exactly,
    stay strings.
    """
    return read_narrowest(series, read)[0]


def read_narrowest(series: pl.Series, read: ReadOptions = _AS_USUAL) -> tuple[ColumnType, pl.Series]:
    """The type that `infer` finds, and what `typed` makes of a text as this type; of what is no text, `series` itself.

    A type that the first cells do not fit is not tried on the others: most types go that way, at no cost.
    """
    import polars as pl

    by_dtype = _inferred_from_dtype(series)
    if by_dtype is not None:
        return by_dtype, series
    text = series.cast(pl.String)
    values = text.drop_nulls()
    if values.len() == 0:
        return ColumnType.STRING, text
    first = values.head(_FIRST)
    for kind in (ColumnType.BOOLEAN, ColumnType.INTEGER, ColumnType.NUMBER, ColumnType.DATE, ColumnType.DATETIME):
        if not _all_fit(first, kind, read) or (kind.numeric and _is_code(values, read)):
            continue
        if kind is ColumnType.BOOLEAN and not values.is_in([*_TRUE, *_FALSE]).all():
            continue
        result = _from_string(text, kind, read)
        if result.null_count() == text.null_count():
            return kind, result.alias(series.name)
    return kind_of_text(values), text


def _all_fit(values: pl.Series, kind: ColumnType, read: ReadOptions) -> bool:
    return _from_string(values, kind, read).null_count() == 0


def _is_code(values: pl.Series, read: ReadOptions) -> bool:
    """Whether `values` are no numbers although they may read like them: leading zeros, or too long to be kept."""
    if values.str.contains(r"^[+-]?0\d").any():
        return True
    whole = values.filter(values.str.contains(r"^\s*[+-]?\d{17,}\s*$"))
    return whole.len() > 0 and not (
        _all_fit(whole, ColumnType.INTEGER, read) and _all_fit(values, ColumnType.INTEGER, read)
    )


def read_as(series: pl.Series, kind: ColumnType, read: ReadOptions = _AS_USUAL) -> pl.Series:
    """`series`, a text, as `kind`, which is no kind of text; missing where a cell is no `kind`."""
    return _from_string(series, kind, read)


def _inferred_from_dtype(series: pl.Series) -> ColumnType | None:
    import polars as pl

    dtype = series.dtype
    if dtype.is_integer():
        return ColumnType.INTEGER
    if dtype.is_numeric():
        return ColumnType.NUMBER
    if dtype == pl.Boolean:
        return ColumnType.BOOLEAN
    if dtype == pl.Date:
        return ColumnType.DATE
    if isinstance(dtype, pl.Duration):
        return ColumnType.NUMBER
    if isinstance(dtype, pl.Datetime):
        return ColumnType.DATETIME
    if dtype == pl.Binary:
        return ColumnType.IMAGE
    if dtype in {pl.Categorical, pl.Enum}:
        return ColumnType.CATEGORY
    if dtype in {pl.String, pl.Null}:
        return None
    raise DataError(
        f"column {series.name!r} is {dtype} in the file, which this release does not read; "
        "write it as text (a list or struct as JSON), or leave the column out"
    )
