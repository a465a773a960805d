"""Settles conflicts of a merge in what stages write, and re-runs only what differs.

Nobody edits results by hand: of a report in conflict one side is taken whole, dvc.lock is joined stage by stage, and
`dvc repro` then makes anew whatever belongs to neither side. What people write they settle themselves, first.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from governance.config import LOCK, Workspace
from governance.errors import ConfigError, EvidenceError, UsageError
from governance.lock import write_lock

DVC_LOCK = "dvc.lock"
_SIDES = {"1": "base", "2": "ours", "3": "theirs"}


@dataclass(frozen=True)
class Settled:
    """What was done to the files in conflict."""

    taken: Mapping[str, str]
    """Path to the side that was taken: `ours`, `theirs`, `joined`, `made anew`."""
    ran: bool
    """Whether `dvc repro` ran."""


def resolve(workspace: Workspace, *, run: bool = True) -> Settled:
    """Settle generated files in conflict, then `dvc repro` unless told not to.

    Raises ConfigError with the files that people must settle first, EvidenceError when DVC fails.
    """
    conflicts = _conflicts(workspace.root)
    people = sorted(path for path in conflicts if not _generated(path))
    if people:
        raise ConfigError(
            [f"{path} is in conflict, and people write it" for path in people]
            + ["Settle these by reading, git add them, and run govern resolve again"]
        )
    taken = {path: _settle(workspace.root, path, sides) for path, sides in sorted(conflicts.items()) if path != LOCK}
    if LOCK in conflicts:
        _settle(workspace.root, LOCK, conflicts[LOCK])
        write_lock(workspace)
        _git(workspace.root, "add", "--", LOCK)
        taken[LOCK] = "made anew"
    _ = workspace.config  # before anything runs: merged declarations must make sense
    if run:
        _dvc(workspace.root, "checkout", "--quiet", "--allow-missing", needed=False)  # what the other side measured
        _dvc(workspace.root, "repro")
        _git(workspace.root, "add", "--", *(p for p in (DVC_LOCK, LOCK, "reports") if (workspace.root / p).exists()))
    return Settled(taken, run)


def _generated(path: str) -> bool:
    return path in {DVC_LOCK, LOCK} or path.startswith("reports/")


def _conflicts(root: Path) -> dict[str, dict[str, str]]:
    """Path below the workspace to its sides (`base`, `ours`, `theirs`) and their blobs, for every unmerged file."""
    top = Path(_git(root, "rev-parse", "--show-toplevel").strip()).resolve()
    prefix = root.resolve().relative_to(top).as_posix()
    found: dict[str, dict[str, str]] = {}
    for line in _git(root, "ls-files", "-u", "-z", "--full-name").split("\0"):
        if line:
            meta, name = line.split("\t", 1)
            _, blob, stage = meta.split()
            below = name if prefix == "." else name.removeprefix(prefix + "/")
            found.setdefault(below, {})[_SIDES[stage]] = blob
    return found


def _settle(root: Path, path: str, sides: Mapping[str, str]) -> str:
    """Put one file right and into the index; which side was taken."""
    if path == DVC_LOCK and {"ours", "theirs"} <= sides.keys():
        (root / path).write_text(_joined(root, sides), encoding="utf-8")
        side = "joined"
    elif side := next((one for one in ("ours", "theirs") if one in sides), ""):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(_blob(root, sides[side]))
    else:
        _git(root, "rm", "--quiet", "--cached", "--", path)
        return "removed by both"
    _git(root, "add", "--", path)
    return side


def _joined(root: Path, sides: Mapping[str, str]) -> str:
    """dvc.lock of both sides: each stage as the side has it that changed it; as ours where both did.

    A stage that belongs to neither the merged data nor the merged settings is run again, so a wrong choice costs
    time and nothing else.
    """
    from ruamel.yaml import YAML

    yaml = YAML()
    locks: dict[str, Any] = {side: yaml.load(_blob(root, blob).decode("utf-8")) or {} for side, blob in sides.items()}
    base, ours, theirs = (dict(locks.get(side, {}).get("stages") or {}) for side in ("base", "ours", "theirs"))
    merged = {}
    for name in _in_order(ours, theirs):
        kept = theirs.get(name) if ours.get(name) == base.get(name) else ours.get(name)
        if kept is not None:
            merged[name] = kept
    result = locks["ours"]
    result["stages"] = merged
    text = io.StringIO()
    yaml.dump(result, text)
    return text.getvalue()


def _in_order(ours: Iterable[str], theirs: Iterable[str]) -> list[str]:
    return list(dict.fromkeys([*ours, *theirs]))


def _blob(root: Path, blob: str) -> bytes:
    return subprocess.run(["git", "cat-file", "blob", blob], cwd=root, capture_output=True, check=True).stdout


def _git(root: Path, *words: str) -> str:
    try:
        done = subprocess.run(["git", *words], cwd=root, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise UsageError("git is not installed, and conflicts are read from it") from None
    if done.returncode:
        raise UsageError(f"git {words[0]} failed: {done.stderr.strip()}")
    return done.stdout


def _dvc(root: Path, *words: str, needed: bool = True) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "dvc", *words], cwd=root, env={**os.environ, "DVC_NO_ANALYTICS": "1"}, check=False,
        capture_output=not needed,
    )  # fmt: skip
    if done.returncode and needed:
        raise EvidenceError(
            f"dvc {words[0]} ended with {done.returncode}; the conflicts are settled, the reports are not current.\n"
            "  Mend what it names, then run: govern resolve"
        )
