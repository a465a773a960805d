"""Decisions about rows: applied at the snapshot, replayed on later versions, and nothing is lost on the way."""

from __future__ import annotations

import csv
import datetime
from pathlib import Path

import polars as pl
import pytest
from flagged_workspace import ask, fill, flagged
from hypothesis import given, settings
from hypothesis import strategies as st
from small_workspace import TABLE, measure

from governance.collect import collect_dataset
from governance.config import Workspace
from governance.dataset import Column, ColumnType
from governance.decision_files import read_decisions, record
from governance.decisions import RowDecision, Sitting, in_force
from governance.errors import ConfigError, EvidenceError, UsageError
from governance.ingestion.quarantine import apply, check, digest_of_hashes, proven
from governance.ingestion.row_identity import row_hashes, with_row_ids
from governance.lock import read_lock
from governance.manifest import Manifest, read_manifest
from governance.records.chain import verify

COLUMNS = (Column(name="x", type=ColumnType.INTEGER), Column(name="y", type=ColumnType.CATEGORY))


def frame_of(rows: list[tuple[int, str]]) -> pl.DataFrame:
    frame = pl.DataFrame(
        {"x": [x for x, _ in rows], "y": [y for _, y in rows]}, schema={"x": pl.Int64, "y": pl.String}
    ).with_columns(source_file=pl.lit("a.csv"), source_row=pl.int_range(len(rows)), split=pl.lit("all"))
    return with_row_ids(frame.with_columns(row_hashes(frame, COLUMNS)))


def said(row: str, action: str, to: str | None = None) -> RowDecision:
    return RowDecision.model_validate({"row": row, "action": action, "to": to, "why": "looked at it"})


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 4), st.sampled_from("ab")), min_size=2, max_size=25),
    st.lists(st.tuples(st.integers(0, 24), st.sampled_from(["drop", "keep", "a", "b"])), max_size=12),
)
def test_what_is_left_and_what_went_are_the_input(rows: list[tuple[int, str]], words: list[tuple[int, str]]) -> None:
    frame = frame_of(rows)
    ids = frame["row_id"].to_list()
    decisions = {}
    for at, word in words:
        row = ids[at % len(ids)]
        decisions[row] = said(row, word) if word in {"drop", "keep"} else said(row, "relabel", word)
    dropped = {row for row, decision in decisions.items() if decision.action == "drop"}
    if len(dropped) == len(ids):
        return
    cleaned = apply(frame, COLUMNS, "y", decisions)
    assert cleaned.frame.height + len(dropped) == len(rows)
    assert cleaned.counted.dropped == len(dropped)
    expected = [(x, decisions[i].to if i in decisions and decisions[i].to else y)
                for i, x, y in frame.select("row_id", "x", "y").iter_rows() if i not in dropped]  # fmt: skip
    assert sorted(expected) == sorted(cleaned.frame.select("x", "y").iter_rows())
    assert cleaned.frame["row_id"].n_unique() == cleaned.frame.height
    assert proven(cleaned.frame["row_hash"], cleaned.changes) == (len(rows), digest_of_hashes(frame["row_hash"]))
    if cleaned.changes.filter(pl.col("action") != "renumbered").height:
        short = cleaned.changes.filter(pl.col("action") != "renumbered")[1:]
        assert proven(cleaned.frame["row_hash"], short) != (len(rows), digest_of_hashes(frame["row_hash"]))


def test_a_decision_about_a_row_that_is_not_there_is_counted_and_does_nothing() -> None:
    frame = frame_of([(1, "a"), (2, "b")])
    cleaned = apply(frame, COLUMNS, "y", {"0" * 32 + "-0": said("0" * 32 + "-0", "drop")})
    assert (cleaned.counted.unmatched, cleaned.frame.height) == (1, 2)
    assert cleaned.changes.is_empty()


def test_labels_that_cannot_be_are_refused() -> None:
    frame = frame_of([(1, "a"), (2, "b")])
    row = frame["row_id"][0]
    with pytest.raises(ConfigError, match="is no integer"):
        apply(frame, COLUMNS, "x", {row: said(row, "relabel", "many")})
    with pytest.raises(ConfigError, match="has no target"):
        apply(frame, COLUMNS, None, {row: said(row, "relabel", "b")})


