"""Writes several files, or none of them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from governance.files import write_atomic


@dataclass(frozen=True)
class Before:
    """What was there before something was written."""

    files: Mapping[Path, bytes | None]
    """Content, None for a file that was not there."""
    new_folders: tuple[Path, ...]
    """Folders that were not there, innermost first."""

    def restore(self) -> None:
        """Put back what was there, and take away what was not."""
        for path, content in self.files.items():
            if content is None:
                path.unlink(missing_ok=True)
            else:
                write_atomic(path, content)
        for folder in self.new_folders:
            with contextlib.suppress(OSError):  # holds something else by now
                folder.rmdir()


def before(paths: Iterable[Path]) -> Before:
    """What is there now."""
    files = {path: path.read_bytes() if path.exists() else None for path in paths}
    folders = {folder for path in files for folder in path.parents if not folder.exists()}
    return Before(files, tuple(sorted(folders, key=lambda folder: len(folder.parts), reverse=True)))


def write_or_undo(texts: Mapping[Path, str]) -> Before:
    """Write all of `texts`; any error puts back what was there and goes on. Returns what was there."""
    earlier = before(texts)
    try:
        for path, text in texts.items():
            write_atomic(path, text)
    except BaseException:
        earlier.restore()
        raise
    return earlier
