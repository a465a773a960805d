"""Numbers as hexadecimal text, exact to the last bit, a column at a time."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

_FRACTION = 13
"""Hexadecimal digits of a number of IEEE 754 with 64 bits after the first one: 52 bits."""
_SUBNORMAL, _SPECIAL = 0, 2047
"""Exponents, as they are stored, of zero and what is smaller than usual numbers, and of infinity and NaN."""
_BIAS = 1023


def hexadecimal(numbers: pl.Series) -> pl.Series:
    """What `float.hex` writes of each of `numbers` (Float64), missing where one is missing: 1.5 as `0x1.8000000000000p+0`."""
    import numpy as np
    import polars as pl

    values = numbers.fill_null(0.0).to_numpy()
    digits = values.astype(">f8").tobytes().hex()
    text = pl.Series(np.frombuffer(digits.encode("ascii"), dtype="S16")).cast(pl.String)
    head = (values.view(np.uint64) >> np.uint64(52)).astype(np.uint32)  # sign and exponent
    before, after = _around()
    usual = pl.concat_str([before.gather(head), text.str.slice(16 - _FRACTION), after.gather(head)])
    exponent = head % 2048
    rare = np.flatnonzero((exponent == _SUBNORMAL) | (exponent == _SPECIAL))
    result = pl.select(usual).to_series()
    if rare.size:
        result = result.scatter(rare, [value.hex() for value in values[rare].tolist()])
    return pl.select(pl.when(numbers.is_not_null()).then(result)).to_series().alias(numbers.name)


@cache
def _around() -> tuple[pl.Series, pl.Series]:
    """What stands before and after the fraction of a number, for each sign and exponent as they are stored."""
    import polars as pl

    before = [f"{'-' * (head > _SPECIAL)}0x1." for head in range(4096)]
    after = [f"p{head % 2048 - _BIAS:+d}" for head in range(4096)]
    return pl.Series(before, dtype=pl.String), pl.Series(after, dtype=pl.String)
