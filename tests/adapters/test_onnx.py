from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from governance.adapters import onnx
from governance.dataset import Task
from governance.errors import DataError
from governance.model import Model
from governance.modelling.training import train
from governance.testing import make_snapshot

Write = Callable[..., None]
TABLE = pl.DataFrame({"a": [2.0, -1.0, 0.5], "b": [0.0, 3.0, 0.25]})
WEIGHTS = [[1.0, 0.0], [0.0, 1.0]]


def test_probabilities_of_a_matrix(tmp_path: Path, write_onnx: Write) -> None:
    write_onnx(tmp_path / "m.onnx", WEIGHTS, [0.0, 0.0])
    said, columns, notes = onnx.predict(tmp_path / "m.onnx", TABLE, classes=("first", "second"))
    expected = np.exp(TABLE.to_numpy()) / np.exp(TABLE.to_numpy()).sum(axis=1, keepdims=True)
    assert said.probabilities is not None
    assert np.allclose(said.probabilities, expected, atol=1e-6)
    assert said.predicted.tolist() == [0, 1, 0]
    assert columns == ("a", "b")
    assert "order of the sorted class names" in notes[0]


def test_columns_by_name_in_any_order(tmp_path: Path, write_onnx: Write) -> None:
    write_onnx(tmp_path / "m.onnx", WEIGHTS, [0.0, 0.0], columns=("b", "a"))
    said, columns, _ = onnx.predict(tmp_path / "m.onnx", TABLE, classes=("first", "second"))
    assert columns == ("b", "a")
    assert said.predicted.tolist() == [1, 0, 1]


def test_classes_named_in_metadata(tmp_path: Path, write_onnx: Write) -> None:
    write_onnx(tmp_path / "m.onnx", WEIGHTS, [0.0, 0.0], classes='["second", "first"]', label=True)
    said, _, notes = onnx.predict(tmp_path / "m.onnx", TABLE, classes=("first", "second"))
    assert said.classes == ("second", "first")
    assert said.predicted.tolist() == [0, 1, 0]
    assert notes == ()


def test_scores_that_are_no_probabilities(tmp_path: Path, write_onnx: Write) -> None:
    write_onnx(tmp_path / "m.onnx", WEIGHTS, [5.0, 0.0], softmax=False)
    said, _, notes = onnx.predict(tmp_path / "m.onnx", TABLE, classes=("first", "second"))
    assert said.probabilities is None
    assert said.predicted.tolist() == [0, 0, 0]
    assert any("no probabilities" in note for note in notes)


def test_regression(tmp_path: Path, write_onnx: Write) -> None:
    write_onnx(tmp_path / "m.onnx", [[2.0], [1.0]], [10.0], softmax=False)
    said, _, _ = onnx.predict(tmp_path / "m.onnx", TABLE, classes=None)
    assert said.predicted.tolist() == [14.0, 11.0, 11.25]


def test_many_rows_go_in_blocks(tmp_path: Path, write_onnx: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    write_onnx(tmp_path / "m.onnx", WEIGHTS, [0.0, 0.0])
    whole, _, _ = onnx.predict(tmp_path / "m.onnx", TABLE, classes=("first", "second"))
    monkeypatch.setattr(onnx, "ROWS_AT_ONCE", 2)
    parts, _, _ = onnx.predict(tmp_path / "m.onnx", TABLE, classes=("first", "second"))
    assert np.array_equal(whole.predicted, parts.predicted)
    assert np.allclose(whole.probabilities, parts.probabilities)


def test_what_does_not_fit_is_refused(tmp_path: Path, write_onnx: Write) -> None:
    path = tmp_path / "m.onnx"
    write_onnx(path, WEIGHTS, [0.0, 0.0])
    with pytest.raises(DataError, match="takes 2 numbers per row; the dataset has 1"):
        onnx.predict(path, TABLE.select("a"), classes=("first", "second"))
    with pytest.raises(DataError, match="scores 2 classes and the dataset has 3"):
        onnx.predict(path, TABLE, classes=("a", "b", "c"))
    with pytest.raises(DataError, match="these features are none: c"):
        onnx.predict(path, TABLE.with_columns(c=pl.lit("x")), classes=("first", "second"))
    with pytest.raises(DataError, match="one number per row"):
        onnx.predict(path, TABLE, classes=None)
    write_onnx(path, WEIGHTS, [0.0, 0.0], columns=("a", "z"))
    with pytest.raises(DataError, match="does not have: z"):
        onnx.predict(path, TABLE, classes=("first", "second"))
    write_onnx(path, WEIGHTS, [0.0, 0.0], rank=4)
    with pytest.raises(DataError, match="4 axes"):
        onnx.predict(path, TABLE, classes=("first", "second"))


def test_broken_and_missing_files(tmp_path: Path) -> None:
    (tmp_path / "m.onnx").write_bytes(b"not a model")
    with pytest.raises(DataError, match="not an ONNX model"):
        onnx.predict(tmp_path / "m.onnx", TABLE, classes=("a", "b"))
    with pytest.raises(DataError, match="missing"):
        onnx.predict(tmp_path / "none.onnx", TABLE, classes=("a", "b"))


def test_a_declared_model_answers_for_every_row_of_every_split(tmp_path: Path, write_onnx: Write) -> None:
    draw = np.random.default_rng(0)
    frame = pl.DataFrame({"a": draw.normal(size=80), "b": draw.normal(size=80)})
    frame = frame.with_columns(
        kind=pl.when(pl.col("a") > pl.col("b")).then(pl.lit("first")).otherwise(pl.lit("second"))
    )
    snapshot = make_snapshot(tmp_path / "data", frame, target="kind", task=Task.CLASSIFICATION)
    write_onnx(
        snapshot.workspace / "given.onnx", WEIGHTS, [0.0, 0.0], classes='["first", "second"]', columns=("a", "b")
    )
    info = train(Model(dataset=snapshot.name, onnx="given.onnx"), snapshot, tmp_path / "model")
    assert (info.form, info.features, info.fitted_on) == ("onnx", ("a", "b"), None)
    said = pl.read_parquet(tmp_path / "model" / "predictions.parquet").sort("row_id")
    truth = snapshot.frame("row_id", "kind").collect().sort("row_id")
    assert said["row_id"].to_list() == truth["row_id"].to_list()
    assert (said["predicted"] == truth["kind"]).mean() == 1.0
