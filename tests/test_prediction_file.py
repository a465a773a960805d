"""Predictions from a file, and models from files, through `train`: what fits is taken, what does not is refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from governance.dataset import Role, Split, Task
from governance.errors import ConfigError, DataError
from governance.model import Model
from governance.modelling.training import train
from governance.snapshot import Snapshot
from governance.testing import make_snapshot

ROWS = 90


@pytest.fixture
def snapshot(tmp_path: Path) -> Snapshot:
    frame = pl.DataFrame(
        {
            "key": [f"k{i:03}" for i in range(ROWS)],
            "x": np.arange(ROWS, dtype=np.float64),
            "label": [None if i == 5 else "high" if i >= 45 else "low" for i in range(ROWS)],
        }
    )
    return make_snapshot(
        tmp_path, frame, target="label", task=Task.CLASSIFICATION, split=Split(method="ratio", test=0.3),
        roles={Role.IDENTIFIER: ("key",)},
    )  # fmt: skip


def keyed(snapshot: Snapshot) -> pl.DataFrame:
    """A good file: key, one column per class; in another order than the snapshot."""
    frame = snapshot.frame("key", "x").collect().sort("key", descending=True)
    high = 1 / (1 + np.exp(-(frame["x"] - 45) / 10))
    return frame.select("key").with_columns(high=high, low=1 - high)


def from_file(
    snapshot: Snapshot, frame: pl.DataFrame, name: str = "p.csv", **declared: object
) -> tuple[object, pl.DataFrame]:
    path = snapshot.workspace / name
    frame.write_csv(path) if name.endswith(".csv") else frame.write_parquet(path)
    model = Model.model_validate({"dataset": "toy", "predictions": name, "key": "key"} | declared)
    info = train(model, snapshot, snapshot.workspace / "m")
    return info, pl.read_parquet(snapshot.workspace / "m" / "predictions.parquet")


@pytest.mark.parametrize("name", ["p.csv", "p.parquet"])
def test_probabilities_are_aligned_by_key(snapshot: Snapshot, name: str) -> None:
    info, found = from_file(snapshot, keyed(snapshot), name)
    assert found.height == ROWS - 1
    assert (found["label"] == found["predicted"]).all()
    assert info.probabilities
    assert info.fitted_on is None
    assert info.held_out == ("test",)
    assert any("maker's word" in note for note in info.notes)
    assert info.classes == ("high", "low")


def test_row_id_is_the_key_when_none_is_given(snapshot: Snapshot) -> None:
    frame = snapshot.frame("label").select("row_id", predicted=pl.col("label").fill_null("low")).collect()
    info, found = from_file(snapshot, frame, key=None)
    assert (found["label"] == found["predicted"]).all()
    assert not info.probabilities


def test_a_whole_split_may_be_left_out(snapshot: Snapshot) -> None:
    test = snapshot.frame("key", split="test").collect()["key"]
    info, found = from_file(snapshot, keyed(snapshot).filter(pl.col("key").is_in(test.implode())))
    assert set(found["split"]) == {"test"}
    assert info.held_out == ("test",)
    assert list(info.rows) == ["test"]


def test_counts_of_missing_extra_and_doubled(snapshot: Snapshot) -> None:
    good = keyed(snapshot)
    extra = pl.DataFrame({"key": ["z1", "z2"], "high": [0.5, 0.5], "low": [0.5, 0.5]})
    bad = pl.concat([good.filter(pl.col("key") > "k009"), good.head(1), extra])
    # k000 to k009 are missing, of which k005 has no label
    with pytest.raises(DataError, match="9 keys are missing, 2 are extra, 1 are doubled"):
        from_file(snapshot, bad)
    assert not (snapshot.workspace / "m" / "predictions.parquet").exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda f: f.rename({"key": "name"}), "no column 'key'"),
        (lambda f: f.with_columns(key=pl.when(pl.col("key") != "k001").then("key")), "1 rows have no key"),
        (lambda f: f.rename({"high": "tall"}), "1 columns are none"),
        (lambda f: f.drop("low"), "1 classes have no column"),
        (lambda f: f.with_columns(high=pl.col("high") * 2), "negative or do not sum to 1"),
        (lambda f: f.with_columns(high=-pl.col("high"), low=1 + pl.col("high")), "negative"),
        (lambda f: f.with_columns(high=pl.lit("much")), "no finite number"),
        (lambda f: f.select("key"), "neither a column 'predicted'"),
        (lambda f: f.select("key", predicted=pl.lit("middling")), "name no class"),
        (lambda f: f.head(0), "89 keys are missing"),
        (lambda f: pl.concat([f, f.head(1).with_columns(key=pl.lit("z"))]), "0 keys are missing, 1 are extra, 0 are doub"),
        (lambda f: pl.concat([f, f.head(1)]), "0 keys are missing, 0 are extra, 1 are doubled"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(
    snapshot: Snapshot, change: Callable[[pl.DataFrame], pl.DataFrame], words: str
) -> None:
    with pytest.raises(DataError, match=words):
        from_file(snapshot, change(keyed(snapshot)))


def test_rounded_probabilities_are_divided_by_their_sum_and_said_so(snapshot: Snapshot) -> None:
    info, found = from_file(snapshot, keyed(snapshot).with_columns(pl.col("high", "low").round(3) + 0.0002))
    assert (found["p_0"] + found["p_1"] - 1).abs().max() < 1e-12
    assert any("rounded" in note for note in info.notes)


def test_key_that_does_not_exist_or_does_not_name_rows(snapshot: Snapshot, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no column of toy"):
        from_file(snapshot, keyed(snapshot), key="id")
    doubled = make_snapshot(
        tmp_path / "b", pl.DataFrame({"key": ["a", "a", "b"], "label": ["x", "y", "x"]}), target="label",
        task=Task.CLASSIFICATION,
    )  # fmt: skip
    with pytest.raises(DataError, match="1 values are doubled"):
        from_file(doubled, pl.DataFrame({"key": ["a", "b"], "predicted": ["x", "x"]}))


def test_missing_and_damaged_files(snapshot: Snapshot) -> None:
    model = Model(dataset="toy", predictions="none.parquet", key="key")
    with pytest.raises(DataError, match="parquet is missing"):
        train(model, snapshot, snapshot.workspace / "m")
    (snapshot.workspace / "none.parquet").write_bytes(b"PAR1 no")
    with pytest.raises(DataError, match="cannot be read"):
        train(model, snapshot, snapshot.workspace / "m")


def test_regression_from_a_file(tmp_path: Path) -> None:
    frame = pl.DataFrame({"key": [f"k{i}" for i in range(40)], "x": np.arange(40.0), "y": np.arange(40.0) * 2})
    snapshot = make_snapshot(
        tmp_path, frame, target="y", task=Task.REGRESSION, roles={Role.IDENTIFIER: ("key",)},
        split=Split(method="ratio", test=0.4),
    )  # fmt: skip
    good = frame.select("key", predicted=pl.col("y") + 1)
    _, found = from_file(snapshot, good)
    assert (found["predicted"] - found["label"]).to_list() == [1.0] * 40
    with pytest.raises(DataError, match="no column 'predicted'"):
        from_file(snapshot, good.rename({"predicted": "p"}))


def test_own_archive_opened_as_a_skops_model_says_the_same(snapshot: Snapshot) -> None:
    root = snapshot.workspace
    train(Model(dataset="toy", estimator="sklearn.linear_model.LogisticRegression"), snapshot, root / "m")
    (root / "m" / "model.skops").rename(root / "given.skops")
    first = pl.read_parquet(root / "m" / "predictions.parquet")
    info = train(Model(dataset="toy", skops="given.skops"), snapshot, root / "again")
    assert pl.read_parquet(root / "again" / "predictions.parquet").equals(first)
    assert info.features == ("x",)
    assert info.fitted_on is None


def test_skops_model_without_names_and_of_another_shape(snapshot: Snapshot) -> None:
    from sklearn.linear_model import LogisticRegression, Ridge

    from governance.adapters import skops

    root = snapshot.workspace
    labels = ["low", "high"] * 5
    skops.write(LogisticRegression().fit(np.arange(10.0).reshape(-1, 1), labels), root / "a.skops")
    train(Model(dataset="toy", skops="a.skops"), snapshot, root / "m")
    skops.write(LogisticRegression().fit(np.arange(20.0).reshape(-1, 2), labels), root / "b.skops")
    with pytest.raises(DataError, match="takes 2 numbers per row; the dataset has 1"):
        train(Model(dataset="toy", skops="b.skops"), snapshot, root / "m")
    skops.write(LogisticRegression().fit(pl.DataFrame({"z": np.arange(10.0)}), labels), root / "c.skops")
    with pytest.raises(DataError, match="does not have: z"):
        train(Model(dataset="toy", skops="c.skops"), snapshot, root / "m")
    skops.write(Ridge().fit(np.arange(10.0).reshape(-1, 1), np.arange(10.0)), root / "d.skops")
    with pytest.raises(DataError, match="has no classes"):
        train(Model(dataset="toy", skops="d.skops"), snapshot, root / "m")


def test_a_class_that_the_model_does_not_know_is_counted(snapshot: Snapshot) -> None:
    from sklearn.dummy import DummyClassifier

    from governance.adapters import skops

    root = snapshot.workspace
    skops.write(DummyClassifier().fit([[0.0], [1.0]], ["low", "other"]), root / "a.skops")
    info = train(Model(dataset="toy", skops="a.skops"), snapshot, root / "m")
    assert info.classes == ("high", "low", "other")
    assert info.positive_class is None
    assert "1 classes of the data (45 rows) are unknown to the model" in info.notes
    assert pl.read_parquet(root / "m" / "predictions.parquet")["p_0"].max() == 0
