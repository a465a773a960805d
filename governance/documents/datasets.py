"""The documents of one dataset: a file for each format in dataset_formats/, and the figures of the Markdown."""

from __future__ import annotations

from pathlib import Path

from governance.documents.caps import MARKDOWN, TRACKED_BYTES
from governance.documents.datasheet import datasheet_view
from governance.documents.facts import DatasetFacts
from governance.documents.pages import DatasetPages
from governance.documents.registry import formats
from governance.documents.writing import write_documents

_LISTED = 3_000
"""Bytes of documents.json at most, about."""


def render_dataset_documents(facts: DatasetFacts, folder: Path, workspace: Path) -> list[Path]:
    """Write the documents into `folder` and return their paths, sorted. Same facts, same bytes.

    Templates in the workspace's own templates/ win over the package's. Figures that no longer exist are removed. Where
    evidence and verdict take much of what git should hold, Markdown shows less; the page does not.
    """
    room = TRACKED_BYTES - _LISTED - facts.beside
    rendering = formats("dataset")
    for caps in MARKDOWN:
        pages = DatasetPages(facts, datasheet_view, workspace, caps)
        documents = {file: render(pages) for file, render in rendering.items() if not file.endswith(".html")}
        if sum(len(text.encode()) for text in documents.values()) + pages.figures.size <= room:
            break
    documents |= {file: render(pages) for file, render in rendering.items() if file not in documents}
    return write_documents(documents, pages.figures, folder)
