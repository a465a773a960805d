"""What the gate prints. Each format is one file: what was judged in, one text out, nothing decided on the way."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, assert_never

if TYPE_CHECKING:
    from governance.config import Workspace
    from governance.judging import Judged


class Format(StrEnum):
    """Formats of `govern gate`."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    MARKDOWN = "markdown"
    JUNIT = "junit"
    SARIF = "sarif"


def render(judged: Judged, workspace: Workspace, format: Format) -> str:
    """`judged` in `format`, with a final newline. The same judgement gives the same bytes."""
    match format:
        case Format.TEXT:
            from governance.formats.text import as_text

            return as_text(judged)
        case Format.JSON:
            from governance.formats.json import as_json

            return as_json(judged)
        case Format.GITHUB:
            from governance.formats.github import as_github

            return as_github(judged, workspace)
        case Format.MARKDOWN:
            from governance.formats.markdown import as_markdown

            return as_markdown(judged, workspace)
        case Format.JUNIT:
            from governance.formats.junit import as_junit

            return as_junit(judged, workspace)
        case Format.SARIF:
            from governance.formats.sarif import as_sarif

            return as_sarif(judged, workspace)
        case _:
            assert_never(format)
