"""Evaluations by name, from a trained model's folder, and what holds for all of them."""

from __future__ import annotations

import inspect
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from pydantic import ValidationError

from governance.audit import DOCSTRING_HEADINGS, load, names
from governance.dataset import Role, Split, Task
from governance.errors import DataError, UsageError
from governance.evaluation import SECTIONS, Evaluation, evaluate
from governance.evidence import Evidence, Metric, Outcome
from governance.model import Model
from governance.modelling.frozen_results import freeze
from governance.modelling.results import open_results
from governance.modelling.training import train
from governance.snapshot import Snapshot
from governance.testing import make_snapshot, meanings

EVALUATIONS = names("evaluations")
LOGISTIC = Model(dataset="toy", estimator="sklearn.linear_model.LogisticRegression")


def people(rows: int = 1200) -> pl.DataFrame:
    rng = np.random.default_rng(0)
    x = rng.normal(size=rows)
    return pl.DataFrame(
        {
            "x": x,
            "sex": rng.choice(["f", "m"], rows),
            "age": rng.integers(18, 90, rows),
            "person": [f"p{i % (rows // 2)}" for i in range(rows)],
            "split": rng.choice(["a", "b"], rows),
            "label": np.where(x + rng.normal(0, 0.5, rows) > 0, "ill", "well"),
        }
    ).drop("split")


def snapshot_of(folder: Path, frame: pl.DataFrame, **rest: object) -> Snapshot:
    roles = {Role.SENSITIVE: ("sex", "age"), Role.GROUP: ("person",)}
    return make_snapshot(
        folder, frame, target="label", task=Task.CLASSIFICATION, roles=roles,
        split=Split(method="group", column="person", test=0.3), **rest,
    )  # fmt: skip


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    snapshot = snapshot_of(tmp_path_factory.mktemp("people"), people())
    train(LOGISTIC, snapshot, snapshot.workspace / "m")
    return snapshot


