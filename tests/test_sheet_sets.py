"""The sheet of flagged rows shows each row beside those that it resembles, and all that audits say of it."""

from __future__ import annotations

import csv
from pathlib import Path

import polars as pl
import pytest
from flagged_workspace import ask, fill, flagged

from governance.audit import ROW_COLUMNS
from governance.config import Workspace
from governance.stages import open_snapshot


@pytest.fixture
def workspace(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    made = flagged(tmp_path_factory, tmp_path / "trees")
    monkeypatch.chdir(made.root)
    return made


def lines_of(workspace: Workspace, name: str = "a.csv", **words: object) -> list[dict[str, str]]:
    ask(to=name, **words)
    sheet = workspace.build("trees") / "quarantine" / name
    return list(csv.DictReader(sheet.read_text(encoding="utf-8-sig").splitlines()))


def says(workspace: Workspace, *rows: tuple[str, str, float, str]) -> None:
    """Let the evidence point to nothing but `rows`: row id, rule, score and suggestion."""
    folder = workspace.build("trees") / "rows"
    kinds = {name: getattr(pl, kind) for name, kind in ROW_COLUMNS.items()}
    for audit in workspace.config.audits:
        mine = [
            {"row_id": row, "rule": rule, "score": score, "flagged": True, "suggestion": text}
            for row, rule, score, text in rows
            if rule.startswith(f"{audit}/")
        ]
        path = folder / f"{audit}.parquet"
        pl.DataFrame([dict.fromkeys(kinds) | row for row in mine], schema=kinds).write_parquet(path)


def ids_of(workspace: Workspace) -> dict[int, str]:
    frame = open_snapshot(workspace, "trees").frame("row_id").collect()
    return dict(frame.select("source_row", "row_id").iter_rows())


def test_copies_stand_beside_what_they_copy(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    lines = lines_of(workspace)
    sets: dict[str, set[str]] = {}
    for line in lines:
        sets.setdefault(line["set"], set()).add(f"{line['length']} {line['width']}")
        assert f"source row {line['source_row_from_0']}," not in line["suggestion"] + ","
    assert all(len(features) == 1 for number, features in sets.items() if number)
    numbers = [line["set"] for line in lines]
    assert numbers == sorted(numbers, key=numbers.index), "members of a set are next to each other"
    assert {"1", "2"} <= set(numbers)
    there = {line["source_row_from_0"] for line in lines}
    named = [
        line["suggestion"].split("source row ")[1].split(",")[0] for line in lines if "source row" in line["suggestion"]
    ]
    assert named
    assert set(named) <= there
    assert "stand together, with one number under `set`" in capsys.readouterr().out


def test_a_set_stands_where_its_best_member_would(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    at = ids_of(workspace)
    says(
        workspace,
        (at[3], "summary/odd", 0.9, ""),
        (at[4], "duplicates/near", 0.5, f"nearly a copy of {at[30]}"),
        (at[5], "summary/odd", 0.7, "a word"),
        (at[6], "duplicates/near", 0.8, f"nearly a copy of {at[4]}"),
        (at[6], "summary/odd", 0.2, "another word"),
        (at[7], "duplicates/near", 0.1, f"nearly a copy of {'0' * 32}-0"),
    )
    lines = lines_of(workspace)
    assert [(line["source_row_from_0"], line["set"], line["score"], line["suggestion"]) for line in lines] == [
        ("3", "", "0.900", ""),
        ("30", "1", "", "not flagged itself"),
        ("6", "1", "0.800", "near: nearly a copy of source row 4; odd: another word"),
        ("4", "1", "0.500", "nearly a copy of source row 30"),
        ("5", "", "0.700", "a word"),
        ("7", "", "0.100", "nearly a copy of a row that is gone"),
    ]
    assert "5 of 5 flagged rows, and 1 that they resemble, are in" in capsys.readouterr().out
    few = lines_of(workspace, "few.csv", limit=2)
    assert [line["source_row_from_0"] for line in few] == ["3", "30", "6"], "the limit counts flagged rows"

    # The row that others resemble may be decided about, too; then it is shown with what was decided.
    fill(workspace.build("trees") / "quarantine" / "a.csv", {2: ("keep", "", "the first"), 3: ("drop", "", "a copy")})
    ask(from_="a.csv")
    again = lines_of(workspace, "again.csv")
    assert [line["source_row_from_0"] for line in again] == ["3", "5", "30", "4", "7"]
    assert again[2]["suggestion"].startswith("decided: keep by Ada on ")
