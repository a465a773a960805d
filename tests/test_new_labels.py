"""A decision that gives a row a label which is in no row makes a class: only where somebody says so."""

from __future__ import annotations

import csv
from pathlib import Path

import polars as pl
import pytest
from flagged_workspace import ask, fill, flagged
from small_workspace import measure

from governance.config import Workspace
from governance.dataset import Column, ColumnType
from governance.decision_files import read_decisions
from governance.decisions import RowDecision, in_force
from governance.errors import ConfigError, UsageError
from governance.ingestion.quarantine import apply
from governance.ingestion.row_identity import row_hashes, with_row_ids
from governance.manifest import read_manifest


def frame_of(labels: list[object], kind: ColumnType) -> tuple[pl.DataFrame, tuple[Column, ...]]:
    columns = (Column(name="x", type=ColumnType.INTEGER), Column(name="y", type=kind, public=True))
    frame = pl.DataFrame({"x": list(range(len(labels))), "y": labels}).with_columns(
        source_file=pl.lit("a.csv"), source_row=pl.int_range(len(labels)), split=pl.lit("all")
    )
    return with_row_ids(frame.with_columns(row_hashes(frame, columns))), columns


def said(row: str, to: str, **more: object) -> RowDecision:
    return RowDecision.model_validate({"row": row, "action": "relabel", "to": to, "why": "looked at it"} | more)


def test_a_label_that_is_in_no_row_is_refused_with_the_nearest() -> None:
    frame, columns = frame_of(["benign", "malign", "benign"], ColumnType.CATEGORY)
    one, two, three = frame["row_id"]
    asked = {one: said(one, "benig"), two: said(two, "benig"), three: said(three, "other")}
    with pytest.raises(ConfigError) as caught:
        apply(frame, columns, "y", asked, classes=True)
    assert caught.value.problems == (
        "decisions: 2 rows are given the label 'benig', which no row of 'y' has; did you mean 'benign'? "
        "Correct it, or where a new class is meant, say `new_label: true` beside `to`",
        "decisions: a row is given the label 'other', which no row of 'y' has. "
        "Correct it, or where a new class is meant, say `new_label: true` beside `to`",
    )
    asked[one] = said(one, "benig", new_label=True)
    asked[three] = said(three, "malign")
    assert "benig" in apply(frame, columns, "y", asked, classes=True).frame["y"].to_list(), "once said, it is a class"
    asked[one] = said(one, "other")
    assert apply(frame, columns, "y", asked | {two: said(two, "malign")}, classes=False), "regression has no classes"


def test_numbers_are_one_label_however_they_are_written() -> None:
    frame, columns = frame_of([1.0, 2.0, 1.0], ColumnType.NUMBER)
    row = frame.filter(pl.col("y") == 2.0)["row_id"][0]
    assert apply(frame, columns, "y", {row: said(row, "1")}, classes=True).frame["y"].to_list() == [1.0, 1.0, 1.0]
    with pytest.raises(ConfigError, match=r"the label '3', which no row of 'y' has"):
        apply(frame, columns, "y", {row: said(row, "3")}, classes=True)


def test_new_label_belongs_to_relabel() -> None:
    with pytest.raises(ValueError, match="`new_label` says that `to` names a new class"):
        RowDecision.model_validate({"row": "a" * 32 + "-0", "action": "drop", "why": "copy", "new_label": True})


@pytest.fixture
def workspace(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    made = flagged(tmp_path_factory, tmp_path / "trees")
    monkeypatch.chdir(made.root)
    return made


def test_a_sheet_makes_a_class_only_when_asked(workspace: Workspace) -> None:
    ask(to="a.csv", audit=["duplicates"])
    sheet = workspace.build("trees") / "quarantine" / "a.csv"
    fill(sheet, {1: ("relabel", "birch", "the bark is white")})
    with pytest.raises(UsageError, match=r"'birch' is no label of 'kind'.*or say that it is new: --new-label birch"):
        ask(from_="a.csv")
    with pytest.raises(UsageError, match="--new-label 'brich': no row of the sheet is given it; did you mean 'birch'"):
        ask(from_="a.csv", new_label=["brich"])
    ask(from_="a.csv", new_label=["birch"])
    path = workspace.root / "decisions" / "trees.yaml"
    (decision,) = in_force(read_decisions(workspace.root, "trees")).values()
    assert (decision.to, decision.new_label) == ("birch", True)
    measure(workspace)
    manifest = read_manifest(workspace.report("trees") / "manifest.json")
    assert manifest.quarantined is not None
    assert manifest.quarantined.relabelled == 1
    # By hand and mistyped: the snapshot is refused, with the reason.
    row = list(csv.DictReader(sheet.read_text(encoding="utf-8-sig").splitlines()))[1]["row"]
    text = (
        f"decisions:\n- by: Ada\n  on: 2026-03-01\n  rows:\n  - {{row: {row}, action: relabel, to: oka, why: an oak}}\n"
    )
    path.write_text(text, encoding="utf-8")
    measure(workspace)
    assert "did you mean 'oak'?" in read_manifest(workspace.report("trees") / "manifest.json").reason
