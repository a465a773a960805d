"""Hashes of files and folders as DVC, git and this product know them."""

from __future__ import annotations

import functools
import hashlib
import json
from pathlib import Path

from governance.manifest import Source

_BLOCK = 1 << 20


def hash_file(path: Path, shown: str) -> Source:
    """All hashes of one file in one pass over its bytes. Raises OSError."""
    size = path.stat().st_size
    sha256, md5 = hashlib.sha256(), hashlib.md5(usedforsecurity=False)
    blob = hashlib.sha1(f"blob {size}\0".encode(), usedforsecurity=False)
    with path.open("rb") as handle:
        while block := handle.read(_BLOCK):
            for digest in (sha256, md5, blob):
                digest.update(block)
    return Source(path=shown, size=size, sha256=sha256.hexdigest(), md5=md5.hexdigest(), git_blob=blob.hexdigest())


def files_under(folder: Path) -> list[Path]:
    """All files below `folder`, sorted by relative path."""
    return sorted(
        (path for path in folder.rglob("*") if path.is_file()), key=lambda p: p.relative_to(folder).as_posix()
    )


def folder_md5(folder: Path, sources: list[Source], root: Path) -> str:
    """DVC's hash of a folder, from the hashes of its files (paths of `sources` are relative to `root`)."""
    entries = [
        {"md5": source.md5, "relpath": (root / source.path).relative_to(folder).as_posix()} for source in sources
    ]
    entries.sort(key=lambda entry: entry["relpath"])
    return hashlib.md5(json.dumps(entries).encode(), usedforsecurity=False).hexdigest() + ".dir"


@functools.lru_cache(maxsize=4096)
def _name_in(path: Path, root: Path) -> bytes:
    """The name of `path` as tree_digest takes it; the files of this package are asked for in most of many digests."""
    name = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
    return name.encode() + b"\0"


def tree_digest(paths: list[Path], root: Path, known: dict[Path, bytes] | None = None) -> str:
    """sha256 over names and contents of `paths`; a missing file counts as absent, not as empty.

    `known` takes and gives digests of files, for a caller that asks about many trees at one moment.
    """
    known = {} if known is None else known
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(_name_in(path, root))
        if path not in known:
            known[path] = hashlib.sha256(path.read_bytes()).digest() if path.is_file() else b"absent"
        digest.update(known[path])
    return "sha256:" + digest.hexdigest()
