"""Sets up a workspace: what `dvc repro` needs, in a repository of its own or beside a pipeline that exists.

A plan comes first. It says which files will be written and which lines added to which existing file; nothing that
exists is otherwise changed, and a failure takes back what was written.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from governance.config import LOCK, PARAMS, SUBFOLDER, WAIVERS, Workspace
from governance.errors import UsageError
from governance.lock import PIPELINE, package_pipeline, write_lock
from governance.onboarding.scaffold_texts import (
    ANSWERS,
    APPROVALS,
    BASELINE,
    DECISIONS,
    EXPECTATIONS,
    LINES,
    MODEL_REPORTS,
    REFERENCES,
    REPORTS,
    REVIEWS,
    SIGNALS,
    TEMPLATES,
)
from governance.onboarding.scaffold_texts import PARAMS as PARAMS_TEXT
from governance.onboarding.scaffold_texts import WAIVERS as WAIVERS_TEXT
from governance.onboarding.undo import write_or_undo

_NO_ANALYTICS = "[core] analytics = false"


@dataclass(frozen=True)
class Plan:
    """What `govern init` is about to do."""

    root: Path
    """The workspace: all new files lie in it."""
    top: Path
    """The git repository's top folder."""
    files: Mapping[Path, str]
    """New files and their text."""
    added: Mapping[Path, tuple[str, ...]]
    """Existing files and the lines they get. A person should see these first."""
    dvc_init: tuple[str, ...]
    """Arguments of `dvc init`, empty when the repository has DVC already."""
    dvc_root: Path
    """The folder that holds, or will hold, `.dvc/`."""

    @property
    def shown(self) -> list[str]:
        """The changes to existing files, as lines for a person."""
        lines = []
        for path, added in self.added.items():
            lines.append(f"{_below(path, self.top)} gets:")
            lines.extend(f"  + {line}" for line in added)
        return lines


def plan(start: Path, directory: str | None = None) -> Plan:
    """What setting up a workspace at `start` takes. Raises UsageError."""
    start = start.resolve()
    top = _top(start)
    root = _root(start, top, directory)
    inside = (folder for folder in (start, *start.parents) if folder.is_relative_to(top))
    above = next((folder for folder in inside if (folder / LOCK).exists()), None)
    if directory is None and above is not None and above != root:
        raise UsageError(
            f"{_below(above, top)} is a workspace already, and this folder lies in it.\n"
            "  Run: govern add, or govern init --dir DIR for a second workspace"
        )
    if (root / LOCK).exists():
        raise UsageError(
            f"{_below(root, top)} is a workspace already ({LOCK} is there).\n  Run: govern upgrade, or govern add"
        )
    files = {
        root / PARAMS: PARAMS_TEXT,
        root / PIPELINE: package_pipeline(),
        root / WAIVERS: WAIVERS_TEXT,
        root / "baseline.yaml": BASELINE,
        root / "templates" / "README.md": TEMPLATES,
        root / "signals" / "README.md": SIGNALS,
        root / "reviews" / "README.md": REVIEWS,
        root / "references" / "README.md": REFERENCES,
        root / "decisions" / "README.md": DECISIONS,
        root / "reports" / "datasets" / "README.md": REPORTS,
        root / "reports" / "models" / "README.md": MODEL_REPORTS,
        root / "approvals" / "README.md": APPROVALS,
        root / "answers" / "README.md": ANSWERS,
        root / "expectations" / "README.md": EXPECTATIONS,
    }
    if there := [_below(path, top) for path in files if path.exists()]:
        raise UsageError(
            f"{', '.join(there)} {'is' if len(there) == 1 else 'are'} there already and not overwritten; "
            "set the workspace up in a folder of its own: govern init --dir NAME"
        )
    added: dict[Path, tuple[str, ...]] = {}
    for name, lines in LINES.items():
        path = root / name
        present = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
        missing = tuple(line for line in lines if line not in present)
        if missing and path.is_file():
            added[path] = missing
        elif missing:
            files[path] = "\n".join(missing) + "\n"
    dvc_root = _dvc_above(root, top)
    init: tuple[str, ...] = ()
    if dvc_root is None:
        dvc_root = start if root.is_relative_to(start) else root
        init = ("init", "--quiet", *(["--subdir"] if dvc_root != top else []))
    elif not _analytics_off(dvc_root):
        added[dvc_root / ".dvc" / "config"] = (_NO_ANALYTICS,)
    return Plan(root, top, files, added, init, dvc_root)


