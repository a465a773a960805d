"""A form for people without a terminal: the open questions as Markdown, and the answers read back from it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from governance.documents.answers import Given
from governance.documents.interview import Asked
from governance.documents.placeholders import placeholder
from governance.documents.questions import questionnaire
from governance.documents.wording import plural
from governance.render import escape_markdown

_MARK = re.compile(r"<!-- govern ask, dataset ([a-z][a-z0-9_]{0,62}), data (sha256:[0-9a-f]{64}|none) -->")
_HEADING = re.compile(r"^## `?([a-z]+\.[a-z_]+)`?[ \t]*$", re.MULTILINE)
_ANSWER = re.compile(r"^\**Answer:?\**:?[ \t]*", re.MULTILINE)
_BY = re.compile(r"^\**(?:Answered by|Your name):?\**:?[ \t]*(.*)$", re.MULTILINE)
_NOT_APPLICABLE = re.compile(r"(?i)^(?:not applicable|n\s*/\s*a|n\.\s?a\.?)\s*(?:[:;,.–—-]+|because)\s*", re.DOTALL)
_CONFIRM = re.compile(r"(?i)^(?:confirmed|still holds|unchanged|=)[.!]?$")


@dataclass(frozen=True)
class Filled:
    """What a person wrote into a form."""

    by: str
    given: dict[str, Given]
    confirmed: tuple[str, ...]
    """Questions whose answer stands, for the data that the form was written for."""


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
        "Answered by:",
    ]
    for item in asked:
        lines += ["", f"## {item.question.id}", "", f"**{escape_markdown(item.question.question)}**", ""]
        lines += [f"> {escape_markdown(line)}" for line in item.lines()]
        lines += ["", "Answer:", ""]
    return "\n".join(lines) + "\n"


def read_form(text: str, dataset: str, *, by: str, on: str) -> tuple[Filled, str, list[str]]:
    """What was filled in, the digest of the data that the form is about, and all problems, worded for a person.

    `by` is who answered when the form does not say; `on` the day, ISO 8601.
    """
    text = text.replace("\r\n", "\n").removeprefix("\ufeff")
    mark = _MARK.search(text)
    if mark is None:
        return Filled("", {}, ()), "", ["this is no form of `govern ask`: the line with its dataset is missing"]
    problems = []
    if mark[1] != dataset:
        problems.append(f"the form is about {mark[1]}, not {dataset}")
    first = _HEADING.search(text)
    named = _BY.search(text, 0, first.start() if first else len(text))
    who = (named[1].strip() if named else "") or by
    if not who or placeholder(who):
        problems.append("nobody says who answered: fill in `Answered by:`, or give --by")
    questions = {question.id: question for question in questionnaire().questions}
    digest = "" if mark[2] == "none" else mark[2]
    given: dict[str, Given] = {}
    confirmed: list[str] = []
    headings = [match for match in _HEADING.finditer(text) if match[1] in questions]
    for match, following in zip(headings, [*headings[1:], None], strict=True):
        below = text[match.end() : following.start() if following else len(text)]
        parts = _ANSWER.split(below, maxsplit=1)
        if len(parts) < 2:
            problems.append(f"{match[1]}: its line `Answer:` is missing")
            continue
        said = parts[1].strip()
        if not said:
            continue
        if match[1] in given or match[1] in confirmed:
            problems.append(f"{match[1]}: stands there twice")
        elif _CONFIRM.match(said):
            confirmed.append(match[1])
        else:
            given[match[1]] = answer_from(said, match[1], by=who, on=on, digest=digest)
            if why := placeholder(said, questions[match[1]]):
                problems.append(f"{match[1]}: the answer is {why}; leave it empty until somebody knows")
    if not problems and not given and not confirmed:
        problems.append("no question is answered yet")
    return Filled(who, given, tuple(confirmed)), digest, problems


def answer_from(said: str, question: str, *, by: str, on: str, digest: str) -> Given:
    """The answer in a person's words; `Not applicable: ...` and `n/a: ...` give the reason why there is none."""
    from governance.documents.answers import OF_THE_DATA

    about = digest if question.partition(".")[0] in OF_THE_DATA else ""
    words = "\n".join(line.rstrip() for line in said.strip().splitlines())
    reason = _NOT_APPLICABLE.sub("", words) if _NOT_APPLICABLE.match(words) else ""
    if reason:
        return Given(by=by, on=on, not_applicable=reason, about_data=about)
    return Given(by=by, on=on, answer=words, about_data=about)
