"""The light files of a workspace as another revision has them, written into a folder, without a checkout.

Only what people and tools write to steer the gate is taken: no data, no reports. Contents come from git's objects as
they are, so neither filters nor attributes of the branch under judgement have a say.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from types import MappingProxyType

from governance.config import LOCK, PARAMS, Workspace
from governance.errors import UsageError

_FILES = frozenset({PARAMS, LOCK, "waivers.yaml", "baseline.yaml"})
_FOLDERS = frozenset({"expectations", "approvals", "audits", "evaluations", "templates", "answers", "decisions"})
_SKETCH = re.compile(r"references/[a-z0-9_]+/[0-9a-f]{16}(\.manifest)?\.json")
"""What later versions of a dataset are compared with: small files."""
_LARGEST = 16 * 2**20
"""Bytes. No steering file is larger; a batch of objects is read into memory."""


@dataclass(frozen=True)
class Revision:
    """A workspace as a commit has it."""

    commit: str
    """Full hash."""
    shown: str
    """As it was asked for: `origin/main`."""
    workspace: Workspace | None
    """None when the commit holds no workspace at all: there is nothing to compare with."""
    references: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Path below the workspace to git blob of each file in references/."""
    moved_from: str | None = None
    """Folder of the workspace in that commit, when it is not the folder of now."""


@contextmanager
def opened(workspace: Workspace, revision: str, also: frozenset[str] = frozenset()) -> Iterator[Revision]:
    """The workspace as `revision` has it, for as long as the block lasts. Raises UsageError when git lacks it.

    `also` names files and folders beside those that steer the gate: `reports`, `dvc.lock`.
    """
    commit = resolve(workspace.root, revision)
    top = Path(_text(workspace.root, "rev-parse", "--show-toplevel").strip())
    prefix = workspace.root.resolve().relative_to(top.resolve()).as_posix()
    listed = _tree(top, commit)
    chosen = _workspace_folder(listed, prefix, top)
    if chosen is None:
        yield Revision(commit, revision, None)
        return
    with TemporaryDirectory(prefix="govern-") as folder:
        place = Path(folder) / chosen
        place.mkdir(parents=True, exist_ok=True)
        (Path(folder) / ".git").mkdir()  # marks the border of what may be named, as in the repository itself
        named = _named_elsewhere(top, listed, chosen)
        wanted = {name: blob for name, blob in listed.items() if _steers(name, chosen, also) or name in named}
        for name, content in _contents(top, wanted):
            path = Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        start = "" if chosen == "." else f"{chosen}/"
        references = {
            name.removeprefix(start): blob for name, blob in listed.items() if name.startswith(f"{start}references/")
        }
        yield Revision(commit, revision, Workspace(place), references, None if chosen == prefix else chosen)


def resolve(root: Path, revision: str) -> str:
    """Full hash of the commit `revision`. Raises UsageError with the line to add to a workflow."""
    if revision.startswith("-"):
        raise UsageError(f"{revision!r} is not a revision")
    done = _run(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if done.returncode == 0:
        return done.stdout.decode().strip()
    if _run(root, "rev-parse", "--git-dir").returncode:
        raise UsageError("this is no git repository, and --base reads a revision of one")
    if _text(root, "rev-parse", "--is-shallow-repository").strip() == "true":
        raise UsageError(
            f"this clone is shallow and does not hold {revision}, so nothing can be compared with it.\n"
            "  GitHub: add `fetch-depth: 0` below `with:` of actions/checkout\n"
            '  GitLab: add `GIT_DEPTH: "0"` below `variables:`\n'
            "  Here: git fetch --unshallow"
        )
    raise UsageError(f"git knows no revision {revision!r}.\n  Run: git fetch origin, and name it as origin/BRANCH")


def _run(root: Path, *words: str, given: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(["git", *words], cwd=root, capture_output=True, check=False, input=given)
    except FileNotFoundError:
        raise UsageError("git is not installed, and --base reads a revision from it") from None


def _text(root: Path, *words: str) -> str:
    done = _run(root, *words)
    if done.returncode:
        raise UsageError(f"git {words[0]} failed: {done.stderr.decode('utf-8', 'replace').strip()}")
    return done.stdout.decode("utf-8", "surrogateescape")


def _tree(top: Path, commit: str) -> dict[str, str]:
    """Path to blob of every regular file. A symbolic link counts as absent: git holds where it points, not what is there."""
    files = {}
    for line in _text(top, "ls-tree", "-r", "-z", "--full-tree", commit).split("\0"):
        if line:
            meta, name = line.split("\t", 1)
            mode, _, blob = meta.split()
            if mode in {"100644", "100755"}:
                files[name] = blob
    return files


def _workspace_folder(listed: dict[str, str], prefix: str, top: Path) -> str | None:
    """Folder of the workspace to compare with: the same one, else one that is gone since, else the first."""
    folders = [
        parent for name in listed if PurePosixPath(name).name == LOCK
        for parent in [PurePosixPath(name).parent.as_posix()] if _join(parent, PARAMS) in listed
    ]  # fmt: skip
    if prefix in folders:
        return prefix
    # A workspace that is new here may not choose its own rules where the base has some: it is held against those.
    gone = [folder for folder in folders if not (top / folder / LOCK).is_file()]
    return next(iter(sorted(gone) or sorted(folders)), None)


def _join(folder: str, name: str) -> str:
    return name if folder == "." else f"{folder}/{name}"


def _steers(name: str, folder: str, also: frozenset[str]) -> bool:
    path = PurePosixPath(name)
    if folder != ".":
        if not path.is_relative_to(folder):
            return False
        path = path.relative_to(folder)
    shown = path.as_posix()
    inside = len(path.parts) > 1 and path.parts[0] in _FOLDERS | also
    return shown in _FILES | also or inside or bool(_SKETCH.fullmatch(shown))


def _named_elsewhere(top: Path, listed: dict[str, str], folder: str) -> set[str]:
    """Files that `schema:` and `suite:` of params.yaml name outside expectations/."""
    name = _join(folder, PARAMS)
    content = next((text for _, text in _contents(top, {name: listed[name]})), b"")
    words = {word.strip(" '\"{},") for word in content.decode("utf-8", "replace").split()}
    found = set()
    for word in words:
        for candidate in (word, word.split(":")[0].replace(".", "/") + ".py"):
            if candidate.endswith((".py", ".json")) and _join(folder, candidate) in listed:
                found.add(_join(folder, candidate))
    return found


def _contents(top: Path, wanted: dict[str, str]) -> Iterator[tuple[str, bytes]]:
    """(path, bytes) of each blob, all read by one process."""
    if not wanted:
        return
    names = list(wanted)
    done = _run(top, "cat-file", "--batch", given="".join(f"{wanted[name]}\n" for name in names).encode())
    output, position = done.stdout, 0
    for name in names:
        end = output.index(b"\n", position)
        words = output[position:end].split()
        if len(words) != 3 or words[1] != b"blob" or int(words[2]) > _LARGEST:
            raise UsageError(f"git cannot read {name} of the base (a partial clone?).\n  Run: git fetch --refetch")
        size = int(words[2])
        yield name, output[end + 1 : end + 1 + size]
        position = end + 1 + size + 1
