"""The target of `govern add`: what nothing can be learned from is refused at once, and folders of images bring their own."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from governance.dataset import DataConfig, Format, Task
from governance.errors import DataError, UsageError
from governance.onboarding.adding_request import AddRequest, settings
from governance.onboarding.drafting_target import target_of_images
from governance.onboarding.preparing import Prepared, prepare


def prepared(root: Path, text: str, **rest: object) -> Prepared:
    (root / "t.csv").write_text(text, encoding="utf-8")
    request = AddRequest(name="t", path=root / "t.csv", **rest)  # type: ignore[arg-type]
    return prepare(request, {"path": "t.csv", **settings(request)}, root, root / "expectations" / "t")


def rows(cells: list[str]) -> str:
    return "a,y\n" + "".join(f"{i * 7 % 13},{cell}\n" for i, cell in enumerate(cells))


@pytest.mark.parametrize(
    ("cells", "rest", "said"),
    [
        (["1"] * 20, {}, "--target y: all of the 20 values are the same"),
        (["x"] * 20, {"task": Task.CLASSIFICATION}, "--target y: all of the 20 values are the same"),
        ([""] * 20, {}, "--target y: none of the 20 rows has a value there"),
        ([""] * 20, {"task": Task.RANKING}, "--target y: none of the 20 rows has a value there"),
        (
            ["yes", "no"] * 10,
            {"task": Task.REGRESSION},
            "--task regression needs a target of numbers, and y is category",
        ),
        (["1"], {}, "--target y: the data has 1 row"),
    ],
)
def test_a_target_that_cannot_work_is_refused(
    tmp_path: Path, cells: list[str], rest: dict[str, Task], said: str
) -> None:
    with pytest.raises(UsageError) as caught:
        prepared(tmp_path, rows(cells), target="y", **rest)
    assert said in str(caught.value)
    assert "--target" in str(caught.value).partition(said)[2] or "--task" in str(caught.value).partition(said)[2]


def test_a_target_that_can_hardly_be_meant_is_warned_of(tmp_path: Path) -> None:
    result = prepared(tmp_path, rows([f"v{i}" for i in range(20)]), target="y")
    assert any(s.startswith("warning: y has 20 classes in 20 rows") for s in result.said)
    result = prepared(tmp_path, rows(["0", "1"] * 10), target="y", task=Task.REGRESSION)
    assert any(s.startswith("warning: y has 2 different values") for s in result.said)
    result = prepared(tmp_path, rows(["0", "1"] * 10), target="y")
    assert not any(s.startswith("warning") for s in result.said)


def folders(names: list[str | None], **rest: object) -> tuple[str | None, list[str]]:
    frame = pl.DataFrame({"label": names}, schema={"label": pl.String})
    return target_of_images(frame, Format.IMAGE_FOLDER, AddRequest(name="t", **rest))  # type: ignore[arg-type]


def test_a_folder_per_class_is_the_target_unless_told_otherwise() -> None:
    target, said = folders(["circle", "square", "circle"])
    assert target == "label"
    assert "target: label, the name of the folder that holds an image: 2 classes; pass --task none" in said[0]
    assert folders(["circle", "square"], task=Task.NONE) == (None, [])
    assert folders(["circle", "square"], target="label") == ("label", [])
    assert "all images lie in one folder" in folders([None, None])[1][0]
    assert "all images lie in one folder" in folders(["x", "x"])[1][0]
    target, said = folders(["train", "test"])
    assert target is None
    assert "named like splits (test, train)" in said[0]


def test_an_image_folder_is_declared_as_classification(tmp_path: Path) -> None:
    from PIL import Image

    for number in range(12):
        folder = tmp_path / "shapes" / ("circle" if number % 2 else "square")
        folder.mkdir(parents=True, exist_ok=True)
        Image.new("L", (4, 4), number).save(folder / f"{number}.png")
    request = AddRequest(name="t", path=tmp_path / "shapes")
    result = prepare(request, {"path": "shapes", **settings(request)}, tmp_path, tmp_path / "expectations" / "t")
    data = DataConfig.model_validate(result.entry)
    assert (data.task, data.target) == (Task.CLASSIFICATION, "label")
    assert "label" in [column.name for column in result.observed.manifest.columns]


def test_both_signs_of_a_missing_header_are_refused_alike(tmp_path: Path) -> None:
    data = "".join(f"{i % 50},{i % 7},{i % 3},x\n" for i in range(40))
    for first, otherwise in (("51,6,2,x\n", "pass --header"), ("4,4,2,x\n", "give each column a name of its own")):
        with pytest.raises(UsageError) as caught:
            prepared(tmp_path, first + data)
        assert f"Without a header line, pass --columns name1,name2,name3,name4; when it is one, {otherwise}" in str(
            caught.value
        )


def test_the_encoding_of_a_byte_order_mark_is_named_as_an_option(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes("a,y\n1,x\n2,z\n".encode("utf-16"))
    request = AddRequest(name="t", path=tmp_path / "t.csv")
    with pytest.raises(DataError, match="byte order mark of UTF-16; pass --encoding utf-16"):
        prepare(request, {"path": "t.csv", **settings(request)}, tmp_path, tmp_path / "expectations" / "t")


def test_spellings_of_one_class_are_asked_about(tmp_path: Path) -> None:
    cells = (["no", "yes"] * 40 + ["no"] * 10) + ["Yes", " no", "Yes", "JA"]
    said = prepared(tmp_path, rows(cells), target="y").said
    (question,) = (sentence for sentence in said if sentence.startswith("warning: y has"))
    assert question.startswith(
        "warning: y has 5 values: 'no' 50, 'yes' 40, 'Yes' 2, ' no' 1, 'JA' 1; 'no' and ' no', 'yes' and 'Yes' and 'JA'"
    )
    assert "Are these 2 classes?" in question
    assert "--strip" in question


@pytest.mark.parametrize("cells", [["a", "b"], ["1", "2", "1.0"], ["yes", "no", "perhaps"], ["-", "+", "x"]])
def test_classes_that_differ_are_not_asked_about(tmp_path: Path, cells: list[str]) -> None:
    said = prepared(tmp_path, rows(cells * 20), target="y").said
    assert not any("look like one class" in sentence for sentence in said)


def test_a_private_target_shows_no_spelling(tmp_path: Path) -> None:
    cells = ["jo@x.org", "JO@x.org", "al@x.org"] * 20
    (question,) = (one for one in prepared(tmp_path, rows(cells), target="y").said if "look like one class" in one)
    assert "x.org" not in question
    assert question.startswith("warning: y has 3 values; some look like one class")


def test_what_no_target_means_is_said_unless_it_is_meant(tmp_path: Path) -> None:
    told = "no --target was given, so no labels are audited"
    assert any(told in sentence for sentence in prepared(tmp_path, rows(["x", "y"] * 10)).said)
    for rest in ({"target": "y"}, {"task": Task.NONE}):
        assert not any(told in sentence for sentence in prepared(tmp_path, rows(["x", "y"] * 10), **rest).said)
