"""Replies: what a datasheet says to each question, by whom, and what is still open. Nothing is ever invented."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from governance.documents.answered import declared
from governance.documents.answers import Given
from governance.documents.facts import DatasetFacts
from governance.documents.measured import MEASURED
from governance.documents.questions import Question, questionnaire
from governance.documents.wording import headline, plural
from governance.evidence import Outcome

State = Literal[
    "measured", "partly", "declared", "person", "not_applicable", "older", "contradicted", "open", "nothing_added"
]

_LABELS: dict[State, str] = {
    "measured": "Measured",
    "partly": "Measured in part",
    "declared": "Declared",
    "person": "Answered",
    "not_applicable": "Not applicable",
    "older": "To be confirmed, given for an earlier version",
    "contradicted": "Contradicted by what was measured",
    "open": "Open",
    "nothing_added": "Nothing added",
}


_FEW_LINES = 100
"""Characters of a reply that a page shows without being asked."""


@dataclass(frozen=True)
class Reply:
    """One question and what is known about it."""

    id: str
    question: str
    short: str
    """The question in a few words."""
    state: State
    label: str
    """The state in words; with a person's name and date where a person answered."""
    lines: tuple[str, ...] = ()
    """Facts, one sentence each."""
    prose: str = ""
    """A person's words, untouched; a reason why there is no answer begins with `Not applicable, because:`."""
    reason: str = ""
    """That reason alone, to stand where `label` says already that the question does not apply."""
    byline: str = ""
    """Who wrote `prose`, and when."""
    wanted: str = ""
    """What is still wanted and from whom; empty when nothing is."""
    hint: str = ""
    who: str = ""
    """Who is likely to know."""

    @property
    def folded(self) -> bool:
        """Whether a page folds it away: nothing is wanted, and it is longer than a few lines of a phone."""
        return not self.wanted and sum(len(text) for text in (*self.lines, self.prose)) > _FEW_LINES


@dataclass(frozen=True)
class Completeness:
    """How far one section's questions are answered. The optional ones count only once answered."""

    section: str
    title: str
    questions: int
    measured: int
    declared: int
    people: int
    not_applicable: int
    partly: int
    """Measured in part, answered for an earlier version of the data, or contradicted by what was measured."""
    open: int

    @property
    def summary(self) -> str:
        """`12 of 15 questions settled, 1 settled in part, 2 open`."""
        parts = [f"{self.settled} of {plural(self.questions, 'question')} settled"]
        parts += [f"{self.partly} settled in part"] if self.partly else []
        parts += [f"{self.open} open"] if self.open else []
        return ", ".join(parts)

    @property
    def settled(self) -> int:
        """Answered by measurement, declaration or a person, or not applicable."""
        return self.measured + self.declared + self.people + self.not_applicable


def replies(facts: DatasetFacts) -> tuple[Reply, ...]:
    """A reply to every question, in the questionnaire's order."""
    return tuple(_reply(question, facts) for question in questionnaire().questions)


def _reply(question: Question, facts: DatasetFacts) -> Reply:
    given = facts.answers.get(question.id)
    about = facts.dataset.about
    if question.only_if == "people" and about.people is False and given is None:
        return _made(question, "not_applicable", lines=("The data is declared not to be about people.",))
    lines = tuple(_facts_for(question, facts))
    if given is not None and (against := _contradictions(question, facts)):
        wanted = f"a corrected answer, from {question.who}"
        return _made(question, "contradicted", given, lines=(*lines, *against), wanted=wanted)
    told = declared(question.id, about)
    older = given is not None and given.older_than(facts.manifest.digest)
    again = f"a word that this still holds for the data that is here now, from {question.who}" if older else ""
    if lines and question.answerable != "human":
        unfinished = bool(question.person) and given is None
        state: State = "older" if older else "partly" if unfinished else "measured"
        wanted = f"{question.person}, from {question.who}" if unfinished else again
        return _made(question, state, given, lines=lines, wanted=wanted)
    if given is not None and older:
        return _made(question, "older", given, lines=lines, wanted=again)
    if given is not None:
        state = "not_applicable" if given.not_applicable else "person"
        return _made(question, state, given, lines=lines)
    if told:
        return _made(question, "declared", lines=told)
    if question.optional:
        return _made(question, "nothing_added", lines=lines)
    undeclared = question.only_if == "people" and about.people is None
    wanted = f"an answer from {question.who}"
    if undeclared:
        wanted += "; first of all, whether the data is about people (“about.people” in params.yaml)"
    # What only a person can say is not settled by a measurement: it stands there to help.
    return _made(question, "open", lines=(*lines, *_context(question.id, facts)), wanted=wanted)


