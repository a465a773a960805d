"""Archives without pickle: opened again they predict the same, and other types are refused."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from governance.adapters import estimators, skops
from governance.errors import DataError

KINDS = estimators.Kinds(("a", "b"), ("c",), ())


def table(rows: int = 120) -> tuple[pl.DataFrame, np.ndarray]:
    rng = np.random.default_rng(0)
    frame = pl.DataFrame(
        {
            "a": rng.normal(size=rows),
            "b": [None if i % 7 == 0 else float(i % 5) for i in range(rows)],
            "c": [None if i % 11 == 0 else "xyz"[i % 3] for i in range(rows)],
        }
    )
    return frame, (frame["a"].to_numpy() + rng.normal(0, 0.3, rows) > 0)


@pytest.mark.parametrize(
    "name",
    [
        "linear_model.LogisticRegression",
        "svm.SVC",
        "neighbors.KNeighborsClassifier",
        "tree.DecisionTreeClassifier",
        "ensemble.RandomForestClassifier",
        "ensemble.HistGradientBoostingClassifier",
        "ensemble.GradientBoostingClassifier",
        "naive_bayes.GaussianNB",
        "neural_network.MLPClassifier",
        "gaussian_process.GaussianProcessClassifier",
        "linear_model.Ridge",
        "svm.SVR",
        "neighbors.KNeighborsRegressor",
        "ensemble.HistGradientBoostingRegressor",
        "neural_network.MLPRegressor",
        "gaussian_process.GaussianProcessRegressor",
    ],
)
def test_written_read_and_written_again(name: str, tmp_path: Path) -> None:
    frame, above = table()
    classification = not name.endswith(("Regressor", "Ridge", "SVR"))
    target = np.where(above, "yes", "no").astype(object) if classification else frame["a"].to_numpy()
    few = {"n_estimators": 5} if "Forest" in name else {"max_iter": 30} if "MLP" in name else {}
    estimator = estimators.make_estimator(f"sklearn.{name}", few, 0, classification=classification)
    fitted, _ = estimators.fit(estimators.make_pipeline(estimator, KINDS), frame, target)
    skops.write(fitted, tmp_path / "a.skops")
    skops.write(skops.read(tmp_path / "a.skops"), tmp_path / "b.skops")
    assert (tmp_path / "a.skops").read_bytes() == (tmp_path / "b.skops").read_bytes()
    opened = skops.read(tmp_path / "a.skops")
    before = estimators.predict(fitted, frame, classification=classification)
    after = estimators.predict(opened, frame, classification=classification)
    assert np.array_equal(before.predicted, after.predicted)
    if before.probabilities is not None:
        assert np.array_equal(before.probabilities, after.probabilities)


def test_types_outside_the_list_are_refused(tmp_path: Path) -> None:
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import FunctionTransformer
    from skops.io import dump

    dump(Pipeline([("run", FunctionTransformer(json.loads))]), tmp_path / "a.skops")
    with pytest.raises(DataError, match=r"not trusted: .*json"):
        skops.read(tmp_path / "a.skops")
    with pytest.raises(DataError, match="not trusted"):
        skops.write(Pipeline([("run", FunctionTransformer(json.loads))]), tmp_path / "b.skops")
    assert not (tmp_path / "b.skops").exists()


def test_a_swapped_type_is_refused(tmp_path: Path) -> None:
    """An archive edited by hand to build something else."""
    from sklearn.linear_model import Ridge

    skops.write(Ridge().fit([[0.0], [1.0]], [0.0, 1.0]), tmp_path / "a.skops")
    content = (tmp_path / "a.skops").read_bytes()
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "schema.json":
                schema = json.loads(data)
                schema["__class__"], schema["__module__"] = "Popen", "subprocess"
                data = json.dumps(schema).encode()
            new.writestr(name, data)
    (tmp_path / "a.skops").write_bytes(changed.getvalue())
    with pytest.raises(DataError, match="subprocess"):
        skops.read(tmp_path / "a.skops")


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04 cut off"])
def test_damaged_archives(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.skops").write_bytes(content)
    with pytest.raises(DataError, match=r"a\.skops is not a skops archive"):
        skops.read(tmp_path / "a.skops")


def test_archive_without_schema_and_missing_file(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.skops", "w") as archive:
        archive.writestr("other.txt", "x")
    with pytest.raises(DataError, match="not a skops archive"):
        skops.read(tmp_path / "a.skops")
    with pytest.raises(DataError, match="missing"):
        skops.read(tmp_path / "none.skops")


def test_an_archive_that_unpacks_to_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(skops, "LARGEST", 10)
    with zipfile.ZipFile(tmp_path / "a.skops", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("schema.json", "0" * 11)
    with pytest.raises(DataError, match="unpacks to more"):
        skops.read(tmp_path / "a.skops")


def test_pickle_is_never_read(tmp_path: Path) -> None:
    import pickle

    (tmp_path / "a.skops").write_bytes(pickle.dumps({"a": 1}))
    with pytest.raises(DataError):
        skops.read(tmp_path / "a.skops")


def test_what_numpy_leaves_between_fields_is_cleared() -> None:
    kind = np.dtype({"names": ["a", "b"], "formats": ["u1", "<f8"], "offsets": [0, 8], "itemsize": 16})
    contents = []
    for filler in (0, 255):
        records = np.full(64, filler, dtype=np.uint8).view(kind)
        records["a"], records["b"] = 1, 2.5
        target = io.BytesIO()
        np.save(target, records)
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as made:
            made.writestr("140.npy", target.getvalue())
            made.writestr("schema.json", '{"__loader__": "NdArrayNode", "__id__": 7, "file": "140.npy"}')
        contents.append(skops.canonical_archive(archive.getvalue()))
    assert contents[0] == contents[1]
