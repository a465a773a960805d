"""The datasheet as Markdown, for git and pull requests."""

from __future__ import annotations

from governance.documents.pages import DatasetPages
from governance.render import tidy

FILE = "datasheet.md"


def render(pages: DatasetPages) -> str:
    """Figures are files beside it."""
    template = pages.markdown.get_template("datasheet.md.j2")
    return tidy(template.render(sheet=pages.sheet, figures=pages.figures))