def _below(path: Path, top: Path) -> str:
    return path.relative_to(top).as_posix() if path != top else top.name


def _top(start: Path) -> Path:
    try:
        done = subprocess.run(
            ["git", "rev-parse", "--show-toplevel"], cwd=start, capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        raise UsageError("git is not installed; install it, then run: git init && govern init") from None
    except NotADirectoryError:
        raise UsageError(f"{start} is not a folder") from None
    if done.returncode:
        raise UsageError(f"{start} is in no git repository, and evidence lives in git.\n  Run: git init && govern init")
    return Path(done.stdout.strip()).resolve()


def _root(start: Path, top: Path, directory: str | None) -> Path:
    if directory is not None:
        root = (start / directory).resolve()
        if not root.is_relative_to(top):
            raise UsageError(f"--dir {directory} leads out of the repository {top}")
        return root
    if (start / LOCK).exists():
        return start
    own = any((start / name).exists() for name in (PIPELINE, PARAMS))
    return start / SUBFOLDER if own or start != top else start


def _dvc_above(root: Path, top: Path) -> Path | None:
    folders = (folder for folder in (root, *root.parents) if folder.is_relative_to(top))
    return next((folder for folder in folders if (folder / ".dvc").is_dir()), None)


def _analytics_off(dvc_root: Path) -> bool:
    import configparser

    parser = configparser.ConfigParser()
    try:
        parser.read(dvc_root / ".dvc" / "config", encoding="utf-8")
    except configparser.Error:
        return False
    return parser.get("core", "analytics", fallback="true").lower() == "false"


def carry_out(plan: Plan) -> tuple[str, ...]:
    """Do what `plan` says; returns what was written, relative to the repository.

    Raises UsageError when DVC fails; all is then as it was.
    """
    texts = dict(plan.files)
    config = plan.dvc_root / ".dvc" / "config"
    for path, lines in plan.added.items():
        if path != config:
            earlier = path.read_text(encoding="utf-8")
            gap = "" if earlier.endswith("\n") or not earlier else "\n"
            texts[path] = earlier + gap + "\n".join(lines) + "\n"
    undo = write_or_undo(texts)
    try:
        if plan.dvc_init:
            _dvc(plan.dvc_root, *plan.dvc_init)
        if plan.dvc_init or config in plan.added:
            _dvc(plan.dvc_root, "config", "core.analytics", "false")
        write_lock(Workspace(plan.root))
    except BaseException:
        undo.restore()
        raise
    return tuple(sorted(_below(path, plan.top) for path in [*texts, plan.root / LOCK]))


def _dvc(folder: Path, *arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "dvc", *arguments],
        cwd=folder, env={**os.environ, "DVC_NO_ANALYTICS": "1"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        cause = " ".join((done.stderr or done.stdout).split()) or f"exit code {done.returncode}"
        raise UsageError(f"dvc {' '.join(arguments)} failed in {folder}: {cause}")


@dataclass(frozen=True)
class Upgraded:
    """What `govern upgrade` found and did."""

    lock_changed: bool
    pipeline_differs: bool
    """Whether the workspace's dvc.yaml was other than the package's before."""
    pipeline_replaced: bool


def upgrade(workspace: Workspace, *, replace_pipeline: bool = False) -> Upgraded:
    """Write govern.lock from what is installed, and the package's dvc.yaml over the workspace's when asked to."""
    path = workspace.root / PIPELINE
    now = path.read_text(encoding="utf-8") if path.is_file() else ""
    differs = now != package_pipeline()
    undo = write_or_undo({path: package_pipeline()} if differs and replace_pipeline else {})
    try:
        changed = write_lock(workspace)
    except BaseException:
        undo.restore()
        raise
    return Upgraded(changed, differs, differs and replace_pipeline)
