"""How often `label_issues` flags labels that are right, and warns of sets in which all are.

    OMP_NUM_THREADS=1 OMP_WAIT_POLICY=PASSIVE python benchmarks/detection/label_issues_clean.py [--runs N] [--shapes NAME ...]

No label is changed. Classes overlap in some sets, where a model has reason to doubt labels that are right: those stand
apart. The whole audit is asked, with its own out-of-fold models.
"""

from __future__ import annotations

import argparse
import dataclasses
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
from label_issues import topics
from numpy.typing import NDArray

from governance.audit import Answer
from governance.audits.label_issues import LabelIssues
from governance.dataset import ColumnType, Role, Task
from governance.evidence import Level, Outcome
from governance.measures.intervals import wilson
from governance.signals.compute import compute_signals
from governance.testing import make_snapshot

SEED, ROWS = 900_000, 600
Draw = Callable[[int], tuple[pl.DataFrame, Task]]


def named(table: NDArray[np.float64], target: pl.Series) -> pl.DataFrame:
    return pl.DataFrame({f"c{at}": table[:, at] for at in range(table.shape[1])}).with_columns(target.alias("y"))


def classes(label: NDArray[np.int64]) -> pl.Series:
    return pl.Series([f"k{value}" for value in label.tolist()])


def generated(count: int, apart: float) -> Draw:
    """scikit-learn's table of `count` classes, `apart` in the units of its corners."""

    def draw(seed: int) -> tuple[pl.DataFrame, Task]:
        from sklearn.datasets import make_classification

        table, label = make_classification(
            ROWS, 12, n_informative=6, n_classes=count, class_sep=apart, flip_y=0, random_state=seed
        )
        return named(table, classes(label)), Task.CLASSIFICATION

    return draw


def part_of(name: str, rows: int) -> Draw:
    """A random part of one of scikit-learn's real datasets."""

    def draw(seed: int) -> tuple[pl.DataFrame, Task]:
        from sklearn import datasets

        table, label = getattr(datasets, f"load_{name}")(return_X_y=True)
        kept = np.random.default_rng(seed).permutation(len(label))[:rows]
        return named(table[kept], classes(label[kept])), Task.CLASSIFICATION

    return draw


def texts(seed: int) -> tuple[pl.DataFrame, Task]:
    """Texts of a few words from four overlapping topics."""
    words, label = topics(np.random.default_rng(seed), ROWS)
    return pl.DataFrame({"text": words, "y": classes(label)}), Task.CLASSIFICATION


def numbers(tails: float) -> Draw:
    """A target that is a smooth function of five features and noise: normal, or Student's with `tails` degrees."""

    def draw(seed: int) -> tuple[pl.DataFrame, Task]:
        rng = np.random.default_rng(seed)
        table = rng.normal(size=(ROWS, 8))
        noise = rng.standard_t(tails, ROWS) if np.isfinite(tails) else rng.normal(size=ROWS)
        value = 2 * table[:, 0] + table[:, 1] * table[:, 2] + np.sin(3 * table[:, 3]) + 0.5 * noise
        return named(table, pl.Series(value)), Task.REGRESSION

    return draw


SHAPES: dict[str, Draw] = {
    "table, 2 classes well apart": generated(2, 2.0),
    "table, 4 classes well apart": generated(4, 2.5),
    "table, 2 classes that overlap": generated(2, 0.7),
    "table, 4 classes that overlap": generated(4, 1.0),
    "parts of digits": part_of("digits", ROWS),
    "parts of breast_cancer": part_of("breast_cancer", 400),
    "texts, 4 topics that overlap": texts,
    "numbers, normal noise": numbers(np.inf),
    "numbers, noise with heavy tails": numbers(4),
}


def ask(frame: pl.DataFrame, task: Task) -> Answer:
    """The audit's answer."""
    is_text = "text" in frame.columns
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        snapshot = make_snapshot(
            folder,
            frame,
            target="y",
            task=task,
            types={"text": ColumnType.TEXT} if is_text else None,
            roles={Role.TEXT: ("text",)} if is_text else None,
        )
        (folder / "signals").mkdir()
        compute_signals(snapshot, folder / "signals", folds=5)
        return LabelIssues().run(dataclasses.replace(snapshot, signals_folder=folder / "signals"))


def row(name: str, answers: list[Answer]) -> str:
    """One line of the table."""
    told = [answer for answer in answers if answer.outcome is Outcome.ASSESSED and answer.rows is not None]
    flagged = sum(int(answer.rows["flagged"].sum()) for answer in told if answer.rows is not None)
    labels = sum(answer.rows.height for answer in told if answer.rows is not None)
    levels = [{finding.level for finding in answer.findings} for answer in told]
    loud, noted = sum(Level.WARNING in one for one in levels), sum(one == {Level.NOTE} for one in levels)
    low, high = wilson(loud, len(told)) if told else (0.0, 1.0)
    silent = len(answers) - len(told)
    return (
        f"| {name} | {len(told)} | {silent} | {flagged / max(labels, 1):.2%} | {loud} of {len(told)} ({low:.1%} to {high:.1%}) "
        f"| {noted} |"
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=36, help="sets of each shape")
    parser.add_argument("--shapes", nargs="*", default=list(SHAPES), choices=list(SHAPES))
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    print("| sets in which every label is right | assessed | cannot tell | labels flagged | sets with a warning (95 % Wilson) "
          "| with a note |\n|---|---|---|---|---|---|")  # fmt: skip
    whole: list[Answer] = []
    for at, (name, draw) in enumerate(SHAPES.items()):
        if name not in asked.shapes:
            continue
        answers = [ask(*draw(SEED + 1000 * at + run)) for run in range(asked.runs)]
        whole += answers
        print(row(name, answers), flush=True)
    print(row("**all**", whole))


if __name__ == "__main__":
    main()
