"""The documents of one model: a file for each format in model_formats/, and the figures of the Markdown."""

from __future__ import annotations

from pathlib import Path

from governance.documents.facts import ModelFacts
from governance.documents.model_card import model_card_view
from governance.documents.pages import ModelPages
from governance.documents.registry import formats
from governance.documents.writing import write_documents


def render_model_documents(facts: ModelFacts, folder: Path, workspace: Path) -> list[Path]:
    """Write the documents into `folder` and return their paths, sorted. Same facts, same bytes.

    Templates in the workspace's own templates/ win over the package's. Figures that no longer exist are removed.
    """
    pages = ModelPages(facts, model_card_view, workspace)
    documents = {file: render(pages) for file, render in formats("model").items()}
    return write_documents(documents, pages.figures, folder)
