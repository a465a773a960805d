from __future__ import annotations

import pytest

from governance.documents.table_rounding import rounded_rows
from governance.documents.wording import metric_interval, metric_value
from governance.evidence import Metric, Scalar, Table


def shown(columns: str, *cells: Scalar, rows: int | None = None) -> str:
    table = Table(name="t", caption="c", columns=tuple(columns.split()), rows=(cells,))
    (row,) = rounded_rows(table, rows)
    return " ".join(map(str, row))


@pytest.mark.parametrize(
    ("columns", "cells", "expected"),
    [
        ("class rows flagged_share low high", ("m", 212, 0.009434, 0.002591, 0.03374), "m 212 0.009 0.003 0.034"),
        ("class rows recall low high", ("m", 55, 0.945455, 0.851512, 0.981293), "m 55 0.95 0.85 0.98"),
        ("bin rows predicted observed low high", (1, 15, 2.7e-05, 0.0, 0.0, 0.203883), "1 15 0.00 0.00 0.00 0.20"),
        ("group rows error low high difference", ("g", 10, 54.53, 29.94, 79.12, -3.4), "g 10 55 30 79 -3"),
        (
            "group rows share share_low share_high rate rate_low rate_high",
            ("g", 105, 0.2376, 0.2002, 0.2794, 135.94, 122.7, 149.2),
            "g 105 0.24 0.20 0.28 136 123 149",
        ),
        ("check rows of share", ("c", 3, 424, 0.007075), "c 3 424 0.007"),
        ("check rows of share", ("c", 1, 9000, 0.000111), "c 1 9000 0.0001"),
        ("who annotations estimated_accuracy", ("v", 32, 0.77266), "v 32 0.77"),
        (
            "column values mean sd min max",
            ("r", 569, 14.127292, 3.524049, 6.981, 28.11),
            "r 569 14.13 3.52 6.981 28.11",
        ),
        ("level rows difference standard_error p", ("l", 81, -0.1021, 0.1124, 0.998), "l 81 -0.10 0.11 0.998"),
        ("tenth rows median_error", (1, 45, 16.234409), "1 45 16"),
        ("column year", ("c", 2019.4), "c 2,019"),
        ("column effect p", ("c", 0.103286, None), "c 0.103 None"),
        ("group rows value low high", ("g", 3, 0.25, None, None), "g 3 0.25 None None"),
        ("group rows value low high", ("g", 3, 0.25, 0.25, 0.25), "g 3 0.25 0.25 0.25"),
        ("column share", ("c", 0.5), "c 0.5"),
    ],
)
def test_a_row_is_rounded_by_what_it_rests_on(columns: str, cells: tuple[Scalar, ...], expected: str) -> None:
    assert shown(columns, *cells) == expected


def test_without_a_count_of_its_own_a_row_rests_on_the_rows_of_the_data() -> None:
    assert shown("column effect", "c", 0.103286, rows=60) == "c 0.1"
    assert shown("column effect", "c", 0.103286, rows=569) == "c 0.103"
    assert shown("column effect", "c", 0.103286, rows=60_000) == "c 0.1033"
    assert shown("column share", "c", 0.01933, rows=569) == "c 0.019"


def test_a_table_says_a_value_as_the_metric_does() -> None:
    metric = Metric(name="error", value=53.347136, unit="", n=38, low=40.085654, high=66.608619, interval="bootstrap")
    said = f"{metric_value(metric)} {metric_interval(metric)}".replace(" to ", " ")
    assert shown("group rows error low high", "g", 38, 53.347136, 40.085654, 66.608619) == f"g 38 {said}"
