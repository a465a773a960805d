"""The datasheet as one HTML page that needs nothing else."""

from __future__ import annotations

from governance.documents.pages import DatasetPages

FILE = "datasheet.html"


def render(pages: DatasetPages) -> str:
    """Figures are drawn inside it."""
    return pages.html.get_template("datasheet.html.j2").render(sheet=pages.page, figures=pages.inline)
