"""The model card as one HTML page that needs nothing else."""

from __future__ import annotations

from governance.documents.pages import ModelPages

FILE = "model_card.html"


def render(pages: ModelPages) -> str:
    """Figures are drawn inside it."""
    return pages.html.get_template("model_card.html.j2").render(card=pages.page, figures=pages.inline)
