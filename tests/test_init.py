"""`govern init`: a repository of its own, or one folder beside a pipeline that exists."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import typer
from built_once import built_once, copied
from forked import binaries, environment
from fresh import fresh
from in_process import governed
from typer.testing import CliRunner

from governance.audit import names
from governance.cli import init as commands
from governance.config import Workspace
from governance.errors import UsageError
from governance.lock import lock_differences, package_pipeline
from governance.onboarding.scaffold import carry_out, plan, upgrade
from governance.onboarding.scaffold_texts import LINES

NEW = {
    ".dvcignore", ".gitattributes", ".gitignore", "answers/README.md", "approvals/README.md", "baseline.yaml",
    "decisions/README.md", "dvc.yaml", "expectations/README.md", "govern.lock", "params.yaml", "references/README.md",
    "reports/datasets/README.md", "reports/models/README.md", "reviews/README.md", "signals/README.md", "templates/README.md",
    "waivers.yaml",
}  # fmt: skip


def git(folder: Path, *words: str) -> str:
    return subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True, text=True).stdout


def dvc(folder: Path, *words: str, code: int | None = 0) -> str:
    done = subprocess.run(
        ["dvc", *words], cwd=folder, env=environment(binaries()), capture_output=True, text=True, check=False
    )
    if code is not None:
        assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "-q")
    return folder


def with_dvc(repository: Path, factory: pytest.TempPathFactory) -> None:
    """As after `dvc init`, which is run once for all."""

    def initialised(folder: Path) -> None:
        folder.mkdir()
        git(folder, "init", "-q")
        dvc(folder, "init", "-q")

    made = built_once(factory, "with_dvc", initialised)
    copied(made / ".dvc", repository / ".dvc")
    shutil.copy2(made / ".dvcignore", repository)
    git(repository, "add", ".dvc", ".dvcignore")  # as DVC does


def files(folder: Path) -> dict[str, bytes]:
    """Every file outside git's and DVC's own folders."""
    paths = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return {path.as_posix(): (folder / path).read_bytes() for path in paths if not {".git", ".dvc"} & set(path.parts)}


def test_an_empty_repository_becomes_a_workspace(repository: Path) -> None:
    intended = plan(repository)
    assert (intended.root, intended.added) == (repository, {})
    written = carry_out(intended)
    assert set(written) == NEW == set(files(repository))
    workspace = Workspace.find(repository)
    assert workspace.config.datasets == {}
    assert set(workspace.config.audits) <= set(names())
    assert workspace.waivers == ()
    assert lock_differences(workspace) == ()
    assert "analytics = false" in (repository / ".dvc" / "config").read_text(encoding="utf-8")
    assert git(repository, "check-ignore", "build/x").strip() == "build/x"
    with pytest.raises(UsageError, match="is a workspace already"):
        plan(repository)


def test_a_repository_within_a_workspace_is_set_up_for_itself(repository: Path) -> None:
    (repository / "govern.lock").write_text("", encoding="utf-8")
    inner = repository / "inner"
    inner.mkdir()
    git(inner, "init", "--quiet")
    assert plan(inner).root == inner


def test_lines_are_added_to_files_that_exist_and_shown_first(repository: Path) -> None:
    (repository / "README.md").write_text("mine", encoding="utf-8")
    (repository / ".gitignore").write_text("*.pyc", encoding="utf-8")
    lines = "".join(f"{line}\n" for line in LINES[".gitattributes"])
    (repository / ".gitattributes").write_text(lines, encoding="utf-8")
    intended = plan(repository)
    assert intended.shown == [".gitignore gets:", "  + /build/"]
    carry_out(intended)
    assert (repository / ".gitignore").read_text(encoding="utf-8") == "*.pyc\n/build/\n"
    assert (repository / ".gitattributes").read_text(encoding="utf-8") == lines
    assert (repository / "README.md").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("own", ["dvc.yaml", "params.yaml"])
def test_beside_a_pipeline_everything_lives_in_one_folder(
    repository: Path, own: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with_dvc(repository, tmp_path_factory)
    (repository / own).write_text("# mine\n", encoding="utf-8")
    before = files(repository)
    intended = plan(repository)
    assert intended.root == repository / "govern"
    assert intended.dvc_init == ()
    assert intended.shown == [".dvc/config gets:", "  + [core] analytics = false"]
    assert files(repository) == before
    carry_out(intended)
    after = files(repository)
    assert {name for name in after if name not in before} == {f"govern/{name}" for name in NEW}
    assert {name: after[name] for name in before} == before
    assert Workspace.find(repository).root == repository / "govern"
    assert dvc(repository, "config", "core.analytics").strip() == "false"


def test_a_subfolder_of_a_monorepo_gets_dvc_of_its_own(repository: Path) -> None:
    service = repository / "services" / "api"
    service.mkdir(parents=True)
    intended = plan(service)
    assert intended.root == service / "govern"
    assert intended.dvc_init == ("init", "--quiet", "--subdir")
    carry_out(intended)
    assert (service / ".dvc").is_dir()
    assert not (repository / ".dvc").exists()
    assert {name for name in files(repository) if "/govern/" not in name} <= {"services/api/.dvcignore"}


def test_dvc_above_a_subfolder_is_used(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    with_dvc(repository, tmp_path_factory)
    (repository / "sub").mkdir()
    intended = plan(repository / "sub")
    assert (intended.dvc_init, intended.dvc_root) == ((), repository)


def test_a_folder_of_ones_choice(repository: Path) -> None:
    assert plan(repository, "quality/data").root == repository / "quality" / "data"
    assert plan(repository, ".").root == repository
    with pytest.raises(UsageError, match="leads out of the repository"):
        plan(repository, "../elsewhere")


def test_what_exists_is_not_overwritten(repository: Path) -> None:
    (repository / "waivers.yaml").write_text("mine", encoding="utf-8")
    before = files(repository)
    with pytest.raises(UsageError, match=r"waivers.yaml is there already.*govern init --dir NAME"):
        plan(repository)
    assert files(repository) == before


def test_outside_git_every_command_says_all_that_is_to_be_run(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="Run: git init && govern init"):
        Workspace.find(tmp_path)
    (tmp_path / ".git").mkdir()
    with pytest.raises(UsageError, match="Run: govern init"):
        Workspace.find(tmp_path)


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    from governance import __version__
    from governance.cli import main

    with pytest.raises(SystemExit) as end:
        main(["--version"])
    assert not end.value.code
    assert capsys.readouterr().out == f"govern {__version__}\n"


def test_without_git_it_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="Run: git init && govern init"):
        plan(tmp_path)


def test_a_failure_takes_back_what_was_written(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from governance.onboarding import scaffold

    def broken(workspace: Workspace) -> bool:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(scaffold, "write_lock", broken)
    (repository / ".gitignore").write_text("*.pyc\n", encoding="utf-8")
    with pytest.raises(OSError, match="No space left"):
        carry_out(plan(repository))
    assert set(files(repository)) == {".gitignore"}
    assert not (repository / "templates").exists()
    monkeypatch.undo()
    carry_out(plan(repository))  # the next attempt works, whatever DVC left there
    assert set(files(repository)) == NEW


def run(*words: str, answer: str | None = None) -> tuple[str, BaseException | None]:
    app = typer.Typer()
    commands.register(app)
    result = CliRunner().invoke(app, list(words), input=answer)
    return result.output, result.exception


def test_the_command_asks_before_it_changes_a_file(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repository)
    (repository / ".gitignore").write_text("*.pyc\n", encoding="utf-8")
    before = files(repository)
    for answer in ("n\n", ""):
        output, exception = run("init", answer=answer)
        assert ".gitignore gets:\n  + /build/" in output
        assert isinstance(exception, UsageError)
        assert "nothing was changed" in str(exception)
        assert files(repository) == before
    output, exception = run("init", answer="y\n")
    assert exception is None
    assert set(files(repository)) == NEW
    assert "govern add PATH --name NAME" in output


def test_yes_answers_for_programs(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repository)
    (repository / ".gitignore").write_text("*.pyc\n", encoding="utf-8")
    output, exception = run("init", "--yes", "--dir", "quality")
    assert exception is None
    assert "The workspace is quality/: run `dvc repro` there." in output
    assert (repository / ".gitignore").read_text(encoding="utf-8") == "*.pyc\n"


def test_upgrade_writes_the_lock_and_the_pipeline_only_when_asked(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository = fresh(tmp_path_factory, tmp_path / "workspace")
    monkeypatch.chdir(repository)
    workspace = Workspace(repository)
    done = upgrade(workspace)
    assert (done.lock_changed, done.pipeline_differs, done.pipeline_replaced) == (False, False, False)
    (repository / "dvc.yaml").write_text("stages: {}\n", encoding="utf-8")
    (repository / "govern.lock").write_text("{}", encoding="utf-8")
    output, _ = run("upgrade")
    assert "govern.lock was written" in output
    assert "govern upgrade --dvc-yaml replaces it" in output
    assert (repository / "dvc.yaml").read_text(encoding="utf-8") == "stages: {}\n"
    assert lock_differences(workspace) == ()
    output, _ = run("upgrade", "--dvc-yaml")
    assert "dvc.yaml was replaced" in output
    assert (repository / "dvc.yaml").read_text(encoding="utf-8") == package_pipeline()


TABLE = "length,width,kind\n" + "".join(
    f"{10 + 3 * (i % 2) + (i * 7919 % 100) / 50},{(i * 104729 % 97) / 10},{'oak' if i % 2 else 'elm'}\n"
    for i in range(120)
)
OWN_PIPELINE = """\
stages:
  prepare:
    cmd: cp data/raw.csv data/clean.csv
    deps: [data/raw.csv]
    outs: [data/clean.csv]
  train:
    cmd: cp data/clean.csv model.txt
    deps:
      - data/clean.csv
      - govern/reports/datasets/trees/verdict.json
    params: [train.rate]
    outs: [model.txt]
