"""Training with real libraries: every form of a model, on toy data and on scikit-learn's."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from governance.dataset import ColumnType, Role, Split, Task
from governance.errors import ConfigError, DataError
from governance.model import Model, read_training_info
from governance.modelling.training import train
from governance.snapshot import Snapshot
from governance.testing import make_snapshot

LOGISTIC = "sklearn.linear_model.LogisticRegression"
RIDGE = "sklearn.linear_model.Ridge"


def toy(rows: int = 240, seed: int = 0) -> pl.DataFrame:
    """Numbers with holes, a level with holes, a date, a flag; label yes or no, with two holes; an amount."""
    rng = np.random.default_rng(seed)
    a, b = rng.normal(size=rows), rng.normal(size=rows)
    colour = rng.choice(["red", "green", "blue"], rows)
    logit = 5 * a - 3 * b + 2 * (colour == "red")
    label = [None if i < 2 else "yes" if x > 0 else "no" for i, x in enumerate(logit + rng.logistic(size=rows))]
    return pl.DataFrame(
        {
            "key": [f"k{i:04}" for i in range(rows)],
            "a": [None if i % 17 == 0 else float(x) for i, x in enumerate(a)],
            "b": b,
            "colour": [None if i % 13 == 0 else c for i, c in enumerate(colour)],
            "flag": rng.random(rows) < 0.5,
            "day": pl.Series(rng.integers(0, 9000, rows)).cast(pl.Int32).cast(pl.Date),
            "label": label,
        }
    )


def snapshot_of(
    folder: Path, frame: pl.DataFrame, target: str = "label", task: Task = Task.CLASSIFICATION, method: str = "ratio"
) -> Snapshot:
    return make_snapshot(
        folder,
        frame,
        target=target,
        task=task,
        roles={Role.IDENTIFIER: ("key",)} if "key" in frame.columns else {},
        split=Split(method=method, test=0.3),
    )


@pytest.fixture(scope="module")
def toy_snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return snapshot_of(tmp_path_factory.mktemp("toy"), toy())


def predictions(folder: Path) -> pl.DataFrame:
    return pl.read_parquet(folder / "predictions.parquet")


def test_estimator(tmp_path: Path, toy_snapshot: Snapshot) -> None:
    info = train(Model(dataset="toy", estimator=LOGISTIC), toy_snapshot, tmp_path / "m")
    assert read_training_info(tmp_path / "m" / "predictions.json") == info
    assert info.fitted_on == "train"
    assert info.held_out == ("test",)
    assert info.classes == ("no", "yes")
    assert info.positive_class == "yes"
    assert info.features == ("a", "b", "colour", "flag", "day")
    assert sum(info.left_out.values()) == 2
    assert sum(info.rows.values()) == 238
    assert info.fitted_rows == info.rows["train"]
    frame = predictions(tmp_path / "m")
    assert frame.columns == ["row_id", "split", "label", "predicted", "p_0", "p_1"]
    assert (frame["p_0"] + frame["p_1"] - 1).abs().max() < 1e-9
    assert ((frame["p_1"] > 0.5) == (frame["predicted"] == "yes")).all()
    test = frame.filter(pl.col("split") == "test")
    assert (test["label"] == test["predicted"]).mean() > 0.75


def test_fit_sees_the_train_split_only(tmp_path: Path) -> None:
    """The same rows with test labels turned round: the fitted model must not notice."""
    frame = toy().with_columns(part=pl.Series(["train" if i % 3 else "test" for i in range(240)]))
    turned = frame.with_columns(label=pl.when(pl.col("part") == "test").then(pl.lit("yes")).otherwise(pl.col("label")))
    archives = []
    for name, data in (("one", frame), ("other", turned)):
        snapshot = make_snapshot(
            tmp_path / name, data, target="label", task=Task.CLASSIFICATION,
            roles={Role.IDENTIFIER: ("key",), Role.SPLIT: ("part",)}, split=Split(method="column", column="part"),
        )  # fmt: skip
        train(Model(dataset="toy", estimator="sklearn.tree.DecisionTreeClassifier"), snapshot, tmp_path / name / "m")
        archives.append({"m": (tmp_path / name / "m" / "model.skops").stat().st_size})
        archives[-1]["tree"] = _tree(tmp_path / name / "m" / "model.skops")
    assert archives[0] == archives[1]


def _tree(path: Path) -> str:
    from sklearn.tree import export_text

    from governance.adapters.skops import read

    return export_text(read(path)[-1])


def test_regression(tmp_path: Path) -> None:
    frame = toy().drop("label").with_columns(amount=pl.col("b") * 3 + 10)
    info = train(
        Model(dataset="toy", estimator=RIDGE),
        snapshot_of(tmp_path, frame, "amount", Task.REGRESSION),
        tmp_path / "m",
    )
    assert info.classes == ()
    assert info.positive_class is None
    found = predictions(tmp_path / "m")
    assert found.schema == {"row_id": pl.String, "split": pl.String, "label": pl.Float64, "predicted": pl.Float64}
    assert (found["label"] - found["predicted"]).abs().mean() < 0.2


def test_same_bytes_in_other_processes(tmp_path: Path, toy_snapshot: Snapshot) -> None:
    model = Model(
        dataset="toy", estimator="sklearn.ensemble.RandomForestClassifier", parameters={"n_estimators": 8, "n_jobs": 2}
    )
    train(model, toy_snapshot, tmp_path / "here")
    code = (
        "import pickle, sys; from pathlib import Path; from governance.modelling.training import train\n"
        "model, snapshot = pickle.loads(sys.stdin.buffer.read()); train(model, snapshot, Path(sys.argv[1]))"
    )
    import pickle

    for seed in ("1",):
        subprocess.run(
            [sys.executable, "-c", code, str(tmp_path / seed)],
            input=pickle.dumps((model, toy_snapshot)),
            check=True,
            env=os.environ | {"PYTHONHASHSEED": seed},
        )
        for name in ("model.skops", "predictions.parquet", "predictions.json"):
            assert (tmp_path / seed / name).read_bytes() == (tmp_path / "here" / name).read_bytes(), name


def test_order_of_source_rows_does_not_matter(tmp_path: Path) -> None:
    one = snapshot_of(tmp_path / "one", toy())
    other = snapshot_of(tmp_path / "other", toy().reverse())
    model = Model(dataset="toy", estimator=LOGISTIC)
    assert train(model, one, tmp_path / "a") == train(model, other, tmp_path / "b")


def test_undivided_data_has_no_held_out_split(tmp_path: Path) -> None:
    info = train(Model(dataset="toy", estimator=LOGISTIC), snapshot_of(tmp_path, toy(), method="none"), tmp_path / "m")
    assert info.held_out == ()
    assert info.fitted_on == next(iter(info.rows))


def test_text_and_images(tmp_path: Path) -> None:
    from PIL import Image

    def picture(bright: bool, seed: int) -> bytes:
        noise = np.random.default_rng(seed).integers(0, 100, (8, 8)) + (120 if bright else 0)
        target = io.BytesIO()
        Image.fromarray(noise.astype(np.uint8)).save(target, "PNG")
        return target.getvalue()

    labels = ["day" if i % 2 else "night" for i in range(80)]
    images = pl.DataFrame({"picture": [picture(one == "day", i) for i, one in enumerate(labels)], "label": labels})
    snapshot = make_snapshot(
        tmp_path / "images", images, target="label", task=Task.CLASSIFICATION, split=Split(method="ratio", test=0.3),
        types={"picture": ColumnType.IMAGE, "label": ColumnType.CATEGORY}, roles={Role.IMAGE: ("picture",)},
    )  # fmt: skip
    info = train(Model(dataset="toy", estimator=LOGISTIC), snapshot, tmp_path / "images" / "m")
    assert info.inputs == 64
    assert (
        predictions(tmp_path / "images" / "m")["label"] == predictions(tmp_path / "images" / "m")["predicted"]
    ).all()
    texts = pl.DataFrame({"words": [f"it is {one} now {i}" for i, one in enumerate(labels)], "label": labels})
    snapshot = make_snapshot(
        tmp_path / "texts", texts, target="label", task=Task.CLASSIFICATION, split=Split(method="ratio", test=0.3),
        types={"words": ColumnType.TEXT, "label": ColumnType.CATEGORY}, roles={Role.TEXT: ("words",)},
    )  # fmt: skip
    train(Model(dataset="toy", estimator=LOGISTIC), snapshot, tmp_path / "texts" / "m")
    found = predictions(tmp_path / "texts" / "m")
    assert (found["label"] == found["predicted"]).mean() > 0.95
    # A memory address that scikit-learn keeps there would make every archive another.
    from governance.adapters.skops import read

    opened = read(tmp_path / "texts" / "m" / "model.skops")
    assert opened["features"].named_transformers_["text_0"]._stop_words_id == 0


@pytest.mark.parametrize(
    ("declared", "words"),
    [
        ({"estimator": "sklearn.linear_model.Nothing"}, "no scikit-learn estimator"),
        ({"estimator": "sklearn.nowhere.Ridge"}, "cannot be imported"),
        ({"estimator": "sklearn.utils.Bunch"}, "no scikit-learn estimator"),
        ({"estimator": RIDGE}, "not a classifier"),
        ({"estimator": LOGISTIC, "parameters": {"max_itr": 5}}, "did you mean 'max_iter'"),
        ({"estimator": LOGISTIC, "parameters": {"C": -1}}, "C"),
        ({"estimator": LOGISTIC, "positive_class": "maybe"}, "no class of the target"),
    ],
)
def test_declarations_that_do_not_fit(tmp_path: Path, toy_snapshot: Snapshot, declared: dict, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        train(Model(dataset="toy", **declared), toy_snapshot, tmp_path / "m")
    assert not (tmp_path / "m" / "predictions.json").exists()


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        (toy().with_columns(label=pl.lit("yes")), "classes"),
        (toy().select("key", "label"), "no column that a model may learn from"),
    ],
)
def test_data_that_cannot_teach(tmp_path: Path, frame: pl.DataFrame, words: str) -> None:
    snapshot = snapshot_of(tmp_path, frame)
    with pytest.raises(DataError, match=words):
        train(Model(dataset="toy", estimator=LOGISTIC), snapshot, tmp_path / "m")


def test_task_none_is_refused(tmp_path: Path) -> None:
    snapshot = make_snapshot(tmp_path, toy())
    with pytest.raises(DataError, match="task 'none'"):
        train(Model(dataset="toy", estimator=LOGISTIC), snapshot, tmp_path / "m")


def test_values_do_not_reach_messages(tmp_path: Path) -> None:
    """Gaussian naive Bayes refuses a sparse matrix; the message must not carry cells."""
    from governance.adapters.estimators import without_values

    text = without_values(ValueError("could not convert string to float: 'Jane Doe' [1 2] array(['x'])\nmore Jane"))
    assert "Jane" not in text
    assert "could not convert" in text


def test_unfinished_fit_is_told(tmp_path: Path, toy_snapshot: Snapshot) -> None:
    model = Model(dataset="toy", estimator=LOGISTIC, parameters={"max_iter": 1})
    assert any("converged" in note for note in train(model, toy_snapshot, tmp_path / "m").notes)


def test_nothing_is_pickled(tmp_path: Path, toy_snapshot: Snapshot) -> None:
    import zipfile

    train(Model(dataset="toy", estimator=LOGISTIC), toy_snapshot, tmp_path / "m")
    with zipfile.ZipFile(tmp_path / "m" / "model.skops") as archive:
        assert {Path(name).suffix for name in archive.namelist()} <= {".npy", ".json"}
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        schema = json.loads(archive.read("schema.json"))
    assert "_skops_version" in schema


@pytest.mark.parametrize("name", ["breast_cancer", "diabetes"])
def test_real_data(tmp_path: Path, name: str) -> None:
    from sklearn import datasets

    data = getattr(datasets, f"load_{name}")(as_frame=True)
    classes = name == "breast_cancer"
    column = pl.Series("goal", [data.target_names[t] for t in data.target] if classes else data.target.to_list())
    frame = pl.DataFrame({c.replace(" ", "_"): data.data[c].to_list() for c in data.data.columns}).with_columns(column)
    snapshot = snapshot_of(tmp_path, frame, "goal", Task.CLASSIFICATION if classes else Task.REGRESSION)
    model = Model(dataset="toy", estimator=LOGISTIC if classes else RIDGE, parameters={"max_iter": 2000})
    train(model, snapshot, tmp_path / "m")
    test = predictions(tmp_path / "m").filter(pl.col("split") == "test")
    if classes:
        assert (test["label"] == test["predicted"]).mean() > 0.94
    else:
        assert 35 < (test["label"] - test["predicted"]).abs().mean() < 55
