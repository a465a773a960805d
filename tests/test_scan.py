"""`govern scan`: one file, no repository, a datasheet in a folder."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from governance.audit import names
from governance.cli import scan as command
from governance.errors import DataError, UsageError
from governance.evidence import Evidence, Level, Outcome
from governance.onboarding.adding_request import AddRequest
from governance.onboarding.scaffold_texts import PARAMS
from governance.onboarding.scan import DRAFTED, MARK, STAYS, Scanned, dataset_name, scan
from governance.yaml_files import parse_yaml

HEADER = "id,length,width,town,kind\n"
LINES = [
    f"{1000 + i},{10 + 5 * (i % 2) + (i * 7919 % 100) / 50},{(i * 104729 % 97) / 10},{'north' if i % 3 else '?'},"
    f"{'oak' if i % 2 else 'elm'}\n"
    for i in range(160)
]
DEFECTS = [LINES[0], LINES[0], LINES[5].replace("oak", "elm")]
"""Two exact repetitions, and a row that stands there with both labels."""


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> tuple[Scanned, Path, list[str]]:
    """A scan of a file with planted defects, its folder, and the steps it told of."""
    folder = tmp_path_factory.mktemp("scan")
    (folder / "Trees 2.csv").write_text(HEADER + "".join(LINES + DEFECTS), encoding="utf-8")
    steps: list[str] = []
    temporary = tmp_path_factory.mktemp("temporary")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(temporary))
        result = scan(request(folder), folder / "out", steps.append)
    assert list(temporary.glob("govern-*")) == []
    return result, folder, steps


def request(folder: Path, **rest: Any) -> AddRequest:
    given: dict[str, Any] = {"name": "trees_2", "path": folder / "Trees 2.csv", "target": "kind", "test_share": 0}
    return AddRequest(**(given | rest))


def test_every_audit_is_asked_once_and_the_reports_lie_in_the_folder(scanned: tuple[Scanned, Path, list[str]]) -> None:
    result, folder, steps = scanned
    audits = list(parse_yaml(PARAMS, "params.yaml")["audits"])
    assert set(audits) == set(names())
    assert steps == ["reading", "snapshot", "sketch", "signals", "inputs", *audits, "documents"]
    assert list(result.evidence) == [*audits, "answers"]
    asked = [result.evidence[name] for name in audits]
    # A scan has one split, nothing approved and no sensitive column, so those questions make no sense of it.
    other = {"drift", "label_consistency", "representation"}
    for item in asked:
        assert isinstance(item, Evidence)
        assert item.outcome is (Outcome.NOT_APPLICABLE if item.audit in other else Outcome.ASSESSED), item.reason
    assert result.manifest.rows == 163
    assert result.verdict.exit_code in {0, 3}
    out = folder / "out"
    for name in (
        "datasheet.md",
        "datasheet.html",
        "README.md",
        "verdict.json",
        "manifest.json",
        "expectations/schema.py",
    ):
        assert (out / name).stat().st_size > 100, name
    assert {path.stem for path in (out / "evidence").iterdir()} == set(audits)
    assert sorted(path.name for path in folder.iterdir()) == ["Trees 2.csv", "out"]


def test_planted_defects_come_first(scanned: tuple[Scanned, Path, list[str]]) -> None:
    result, _, _ = scanned
    assert any(finding.rule.startswith("duplicates/") for finding in result.worst)
    ranks = [finding.level.rank for finding in result.worst]
    assert ranks == sorted(ranks, reverse=True)
    assert len(result.worst) <= 5


def test_the_reader_is_told_that_the_contract_is_a_draft(scanned: tuple[Scanned, Path, list[str]]) -> None:
    result, folder, _ = scanned
    assert "drafted from this file" in (folder / "out" / "datasheet.md").read_text(encoding="utf-8")
    assert DRAFTED in result.as_dict()["notes"]
    assert any("'?' is taken for missing" in note for note in result.as_dict()["notes"])
    json.dumps(result.as_dict(), allow_nan=False)


def test_no_value_of_an_identifier_is_written(scanned: tuple[Scanned, Path, list[str]]) -> None:
    _, folder, _ = scanned
    assert "id" in json.loads((folder / "out" / "manifest.json").read_text(encoding="utf-8"))["columns"][0]["name"]
    for path in (folder / "out" / "expectations").iterdir():
        assert "1007" not in path.read_text(encoding="utf-8")


def test_the_next_scan_replaces_what_the_last_one_wrote(scanned: tuple[Scanned, Path, list[str]]) -> None:
    first, folder, _ = scanned
    out = folder / "out"
    (out / "mine.txt").write_text("mine", encoding="utf-8")
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    listed = json.loads((out / MARK).read_text(encoding="utf-8"))["files"]
    (out / "old.md").write_text("old", encoding="utf-8")
    (out / MARK).write_text(json.dumps({"files": [*listed, "old.md", "../Trees 2.csv"]}), encoding="utf-8")
    again = scan(request(folder), out)
    assert again.verdict == first.verdict
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before
    assert (folder / "Trees 2.csv").is_file()


def test_git_leaves_out_what_a_scan_wrote(scanned: tuple[Scanned, Path, list[str]], tmp_path: Path) -> None:
    _, folder, _ = scanned
    shutil.copytree(folder, tmp_path / "repository")
    assert list((tmp_path / "repository" / "out" / "rows").iterdir())
    for words in (["init", "-q"], ["add", "-A"]):
        subprocess.run(["git", *words], cwd=tmp_path / "repository", check=True, capture_output=True)
    listed = subprocess.run(
        ["git", "ls-files"], cwd=tmp_path / "repository", check=True, capture_output=True, text=True
    ).stdout
    assert listed.splitlines() == ["Trees 2.csv"]


def test_documents_name_no_file_that_a_scan_does_not_leave(scanned: tuple[Scanned, Path, list[str]]) -> None:
    _, folder, _ = scanned
    card = (folder / "out" / "README.md").read_text(encoding="utf-8")
    assert "size_categories" in card
    assert "## Columns" in card
    for words in ("all.parquet", "data_files", "## Files", "The files are the snapshot"):
        assert words not in card
    for path in (folder / "out" / "formats").iterdir():
        assert "all.parquet" not in path.read_text(encoding="utf-8"), path.name


def test_a_gitignore_that_a_person_wrote_is_kept(tmp_path: Path) -> None:
    (tmp_path / "Trees 2.csv").write_text(HEADER + "".join(LINES), encoding="utf-8")
    out = tmp_path / "out"
    out.mkdir()
    (out / ".gitignore").write_text("rows/\n", encoding="utf-8")
    (out / MARK).write_text(json.dumps({"files": []}), encoding="utf-8")
    scan(request(tmp_path), out)
    assert (out / ".gitignore").read_text(encoding="utf-8") == "rows/\n"
    assert ".gitignore" not in json.loads((out / MARK).read_text(encoding="utf-8"))["files"]


def test_a_folder_that_is_not_its_own_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "Trees 2.csv").write_text(HEADER + "".join(LINES), encoding="utf-8")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="holds files that are not from a scan"):
        scan(request(tmp_path), tmp_path / "out")
    with pytest.raises(UsageError, match="is a file; name a folder"):
        scan(request(tmp_path), tmp_path / "Trees 2.csv")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["mine.txt"]


@pytest.mark.parametrize(
    ("content", "rest", "kind", "cause"),
    [
        ("", {}, DataError, "is empty"),
        ("a,b\n1\n", {}, DataError, "do not have 2 cells"),
        (HEADER + "".join(LINES), {"target": "sort"}, UsageError, "--target sort: there is no such column"),
        ("kind,split\n" + "elm,train\n" * 9, {}, UsageError, "divide the rows by it with --split-column split"),
        ("kind,split\n" + "elm,train\n" * 9, {"target": "sort"}, UsageError, "--target sort: there is no such column"),
        (HEADER + "".join(LINES), {"path": Path("nothing.csv")}, UsageError, "nothing.csv does not exist"),
    ],
)
def test_what_cannot_be_scanned_writes_nothing(
    tmp_path: Path, content: str, rest: dict[str, Any], kind: type[Exception], cause: str
) -> None:
    (tmp_path / "Trees 2.csv").write_text(content, encoding="utf-8")
    with pytest.raises(kind, match=cause) as caught:
        scan(request(tmp_path, **rest), tmp_path / "out")
    assert "govern-scan-" not in str(caught.value)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("Adult (2).csv", "adult_2"), ("2024.csv.gz", "data_2024"), ("é.csv", "data"), (".hidden", "hidden"),
        ("models.csv", "models_data"), ("A" * 90 + ".csv", "a" * 63),
    ],
)  # fmt: skip
def test_a_name_follows_from_the_file(file: str, name: str) -> None:
    assert dataset_name(Path(file)) == name


def run(*words: str) -> Any:
    app = typer.Typer()
    command.register(app)
    return CliRunner().invoke(app, list(words))


def test_the_command_prints_a_table_or_json(
    scanned: tuple[Scanned, Path, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    result, folder, _ = scanned
    monkeypatch.setattr("governance.onboarding.scan.scan", lambda *_: result)
    monkeypatch.chdir(folder)
    printed = run("Trees 2.csv", "--target", "kind")
    assert printed.exit_code == result.verdict.exit_code
    for part in (
        "trees_2: 163 rows, 5 columns",
        "Worst findings:",
        "Blocked by the default policy for:",
        "3 questions that only a person can answer",
        DRAFTED,
        "datasheet.html",
        STAYS,
    ):
        assert part in printed.output
    assert re.search(r"label_issues +assessed", printed.output)
    parsed = json.loads(run("Trees 2.csv", "--target", "kind", "--json").output)
    assert parsed["rows"] == 163
    assert len(parsed["worst"]) == len(result.worst)
    assert parsed["blocked_by"][-1].startswith("3 questions that only a person can answer")


def test_the_advice_about_a_column_of_splits_can_be_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [f"{line.rstrip()},{'test' if i % 4 == 3 else 'train'}\n" for i, line in enumerate(LINES)]
    (tmp_path / "s.csv").write_text(HEADER.rstrip() + ",split\n" + "".join(lines), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    refused = run("s.csv", "--target", "kind")
    assert isinstance(refused.exception, UsageError)
    (option,) = re.findall(r"--split-column split", str(refused.exception))
    printed = run("s.csv", "--target", "kind", *option.split(), "--json")
    assert printed.exit_code in {0, 3}, printed.output
    manifest = json.loads((tmp_path / "s-scan" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["splits"] == {"train": 120, "test": 40}


def test_columns_that_are_shown_nowhere_are_named_with_the_reason(
    scanned: tuple[Scanned, Path, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    result, folder, _ = scanned
    columns = tuple(
        c.model_copy(update={"private": True, "private_because": "role identifier"}) if c.name == "id" else c
        for c in result.manifest.columns
    )
    result = replace(result, manifest=result.manifest.model_copy(update={"columns": columns}))
    monkeypatch.setattr("governance.onboarding.scan.scan", lambda *_: result)
    monkeypatch.chdir(folder)
    printed = run("Trees 2.csv", "--target", "kind").output
    assert (
        "Private, so shown nowhere (`public: true` in columns.yaml says otherwise):\n  id: role identifier\n" in printed
    )
    assert json.loads(run("Trees 2.csv", "--json").output)["private"] == {"id": "role identifier"}


def test_a_role_that_the_draft_chose_is_nobodys_declaration(tmp_path: Path) -> None:
    names = ["Anna Silva", "Jonas Weber", "Olena Bond", "Kenji Mori"]
    lines = [f"{names[row % 4]},{row % 2},{row * 7 % 50}" for row in range(80)]
    (tmp_path / "staff.csv").write_text("full_name,left,age\n" + "\n".join(lines) + "\n", encoding="utf-8")
    request = AddRequest(name="staff", path=tmp_path / "staff.csv", target="left", test_share=0)
    evidence = scan(request, tmp_path / "out").evidence["privacy"]
    assert isinstance(evidence, Evidence)
    (finding,) = [one for one in evidence.findings if one.columns == ("full_name",) and one.subject == "person_name"]
    assert finding.level is Level.WARNING
    assert "which a draft took for private" in finding.message
