"""Whether the columns that people declared are in the data, as far as that can be told without reading all of it."""

from __future__ import annotations

import csv

from governance.config import Workspace
from governance.contract import unknown_columns
from governance.dataset import Column, DataConfig, Format
from governance.errors import DataError, EvidenceError
from governance.evidence import Outcome
from governance.ingestion.source_files import detect_format
from governance.manifest import read_manifest
from governance.reading.delimited import open_text
from governance.replaced import replaced


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


def _first_line(workspace: Workspace, config: DataConfig) -> list[str]:
    """Names in the header of a delimited file; empty for any other source, and for what cannot be read."""
    path = workspace.root / config.path
    if config.read.columns is not None:
        return list(config.read.columns)
    try:
        kind = config.format or detect_format(path, config.path)
        if not path.is_file() or kind not in {Format.CSV, Format.TSV}:
            return []
        with open_text(path, config.read.encoding) as handle:
            separator = config.read.separator or ("\t" if kind is Format.TSV else ",")
            names = next((row for row in csv.reader(handle, delimiter=separator) if row), [])
    except (DataError, OSError, UnicodeError, LookupError, EOFError, TypeError, csv.Error):
        return []  # the stage snapshot says why it cannot be read
    names = [name.removeprefix("\ufeff") for name in names]
    return [name.strip() for name in names] if config.read.strip else names
