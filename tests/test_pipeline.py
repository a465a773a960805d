"""A real `dvc repro` in a fresh repository, with the package installed from its wheel."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from forked import binaries, environment

ROOT = Path(__file__).parent.parent
TABLE = "length,width,kind\n" + "".join(
    f"{10 + 3 * (i % 2) + (i * 7919 % 100) / 50},{(i * 104729 % 97) / 10},{'oak' if i % 2 else 'elm'}\n"
    for i in range(120)
)

pytestmark = pytest.mark.pipeline


class Repository:
    """A git repository with a workspace at its root, driven through the installed commands only.

    Once it is measured they may be forks of a process that has imported the package, when this is not `started` anew.
    """

    def __init__(self, folder: Path, package: Path, *, started: bool = False) -> None:
        self.folder, self.package = folder, package
        self.env = environment(*(() if started else (binaries(package),)), code=package)
        self.env["PYTHONDONTWRITEBYTECODE"] = "1"

    def run(self, *command: str, code: int | None = 0) -> str:
        done = subprocess.run(command, cwd=self.folder, env=self.env, text=True, capture_output=True, check=False)
        output = done.stdout + done.stderr
        if code is not None:
            assert done.returncode == code, f"{command} ended with {done.returncode}:\n{output[-4000:]}"
        assert "Traceback" not in output, output[-4000:]
        return output

    def repro(self, *targets: str) -> list[str]:
        """The stages that ran; of all of them, or of `targets` and what they are made of."""
        return re.findall(r"Running stage '([^']+)'", self.run("dvc", "repro", *targets))

    def edit(self, file: str, old: str, new: str) -> None:
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {file}:\n{text}"
        path.write_text(text.replace(old, new), encoding="utf-8")

    def measure_less(self) -> None:
        """From now on the summary alone is required and, beside outliers, measured."""
        self.edit("params.yaml", "  schema: {}\n  expectations: {}\n", "")
        self.edit("params.yaml", "tier: prototype\n", "tier: prototype\n  required: [[summary]]\n")

    def restore(self) -> None:
        """To the last commit, reports by git and what lies in build/ from the cache of DVC."""
        self.run("git", "checkout", "--", ".")
        self.run("dvc", "checkout")

    def back(self) -> None:
        """To the last commit, where DVC has nothing to run."""
        self.restore()
        assert self.repro() == []
        assert self.run("git", "status", "--short") == ""

    def commit(self) -> None:
        self.run("git", "add", "-A")
        self.run("git", "commit", "-qm", "change", code=None)


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, unpacked where only these tests see it."""
    place = tmp_path_factory.mktemp("wheel")
    python = sys.executable
    subprocess.run(
        [python, "-m", "build", "--wheel", "--no-isolation", "--outdir", place, ROOT], check=True, capture_output=True
    )
    wheel = next(place.glob("*.whl"))
    target = place / "package"
    command = [python, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", target, wheel]
    subprocess.run(command, check=True, capture_output=True)
    return target


@pytest.fixture(scope="module")
def repository(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """One dataset, brought in by `govern add`, measured once and committed."""
    made = Repository(tmp_path_factory.mktemp("repository"), package, started=True)
    made.run("git", "init", "-q")
    where = made.run("python", "-c", "import governance; print(governance.__file__)")
    assert str(package) in where, "the wheel is what is tested"
    made.run("govern", "init", "--yes")
    (made.folder / "data").mkdir()
    (made.folder / "data" / "trees.csv").write_text(TABLE, encoding="utf-8")
    made.run("govern", "add", "data/trees.csv", "--name", "trees", "--target", "kind")
    params = made.folder / "params.yaml"
    listed = "".join(f"  {audit}: {{}}\n" for audit in AUDITS)
    text = re.sub(r"audits:\n(  \w+: \{\}\n)+", f"audits:\n{listed}", params.read_text(encoding="utf-8"))
    assert "tier: internal" in text
    assert "folds: 5" in text
    text = text.replace("tier: internal", "tier: prototype").replace("folds: 5", "folds: 2")
    params.write_text(text, encoding="utf-8")
    output = made.run("govern", "repro", "--jobs", "2")  # two at once; the clone below measures one after the other
    assert sorted(re.findall(r"Running stage 'audit@trees-(\w+)'", output)) == sorted(AUDITS), "each once"
    made.commit()
    return Repository(made.folder, package)


def of(stages: list[str]) -> set[str]:
    """Names of stages without their dataset: `audit@trees-summary` is `audit-summary`."""
    return {stage.replace("@trees", "").replace("audit-", "audit-") for stage in stages}


AUDITS = ("schema", "expectations", "outliers", "summary")
"""What the tier `prototype` requires, and one that reads signals; the others are stages like these."""


def test_the_gate_passes_and_a_second_run_does_nothing(repository: Repository) -> None:
    assert repository.repro() == []
    assert "all passed" in repository.run("govern", "gate")
    assert "passed" in repository.run("govern", "status")
    assert repository.run("git", "status", "--short") == ""


def test_git_alone_is_enough_for_the_gate(repository: Repository, tmp_path: Path) -> None:
    repository.run("git", "clone", "-q", str(repository.folder), str(tmp_path / "clone"))
    clone = Repository(tmp_path / "clone", repository.package)
    assert not (clone.folder / "data" / "trees.csv").exists()
    assert "all passed" in clone.run("govern", "gate")


def test_another_clone_elsewhere_gives_the_same_bytes(repository: Repository, tmp_path: Path) -> None:
    place = tmp_path / "somewhere else"
    repository.run("git", "clone", "-q", str(repository.folder), str(place))
    clone = Repository(place, repository.package)
    (place / "data").mkdir(exist_ok=True)
    (place / "data" / "trees.csv").write_text(TABLE, encoding="utf-8")
    assert "snapshot@trees" in clone.repro()
    assert clone.run("git", "status", "--short") == ""


def test_a_setting_of_an_audit_re_runs_that_audit(repository: Repository) -> None:
    repository.edit("params.yaml", "outliers: {}", "outliers: {min_rows: 21}")
    stages = of(repository.repro("sketch", "documents"))
    assert {name for name in stages if name.startswith("audit")} == {"audit-outliers"}
    assert stages >= {"verdict", "documents"}
    assert not {"snapshot", "signals"} & stages
    repository.restore()


def test_a_suite_re_runs_expectations(repository: Repository) -> None:
    path = "expectations/trees/suite.json"
    text = (repository.folder / path).read_text(encoding="utf-8")
    (repository.folder / path).write_text(text.rstrip() + "\n\n", encoding="utf-8")
    stages = of(repository.repro("sketch", "audit"))  # what follows is judged and written as in the test before
    assert {name for name in stages if name.startswith("audit")} == {"audit-expectations"}
    assert not {"snapshot", "signals"} & stages
    repository.restore()


def test_a_licence_re_runs_verdict_and_documents(repository: Repository) -> None:
    content = (repository.folder / "params.yaml").read_text(encoding="utf-8")
    assert "licence:" in content, "govern add writes the entry with a licence to fill in"
    (repository.folder / "params.yaml").write_text(re.sub(r"licence:.*", "licence: CC0-1.0", content), encoding="utf-8")
    assert of(repository.repro()) == {"verdict", "documents", "complete", "index"}
    assert "CC0-1.0" in (repository.folder / "reports/datasets/trees/datasheet.md").read_text(encoding="utf-8")
    repository.commit()


def test_the_policy_re_runs_verdict_and_documents(repository: Repository) -> None:
    repository.edit("params.yaml", "tier: prototype", "tier: internal")
    # After these come two stages for all datasets.
    assert of(repository.repro("sketch", "documents")) <= {"verdict", "documents"}
    repository.restore()


def test_an_upgrade_re_runs_everything(repository: Repository) -> None:
    path = repository.package / "governance" / "__init__.py"
    started = Repository(repository.folder, repository.package, started=True)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('__version__ = "', '__version__ = "99.'), encoding="utf-8")
    try:
        assert "govern upgrade" in started.run("govern", "gate", code=4)
        started.run("govern", "upgrade")
        stages = of(started.repro("--dry", "sketch", "documents"))  # what would run: the version stands in all of them
        assert {
            "snapshot",
            "sketch",
            "signals",
            "inputs",
            "verdict",
            "documents",
            *(f"audit-{name}" for name in AUDITS),
        } <= stages
    finally:
        path.write_text(text, encoding="utf-8")
    repository.back()


def test_a_replaced_raw_file_is_seen_and_checked(repository: Repository) -> None:
    file = repository.folder / "data" / "trees.csv"
    repository.measure_less()
    file.unlink()
    file.write_text(TABLE + "12.5,1.5,oak\n", encoding="utf-8")
    assert "snapshot@trees" in repository.repro("sketch", "documents")
    manifest = (repository.folder / "reports/datasets/trees/manifest.json").read_text(encoding="utf-8")
    assert '"rows": 121' in manifest
    changed = repository.run("git", "diff", "--name-only").split()
    assert {"data/trees.csv.dvc", "dvc.lock", "reports/datasets/trees/manifest.json"} <= set(changed)
    repository.run("govern", "gate")
    # Reports without the pointer of the file that they speak of are not the version that was audited.
    repository.run("git", "checkout", "--", "data/trees.csv.dvc")
    assert "data/trees.csv is not the version" in repository.run("govern", "gate", code=4)
    file.unlink()
    repository.back()
    repository.run("govern", "gate")


def test_a_change_committed_without_a_run_blocks_and_says_what_to_run(repository: Repository) -> None:
    repository.edit("params.yaml", "outliers: {}", "outliers: {min_rows: 21}")
    repository.commit()
    assert "dvc repro" in repository.run("govern", "gate", code=4)
    repository.edit("params.yaml", "outliers: {min_rows: 21}", "outliers: {}")
    repository.commit()
    repository.run("govern", "gate")


def test_a_kill_at_any_moment_is_recovered_from(repository: Repository) -> None:
    reports = repository.folder / "reports" / "datasets" / "trees"
    wanted = {path: path.read_bytes() for path in reports.rglob("*") if path.is_file()}
    started = Repository(repository.folder, repository.package, started=True)  # a group of processes, killed as one
    for delay in (0.5, 2.0, 4.0):
        repository.edit("params.yaml", "outliers: {}", "outliers: {min_rows: 21}")
        command = ["dvc", "repro", "--force", "--pipeline", "audit"]
        process = subprocess.Popen(command, cwd=repository.folder, env=started.env, start_new_session=True,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
        time.sleep(delay)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        repository.edit("params.yaml", "outliers: {min_rows: 21}", "outliers: {}")
        # Whatever the killed DVC left, its list of locks cut short at times.
        repository.run("govern", "repro")
    # As a kill leaves them in the instant in which DVC rewrites them.
    pointer, lock = repository.folder / "data" / "trees.csv.dvc", repository.folder / "dvc.lock"
    known = pointer.read_bytes(), lock.read_bytes()
    pointer.write_bytes(b"")
    lock.write_bytes(known[1][: len(known[1]) // 2].rstrip())
    told = repository.run("govern", "doctor", code=2)
    assert "a DVC that was killed left data/trees.csv.dvc cut short" in told
    assert "a DVC that was killed left dvc.lock cut short" in told
    told = repository.run("govern", "repro")
    assert "took data/trees.csv.dvc from git again" in told
    assert "took dvc.lock from git again" in told
    assert (pointer.read_bytes(), lock.read_bytes()) == known
    assert {path: path.read_bytes() for path in reports.rglob("*") if path.is_file()} == wanted
    assert not list(repository.folder.rglob("*.tmp")) or all(".dvc" in str(p) for p in repository.folder.rglob("*.tmp"))


def test_bad_data_is_evidence_and_leaves_other_datasets_alone(repository: Repository) -> None:
    (repository.folder / "data" / "broken.csv").write_text("a,b\n1,2\n1,2,3\n", encoding="utf-8")
    content = (repository.folder / "params.yaml").read_text(encoding="utf-8")
    entry = "datasets:\n  broken:\n    data: {path: data/broken.csv}\n"
    (repository.folder / "params.yaml").write_text(content.replace("datasets:\n", entry, 1), encoding="utf-8")
    (repository.folder / "expectations" / "broken").mkdir()
    (repository.folder / "expectations" / "broken" / "columns.yaml").write_text(
        "columns:\n  - {name: a, type: integer}\n  - {name: b, type: integer}\n", encoding="utf-8"
    )
    (repository.folder / "answers" / "broken.yaml").write_text("answers: {}\n", encoding="utf-8")
    stages = repository.repro()
    assert "snapshot@trees" not in stages
    repository.run("git", "add", "-A")
    output = repository.run("govern", "gate", code=4)
    assert "line 3" in output
    assert re.search(r"trees .*PASSED", output)
    assert (repository.folder / "reports/datasets/broken/datasheet.md").is_file()


def test_a_missing_source_is_named_and_leaves_other_datasets_alone(repository: Repository) -> None:
    params = repository.folder / "params.yaml"
    before = params.read_text(encoding="utf-8")
    params.write_text(
        before.replace("datasets:\n", "datasets:\n  gone:\n    data: {path: data/gone.csv}\n", 1), encoding="utf-8"
    )
    folder = repository.folder / "expectations" / "gone"
    folder.mkdir()
    (folder / "columns.yaml").write_text("columns: [{name: a, type: integer}]\n", encoding="utf-8")
    (repository.folder / "answers" / "gone.yaml").write_text("answers: {}\n", encoding="utf-8")
    absent = "data/gone.csv does not exist, and neither git nor DVC knows it"
    assert absent in repository.run("govern", "doctor")
    # DVC looks for what a stage depends on before it starts it: only `govern repro` can put this on record.
    output = repository.run("govern", "repro", code=4)
    assert absent in output
    assert "Running stage 'audit@trees" not in output, "the other dataset is up to date"
    report = repository.folder / "reports" / "datasets" / "gone"
    evidence = [json.loads(file.read_text(encoding="utf-8")) for file in sorted((report / "evidence").glob("*.json"))]
    assert {found["audit"] for found in evidence} == set(AUDITS)
    assert {(found["outcome"], found["reason"]) for found in evidence} == {
        ("failed", "there is no snapshot: data/gone.csv does not exist")
    }
    assert "data/gone.csv does not exist" in (report / "datasheet.md").read_text(encoding="utf-8")
    assert "gone" in (repository.folder / "reports" / "index.html").read_text(encoding="utf-8")
    output = repository.run("govern", "gate", code=4)
    assert "evidence/no_snapshot: no snapshot could be made of the data: data/gone.csv does not exist" in output
    assert re.search(r"trees .*PASSED", output)
    (repository.folder / "data" / "gone.csv").write_text("a\n1\n2\n", encoding="utf-8")
    repository.run("dvc", "repro", "snapshot@gone")
    assert '"outcome":"assessed"' in (report / "manifest.json").read_text(encoding="utf-8").replace(" ", "")
