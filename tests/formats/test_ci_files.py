"""The workflow, the GitLab job and the hook: pinned, with few rights, and calling what exists."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from governance.formats import Format
from governance.formats.markdown import MARKER
from governance.yaml_files import read_yaml

ROOT = Path(__file__).parent.parent.parent
WORKFLOW = ROOT / ".github/workflows/govern.yml"
GITLAB = ROOT / "ci/gitlab-govern.yml"
HOOKS = ROOT / ".pre-commit-hooks.yaml"
FAKE = """\
#!/usr/bin/env bash
# Stands in for the network: writes down how it was called, and answers a question for comments from a file.
printf '%s\\n' "$*" >> "$CALLS"
case "$*" in
  *--method*|*--request*) ;;
  *) cat "$ANSWER" ;;
esac
"""


@pytest.fixture
def workflow() -> dict[str, Any]:
    content: dict[str, Any] = read_yaml(WORKFLOW)
    return content


def test_actions_are_pinned_and_name_their_version() -> None:
    uses = re.findall(r"uses: (.*)", WORKFLOW.read_text(encoding="utf-8"))
    assert len(uses) >= 4
    for line in uses:
        assert re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line), line


BINARIES = Path(sys.executable).parent
LINTERS = {
    "zizmor finds nothing in the workflow": ["zizmor", "--offline", "--persona", "regular", WORKFLOW],
    "the workflow keeps its schema": ["check-jsonschema", "--builtin-schema", "vendor.github-workflows", WORKFLOW],
    "the GitLab job keeps its schema": ["check-jsonschema", "--builtin-schema", "vendor.gitlab-ci", GITLAB],
    "the hook keeps its schema": ["pre-commit", "validate-manifest", HOOKS],
    "the citation keeps its schema": [
        "check-jsonschema", "--builtin-schema", "vendor.citation-file-format", ROOT / "CITATION.cff",
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", LINTERS)
def test_its_own_linter_finds_nothing(name: str) -> None:
    done = _lint(*LINTERS[name])
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("command", "path", "old", "new"),
    [
        (["zizmor", "--offline"], WORKFLOW, 'install --disable-pip-version-check "$GOVERN_PACKAGE"', "install ${{ github.head_ref }}"),
        (["check-jsonschema", "--builtin-schema", "vendor.github-workflows"], WORKFLOW, "runs-on:", "runs_on:"),
        (["check-jsonschema", "--builtin-schema", "vendor.gitlab-ci"], GITLAB, "script:", "scripts:"),
        (["pre-commit", "validate-manifest"], HOOKS, "language:", "languages:"),
    ],
)  # fmt: skip
def test_the_linters_notice_what_is_wrong(command: list[str], path: Path, old: str, new: str, tmp_path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    broken = tmp_path / ".github" / "workflows" / path.name  # where zizmor takes a file for a workflow
    broken.parent.mkdir(parents=True)
    broken.write_text(text.replace(old, new), encoding="utf-8")
    assert _lint(*command, broken).returncode


def _lint(tool: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([BINARIES / tool, *arguments], capture_output=True, text=True, check=False)


def test_rights_are_granted_per_job_and_few(workflow: dict[str, Any]) -> None:
    assert workflow["permissions"] == {}
    assert {name: job["permissions"] for name, job in workflow["jobs"].items()} == {
        "gate": {"contents": "read"},
        "comment": {"pull-requests": "write"},
    }
    assert "pull_request_target" not in WORKFLOW.read_text(encoding="utf-8")


def test_no_expression_reaches_a_shell(workflow: dict[str, Any]) -> None:
    for job in workflow["jobs"].values():
        assert job["timeout-minutes"] <= 10
        for step in job["steps"]:
            assert "${{" not in step.get("run", "")


def test_the_last_step_decides(workflow: dict[str, Any]) -> None:
    last = workflow["jobs"]["gate"]["steps"][-1]
    assert last["run"] == 'govern gate ${BASE:+--base "$BASE"} --format github'
    assert read_yaml(GITLAB)["govern"]["script"][-1] == 'govern gate ${BASE:+--base "$BASE"}'


def test_a_change_is_judged_by_its_base_or_not_at_all(workflow: dict[str, Any], tmp_path: Path) -> None:
    """Every call of the gate is given the base, and a base that cannot be fetched ends the GitLab job."""
    for path in (WORKFLOW, GITLAB):
        calls = re.findall(r"govern gate( [^\n]*)?", path.read_text(encoding="utf-8"))
        assert calls
        assert all(call.startswith(' ${BASE:+--base "$BASE"}') for call in calls)
    gate = workflow["jobs"]["gate"]
    assert "github.event_name == 'pull_request'" in gate["env"]["BASE"]
    assert gate["steps"][0]["with"]["fetch-depth"] == 0
    script = "set -eo pipefail\n" + read_yaml(GITLAB)["govern"]["before_script"][-1] + "\necho went on"
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    env = {"PATH": os.environ["PATH"], "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main"}
    done = subprocess.run(["bash", "-c", script], cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert done.returncode
    assert "went on" not in done.stdout


@pytest.mark.parametrize("path", [WORKFLOW, GITLAB, HOOKS])
def test_every_format_that_is_asked_for_exists(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "govern gate" in text
    assert set(re.findall(r"--format (\w+)", text)) <= set(Format)


@pytest.mark.parametrize(("before", "method"), [("77", "PATCH"), ("", "POST")])
def test_the_github_comment_is_replaced_or_written(
    before: str, method: str, workflow: dict[str, Any], tmp_path: Path
) -> None:
    script = workflow["jobs"]["comment"]["steps"][-1]["run"]
    assert MARKER in script
    assert _calls(script, "gh", before, tmp_path / "empty", comment=None) == []
    calls = _calls(script, "gh", before, tmp_path / "full", comment="govern/comment.md")
    assert len(calls) == 2
    assert f"--method {method}" in calls[1]
    assert ("issues/comments/77" in calls[1]) == bool(before)
    assert calls[1].endswith("body=@govern/comment.md")


@pytest.mark.parametrize(
    ("answer", "method"), [(f'[{{"id": 5, "body": "x"}}, {{"id": 7, "body": "{MARKER}y"}}]', "PUT"), ("[]", "POST")]
)
def test_the_gitlab_comment_is_replaced_or_written(answer: str, method: str, tmp_path: Path) -> None:
    [script] = read_yaml(GITLAB)["govern-comment"]["script"]
    calls = _calls(script, "curl", answer, tmp_path, comment="govern-comment.md")
    assert len(calls) == 2
    assert f"--request {method}" in calls[1]
    assert calls[1].endswith("/notes/7" if method == "PUT" else "/notes")


def _calls(script: str, tool: str, answer: str, folder: Path, comment: str | None) -> list[str]:
    """Runs `script` as CI does, with `tool` replaced; returns how it was called."""
    binaries = folder / "bin"
    binaries.mkdir(parents=True)
    (binaries / tool).write_text(FAKE, encoding="utf-8")
    (binaries / tool).chmod(0o755)
    (folder / "answer").write_text(answer, encoding="utf-8")
    if comment:
        (folder / comment).parent.mkdir(exist_ok=True)
        (folder / comment).write_text(MARKER, encoding="utf-8")
    env = {
        **os.environ, "PATH": f"{binaries}:{os.environ['PATH']}", "CALLS": str(folder / "calls"),
        "ANSWER": str(folder / "answer"), "REPOSITORY": "o/r", "NUMBER": "3", "CI_API_V4_URL": "https://example.org",
        "CI_PROJECT_ID": "1", "CI_MERGE_REQUEST_IID": "2", "GOVERN_COMMENT_TOKEN": "t",
    }  # fmt: skip
    subprocess.run(["bash", "-e", "-c", script], cwd=folder, env=env, check=True, capture_output=True, text=True)
    return (folder / "calls").read_text(encoding="utf-8").splitlines() if (folder / "calls").is_file() else []
