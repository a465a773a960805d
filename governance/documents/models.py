"""The documents of one model: model_card.md with figures, model_card.html, and README.md for the Hugging Face Hub."""

from __future__ import annotations

from pathlib import Path

from governance.documents.caps import HTML, MARKDOWN
from governance.documents.facts import ModelFacts
from governance.documents.model_card import model_card_view
from governance.documents.model_hub import model_card_head
from governance.documents.writing import GIT_FIGURE_BYTES, PAGE_FIGURE_BYTES, drawings, write_documents
from governance.render import environment, tidy


def render_model_documents(facts: ModelFacts, folder: Path, workspace: Path) -> list[Path]:
    """Write the documents into `folder` and return their paths, sorted. Same facts, same bytes.

    Templates in the workspace's own templates/ win over the package's. Figures that no longer exist are removed.
    """
    card = model_card_view(facts, MARKDOWN)
    figures = drawings((item for section in card.sections for item in section.evidence), GIT_FIGURE_BYTES)
    page = model_card_view(facts, HTML)
    inline = drawings((item for section in page.sections for item in section.evidence), PAGE_FIGURE_BYTES)
    markdown, html = environment(workspace, "markdown"), environment(workspace, "html")
    documents = {
        "model_card.md": tidy(markdown.get_template("model_card.md.j2").render(card=card, figures=figures)),
        "model_card.html": html.get_template("model_card.html.j2").render(card=page, figures=inline),
        "README.md": tidy(markdown.get_template("model_readme.md.j2").render(card=card, head=model_card_head(facts))),
    }
    return write_documents(documents, figures, folder)
