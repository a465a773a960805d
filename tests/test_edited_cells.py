"""What a person edited in a sheet beside the columns that are read is said, and what a spreadsheet wrote otherwise is not."""

from __future__ import annotations

import csv
import datetime
from pathlib import Path

import pytest
from flagged_workspace import ask, fill, flagged, measured

from governance.config import Workspace
from governance.errors import UsageError
from governance.reviewing.edited_cells import same


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None), ("7.5", 7.50), ("7,5", 7.5), ("7545", 7544.9985728), ("7.50", "7.5"), ("1.23457E+18", 1234567890123456789), ("0.123456789", 0.12345678912),
        ("7", "007"), ("TRUE", True), ("WAHR", True), ("0", False), ("FALSE", "false"), ("'=x", "=x"), ("a b", " a  b "),
        ("03/14/25", datetime.date(2025, 3, 14)), ("14.03.2025 13:05", datetime.datetime(2025, 3, 14, 13, 5)), ("03. Apr", "3-4"),
    ],
)  # fmt: skip
def test_what_a_spreadsheet_writes_otherwise_is_the_same(text: str, value: object) -> None:
    assert same(text, value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("99", 7.5), ("", 7.5), ("7", None), ("293101", 293100), ("12.3", 12.34), ("oak", "elm"), ("Oak", "oak"), ("false", True),
        ("2025-03-15", datetime.date(2025, 3, 14)), ("", datetime.date(2025, 3, 14)), ("many", 3),
    ],
)  # fmt: skip
def test_what_a_person_writes_otherwise_is_not(text: str, value: object) -> None:
    assert not same(text, value)


@pytest.fixture
def workspace(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    made = flagged(tmp_path_factory, tmp_path / "trees")
    monkeypatch.chdir(made.root)
    return made


def test_edited_cells_are_said_and_the_rest_is_taken(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    ask(to="a.csv")
    sheet = workspace.build("trees") / "quarantine" / "a.csv"
    lines = list(csv.reader(sheet.read_text(encoding="utf-8-sig").splitlines()))
    label, width = (lines[0].index(name) for name in ("kind", "width"))
    for number in (1, 2):
        lines[number][label] = {"oak": "elm", "elm": "oak"}[lines[number][label]]
    right = lines[2][label]
    for number in (3, 4):
        lines[number][width] = "99"
    with sheet.open("w", encoding="utf-16", newline="") as file:  # as Excel's Unicode Text
        csv.writer(file, delimiter="\t").writerows(lines)
    with pytest.raises(UsageError, match="no row has a decision yet"):
        ask(from_="a.csv")
    said = (
        "a.csv: cells of the data differ from the data:\n"
        "  - {}: the label in `kind` was edited, which is not taken: write relabel into `decision` and the right label into `to`\n"
        "  - 2 lines (4, 5): `width` was edited, which is not taken: correct it in the data itself, and run dvc repro\n"
    )
    assert capsys.readouterr().err == said.format("2 lines (2, 3)")
    lines[2][2:5] = ["relabel", right, "the leaf says so"]
    with sheet.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(lines)
    ask(from_="a.csv")
    told = capsys.readouterr()
    assert "1 decision was added" in told.out
    assert told.err == said.format("line 2")


def test_a_column_of_the_data_is_told_from_the_sheets_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    measured(tmp_path, target="decision")
    monkeypatch.chdir(tmp_path)
    ask(to="a.csv")
    sheet = Workspace(tmp_path).build("trees") / "quarantine" / "a.csv"
    lines = list(csv.reader(sheet.read_text(encoding="utf-8-sig").splitlines()))
    assert (lines[0].count("decision"), lines[0].count("decision (of the data)")) == (1, 1)
    lines[1][lines[0].index("decision (of the data)")] = "ash"
    with sheet.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(lines)
    with pytest.raises(UsageError, match="no row has a decision yet"):
        ask(from_="a.csv")
    assert "line 2: the label in `decision (of the data)` was edited" in capsys.readouterr().err


def test_a_short_reason_is_no_missing_one(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    ask(to="a.csv")
    fill(workspace.build("trees") / "quarantine" / "a.csv", {1: ("drop", "", "x"), 2: ("drop", "", "")})
    capsys.readouterr()
    with pytest.raises(UsageError) as caught:
        ask(from_="a.csv")
    assert "line 2: drop with a reason of fewer than 3 characters; say in `why`" in str(caught.value)
    assert "line 3: drop without a reason; fill `why`" in str(caught.value)
    assert not capsys.readouterr().err, "a sheet as it was written holds no edited cell"
