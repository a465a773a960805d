"""Croissant: the dataset and its responsible-AI facts as JSON-LD."""

from __future__ import annotations

from governance.documents.croissant import croissant_data, croissant_text
from governance.documents.croissant_check import problems_with
from governance.documents.facts import DatasetFacts
from governance.documents.pages import DatasetPages

FILE = "croissant.json"


def render(pages: DatasetPages) -> str:
    """Of the facts alone."""
    return croissant_text(pages.facts)


def problems(facts: DatasetFacts) -> list[str]:
    """Of the document's values, which are its text."""
    return problems_with(croissant_data(facts), facts)
