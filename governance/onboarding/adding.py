"""Brings a dataset under governance: its entry in params.yaml, a drafted contract, an answers file, the file under DVC.

Everything is checked and drafted before the first byte is written, nothing that exists is overwritten, and a failure
midway takes back what was written.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from governance.config import PARAMS, Workspace, parse_config
from governance.dataset import ColumnType, DataConfig, Dataset, Format, ReadOptions, Role, Task
from governance.errors import DataError, UsageError
from governance.ingestion.typed_columns import Rows
from governance.onboarding.adding_request import (
    AddRequest,
    check_tracking,
    column_problems,
    existing,
    in_option,
    listed,
    name_problems,
    requested,
    seen,
)
from governance.onboarding.drafting import Observed, draft_answers, draft_contract, missing_drafts, observe
from governance.onboarding.drafting_layout import first_line_is_data, in_options, some, suggest_separator
from governance.onboarding.drafting_reading import Reading, infer_task, suggest_reading
from governance.onboarding.drafting_target import target_doubt, target_of_images, target_problem, without_target
from governance.onboarding.params_entry import entry_text, with_entry
from governance.onboarding.undo import before, write_or_undo
from governance.reading.delimited import RepeatedNames
from governance.repository import Repository

if TYPE_CHECKING:
    import polars as pl

    from governance.manifest import Manifest, SnapshotColumn


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
    pointer: str
    """The `.dvc` file that was made for the source, relative to the workspace; empty when it was known before."""
    private: tuple[SnapshotColumn, ...]
    """Columns whose values will be shown nowhere, with the reasons."""
    rows: int
    splits: Mapping[str, int]


def add_dataset(workspace: Workspace, request: AddRequest) -> AddResult:
    """Add a dataset. Raises UsageError, ConfigError or DataError, and has then changed nothing."""
    text = (workspace.root / PARAMS).read_text(encoding="utf-8")
    problems = [*name_problems(workspace, request.name), *existing(workspace, request)]
    config, path_problems = requested(workspace, request)
    if problems or path_problems:
        unread = [] if path_problems else _problems_of_data(workspace, request, config)
        raise UsageError(listed([*problems, *path_problems, *unread]))
    repository = Repository(workspace.root)
    check_tracking(workspace, config["path"], repository)
    here = seen(workspace, config["path"])
    try:
        prepared = prepare(request, config, workspace.root, workspace.contract(request.name))
    except (DataError, UsageError) as error:
        raise type(error)(str(error).replace(config["path"], here)) from None
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
        tracked=tracked.replace(config["path"], here),
        pointer=f"{config['path']}.dvc" if tracked.endswith(".dvc") and "is now under DVC" in tracked else "",
        private=tuple(column for column in manifest.columns if column.private),
        rows=manifest.rows,
        splits=manifest.splits,
    )


def _problems_of_data(workspace: Workspace, request: AddRequest, config: dict[str, Any]) -> list[str]:
    """What is wrong with the request that only the data can tell, for a request that is refused anyway."""
    nothing = workspace.contract(request.name) / "not-declared"  # the contract there may be another dataset's
    try:
        prepare(request, config, workspace.root, nothing)
    except (DataError, UsageError) as error:
        lines = str(error).replace(config["path"], seen(workspace, config["path"])).split("\n")
        told = (
            [line.removeprefix("  - ") for line in lines[1:]] if lines[0].endswith("problems:") else [" ".join(lines)]
        )
        return [line for line in told if not line.startswith("note: ")]
    return []


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
    from governance.ingestion.source_files import ColumnNamedSplit, read_rows

    said: list[str] = []
    first = _parsed(config)
    try:
        config, about_separator = _divided(config, first, root)
        said.extend(about_separator)
        first = _parsed(config)
        frame, kind = read_rows(first, root)
        reading = suggest_reading(
            frame, kind, first.read, markers_given=request.na is not None, strip_given=request.strip is not None,
            marks_given=request.decimal is not None or request.thousands is not None, date_format_given=request.date_format is not None,
        )  # fmt: skip
        said.extend(reading.said)
        _check_header(frame, kind, reading.options, request)
        if reading.options != first.read:
            config = config | {"read": _written(reading.options)}
        rows = _as_suggested(frame, kind, reading, first)
        if rows is None:
            rows = Rows(*read_rows(_parsed(config), root), read={})
    except RepeatedNames as error:
        raise UsageError(f"{error}.\n  {_without_header(error.width)}, or give each column a name of its own") from None
    except ColumnNamedSplit as error:
        # Reads well when it is asked for otherwise, so it is the request that cannot be met; and what else is wrong with it.
        raise UsageError(listed([in_options(str(error)), *column_problems(error.columns, request)])) from None
    except DataError as error:
        raise DataError(in_options(str(error))) from None
    frame = rows.frame
    if problems := column_problems(frame.columns, request):
        raise UsageError(listed([*problems, *(f"note: {sentence}" for sentence in said)]))
    target, about_target = target_of_images(frame, kind, request)
    said.extend([*about_target, *without_target(target, about_target, request.task)])
    if target:
        labels = _target(rows, target, reading.options)
        if problem := target_problem(labels, target, request.task):
            raise UsageError(listed([problem, *(f"note: {sentence}" for sentence in said)]))
        task, because = request.task, ""
        if task is None and kind is Format.IMAGE_FOLDER:
            task, because = Task.CLASSIFICATION, f"{target} is the name of the folder that holds an image"
        elif task is None:
            task, because = infer_task(labels, target)
        said.extend([f"task: {task}, because {because}; pass --task when it is another"] if because else [])
        said.extend(target_doubt(labels, target, task))
        config = config | {"task": task.value, "target": target}
    dataset = Dataset(data=_parsed(config))
    observed = observe(request.name, dataset, root, contract, rows)
    said.extend(_unlabelled(observed.manifest))
    said.extend(_undeclared_times(observed.manifest))
    if dataset.data.split.method in {"ratio", "group", "time"} and "test" not in observed.manifest.splits:
        said.append("no row fell into test: the rows are too few or too alike to be divided so")
    return Prepared(_ordered(config), dataset, observed, tuple(said))


def _divided(config: dict[str, Any], first: DataConfig, root: Path) -> tuple[dict[str, Any], list[str]]:
    """`config` with the separator that the (first) file suggests, and a sentence about it."""
    from governance.hashing import files_under
    from governance.ingestion.source_files import detect_format

    path = root / first.path
    if not path.exists():
        return config, []
    kind = first.format or detect_format(path, first.path)
    files = [path] if path.is_file() else [file for file in files_under(path) if file.name != ".gitignore"]
    options, said = suggest_separator(files[0], kind, first.read) if files else (first.read, [])
    return (config | {"read": _written(options)} if said else config), said


def _written(options: ReadOptions) -> dict[str, Any]:
    """Read options as they stand in params.yaml: what differs from the defaults."""
    return options.model_dump(mode="json", exclude_defaults=True)


def _check_header(frame: pl.DataFrame, kind: Format, options: ReadOptions, request: AddRequest) -> None:
    """Raises UsageError when the first line looks like data and nobody said that it is not."""
    if kind not in {Format.CSV, Format.TSV} or options.columns is not None or request.header:
        return
    text = frame.drop("source_file", "source_row", "split", strict=False)
    if first_line_is_data(text, options):
        raise UsageError(
            "the first line looks like data, not like the names of the columns: every cell of it is such as stand "
            f"below it.\n  {_without_header(text.width)}, pass --header"
        )


def _without_header(width: int) -> str:
    """What to pass for a file of `width` columns whose first line holds no names, and how the other case begins."""
    names = ",".join(f"name{number}" for number in range(1, min(width, 4) + 1))
    more = f",... ({width} names)" if width > 4 else ""
    return f"Without a header line, pass --columns {names}{more}; when it is one"


def _undeclared_times(manifest: Manifest) -> list[str]:
    """A sentence about dates that nobody has said the meaning of: without a time nothing that is later can be noticed."""
    if any(column.resolved_role is Role.TIMESTAMP for column in manifest.columns):
        return []
    kinds = {ColumnType.DATE, ColumnType.DATETIME}
    names = [c.name for c in manifest.columns if c.type in kinds and c.resolved_role is Role.FEATURE]
    if not names:
        return []
    holds = "holds dates and is a feature" if len(names) == 1 else "hold dates and are features"
    return [
        f"{some(names)} {holds}: pass --time when one says when a row is from, or give it the role timestamp in "
        "columns.yaml; only then is training on later rows looked for"
    ]


def _unlabelled(manifest: Manifest) -> list[str]:
    """A sentence about rows without a label."""
    target = next((column for column in manifest.columns if column.name == manifest.target), None)
    if target is None or not target.nulls:
        return []
    return [
        f"{target.name} is missing in {target.nulls:,} of {manifest.rows:,} rows, which can neither train nor test: "
        "label them or take them out. The drafted schema.py lets them through and suite.json warns until then"
    ]


def _as_suggested(frame: pl.DataFrame, kind: Format, reading: Reading, first: DataConfig) -> Rows | None:
    """`frame`, which was read as `first` says, as `reading` suggests to read it; None where the file must be read again."""
    if reading.options.strip != first.read.strip:
        return None  # spaces are taken from the header too
    if "split" in frame.columns and first.split.method != "files":
        return None  # a column of the data that `reading` did not look at
    return Rows(frame.with_columns(text.alias(name) for name, text in reading.text.items()), kind, reading.read)


def _target(rows: Rows, name: str, read: ReadOptions) -> pl.Series:
    from governance.ingestion.column_types import read_narrowest, typed

    kind, series = rows.read.get(name) or read_narrowest(rows.frame[name], read)
    return typed(series, kind, name, read)


def _ordered(config: dict[str, Any]) -> dict[str, Any]:
    order = ("path", "format", "read", "split", "task", "target", "roles", "schema", "suite")
    return {key: config[key] for key in order if key in config}


def _parsed(config: Mapping[str, Any]) -> DataConfig:
    try:
        return DataConfig.model_validate(config)
    except ValidationError as error:
        raise UsageError(listed(in_option(item) for item in error.errors())) from None


def _yaml(text: str) -> Any:
    from ruamel.yaml import YAML

    return YAML(typ="safe", pure=True).load(text)


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
        [sys.executable, "-m", "dvc", "add", "--", path],  # `--quiet` would keep its reason as well
        cwd=workspace.root,
        env={**os.environ, "DVC_NO_ANALYTICS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        kept.restore()
        told = [line for line in done.stderr.splitlines() if line.startswith("ERROR")] or [done.stderr]
        cause = " ".join(" ".join(told).split()) or f"exit code {done.returncode}"
        raise UsageError(f"dvc add {path} failed, so nothing was changed: {cause}")
