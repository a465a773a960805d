"""Builds a real workspace in a git repository: one dataset, few audits, all stages run in this process, in order."""

from __future__ import annotations

import atexit
import functools
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from governance import stages
from governance.config import Workspace
from governance.lock import write_lock

ROWS = 120
TABLE = "length,width,kind\n" + "".join(
    f"{10 + 3 * (i % 2) + (i * 7919 % 100) / 50},{(i * 104729 % 97) / 10},{'oak' if i % 2 else 'elm'}\n"
    for i in range(ROWS)
)
PARAMS = """\
datasets:
  trees:
    data:
      path: data/trees.csv
      split: {method: ratio, test: 0.25, seed: 0}
audits:
  schema: {}
  summary: {}
signals: {folds: 5}
evaluations: {}
models: {}
policy:
  tier: prototype
"""
COLUMNS = """\
columns:
  - {name: length, type: number, unit: m}
  - {name: width, type: number, unit: cm}
  - {name: kind, type: category}
"""
SCHEMA = '''"""What a row must hold."""

import pandera.polars as pa


class Trees(pa.DataFrameModel):
    length: float = pa.Field(ge=0, le=100)
    width: float = pa.Field(ge=0, le=100)
    kind: str = pa.Field(isin=["oak", "elm"])
'''
FILES = {
    ".gitignore": "/build/\n",
    "params.yaml": PARAMS,
    "waivers.yaml": "waivers: []\n",
    "answers/trees.yaml": "answers: {}\n",
    "expectations/trees/columns.yaml": COLUMNS,
    "expectations/trees/schema.py": SCHEMA,
    "data/trees.csv": TABLE,
}


def git(root: Path, *words: str) -> str:
    """What git prints; the call must succeed."""
    return subprocess.run(["git", *words], cwd=root, check=True, capture_output=True, text=True).stdout


_BUILT: dict[tuple[tuple[str, str], ...], Path] = {}
"""Files that a workspace was made of to a copy of it that nobody changes."""


def build(root: Path, **changed: str) -> Workspace:
    """A workspace at `root` (made when missing), measured and added to git; one of the same files is copied."""
    made_of = tuple(sorted(changed.items()))
    if root.exists() and any(root.iterdir()):  # what lies there may be data
        return _measured(root, changed)
    if made_of in _BUILT:
        shutil.copytree(_BUILT[made_of], root, symlinks=True, dirs_exist_ok=True)
        return Workspace(root)
    workspace = _measured(root, changed)
    _BUILT[made_of] = Path(shutil.copytree(root, _kept() / str(len(_BUILT)), symlinks=True))
    return workspace


@functools.cache
def _kept() -> Path:
    """Where this process keeps copies until it ends."""
    folder = Path(tempfile.mkdtemp(prefix="small-workspace-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _measured(root: Path, changed: Mapping[str, str]) -> Workspace:
    root.mkdir(parents=True, exist_ok=True)
    git(root, "init", "-q")
    for name, text in (FILES | changed).items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    workspace = Workspace(root)
    write_lock(workspace)
    measure(workspace)
    git(root, "add", "-A")
    return workspace


def measure(workspace: Workspace, *, only: Iterable[str] | None = None) -> None:
    """Run all stages of every dataset; of the audits those named in `only`, all when None."""
    for name in workspace.config.datasets:
        if only is None:
            stages.snapshot(workspace, name)
            stages.sketch(workspace, name)
            stages.signals(workspace, name)
        stages.inputs(workspace, name)
        for audit in workspace.config.audits if only is None else only:
            stages.audit(workspace, name, audit)
        judge(workspace, name)


def judge(workspace: Workspace, name: str) -> None:
    """Run the stages after the audits."""
    stages.verdict(workspace, name)
    stages.documents(workspace, name)


def edit(workspace: Workspace, file: str, old: str, new: str) -> Workspace:
    """The workspace as it is read after `old` in `file` became `new`."""
    path = workspace.root / file
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {file}"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return Workspace(workspace.root)
