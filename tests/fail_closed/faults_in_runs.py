"""Runs that ended too early, without a library, without room, or in a hostile environment."""

from __future__ import annotations

import shutil
from pathlib import Path

from fail_closed.faults import Register
from fail_closed.measured import Gate, Measured

import governance
from governance.lock import write_lock

FAULTS = Register()

AUDIT = '''\
"""An audit of this workspace."""

import os
import signal
import sys

from governance.audit import Audit
from governance.evidence import Reach, Units


class Own(Audit):
    """Asks."""

    title = "Own"
    question = "Is it?"
    section = "composition"
    reach = Reach(looked_for="this", would_notice="that", cannot_see="the rest")

    def run(self, snapshot):
        """Ask."""
        BODY
'''


def own_audit(m: Measured, body: str) -> Gate:
    """An audit of the workspace's own that does `body` when it runs, and all stages that can still run."""
    m.write("audits/own.py", AUDIT.replace("BODY", body))
    m.edit("params.yaml", "audits:\n", "audits:\n  own: {}\n")
    write_lock(m.workspace)
    m.stage("inputs", "trees")
    m.stage("inputs", "plots")
    ended = m.govern("stage", "audit", "trees", "own")
    for dataset in ("trees", "plots"):
        m.judge(dataset)
    return ended


@FAULTS(4, "own.json is missing")
def worker_killed(m: Measured) -> None:
    assert own_audit(m, "os.kill(os.getpid(), signal.SIGKILL)").code == -9


@FAULTS(4, "own.json is missing")
def worker_ends_with_status_0_and_no_word(m: Measured) -> None:
    assert own_audit(m, "os._exit(0)").code == 0


@FAULTS(4, "own.json is missing")
def worker_leaves_by_the_back_door(m: Measured) -> None:
    assert own_audit(m, "sys.exit(0)").code == 0


@FAULTS(4, "own.json is missing")
def audit_returns_nothing(m: Measured) -> None:
    assert own_audit(m, "return None").code == 1


@FAULTS(4, "own.json is missing")
def audit_assessed_nothing(m: Measured) -> None:
    assert own_audit(m, "return self.assessed(Units(name='rows', declared=120, evaluated=0))").code == 1


@FAULTS(4, "own: failed (crashed)")
def required_audit_crashed(m: Measured) -> None:
    m.edit("params.yaml", "policy:\n", "policy:\n  required: [[own], [summary]]\n")
    assert own_audit(m, "raise ValueError('no')").code == 0


@FAULTS(4, "was made from another settings")
def worker_killed_and_yesterday_s_evidence_stayed(m: Measured) -> None:
    m.edit("params.yaml", "outliers: {}", "outliers: {min_rows: 31}")
    m.stage("inputs", "trees")
    before = "import os, signal, governance.stages.datasets as s\ns.write_rows = lambda *a: os.kill(os.getpid(), signal.SIGKILL)"
    assert m.govern("stage", "audit", "trees", "outliers", before=before).code == -9


@FAULTS(4, "was made from another settings")
def disk_full(m: Measured) -> None:
    m.edit("params.yaml", "outliers: {}", "outliers: {min_rows: 31}")
    m.stage("inputs", "trees")
    m.path("build/trees/rows/outliers.parquet").unlink()
    before = "import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))"
    assert m.govern("stage", "audit", "trees", "outliers", before=before).code != 0
    assert not list(m.evidence_path("outliers").parent.glob(".*")), "nothing half written is left"


def without(m: Measured, library: str, *stage: str) -> None:
    """Run a stage, and the verdict, on a machine that lacks a library."""
    ended = m.govern("stage", *stage, before=f"import sys\nsys.modules[{library!r}] = None")
    assert ended.code in {0, 2}, ended.text
    m.judge()


@FAULTS(4, "expectations: failed")
def great_expectations_is_not_installed(m: Measured) -> None:
    without(m, "great_expectations", "audit", "trees", "expectations")


@FAULTS(4, "schema: failed")
def pandera_is_not_installed(m: Measured) -> None:
    without(m, "pandera", "audit", "trees", "schema")


@FAULTS(4, "label_issues: failed")
def cleanlab_is_not_installed(m: Measured) -> None:
    without(m, "cleanlab", "signals", "trees")
    m.stage("inputs", "trees")
    m.stage("audit", "trees", "label_issues")
    m.judge()


@FAULTS(3, "width")
def pandera_switched_off(m: Measured) -> None:
    m.edit(
        "expectations/trees/schema.py", "width: float = pa.Field(ge=0, le=100)", "width: float = pa.Field(ge=0, le=5)"
    )
    m.stage("inputs", "trees")
    switches = {"PANDERA_VALIDATION_ENABLED": "False", "PANDERA_VALIDATION_DEPTH": "SCHEMA_ONLY"}
    for audit in ("schema", "expectations"):
        assert m.govern("stage", "audit", "trees", audit, **switches).code == 0
    m.judge()


def edited_package(m: Measured, file: str) -> Gate:
    """The gate of a package in which one file has another last line."""
    package = m.root.parent / "package"
    source = Path(governance.__file__).parent
    shutil.copytree(source, package / "governance", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(source.parent / "templates", package / "templates")
    with (package / "governance" / file).open("a", encoding="utf-8") as handle:
        handle.write("\n# edited\n")
    return m.govern("gate", PYTHONPATH=str(package))


@FAULTS(4, "audits differ from govern.lock: summary")
def code_of_an_audit_edited(m: Measured) -> Gate:
    return edited_package(m, "audits/summary.py")


@FAULTS(4, "code differs from govern.lock")
def code_of_the_gate_edited(m: Measured) -> Gate:
    return edited_package(m, "gate.py")


@FAULTS(4, "audits differ from govern.lock")
def code_of_a_measure_edited(m: Measured) -> Gate:
    return edited_package(m, "measures/intervals.py")


@FAULTS(4, "audits differ from govern.lock: summary")
def an_audit_replaced_by_one_of_the_workspace(m: Measured) -> None:
    m.write("audits/summary.py", AUDIT.replace("BODY", "return None"))


@FAULTS(2, "git is not installed")
def git_is_not_installed(m: Measured) -> Gate:
    return m.govern("gate", PATH=str(m.root / "nowhere"))


@FAULTS(4, "neither git nor DVC knows data/plots.csv")
def the_repository_is_gone(m: Measured) -> None:
    shutil.rmtree(m.path(".git"))


@FAULTS(4, "summary.json is missing")
def asserts_switched_off(m: Measured) -> Gate:
    m.evidence_path("summary").unlink()
    return m.govern("gate", PYTHONOPTIMIZE="2")
