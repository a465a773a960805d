"""Reading reports: only what a stage wrote counts, as its own file, with its own bytes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeVar

from governance.config import Workspace
from governance.errors import EvidenceError
from governance.evidence import ANSWERS

LARGEST_REPORT = 16 * 2**20
"""Bytes. Evidence is a few hundred kB; what is larger was not written here, and parsing it would take minutes."""


class _Report(Protocol):
    def to_json(self) -> str: ...


_R = TypeVar("_R", bound=_Report)


def evidence_file(report: Path, name: str) -> Path:
    """Where evidence `name` lies in a report: what is made from other evidence lies beside the verdict."""
    return report / f"{name}.json" if name == ANSWERS else report / "evidence" / f"{name}.json"


def linked(path: Path, workspace: Workspace) -> str:
    """The first part of `path` below the workspace that is a symbolic link; empty when none is.

    Git holds where a link points and not what lies there, so what is read through one is not what a commit says.
    """
    below = path.relative_to(workspace.root)
    parts = [*reversed(below.parents), below]
    return next((part.as_posix() for part in parts if (workspace.root / part).is_symlink()), "")


def read_report(path: Path, read: Callable[[Path], _R], workspace: Workspace) -> _R:
    """What `read` makes of a report, when the file is exactly what a stage wrote: its own file, with its own bytes.

    A digest binds what was parsed. A key that stands there twice, another encoding or other line ends parse to the
    same, and show a reader something else. Raises EvidenceError.
    """
    shown = path.relative_to(workspace.root).as_posix()
    if link := linked(path, workspace):
        raise EvidenceError(f"{link} is a symbolic link, and git does not hold what lies behind it")
    if path.is_file() and path.stat().st_size > LARGEST_REPORT:
        raise EvidenceError(f"{shown} is larger than {LARGEST_REPORT // 2**20} MiB, which no stage writes")
    try:
        report = read(path)
        same = path.read_bytes() == report.to_json().encode()
    except (ValueError, RecursionError) as error:
        raise EvidenceError(f"{shown} cannot be read: it holds what JSON cannot ({type(error).__name__})") from None
    if not same:
        raise EvidenceError(
            f"{shown} holds other bytes than were written, though it reads the same; git may convert line ends "
            "(.gitattributes: `reports/** -text`)"
        )
    return report
