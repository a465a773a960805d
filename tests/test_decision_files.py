"""Decisions of several files: read together, and refused where files contradict each other until one counts over the other."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from flagged_workspace import ask, fill, flagged
from small_workspace import measure

from governance.collect import collect_dataset
from governance.config import Workspace
from governance.decision_files import decisions_digest, misplaced, named, read_decisions
from governance.decisions import in_force
from governance.errors import ConfigError
from governance.lock import read_lock

ROW = "a" * 32 + "-0"


def write(root: Path, name: str, action: str, by: str, day: str = "2026-03-01", over: str = "") -> None:
    path = root / "decisions" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    head = f"decisions:\n- by: {by}\n  on: {day}\n" + (f"  over: [{over}]\n" if over else "")
    path.write_text(f"{head}  rows:\n  - {{row: {ROW}, action: {action}, why: looked}}\n", encoding="utf-8")


def test_files_are_read_together_and_named(tmp_path: Path) -> None:
    assert (read_decisions(tmp_path, "toy"), decisions_digest(tmp_path, "toy")) == ((), "")
    assert named(tmp_path, "toy") == "decisions/toy.yaml"
    write(tmp_path, "toy/ada.yaml", "drop", "Ada")
    assert named(tmp_path, "toy") == "decisions/toy/"
    write(tmp_path, "toy.yaml", "drop", "Bo")
    assert named(tmp_path, "toy") == "decisions/toy.yaml and decisions/toy/"
    assert [one.file for one in read_decisions(tmp_path, "toy")] == ["toy.yaml", "toy/ada.yaml"]
    before = decisions_digest(tmp_path, "toy")
    (tmp_path / "decisions/toy/ada.yaml").rename(tmp_path / "decisions/toy/eve.yaml")
    assert decisions_digest(tmp_path, "toy") != before
    write(tmp_path, "toys/ada.yaml", "drop", "Ada")
    write(tmp_path, "toy/bo.yml", "drop", "Ada")
    unread = "is read for no dataset, so what it says is not applied"
    assert misplaced(tmp_path, ["toy"]) == [
        f"decisions/toy/bo.yml {unread}; its name must be toy/bo.yaml. "
        "Run: mv decisions/toy/bo.yml decisions/toy/bo.yaml",
        f"decisions/toys/ada.yaml {unread}; did you mean 'toy'? Run: mv decisions/toys/ada.yaml decisions/toy/ada.yaml",
    ]


def test_contradictions_between_files_are_refused_with_both_names(tmp_path: Path) -> None:
    write(tmp_path, "toy/ada.yaml", "drop", "Ada")
    write(tmp_path, "toy/bo.yaml", "keep", "Bo", "2026-02-01")
    with pytest.raises(ConfigError) as caught:
        read_decisions(tmp_path, "toy")
    (told,) = caught.value.problems
    assert "toy/bo.yaml says keep by Bo on 2026-02-01; toy/ada.yaml says drop by Ada on 2026-03-01" in told
    assert "`over: [toy/bo.yaml]`" in told
    assert len(read_decisions(tmp_path, "toy", settled=False)) == 2
    # Whichever is said to count does, whatever their days are; a third that repeats what was overruled does not.
    write(tmp_path, "toy/bo.yaml", "keep", "Bo", "2026-02-01", over="toy/ada.yaml")
    assert in_force(read_decisions(tmp_path, "toy"))[ROW].action == "keep"
    write(tmp_path, "toy/cy.yaml", "drop", "Cy")
    with pytest.raises(ConfigError, match=r"toy/cy\.yaml says drop by Cy"):
        read_decisions(tmp_path, "toy")
    (tmp_path / "decisions/toy/cy.yaml").unlink()
    write(tmp_path, "toy/ada.yaml", "drop", "Ada", over="toy/bo.yaml")
    with pytest.raises(ConfigError, match="both saying it settles nothing"):
        read_decisions(tmp_path, "toy")


def test_one_is_right_here_and_the_other_there(tmp_path: Path) -> None:
    """What the message says to do is enough to settle it."""
    rows = [f"{number:032x}-0" for number in range(9)]
    words = {"ada": ["drop"] * 8 + ["keep"], "bo": ["keep"] * 9}
    over = {"ada": "toy/bo.yaml", "bo": "toy/ada.yaml"}

    def sit(who: str, without: int | None = None, **more: str) -> None:
        path = tmp_path / "decisions" / "toy" / f"{who}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        said = [
            f"  - {{row: {row}, action: {action}, why: looked, source_row: {number}}}\n"
            for number, (row, action) in enumerate(zip(rows, words[who], strict=True))
            if number != without
        ]
        head = f"decisions:\n- by: {who.title()}\n  on: 2026-03-01\n"
        path.write_text(
            head + "".join(f"  {key}: {value}\n" for key, value in more.items()) + "  rows:\n" + "".join(said)
        )

    def told() -> str:
        with pytest.raises(ConfigError) as caught:
            read_decisions(tmp_path, "toy")
        (said,) = caught.value.problems
        assert "\n" not in said
        return said

    sit("ada")
    sit("bo")
    said = told()
    assert said.startswith(
        f"decisions/: files contradict each other on row {rows[0]} (source row 0): "
        "toy/ada.yaml says drop by Ada on 2026-03-01; toy/bo.yaml says keep by Bo on 2026-03-01. "
        f"On row {rows[1]} (source row 1): "
    )
    assert "(source row 4)" in said
    assert "(source row 5)" not in said
    assert "And on 3 more" in said
    assert "right on all rows of both, add `over: [toy/bo.yaml]`" in said
    advice = "where one is right here and another there, delete each row from the file whose word on it is wrong"
    assert advice in said
    for who in ("ada", "bo"):
        sit(who, over=f"[{over[who]}]")
    said = told()
    assert "both saying it settles nothing" in said
    assert "right on all rows of both, take `over` out of the other" in said
    assert advice in said
    words["ada"] = ["drop"] + ["keep"] * 8
    sit("bo", over=f"[{over['bo']}]")
    sit("ada", over=f"[{over['ada']}]")
    assert "delete the row from the file" in told()
    sit("ada", without=0, over=f"[{over['ada']}]")
    assert in_force(read_decisions(tmp_path, "toy"))[rows[0]].action == "keep"


def test_two_branches_merge_and_a_sheet_settles_what_they_contradict(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace: Workspace = flagged(tmp_path_factory, tmp_path / "trees")
    monkeypatch.chdir(workspace.root)
    ask(to="a.csv")
    sheet = workspace.build("trees") / "quarantine" / "a.csv"
    fill(sheet, {1: ("drop", "", "a copy"), 2: ("keep", "", "stays")})
    ask(from_="a.csv")
    folder = workspace.root / "decisions" / "trees"
    (ada,) = folder.iterdir()
    aside = ada.rename(workspace.root / ada.name)  # as on another branch
    fill(sheet, {1: ("keep", "", "no copy"), 2: ("keep", "", "it is right")})
    ask(from_="a.csv", by="Bo")
    aside.rename(ada)
    with pytest.raises(ConfigError) as caught:
        ask(to="b.csv")
    (told,) = caught.value.problems
    assert ada.name in told
    (row, at) = next(
        (line["row"], line["source_row_from_0"]) for line in csv.DictReader(sheet.open(encoding="utf-8-sig"))
    )
    assert f"on row {row} (source row {at}): trees/" in told
    fill(sheet, {1: ("drop", "", "settled with Bo"), 2: ("", "", "")})
    ask(from_="a.csv", by="Cy", replace=True)
    decided = in_force(read_decisions(workspace.root, "trees"))
    assert sorted(one.action for one in decided.values()) == ["drop", "keep"]


@pytest.mark.parametrize("what", ["decisions", "columns"])
def test_what_is_written_wrongly_about_the_data_is_no_other_data(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, what: str
) -> None:
    workspace: Workspace = flagged(tmp_path_factory, tmp_path / "trees")
    reason = "decisions/: files contradict each other on row"
    if what == "decisions":
        write(workspace.root, "trees/ada.yaml", "drop", "Ada")
        write(workspace.root, "trees/bo.yaml", "keep", "Bo")
    else:
        reason = "expectations/trees/columns.yaml: "
        (workspace.contract("trees") / "columns.yaml").write_text("colums: []\n", encoding="utf-8")
    measure(workspace)
    refused = collect_dataset(workspace, "trees", read_lock(workspace)).further
    assert "evidence/other_source" not in {one.rule for one in refused}, "the data is what it was"
    (cause,) = [one for one in refused if one.rule == "evidence/no_snapshot"]
    assert f"no snapshot could be made of the data: {reason}" in cause.message
    assert cause.message.isprintable()
