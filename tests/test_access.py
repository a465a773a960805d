"""What training code gets: approved data, or a refusal that says why and what to run."""

from __future__ import annotations

import datetime
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from small_workspace import COLUMNS, PARAMS, ROWS, TABLE, build, edit, git, judge

import governance
from governance.clock import today
from governance.config import Workspace
from governance.documents.questions import questionnaire
from governance.errors import Blocked, EvidenceError, GovernanceError, UsageError
from governance.verdict import read_verdict

GOVERN = Path(sys.executable).parent / "govern"
REPORT = "reports/datasets/trees"


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace whose data passed; tests work on copies."""
    return build(tmp_path_factory.mktemp("measured") / "trees").root


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with one row that breaks the Pandera model: blocked by policy."""
    table = TABLE.replace("oak", "ash", 1)
    return build(tmp_path_factory.mktemp("broken") / "trees", **{"data/trees.csv": table}).root


@pytest.fixture
def passed(measured: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(measured, tmp_path / "workspace"))


@pytest.fixture
def blocked(broken: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(broken, tmp_path / "blocked"))


# Approved data


def test_load_returns_every_row_in_its_split(passed: Path) -> None:
    import datasets

    loaded = governance.load("trees", passed)
    assert isinstance(loaded, datasets.DatasetDict)
    manifest = json.loads((passed / REPORT / "manifest.json").read_text(encoding="utf-8"))
    assert {name: part.num_rows for name, part in loaded.items()} == manifest["splits"]
    assert set(loaded) == {"train", "test"}
    source = [line.split(",") for line in TABLE.splitlines()[1:]]
    rows = {row["source_row"]: row for part in loaded.values() for row in part}
    assert sorted(rows) == list(range(ROWS))
    for number, (length, width, kind) in enumerate(source):
        row = rows[number]
        assert (row["length"], row["width"], row["kind"]) == (float(length), float(width), kind)
    assert {row["split"] for row in loaded["test"]} == {"test"}


def test_only_what_may_be_learned_from_is_loaded_when_asked_for(tmp_path: Path) -> None:
    columns = COLUMNS.replace("name: length, type: number", "name: length, type: number, role: private")
    params = PARAMS.replace("split: {", "task: classification\n      target: kind\n      split: {")
    workspace = build(tmp_path / "repository", **{"expectations/trees/columns.yaml": columns, "params.yaml": params})
    for loaded in governance.load("trees", workspace.root, features_only=True).values():
        assert loaded.column_names == ["width", "kind"]
        assert loaded.num_rows
    checked = governance.require("trees", workspace.root)
    assert (checked.features, checked.target) == (("width",), "kind")
    assert "length" in governance.load("trees", workspace.root)["train"].column_names


