"""The files of a small workspace: two datasets, one model, every contract."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

AUDITS = ("schema", "expectations", "label_issues", "duplicates", "leakage", "privacy", "outliers", "summary")
LENGTHS = [f"{10 + 3 * (i % 2) + (i * 7919 % 100) / 50}" for i in range(120)]
WIDTHS = [f"{(i * 104729 % 97) / 10}" for i in range(120)]
KINDS = ["oak" if i % 2 else "elm" for i in range(120)]


def table(columns: Mapping[str, Iterable[object]]) -> str:
    """Columns as CSV."""
    rows = zip(*columns.values(), strict=True)
    return "\n".join([",".join(columns), *(",".join(map(str, row)) for row in rows)]) + "\n"


TREES = table({"length": LENGTHS, "width": WIDTHS, "kind": KINDS})
PLOTS = table(
    {
        "area": [f"{20 + (i * 7919 % 89) / 3:.2f}" for i in range(60)],
        "slope": [f"{(i * 31 % 60) / 4:.2f}" for i in range(60)],
    }
)

PARAMS = """\
datasets:
  trees:
    data:
      path: data/trees.csv
      split: {method: ratio, test: 0.25, seed: 0}
      task: classification
      target: kind
    about: {title: Trees, licence: CC0-1.0}
  plots:
    data: {path: data/plots.csv}
    about: {title: Plots, licence: CC0-1.0}

audits:
  schema: {}
  expectations: {}
  label_issues: {}
  duplicates: {}
  leakage: {}
  privacy: {}
  outliers: {}
  summary: {}

signals:
  folds: 2

evaluations:
  performance: {}

models:
  trees_logistic:
    dataset: trees
    estimator: sklearn.linear_model.LogisticRegression

policy:
  tier: internal
  required_evaluations: [performance]
"""

TREES_COLUMNS = """\
columns:
  - {name: length, type: number, unit: m}
  - {name: width, type: number, unit: cm}
  - {name: kind, type: category, public: true}
"""

TREES_SCHEMA = '''\
"""What a row of trees may hold."""

import pandera.polars as pa


class Trees(pa.DataFrameModel):
    """One row per tree."""

    length: float = pa.Field(ge=0, le=100)
    width: float = pa.Field(ge=0, le=100)
    kind: str = pa.Field(isin=["oak", "elm"])
'''


def suite(*expectations: tuple[str, dict[str, Any]]) -> str:
    """A Great Expectations suite as JSON."""
    entries = [{"type": kind, "kwargs": kwargs, "severity": "critical"} for kind, kwargs in expectations]
    return json.dumps({"name": "contract", "expectations": entries}, indent=2) + "\n"


ANSWERS = "answers:\n" + "".join(
    f"  {question}: {{answer: {answer}, by: Ada Example, on: 2026-05-01}}\n"
    for question, answer in {
        "motivation.purpose": "To try out the gate.",
        "uses.do_not_use": "For anything but trying out the gate.",
        "maintenance.maintainer": "Ada Example keeps it.",
    }.items()
)
"""What the tier `internal` wants to know."""

FILES = {
    ".gitignore": "/build/\n/data/trees.csv\n",
    "params.yaml": PARAMS,
    "waivers.yaml": "waivers: []\n",
    "answers/trees.yaml": ANSWERS,
    "answers/plots.yaml": ANSWERS,
    "data/trees.csv": TREES,
    "data/plots.csv": PLOTS,
    "expectations/trees/columns.yaml": TREES_COLUMNS,
    "expectations/trees/schema.py": TREES_SCHEMA,
    "expectations/trees/suite.json": suite(
        ("expect_column_values_to_be_between", {"column": "length", "min_value": 0, "max_value": 100}),
        ("expect_column_values_to_not_be_null", {"column": "kind"}),
    ),
    "expectations/plots/columns.yaml": "columns:\n  - {name: area, type: number}\n  - {name: slope, type: number}\n",
    "expectations/plots/suite.json": suite(
        ("expect_column_values_to_be_between", {"column": "area", "min_value": 0, "max_value": 100})
    ),
}


def pointer(content: str) -> str:
    """What `dvc add` writes beside a file that holds `content`."""
    md5 = hashlib.md5(content.encode(), usedforsecurity=False).hexdigest()
    return f"outs:\n- md5: {md5}\n  size: {len(content.encode())}\n  hash: md5\n  path: trees.csv\n"
