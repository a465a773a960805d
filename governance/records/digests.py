"""One list of digests: everything that a verdict rests on and that stands in git, as `sha256sum -c` reads it.

Data is in it through manifest.json, which holds the sha256 of every source file and of every file of the snapshot.
A signature over the list signs all of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from governance.config import LOCK, PARAMS, WAIVERS, Workspace

FILES = (LOCK, PARAMS, WAIVERS, "baseline.yaml", "dvc.lock", "dvc.yaml")
FOLDERS = (
    "answers", "approvals", "audits", "evaluations", "expectations", "references", "reports", "reviews", "templates",
)  # fmt: skip
_LEFT_OUT = {"__pycache__", ".DS_Store"}


def listed_files(workspace: Workspace) -> Iterator[str]:
    """Paths of the list, relative to the workspace, sorted by their bytes."""
    found = [name for name in FILES if (workspace.root / name).is_file()]
    for folder in FOLDERS:
        found.extend(
            path.relative_to(workspace.root).as_posix()
            for path in (workspace.root / folder).rglob("*")
            if path.is_file() and not path.is_symlink() and not _LEFT_OUT & set(path.parts)
        )
    yield from sorted(found, key=str.encode)


def digest_list(workspace: Workspace) -> str:
    """One line a file: sha256, two spaces, path. The same files give the same bytes."""
    return "".join(f"{file_sha256(workspace.root / name)}  {name}\n" for name in listed_files(workspace))


def file_sha256(path: Path) -> str:
    """sha256 of a file in hexadecimal, read in blocks. Raises OSError."""
    digest = hashlib.sha256()
    with path.open("rb") as handle:
        while block := handle.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
