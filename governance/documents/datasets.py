"""The documents of one dataset: datasheet.md with figures, datasheet.html, and for programs README.md and croissant.json."""

from __future__ import annotations

from pathlib import Path

from governance.documents.caps import HTML, MARKDOWN
from governance.documents.croissant import croissant_text
from governance.documents.datasheet import datasheet_view
from governance.documents.facts import DatasetFacts
from governance.documents.hub import card_view
from governance.documents.writing import GIT_FIGURE_BYTES, PAGE_FIGURE_BYTES, drawings, write_documents
from governance.render import environment, tidy


def render_dataset_documents(facts: DatasetFacts, folder: Path, workspace: Path) -> list[Path]:
    """Write the documents into `folder` and return their paths, sorted. Same facts, same bytes.

    Templates in the workspace's own templates/ win over the package's. Figures that no longer exist are removed.
    """
    sheet = datasheet_view(facts, MARKDOWN)
    figures = drawings((item for section in sheet.sections for item in section.evidence), GIT_FIGURE_BYTES)
    page = datasheet_view(facts, HTML)
    inline = drawings((item for section in page.sections for item in section.evidence), PAGE_FIGURE_BYTES)
    markdown, html = environment(workspace, "markdown"), environment(workspace, "html")
    documents = {
        "datasheet.md": tidy(markdown.get_template("datasheet.md.j2").render(sheet=sheet, figures=figures)),
        "datasheet.html": html.get_template("datasheet.html.j2").render(sheet=page, figures=inline),
        "README.md": tidy(markdown.get_template("dataset_readme.md.j2").render(sheet=sheet, card=card_view(facts))),
        "croissant.json": croissant_text(facts),
    }
    return write_documents(documents, figures, folder)
