"""`govern add`: everything checked first, nothing overwritten, and a failure leaves no trace."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from governance.cli import add as commands
from governance.config import Workspace
from governance.contract import read_columns
from governance.dataset import Role, Task
from governance.documents.answers import read_answers
from governance.errors import DataError, UsageError
from governance.onboarding.adding import AddResult, add_dataset, draft_missing
from governance.onboarding.adding_request import AddRequest
from governance.onboarding.drafting import observe
from governance.onboarding.scaffold import carry_out, plan
from governance.yaml_files import read_yaml

ADULT = "".join(
    f"{20 + i % 50}, {'?' if i % 9 == 0 else 'Private'}, {'Male' if i % 3 else 'Female'}, {'no' if i % 4 else 'yes'}\n"
    for i in range(120)
)
COLUMNS = ("age", "workclass", "sex", "income")
PEOPLE = "id,mail,height,grp,day,label\n" + "".join(
    f"{7000 + i},p{i}@example.org,{150 + i % 40},g{i % 10},2020-01-{1 + i % 28:02d},{'ab'[i % 2]}\n" for i in range(80)
)


def git(folder: Path, *words: str) -> str:
    return subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository as `govern init` leaves it, with two data files."""
    root = tmp_path_factory.mktemp("fresh") / "repository"
    (root / "data").mkdir(parents=True)
    git(root, "init", "-q")
    carry_out(plan(root))
    (root / "data" / "adult.csv").write_text(ADULT, encoding="utf-8")
    (root / "data" / "people.csv").write_text(PEOPLE, encoding="utf-8")
    return root