"""


@pytest.mark.pipeline
def test_a_training_stage_of_ones_own_pulls_the_audits_in(
    repository: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with_dvc(repository, tmp_path_factory)
    (repository / "data").mkdir()
    (repository / "data" / "raw.csv").write_text(TABLE, encoding="utf-8")
    (repository / "dvc.yaml").write_text(OWN_PIPELINE, encoding="utf-8")
    (repository / "params.yaml").write_text("train: {rate: 0.1}\ndataset: mine\n", encoding="utf-8")
    git(repository, "add", "-A")
    git(repository, "commit", "-qm", "own pipeline")

    governed(repository, "init", "--yes")
    dvc(repository, "repro", "prepare")
    assert "dvc.lock (stage prepare)" in governed(
        repository, "add", "data/clean.csv", "--name", "trees", "--target", "kind"
    )
    params = repository / "govern" / "params.yaml"
    text = params.read_text(encoding="utf-8")
    few = re.sub(r"audits:\n(  \w+: \{\}\n)+", "audits:\n  schema: {}\n", text)
    params.write_text(
        few.replace("tier: internal", "tier: prototype\n  required: [[schema]]").replace("folds: 5", "folds: 2"),
        encoding="utf-8",
    )
    ran = re.findall(r"Running stage '([^']+)'", dvc(repository, "repro", "train"))
    assert ran[-1] == "train"
    assert {stage.partition(":")[2] for stage in ran[:-1]} == {
        "snapshot@trees", "signals@trees", "inputs@trees", "audit@trees-schema", "verdict@trees",
    }  # fmt: skip
    assert "Running stage" not in dvc(repository, "repro", "train")
    governed(repository, "gate", code=4)  # the documents are not there yet
    dvc(repository / "govern", "repro")
    git(repository, "add", "-A")
    assert "1 judged, all passed" in governed(repository, "gate")
    assert git(repository, "diff", "HEAD", "--name-only", "--", "dvc.yaml", "params.yaml") == ""

    raw = repository / "data" / "raw.csv"
    raw.write_text(raw.read_text(encoding="utf-8").replace("oak", "ash"), encoding="utf-8")
    ran = re.findall(r"Running stage '([^']+)'", dvc(repository, "repro", "train"))
    assert "govern/dvc.yaml:audit@trees-schema" in ran
    assert "block" in governed(repository, "gate", code=4)


@pytest.mark.pipeline
def test_a_fresh_workspace_without_datasets_runs(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    repository = fresh(tmp_path_factory, tmp_path / "workspace")
    assert re.findall(r"Running stage '([^']+)'", dvc(repository, "repro")) == ["complete", "index"]
    assert "Running stage" not in dvc(repository, "repro")
