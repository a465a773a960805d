"""Peers of the full audit, each on the same table: `python benchmarks/full_audit_peers.py PEER TABLE`.

    fit        out-of-fold predictions alone, of the default model in five folds: what a script of its own costs
    datalab    Cleanlab's Datalab with its default issues, and out-of-fold predictions of the same default model
    ydata      ydata-profiling, minimal report
    evidently  the default data drift report between two halves

Runs in whatever Python has the peer installed; imports nothing of this repository but, for predictions, the default
model. Prints what it found, in few words, so that it is known to have run.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

STAGES = {
    "fit": ("signals",),
    "datalab": ("signals", "label_issues", "outliers", "duplicates"),
    "ydata": ("summary",),
    "evidently": ("drift",),
}
"""Our stages that answer what the peer answers."""


def predicted(table: Path) -> tuple[Any, Any, Any]:
    """The table as a matrix, its labels, and probabilities of the two classes for each row."""
    import polars as pl

    from governance.adapters.scikit_learn import Features, predict_classes
    from governance.dataset import Column, ColumnType, Modality
    from governance.measures.encoding import encode_table
    from governance.measures.folds import stratified_folds

    frame = pl.read_csv(table)
    columns = [
        Column(name=name, type=ColumnType.NUMBER if frame[name].dtype.is_numeric() else ColumnType.CATEGORY)
        for name in frame.columns
        if name != "outcome"
    ]
    matrix = encode_table(frame, columns).matrix
    label = (frame["outcome"] == "yes").cast(int).to_numpy()
    folds = stratified_folds([str(row) for row in range(frame.height)], label, 5)
    return matrix, label, predict_classes(Features(matrix), label, 2, folds, modality=Modality.TABULAR).values


def fit(table: Path) -> str:
    _, label, probabilities = predicted(table)
    return f"accuracy {(probabilities.argmax(axis=1) == label).mean():.3f}"


def datalab(table: Path) -> str:
    from cleanlab import Datalab

    from governance.measures.encoding import principal_components

    matrix, label, probabilities = predicted(table)
    lab = Datalab({"label": label.tolist()}, label_name="label", verbosity=0)
    lab.find_issues(features=principal_components(matrix, 64), pred_probs=probabilities)
    found = lab.get_issue_summary()
    return ", ".join(f"{kind} {count}" for kind, count in zip(found["issue_type"], found["num_issues"], strict=True))


def ydata(table: Path) -> str:
    import pandas as pd
    from ydata_profiling import ProfileReport

    report = ProfileReport(pd.read_csv(table), minimal=True, progress_bar=False)
    return f"{len(report.to_html()) // 1024} kB of HTML"


def evidently(table: Path) -> str:
    import pandas as pd
    from evidently import Dataset, Report
    from evidently.presets import DataDriftPreset

    frame = pd.read_csv(table)
    half = len(frame) // 2
    first, second = Dataset.from_pandas(frame[:half]), Dataset.from_pandas(frame[half:])
    made = Report([DataDriftPreset()]).run(second, first)
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "report.html"
        made.save_html(str(page))
        return f"{page.stat().st_size // 1024} kB of HTML"


if __name__ == "__main__":
    os.environ["DO_NOT_TRACK"] = "1"
    # As for our own stages: threads that spin while they wait would be charged to a peer on a busy machine.
    os.environ["OMP_WAIT_POLICY"] = "PASSIVE"
    print({"fit": fit, "datalab": datalab, "ydata": ydata, "evidently": evidently}[sys.argv[1]](Path(sys.argv[2])))
