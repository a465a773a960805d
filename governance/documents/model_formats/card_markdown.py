"""The model card as Markdown, for git and pull requests."""

from __future__ import annotations

from governance.documents.pages import ModelPages
from governance.render import tidy

FILE = "model_card.md"


def render(pages: ModelPages) -> str:
    """Figures are files beside it."""
    return tidy(pages.markdown.get_template("model_card.md.j2").render(card=pages.sheet, figures=pages.figures))
