"""Writes the data of the case folders: `python tests/make_cases.py`. Seeded, so that it writes the same again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from governance.yaml_files import write_yaml

CASES = Path(__file__).parent / "cases"
TYPES = {"length": "number", "width": "number", "colour": "category", "grade": "integer", "kind": "category"}
ROWS = 160

SCHEMA = '''"""What a row must hold."""

import pandera.polars as pa


class Toy(pa.DataFrameModel):
    length: float = pa.Field(ge=-20, le=40, nullable=True)
    width: float = pa.Field(ge=-20, le=20)
    colour: str = pa.Field(isin=["red", "green", "blue"])
    grade: int = pa.Field(ge=1, le=5)
    kind: str = pa.Field(isin=["oak", "elm"])

    class Config:
        strict = True
'''


def expectation(kind: str, severity: str = "critical", **kwargs: Any) -> dict[str, Any]:
    return {"type": kind, "kwargs": kwargs, "severity": severity, "meta": {}}


SUITE = {
    "name": "toy",
    "expectations": [
        expectation("expect_table_row_count_to_be_between", min_value=100, max_value=1000),
        expectation("expect_column_values_to_be_in_set", column="kind", value_set=["oak", "elm"]),
        expectation("expect_column_mean_to_be_between", column="length", min_value=5, max_value=15),
        expectation("expect_column_values_to_not_be_null", column="width"),
        expectation("expect_column_values_to_be_between", column="grade", min_value=1, max_value=5, severity="warning"),
    ],
    "meta": {},
}


def clean() -> pl.DataFrame:
    """Two classes that `length` and `width` tell apart with some overlap."""
    random = np.random.default_rng(7)
    kind = np.array(["elm", "oak"])[np.arange(ROWS) % 2]
    oak = kind == "oak"
    return pl.DataFrame(
        {
            "length": np.round(random.normal(10 + 3 * oak, 1.5), 3),
            "width": np.round(random.normal(4 - 2 * oak, 1.0), 3),
            "colour": random.choice(["red", "green", "blue"], ROWS),
            "grade": random.integers(1, 6, ROWS),
            "kind": kind,
        }
    )


def write(audit: str, case: str, frame: pl.DataFrame, *, contract: bool = False, **entries: Any) -> None:
    folder = CASES / audit / case
    folder.mkdir(parents=True, exist_ok=True)
    frame.write_csv(folder / "data.csv")
    content = {"task": "classification", "target": "kind", "types": TYPES, "split": {"method": "ratio", "test": 0.25}}
    write_yaml(folder / "case.yaml", content | entries)
    if contract:
        (folder / "schema.py").write_text(SCHEMA, encoding="utf-8")
        (folder / "suite.json").write_text(json.dumps(SUITE, indent=1) + "\n", encoding="utf-8")


def replaced(frame: pl.DataFrame, column: str, rows: list[int], value: Any) -> pl.DataFrame:
    values = frame[column].to_list()
    for row in rows:
        values[row] = value
    return frame.with_columns(pl.Series(column, values, dtype=frame[column].dtype))


def main() -> None:
    frame = clean()
    assessed = {"outcome": "assessed", "rules": []}
    for audit in ("summary", "duplicates", "outliers", "label_issues"):
        write(audit, "clean", frame, expect=assessed)
    for audit in ("schema", "expectations"):
        write(audit, "clean", frame, contract=True, expect=assessed)

    bad = replaced(replaced(replaced(frame, "grade", [3, 5], 9), "colour", [11], "mauve"), "width", [20], None)
    write("schema", "planted", bad, contract=True,
          expect={"outcome": "assessed", "rules": ["schema/check_failed", "schema/null"], "flagged": [3, 5, 11, 20]})  # fmt: skip
    write("expectations", "planted", replaced(bad, "kind", [40], "yew"), contract=True,
          expect={"outcome": "assessed", "flagged": [3, 5, 20, 40], "rules": [
              "expectations/column_values_to_be_between", "expectations/column_values_to_be_in_set",
              "expectations/column_values_to_not_be_null"]})  # fmt: skip

    copies = pl.concat([frame, frame.slice(10, 4)])
    write("duplicates", "planted", copies,
          expect={"outcome": "assessed", "rules": ["duplicates/exact_within_split"], "flagged": [160, 161, 162, 163]})  # fmt: skip

    far = replaced(replaced(frame, "length", [8], 60.0), "width", [9], -45.0)
    write(
        "outliers",
        "planted",
        far,
        expect={"outcome": "assessed", "rules": ["outliers/far_from_neighbours"], "flagged": [8, 9]},
    )

    certain = frame.with_row_index().with_columns((pl.col("length") - 3 * pl.col("width")).rank().alias("rank"))
    flipped = sorted([*certain.sort("rank")["index"].to_list()[:6], *certain.sort("rank")["index"].to_list()[-6:]])
    kinds = [("oak" if k == "elm" else "elm") if i in flipped else k for i, k in enumerate(frame["kind"])]
    write("label_issues", "planted", frame.with_columns(pl.Series("kind", kinds)),
          expect={"outcome": "assessed", "rules": ["label_issues/likely_wrong_label"], "flagged": flipped})  # fmt: skip

    write("summary", "planted_missing", replaced(frame, "length", list(range(0, 160, 2)), None),
          expect={"outcome": "assessed", "rules": ["summary/mostly_missing"]})  # fmt: skip


if __name__ == "__main__":
    main()
