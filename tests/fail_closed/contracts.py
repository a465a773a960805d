"""Other contracts, data and predictions for the measured workspace."""

from __future__ import annotations

import polars as pl
from fail_closed.measured import Measured
from fail_closed.sources import KINDS, LENGTHS, suite, table

MODEL = """\
import pandera.polars as pa
import polars as pl


class Trees(pa.DataFrameModel):
    length: float = pa.Field(ge=0, le=100)
    width: float = pa.Field(ge=0, le=100{nullable})
    kind: str = pa.Field(isin=["oak", "elm"])
{more}"""


def only_great_expectations(m: Measured, *expectations: tuple[str, dict[str, object]]) -> None:
    m.path("expectations/trees/schema.py").unlink()
    m.write("expectations/trees/suite.json", suite(*expectations))


def only_pandera(m: Measured, nullable: str = "", more: str = "") -> None:
    m.path("expectations/trees/suite.json").unlink()
    m.write("expectations/trees/schema.py", MODEL.format(nullable=nullable, more=more))


def with_width(width: list[str]) -> str:
    return table({"length": LENGTHS, "width": width, "kind": KINDS})


NO_WIDTH = with_width([""] * 120)
BETWEEN = ("expect_column_values_to_be_between", {"column": "width", "min_value": 0, "max_value": 100})
NOT_NULL = ("expect_column_values_to_not_be_null", {"column": "width"})
UNIQUE = ("expect_column_values_to_be_unique", {"column": "length"})


def probabilities(m: Measured, frame: pl.DataFrame, origin: str = "held_out") -> None:
    """The user's own probabilities, by the row's length."""
    m.path("signals").mkdir(exist_ok=True)
    frame.write_csv(m.path("signals/own.csv"))
    signals = f"      signals: {{probabilities: signals/own.csv, key: length, origin: {origin}}}\n"
    m.edit("params.yaml", "      target: kind\n", "      target: kind\n" + signals)
