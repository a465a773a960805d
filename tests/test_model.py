from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from governance.dataset import Task
from governance.errors import DataError
from governance.model import FORMS, Model, TrainingInfo, read_training_info

RIDGE = "sklearn.linear_model.Ridge"


def problems(**declared: object) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        Model.model_validate(declared)
    return [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in caught.value.errors()]


@pytest.mark.parametrize(
    ("form", "value"),
    [("estimator", RIDGE), ("onnx", "models/a.onnx"), ("skops", "a.skops"), ("predictions", "out/p.csv")],
)
def test_each_form(form: str, value: str) -> None:
    model = Model.model_validate({"dataset": "toy", form: value})
    assert model.form == form
    assert model.path == (None if form == "estimator" else value)
    assert form in FORMS


def test_parameters_keep_their_types() -> None:
    model = Model(dataset="toy", estimator=RIDGE, parameters={"a": 1, "b": True, "c": 1.5, "d": None, "e": [1, "x"]})
    assert [type(value) for value in model.parameters.values()] == [int, bool, float, type(None), list]


def test_all_problems_at_once() -> None:
    found = problems(dataset="D!", estimator="os.System", onnx="../x.bin", parametrs={}, key="")
    assert len(found) == 7
    text = "\n".join(found)
    for part in ("dataset", "os.System", "leaves the workspace", "parametrs", "exactly one of", "`key` belongs to"):
        assert part in text


@pytest.mark.parametrize(
    "path",
    ["os.system", "subprocess.Popen", "sklearnx.linear.Ridge", "sklearn.linear_model.ridge", "Ridge", "sklearn..Ridge",
     "sklearn.linear_model.Ridge\n", "sklearn.linear_model.Ridge()"],
)  # fmt: skip
def test_only_classes_of_allowed_packages(path: str) -> None:
    assert problems(dataset="toy", estimator=path)


@pytest.mark.parametrize("path", ["/etc/x.onnx", "../x.onnx", "a/../../x.onnx", "~/x.onnx", "C:\\x.onnx", "x.pkl", ""])
def test_paths_stay_inside_and_have_the_right_ending(path: str) -> None:
    assert problems(dataset="toy", onnx=path)


def test_no_form_and_misplaced_keys() -> None:
    assert "this one has none" in problems(dataset="toy")[0]
    assert "`parameters` belongs" in problems(dataset="toy", onnx="a.onnx", parameters={"a": 1})[0]
    assert "finite" in problems(dataset="toy", estimator=RIDGE, parameters={"alpha": float("nan")})[0]
    assert "finite" in problems(dataset="toy", estimator=RIDGE, parameters={"alpha": [1.0, float("inf")]})[0]


def test_braces_in_a_value_do_not_break_the_message() -> None:
    assert any("{x}" in line for line in problems(dataset="toy", estimator="{x}"))


def test_training_info_survives_its_file(tmp_path: Path) -> None:
    info = TrainingInfo(
        dataset="toy", snapshot_digest="sha256:a", task=Task.REGRESSION, target="y", form="onnx", description="d",
        model_digest="sha256:b", predictions_digest="sha256:c", rows={"test": 3, "train": 5}, held_out=("test",),
    )  # fmt: skip
    path = tmp_path / "predictions.json"
    path.write_text(info.to_json(), encoding="utf-8")
    assert read_training_info(path) == info


def test_training_info_missing_or_damaged(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="dvc repro"):
        read_training_info(tmp_path / "predictions.json")
    for text in ("{", "[]", '{"dataset": 3}'):
        (tmp_path / "predictions.json").write_text(text, encoding="utf-8")
        with pytest.raises(DataError, match="cannot be read"):
            read_training_info(tmp_path / "predictions.json")


def test_light() -> None:
    import subprocess
    import sys

    code = "import governance.model, sys; print([m for m in ('numpy', 'polars', 'sklearn') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
