"""Turns typed columns into pandas, for the engines that demand it, without losing a digit or a missing value.

pandas has several ways to hold one and the same column. `representations` lists them, the usual one first.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from governance.errors import MissingExtra

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl


def representations(series: pl.Series) -> tuple[str, ...]:
    """Names of the pandas types that can hold `series` without loss, the usual one first."""
    dtype = series.dtype
    missing = series.null_count() > 0
    if dtype.is_integer():
        if not missing:
            return ("int64", "Int64")
        # Readers of text files turn integers with gaps into floats; many models were written for that.
        exact = all(abs(int(end)) <= 2**53 for end in (series.min(), series.max()) if isinstance(end, int))
        return ("Int64", "float64") if exact else ("Int64",)
    if dtype.is_float():
        return ("float64", "Float64")
    name = str(dtype.base_type())
    if name == "Boolean":
        return ("boolean", "object") if missing else ("bool", "boolean")
    if name == "String":
        return ("str", "object", "string", "category")
    if name == "Date":
        return ("object", "datetime64[us]", "datetime64[ns]")
    if name == "Datetime":
        return ("datetime64[us]", "datetime64[ns]")
    return ("object",)


def to_pandas(frame: pl.DataFrame, wanted: Mapping[str, str] | None = None) -> pd.DataFrame:
    """`frame` as pandas with a plain index from 0. `wanted` maps a column to one of its `representations`."""
    try:
        import pandas as pd
    except ImportError:
        raise MissingExtra("pandas") from None
    columns = {series.name: _column(series, (wanted or {}).get(series.name)) for series in frame.get_columns()}
    return pd.DataFrame(columns, index=pd.RangeIndex(frame.height), copy=False)


def _column(series: pl.Series, wanted: str | None) -> Any:
    import pandas as pd

    usual = representations(series)[0]
    target = wanted or usual
    if target == "object":
        values: Any = pd.Series(series.to_list(), dtype=object)
    elif usual == "Int64":
        missing = series.is_null().to_numpy()
        values = pd.Series(pd.arrays.IntegerArray(series.fill_null(0).cast(int).to_numpy().copy(), missing.copy()))
    elif usual == "boolean":
        missing = series.is_null().to_numpy()
        values = pd.Series(pd.arrays.BooleanArray(series.fill_null(False).to_numpy().copy(), missing.copy()))
    elif usual == "str":
        values = pd.Series(series.to_arrow(), dtype="str")
    elif str(series.dtype) == "Date":
        values = pd.Series(series.cast(_datetime()).to_numpy())
    else:
        values = pd.Series(series.to_numpy())
    return values if str(values.dtype) == target else values.astype(target)


def _datetime() -> Any:
    import polars as pl

    return pl.Datetime("us")
