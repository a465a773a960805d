"""Files and folders against the md5 that DVC recorded for them, read from dvc.lock and DVC's cache without DVC."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from governance.config import Workspace
from governance.errors import ConfigError
from governance.hashing import files_under, folder_md5, hash_file
from governance.yaml_files import read_yaml


def output_problems(workspace: Workspace) -> Iterator[tuple[str, str]]:
    """(path, why) of every output below build/ that is here and not what dvc.lock records."""
    lock = workspace.root / "dvc.lock"
    if not lock.is_file():
        return
    try:
        stages = (read_yaml(lock, "dvc.lock") or {}).get("stages") or {}
        outputs = [(str(out["path"]), str(out.get("md5", ""))) for s in stages.values() for out in s.get("outs") or []]
    except (ConfigError, AttributeError, KeyError, TypeError) as error:
        yield "dvc.lock", f"cannot be read: {' '.join(str(error).split())[:200]}; run: govern resolve, or dvc repro"
        return
    for path, md5 in sorted(set(outputs)):
        here = workspace.root / path
        if not path.startswith("build/") or not here.exists():
            continue
        if here.is_dir():
            yield from folder_problems(workspace, path, md5, "dvc.lock records another content")
        elif hash_file(here, path).md5 != md5:
            yield path, "dvc.lock records another content"


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
