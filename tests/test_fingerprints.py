"""Fingerprints name a finding across runs, orders of rows and unrelated new rows: waivers and baseline hang on them."""

from __future__ import annotations

import random

import pytest
from accepting.place import BAD
from small_workspace import PARAMS, build, git, measure

from governance.clock import today
from governance.config import Workspace
from governance.evidence import Evidence, Finding, read_evidence
from governance.judging import judge_workspace

HEAD, *ROWS = BAD.splitlines()
AUDITS = ("schema", "duplicates", "outliers", "summary")
TWICE = [*ROWS, ROWS[5], ROWS[5]]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A table with broken rules, copies and outliers."""
    params = PARAMS.replace("  summary: {}\n", "  duplicates: {}\n  outliers: {}\n  summary: {}\n")
    root = tmp_path_factory.mktemp("fingerprints")
    return build(root, **{"params.yaml": params, "data/trees.csv": table(TWICE)})


def table(rows: list[str]) -> str:
    return "\n".join([HEAD, *rows]) + "\n"


def findings(workspace: Workspace) -> dict[str, Finding]:
    """Fingerprint to finding."""
    found: list[Evidence] = [read_evidence(workspace.report("trees") / "evidence" / f"{name}.json") for name in AUDITS]
    return {finding.fingerprint: finding for item in found for finding in item.findings}


def again(workspace: Workspace, rows: list[str]) -> dict[str, Finding]:
    (workspace.root / "data" / "trees.csv").write_text(table(rows), encoding="utf-8")
    measure(workspace)
    git(workspace.root, "add", "-A")
    return findings(workspace)


def test_they_survive_runs_orders_and_unrelated_rows(workspace: Workspace) -> None:
    first = findings(workspace)
    assert {finding.rule.split("/")[0] for finding in first.values()} >= {"schema", "duplicates"}
    assert again(workspace, TWICE) == first, "a run more changes nothing at all"
    mixed = TWICE.copy()
    random.Random(7).shuffle(mixed)
    assert again(workspace, mixed) == first, "neither does another order of the rows"
    more = [f"{10.5 + 0.013 * i:.3f},{4.1 + 0.017 * i:.3f},{'oak' if i % 2 else 'elm'}" for i in range(40)]
    now = again(workspace, [*TWICE, *more])
    kept = {mark for mark, finding in first.items() if finding.rule.split("/")[0] in {"schema", "duplicates"}}
    assert kept <= now.keys()
    assert all(now[mark].count == first[mark].count for mark in kept), "unrelated rows are in none of them"


def test_a_waiver_and_the_baseline_still_hold_after_unrelated_rows(workspace: Workspace) -> None:
    again(workspace, TWICE)
    day = today()
    blocking = judge_workspace(workspace, day).judgements[0].verdict.blocking
    entries = "".join(
        f"  - {{fingerprint: '{one.fingerprint}', owner: Ada, reason: Measured in millimetres., expires: {day}}}\n"
        for one in blocking
    )
    (workspace.root / "waivers.yaml").write_text(f"waivers:\n{entries}", encoding="utf-8")
    again(Workspace(workspace.root), [*reversed(TWICE), "11.5,4.123,oak", "12.5,4.321,elm"])
    assert blocking
    assert judge_workspace(Workspace(workspace.root), day).exit_code == 0
