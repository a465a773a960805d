"""Whether a raw file is still the one that was measured: a note for the person who replaced it, no verdict."""

from __future__ import annotations

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
