"""Numbers as hexadecimal text: what Python's `float.hex` writes, of every kind of number."""

from __future__ import annotations

import numpy as np
import polars as pl

from governance.ingestion.hexadecimal import hexadecimal

ODD = [0.0, -0.0, 5e-324, -5e-324, 2.0**-1022, -1e-310, 1e308, float("inf"), float("-inf"), float("nan"), 1.0, -1.5]


def test_every_kind_of_number_is_written_as_python_writes_it() -> None:
    any_bits = np.random.default_rng(5).integers(0, 2**64, 20_000, dtype=np.uint64).view(np.float64)
    values = [*any_bits.tolist(), *ODD]
    assert hexadecimal(pl.Series("x", values)).to_list() == [value.hex() for value in values]


def test_a_missing_number_stays_missing_and_the_name_is_kept() -> None:
    written = hexadecimal(pl.Series("x", [1.5, None, 0.0]))
    assert (written.name, written.to_list()) == ("x", ["0x1.8000000000000p+0", None, "0x0.0p+0"])
    assert hexadecimal(pl.Series("x", [], dtype=pl.Float64)).to_list() == []
    assert hexadecimal(pl.Series("x", [None], dtype=pl.Float64)).to_list() == [None]
