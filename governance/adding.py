"""Brings a dataset under governance: its entry in params.yaml, a drafted contract, an answers file, the file under DVC.

Everything is checked and drafted before the first byte is written, nothing that exists is overwritten, and a failure
midway takes back what was written.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from governance.config import PARAMS, Workspace, parse_config
from governance.dataset import NAME_PATTERN, DataConfig, Dataset, Role, Task
from governance.drafting import Observed, draft_answers, draft_contract, missing_drafts, observe
from governance.drafting_reading import infer_task, suggest_reading
from governance.errors import UsageError
from governance.params_entry import entry_text, with_entry
from governance.repository import Repository
from governance.undo import before, write_or_undo

if TYPE_CHECKING:
    import polars as pl

    from governance.manifest import SnapshotColumn


@dataclass(frozen=True, kw_only=True)
class AddRequest:
    """What a person asked for. Paths are absolute or relative to the current folder."""

    name: str
    path: Path | None = None
    splits: Mapping[str, Path] = field(default_factory=dict)
    """Split to file, instead of `path`."""
    target: str | None = None
    task: Task | None = None
    sensitive: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()
    group: str | None = None
    time: str | None = None
    format: str | None = None
    columns: tuple[str, ...] | None = None
    separator: str | None = None
    encoding: str | None = None
    decimal: str | None = None
    na: tuple[str, ...] | None = None
    """None: markers are looked for. The empty cell is always missing."""
    strip: bool | None = None
    """None: spaces after separators are looked for."""
    test_share: float = 0.2
    """0 leaves the rows undivided."""
    schema: str | None = None
    suite: str | None = None


@dataclass(frozen=True)
class Prepared:
    """A request, validated on the data."""

    entry: dict[str, Any]
    """What stands under `data:` in params.yaml, defaults left out."""
    dataset: Dataset
    observed: Observed
    said: tuple[str, ...]
    """What was found and decided on the way, one sentence each."""


@dataclass(frozen=True)
class AddResult:
    """What was done."""

    name: str
    entry: str
    """The lines that were added to params.yaml."""
    written: tuple[str, ...]
    """Files that were written, relative to the workspace."""
    said: tuple[str, ...]
    tracked: str
    """How git or DVC knows the source."""
    private: tuple[SnapshotColumn, ...]
    """Columns whose values will be shown nowhere, with the reasons."""
    rows: int
    splits: Mapping[str, int]


def add_dataset(workspace: Workspace, request: AddRequest) -> AddResult:
    """Add a dataset. Raises UsageError, ConfigError or DataError, and has then changed nothing."""
    text = (workspace.root / PARAMS).read_text(encoding="utf-8")
    problems = [*_name_problems(workspace, request.name), *_existing(workspace, request)]
    config, path_problems = _config(workspace, request)
    if problems or path_problems:
        raise UsageError(_listed([*problems, *path_problems]))
    repository = Repository(workspace.root)
    _check_tracking(workspace, config["path"], repository)
    prepared = prepare(request, config, workspace.root, workspace.contract(request.name))
    entry = entry_text(request.name, prepared.entry)
    files = {workspace.root / PARAMS: with_entry(text, request.name, prepared.entry)}
    parse_config(_yaml(files[workspace.root / PARAMS]))
    contract = draft_contract(prepared.observed, prepared.dataset)
    files |= {workspace.contract(request.name) / name: content for name, content in contract.items()}
    files[workspace.answers(request.name)] = draft_answers(request.name)
    tracked = _write_all(workspace, files, config["path"], repository)
    manifest = prepared.observed.manifest
    return AddResult(
        name=request.name,
        entry=entry,
        written=tuple(sorted(path.relative_to(workspace.root).as_posix() for path in files)),
        said=prepared.said,
        tracked=tracked,
        private=tuple(column for column in manifest.columns if column.private),
        rows=manifest.rows,
        splits=manifest.splits,
    )


def draft_missing(workspace: Workspace, name: str) -> tuple[str, ...]:
    """Draft those of columns.yaml, schema.py, suite.json and the answers file that dataset `name` has not yet."""
    dataset = workspace.dataset(name)
    contract = workspace.contract(name)
    texts = draft_contract(observe(name, dataset, workspace.root, contract), dataset)
    files = {contract / file: content for file, content in missing_drafts(texts, contract).items()}
    if not workspace.answers(name).exists():
        files[workspace.answers(name)] = draft_answers(name)
    write_or_undo(files)
    return tuple(sorted(path.relative_to(workspace.root).as_posix() for path in files))


def prepare(request: AddRequest, config: dict[str, Any], root: Path, contract: Path) -> Prepared:
    """Read the data, complete `config` by what it suggests, and observe it. Raises UsageError and DataError."""
    from governance.ingest import read_rows

    said: list[str] = []
    first = _parsed(config)
    frame, kind = read_rows(first, root)
    reading = suggest_reading(
        frame, kind, first.read, markers_given=request.na is not None, strip_given=request.strip is not None
    )
    said.extend(reading.said)
    if reading.options != first.read:
        changed = reading.options.model_dump(mode="json", exclude_defaults=True)
        config = config | {"read": changed}
        frame, _ = read_rows(_parsed(config), root)
    if problems := _column_problems(frame, request):
        raise UsageError(_listed([*problems, *(f"note: {sentence}" for sentence in said)]))
    if request.target and request.task is None:
        task, because = infer_task(_target(frame, request.target, reading.options.decimal), request.target)
        said.append(f"task: {task}, because {because}; pass --task when it is another")
        config = config | {"task": task.value}
    dataset = Dataset(data=_parsed(config))
    observed = observe(request.name, dataset, root, contract)
    return Prepared(_ordered(config), dataset, observed, tuple(said))


def _target(frame: pl.DataFrame, name: str, decimal: str) -> pl.Series:
    from governance.column_types import infer, typed

    return typed(frame[name], infer(frame[name], decimal), name, decimal)


def _ordered(config: dict[str, Any]) -> dict[str, Any]:
    order = ("path", "format", "read", "split", "task", "target", "roles", "schema", "suite")
    return {key: config[key] for key in order if key in config}


def _parsed(config: Mapping[str, Any]) -> DataConfig:
    try:
        return DataConfig.model_validate(config)
    except ValidationError as error:
        raise UsageError(_listed(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())) from None


def _listed(problems: Any) -> str:
    lines = list(problems)
    return lines[0] if len(lines) == 1 else "\n".join([f"{len(lines)} problems:", *(f"  - {line}" for line in lines)])


def _name_problems(workspace: Workspace, name: str) -> list[str]:
    if not re.match(NAME_PATTERN, name) or name == "models":
        return [f"--name {name!r}: small letters, digits and `_`, starting with a letter, 63 at most, and not `models`"]
    if name in workspace.config.datasets:
        return [f"{PARAMS} has a dataset {name!r} already; choose another --name, or run: govern draft {name}"]
    return []


def _existing(workspace: Workspace, request: AddRequest) -> list[str]:
    contract = workspace.contract(request.name)
    wanted = [
        contract / "columns.yaml",
        contract / "schema.py",
        contract / "suite.json",
        workspace.answers(request.name),
    ]
    there = [path.relative_to(workspace.root).as_posix() for path in wanted if path.exists()]
    return [f"{path} exists already and is not overwritten; move it away, or choose another --name" for path in there]


def _config(workspace: Workspace, request: AddRequest) -> tuple[dict[str, Any], list[str]]:
    """`data:` as far as the request alone decides it, and what is wrong with the request."""
    problems: list[str] = []
    config: dict[str, Any] = {}
    if (request.path is None) == (not request.splits):
        problems.append("give either PATH, or --split train=FILE --split test=FILE")
    elif request.path is not None:
        problems.extend(_place(workspace, request.path, config))
    else:
        problems.extend(_place_splits(workspace, request.splits, config))
    config |= settings(request)
    for option, value in (("--schema", request.schema), ("--suite", request.suite)):
        if (
            value
            and not (":" in value and not value.endswith((".py", ".json")))
            and not (workspace.root / value).is_file()
        ):
            problems.append(f"{option} {value}: there is no such file below {workspace.root.name}/")
    if "path" in config:
        try:
            DataConfig.model_validate(config)
        except ValidationError as error:
            problems.extend(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
    return config, problems


def settings(request: AddRequest) -> dict[str, Any]:
    """All of `data:` but path and file patterns, as far as the request alone decides it."""
    config: dict[str, Any] = {}
    if request.format:
        config["format"] = request.format
    read = {
        "separator": request.separator, "encoding": request.encoding, "decimal": request.decimal,
        "columns": list(request.columns) if request.columns is not None else None,
        "na_values": ["", *(marker for marker in request.na if marker)] if request.na is not None else None,
        "strip": request.strip,
    }  # fmt: skip
    if given := {key: value for key, value in read.items() if value is not None and value is not False}:
        config["read"] = given
    if not request.splits:
        config["split"] = _split(request)
    if request.task is not None:
        config["task"] = request.task.value
    if request.target:
        config["target"] = request.target
    roles: dict[str, list[str]] = {
        Role.IDENTIFIER.value: list(request.identifiers), Role.SENSITIVE.value: list(request.sensitive),
        Role.GROUP.value: [request.group] if request.group else [],
        Role.TIMESTAMP.value: [request.time] if request.time else [],
    }  # fmt: skip
    if named := {role: names for role, names in roles.items() if names}:
        config["roles"] = named
    for key, value in (("schema", request.schema), ("suite", request.suite)):
        if value:
            config[key] = value
    return config


def _split(request: AddRequest) -> dict[str, Any]:
    if request.test_share == 0:
        return {"method": "none"}
    share = {"test": request.test_share}
    if request.group:
        return {"method": "group", "column": request.group, **share, "seed": 0}
    if request.time:
        return {"method": "time", "column": request.time, **share}
    return {"method": "ratio", **share, "seed": 0}


def _relative(workspace: Workspace, path: Path) -> str | None:
    """`path` relative to the workspace, `..` only inside the same repository; None outside of it."""
    absolute = Path(os.path.abspath(path))  # noqa: PTH100 - a link of DVC's must not be followed into its cache
    absolute = absolute.parent.resolve() / absolute.name
    if absolute.is_relative_to(workspace.root):
        return absolute.relative_to(workspace.root).as_posix()
    if absolute.is_relative_to(workspace.boundary):
        return Path(os.path.relpath(absolute, workspace.root)).as_posix()
    return None


def _place(workspace: Workspace, path: Path, config: dict[str, Any]) -> list[str]:
    relative = _relative(workspace, path)
    if relative is None:
        return [_outside(workspace, path)]
    if not path.exists():
        return [f"{path} does not exist"]
    if relative == ".":
        return [f"{path} is the workspace itself; name a file or a folder in it"]
    config["path"] = relative
    return []


def _outside(workspace: Workspace, path: Path) -> str:
    return (
        f"{path} lies outside {workspace.boundary.name}/, so no commit could say which version was audited; "
        f"copy it below {workspace.root / 'data'} and give that path"
    )


def _place_splits(workspace: Workspace, splits: Mapping[str, Path], config: dict[str, Any]) -> list[str]:
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
    shown = " ".join(path.as_posix() for path in relative.values())
    if folder.as_posix() in {"", ".", ".."} or folder.name == "..":
        return [
            "files of one dataset lie in one folder of their own, which the entry names; "
            f"run: mkdir -p data/NAME && mv {shown} data/NAME/ and give the new paths"
        ]
    named = {workspace.root / path for path in relative.values()}
    others = [
        p for p in (workspace.root / folder).rglob("*") if p.is_file() and p not in named and p.name != ".gitignore"
    ]
    if others:
        return [
            f"{folder.as_posix()}/ holds other files too ({others[0].name}), and a dataset of several files is versioned "
            f"as its folder; run: mkdir {folder.as_posix()}/NAME && mv {shown} {folder.as_posix()}/NAME/ "
            "and give the new paths"
        ]
    config["path"] = folder.as_posix()
    patterns = {
        name: re.sub(r"([*?\[])", r"[\1]", path.relative_to(folder).as_posix()) for name, path in relative.items()
    }
    config["split"] = {"method": "files", "files": patterns}
    return []


def _column_problems(frame: pl.DataFrame, request: AddRequest) -> list[str]:
    from governance.config import hint

    present = [name for name in frame.columns if name not in {"source_file", "source_row"}]
    asked = {
        "--target": [request.target], "--sensitive": request.sensitive, "--id": request.identifiers,
        "--group": [request.group], "--time": [request.time],
    }  # fmt: skip
    problems = [
        f"{option} {name}: there is no such column; there are: {', '.join(present[:30])}{hint(name, present)}"
        for option, names in asked.items()
        for name in names
        if name and name not in present
    ]
    roles: dict[str, str] = {}
    for option, names in asked.items():
        for name in names:
            if name and name in roles:
                problems.append(f"{name} is given both as {roles[name]} and as {option}; a column has one role")
            elif name:
                roles[name] = option
    return problems


def _yaml(text: str) -> Any:
    from ruamel.yaml import YAML

    return YAML(typ="safe", pure=True).load(text)


def _check_tracking(workspace: Workspace, path: str, repository: Repository) -> None:
    """Raises UsageError where DVC already tracks a folder around `path`, or a file inside it, as a whole."""
    if repository.known(path) is not None:
        return
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
        raise UsageError(
            f"{path}/ holds files that DVC tracks one by one ({inside[0].name}), and a dataset of several files is "
            f"tracked as its folder; run: dvc remove {inside[0].relative_to(workspace.root).as_posix()}, and so for the others"
        )


def _write_all(workspace: Workspace, files: Mapping[Path, str], path: str, repository: Repository) -> str:
    """Write the files and put the source under version control; both or nothing. Returns how it is known."""
    earlier = write_or_undo(files)
    try:
        known = repository.known(path)
        if known is not None:
            return f"{path} is known already: {known.by}"
        _dvc_add(workspace, path)
    except BaseException:
        earlier.restore()
        raise
    return f"{path} is now under DVC: {path}.dvc"


def _dvc_add(workspace: Workspace, path: str) -> None:
    absolute = workspace.root / path
    kept = before([absolute.parent / ".gitignore", absolute.with_name(absolute.name + ".dvc")])
    done = subprocess.run(
        [sys.executable, "-m", "dvc", "add", "--quiet", "--", path],
        cwd=workspace.root,
        env={**os.environ, "DVC_NO_ANALYTICS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        kept.restore()
        cause = " ".join((done.stderr or done.stdout).split()) or f"exit code {done.returncode}"
        raise UsageError(f"dvc add {path} failed, so nothing was changed: {cause}")
