"""A form for people without a terminal: the open questions as Markdown, and the answers read back from it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from governance.documents.answers import Given
from governance.documents.form_blocks import Block, blocks_of
from governance.documents.interview import Asked
from governance.documents.placeholders import placeholder
from governance.documents.questions import Question, questionnaire
from governance.documents.wording import plural
from governance.render import escape_markdown

_MARK = re.compile(r"<!-- govern ask, dataset ([a-z][a-z0-9_]{0,62}), data (sha256:[0-9a-f]{64}|none) -->")
_ANSWER = re.compile(r"^\**Answer:?\**:?[ \t]*", re.MULTILINE)
_BY = re.compile(r"^\**(?:Answered by|Your name):?\**:?[ \t]*(.*)$", re.MULTILINE)
_NOT_APPLICABLE = re.compile(r"(?i)^(?:not applicable|n\s*/\s*a|n\.\s?a\.?)\s*(?:[:;,.–—-]+|because)\s*", re.DOTALL)
_INSTEAD = re.compile(r"^\**(?:not applicable|n/a)\**[ \t]*[:;,.–—-]", re.MULTILINE | re.IGNORECASE)
"""A line that stands in the place of `Answer:`, as the form invites to write."""
_CONFIRM = re.compile(r"(?i)^(?:confirmed|still holds|unchanged|=)[.!]?$")


@dataclass(frozen=True)
class Filled:
    """What a person wrote into a form."""

    by: str
    given: dict[str, Given]
    confirmed: tuple[str, ...]
    """Questions whose answer stands, for the data that the form was written for."""
    not_taken: tuple[str, ...] = ()
    """Which answers are left out and why, one sentence each; those in `given` and `confirmed` are sound."""


def form_text(dataset: str, digest: str, asked: Sequence[Asked]) -> str:
    """The form: one heading per question. Same questions, same bytes."""
    lines = [
        f"# {plural(len(asked), 'question')} about {dataset}",
        "",
        f"<!-- govern ask, dataset {dataset}, data {digest or 'none'} -->",
        "",
        "Write below `Answer:`, as many lines as you need. Leave a question empty when you do not know: that is better",
        "than a guess. Where a question makes no sense for this data, write `Not applicable:` and the reason. Where an",
        "earlier answer is quoted and still holds, write `Confirmed`. Leave the headings as they are.",
        "",
        *_required_first(asked),
        "Answered by:",
    ]
    for item in asked:
        lines += ["", f"## {item.question.id}", "", _put(item.question), ""]
        lines += [f"> {escape_markdown(line)}" for line in item.lines()]
        lines += ["", "Answer:", ""]
    return "\n".join(lines) + "\n"


def _required_first(asked: Sequence[Asked]) -> list[str]:
    required = [item.required_by for item in asked if item.required_by]
    if not required:
        return []
    first = "The first question is" if len(required) == 1 else f"The first {len(required)} questions are"
    return [
        f"{first} required by tier {required[0]}: without an answer the data may not be used. The others can wait.",
        "",
    ]


def read_form(text: str, dataset: str, *, by: str, on: str) -> tuple[Filled, str, list[str]]:
    """What was filled in, the digest of the data that the form is about, and what forbids to take any of it.

    `by` is who answered when the form does not say; `on` the day, ISO 8601.
    """
    text = text.replace("\r\n", "\n").removeprefix("\ufeff")
    mark = _MARK.search(text)
    if mark is None:
        return Filled("", {}, ()), "", ["this is no form of `govern ask`: the line with its dataset is missing"]
    problems = []
    if mark[1] != dataset:
        problems.append(f"the form is about {mark[1]}, not {dataset}")
    parts = blocks_of(text, {_put(question): question.id for question in questionnaire().questions})
    named = _BY.search(parts.head)
    who = (named[1].strip() if named else "") or by
    if not who or placeholder(who):
        problems.append("nobody says who answered: fill in `Answered by:`, or give --by")
    digest = "" if mark[2] == "none" else mark[2]
    said, left_out = _said(parts.found)
    confirmed = tuple(name for name, words in said.items() if _CONFIRM.match(words))
    questions = {question.id: question for question in questionnaire().questions}
    given: dict[str, Given] = {}
    for name in said.keys() - set(confirmed):
        answer = answer_from(said[name], name, by=who, on=on, digest=digest)
        kind = "answer" if answer.answer else "reason"
        if why := placeholder(answer.answer or answer.not_applicable, questions[name]):
            left_out.append(f"{name}: the {kind} is {why}; leave it empty until somebody knows")
        else:
            given[name] = answer
    order = list(questions)
    given = {name: given[name] for name in order if name in given}
    left_out.sort(key=lambda problem: order.index(problem.partition(":")[0]))
    left_out = [*parts.problems, *left_out]
    if not problems and not given and not confirmed and not left_out:
        problems.append("no question is answered yet")
    return Filled(who, given, confirmed, tuple(left_out)), digest, problems


def _put(question: Question) -> str:
    """The line by which a form puts `question`."""
    return f"**{escape_markdown(question.question)}**"


def _said(found: Sequence[Block]) -> tuple[dict[str, str], list[str]]:
    """What stands below each question's line `Answer:`, by question, and which questions cannot be read so and why."""
    said: dict[str, str] = {}
    left_out = []
    for block in found:
        name, below = block.question, block.text
        answer, instead = _ANSWER.search(below), _INSTEAD.search(below)
        if instead and (answer is None or instead.start() < answer.start()):
            words = _ANSWER.sub("", below[instead.start() :], count=1).replace("*", "")
        elif answer:
            words = below[answer.end() :]
        else:
            left_out.append(f"{name}: its line `Answer:` is missing")
            continue
        if not (words := words.strip()):
            continue
        if name in said:
            left_out.append(f"{name}: stands there twice")
        said[name] = words
    twice = {problem.partition(":")[0] for problem in left_out}
    return {name: words for name, words in said.items() if name not in twice}, left_out


def answer_from(said: str, question: str, *, by: str, on: str, digest: str) -> Given:
    """The answer in a person's words; `Not applicable: ...` and `n/a: ...` give the reason why there is none."""
    from governance.documents.answers import OF_THE_DATA

    about = digest if question.partition(".")[0] in OF_THE_DATA else ""
    words = "\n".join(line.rstrip() for line in said.strip().splitlines())
    reason = _NOT_APPLICABLE.sub("", words) if _NOT_APPLICABLE.match(words) else ""
    if reason:
        return Given(by=by, on=on, not_applicable=reason, about_data=about)
    return Given(by=by, on=on, answer=words, about_data=about)
