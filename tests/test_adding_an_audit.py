"""The example of docs/adding-an-audit.md, taken as it stands: one file and one line are all it takes."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from forked import binaries, environment
from fresh import fresh
from small_workspace import COLUMNS, FILES, TABLE, build, edit, measure

import governance
from governance.audit import names
from governance.config import Workspace
from governance.evidence import read_evidence
from governance.lock import write_lock
from governance.verdict import read_verdict
from governance.yaml_files import read_yaml

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "adding-an-audit.md").read_text(encoding="utf-8")
BLOCKS = dict(re.findall(r"(?m)^`([\w/.]+)`[^\n]*\n\n```\w*\n(.*?)^```$", PAGE, flags=re.DOTALL))
FILE = "audits/equal_columns.py"
LINE = BLOCKS["params.yaml"]
DOUBLED = (
    "\n".join(f"{row},{row.split(',')[0]}" for row in TABLE.splitlines()).replace("kind,length", "kind,long") + "\n"
)
DATA = {"data/trees.csv": DOUBLED, "expectations/trees/columns.yaml": COLUMNS + "  - {name: long, type: number}\n"}


def evidence_of(root: Path) -> Path:
    return root / "reports" / "datasets" / "trees" / "evidence" / "equal_columns.json"


def test_the_page_holds_one_file_one_line_and_the_cases() -> None:
    cases = {f"tests/cases/equal_columns/{c}/{f}" for c in ("clean", "planted_copy") for f in ("case.yaml", "data.csv")}
    assert set(BLOCKS) == {FILE, "params.yaml"} | cases
    assert LINE == "  equal_columns: {}\n"


def test_one_file_and_one_line_reach_the_verdict_and_the_datasheet(tmp_path: Path) -> None:
    workspace = build(tmp_path / "trees", **DATA)
    datasheet = tmp_path / "trees" / "reports" / "datasets" / "trees" / "datasheet.md"
    assert "Equal columns" not in datasheet.read_text(encoding="utf-8")

    (workspace.root / "audits").mkdir()
    (workspace.root / FILE).write_text(BLOCKS[FILE], encoding="utf-8")
    workspace = edit(workspace, "params.yaml", "audits:\n", f"audits:\n{LINE}")
    with pytest.raises(governance.errors.EvidenceError, match=r"govern upgrade|equal_columns\.json is missing"):
        governance.require("trees", workspace.root)
    write_lock(workspace)
    measure(workspace, only=["equal_columns"])

    evidence = read_evidence(evidence_of(workspace.root))
    assert evidence.references == ("S. Kaufman, S. Rosset, C. Perlich. Leakage in Data Mining. ACM TKDD 6, 2012.",)
    (finding,) = evidence.findings
    assert (finding.rule, finding.columns) == ("equal_columns/same_values", ("length", "long"))
    verdict = read_verdict(workspace.report("trees") / "verdict.json")
    assert verdict.evidence["equal_columns"] == evidence.digest
    assert [d.effect for d in verdict.decisions if d.fingerprint == finding.fingerprint] == ["warn"]
    assert "Equal columns" in datasheet.read_text(encoding="utf-8")
    assert finding.message.split(" agree")[0] in datasheet.read_text(encoding="utf-8")
    assert governance.require("trees", workspace.root).name == "trees"

    workspace = edit(workspace, "params.yaml", LINE, "")
    measure(workspace, only=[])
    assert evidence_of(workspace.root).is_file(), "its evidence stays behind and counts for nothing"
    assert "equal_columns" not in (workspace.report("trees") / "verdict.json").read_text(encoding="utf-8")
    assert "Equal columns" not in datasheet.read_text(encoding="utf-8")
    assert governance.require("trees", workspace.root).name == "trees"


def test_its_findings_and_metrics_are_the_policys_to_judge(tmp_path: Path) -> None:
    rule = "  metrics: [{metric: equal_columns.redundant_columns, op: '<', threshold: 1}]\n"
    params = FILES["params.yaml"].replace("audits:\n", f"audits:\n{LINE}") + rule
    workspace = build(tmp_path / "trees", **DATA, **{"params.yaml": params, FILE: BLOCKS[FILE]})
    with pytest.raises(governance.errors.Blocked, match="redundant_columns"):
        governance.require("trees", workspace.root)


@pytest.mark.parametrize(
    ("code", "place"),
    [("1 / 0", "ZeroDivisionError at equal_columns.py:[0-9]+; this"),
     ("__import__('fractions').Fraction(1, 0)", "ZeroDivisionError at equal_columns.py:[0-9]+, in fractions.py:[0-9]+; this")],
)  # fmt: skip
def test_a_crash_in_it_is_no_pass_and_its_own_line_is_named(tmp_path: Path, code: str, place: str) -> None:
    broken = BLOCKS[FILE].replace("sets = _equal(", f"sets = {code} or _equal(")
    params = FILES["params.yaml"].replace("audits:\n", f"audits:\n{LINE}") + "  required: [[equal_columns]]\n"
    workspace = build(tmp_path / "trees", **DATA, **{"params.yaml": params, FILE: broken})
    evidence = read_evidence(evidence_of(workspace.root))
    assert (evidence.outcome, evidence.code) == ("failed", "crashed")
    assert re.search(place, evidence.reason)
    with pytest.raises(governance.errors.EvidenceError, match="ZeroDivisionError"):
        governance.require("trees", workspace.root)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of this repository's code, with the example among the package's audits and its cases."""
    root = tmp_path_factory.mktemp("checkout")
    leave = shutil.ignore_patterns("__pycache__", "*.pyc", ".pytest_cache")
    for folder in ("governance", "templates", "docs", "tests"):
        shutil.copytree(ROOT / folder, root / folder, ignore=leave)
    for name in ("pyproject.toml", "dvc.yaml"):
        shutil.copy(ROOT / name, root / name)
    for name, text in BLOCKS.items():
        if name != "params.yaml":
            path = root / name.replace("audits/", "governance/audits/") if name == FILE else root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return root


