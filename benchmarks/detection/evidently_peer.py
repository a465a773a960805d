"""The tests that Evidently's DataDriftPreset picks by default, for drift.py, in a virtual environment that has evidently.

Usage: python evidently_peer.py FOLDER. Each folder there holds `before.parquet` and `now.parquet`; printed are the smallest
p-value of each and the versions. Evidently's report draws a picture of each column, which takes most of its time; so its
tests are asked, and that they give the report's numbers is checked on the first table.
"""

from __future__ import annotations

import json
import os
import sys

os.environ["DO_NOT_TRACK"] = "1"

from importlib.metadata import version
from pathlib import Path

import numpy
import pandas
from evidently import DataDefinition, Dataset, Report
from evidently.legacy.calculations.stattests import get_stattest
from evidently.presets import DataDriftPreset


def by_report(here, now, numbers, rest):
    definition = DataDefinition(numerical_columns=numbers, categorical_columns=rest)
    result = Report([DataDriftPreset()]).run(*(Dataset.from_pandas(part, definition) for part in (now, here))).dict()
    return {metric["config"]["column"]: float(metric["value"]) for metric in result["metrics"][1:]}


def by_test(here, now, kind):
    here, now = (part.replace([-numpy.inf, numpy.inf], numpy.nan).dropna() for part in (here, now))
    return float(get_stattest(here, now, kind, None)(here, now, kind, None).drift_score)


found = {}
for folder in sorted(Path(sys.argv[1]).iterdir()):
    here, now = (pandas.read_parquet(folder / part) for part in ("before.parquet", "now.parquet"))
    numbers = [c for c in here if here[c].dtype.kind == "f"]
    made = {c: by_test(here[c], now[c], "num" if c in numbers else "cat") for c in here}
    if not found:
        report = by_report(here, now, numbers, [c for c in here if c not in numbers])
        different = {c: (made[c], report[c]) for c in made if abs(made[c] - report[c]) > 1e-9}
        if different:
            sys.exit(f"the report's p-values are others: {different}")
    found[folder.name] = min(made.values())
print(json.dumps({"versions": {n: version(n) for n in ("evidently", "numpy", "pandas", "scipy")}, "p": found}))