@pytest.fixture(scope="module")
def beside(trained: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What evaluations may need beside the predictions: another model that was approved, and how noisy labels are."""
    folder = tmp_path_factory.mktemp("approved")
    train(LOGISTIC.model_copy(update={"parameters": {"C": 1e-6}}), trained, folder / "m")
    noise = Metric(name="reviewed_noise_rate", value=0.02, low=0.01, high=0.05, n=200, unit="share")
    return {"approved": freeze(folder / "m", folder, "toy_model"), "label_noise": (noise,)}


def test_five_are_there() -> None:
    assert set(EVALUATIONS) == {"performance", "calibration", "slices", "comparison", "label_noise"}


@pytest.mark.parametrize("name", EVALUATIONS)
def test_documented(name: str) -> None:
    kind = load(name, "evaluations")
    assert issubclass(kind, Evaluation)
    text = inspect.getdoc(kind) or ""
    places = [text.find(f"{heading}:") for heading in DOCSTRING_HEADINGS]
    assert -1 not in places
    assert places == sorted(places)
    assert kind.section in SECTIONS
    assert kind.question.endswith("?")
    assert 2 <= len(kind.model_fields) <= 6
    assert meanings(kind).keys() == kind.model_fields.keys()


@pytest.mark.parametrize("name", EVALUATIONS)
def test_assessed_bound_and_the_same_twice(name: str, trained: Snapshot, beside: dict[str, Any]) -> None:
    answer = evaluate(name, {}, trained.workspace / "m", trained, **beside)
    assert answer.outcome is Outcome.ASSESSED, answer.reason
    kind = load(name, "evaluations")

    def sealed() -> str:
        said = evaluate(name, {}, trained.workspace / "m", trained, **beside)
        return (
            Evidence(
                subject="toy_model", audit=name, title=kind.title, question=kind.question, section=kind.section,
                settings=kind().model_dump(mode="json"), inputs={}, outcome=said.outcome, units=said.units,
                reach=said.reach, findings=said.findings, metrics=said.metrics, tables=said.tables,
                figures=said.figures,
            )
            .sealed()
            .to_json()
        )  # fmt: skip

    text = sealed()
    assert text == sealed()
    assert len(text) < 40_000
    assert "p17" not in text  # the group's keys are identifiers of people
    for finding in answer.findings:
        assert finding.rule.startswith(f"{name}/")
    for figure in answer.figures:
        columns = next(table for table in answer.tables if table.name == figure.table).columns
        assert {figure.x, *figure.y, *([figure.by] if figure.by else [])} <= set(columns)


@pytest.mark.parametrize("name", EVALUATIONS)
def test_order_of_source_rows_does_not_matter(
    name: str, trained: Snapshot, tmp_path: Path, beside: dict[str, Any]
) -> None:
    other = snapshot_of(tmp_path, people().reverse())
    train(LOGISTIC, other, tmp_path / "m")
    there = evaluate(name, {}, tmp_path / "m", other, **beside)
    assert there == evaluate(name, {}, trained.workspace / "m", trained, **beside)


def test_groups_and_sensitive_columns_reach_the_results(trained: Snapshot) -> None:
    results = open_results(trained.workspace / "m", trained)
    part = results.judged
    assert part is not None
    assert part.split == "test"
    assert part.independent_units == trained.frame("person", split="test").collect()["person"].n_unique()
    frame = trained.frame("sex", "age", split="test").collect()
    assert part.sensitive["sex"].to_list() == frame["sex"].to_list()
    assert part.sensitive["age"].to_list() == frame["age"].to_list()
    assert results.positive == 1
    assert results.reference is not None
    assert results.reference.split == "train"


def test_predictions_of_other_data_fail(trained: Snapshot, tmp_path: Path) -> None:
    other = snapshot_of(tmp_path, people(1199))
    answer = evaluate("performance", {}, trained.workspace / "m", other)
    assert (answer.outcome, answer.code) == (Outcome.FAILED, "no_predictions")
    assert "other data" in answer.reason


def test_missing_and_changed_predictions_fail(tmp_path: Path) -> None:
    snapshot = snapshot_of(tmp_path, people())
    assert evaluate("slices", {}, tmp_path / "m", snapshot).code == "no_predictions"
    train(LOGISTIC, snapshot, tmp_path / "m")
    path = tmp_path / "m" / "predictions.parquet"
    frame = pl.read_parquet(path)
    frame.with_columns(predicted="label").write_parquet(path)
    answer = evaluate("performance", {}, tmp_path / "m", snapshot)
    assert answer.outcome is Outcome.FAILED
    assert "was changed" in answer.reason
    path.unlink()
    with pytest.raises(DataError):
        open_results(tmp_path / "m", snapshot)


def test_private_and_rare_classes_are_not_named(tmp_path: Path) -> None:
    frame = people().with_columns(
        label=pl.when(pl.int_range(pl.len()) < 4).then(pl.lit("scarce")).otherwise(pl.col("label"))
    )
    snapshot = snapshot_of(tmp_path / "rare", frame)
    train(LOGISTIC, snapshot, tmp_path / "rare" / "m")
    assert open_results(tmp_path / "rare" / "m", snapshot).class_names == ("ill", "rare class 2", "well")
    assert "scarce" not in repr(evaluate("performance", {}, tmp_path / "rare" / "m", snapshot))
    hidden = snapshot_of(tmp_path / "private", people(), public=False)
    train(LOGISTIC, hidden, tmp_path / "private" / "m")
    for name in EVALUATIONS:
        text = repr(evaluate(name, {}, tmp_path / "private" / "m", hidden))
        assert not any(word in text for word in ("'ill'", "'well'", "= f", "class ill", "class well"))


def test_settings_and_names_are_checked(trained: Snapshot) -> None:
    with pytest.raises(ValidationError):
        evaluate("performance", {"drawz": 3}, trained.workspace / "m", trained)
    with pytest.raises(UsageError, match="calibration, comparison, label_noise, performance, slices"):
        evaluate("performence", {}, trained.workspace / "m", trained)


def test_an_evaluation_of_the_workspace(tmp_path: Path) -> None:
    snapshot = snapshot_of(tmp_path, people())
    train(LOGISTIC, snapshot, tmp_path / "m")
    (tmp_path / "evaluations").mkdir()
    (tmp_path / "evaluations" / "share_of_ill.py").write_text(
        "from governance.evaluation import Evaluation\n"
        "from governance.evidence import Reach, Units\n"
        "class ShareOfIll(Evaluation):\n"
        "    title = 'Ill'\n    question = 'How many?'\n    section = 'metrics'\n"
        "    reach = Reach(looked_for='a', would_notice='b', cannot_see='c')\n"
        "    def run(self, results):\n"
        "        return self.assessed(Units(name='rows', declared=1, evaluated=1))\n"
    )
    assert "share_of_ill" in names("evaluations", tmp_path)
    assert evaluate("share_of_ill", {}, tmp_path / "m", snapshot).outcome is Outcome.ASSESSED


def test_regression_end_to_end(tmp_path: Path) -> None:
    frame = people().drop("label").with_columns(label=pl.col("x") * 4 + 100)
    contract = tmp_path / "expectations" / "toy"
    contract.mkdir(parents=True)
    snapshot = make_snapshot(
        tmp_path, frame, target="label", task=Task.REGRESSION, roles={Role.SENSITIVE: ("sex",)},
        split=Split(method="ratio", test=0.3),
    )  # fmt: skip
    train(Model(dataset="toy", estimator="sklearn.linear_model.Ridge"), snapshot, tmp_path / "m")
    outcomes = {name: evaluate(name, {}, tmp_path / "m", snapshot) for name in EVALUATIONS}
    assert outcomes["performance"].outcome is Outcome.ASSESSED
    assert outcomes["calibration"].code == "task_regression"
    assert outcomes["slices"].outcome is Outcome.ASSESSED
    assert outcomes["label_noise"].code == "task_regression"
    assert outcomes["comparison"].code == "no_approved_model"


@pytest.mark.parametrize("name", EVALUATIONS)
def test_light(name: str, trained: Snapshot, beside: dict[str, Any]) -> None:
    """Each evaluation is a process of its own: it may not import what takes longer than it.

    Intervals of grouped rows need Student's quantile, from scipy.special, which alone loads in a sixth of a second.
    """
    code = (
        "import pickle, sys; from pathlib import Path; from governance.evaluation import evaluate\n"
        "snapshot = pickle.loads(sys.stdin.buffer.read())\n"
        "from governance.evidence import Metric\n"
        f"noise = (Metric(name='reviewed_noise_rate', value=0.02, low=0.01, high=0.05, n=200),)\n"
        f"beside = dict(approved=Path({str(beside['approved'])!r}), label_noise=noise)\n"
        f"evaluate({name!r}, {{}}, snapshot.workspace / 'm', snapshot, **beside)\n"
        "print([m for m in ('sklearn', 'scipy.stats', 'pandas', 'pyarrow', 'duckdb') if m in sys.modules])"
    )
    import pickle

    done = subprocess.run([sys.executable, "-c", code], input=pickle.dumps(trained), capture_output=True, check=True)
    assert done.stdout == b"[]\n"
