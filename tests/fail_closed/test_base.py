"""A change cannot relax the gate that judges it: `govern gate --base` on a real repository."""

from __future__ import annotations

import datetime
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from fail_closed.measured import Measured, approval

from governance.clock import today

SOON = (today() + datetime.timedelta(days=60)).isoformat()


def drop_expectation(m: Measured) -> None:
    m.edit("expectations/trees/suite.json", '"max_value": 100', '"max_value": 900')
    m.measure(audits=["schema", "expectations"])


def widen_field(m: Measured) -> None:
    m.edit("expectations/trees/schema.py", "ge=0, le=100", "ge=0, le=900")
    m.measure(audits=["schema", "expectations"])


def make_public(m: Measured) -> None:
    m.edit("expectations/plots/columns.yaml", "{name: area, type: number}", "{name: area, type: number, public: true}")
    m.measure("plots")


def drop_audit(m: Measured) -> None:
    m.edit("params.yaml", "  outliers: {}\n", "")
    m.edit("params.yaml", "  tier: internal", "  tier: prototype")
    m.judge("trees")
    m.judge("plots")


def change_setting(m: Measured) -> None:
    m.edit("params.yaml", "  outliers: {}\n", "  outliers: {extreme_factor: 4.0}\n")
    for dataset in ("trees", "plots"):
        m.measure(dataset, ["outliers"])


def judge_fewer_labels(m: Measured) -> None:
    m.edit("params.yaml", "signals:\n", "signals:\n  min_class_rows: 500\n")


def drop_dataset(m: Measured) -> None:
    text = m.path("params.yaml").read_text(encoding="utf-8")
    start, end = text.index("  plots:"), text.index("\naudits:")
    m.write("params.yaml", text[:start] + text[end:])


def drop_model(m: Measured) -> None:
    text = m.path("params.yaml").read_text(encoding="utf-8")
    start, end = text.index("models:"), text.index("policy:")
    m.write("params.yaml", text[:start] + "models: {}\n\n" + text[end:])


LOOSER: dict[str, tuple[Callable[[Measured], None], str]] = {
    "wider suite": (drop_expectation, "base/bound_widened"),
    "wider schema": (widen_field, "base/bound_widened"),
    "made public": (make_public, "base/made_public"),
    "audit and tier": (drop_audit, "base/audit_removed"),
    "setting": (change_setting, "base/setting_changed"),
    "signals": (judge_fewer_labels, "base/setting_changed"),
    "dataset": (drop_dataset, "base/dataset_removed"),
    "model": (drop_model, "base/model_removed"),
}


@pytest.mark.parametrize("case", LOOSER)
def test_each_loosening_blocks(measured: Measured, case: str) -> None:
    change, rule = LOOSER[case]
    change(measured)
    models = measured.workspace.config.models
    if models and case not in {"wider suite", "wider schema", "setting", "signals"}:
        measured.stage("model_verdict", "trees_logistic")
        measured.stage("model_documents", "trees_logistic")
    measured.git("add", "-A")
    own = measured.gate()
    against = measured.gate("--base", "HEAD")
    assert rule in against.text, against.text
    assert own.code != 3  # its own rules have nothing against it
    assert against.code >= 3
    measured.commit()
    assert rule not in measured.gate("--base", "HEAD").text  # merged is merged


def test_nothing_changed_passes(measured: Measured) -> None:
    gate = measured.gate("--base", "HEAD")
    assert gate.code == 0, gate.text
    assert "base/" not in gate.text


def fingerprint(text: str, rule: str) -> str:
    found = re.search(rf"{rule} \[([0-9a-f]{{16}})\]", text)
    assert found, text
    return found[1]


def waiver(mark: str) -> str:
    return (
        f'waivers:\n- {{fingerprint: "{mark}", owner: Ada Owner, reason: seen and wanted like this, expires: {SOON}}}\n'
    )


def test_only_a_waiver_that_the_base_holds_accepts_a_loosening(measured: Measured) -> None:
    m = measured
    widen_field(m)
    m.git("add", "-A")
    mark = fingerprint(m.gate("--base", "HEAD").text, "base/bound_widened")
    m.write("waivers.yaml", waiver(mark))
    m.judge("trees")
    m.git("add", "-A")
    own = m.gate("--base", "HEAD")
    assert own.code >= 3
    assert "would pass with this waiver: merge it first" in own.text
    m.git("stash", "-q")
    m.write("waivers.yaml", waiver(mark))
    m.commit("an owner accepts it")
    m.git("checkout", "-q", "stash@{0}", "--", "expectations", "reports")
    m.judge("trees")
    m.model()
    accepted = m.gate("--base", "HEAD")
    assert accepted.code == 0, accepted.text
    # It covers this change and no further one.
    m.edit("expectations/trees/schema.py", "le=900", "le=901")
    assert "base/bound_widened" in m.gate("--base", "HEAD").text
    assert m.gate("--base", "HEAD").code >= 3


