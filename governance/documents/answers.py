"""The answers file: what only people know about a dataset.

    answers:
      motivation.purpose:
        answer: To tell benign from malignant breast masses without surgery.
        by: Ada Lovelace, data steward
        on: 2026-03-01
        about_data: sha256:...        (optional: the snapshot that it was given for; `govern ask` writes it)
      collection.notification:
        not_applicable: The records hold no personal contact.
        by: ...
        on: ...

An id that is absent is an open question. Placeholder text is no answer. An answer that was given for another snapshot
than the one that is here is shown with a request to confirm it; one without `about_data` is never taken for old.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from governance.documents.placeholders import placeholder
from governance.documents.questions import Question, questionnaire
from governance.errors import ConfigError
from governance.validation import hint, no_such_key
from governance.yaml_files import read_yaml

_SEE = "; its id is one of those that a drafted answers file lists"
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_FIELDS = ("answer", "not_applicable", "by", "on", "about_data")
OF_THE_DATA = frozenset({"composition", "collection", "preprocessing", "uses"})
"""Sections whose answers are about one version of the data; those of the others outlive it."""


@dataclass(frozen=True)
class Given:
    """One answer that a person gave."""

    by: str
    on: str
    """Date, as ISO 8601."""
    answer: str = ""
    not_applicable: str = ""
    """The reason; exactly one of this and `answer` is set."""
    about_data: str = ""
    """Digest of the snapshot that it was given for; empty when nobody noted it."""

    def older_than(self, digest: str) -> bool:
        """Whether it was given for another snapshot than the one with `digest`."""
        return bool(self.about_data and digest) and self.about_data != digest


@dataclass(frozen=True)
class Answers:
    """All answers about one dataset, by question id."""

    given: Mapping[str, Given] = field(default_factory=lambda: MappingProxyType({}))

    def get(self, question: str) -> Given | None:
        """The answer to `question`, None while it is open."""
        return self.given.get(question)


def read_answers(path: Path) -> Answers:
    """The answers in `path`; none when there is no such file. Raises ConfigError with all problems at once.

    Messages name the file with its folder, `answers/adult.yaml`.
    """
    if not path.is_file():
        return Answers()
    shown = f"{path.parent.name}/{path.name}"
    answers, problems = parse_answers(read_yaml(path, shown), shown)
    if problems:
        raise ConfigError(problems)
    return answers


def parse_answers(content: Any, name: str = "answers") -> tuple[Answers, tuple[str, ...]]:
    """Answers in the content of an answers file, and all problems with it, worded for a person."""
    if content is None:
        return Answers(), ()
    entries = content.get("answers") if isinstance(content, dict) else content
    unknown_keys = sorted(set(map(str, content)) - {"answers"}) if isinstance(content, dict) else []
    problems = [f"{name}: {key}: {no_such_key(key, ['answers'])}" for key in unknown_keys]
    if entries is None:
        return Answers(), tuple(problems)
    if not isinstance(entries, dict):
        return Answers(), (*problems, f"{name}: `answers` must map question ids to answers")
    questions = {question.id: question for question in questionnaire().questions}
    given: dict[str, Given] = {}
    for key, entry in entries.items():
        question = questions.get(str(key))
        if question is None:
            problems.append(f"{name}: {key}: there is no such question{hint(key, questions) or _SEE}")
            continue
        found, wrong = _parse_entry(entry, question)
        problems.extend(f"{name}: {key}: {problem}" for problem in wrong)
        if found is not None and not wrong:
            given[question.id] = found
    ordered = {identifier: given[identifier] for identifier in questions if identifier in given}
    return Answers(MappingProxyType(ordered)), tuple(problems)


def _parse_entry(entry: Any, question: Question) -> tuple[Given | None, list[str]]:
    if not isinstance(entry, dict):
        return None, ["must have `answer` (or `not_applicable` with a reason), `by` and `on`"]
    problems = [f"{key}: {no_such_key(key, _FIELDS)}" for key in entry if key not in _FIELDS]
    if ("answer" in entry) == ("not_applicable" in entry):
        problems.append("needs exactly one of `answer` and `not_applicable`")
    texts: dict[str, str] = {}
    for name in _FIELDS:
        value = entry.get(name)
        if isinstance(value, datetime.date):
            value = value.isoformat()
        if value is not None and not isinstance(value, str):
            problems.append(f"`{name}` must be text, not {value!r}")
        texts[name] = value.strip() if isinstance(value, str) else ""
    problems += [
        f"`{name}` is {why}; leave the question out until somebody knows"
        for name in ("answer", "not_applicable")
        if isinstance(entry.get(name), str) and (why := placeholder(texts[name], question))
    ]
    if not texts["by"] or placeholder(texts["by"]):
        problems.append("`by` must name who answered")
    if texts["about_data"] and not _DIGEST.fullmatch(texts["about_data"]):
        problems.append(f"`about_data` must be the digest of a snapshot, sha256:..., not {texts['about_data']!r}")
    if not _is_date(texts["on"]):
        problems.append(f"`on` must be a date such as 2026-03-01, not {texts['on']!r}")
    return Given(**texts), problems


def _is_date(text: str) -> bool:
    try:
        return len(text) == len("2026-03-01") and bool(datetime.date.fromisoformat(text))
    except ValueError:
        return False
