"""A small workspace that was measured by real stages and passes its gate: what every test here copies and damages."""

from __future__ import annotations

import contextlib
import datetime
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fail_closed.sources import FILES, TREES, pointer

from governance import stages
from governance.config import Workspace
from governance.errors import GovernanceError
from governance.evidence import Evidence, read_evidence
from governance.judging import judge_workspace
from governance.lock import write_lock


@dataclass(frozen=True)
class Gate:
    """How `govern gate` ended."""

    code: int
    text: str


@dataclass(frozen=True)
class Measured:
    """A workspace in a git repository, and what people and processes do to it."""

    root: Path

    @property
    def workspace(self) -> Workspace:
        """The workspace as its files say now."""
        return Workspace(self.root)

    def path(self, name: str) -> Path:
        """`name` relative to the workspace."""
        return self.root / name

    def evidence_path(self, audit: str, dataset: str = "trees") -> Path:
        """Where the evidence of one audit lies."""
        return self.root / "reports" / "datasets" / dataset / "evidence" / f"{audit}.json"

    def evidence(self, audit: str, dataset: str = "trees") -> Evidence:
        """The evidence of one audit."""
        return read_evidence(self.evidence_path(audit, dataset))

    def write(self, name: str, text: str) -> None:
        """Write a file, folders included."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace `old`, which must be there."""
        text = self.path(name).read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {name}"
        self.write(name, text.replace(old, new, 1))

    def edit_json(self, name: str, **values: Any) -> None:
        """Set top-level keys of a JSON file, as somebody with an editor would."""
        content = json.loads(self.path(name).read_text(encoding="utf-8"))
        self.write(name, json.dumps(content | values, sort_keys=True, indent=1, ensure_ascii=False) + "\n")

    def source(self, content: str) -> None:
        """New data for trees, as after `dvc add`."""
        self.write("data/trees.csv", content)
        self.write("data/trees.csv.dvc", pointer(content))

    def git(self, *words: str, check: bool = True) -> str:
        """What git prints."""
        done = subprocess.run(["git", *words], cwd=self.root, check=check, capture_output=True, text=True)
        return done.stdout

    def commit(self, message: str = "change") -> None:
        """Commit everything there is."""
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message)

    def stage(self, name: str, *words: str) -> None:
        """Run one stage in this process."""
        stages.stage(name)(self.workspace, *words)

    def measure(self, dataset: str = "trees", audits: Iterable[str] | None = None) -> None:
        """Run all stages of a dataset; with `audits`, only those and what comes after them."""
        if audits is None:
            self.stage("snapshot", dataset)
            self.stage("sketch", dataset)
            self.stage("signals", dataset)
        self.stage("inputs", dataset)
        for audit in self.workspace.config.audits if audits is None else audits:
            self.stage("audit", dataset, audit)
        self.judge(dataset)

    def judge(self, dataset: str = "trees") -> None:
        """Run the stages after the audits."""
        self.stage("verdict", dataset)
        self.stage("documents", dataset)

    def model(self) -> None:
        """Run all stages of the model."""
        self.stage("train", "trees_logistic")
        self.stage("model_inputs", "trees_logistic")
        for evaluation in self.workspace.config.evaluations:
            self.stage("evaluate", "trees_logistic", evaluation)
        self.stage("model_verdict", "trees_logistic")
        self.stage("model_documents", "trees_logistic")

    def gate(self, *words: str, today: datetime.date | None = None) -> Gate:
        """`govern gate`, in this process; on another day, what it would say then."""
        if today is not None:
            try:
                judged = judge_workspace(self.workspace, today)
            except GovernanceError as error:
                return Gate(error.exit_code, str(error))
            text = "\n".join(d.message for j in judged.judgements for d in j.verdict.blocking)
            return Gate(judged.exit_code, text)
        from governance.cli import main

        said = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
        before = dict(os.environ)
        with contextlib.chdir(self.root), contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            try:
                main(["gate", *words])
            except SystemExit as end:
                said.seek(0)
                return Gate(int(end.code or 0), said.read())
            finally:
                os.environ.clear()
                os.environ.update(before)
        raise AssertionError("the gate ended without an exit code")

    def govern(self, *words: str, before: str = "", **environment: str) -> Gate:
        """`govern` in a process of its own; Python runs `before` first."""
        program = f"{before}\nfrom governance.cli import main\nimport sys\nmain(sys.argv[1:])\n"
        done = subprocess.run(
            [sys.executable, "-c", program, *words], cwd=self.root, capture_output=True, check=False,
            env={**os.environ, **environment},
        )  # fmt: skip
        return Gate(done.returncode, (done.stdout + done.stderr).decode("utf-8", "replace"))


def build(root: Path) -> Measured:
    """The workspace at `root`: written, measured, committed."""
    made = Measured(root)
    for name, text in FILES.items():
        made.write(name, text)
    made.source(TREES)
    made.git("init", "-q", "-b", "main")
    write_lock(made.workspace)
    made.git("add", "-A")
    for dataset in ("trees", "plots"):
        made.measure(dataset)
    made.model()
    made.commit("measured")
    return made


def approval(data: str, by: str = "Ada Owner") -> str:
    """One entry of an approvals file."""
    other = "0" * 64
    return (
        f"- {{by: '{by}', role: data_owner, on: 2026-03-01, note: seen and fine, data: 'sha256:{data}',"
        f" verdict: 'sha256:{other}', documents: 'sha256:{other}'}}\n"
    )
