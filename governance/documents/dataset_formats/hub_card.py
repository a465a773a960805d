"""The dataset card of the Hugging Face Hub."""

from __future__ import annotations

from governance.documents.facts import DatasetFacts
from governance.documents.hub import card_data, card_view, problems_with
from governance.documents.pages import DatasetPages
from governance.render import tidy

FILE = "README.md"


def render(pages: DatasetPages) -> str:
    """Metadata for the Hub, then the datasheet in short."""
    template = pages.markdown.get_template("dataset_readme.md.j2")
    return tidy(template.render(sheet=pages.sheet, card=card_view(pages.facts)))


def problems(facts: DatasetFacts) -> list[str]:
    """Of the head's values."""
    return problems_with(card_data(facts), facts)