def test_the_base_s_policy_judges(measured: Measured) -> None:
    m = measured
    m.edit("params.yaml", "policy:\n  tier: internal",
           "policy:\n  tier: internal\n  metrics: [{metric: summary.rows, op: '>', threshold: 1000000}]")  # fmt: skip
    m.commit("strict base")
    strict = m.git("rev-parse", "HEAD").strip()
    m.edit("params.yaml", "\n  metrics: [{metric: summary.rows, op: '>', threshold: 1000000}]", "")
    for name in ("trees", "plots"):
        m.judge(name)
    m.model()
    assert m.gate().code == 0, m.gate().text
    judged = m.gate("--base", strict)
    assert judged.code >= 3
    assert "metric/summary.rows" in judged.text
    assert "base/threshold_removed" in judged.text


def test_every_format_names_the_file_that_is_looser(measured: Measured) -> None:
    widen_field(measured)
    hint = measured.gate("--base", "HEAD", "--format", "github")
    assert "file=expectations/trees/schema.py" in hint.text
    for name in ("json", "markdown", "junit", "sarif"):
        assert "bound_widened" in measured.gate("--base", "HEAD", "--format", name).text.replace("\\_", "_")


def test_own_code_before_the_package_s(measured: Measured) -> None:
    measured.write("audits/duplicates.py", "x = 1\n")
    assert "base/own_code_replaces" in measured.gate("--base", "HEAD").text
    measured.commit()
    measured.write("audits/duplicates.py", "x = 2\n")
    assert "base/own_code_changed" in measured.gate("--base", "HEAD").text
    measured.path("audits/duplicates.py").unlink()
    assert "base/own_code_removed" in measured.gate("--base", "HEAD").text


def test_a_moved_workspace_is_held_against_the_old_one(measured: Measured, tmp_path: Path) -> None:
    m = measured
    base = m.git("rev-parse", "HEAD").strip()
    m.path("govern").mkdir()
    for name in ("params.yaml", "govern.lock", "waivers.yaml", "expectations", "answers", "data", "reports"):
        shutil.copytree(m.path(name), m.path("govern") / name) if m.path(name).is_dir() else shutil.copy(
            m.path(name), m.path("govern")
        )
    m.path("govern.lock").unlink()
    gate = m.gate("--base", base)
    assert gate.code >= 3
    assert "base/workspace_moved" in gate.text


def test_a_revision_that_is_not_there(measured: Measured, tmp_path: Path) -> None:
    gate = measured.gate("--base", "origin/main")
    assert (gate.code, "origin/main" in gate.text) == (2, True)
    measured.commit("one more") if measured.git("status", "--porcelain") else measured.git(
        "commit", "-q", "--allow-empty", "-m", "x"
    )
    first = measured.git("rev-list", "--max-parents=0", "HEAD").strip()
    shallow = tmp_path / "shallow"
    subprocess.run(["git", "clone", "-q", "--depth", "1", f"file://{measured.root}", shallow], check=True)
    gate = Measured(shallow).gate("--base", first)
    assert gate.code == 2
    assert "fetch-depth: 0" in gate.text
    assert measured.gate("--base", "--exec=x").code == 2


def test_filters_of_the_change_have_no_say_in_the_base(measured: Measured) -> None:
    measured.write(".gitattributes", "params.yaml filter=off\nexpectations/** export-ignore\n")
    measured.git("config", "filter.off.smudge", "false")
    assert measured.gate("--base", "HEAD").code == 0


def test_a_base_without_a_workspace(measured: Measured) -> None:
    empty = measured.git(
        "commit-tree", "-m", "empty", measured.git("hash-object", "-t", "tree", "-w", "/dev/null").strip()
    )
    gate = measured.gate("--base", empty.strip())
    assert gate.code == 0
    assert "judged by its own rules" in gate.text


def test_what_data_is_compared_with_is_the_base_s(measured: Measured) -> None:
    m = measured
    sketch = m.path("reports/datasets/plots/sketch.json").read_text(encoding="utf-8")
    for mark in ("a", "b"):
        m.write(f"references/plots/{mark * 16}.json", sketch.replace("plots", f"plots_{mark}"))
        m.write(f"references/plots/{mark * 16}.manifest.json", "{}\n")
    m.write("references/eval.csv", "a\n1\n")
    m.write("approvals/plots.yaml", "approvals:\n" + approval("a" * 64))
    m.commit("approved")
    assert "base/reference" not in m.gate("--base", "HEAD").text
    m.write("approvals/plots.yaml", "approvals:\n" + approval("a" * 64) + approval("b" * 64))
    assert "base/reference_changed" in m.gate("--base", "HEAD").text
    m.git("checkout", "-q", "approvals")
    m.write("references/eval.csv", "a\n2\n")
    assert "references/eval.csv: the file is another" in m.gate("--base", "HEAD").text
    m.path("references/eval.csv").unlink()
    assert "base/reference_removed" in m.gate("--base", "HEAD").text


def test_a_base_whose_approvals_cannot_be_read_lets_nothing_pass(measured: Measured) -> None:
    m = measured
    m.write("approvals/plots.yaml", "approvals: {\n")
    m.commit("broken")
    m.write("approvals/plots.yaml", "approvals: []\n")
    gate = m.gate("--base", "HEAD")
    assert gate.code == 2
    assert "approvals/plots.yaml: line 2" in gate.text
