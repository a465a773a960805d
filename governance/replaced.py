"""Whether a raw file or folder is still the one that was measured, and which of its files are not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from governance.config import Workspace
from governance.hashing import files_under, folder_md5, hash_file
from governance.manifest import Manifest

_HASHED = 64 * 2**20
"""Bytes. A larger source of the same size is hashed only when it is younger than its manifest."""


def replaced(workspace: Workspace, manifest: Manifest) -> str:
    """What to say of a source on disk that is not the one in `manifest`; empty when it is, or is not here.

    Sizes are compared first. It is the gate that refuses: this only says early what it will say after a commit.
    """
    path = workspace.root / manifest.source_path
    if not manifest.source_md5 or not path.exists() or not _differs(workspace, manifest, path):
        return ""
    return f"{manifest.source_path} was replaced, and not measured yet"


def _differs(workspace: Workspace, manifest: Manifest, path: Path) -> bool:
    files = [path] if path.is_file() else files_under(path)
    sizes = [file.stat().st_size for file in files]
    if len(files) != manifest.files:
        return True
    if manifest.sources and sorted(sizes) != sorted(source.size for source in manifest.sources):
        return True
    measured = (workspace.report(manifest.dataset) / "manifest.json").stat().st_mtime
    if sum(sizes) > _HASHED and all(file.stat().st_mtime < measured for file in files):
        return False
    if path.is_file():
        return hash_file(path, manifest.source_path).md5 != manifest.source_md5
    sources = [hash_file(file, file.relative_to(path).as_posix()) for file in files]
    return folder_md5(path, sources, path) != manifest.source_md5


def folder_problems(
    workspace: Workspace, path: str, md5: str, why: str = "is not what was audited"
) -> Iterator[tuple[str, str]]:
    """(path, why) of the files of a folder that are not those of DVC's hash `md5`.

    Single files are named where DVC's cache holds the folder's list, else the folder.
    """
    folder = workspace.root / path
    sources = [hash_file(file, file.relative_to(workspace.root).as_posix()) for file in files_under(folder)]
    if folder_md5(folder, sources, workspace.root) == md5:
        return
    now = {(workspace.root / source.path).relative_to(folder).as_posix(): source.md5 for source in sources}
    then = _cached_list(workspace, md5)
    if then is None:
        yield path, f"a file in it {why}"
        return
    for name in sorted(now.keys() | then.keys()):
        if now.get(name) != then.get(name):
            what = why if name in now and name in then else "was not there" if name in now else "is missing"
            yield f"{path}/{name}", what


def _cached_list(workspace: Workspace, md5: str) -> dict[str, str] | None:
    """Relative path to md5 of a folder's files, from DVC's cache; None when it is not there."""
    for place in (workspace.root, workspace.boundary):
        file: Path = place / ".dvc" / "cache" / "files" / "md5" / md5[:2] / md5[2:]
        try:
            return {str(one["relpath"]): str(one["md5"]) for one in json.loads(file.read_text(encoding="utf-8"))}
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return None