def run_in(checkout: Path, *words: str, **variables: str) -> str:
    # Compiled once, even where the environment forbids it: each process would compile the copy anew.
    env = os.environ | {"PYTHONPATH": str(checkout), "PYTHONDONTWRITEBYTECODE": ""} | variables
    done = subprocess.run([sys.executable, *words], cwd=checkout, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]
    return done.stdout


def test_in_the_package_it_enters_the_reference_and_the_table(checkout: Path) -> None:
    code = (
        "import sys; sys.path.insert(0, 'docs'); import generate, governance; print(governance.__file__);"
        "print(generate.audit_reference('audits')); print(generate.audit_table())"
    )
    text = run_in(checkout, "-c", code)
    assert text.startswith(str(checkout))
    assert "## equal_columns" in text
    assert "**Why it matters.**" in text.partition("## equal_columns")[2]
    assert (
        "| `least_rows` | `10` | With fewer rows than this, columns may agree by chance, and nothing is said. |" in text
    )
    assert "| [`equal_columns`](docs/audits.md#equal_columns) | Which columns hold the same values? | data |" in text


def test_in_the_package_it_gets_the_tests_of_every_audit(checkout: Path) -> None:
    command = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/test_every_audit.py", "-k")
    run_in(checkout, *command, "equal_columns and evidence_that_is_expected", UPDATE_GOLDEN="1")
    passed = re.search(r"(\d+) passed", run_in(checkout, *command, "equal_columns"))
    assert passed is not None
    assert int(passed[1]) >= 10


def test_dvc_yaml_names_no_dataset_audit_or_model() -> None:
    text = re.sub(r"(?m)#.*$", "", (ROOT / "dvc.yaml").read_text(encoding="utf-8"))
    words = set(re.findall(r"[a-z][a-z0-9_]*", text.replace("expectations/${", "")))  # the contracts' folder
    params = read_yaml(ROOT / "params.yaml")
    for section in ("datasets", "audits", "evaluations", "models"):
        assert params[section]
        assert not set(params[section]) & words, section
    assert not {*names(), *names("evaluations")} & words


@pytest.mark.pipeline
def test_dvc_takes_it_up_and_lets_it_go(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    root = fresh(tmp_path_factory, tmp_path / "workspace")

    def run(*command: str) -> str:
        done = subprocess.run(
            command, cwd=root, env=environment(binaries()), capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{command}:\n{(done.stdout + done.stderr)[-4000:]}"
        return done.stdout + done.stderr

    def repro() -> set[str]:
        return set(re.findall(r"Running stage '([^']+)'", run("dvc", "repro")))

    one = FILES["params.yaml"].replace("  schema: {}\n", "") + "  required: [[summary]]\n"
    for name, text in (FILES | DATA | {"params.yaml": one}).items():
        if name != ".gitignore":
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding="utf-8")
    pipeline = (root / "dvc.yaml").read_bytes()
    assert "audit@trees-summary" in repro()

    (root / "audits").mkdir(exist_ok=True)
    (root / FILE).write_text(BLOCKS[FILE], encoding="utf-8")
    workspace = edit(Workspace(root), "params.yaml", "audits:\n", f"audits:\n{LINE}")
    run("govern", "upgrade")
    assert "audit@trees-equal_columns" in run("dvc", "stage", "list")
    ran = repro()
    assert {stage for stage in ran if stage.startswith("audit@")} == {"audit@trees-equal_columns"}
    assert {"verdict@trees", "documents@trees"} <= ran
    run("git", "add", "-A")
    run("govern", "gate")
    verdict = workspace.report("trees") / "verdict.json"
    assert "equal_columns" in json.loads(verdict.read_text(encoding="utf-8"))["evidence"]
    assert "Equal columns" in (workspace.report("trees") / "datasheet.md").read_text(encoding="utf-8")

    edit(workspace, "params.yaml", LINE, "")
    assert not {stage for stage in repro() if stage.startswith("audit@")}
    assert "equal_columns" not in verdict.read_text(encoding="utf-8")
    assert "equal_columns" in run("govern", "doctor"), "the evidence that is left behind is named"
    run("git", "add", "-A")
    run("govern", "gate")
    assert (root / "dvc.yaml").read_bytes() == pipeline