def _made(
    question: Question,
    state: State,
    given: Given | None = None,
    *,
    lines: Sequence[str] = (),
    wanted: str = "",
) -> Reply:
    return Reply(
        id=question.id,
        question=question.question,
        short=question.short,
        state=state,
        label=_LABELS[state],
        lines=tuple(lines),
        prose=_words(given) if given else "",
        reason=given.not_applicable if given else "",
        byline=f"{given.by}, {given.on}" if given else "",
        wanted=wanted,
        hint=question.hint if wanted else "",
        who=question.who,
    )


def _words(given: Given) -> str:
    """What a person said. A reason never stands alone, where it would read as the answer to the question."""
    return given.answer or f"Not applicable, because: {given.not_applicable}"


def _contradictions(question: Question, facts: DatasetFacts) -> tuple[str, ...]:
    """What evidence says against a person's answer: findings whose subject is the question."""
    found = [finding for item in facts.evidence for finding in item.findings if finding.subject == question.id]
    return tuple(f"Against the answer: {finding.message}" for finding in found)


def _facts_for(question: Question, facts: DatasetFacts) -> list[str]:
    """What the snapshot says, then what evidence says that is filed under this very question."""
    answer = MEASURED.get(question.id)
    lines = list((answer(facts) if answer and facts.readable else None) or [])
    filed = [item for item in facts.evidence if item.section == question.id]
    if lines or any(item.outcome is Outcome.ASSESSED for item in filed):
        lines += [f"{item.title}: {headline(item)}" for item in filed]
    return lines


def _context(question: str, facts: DatasetFacts) -> tuple[str, ...]:
    """What `about` says that helps, and is not the answer itself."""
    about = facts.dataset.about
    said = {
        "collection.acquisition": ("Declared source", about.source),
        "collection.source_of_people_data": ("Declared source", about.source),
        "distribution.how": ("Declared address", about.url),
        "uses.repository": ("To be cited as", about.citation),
        "maintenance.old_versions": ("This version", about.version),
    }
    label, text = said.get(question, ("", ""))
    return (f"{label}: {text.rstrip('.')}.",) if text else ()


def completeness(all_replies: Sequence[Reply]) -> tuple[Completeness, ...]:
    """Per section, in the questionnaire's order."""
    counted = []
    for section in questionnaire().sections:
        states = [
            reply.state
            for reply in all_replies
            if reply.id.partition(".")[0] == section.id and reply.state != "nothing_added"
        ]
        counted.append(
            Completeness(
                section=section.id,
                title=section.title,
                questions=len(states),
                measured=states.count("measured"),
                declared=states.count("declared"),
                people=states.count("person"),
                not_applicable=states.count("not_applicable"),
                partly=sum(states.count(state) for state in ("partly", "older", "contradicted")),
                open=states.count("open"),
            )
        )
    return tuple(counted)


def overall(counted: Sequence[Completeness]) -> Completeness:
    """All sections as one."""
    names = ("questions", "measured", "declared", "people", "not_applicable", "partly", "open")
    return Completeness("", "", **{name: sum(getattr(one, name) for one in counted) for name in names})
