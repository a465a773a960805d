"""Several people decide about the same rows, and the data goes on meanwhile: what fits is taken, the rest is said."""

from __future__ import annotations

import csv
import re
import shutil
from pathlib import Path

import pytest
from flagged_workspace import ask, fill, flagged
from small_workspace import measure

from governance.cli import main
from governance.collect import collect_dataset
from governance.config import Workspace
from governance.decision_files import read_decisions
from governance.decisions import in_force, words
from governance.errors import EvidenceError, UsageError
from governance.lock import read_lock
from governance.manifest import read_manifest
from governance.records.chain import verify
from governance.reviewing.quarantine_sheet import input_labels
from governance.stages import open_snapshot


@pytest.fixture
def workspace(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    made = flagged(tmp_path_factory, tmp_path / "trees")
    monkeypatch.chdir(made.root)
    return made


@pytest.fixture
def sheet(workspace: Workspace) -> Path:
    """The sheet of Ada, not filled yet."""
    ask(to="ada.csv")
    return workspace.build("trees") / "quarantine" / "ada.csv"


def lines_of(sheet: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(sheet.read_text(encoding="utf-8-sig").splitlines()))


def decided(workspace: Workspace) -> dict[str, bytes]:
    """What people decided, file by file."""
    return {path.name: path.read_bytes() for path in (workspace.root / "decisions").rglob("*.yaml")}


def test_a_sheet_fits_after_another_one_was_applied(
    workspace: Workspace, sheet: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = lines_of(sheet)
    came = input_labels(open_snapshot(workspace, "trees"))
    other = sheet.with_name("bo.csv")
    shutil.copy(sheet, other)
    odd = next(at for at, line in enumerate(lines, start=1) if "conflicting" in line["flagged_by"])
    right = "oak" if lines[odd - 1]["kind"] == "elm" else "elm"
    plain = [at for at in range(1, len(lines) + 1) if at != odd]
    fill(sheet, {odd: ("relabel", right, "the leaf says so"), plain[0]: ("drop", "", "a copy")})
    ask(from_="ada.csv")
    measure(workspace)
    assert input_labels(open_snapshot(workspace, "trees")) == came, "what rows came in is the same after any decision"

    # Bo agrees about the row that is dropped and the one that is another now, and decides about one more.
    answers = {odd: ("relabel", right, "so it is"), plain[0]: ("drop", "", "I agree"), plain[1]: ("keep", "", "fine")}
    fill(other, answers)
    capsys.readouterr()
    ask(from_="bo.csv", by="Bo")
    assert re.search(r"3 decisions were added to decisions/trees/\S+-bo-\w+\.yaml\. Commit it", capsys.readouterr().out)
    assert [(word.by, word.decision.row) for word in words(read_decisions(workspace.root, "trees"))][2:] == [
        ("Bo", lines[at - 1]["row"]) for at in sorted(answers)
    ]
    measure(workspace)
    counted = read_manifest(workspace.report("trees") / "manifest.json").quarantined
    assert counted is not None
    assert (counted.relabelled, counted.dropped, counted.kept, counted.unmatched) == (1, 1, 1, 0)


def without(workspace: Workspace, line: dict[str, str]) -> None:
    """The source without one of the rows that are like `line`."""
    source = workspace.root / "data" / "trees.csv"
    head, *rows = source.read_text(encoding="utf-8").splitlines()
    (like, *_) = [row for row in rows if row.split(",") == [line["length"], line["width"], line["kind"]]]
    rows.remove(like)
    source.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")


def test_rows_that_are_gone_are_named_and_the_others_taken(
    workspace: Workspace, sheet: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = lines_of(sheet)
    odd = next(at for at, line in enumerate(lines, start=1) if "conflicting" in line["flagged_by"])
    stays = next(at for at, line in enumerate(lines, start=1) if line["row"].endswith("-0") and at != odd)
    without(workspace, lines[odd - 1])
    measure(workspace)
    fill(sheet, {odd: ("drop", "", "a copy"), stays: ("keep", "", "it is right")})
    with pytest.raises(EvidenceError) as caught:
        ask(from_="ada.csv")
    assert f"not taken, as this version of trees does not hold the rows: line {odd + 1}." in str(caught.value)
    assert "1 decision was added to decisions/trees/" in str(caught.value)
    assert list(in_force(read_decisions(workspace.root, "trees"))) == [lines[stays - 1]["row"]]
    # Once more adds nothing, and where nothing fits nothing is written.
    before = decided(workspace)
    with pytest.raises(EvidenceError, match="Nothing was added"):
        ask(from_="ada.csv")
    fill(sheet, {stays: ("", "", "")})
    with pytest.raises(EvidenceError, match="written for another version of trees, and this one holds none"):
        ask(from_="ada.csv")
    assert decided(workspace) == before
    # An id that was edited is a mistake of the sheet, not a row that is gone.
    ask(to="new.csv")
    new = sheet.with_name("new.csv")
    new.write_text(new.read_text(encoding="utf-8").replace("-0,,", "-77,,"), encoding="utf-8")
    fill(new, dict.fromkeys(range(1, len(lines_of(new)) + 1), ("keep", "", "fine")))
    with pytest.raises(UsageError, match="this row is not in the data"):
        ask(from_="new.csv")


def test_contradictions_are_refused_at_once_unless_they_are_meant(
    workspace: Workspace, sheet: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [f"{line['row']} (source row {line['source_row_from_0']})" for line in lines_of(sheet)]
    fill(sheet, {1: ("drop", "", "a copy"), 2: ("keep", "", "stays"), 3: ("drop", "", "a copy")})
    ask(from_="ada.csv")
    before = decided(workspace)
    capsys.readouterr()
    ask(from_="ada.csv")
    assert "3 stood there already, with the same name and reason. Nothing was added" in capsys.readouterr().out
    assert decided(workspace) == before

    bo = {1: ("keep", "", "no copy"), 2: ("drop", "", "wrong"), 3: ("drop", "", "I agree"), 4: ("burn", "", "why not")}
    fill(sheet, bo)
    with pytest.raises(UsageError) as caught:
        ask(from_="ada.csv", by="Bo")
    day = read_decisions(workspace.root, "trees")[0].on
    assert str(caught.value).splitlines() == [
        "ada.csv has 3 problems, and nothing was recorded:",
        f"  - line 2: row {rows[0]}: drop by Ada on {day} is in force (a copy), and keep is asked now",
        f"  - line 3: row {rows[1]}: keep by Ada on {day} is in force (stays), and drop is asked now",
        "  - line 5: decision 'burn' is none of drop, relabel, keep",
        "  Settle it with those who decided; then correct the sheet, or give --replace as well: then the later word counts.",
    ]
    fill(sheet, {4: ("", "", "")})
    with pytest.raises(SystemExit) as ended:
        main(["quarantine", "trees", "--from", "ada.csv", "--by", "Bo"])
    assert ended.value.code == 2
    assert decided(workspace) == before
    capsys.readouterr()

    with pytest.raises(SystemExit) as ended:
        main(["quarantine", "trees", "--from", "ada.csv", "--by", "Bo", "--replace"])
    assert not ended.value.code
    assert re.search(r"3 decisions were added to \S+\.yaml, 2 of them in place of earlier", capsys.readouterr().out)
    assert [one.action for one in in_force(read_decisions(workspace.root, "trees")).values()] == [
        "keep",
        "drop",
        "drop",
    ]
    # Ada's first word is no longer in force, so saying it again is no repetition.
    fill(sheet, {1: ("drop", "", "a copy"), 2: ("", "", ""), 3: ("", "", "")})
    with pytest.raises(UsageError, match=f"line 2: row {re.escape(rows[0])}: keep by Bo on .* and drop is asked"):
        ask(from_="ada.csv")
    with pytest.raises(UsageError, match="--replace belongs to --from"):
        ask(replace=True)


def test_what_is_left_to_do_about_rows_that_are_gone(
    workspace: Workspace, sheet: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = lines_of(sheet)
    odd = next(line for line in lines if "conflicting" in line["flagged_by"])
    copy = next(line for line in lines if line["row"].endswith("-2"))
    fill(sheet, {at: ("drop", "", "a copy") for at, line in enumerate(lines, start=1) if line in (odd, copy)})
    fill(sheet, {1 + next(at for at, line in enumerate(lines) if line not in (odd, copy)): ("keep", "", "fine")})
    ask(from_="ada.csv")
    without(workspace, odd)
    without(workspace, copy)
    measure(workspace)
    (told,) = collect_dataset(workspace, "trees", read_lock(workspace)).further
    assert (told.rule, told.effect) == ("evidence/unmatched_decisions", "note")
    assert "A decision whose row was removed has nothing to do any more and can be deleted" in told.message
    assert "Decide again" not in told.message
    assert "govern quarantine trees --check" in told.message
    chain = verify(workspace)  # nothing differs from its digest for it
    assert told.message in chain.notes
    assert not [one for one in chain.mismatches if one.why == told.message]
    capsys.readouterr()
    ask(check=True)
    said = capsys.readouterr().out
    copies, others = said.split("Copies that are gone, while equal rows are left.")[1].split("Rows that are not there.")
    assert f"  row {copy['row']} (source row {copy['source_row_from_0']}): drop by Ada on " in copies
    assert f"  row {odd['row']} (source row {odd['source_row_from_0']}): drop by Ada on " in others
    assert "Where one was removed, its decision has nothing to do any more and can be deleted" in others
    assert (copies + others).count("  row ") == 2
    assert "No decision matches" not in said
    # Where every row is another, as after a change of types, that is said first.
    source = workspace.root / "data" / "trees.csv"
    head, *rows = source.read_text(encoding="utf-8").splitlines()
    source.write_text("\n".join([head, *(f"1{row}" for row in rows)]) + "\n", encoding="utf-8")
    measure(workspace)
    ask(check=True)
    said = capsys.readouterr().out
    assert "No decision matches: perhaps columns or types changed" in said
    assert "Copies that are gone" not in said
