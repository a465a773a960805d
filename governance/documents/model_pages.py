"""What formats of a model's documents share: facts, views and drawings, each made once and when it is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from jinja2 import Environment

from governance.documents.caps import HTML, MARKDOWN
from governance.documents.facts import ModelFacts
from governance.documents.model_card import ModelCardView, model_card_view
from governance.documents.writing import GIT_FIGURE_BYTES, PAGE_FIGURE_BYTES, Drawings, drawings
from governance.render import environment


@dataclass(frozen=True)
class ModelPages:
    """Handed to every format."""

    facts: ModelFacts
    workspace: Path
    """Its own templates/ win over the package's."""

    @cached_property
    def card(self) -> ModelCardView:
        """At most as much as Markdown in git holds."""
        return model_card_view(self.facts, MARKDOWN)

    @cached_property
    def page(self) -> ModelCardView:
        """At most as much as one HTML page holds."""
        return model_card_view(self.facts, HTML)

    @cached_property
    def figures(self) -> Drawings:
        """Drawings beside the Markdown."""
        return drawings((item for section in self.card.sections for item in section.evidence), GIT_FIGURE_BYTES)

    @cached_property
    def inline(self) -> Drawings:
        """Drawings inside the page."""
        return drawings((item for section in self.page.sections for item in section.evidence), PAGE_FIGURE_BYTES)

    @cached_property
    def markdown(self) -> Environment:
        """Templates that escape for Markdown."""
        return environment(self.workspace, "markdown")

    @cached_property
    def html(self) -> Environment:
        """Templates that escape for HTML."""
        return environment(self.workspace, "html")
