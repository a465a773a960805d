"""Files and folders against the md5 that DVC recorded for them, read from dvc.lock and DVC's cache without DVC."""

from __future__ import annotations

from collections.abc import Iterator

from governance.config import Workspace
from governance.errors import ConfigError
from governance.hashing import hash_file
from governance.replaced import folder_problems
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
