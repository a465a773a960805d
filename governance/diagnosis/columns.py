"""Whether the columns that people declared are in the data and of their type, as far as that can be told without reading
all of it."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING

from governance.config import Workspace
from governance.contract import unknown_columns
from governance.dataset import Column, DataConfig, Format
from governance.errors import DataError, EvidenceError
from governance.evidence import Outcome
from governance.ingestion.source_files import detect_format
from governance.manifest import read_manifest
from governance.reading.delimited import open_text
from governance.replaced import replaced

if TYPE_CHECKING:
    from governance.adapters.pandera_model import Model

ROWS = 10_000
"""Rows of a delimited file whose cells are held against their declared types."""


def undeclarable(workspace: Workspace, name: str, columns: tuple[Column, ...]) -> list[str]:
    """A sentence for each declared column that neither snapshot nor first line has; none where neither is at hand."""
    return unknown_columns(columns, _present(workspace, name), name)


def _present(workspace: Workspace, name: str) -> list[str]:
    """Names of the columns of the snapshot while it is of the file that is here, else those of the file's first line."""
    try:
        manifest = read_manifest(workspace.report(name) / "manifest.json")
    except EvidenceError:
        pass  # never measured, which another check says
    else:
        if manifest.outcome is Outcome.ASSESSED and not replaced(workspace, manifest):
            return [column.name for column in manifest.columns]
    return _first_line(workspace, workspace.dataset(name).data)


def unreadable(workspace: Workspace, name: str, columns: tuple[Column, ...]) -> list[str]:
    """A sentence for each column with cells that are not of its declared type, among the first ROWS of a delimited file."""
    import polars as pl

    from governance.ingestion.column_types import polars_type, typed

    config = workspace.dataset(name).data
    header, cells = _first_rows(workspace, config, ROWS)
    missing = set(config.read.na_values)
    said = []
    for column in columns:
        if polars_type(column.type) == pl.String or column.name not in header:
            continue
        at = header.index(column.name)
        values = [row[at].strip() if config.read.strip else row[at] for row in cells if len(row) == len(header)]
        series = pl.Series(column.name, [None if v in missing else v for v in values], dtype=pl.String)
        try:
            typed(series, column.type, config.path, config.read)
        except DataError as error:
            some = f"; the first {ROWS:,} rows were looked at" if len(cells) == ROWS else ""
            said.append(f"{error}{some}")
    return said


def other_types(columns: tuple[Column, ...], model: Model, name: str) -> Iterator[tuple[str, str]]:
    """For each column that the Pandera model of `name` gives another type than columns.yaml: a sentence, and the cure."""
    from governance.adapters.pandera_model import ANNOTATIONS
    from governance.adapters.pandera_text import logical_type

    if model.backend != "polars":
        return  # pandas has no type for a date, among others
    for column in columns:
        asked = model.schema.columns.get(column.name)
        kind = "" if asked is None or asked.coerce or model.schema.coerce else logical_type(asked.dtype)
        words = {"category": "string", "text": "string"}
        if kind and column.type.value != "image" and kind != words.get(column.type.value, column.type.value):
            yield (
                f"expectations/{name}/columns.yaml declares {column.name!r} as {column.type}, and the Pandera model asks "
                f"for {kind}: the gate will block",
                f"give it `{ANNOTATIONS[column.type]}` as its type in the model, or correct columns.yaml",
            )


def _first_line(workspace: Workspace, config: DataConfig) -> list[str]:
    """Names in the header of a delimited file; empty for any other source, and for what cannot be read."""
    return list(config.read.columns) if config.read.columns is not None else _first_rows(workspace, config, 0)[0]


def _first_rows(workspace: Workspace, config: DataConfig, rows: int) -> tuple[list[str], list[list[str]]]:
    """Header and so many rows of a delimited file; nothing for any other source, and for what cannot be read."""
    path = workspace.root / config.path
    try:
        kind = config.format or detect_format(path, config.path)
        if not path.is_file() or kind not in {Format.CSV, Format.TSV}:
            return [], []
        with open_text(path, config.read.encoding) as handle:
            separator = config.read.separator or ("\t" if kind is Format.TSV else ",")
            lines = (row for row in csv.reader(handle, delimiter=separator) if row)
            names = list(config.read.columns) if config.read.columns is not None else next(lines, [])
            cells = list(itertools.islice(lines, rows))
    except (DataError, OSError, UnicodeError, LookupError, EOFError, TypeError, csv.Error):
        return [], []  # the stage snapshot says why it cannot be read
    names = [name.removeprefix("\ufeff") for name in names]
    return ([name.strip() for name in names] if config.read.strip else names), cells
