"""What a file itself suggests about its entry in params.yaml, and the file as the snapshot stage would read it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from governance.dataset import ColumnType, DataConfig, Dataset, Format, Role, Task
from governance.errors import DataError, UsageError
from governance.ingestion.typed_columns import Rows
from governance.onboarding.adding_request import AddRequest, column_problems, in_option, listed
from governance.onboarding.drafting import Observed, observe
from governance.onboarding.drafting_layout import first_line_is_data, in_options, some, suggest_separator
from governance.onboarding.drafting_reading import Reading, infer_task, suggest_reading
from governance.onboarding.drafting_roles import with_proposed_roles
from governance.onboarding.drafting_target import (
    SPLIT_NAMES,
    target_doubt,
    target_of_images,
    target_problem,
    without_target,
)
from governance.onboarding.drafting_words import about_words
from governance.read_options import ReadOptions
from governance.reading.delimited import RepeatedNames, UnnamedColumn

if TYPE_CHECKING:
    import polars as pl

    from governance.ingestion.source_files import Written
    from governance.manifest import Manifest


"""What files that are splits are called."""


@dataclass(frozen=True)
class Prepared:
    """A request, validated on the data."""

    entry: dict[str, Any]
    """What stands under `data:` in params.yaml, defaults left out."""
    dataset: Dataset
    observed: Observed
    said: tuple[str, ...]
    """What was found and decided on the way, one sentence each."""


def prepare(request: AddRequest, config: dict[str, Any], root: Path, contract: Path) -> Prepared:
    """Read the data, complete `config` by what it suggests, and observe it. Raises UsageError and DataError."""
    from governance.ingestion.source_files import ColumnNamedSplit, read_rows

    said: list[str] = []
    first = _parsed(config)
    try:
        config, about_separator = _divided(config, first, root)
        said.extend(about_separator)
        first = _parsed(config)
        written = read_rows(first, root)
        frame, kind = written.frame, written.kind
        reading = suggest_reading(
            frame, kind, first.read, markers_given=request.na is not None, strip_given=request.strip is not None,
            marks_given=request.decimal is not None or request.thousands is not None, date_format_given=request.date_format is not None,
        )  # fmt: skip
        said.extend(reading.said)
        _check_header(frame, kind, reading.options, request)
        if reading.options != first.read:
            config = config | {"read": _written(reading.options)}
        rows = _as_suggested(written, reading, first)
        if rows is None:
            rows = Rows(*read_rows(_parsed(config), root), read={})
    except RepeatedNames as error:
        raise UsageError(f"{error}.\n  {_without_header(error.width)}, give each column a name of its own") from None
    except UnnamedColumn as error:
        raise UsageError(in_options(str(error))) from None
    except ColumnNamedSplit as error:
        # Reads well when it is asked for otherwise, so it is the request that cannot be met; and what else is wrong with it.
        raise UsageError(listed([in_options(str(error)), *column_problems(error.columns, request)])) from None
    except DataError as error:
        raise DataError(in_options(str(error))) from None
    frame = rows.frame
    if problems := column_problems(frame.columns, request):
        raise UsageError(listed(problems, said))
    target, about_target = target_of_images(frame, kind, request)
    said.extend([*about_target, *without_target(target, about_target, request.task)])
    if target:
        labels = _target(rows, target, reading.options)
        if problem := target_problem(labels, target, request.task):
            raise UsageError(listed([problem], said))
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
    said.extend([*_pooled(request), *_unlabelled(observed.manifest)])
    said.extend(_undeclared_times(observed.manifest))
    drafted = with_proposed_roles(observed.manifest.columns, observed.frame)
    said.extend(about_words(drafted, observed.frame))
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


def _pooled(request: AddRequest) -> list[str]:
    """A sentence about a folder whose files are called as splits are: their rows are pooled and divided anew."""
    if request.path is None or not request.path.is_dir() or request.split_column:
        return []
    named = {
        name: file
        for file in sorted(request.path.iterdir(), reverse=True)  # the first of several parts is named
        if file.is_file() and (name := re.split(r"[-_.]", file.name.lower())[0]) in SPLIT_NAMES
    }
    if len(named) < 2:
        return []
    options = " ".join(f"--split {name}={named[name].as_posix()}" for name in SPLIT_NAMES if name in named)
    return [
        f"files of {request.path.as_posix()}/ are called {some([name for name in SPLIT_NAMES if name in named])}, and their rows are "
        f"pooled; pass {options} instead of the folder to keep them apart"
    ]


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
        "columns.yaml, or `ignored` when it is only known afterwards; only with a timestamp is training on later rows looked for"
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


def _as_suggested(written: Written, reading: Reading, first: DataConfig) -> Rows | None:
    """The rows, which were read as `first` says, as `reading` suggests to read it; None where the file must be read again."""
    from governance.ingestion.source_files import count_markers

    frame, kind, missing = written
    if reading.options.strip != first.read.strip:
        return None  # spaces are taken from the header too
    if "split" in frame.columns and first.split.method != "files":
        return None  # a column of the data that `reading` did not look at
    if not kind.typed:  # counts those that the first reading did not know
        count_markers(frame, reading.options.na_values, missing)
    frame = frame.with_columns(text.alias(name) for name, text in reading.text.items())
    return Rows(frame, kind, missing, reading.read)


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
