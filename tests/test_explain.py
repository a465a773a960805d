"""`govern explain`, and `govern gate` in its formats, on a workspace that the real stages measured."""

from __future__ import annotations

import contextlib
import datetime
import io
import json
import sys
from pathlib import Path

import polars as pl
import pytest
import typer
from small_workspace import SCHEMA, build
from typer.testing import CliRunner

from governance.cli import explaining, gating
from governance.config import Workspace
from governance.controls import load_crosswalk
from governance.errors import GovernanceError, UsageError
from governance.explaining import as_json, as_text, explain
from governance.judging import judge_workspace
from governance.verdict import parse_waivers
from governance.yaml_files import read_yaml

TODAY = datetime.date(2026, 5, 1)
COUNTED = {
    "expectations/trees/schema.py": SCHEMA.replace(
        "width: float = pa.Field(ge=0, le=100)", "width: float = pa.Field(ge=0, le=9)"
    )
}
"""A contract that some rows of the small workspace break."""


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return build(tmp_path_factory.mktemp("explain") / "repository", **COUNTED)


@pytest.fixture
def fingerprint(workspace: Workspace) -> str:
    verdict = judge_workspace(workspace, TODAY).judgements[0].verdict
    return next(d.fingerprint for d in verdict.blocking if d.fingerprint)


def run(workspace: Workspace, monkeypatch: pytest.MonkeyPatch, *words: str) -> tuple[int, str]:
    """Exit code and output of a command in `workspace`."""
    monkeypatch.chdir(workspace.root)
    app = typer.Typer()
    gating.register(app)
    explaining.register(app)
    result = CliRunner().invoke(app, list(words))
    if isinstance(result.exception, GovernanceError):
        return result.exception.exit_code, result.output + str(result.exception)
    return result.exit_code, result.output


def test_it_answers_every_question(workspace: Workspace, fingerprint: str) -> None:
    text = as_text(explain(fingerprint, judge_workspace(workspace, TODAY), workspace, TODAY))
    for heading in ("What", "Why it matters", "How sure", "Where", "What to do", "Controls it touches", "How to waive"):
        assert f"\n{heading}\n" in text
    assert "\n  How well: exact: every row is counted, nothing is estimated\n" in text
    assert "Columns: width" in text
    assert "Line: expectations/trees/schema.py:8" in text
    assert "\nThen\n  run: dvc repro, which writes verdict and documents again" in text
    assert "build/trees/rows/schema.parquet" in text
    assert (workspace.root / "build/trees/rows/schema.parquet").is_file()
    assert "govern quarantine trees --audit schema writes them into a sheet" in text
    assert "MAP 4.2" in text
    assert not [c for c in text if not c.isprintable() and c != "\n"]


def test_of_a_file_with_all_judged_rows_only_the_flagged_are_meant(workspace: Workspace, fingerprint: str) -> None:
    file = workspace.root / "build/trees/rows/schema.parquet"
    kept = file.read_bytes()
    rows = pl.read_parquet(file)
    flagged = rows.filter(pl.col("flagged")).height
    assert flagged
    judged = pl.concat([rows, rows.with_columns(flagged=pl.lit(value=False))])
    said = f"build/trees/rows/schema.parquet, rule {rows['rule'][0]}, rows where `flagged` is true"
    try:
        judged.write_parquet(file)
        assert f"{said} ({flagged})\n" in told(workspace, fingerprint)
        file.write_bytes(kept[:20])
        assert f"{said}\n" in told(workspace, fingerprint)
        file.unlink()
        assert f"{said} (not here; run: dvc repro audit@trees-schema)" in told(workspace, fingerprint)
    finally:
        file.write_bytes(kept)


def told(workspace: Workspace, fingerprint: str) -> str:
    return as_text(explain(fingerprint, judge_workspace(workspace, TODAY), workspace, TODAY))


