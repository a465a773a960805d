"""The questions of Datasheets for Datasets, as package data (questions.yaml)."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

from governance.canonical import Frozen
from governance.yaml_files import read_yaml


class Section(Frozen):
    """One of the seven sections."""

    id: str
    title: str
    about: str
    """What the section is about, as the end of a sentence."""


class Question(Frozen):
    """One question, in this project's own words."""

    id: str
    """Anchor in documents, and key in answers files."""
    section: str
    question: str
    short: str
    """The question in a few words that stand alone, for lists and links."""
    answerable: Literal["measured", "config", "human"]
    only_if: Literal["people"] | None = None
    """Asked only when the data is about people."""
    person: str = ""
    """What a person must add to a measured answer."""
    optional: bool = False
    """Never counted as open."""
    who: str
    """Who is likely to know."""
    hint: str = ""
    """What may help them."""


class Questionnaire(Frozen):
    """All sections and questions, in the order of the paper."""

    sections: tuple[Section, ...]
    questions: tuple[Question, ...]

    def of(self, section: str) -> tuple[Question, ...]:
        """The questions of one section."""
        return tuple(question for question in self.questions if question.section == section)


@cache
def questionnaire() -> Questionnaire:
    """The questionnaire of this release."""
    return Questionnaire.model_validate(read_yaml(Path(__file__).parent / "questions.yaml"))
