import math

import numpy as np
import polars as pl
import pytest

from governance.dataset import Column, ColumnType
from governance.measures.encoding import encode_table, principal_components, value_codes


def columns(**kinds):
    return [Column(name=name, type=ColumnType(kind)) for name, kind in kinds.items()]


def test_numbers_are_standardised_and_missing_ones_flagged():
    frame = pl.DataFrame({"x": [1.0, 2.0, 3.0, None, 10.0]})
    encoded = encode_table(frame, columns(x="number"))
    assert encoded.sources == ("x", "x")
    assert encoded.matrix[:, 0].mean() == pytest.approx(0)
    assert encoded.matrix[:, 0].std() == pytest.approx(1)
    assert encoded.matrix[:, 1].tolist() == [0, 0, 0, 1, 0]
    assert encoded.matrix[3, 0] == pytest.approx((2.5 - 3.7) / np.std([1, 2, 3, 2.5, 10]))


def test_infinite_numbers_are_missing_and_counted():
    encoded = encode_table(pl.DataFrame({"x": [1.0, math.inf, -math.inf, 4.0]}), columns(x="number"))
    assert encoded.infinite == 2
    assert np.isfinite(encoded.matrix).all()
    assert encoded.matrix[:, 1].tolist() == [0, 1, 1, 0]


def test_very_large_numbers_stay_finite():
    encoded = encode_table(pl.DataFrame({"x": [1e308, -1e308, 0.0, 5e307]}), columns(x="number"))
    assert np.isfinite(encoded.matrix).all()
    assert encoded.matrix[:, 0].std() == pytest.approx(1)


def test_levels_get_a_column_and_rare_ones_share_one():
    frame = pl.DataFrame({"c": ["a"] * 6 + ["b"] * 5 + ["rare", "odd"]})
    encoded = encode_table(frame, columns(c="category"))
    assert encoded.matrix.shape == (13, 3)
    assert encoded.matrix.sum(axis=1).tolist() == [1] * 13
    assert encoded.matrix[-2].tolist() == encoded.matrix[-1].tolist()


def test_two_levels_need_one_column_and_missing_is_a_level():
    assert encode_table(pl.DataFrame({"b": [True, False] * 5}), columns(b="boolean")).matrix.shape == (10, 1)
    frame = pl.DataFrame({"c": ["a"] * 5 + ["b"] * 5 + [None] * 5})
    assert encode_table(frame, columns(c="category")).matrix.shape == (15, 3)


@pytest.mark.parametrize("values", [[None] * 8, ["only"] * 8, [str(number) for number in range(8)]])
def test_columns_that_say_nothing_give_nothing(values):
    frame = pl.DataFrame({"c": pl.Series(values, dtype=pl.String)})
    assert encode_table(frame, columns(c="category")).matrix.shape == (8, 0)


@pytest.mark.parametrize("values", [[None] * 4, [3.0] * 4])
def test_constant_numbers_give_nothing(values):
    frame = pl.DataFrame({"x": pl.Series(values, dtype=pl.Float64)})
    assert encode_table(frame, columns(x="number")).matrix.shape == (4, 0)


def test_dates_are_numbers_in_order():
    frame = pl.DataFrame({"d": ["2020-01-01", "2021-01-01", "2022-01-01"]}).with_columns(pl.col("d").str.to_date())
    assert np.diff(encode_table(frame, columns(d="date")).matrix[:, 0]).min() > 0


def test_row_order_changes_only_the_order():
    frame = pl.DataFrame({"x": np.random.default_rng(0).normal(size=40), "c": list("abcd") * 10})
    order = np.random.default_rng(1).permutation(40)
    kinds = columns(x="number", c="category")
    assert encode_table(frame[order.tolist()], kinds).matrix == pytest.approx(encode_table(frame, kinds).matrix[order])


def test_principal_components_keep_distances_and_repeat():
    generator = np.random.default_rng(0)
    matrix = generator.normal(size=(60, 3)) @ generator.normal(size=(3, 20))
    reduced = principal_components(matrix, 3)
    assert reduced.shape == (60, 3)
    assert np.linalg.norm(reduced[0] - reduced[1]) == pytest.approx(np.linalg.norm(matrix[0] - matrix[1]))
    assert principal_components(-matrix, 3) == pytest.approx(-reduced)
    assert principal_components(matrix, 20) is matrix


@pytest.mark.parametrize(
    "values", [[3.0, None, float("nan"), 1.0, -0.0, 0.0], ["b", None, "a", "é", "B"], [True, None, False], [None, None]]
)
def test_codes_are_dense_ranks_and_a_missing_value_has_none(values):
    series = pl.Series("a", values)
    expected = series.rank("dense").cast(pl.Int64).fill_null(0) - 1
    assert value_codes(series).tolist() == expected.to_list()
