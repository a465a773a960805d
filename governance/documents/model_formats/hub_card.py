"""The model card of the Hugging Face Hub, with its model-index."""

from __future__ import annotations

from governance.documents.facts import ModelFacts
from governance.documents.model_hub import model_card_data, model_card_head, problems_with
from governance.documents.pages import ModelPages
from governance.render import tidy

FILE = "README.md"


def render(pages: ModelPages) -> str:
    """Metadata for the Hub, then the card in short."""
    template = pages.markdown.get_template("model_readme.md.j2")
    return tidy(template.render(card=pages.sheet, head=model_card_head(pages.facts)))


def problems(facts: ModelFacts) -> list[str]:
    """Of the head's values."""
    return problems_with(model_card_data(facts), facts)
