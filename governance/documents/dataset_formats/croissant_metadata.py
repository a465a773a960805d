"""Croissant: the dataset and its responsible-AI facts as JSON-LD."""

from __future__ import annotations

from governance.documents.croissant import croissant_text
from governance.documents.pages import DatasetPages

FILE = "croissant.json"


def render(pages: DatasetPages) -> str:
    """Of the facts alone."""
    return croissant_text(pages.facts)
