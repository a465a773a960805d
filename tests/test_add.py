"""`govern add`: everything checked first, nothing overwritten, and a failure leaves no trace."""

from __future__ import annotations

import json
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


def source(root: Path, name: str, text: str, encoding: str = "utf-8") -> str:
    """A file that git knows, so that nothing is left for DVC to do; what DVC does is asked for files that it gets."""
    (root / "data" / name).write_text(text, encoding=encoding)
    known_to_git(root, f"data/{name}")
    return f"data/{name}"


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
    assert result.undeclared == ()


def test_what_is_taken_for_private_is_told_from_what_the_draft_declares(root: Path) -> None:
    lines = [f"0151 2345{i:03d},{1950 + i % 40}-03-{i % 28 + 1:02d},{'ab'[i % 2]}" for i in range(80)]
    path = source(root, "pupils.csv", "\n".join(["phone,birth_date,label", *lines]) + "\n")
    result = add(root, path, name="pupils", target="label")
    assert [column.name for column in result.private] == ["phone", "birth_date"]
    (line,) = [line for line in commands.described(result) if line.startswith("Taken for private")]
    assert line.endswith("declared so by nobody: birth_date.")
    drafted = (root / "expectations" / "pupils" / "columns.yaml").read_text(encoding="utf-8")
    assert drafted.count("# taken for private: ") == drafted.count("# private: ") == 1
    columns = read_columns(root / "expectations" / "pupils" / "columns.yaml", "columns.yaml")
    assert [column.resolved_role for column in columns][:2] == [Role.PRIVATE, Role.FEATURE]


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


def test_a_folder_of_train_and_test_files_is_told_to_be_pooled(root: Path) -> None:
    (root / "data" / "both").mkdir()
    text = (root / "data" / "people.csv").read_text(encoding="utf-8")
    for name in ("train.csv", "test.csv"):
        source(root, f"both/{name}", text)
    (said,) = [line for line in add(root, "data/both", name="pooled", format="csv").said if "pooled" in line]
    options = "--split train=data/both/train.csv --split test=data/both/test.csv"
    assert said.startswith("files of data/both/ are called 'train', 'test', and their rows are pooled;")
    assert options in said
    splits = {name: Path(f"data/both/{name}.csv") for name in ("train", "test")}
    apart = add(root, None, name="apart", splits=splits)
    assert set(apart.splits) == {"train", "test"}
    assert "pooled" not in "\n".join(apart.said)


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
        "--format: must be 'csv'",
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
    message = refused(root, "the first line looks like data", path="data/adult.csv", target="income")
    assert "pass --columns name1,name2,name3,name4; when it is one, pass --header" in message
    message = refused(root, "1 problem:", path="data/adult.csv", target="income", header=True)
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
    assert "problems" not in message, "one mistake is one problem"
    message = refused(root, "3 problems", time="dya", target="lable")
    assert "--time dya: there is no such column" in message
    assert "did you mean 'label'?" in message


def test_a_file_outside_the_repository_is_refused_with_advice(root: Path) -> None:
    outside = root.parent / "outside.csv"
    outside.write_text(PEOPLE, encoding="utf-8")
    message = refused(root, "lies outside repository/", path=str(outside))
    assert f"copy it below {root / 'data'}" in message
    refused(root, "lies outside", path="../outside.csv")
    refused(root, "is the workspace itself", path=".")


MESSY = "kunde;preis;menge;datum;stadt;kauf\n" + "".join(
    f"K{i};{i % 7},{i % 10}5;{i % 4};{1 + i % 28:02d}.03.2024;{'Köln' if i % 2 else 'Bonn'};{'ja' if i % 3 else 'nein'}\n"
    for i in range(90)
)  # fmt: skip


def test_a_german_file_is_read_as_it_was_meant(root: Path) -> None:
    source(root, "messy.csv", MESSY, "latin-1")
    message = refused(root, "is not utf-8", DataError, path="data/messy.csv")
    assert "pass --encoding cp1252, or --encoding latin-1" in message
    assert "read:" not in message
    result = add(root, "data/messy.csv", encoding="latin-1", target="kauf")
    said = "\n".join(result.said)
    assert "read.separator: ';', because it divides every line into 6 cells and ',' does not; pass --separator" in said
    assert "read.decimal: ',', because cells of 'preis' are numbers with a decimal comma; pass --decimal ." in said
    assert "read.date_format: '%d.%m.%Y', because dates of 'datum' can be read in no other way" in said
    read = Workspace(root).dataset("people").data.read
    assert (read.separator, read.decimal, read.encoding) == (";", ",", "latin-1")
    columns = {c.name: c.type for c in read_columns(root / "expectations/people/columns.yaml", "columns.yaml")}
    assert (columns["preis"], columns["menge"], columns["datum"]) == ("number", "integer", "date")


