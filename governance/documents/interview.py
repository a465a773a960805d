"""Which questions a person is asked about a dataset, with what may help them to answer."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from governance.documents.answered import answered
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
    required_by: str = ""
    """Tier of the policy that wants an answer before the data may be used; empty when it can wait."""

    @property
    def older(self) -> bool:
        """Whether there is an answer, given for an earlier version of the data."""
        return self.reply.state == "older"

    def lines(self) -> tuple[str, ...]:
        """What helps to answer, for a terminal or a form; nothing of it is escaped yet."""
        said = [f"Required by tier {self.required_by}."] if self.required_by else []
        said.append(f"Likely to know: {self.question.who}.")
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


def to_ask(
    facts: DatasetFacts, *, optional: bool = False, required: Collection[str] = (), tier: str = ""
) -> tuple[Asked, ...]:
    """Questions that are open, settled in part, contradicted, or answered for earlier data.

    `required` are those that the policy of `tier` wants: of these, the ones that nobody has answered come first. Else
    they stand in the questionnaire's order. `optional` adds the seven invitations to say anything further.
    """
    states = {"open", "partly", "older", "contradicted"} | ({"nothing_added"} if optional else set())
    by_id = {question.id: question for question in questionnaire().questions}
    wanted = frozenset(required) - answered(facts.answers, facts.dataset.about)
    asked = [
        Asked(by_id[reply.id], reply, _evidence(facts, by_id[reply.id]), tier if reply.id in wanted else "")
        for reply in replies(facts)
        if reply.state in states or reply.id in wanted
    ]
    return tuple(sorted(asked, key=lambda item: not item.required_by))


def _evidence(facts: DatasetFacts, question: Question) -> tuple[str, ...]:
    """Headlines of evidence that is filed under the question, and the findings that a person should see first."""
    filed = [item for item in facts.evidence if item.section == question.id]
    said = [f"{item.title}: {headline(item)}" for item in filed]
    return tuple(shorten(line, _TEXT) for line in (*said, *_findings(filed)))


def _findings(filed: Sequence[Evidence]) -> list[str]:
    pairs = [(finding, "") for item in filed for finding in item.findings if finding.level is not Level.NOTE]
    return [finding.message for finding, _ in most_serious(pairs)[:_MOST_FINDINGS]]
