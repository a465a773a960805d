"""Where the files of a dataset that is added lie, and whether a commit can say which version of them was audited."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from governance.config import Workspace
from governance.dataset import NAME_PATTERN
from governance.errors import UsageError
from governance.repository import Repository


def _relative(workspace: Workspace, path: Path) -> str | None:
    """`path` relative to the workspace, `..` only inside the same repository; None outside of it."""
    absolute = Path(os.path.abspath(path))  # noqa: PTH100 - a link of DVC's must not be followed into its cache
    absolute = absolute.parent.resolve() / absolute.name
    if absolute.is_relative_to(workspace.root):
        return absolute.relative_to(workspace.root).as_posix()
    if absolute.is_relative_to(workspace.boundary):
        return Path(os.path.relpath(absolute, workspace.root)).as_posix()
    return None


def seen(workspace: Workspace, path: str) -> str:
    """`path`, which is relative to the workspace, as it is named where the user stands."""
    return Path(os.path.relpath(workspace.root / path)).as_posix()


def place_of(workspace: Workspace, path: Path, config: dict[str, Any]) -> list[str]:
    """Writes `path` into `config`; or why it cannot be there."""
    relative = _relative(workspace, path)
    if relative is None:
        return [_outside(workspace, path)]
    if not path.exists():
        return [f"{path} does not exist; if a stage of yours makes it, run that first"]
    if relative == ".":
        return [f"{path} is the workspace itself; name a file or a folder in it"]
    config["path"] = relative
    return []


def _outside(workspace: Workspace, path: Path) -> str:
    return (
        f"{path} lies outside {workspace.boundary.name}/, so no commit could say which version was audited; "
        f"copy it below {workspace.root / 'data'} and give that path"
    )


def place_of_splits(workspace: Workspace, splits: Mapping[str, Path], config: dict[str, Any]) -> list[str]:
    """Writes their folder and patterns of their names into `config`; or why they cannot be one dataset."""
    problems = [f"--split {name}={path}: no such file" for name, path in splits.items() if not path.is_file()]
    problems += [_outside(workspace, path) for path in splits.values() if _relative(workspace, path) is None]
    problems += [
        f"--split {name}=...: a name is small letters, digits and `_`"
        for name in splits
        if not re.match(NAME_PATTERN, name)
    ]
    if problems:
        return problems
    relative = {name: Path(_relative(workspace, path) or "") for name, path in splits.items()}
    folder = Path(os.path.commonpath([path.parent for path in relative.values()]) if relative else "")
    shown = " ".join(path.as_posix() for path in splits.values())
    if folder.as_posix() in {"", ".", ".."} or folder.name == "..":
        return [
            "files of one dataset lie in one folder of their own, which the entry names; "
            f"run: mkdir -p {seen(workspace, 'data')}/NAME && mv {shown} {seen(workspace, 'data')}/NAME/ "
            "and give the new paths"
        ]
    named = {workspace.root / path for path in relative.values()}
    others = [
        p for p in (workspace.root / folder).rglob("*") if p.is_file() and p not in named and p.name != ".gitignore"
    ]
    if others:
        here = seen(workspace, folder.as_posix())
        return [
            f"{here}/ holds other files too ({others[0].name}), and a dataset of several files is "
            f"versioned as its folder; run: mkdir {here}/NAME && mv {shown} {here}/NAME/ and give the new paths"
        ]
    config["path"] = folder.as_posix()
    patterns = {
        name: re.sub(r"([*?\[])", r"[\1]", path.relative_to(folder).as_posix()) for name, path in relative.items()
    }
    config["split"] = {"method": "files", "files": patterns}
    return []


def check_tracking(workspace: Workspace, path: str, repository: Repository) -> None:
    """Raises UsageError where DVC could not track `path`: it tracks a folder around it, or a file inside it, as a whole,
    or git ignores the pointer that DVC would write.
    """
    if repository.known(path) is not None:
        return
    if rule := repository.ignoring(f"{path}.dvc"):
        raise UsageError(
            f"git ignores {path}.dvc, the small file by which git knows what DVC keeps ({rule}): take that line out. "
            f"The data itself stays out of git, as DVC writes a .gitignore beside it"
        )
    absolute = workspace.root / path
    around = [
        parent for parent in absolute.parents if parent != workspace.root and parent.is_relative_to(workspace.boundary)
    ]
    for parent in around:
        pointer = parent.with_name(parent.name + ".dvc")
        if pointer.is_file():
            raise UsageError(
                f"{path} lies in {parent.name}/, which DVC tracks as a whole ({pointer.name}); add the folder with "
                f"--split NAME=FILE patterns, or move the file out of it"
            )
    if absolute.is_dir() and (inside := sorted(absolute.rglob("*.dvc"))):
        pointer = Path(os.path.relpath(inside[0], workspace.root))
        raise UsageError(
            f"{path}/ holds files that DVC tracks one by one ({pointer.name}), and a dataset of several files is "
            f"tracked as its folder; run: dvc remove {pointer.as_posix()}, and so for the others"
        )
