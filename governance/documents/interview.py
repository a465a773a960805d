"""Which questions a person is asked about a dataset, with what may help them to answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from governance.documents.facts import DatasetFacts
from governance.documents.questions import Question, questionnaire
from governance.documents.replies import Reply, replies
from governance.documents.wording import headline, most_serious
from governance.evidence import Evidence, Level
from governance.render import shorten

_MOST_FINDINGS = 3
_TEXT = 300


@dataclass(frozen=True)
class Asked:
    """One question that waits for a person."""

    question: Question
    reply: Reply
    evidence: tuple[str, ...]
    """What was measured that may help, one sentence each."""

    @property
    def older(self) -> bool:
        """Whether there is an answer, given for an earlier version of the data."""
        return self.reply.state == "older"

    def lines(self) -> tuple[str, ...]:
        """What helps to answer, for a terminal or a form; nothing of it is escaped yet."""
        said = [f"Likely to know: {self.question.who}."]
        if self.reply.wanted and self.reply.state in {"partly", "contradicted"}:
            said.append(f"Wanted: {self.reply.wanted}.")
        if self.question.hint:
            said.append(f"May help: {self.question.hint}.")
        said += [f"Known: {line}" for line in self.reply.lines]
        said += [f"Measured: {line}" for line in self.evidence]
        if self.reply.prose:
            prose = shorten(" ".join(self.reply.prose.split()), 600)
            when = "Answered for an earlier version of the data" if self.older else "Answered"
            said.append(f"{when} by {self.reply.byline}: {prose}")
        return tuple(said)


def to_ask(facts: DatasetFacts, *, optional: bool = False) -> tuple[Asked, ...]:
    """Questions that are open, settled in part, contradicted, or answered for earlier data, in the questionnaire's order.

    `optional` adds the seven invitations to say anything further.
    """
    states = {"open", "partly", "older", "contradicted"} | ({"nothing_added"} if optional else set())
    by_id = {question.id: question for question in questionnaire().questions}
    return tuple(
        Asked(by_id[reply.id], reply, _evidence(facts, by_id[reply.id]))
        for reply in replies(facts)
        if reply.state in states
    )


def _evidence(facts: DatasetFacts, question: Question) -> tuple[str, ...]:
    """Headlines of evidence that is filed under the question, and the findings that a person should see first."""
    filed = [item for item in facts.evidence if item.section == question.id]
    said = [f"{item.title}: {headline(item)}" for item in filed]
    return tuple(shorten(line, _TEXT) for line in (*said, *_findings(filed)))


def _findings(filed: Sequence[Evidence]) -> list[str]:
    pairs = [(finding, "") for item in filed for finding in item.findings if finding.level is not Level.NOTE]
    return [finding.message for finding, _ in most_serious(pairs)[:_MOST_FINDINGS]]
