from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from governance.adapters.pandas import representations, to_pandas

FRAME = pl.DataFrame(
    {
        "whole": [1, 2, 3],
        "gaps": [2**60 + 1, None, -5],
        "number": [0.1, None, 2.0],
        "flag": [True, None, False],
        "text": ["é", None, ""],
        "day": [dt.date(2020, 2, 29), None, dt.date(1900, 1, 1)],
        "time": [dt.datetime(2020, 2, 29, 1, 2, 3, 4), None, dt.datetime(1900, 1, 1)],
        "bytes": [b"\x00", None, b""],
    }
)


@pytest.mark.parametrize("name", FRAME.columns)
def test_every_form_keeps_values_and_gaps(name: str) -> None:
    series = FRAME[name]
    for form in representations(series):
        column = to_pandas(FRAME, {name: form})[name]
        assert str(column.dtype) == form
        assert column.isna().tolist() == series.is_null().to_list()
        for value, expected in zip(column[column.notna()], series.drop_nulls(), strict=True):
            assert value == expected or str(value)[:10] == str(expected), (form, value, expected)


def test_large_integers_with_gaps_are_never_floats() -> None:
    assert "float64" not in representations(FRAME["gaps"])
    assert "float64" in representations(pl.Series([1, None]))


def test_an_empty_frame_keeps_its_types() -> None:
    assert [str(kind) for kind in to_pandas(FRAME.head(0)).dtypes][:3] == ["int64", "int64", "float64"]
