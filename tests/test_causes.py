"""A cause is told once with the number of what follows; nothing that is damaged, stale or edited counts as following."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from small_workspace import build, git

from governance import stages
from governance.causes import told
from governance.cli import main
from governance.config import Workspace
from governance.verdict import Decision, Verdict

EVIDENCE = ("schema", "summary")


def run(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str
) -> tuple[int, str]:
    """Exit code, and all that was printed."""
    monkeypatch.chdir(root)
    with pytest.raises(SystemExit) as end:
        main(list(words))
    said = capsys.readouterr()
    return int(end.value.code or 0), said.out + said.err


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return build(tmp_path / "repository")


def test_never_run(workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.rmtree(workspace.root / "reports")
    code, text = run(workspace.root, monkeypatch, capsys, "gate")
    assert code == 4
    assert text.splitlines() == [
        "trees (dataset, tier prototype): BLOCKED",
        "  block  evidence/no_manifest: nothing was run yet (reports/datasets/trees/manifest.json is missing); run: dvc repro",
        "         6 more refusals follow from this; --format json lists them",
        "  0 requirements met, 0 notes",
        "1 judged, 1 of 1 blocked. Exit code 4.",
    ]
    _, plain = run(workspace.root, monkeypatch, capsys, "gate", "--format", "json")
    decisions = json.loads(plain)["subjects"][0]["decisions"] if "subjects" in json.loads(plain) else plain
    assert str(decisions).count("evidence/unusable") == 2
    code, text = run(workspace.root, monkeypatch, capsys, "guard", "trees", "--", "true")
    assert code == 4
    assert text.count("is missing") == 1
    assert "    6 more follow from this" in text


def test_a_run_that_stopped_before_any_audit_is_told_once(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    report = workspace.report("trees")
    for file in report.rglob("*"):
        if file.is_file() and file.name != "manifest.json":
            file.unlink()
    code, text = run(workspace.root, monkeypatch, capsys, "gate")
    assert code == 4
    assert text.splitlines()[1:3] == [
        "  block  evidence/not_measured: the run was not finished: reports/datasets/trees/evidence/ holds no evidence; "
        "run: dvc repro",
        "         7 more refusals follow from this; --format json lists them",
    ]
    assert "is missing" not in text


def test_what_was_edited_is_told_before_what_is_stale_for_it(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = workspace.report("trees") / "evidence" / "summary.json"
    evidence = json.loads(file.read_text(encoding="utf-8"))
    evidence["reason"] = "edited"
    file.write_text(json.dumps(evidence, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    _, text = run(workspace.root, monkeypatch, capsys, "gate")
    lines = [line for line in text.splitlines() if line.startswith("  block")]
    assert "summary.json was changed after it was written" in lines[0]
    assert lines[0].endswith("run: dvc repro")
    assert any("stale_verdict" in line for line in lines[1:])


def test_no_snapshot(workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    (workspace.root / "data" / "trees.csv").write_text("length,width,kind\n", encoding="utf-8")
    fresh = Workspace(workspace.root)
    stages.snapshot(fresh, "trees")
    stages.signals(fresh, "trees")
    stages.inputs(fresh, "trees")
    for audit in EVIDENCE:
        stages.audit(fresh, "trees", audit)
    stages.verdict(fresh, "trees")
    stages.documents(fresh, "trees")
    git(workspace.root, "add", "-A")
    code, text = run(workspace.root, monkeypatch, capsys, "gate")
    assert code == 4
    shown, _ = text.split("\n1 judged")
    assert shown.count("has a header and no rows; mend the data, or what is written about it, then run: dvc repro") == 1
    assert "5 more refusals follow from this" in text
    code, text = run(workspace.root, monkeypatch, capsys, "status")
    assert "no_snapshot" not in text
    assert "has a header" not in text


def test_what_is_damaged_is_told_beside_the_cause(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    report = workspace.report("trees")
    (report / "manifest.json").unlink()
    (report / "evidence" / "summary.json").write_text("{", encoding="utf-8")
    _, text = run(workspace.root, monkeypatch, capsys, "gate")
    assert "evidence/no_manifest" in text
    assert "summary.json cannot be read as JSON" in text


def decision(rule: str, message: str, observed: str = "") -> Decision:
    return Decision(rule=rule, effect="block", exit_code=4, message=message, observed=observed)


def verdict(*decisions: Decision) -> Verdict:
    return Verdict(
        subject="x", kind="dataset", result="blocked", tier="internal", snapshot_digest="", policy_digest="",
        decisions=decisions,
    )  # fmt: skip


def test_only_what_says_itself_that_it_is_absent_follows() -> None:
    cause = decision("evidence/no_manifest", "m.json is missing; run: dvc repro")
    follows = [
        decision("evidence/unusable", "a.json is missing"),
        decision("required/a", "required and not answered", "a: no usable evidence"),
        decision("required/a_or_z", "required", "a: no usable evidence; z is not configured"),
        decision("required/a_or_b", "required", "a: no usable evidence; b: failed (no_snapshot): there is none"),
        decision("metric/a.x", "a.x cannot be told: its evidence cannot be used"),
    ]
    stays = [
        decision("evidence/unusable", "b.json was made from another settings than what is here now"),
        decision("required/c", "required and not answered", "c is not configured"),
        decision("required/c_or_d", "required", "c: no usable evidence; d evaluated 0 units, fewer than 1"),
        decision("required/nothing", "the policy requires no audit at all"),
        decision("evidence/other_code", "govern.lock is missing an entry"),
        decision("evidence/stale_documents", "rendered from another verdict"),
        decision("schema/check_failed", "the width is missing in 3 rows"),
    ]
    shown, following = told(verdict(*stays, cause, *follows))
    assert shown == (cause, *stays)
    assert list(following) == follows
    assert told(verdict(*stays, *follows)) == ((*stays, *follows), ())
    edited = decision("evidence/no_manifest", "m.json was changed after it was written")
    assert told(verdict(edited, *follows)) == ((edited, *follows), ())


def test_a_reason_with_semicolons_is_told_once() -> None:
    reason = "d.csv: 2 cells are not a date; mend the data, or declare it; else c: failed"
    cause = decision("evidence/no_snapshot", f"no snapshot could be made of the data: {reason}; run: dvc repro", reason)
    quoted = f"failed (no_snapshot): there is no snapshot: {reason}"
    follows = [
        decision("required/a", "required and not answered", f"a: {quoted}"),
        decision("required/a_or_b", "required and not answered", f"a: {quoted}; b: {quoted}"),
    ]
    stays = [
        decision("required/a_or_c", "required", f"a: {quoted}; c: failed (crash): no word of it"),
        decision(
            "required/c", "required", f"c: failed (no_snapshot): there is no snapshot: {reason[:-9]}; e: failed (crash)"
        ),
    ]
    shown, following = told(verdict(cause, *stays, *follows))
    assert shown == (cause, *stays)
    assert list(following) == follows
