"""Rows with a user's own class probabilities are ranked by these and by our own folds, as far as each tells the labels."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from sklearn.datasets import make_classification
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score
from sklearn.model_selection import cross_val_predict

from governance.audits.label_issues import LabelIssues
from governance.dataset import Task, UserSignals
from governance.signals.compute import compute_signals
from governance.testing import make_snapshot

USER = UserSignals(probabilities="signals/own.parquet", key="key", origin="cross_validated")


def as_it_is(said: np.ndarray) -> np.ndarray:
    return said


def overconfident(said: np.ndarray) -> np.ndarray:
    return said**6 / (said**6).sum(axis=1, keepdims=True)


def hard_classes(said: np.ndarray) -> np.ndarray:
    return np.eye(3)[said.argmax(axis=1)]


@pytest.mark.parametrize(
    ("told", "known", "beyond"),
    [
        (as_it_is, True, 0.1),
        (overconfident, True, 0.1),
        (hard_classes, True, 0.1),
        (as_it_is, False, -0.02),
        (overconfident, False, -0.02),
    ],
)
def test_the_ranking_reaches_the_better_of_the_usual_scores(tmp_path: Path, told, known: bool, beyond: float) -> None:
    """Planted wrong labels. Where the data hold nothing the model knew, the user's word stands alone."""
    draw = np.random.default_rng(7)
    x, truth = make_classification(600, 10, n_informative=6, n_redundant=0, n_classes=3, class_sep=1.2, random_state=7)
    wrong = draw.random(600) < 0.1
    label = np.where(wrong, (truth + draw.integers(1, 3, 600)) % 3, truth)
    said = told(cross_val_predict(LogisticRegression(), x, label, cv=5, method="predict_proba"))
    seen = x if known else draw.normal(size=(600, 2))
    keys = [f"k{number:03d}" for number in range(600)]
    (tmp_path / "signals").mkdir()
    pl.DataFrame({"key": keys, **{name: said[:, i] for i, name in enumerate("abc")}}).write_parquet(
        tmp_path / "signals/own.parquet"
    )
    columns = {f"x{i}": seen[:, i] for i in range(seen.shape[1])}
    frame = pl.DataFrame({"key": keys, **columns, "y": ["abc"[one] for one in label]})
    snapshot = make_snapshot(tmp_path / "made", frame, target="y", task=Task.CLASSIFICATION)
    compute_signals(snapshot, tmp_path / "computed", user=USER, workspace=tmp_path)
    answer = LabelIssues().run(replace(snapshot, signals_folder=tmp_path / "computed"))
    assert answer.rows is not None
    by_key = snapshot.frame("row_id", "key").collect().join(answer.rows.select("row_id", "score"), on="row_id")
    score = np.empty(600)
    score[[int(key[1:]) for key in by_key["key"]]] = by_key["score"].to_numpy()
    rows = np.arange(600)
    rivals = said.copy()
    rivals[rows, label] = 0
    usual = max(
        average_precision_score(wrong, -quality)
        for quality in (said[rows, label], said[rows, label] - rivals.max(axis=1))
    )
    assert average_precision_score(wrong, score) > usual + beyond