def test_require_returns_checked_paths_from_anywhere_inside(passed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(passed / "data")
    checked = governance.require("trees")
    assert checked.digest.startswith("sha256:")
    assert {split: path.relative_to(passed).as_posix() for split, path in checked.paths.items()} == {
        "train": "build/trees/snapshot/train.parquet",
        "test": "build/trees/snapshot/test.parquet",
    }
    assert governance.require("trees", str(passed)) == checked


def test_require_reads_no_data_and_imports_no_data_library(passed: Path) -> None:
    heavy = ("numpy", "polars", "pandas", "pyarrow", "sklearn", "scipy", "datasets", "dvc", "pandera", "duckdb")
    code = f"import sys, governance; governance.require('trees'); print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=passed, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "[]"), done.stderr


# Refusals


def damage(file: str, old: str, new: str) -> Callable[[Path], None]:
    """A change of `file` from `old` to `new`."""

    def change(root: Path) -> None:
        edit(Workspace(root), file, old, new)

    return change


def flip_a_byte(root: Path) -> None:
    path = root / "build" / "trees" / "snapshot" / "test.parquet"
    content = bytearray(path.read_bytes())
    content[100] ^= 1
    path.write_bytes(content)


def replace_source(root: Path) -> None:
    damage("data/trees.csv", "oak", "elm")(root)
    git(root, "add", "-A")


def other_evidence(root: Path) -> None:
    folder = root / REPORT / "evidence"
    shutil.copy(folder / "summary.json", folder / "schema.json")


REFUSALS: dict[str, tuple[Callable[[Path], object], str]] = {
    "evidence changed": (
        damage(f"{REPORT}/evidence/summary.json", '"declared": 120', '"declared": 121'),
        r"summary\.json was changed after it was written",
    ),
    "evidence gone": (lambda root: (root / REPORT / "evidence/summary.json").unlink(), r"summary\.json is missing"),
    "evidence of another audit": (other_evidence, "is evidence of summary on trees"),
    "another policy": (
        damage("params.yaml", "tier: prototype", "tier: internal"),
        "not what policy, waivers and evidence",
    ),
    "another split": (damage("params.yaml", "seed: 0", "seed: 1"), "declare other data than the snapshot"),
    "an audit added": (
        damage("params.yaml", "summary: {}", "summary: {}\n  duplicates: {}"),
        r"duplicates\.json is missing",
    ),
    "another contract": (damage("expectations/trees/schema.py", "le=100", "le=99"), "made from another schema"),
    "another column type": (damage("expectations/trees/columns.yaml", "unit: cm", "unit: m"), "declare other data"),
    "source replaced in git": (replace_source, r"data/trees\.csv is not the version that was audited, says git"),
    "source edited on disk": (damage("data/trees.csv", "oak", "elm"), r"data/trees\.csv is not the version that was"),
    "source unknown": (lambda root: git(root, "rm", "-q", "--cached", "data/trees.csv"), "neither git nor DVC knows"),
    "snapshot changed by a byte": (flip_a_byte, r"test\.parquet is not the file that was judged"),
    "snapshot not here": (
        lambda root: (root / "build/trees/snapshot/test.parquet").unlink(),
        r"build/trees/snapshot/test\.parquet is not here.\n  Run: dvc checkout snapshot@trees, or dvc repro snapshot@trees",
    ),
    "manifest edited": (
        damage(f"{REPORT}/manifest.json", '"rows": 120', '"rows": 119'),
        "changed after it was written",
    ),
    "document edited": (
        damage(f"{REPORT}/datasheet.md", "trees", "forest"),
        r"not as they were rendered: datasheet\.md",
    ),
    "document gone": (lambda root: (root / REPORT / "README.md").unlink(), r"not as they were rendered: README\.md"),
    "verdict gone": (lambda root: (root / REPORT / "verdict.json").unlink(), r"verdict\.json is missing"),
    "another release": (damage("govern.lock", '"package": "', '"package": "99.'), "govern upgrade"),
}


@pytest.mark.parametrize("what", REFUSALS)
def test_what_does_not_match_any_more_is_refused(what: str, passed: Path) -> None:
    change, words = REFUSALS[what]
    governance.require("trees", passed)
    change(passed)
    with pytest.raises(EvidenceError, match=words) as caught:
        governance.require("trees", passed)
    assert caught.value.exit_code == 4
    assert str(passed) not in str(caught.value)
    with pytest.raises(EvidenceError, match=words):
        governance.load("trees", passed)


def test_waivers_of_nothing_change_nothing(passed: Path) -> None:
    waive(passed, "0123456789abcdef", days=9)
    governance.require("trees", passed)


def test_a_space_more_is_another_file(passed: Path) -> None:
    damage(f"{REPORT}/evidence/summary.json", '"outcome": "assessed"', '"outcome":  "assessed"')(passed)
    with pytest.raises(EvidenceError, match="other bytes than were written"):
        governance.require("trees", passed)


def test_no_such_dataset_and_no_workspace(passed: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no dataset 'tree'; it has: trees; did you mean 'trees'"):
        governance.require("tree", passed)
    with pytest.raises(UsageError, match="govern init"):
        governance.load("trees", tmp_path)


def test_blocked_data_is_refused_with_the_reason(blocked: Path) -> None:
    for ask in (governance.require, governance.load):
        with pytest.raises(Blocked, match=r"kind.*\n  Run: govern status trees") as caught:
            ask("trees", blocked)
        assert caught.value.exit_code == 3


def test_a_long_refusal_shows_the_first_reasons_and_the_command_that_shows_all(measured: Path, tmp_path: Path) -> None:
    workspace = Workspace(Path(shutil.copytree(measured, tmp_path / "many")))
    wanted = [question.id for question in questionnaire().questions][:12]
    for count, shown, more in ((5, 5, ""), (6, 6, ""), (12, 5, "7 more reasons")):
        policy = f"policy: {{tier: prototype, required_answers: [{', '.join(wanted[:count])}]}}"
        params = workspace.root / "params.yaml"
        text = re.sub(r"^policy:.*(\n .*)*", policy, params.read_text(encoding="utf-8"), flags=re.MULTILINE)
        params.write_text(text, encoding="utf-8")
        workspace = Workspace(workspace.root)
        judge(workspace, "trees")
        with pytest.raises(GovernanceError) as caught:
            governance.require("trees", workspace.root)
        said = str(caught.value)
        assert said.count("\n  - ") == shown
        assert ("more reason" in said) == bool(more)
        if more:
            assert f"  and {more}; govern status trees shows them all" in said
    done = subprocess.run([GOVERN, "status", "trees"], cwd=workspace.root, capture_output=True, text=True, check=True)
    assert [name for name in wanted if f"answer {name} with govern ask trees" not in done.stdout] == []


def test_a_forged_verdict_opens_nothing(blocked: Path) -> None:
    path = blocked / REPORT / "verdict.json"
    forged = read_verdict(path).model_copy(update={"result": "passed", "decisions": ()}).sealed()
    path.write_text(forged.to_json(), encoding="utf-8")
    with pytest.raises(GovernanceError, match="may not be used"):
        governance.require("trees", blocked)


def waive(root: Path, fingerprint: str, days: int) -> Workspace:
    """The workspace with one waiver that ends `days` from now."""
    last = today() + datetime.timedelta(days=days)
    entry = f"{{fingerprint: '{fingerprint}', owner: Ada, reason: known and harmless, expires: {last}}}"
    (root / "waivers.yaml").write_text(f"waivers:\n  - {entry}\n", encoding="utf-8")
    return Workspace(root)


def test_a_waiver_opens_until_the_day_it_expires(blocked: Path) -> None:
    blocking = read_verdict(blocked / REPORT / "verdict.json").blocking
    assert len(blocking) == 1
    judge(waive(blocked, blocking[0].fingerprint, days=30), "trees")
    assert governance.require("trees", blocked).name == "trees"
    judge(waive(blocked, blocking[0].fingerprint, days=0), "trees")
    assert governance.require("trees", blocked).name == "trees"
    judge(waive(blocked, blocking[0].fingerprint, days=-1), "trees")
    with pytest.raises(Blocked, match="the waiver ended on"):
        governance.require("trees", blocked)
    (blocked / "waivers.yaml").write_text("waivers: []\n", encoding="utf-8")
    with pytest.raises(GovernanceError, match="may not be used"):
        governance.require("trees", blocked)


# The guard

WRITES = "import os, sys, pathlib; pathlib.Path('ran').write_text(os.environ['{}']); sys.exit({})"


def guard(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([GOVERN, "guard", *words], cwd=root, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("code", [0, 3, 42])
def test_guard_passes_on_the_exit_code_and_the_paths(passed: Path, code: int) -> None:
    done = guard(passed, "trees", "--", sys.executable, "-c", WRITES.format("GOVERN_DATASET_TRAIN", code))
    assert done.returncode == code, done.stderr
    assert (passed / "ran").read_text(encoding="utf-8") == str(passed / "build/trees/snapshot/train.parquet")


def test_guard_names_the_digest_and_leaves_options_to_the_command(passed: Path) -> None:
    program = "import os, sys; print(os.environ['GOVERN_DATASET_DIGEST'], sys.argv[1:])"
    done = guard(passed, "trees", "--", sys.executable, "-c", program, "--help", "--dataset", "x", "--")
    assert done.stdout.strip() == f"{governance.require('trees', passed).digest} ['--help', '--dataset', 'x', '--']"


def test_guard_starts_nothing_when_refused(passed: Path, blocked: Path, tmp_path: Path) -> None:
    command = ("--", sys.executable, "-c", WRITES.format("PATH", 0))
    flip_a_byte(passed)
    outside = tmp_path / "elsewhere"
    outside.mkdir()
    for root, name, code, words in (
        (blocked, "trees", 3, "may not be used"),
        (passed, "trees", 4, "is not the file that was judged"),
        (passed, "tree", 2, "did you mean 'trees'"),
        (outside, "trees", 2, "govern init"),
    ):
        done = guard(root, name, *command)
        assert (done.returncode, words in done.stderr) == (code, True), done.stderr
        assert "Traceback" not in done.stderr
        assert not (root / "ran").exists()


def test_guard_needs_a_command_that_exists(passed: Path) -> None:
    done = guard(passed, "trees")
    assert (done.returncode, "needs a command" in done.stderr) == (2, True)
    done = guard(passed, "trees", "--", "no-such-command-anywhere")
    assert (done.returncode, "there is no command 'no-such-command-anywhere'" in done.stderr) == (2, True)
    script = passed / "train.py"
    script.write_text("print(1)\n", encoding="utf-8")
    done = guard(passed, "trees", "--", str(script))
    script.unlink()
    assert "cannot be run; make it executable, or name its interpreter first" in done.stderr
    assert done.returncode == 2


def test_a_trainer_dies_of_a_closed_pipe_as_without_the_guard(passed: Path) -> None:
    line = f"{GOVERN} guard trees -- sh -c 'while :; do echo y; done; echo survived >&2' | head -n 1"
    done = subprocess.run(["sh", "-c", line], cwd=passed, capture_output=True, text=True, check=False, timeout=60)
    assert (done.stdout, done.stderr) == ("y\n", "")


def test_ending_the_guard_ends_the_trainer(passed: Path) -> None:
    waits = "import os, time; print(os.getpid(), flush=True); time.sleep(600)"
    running = subprocess.Popen(
        [GOVERN, "guard", "trees", "--", sys.executable, "-c", waits], cwd=passed, stdout=subprocess.PIPE, text=True
    )
    assert running.stdout is not None
    trainer = int(running.stdout.readline())
    running.terminate()
    assert running.wait(timeout=30) == -signal.SIGTERM
    with pytest.raises(ProcessLookupError):
        os.kill(trainer, 0)
