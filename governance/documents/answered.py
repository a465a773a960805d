"""Which questions of the datasheet people have answered: in the answers file, or once under `about` in params.yaml.

A measurement is no answer by a person; a policy that requires one wants somebody's word.
"""

from __future__ import annotations

from governance.dataset import About
from governance.documents.answers import Answers
from governance.documents.questions import questionnaire


def declared(question: str, about: About) -> tuple[str, ...]:
    """What `about` in params.yaml answers by itself."""
    said: dict[str, tuple[str, ...]] = {
        "motivation.creators": about.creators,
        "maintenance.maintainer": about.curators,
        "maintenance.contact": (about.contact,),
        "distribution.when": (about.published,),
    }
    return tuple(line for line in said.get(question, ()) if line)


def answered(answers: Answers, about: About) -> frozenset[str]:
    """Ids of the questions that a person answered, declared, or gave a reason to leave out.

    Questions about people are settled when the data is declared not to be about any.
    """
    return frozenset(
        question.id
        for question in questionnaire().questions
        if answers.get(question.id) is not None
        or declared(question.id, about)
        or (question.only_if == "people" and about.people is False)
    )


def unknown_questions(asked: tuple[str, ...]) -> tuple[str, ...]:
    """Those of `asked` that are no question of the datasheet."""
    known = {question.id for question in questionnaire().questions}
    return tuple(question for question in asked if question not in known)
