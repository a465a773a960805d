"""A user's own probabilities: in-sample ones are suspected, honest ones are not, and a suspicion says how often it is wrong."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from sklearn.datasets import make_classification
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import cross_val_predict

from governance.audits.label_issues import LabelIssues
from governance.dataset import Task, UserSignals
from governance.evidence import Level
from governance.signals.compute import compute_signals
from governance.testing import make_snapshot

USER = UserSignals(probabilities="signals/own.parquet", key="key", origin="cross_validated")


def answered(tmp_path: Path, kind: str, noise: float = 0.12):
    """The audit's answer on 300 noisy rows with a forest's predictions, cross-validated or on its own training rows."""
    draw = np.random.default_rng(1000)
    x, y = make_classification(300, n_features=6, n_informative=4, class_sep=1.5, random_state=7)
    wrong = draw.random(300) < noise
    y = np.where(wrong, 1 - y, y)
    forest = RandomForestClassifier(50, random_state=0)
    values = (
        forest.fit(x, y).predict_proba(x)
        if kind == "in-sample"
        else cross_val_predict(forest, x, y, cv=5, method="predict_proba")
    )
    if kind == "exchanged":
        values = values[:, ::-1]
    keys = [f"k{number}" for number in range(300)]
    (tmp_path / "signals").mkdir()
    pl.DataFrame({"key": keys, "a": values[:, 0], "b": values[:, 1]}).write_parquet(tmp_path / "signals/own.parquet")
    frame = pl.DataFrame({"key": keys, **{f"x{i}": x[:, i] for i in range(6)}, "y": ["ab"[one] for one in y]})
    snapshot = make_snapshot(tmp_path / "made", frame, target="y", task=Task.CLASSIFICATION)
    folder = tmp_path / "computed"
    compute_signals(snapshot, folder, user=USER, workspace=tmp_path)
    return LabelIssues().run(replace(snapshot, signals_folder=folder))


@pytest.mark.parametrize("kind", ["honest", "in-sample"])
def test_memory_is_suspected_and_skill_is_not(tmp_path: Path, kind: str) -> None:
    answer = answered(tmp_path, kind)
    found = [one for one in answer.findings if one.rule == "label_issues/in_sample_suspicion"]
    metric = next(one for one in answer.metrics if one.name == "agreement_with_odd_labels")
    assert metric.value is not None
    if kind == "honest":
        assert not answer.findings or answer.findings[0].rule == "label_issues/likely_wrong_label"
        assert metric.value < 0.4
    else:
        assert found[0].level is Level.WARNING
        assert "not a proof" in found[0].message
        assert metric.value > 0.9
        assert found[0].count == round(metric.value * (metric.n or 0))


def test_without_odd_labels_it_cannot_tell(tmp_path: Path) -> None:
    answer = answered(tmp_path, "in-sample", noise=0.0)
    metric = next(one for one in answer.metrics if one.name == "agreement_with_odd_labels")
    assert metric.value is None
    assert "are too few" in metric.note
    assert not [one for one in answer.findings if "in_sample" in one.rule]


def test_exchanged_columns_are_named_and_not_taken_for_memory(tmp_path: Path) -> None:
    """Such predictions agree with contradicted labels as well, and the remedy for memory would lead nowhere."""
    (finding,) = answered(tmp_path, "exchanged").findings
    assert finding.rule == "label_issues/exchanged_classes"
    assert "what is called a fits b; what is called b fits a" in finding.message
    assert finding.of == 300
