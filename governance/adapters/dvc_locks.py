"""DVC: the list of its locks, which a run that was killed can leave cut short.

DVC rewrites `.dvc/tmp/rwlock` in place. A kill within that instant leaves an empty or half a file, and from then on every
`dvc repro` refuses to start. Who writes the list holds `rwlock.lock` meanwhile, so with that held nobody else does.
"""

from __future__ import annotations

import json
from pathlib import Path

from governance.errors import DataError, MissingExtra


def cut_short(workspace: Path) -> Path | None:
    """The list of locks of the DVC repository around `workspace`, when it holds no JSON; None when all is well.

    Raises DataError where what lies there is no file that may be read.
    """
    here = workspace.resolve()
    folder = next((place / ".dvc" for place in (here, *here.parents) if (place / ".dvc").is_dir()), None)
    if folder is None:
        return None
    path = folder / "tmp" / "rwlock"
    try:
        json.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    except ValueError:
        return path
    except OSError as error:
        said = f"{path.relative_to(folder.parent)} cannot be read ({error.strerror}), and DVC will not start"
        raise DataError(f"{said}; look at what lies there, and remove it while no DVC runs") from None
    return None


def mend(workspace: Path) -> bool:
    """Remove a list of locks that was cut short; whether one was. A DVC that is writing it at this moment keeps it."""
    path = cut_short(workspace)
    if path is None:
        return False
    try:
        from zc.lockfile import LockError, LockFile
    except ImportError:
        raise MissingExtra("dvc") from None
    try:
        held = LockFile(str(path.with_name("rwlock.lock")))
    except LockError:
        return False
    try:
        if cut_short(workspace) is None:  # it was being written when we looked
            return False
        path.unlink()
        return True
    finally:
        held.close()