def test_the_waiver_works_once_it_is_filled_in_and_not_before(workspace: Workspace, fingerprint: str) -> None:
    waiver = explain(fingerprint, judge_workspace(workspace, TODAY), workspace, TODAY).waiver
    path = workspace.root.parent / "waivers.yaml"
    path.write_text(f"waivers:\n{waiver}\n", encoding="utf-8")
    refused = parse_waivers(read_yaml(path))[1]
    assert [problem.split(":")[2].strip() for problem in refused] == ["owner", "reason"]
    filled = waiver.replace('owner: ""', "owner: Ada").replace('reason: ""', "reason: a known fault of one scale")
    path.write_text(f"waivers:\n{filled}\n", encoding="utf-8")
    [accepted], problems = parse_waivers(read_yaml(path))
    assert not problems
    assert accepted.fingerprint == fingerprint
    assert accepted.expires == TODAY + datetime.timedelta(days=90)
    assert accepted.max_count


def test_json_holds_the_same(workspace: Workspace, fingerprint: str) -> None:
    content = json.loads(as_json(explain(fingerprint, judge_workspace(workspace, TODAY), workspace, TODAY)))
    assert content["finding"]["fingerprint"] == fingerprint
    assert content["decision"]["effect"] == "block"
    assert content["rows"] == "build/trees/rows/schema.parquet"
    known = {control.id for control in load_crosswalk().visible}
    assert {control["id"] for control in content["controls"]} <= known


def test_an_unknown_fingerprint_names_near_ones(workspace: Workspace, fingerprint: str) -> None:
    judged = judge_workspace(workspace, TODAY)
    for wrong in (fingerprint[:6], fingerprint[:-1] + "x"):
        with pytest.raises(UsageError, match=f"(?s)Near ones.*{fingerprint}") as error:
            explain(wrong, judged, workspace, TODAY)
        assert error.value.exit_code == 2
    with pytest.raises(UsageError) as error:
        explain("zzzz\x1b[31m", judged, workspace, TODAY)
    assert "Near ones" not in str(error.value)
    assert "\x1b" not in str(error.value)


def test_evidence_that_was_not_searched_is_named(tmp_path: Path) -> None:
    workspace = build(tmp_path / "repository")
    (workspace.report("trees") / "evidence" / "schema.json").write_text("{}", encoding="utf-8")
    with pytest.raises(UsageError, match=r"Not searched.*trees/schema"):
        explain("0" * 16, judge_workspace(workspace, TODAY), workspace, TODAY)


def test_the_command(workspace: Workspace, fingerprint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    code, text = run(workspace, monkeypatch, "explain", fingerprint)
    assert (code, text.startswith("schema/")) == (0, True)
    code, text = run(workspace, monkeypatch, "explain", fingerprint, "--json")
    assert json.loads(text)["subject"] == "trees"
    code, text = run(workspace, monkeypatch, "explain", "0123")
    assert code == 2


@pytest.mark.parametrize("format", ["text", "json", "github", "markdown", "junit", "sarif"])
def test_every_format_keeps_the_exit_code(
    format: str, workspace: Workspace, fingerprint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, text = run(workspace, monkeypatch, "gate", "--format", format)
    assert code == 3
    assert fingerprint in text
    assert text.count("\n") > 1


def test_an_unknown_format_is_refused(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(workspace, monkeypatch, "gate", "--format", "html")[0] == 2


def test_the_job_summary_gets_the_comment(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("before\n", encoding="utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    assert run(workspace, monkeypatch, "gate", "--format", "text")[0] == 3
    assert summary.read_text(encoding="utf-8") == "before\n"
    assert run(workspace, monkeypatch, "gate", "--format", "github")[0] == 3
    assert summary.read_text(encoding="utf-8").startswith("before\n<!-- govern-gate -->\n## Data governance: ❌")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "absent" / "summary.md"))
    assert run(workspace, monkeypatch, "gate", "--format", "github")[0] == 3


def test_a_broken_configuration_is_an_annotation_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "params.yaml").write_text("datasets: {}\naudits: {}\nnonsense: [\n", encoding="utf-8")
    (tmp_path / "govern.lock").write_text("{}", encoding="utf-8")
    code, text = run(Workspace(tmp_path), monkeypatch, "gate", "--format", "github")
    assert code in {2, 4}
    assert text.startswith("::error title=govern%3A no verdict::")


def test_a_terminal_without_utf_8_does_not_break_the_gate(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = io.BytesIO()
    monkeypatch.chdir(workspace.root)
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))
    with contextlib.suppress(SystemExit):
        gating.gate(format=gating.Format.MARKDOWN, dataset=None)
    assert "❌" in raw.getvalue().decode("utf-8")