DATED = "tag,wert,kauf\n" + "".join(f"{{}},{i % 7},{'ja' if i % 3 else 'nein'}\n" for i in range(60))


def dated(root: Path, days: list[str]) -> str:
    text = DATED.format(*(days[i % len(days)] for i in range(60)))
    return source(root, "dated.csv", text)


@pytest.mark.parametrize(
    ("days", "form"),
    [
        (["31.12.2023", "01.02.2024"], "%d.%m.%Y"),
        (["31/12/2023", "01/02/2024"], "%d/%m/%Y"),
        (["12/31/2023", "01/02/2024"], "%m/%d/%Y"),
        (["2023/12/31", "2024/02/01"], "%Y/%m/%d"),
    ],
)
def test_the_latest_are_the_latest_however_dates_are_written(root: Path, days: list[str], form: str) -> None:
    add(root, dated(root, days), time="tag", target="kauf", test_share=0.4)
    assert Workspace(root).dataset("people").data.read.date_format == form
    observed = observe("people", Workspace(root).dataset("people"), root, root / "expectations/people")
    assert {row["split"]: str(row["tag"]) for row in observed.frame.iter_rows(named=True)}["test"] >= "2024-01-02"


@pytest.mark.parametrize("days", [["03/04/2023", "05/06/2024"], ["31/12/2023", "12/31/2023"]])
def test_time_that_cannot_be_read_divides_nothing(root: Path, days: list[str]) -> None:
    path = dated(root, days)
    refused(root, "holds text, whose order is not that of time", DataError, path=path, time="tag", target="kauf")


def test_a_way_to_write_dates_that_is_said_is_taken(root: Path) -> None:
    path = dated(root, ["03/04/2023", "05/06/2024"])
    add(root, path, time="tag", target="kauf", date_format="%d/%m/%Y")
    assert Workspace(root).dataset("people").data.read.date_format == "%d/%m/%Y"
    refused(root, "--date-format", path=path, name="other", date_format="%d.%b.%y")


@pytest.mark.parametrize(
    ("text", "separator"),
    [
        ("a|b\n1|x\n2|y\n", "|"),
        ("a\tb\n1\tx\n2\ty\n", "\t"),
        ("a;b\n1,5;2,5\n1,0;2,0\n", ";"),
        ('a;b\n"x;y";1\n"z";2\n', ";"),
        ("text\nhello; world\nbye\n", None),
        ("a,b\n1;2,x\n3;4,y\n", None),
        ("a;b|c\n1;2|3\n4;5|6\n", None),
        ("a;b\n1;2;3\n", None),
    ],
)
def test_a_separator_is_taken_only_when_it_divides_every_line(root: Path, text: str, separator: str | None) -> None:
    source(root, "odd.csv", text)
    add(root, "data/odd.csv")
    assert Workspace(root).dataset("people").data.read.separator == separator


@pytest.mark.parametrize(
    ("cells", "decimal", "sentence"),
    [
        (["1,5", "2", "-0,25", "3,0"], ",", "numbers with a decimal comma"),
        (["1,500", "2,000", "12"], ".", "digits, a comma and three digits"),
        (["1.500,5", "2.000,25", "3,5"], ",", "read.thousands: '.'"),
        (["1,500.5", "2,000.25", "3.5"], ".", "read.thousands: ','"),
        (["1,2", "x", "3,4"], ".", ""),
    ],
)
def test_what_a_comma_means(root: Path, cells: list[str], decimal: str, sentence: str) -> None:
    rows = "".join(f"r{i};{cell}\n" for i, cell in enumerate(cells * 5))
    source(root, "odd.csv", "name;size\n" + rows)
    said = "\n".join(add(root, "data/odd.csv").said)
    assert Workspace(root).dataset("people").data.read.decimal == decimal
    assert sentence in said
    if not sentence:
        assert "'size'" not in said


def test_a_column_in_two_notations_is_named_once(root: Path) -> None:
    rows = "".join(f"{i}.234,5;{i},5\n" for i in range(1, 60)) + "1,234.5;2,5\n"
    source(root, "odd.csv", "size;other\n" + rows)
    said = [line for line in add(root, "data/odd.csv", separator=";").said if "'size'" in line]
    assert len(said) == 1
    assert "written in more than one way" in said[0]


