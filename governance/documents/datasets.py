"""The documents of one dataset: a file for each format in dataset_formats/, and the figures of the Markdown."""

from __future__ import annotations

from pathlib import Path

from governance.documents.datasheet import datasheet_view
from governance.documents.facts import DatasetFacts
from governance.documents.pages import DatasetPages
from governance.documents.registry import formats
from governance.documents.writing import write_documents


def render_dataset_documents(facts: DatasetFacts, folder: Path, workspace: Path) -> list[Path]:
    """Write the documents into `folder` and return their paths, sorted. Same facts, same bytes.

    Templates in the workspace's own templates/ win over the package's. Figures that no longer exist are removed.
    """
    pages = DatasetPages(facts, datasheet_view, workspace)
    documents = {file: render(pages) for file, render in formats("dataset").items()}
    return write_documents(documents, pages.figures, folder)
