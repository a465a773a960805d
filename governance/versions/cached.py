"""The Parquet files of a snapshot that DVC holds in its cache, by what dvc.lock of a revision says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from governance.errors import UsageError
from governance.yaml_files import read_yaml


def locked_output(lock: Path, stage: str, path: str) -> str | None:
    """DVC's hash of output `path` of `stage` in the file `lock`, None when it names none."""
    if not lock.is_file():
        return None
    content = read_yaml(lock, lock.name)
    stages = content.get("stages") if isinstance(content, dict) else None
    entry = stages.get(stage) if isinstance(stages, Mapping) else None
    outs: list[Any] = list(entry.get("outs") or []) if isinstance(entry, Mapping) else []
    return next((str(out.get("md5")) for out in outs if isinstance(out, Mapping) and out.get("path") == path), None)


def cached_files(workspace: Path, md5: str) -> dict[str, Path]:
    """Name to file of the folder `md5` (`....dir`) in DVC's cache. Raises UsageError with what to run."""
    cache = _cache(workspace)
    listing = _object(cache, md5)
    missing = UsageError("its data is not in DVC's cache here.\n  Run: dvc fetch --all-commits")
    if not listing.is_file():
        raise missing
    entries = json.loads(listing.read_text(encoding="utf-8"))
    files = {str(entry["relpath"]): _object(cache, str(entry["md5"])) for entry in entries}
    if not all(path.is_file() for path in files.values()):
        raise missing
    return files


def _object(cache: Path, md5: str) -> Path:
    return cache / "files" / "md5" / md5[:2] / md5[2:]


def _cache(workspace: Path) -> Path:
    done = subprocess.run(
        [sys.executable, "-m", "dvc", "cache", "dir"], cwd=workspace, capture_output=True, text=True, check=False,
        env={**os.environ, "DVC_NO_ANALYTICS": "1"},
    )  # fmt: skip
    if done.returncode:
        raise UsageError(f"DVC does not say where its cache lies: {' '.join(done.stderr.split())[:200]}")
    return Path(done.stdout.strip())