def test_dates_without_a_declared_time_are_pointed_out(root: Path) -> None:
    path = dated(root, ["2023-12-31", "2024-02-01"])
    said = "\n".join(add(root, path, target="kauf").said)
    assert "'tag' holds dates and is a feature: pass --time when one says when a row is from" in said
    assert "in columns.yaml, or `ignored` when it is only known afterwards;" in said
    assert "holds dates" not in "\n".join(add(root, path, name="other", target="kauf", time="tag").said)


def test_two_decimal_marks_in_one_file_are_told(root: Path) -> None:
    source(root, "odd.csv", "a;b\n" + "1,5;2.5\n2,5;3.5\n" * 9)
    result = add(root, "data/odd.csv")
    assert "numbers of 'a' have a decimal comma, those of 'b' a point" in "\n".join(result.said)
    source(root, "other.csv", "a;b\n" + "1,5;2\n2,5;3\n" * 9)
    add(root, "data/other.csv", name="other", decimal=".")
    assert Workspace(root).dataset("other").data.read.decimal == "."


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("1,2.5,oak\n2,3.5,elm\n3,4.5,oak\n" * 9, True),
        ("oak,elm\nelm,elm\noak,elm\n", True),
        ("2020,2021\n" + "1,2\n3,4\n" * 5, True),
        ("country,2020,2021\n" + "".join(f"c{i},{i},2\n" for i in range(9)), False),
        ("oak,size\noak,1\nelm,2\n", False),
    ],
)
def test_a_first_line_that_looks_like_data(root: Path, text: str, refusal: bool) -> None:
    source(root, "bare.csv", text)
    if refusal:
        message = refused(root, "looks like data", path="data/bare.csv")
        assert "read" not in message
        width = text.split("\n")[0].count(",") + 1
        add(root, "data/bare.csv", name="named", columns=tuple(f"name{i}" for i in range(1, width + 1)))
    add(root, "data/bare.csv", header=True)


def test_repeated_names_are_told_with_the_option_for_files_without_a_header(root: Path) -> None:
    source(root, "bare.csv", "1,1,oak\n2,3,elm\n")
    message = refused(root, "stand there more than once", UsageError, path="data/bare.csv")
    assert "Without a header line, pass --columns name1,name2" in message


def test_a_target_with_gaps_is_seen_by_whoever_adds_it_and_whoever_reads_the_drafts(root: Path) -> None:
    rows = "".join(f"{i},{'' if i % 10 == 0 else 'ab'[i % 2]}\n" for i in range(80))
    source(root, "gaps.csv", "size,label\n" + rows)
    result = add(root, "data/gaps.csv", target="label")
    assert "label is missing in 8 of 80 rows, which can neither train nor test" in "\n".join(result.said)
    drafted = (root / "expectations" / "people" / "schema.py").read_text(encoding="utf-8")
    assert "# 8 of 80 rows have no label: take `nullable` out once they are labelled or gone" in drafted
    suite = json.loads((root / "expectations" / "people" / "suite.json").read_text(encoding="utf-8"))
    (rule,) = [e for e in suite["expectations"] if e["type"].endswith("not_be_null")]
    assert (rule["severity"], rule["kwargs"]) == ("warning", {"column": "label"})