def test_each_sitting_has_a_file_of_its_own_and_the_last_word_counts(tmp_path: Path) -> None:
    row = "a" * 32 + "-0"
    path = tmp_path / "decisions" / "toy.yaml"
    path.parent.mkdir()
    text = f"decisions:\n- by: Ada\n  on: 2026-01-01\n  rows:\n  - {{row: {row}, action: drop, why: a copy}}\n"
    path.write_text(text, encoding="utf-8")
    later = Sitting(by="Bo Å", on=datetime.date(2026, 1, 2), over=("toy.yaml",), rows=(said(row, "keep"),))
    shown = record(tmp_path, "toy", later)
    assert shown.startswith("decisions/toy/2026-01-02-bo-a-")
    assert path.read_text(encoding="utf-8") == text
    assert in_force(read_decisions(tmp_path, "toy"))[row].action == "keep"
    path.write_text("decisions:\n- {by: x, on: never, rows: [{row: '*', action: drop}]}\n", encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        read_decisions(tmp_path, "toy")
    assert len(caught.value.problems) == 3


@pytest.fixture
def workspace(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    made = flagged(tmp_path_factory, tmp_path / "trees")
    monkeypatch.chdir(made.root)
    return made


def manifest_of(workspace: Workspace) -> Manifest:
    return read_manifest(workspace.report("trees") / "manifest.json")


def test_from_a_flag_to_a_cleaned_snapshot_and_on_to_the_next_version(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    before = manifest_of(workspace)
    ask(to="a.csv")
    assert "flagged rows are in build/trees/quarantine/a.csv" in capsys.readouterr().out
    sheet = workspace.build("trees") / "quarantine" / "a.csv"
    fill(sheet, {1: ("drop", "", "a copy"), 2: ("k", "", "stays"), 3: ("drop", "", "a copy")})
    ask(from_="a.csv")
    (path,) = (workspace.root / "decisions" / "trees").glob("*-ada-*.yaml")
    decided = path.read_text(encoding="utf-8")
    assert "by: Ada" in decided

    # Decided and not yet applied: the gate notices.
    rules = [d.rule for d in collect_dataset(workspace, "trees", read_lock(workspace)).further]
    assert rules == ["evidence/other_decisions"]
    capsys.readouterr()
    ask(check=True)
    assert "decisions/trees/ was edited since: 3 decisions of it wait to be applied. Run: dvc repro" in (
        capsys.readouterr().out
    )

    measure(workspace)
    after = manifest_of(workspace)
    assert after.rows == before.rows - 2
    assert after.quarantined is not None
    assert (after.quarantined.input_rows, after.quarantined.dropped, after.quarantined.kept) == (before.rows, 2, 1)
    ask(check=True)
    proof = capsys.readouterr().out
    assert f"2 dropped are the {before.rows} that were read" in proof
    assert "wait to be applied" not in proof
    datasheet = (workspace.report("trees") / "datasheet.md").read_text(encoding="utf-8")
    assert f"Of {before.rows} rows that were read, people dropped 2 and corrected the label of 0" in datasheet
    assert "no row dropped" not in datasheet
    assert collect_dataset(workspace, "trees", read_lock(workspace)).further == ()

    # The next version of the file holds the same rows and more: the decisions are replayed on it.
    source = workspace.root / "data" / "trees.csv"
    source.write_text(source.read_text(encoding="utf-8") + "55.5,5.5,oak\n", encoding="utf-8")
    measure(workspace)
    assert manifest_of(workspace).rows == before.rows - 1
    counted = manifest_of(workspace).quarantined
    assert counted is not None
    assert (counted.dropped, counted.unmatched) == (2, 0)
    assert collect_dataset(workspace, "trees", read_lock(workspace)).further == ()

    # A quarantined row that is lost is noticed.
    kept = workspace.build("trees") / "snapshot" / "quarantine.parquet"
    shown = kept.relative_to(workspace.root).as_posix()
    assert shown not in {one.path for one in verify(workspace).mismatches}
    pl.read_parquet(kept)[1:].write_parquet(kept)
    with pytest.raises(EvidenceError, match="do not make up the"):
        ask(check=True)
    assert shown in {one.path for one in verify(workspace).mismatches}


def test_decisions_that_match_no_row_any_more_are_said(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    ask(to="a.csv", audit=["duplicates"])
    sheet = workspace.build("trees") / "quarantine" / "a.csv"
    fill(sheet, {1: ("drop", "", "it is a copy"), 2: ("keep", "", "it is another tree")})
    ask(from_="a.csv")
    source = workspace.root / "data" / "trees.csv"
    head, *lines = source.read_text(encoding="utf-8").splitlines()
    source.write_text("\n".join([head, *(f"1{line}" for line in lines)]) + "\n", encoding="utf-8")
    measure(workspace)
    counted = manifest_of(workspace).quarantined
    assert counted is not None
    assert (counted.dropped, counted.kept, counted.unmatched) == (0, 0, 2)
    (told,) = collect_dataset(workspace, "trees", read_lock(workspace)).further
    assert (told.rule, told.effect, told.exit_code) == ("evidence/unmatched_decisions", "warn", 0)
    assert "2 of 2 decisions in decisions/trees/ match no row of this version and did nothing" in told.message
    datasheet = (workspace.report("trees") / "datasheet.md").read_text(encoding="utf-8")
    assert "2 decisions of theirs matched no row of this version and did nothing" in datasheet
    capsys.readouterr()
    ask(check=True)
    assert "matched no row" in capsys.readouterr().out


def test_relabelled_rows_are_named_as_they_came_in(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    ask(to="a.csv", audit=["duplicates"])
    sheet = workspace.build("trees") / "quarantine" / "a.csv"
    lines = list(csv.DictReader(sheet.read_text(encoding="utf-8-sig").splitlines()))
    at, label = next((i, line["kind"]) for i, line in enumerate(lines, start=1) if "conflicting" in line["flagged_by"])
    right = "oak" if label == "elm" else "elm"
    fill(sheet, {at: ("relabel", right, "the leaf says so")})
    ask(from_="a.csv")
    measure(workspace)
    counted = manifest_of(workspace).quarantined
    assert counted is not None
    assert (counted.relabelled, counted.dropped) == (1, 0)
    rows, digest = check(workspace.build("trees") / "snapshot", manifest_of(workspace).columns)
    assert (rows, digest) == (counted.input_rows, counted.input_digest)
    capsys.readouterr()
    ask(to="b.csv")
    again = (workspace.build("trees") / "quarantine" / "b.csv").read_text(encoding="utf-8-sig")
    assert lines[at - 1]["row"] not in again, "decided rows are not asked about again, under whatever id"


def test_a_wrong_word_in_every_row_is_told_once(workspace: Workspace) -> None:
    ask(to="many.csv")
    sheet = workspace.build("trees") / "quarantine" / "many.csv"
    rows = len(sheet.read_text(encoding="utf-8-sig").splitlines()) - 1
    assert rows > 6
    fill(sheet, dict.fromkeys(range(1, rows), ("delete", "", "why not")) | {rows: ("drop", "", "")})
    with pytest.raises(UsageError) as caught:
        ask(from_="many.csv")
    assert str(caught.value).splitlines() == [
        f"many.csv has {rows} problems, and nothing was recorded:",
        f"  - {rows - 1} lines (2, 3, 4, 5, 6 and {rows - 6} more): decision 'delete' is none of drop, relabel, keep",
        f"  - line {rows + 1}: drop without a reason; fill `why`",
    ]


def test_a_sheet_that_makes_no_sense_is_refused_whole(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    ask(to="a.csv")
    sheet = workspace.build("trees") / "quarantine" / "a.csv"
    fill(
        sheet,
        {
            1: ("burn", "", "why not"),
            2: ("drop", "", ""),
            3: ("relabel", "birch", "looks so"),
            4: ("relabel", "", "so it is"),
        },
    )
    with pytest.raises(UsageError) as caught:
        ask(from_="a.csv")
    for words in ("4 problems", "'burn' is none of", "without a reason", "'birch' is no label of 'kind'", "fill `to`"):
        assert words in str(caught.value)
    assert not (workspace.root / "decisions").exists()
    with pytest.raises(UsageError, match="exists, perhaps with decisions"):
        ask(to="a.csv")
    with pytest.raises(UsageError, match="lies outside"):
        ask(to="../a.csv")
    fill(sheet, dict.fromkeys((1, 2, 3, 4), ("keep", "", "it is right")))
    other = "\n".join([TABLE.splitlines()[0], *(f"1{line}" for line in TABLE.splitlines()[1:])])
    (workspace.root / "data" / "trees.csv").write_text(other + "\n", encoding="utf-8")
    measure(workspace)
    with pytest.raises(EvidenceError, match="written for another version"):
        ask(from_="a.csv")
