"""What all formats of a subject's documents share: facts, views and drawings, each made once and when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Generic, TypeVar

from jinja2 import Environment

from governance.documents.caps import HTML, MARKDOWN, Caps
from governance.documents.datasheet import DatasheetView
from governance.documents.facts import DatasetFacts, ModelFacts
from governance.documents.model_card import ModelCardView
from governance.documents.writing import Drawings, drawings
from governance.render import environment

Facts = TypeVar("Facts", DatasetFacts, ModelFacts)
View = TypeVar("View", DatasheetView, ModelCardView)


@dataclass(frozen=True)
class Pages(Generic[Facts, View]):
    """Handed to every format."""

    facts: Facts
    view: Callable[[Facts, Caps], View]
    workspace: Path
    """Its own templates/ win over the package's."""
    caps: Caps = MARKDOWN[0]
    """How much Markdown shows."""

    @cached_property
    def sheet(self) -> View:
        """At most as much as Markdown in git holds."""
        return self.view(self.facts, self.caps)

    @cached_property
    def page(self) -> View:
        """At most as much as one HTML page holds."""
        return self.view(self.facts, HTML)

    @cached_property
    def figures(self) -> Drawings:
        """Drawings beside the Markdown."""
        return drawings((item for section in self.sheet.sections for item in section.evidence), self.caps.drawn)

    @cached_property
    def inline(self) -> Drawings:
        """Drawings inside the page."""
        return drawings((item for section in self.page.sections for item in section.evidence), HTML.drawn)

    @cached_property
    def markdown(self) -> Environment:
        """Templates that escape for Markdown."""
        return environment(self.workspace, "markdown")

    @cached_property
    def html(self) -> Environment:
        """Templates that escape for HTML."""
        return environment(self.workspace, "html")


DatasetPages = Pages[DatasetFacts, DatasheetView]
ModelPages = Pages[ModelFacts, ModelCardView]