def test_lists_in_json_lines_are_kept_as_text(root: Path) -> None:
    rows = "".join(json.dumps({"text": f"t {i}", "tags": ["a", i, {"b": 1.50}]}) + "\n" for i in range(30))
    source(root, "tagged.jsonl", rows)
    result = add(root, "data/tagged.jsonl", target="tags", task=Task.MULTI_LABEL)
    assert "cells of 'tags' hold lists or objects and are kept as JSON text" in "\n".join(result.said)
    workspace = Workspace(root)
    seen = observe("people", workspace.dataset("people"), root, workspace.contract("people"))
    assert '["a",7,{"b":1.5}]' in seen.frame["tags"]


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("place", ["", "below"])
def test_the_step_back_that_is_printed_leaves_nothing(
    root: Path, known: bool, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if known:
        known_to_git(root, "data")
    (root / "below").mkdir()
    before = contents(root)
    monkeypatch.chdir(root / place)
    path = "../data/people.csv" if place else "data/people.csv"
    printed = run("add", path, "--name", "people", "--target", "label").output
    below = "../" if place else ""
    head, found, back = printed.partition(f"To take it back, delete the lines above from {below}params.yaml, then:\n")
    assert found
    entry = head.partition("params.yaml:\n")[2].partition("Written:\n")[0]
    params = root / "params.yaml"
    text = params.read_text(encoding="utf-8")
    assert entry in text
    (root / "build" / "people").mkdir(parents=True)
    (root / "build" / "people" / "x").write_text("x", encoding="utf-8")
    for command in back.strip().splitlines():
        words = command.replace("dvc remove", f"{sys.executable} -m dvc remove")
        subprocess.run(["sh", "-c", words], cwd=root / place, check=True, capture_output=True)
    params.write_text(text.replace(entry, "").replace("datasets:\n", "datasets: {}\n", 1), encoding="utf-8")
    after = contents(root)
    assert after.pop("data/.gitignore", b"").strip() == b""
    assert after == before


def test_given_splits_may_have_groups_and_times(root: Path) -> None:
    folder = root / "data" / "two"
    folder.mkdir()
    for split in ("train", "test"):
        (folder / f"{split}.csv").write_text(PEOPLE, encoding="utf-8")
    known_to_git(root, "data/two")
    splits = {split: Path(f"data/two/{split}.csv") for split in ("train", "test")}
    result = add(root, None, splits=splits, target="label", group="grp", time="day")
    data = read_yaml(root / "params.yaml")["datasets"]["people"]["data"]
    assert data["split"] == {"method": "files", "files": {"train": "train.csv", "test": "test.csv"}}
    assert data["roles"] == {"group": ["grp"], "timestamp": ["day"]}
    assert result.splits == {"train": 80, "test": 80}
    message = refused(root, "divided by one of them", path=None, splits=splits, name="b", split_column="grp")
    assert "--split-column" in message


def test_a_column_may_name_the_splits(root: Path) -> None:
    rows = "".join(f"{i},{'train' if i % 4 else 'test'}\n" for i in range(80))
    source(root, "named.csv", "size,split\n" + rows)
    message = refused(root, "--split-column split", path="data/named.csv", target="sizes")
    assert "method" not in message
    assert "--target sizes: there is no such column; there are: size, split; did you mean 'size'?" in message
    assert add(root, "data/named.csv", split_column="split").splits == {"train": 60, "test": 20}


def test_neither_or_both_of_path_and_splits(root: Path) -> None:
    refused(root, "give either PATH, or --split", path=None)
    refused(root, "give either PATH, or --split", splits={"train": Path("data/people.csv")})


def test_bad_data_changes_nothing(root: Path) -> None:
    (root / "data" / "bad.csv").write_text("a,b\n1\n", encoding="utf-8")
    refused(root, "do not have 2 cells", DataError, path="data/bad.csv")


def test_a_failure_of_dvc_takes_back_what_was_written(root: Path) -> None:
    shutil.rmtree(root / ".dvc")
    refused(root, "dvc add data/people.csv failed, so nothing was changed: ERROR: .*not inside of a DVC repository")
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


def test_a_pointer_that_git_would_not_see_is_refused_with_the_rule(root: Path) -> None:
    with (root / ".gitignore").open("a", encoding="utf-8") as rules:
        rules.write("data/\n")
    line = len((root / ".gitignore").read_text(encoding="utf-8").splitlines())
    refused(root, rf"git ignores data/people.csv.dvc.*\(.gitignore:{line}: data/\): take that line out")


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
        "dvc repro && govern status people",
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


def test_the_index_that_pandas_saved_is_named_as_the_likely_cause(root: Path) -> None:
    (root / "data" / "people.csv").write_text(",b,y\n0,1.5,no\n1,2.5,yes\n", encoding="utf-8")
    message = refused(root, "no name for column 1 of 3", target="y")
    assert "index=False" in message
    assert "pass --columns" in message


def test_notes_are_not_counted_as_problems(root: Path) -> None:
    message = refused(root, "note: ", path="data/adult.csv", columns=COLUMNS, target="income", sensitive=("sexx",))
    assert message.startswith("1 problem:\n  - "), message
    assert "sexx" in message.splitlines()[1]


def test_what_short_words_were_taken_for_is_said(root: Path) -> None:
    verbs, ends = ("please play", "stop", "find", "can you find"), ("again", "in the kitchen", "for me", "now")
    songs = [f"{one}{two}{three}" for one in "bdfgk" for two in "aeiou" for three in "mnrst"]
    lines = [
        f"{verbs[n % 4]} {song} {ends[n // 4 % 4]},Ann {song.title()} Berg,{n % 2}" for n, song in enumerate(songs)
    ]
    (root / "data" / "people.csv").write_text("asked,who,y\n" + "\n".join(lines) + "\n", encoding="utf-8")
    said = add(root, target="y").said
    assert any(line.startswith("'asked' was taken for a text") and "`type: string`" in line for line in said), said
    assert any(
        line.startswith("'who' was taken for names of several words") and "`type: text`" in line for line in said
    )