@pytest.fixture
def root(fresh: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "repository"
    shutil.copytree(fresh, folder)
    monkeypatch.chdir(folder)
    return folder


def known_to_git(root: Path, *paths: str) -> None:
    git(root, "add", "--force", *paths)


def add(root: Path, path: str | None = "data/people.csv", **rest: Any) -> AddResult:
    request = AddRequest(**({"name": "people", "path": Path(path) if path else None} | rest))
    return add_dataset(Workspace(root), request)


def contents(root: Path) -> dict[str, bytes]:
    """Every file outside git's and DVC's own folders."""
    files = (p for p in root.rglob("*") if p.is_file() and not {".git", ".dvc"} & set(p.relative_to(root).parts[:1]))
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


def refused(root: Path, match: str, kind: type[Exception] = UsageError, **rest: Any) -> str:
    """The message of a refusal that changed nothing."""
    before = contents(root)
    with pytest.raises(kind, match=match) as caught:
        add(root, **rest)
    assert contents(root) == before
    return str(caught.value)


def test_a_file_without_header_with_spaces_and_question_marks(root: Path) -> None:
    before = (root / "params.yaml").read_text(encoding="utf-8")
    result = add(root, "data/adult.csv", name="adult", target="income", sensitive=("sex",), columns=COLUMNS)
    after = (root / "params.yaml").read_text(encoding="utf-8")
    assert after.startswith(before.partition("datasets:")[0])
    assert after.endswith(before.partition("datasets: {}\n")[2])
    data = Workspace(root).dataset("adult").data
    assert (data.path, data.task, data.target) == ("data/adult.csv", Task.CLASSIFICATION, "income")
    assert data.read.strip
    assert data.read.na_values == ("", "?")
    assert data.read.columns == COLUMNS
    assert data.roles == {Role.SENSITIVE: ("sex",)}
    said = "\n".join(result.said)
    assert "read.strip: true" in said
    assert "'?' is taken for missing: 14 cells of 'workclass'" in said
    assert "task: classification, because income has 2 different values" in said
    assert result.tracked == "data/adult.csv is now under DVC: data/adult.csv.dvc"
    assert (root / "data" / "adult.csv.dvc").is_file()
    assert "/adult.csv" in (root / "data" / ".gitignore").read_text(encoding="utf-8")
    assert dict(read_answers(root / "answers" / "adult.yaml").given) == {}
    columns = {c.name: c for c in read_columns(root / "expectations" / "adult" / "columns.yaml", "columns.yaml")}
    assert list(columns) == list(COLUMNS)
    assert result.rows == 120
    assert set(result.splits) == {"train", "test"}


def test_the_source_that_git_knows_is_left_to_git(root: Path) -> None:
    known_to_git(root, "data/people.csv")
    result = add(root, target="label", identifiers=("id",))
    assert result.tracked == "data/people.csv is known already: git"
    assert not (root / "data" / "people.csv.dvc").exists()
    assert {column.name for column in result.private} == {"id", "mail"}


def test_the_output_of_a_stage_is_left_to_dvc(root: Path) -> None:
    (root / "own").mkdir()
    (root / "own" / "dvc.yaml").write_text(
        "stages:\n  prepare:\n    cmd: cp ../data/people.csv clean.csv\n    deps: [../data/people.csv]\n"
        "    outs: [clean.csv]\n",
        encoding="utf-8",
    )
    subprocess.run(
        [sys.executable, "-m", "dvc", "repro", "-q", "own/dvc.yaml"], cwd=root, check=True, capture_output=True
    )
    result = add(root, "own/clean.csv", target="label")
    assert result.tracked == "own/clean.csv is known already: dvc.lock (stage prepare)"
    assert not (root / "own" / "clean.csv.dvc").exists()


def test_every_option_reaches_the_entry(root: Path) -> None:
    known_to_git(root, "data")
    (root / "my.json").write_text("{}", encoding="utf-8")
    add(
        root, name="all_options", target="height", task=Task.NONE, identifiers=("id",), group="grp", time="day",
        na=("x",), strip=True, separator=",", encoding="utf-8", decimal=".", format="csv", test_share=0.3,
        schema="my.models:People", suite="my.json",
    )  # fmt: skip
    data = read_yaml(root / "params.yaml")["datasets"]["all_options"]["data"]
    assert data == {
        "path": "data/people.csv",
        "format": "csv",
        "read": {"separator": ",", "encoding": "utf-8", "decimal": ".", "na_values": ["", "x"], "strip": True},
        "split": {"method": "group", "column": "grp", "test": 0.3, "seed": 0},
        "task": "none",
        "target": "height",
        "roles": {"identifier": ["id"], "group": ["grp"], "timestamp": ["day"]},
        "schema": "my.models:People",
        "suite": "my.json",
    }
    assert sorted(p.name for p in (root / "expectations" / "all_options").iterdir()) == ["columns.yaml"]


def test_rows_are_split_by_time_or_not_at_all(root: Path) -> None:
    known_to_git(root, "data")
    add(root, name="by_time", time="day", test_share=0.25)
    add(root, name="undivided", test_share=0)
    datasets = read_yaml(root / "params.yaml")["datasets"]
    assert datasets["by_time"]["data"]["split"] == {"method": "time", "column": "day", "test": 0.25}
    assert datasets["undivided"]["data"]["split"] == {"method": "none"}


def test_a_long_entry_is_written_over_several_lines(root: Path) -> None:
    names = tuple(f"a column, with [odd] name {number}" for number in range(12))
    (root / "data" / "wide.csv").write_text(",".join("x" * 12) + "\n", encoding="utf-8")
    known_to_git(root, "data")
    result = add(root, "data/wide.csv", columns=names, separator=",")
    assert max(map(len, result.entry.splitlines())) <= 110
    assert Workspace(root).dataset("people").data.read.columns == names
    assert "no row fell into test" in "".join(result.said)


def test_the_drafted_contract_is_what_the_snapshot_accepts(root: Path) -> None:
    known_to_git(root, "data")
    add(root, target="label", identifiers=("id",))
    workspace = Workspace(root)
    seen = observe("people", workspace.dataset("people"), root, workspace.contract("people"))
    assert seen.manifest.types == "declared"
    assert seen.manifest.rows == 80


def test_several_files_in_a_folder_of_their_own(root: Path) -> None:
    folder = root / "data" / "two"
    folder.mkdir()
    for split in ("train", "test"):
        (folder / f"{split}[1].csv").write_text(PEOPLE, encoding="utf-8")
    splits = {split: Path(f"data/two/{split}[1].csv") for split in ("train", "test")}
    result = add(root, None, splits=splits, target="label")
    data = Workspace(root).dataset("people").data
    assert data.path == "data/two"
    assert data.split.files == {"train": "train[[]1].csv", "test": "test[[]1].csv"}
    assert result.splits == {"train": 80, "test": 80}
    assert result.tracked.endswith("data/two.dvc")


def test_several_files_among_others_are_refused_with_what_to_do(root: Path) -> None:
    splits = {"train": Path("data/people.csv")}
    message = refused(root, "holds other files too", path=None, splits=splits)
    assert "mkdir data/NAME && mv data/people.csv data/NAME/" in message
    shutil.copy(root / "data" / "people.csv", root)
    refused(root, "one folder of their own", path=None, splits={"train": Path("people.csv")})


def test_all_problems_of_a_request_are_told_at_once(root: Path) -> None:
    message = refused(root, "4 problems", name="Bad-Name", path="no.csv", suite="no.json", format="xls")
    for part in (
        "--name 'Bad-Name'",
        "no.csv does not exist",
        "--suite no.json: there is no such file",
        "format: Input",
    ):
        assert part in message
    message = refused(
        root, "4 problems", target="labl", sensitive=("sex",), group="id", identifiers=("id",), time="mail2"
    )
    assert (
        "--target labl: there is no such column; there are: id, mail, height, grp, day, label; did you mean 'label'?"
        in message
    )
    assert "id is given both as --id and as --group" in message


def test_a_wrong_target_shows_what_was_found_in_a_file_without_header(root: Path) -> None:
    message = refused(root, "problems", path="data/adult.csv", target="income")
    assert "pass --columns a,b,c" in message


@pytest.mark.parametrize(
    "file",
    [
        "expectations/people/columns.yaml",
        "expectations/people/schema.py",
        "expectations/people/suite.json",
        "answers/people.yaml",
    ],
)
def test_nothing_is_overwritten(root: Path, file: str) -> None:
    (root / file).parent.mkdir(parents=True, exist_ok=True)
    (root / file).write_text("mine", encoding="utf-8")
    refused(root, f"{file} exists already")


def test_a_dataset_is_added_once(root: Path) -> None:
    known_to_git(root, "data")
    add(root)
    message = refused(root, "has a dataset 'people' already")
    assert "govern draft people" in message


def test_a_file_outside_the_repository_is_refused_with_advice(root: Path) -> None:
    outside = root.parent / "outside.csv"
    outside.write_text(PEOPLE, encoding="utf-8")
    message = refused(root, "lies outside repository/", path=str(outside))
    assert f"copy it below {root / 'data'}" in message
    refused(root, "lies outside", path="../outside.csv")
    refused(root, "is the workspace itself", path=".")


def test_neither_or_both_of_path_and_splits(root: Path) -> None:
    refused(root, "give either PATH, or --split", path=None)
    refused(root, "give either PATH, or --split", splits={"train": Path("data/people.csv")})


def test_bad_data_changes_nothing(root: Path) -> None:
    (root / "data" / "bad.csv").write_text("a,b\n1\n", encoding="utf-8")
    refused(root, "do not have 2 cells", DataError, path="data/bad.csv")


def test_a_failure_of_dvc_takes_back_what_was_written(root: Path) -> None:
    shutil.rmtree(root / ".dvc")
    refused(root, "dvc add data/people.csv failed, so nothing was changed")
    assert not (root / "expectations" / "people").exists()


def test_a_full_disk_midway_takes_back_what_was_written(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from governance import files
    from governance.onboarding import undo

    calls: list[Path] = []

    def failing(path: Path, content: str | bytes) -> None:
        calls.append(path)
        if len(calls) == 3:
            raise OSError(28, "No space left on device")
        files.write_atomic(path, content)

    monkeypatch.setattr(undo, "write_atomic", failing)
    known_to_git(root, "data")
    refused(root, "No space left", OSError)
    assert len(calls) > 3


def test_a_file_in_a_folder_that_dvc_tracks_is_refused(root: Path) -> None:
    (root / "data.dvc").write_text("outs: []\n", encoding="utf-8")
    refused(root, r"lies in data/, which DVC tracks as a whole \(data.dvc\)")


def test_draft_writes_only_what_is_missing(root: Path) -> None:
    known_to_git(root, "data")
    add(root, target="label")
    workspace = Workspace(root)
    assert draft_missing(workspace, "people") == ()
    kept = root / "expectations" / "people" / "columns.yaml"
    kept.write_text(kept.read_text(encoding="utf-8").replace("type: integer", "type: number"), encoding="utf-8")
    before = kept.read_bytes()
    (root / "expectations" / "people" / "schema.py").unlink()
    (root / "answers" / "people.yaml").unlink()
    assert draft_missing(workspace, "people") == ("answers/people.yaml", "expectations/people/schema.py")
    assert kept.read_bytes() == before
    assert "height: float" in (root / "expectations" / "people" / "schema.py").read_text(encoding="utf-8")


def run(*words: str) -> Any:
    app = typer.Typer()
    commands.register(app)
    return CliRunner().invoke(app, list(words), catch_exceptions=True)


def test_the_command_says_what_it_did_and_what_comes_next(root: Path) -> None:
    known_to_git(root, "data")
    result = run("add", "data/people.csv", "--name", "people", "--target", "label", "--id", "id")
    assert result.exit_code == 0, result.exception
    for part in (
        "people: 80 rows (train ",
        "task: classification, because label has 2 different values",
        "Added to params.yaml:",
        "  expectations/people/columns.yaml",
        "Source: data/people.csv is known already: git",
        "  id: role identifier",
        "  mail: its name suggests personal data"
        if "its name" in result.output
        else "  mail: looks like e-mail addresses",
        "dvc repro documents@people && govern status people",
    ):
        assert part in result.output
    assert "p1@example.org" not in result.output
    assert run("draft", "people").output == "people has all of its files; nothing was written\n"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["add", "data/people.csv"], "--name is missing"),
        (["add", "data/people.csv", "--name", "people", "--task", "guess"], "--task guess: there are: classification"),
        (["add", "data/people.csv", "--name", "people", "--test-share", "1"], "--test-share 1.0"),
        (["add", "--name", "people", "--split", "data/people.csv"], "give NAME=FILE"),
        (["draft", "nobody"], "params.yaml has no dataset 'nobody'"),
    ],
)
def test_usage_mistakes(root: Path, words: list[str], message: str) -> None:
    result = run(*words)
    assert isinstance(result.exception, UsageError)
    assert message in str(result.exception)


def test_a_column_name_cannot_steer_the_terminal(root: Path) -> None:
    (root / "data" / "odd.csv").write_text("a\x1b[31m,b\n" + "1,?\n2,x\n" * 10, encoding="utf-8")
    known_to_git(root, "data")
    result = run("add", "data/odd.csv", "--name", "odd", "--id", "a\x1b[31m")
    assert result.exit_code == 0, result.exception
    assert "\x1b" not in result.output


def test_a_folder_of_images(root: Path) -> None:
    from PIL import Image

    for number in range(24):
        folder = root / "data" / "digits" / str(number)
        folder.mkdir(parents=True)
        Image.new("L", (4, 4), number).save(folder / "a.png")
    known_to_git(root, "data")
    result = add(root, "data/digits", target="label")
    assert "task: classification, because label is the name of the folder that holds an image" in result.said[0]
    columns = read_columns(root / "expectations" / "people" / "columns.yaml", "columns.yaml")
    assert [(column.name, column.type.value) for column in columns] == [("image", "image"), ("label", "category")]
