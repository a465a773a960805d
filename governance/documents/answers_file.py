"""Writes answers into answers/<dataset>.yaml: what stands there keeps its comments, its order and its words."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from governance.documents.answers import Given, parse_answers, read_answers
from governance.documents.questions import questionnaire
from governance.errors import ConfigError
from governance.files import write_atomic

_HEADER = "# What only people know about {name}. A question that is not here is open. `govern ask {name}` adds to it.\n"
_WIDTH = 100
"""Characters of an answer's line, so that a changed word is a changed line in a diff."""


@dataclass(frozen=True)
class Recorded:
    """What `record` did to each question that it was given an answer to, by id."""

    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    """There was an answer in other words, by somebody else, or for other data."""
    unchanged: tuple[str, ...] = ()
    """The same person said the same of the same data: the entry stays, with the day on which it was given."""

    def __add__(self, later: Recorded) -> Recorded:
        return Recorded(self.new + later.new, self.changed + later.changed, self.unchanged + later.unchanged)


def record(path: Path, given: Mapping[str, Given]) -> Recorded:
    """Put the answers `given` (by question id) into `path`, in one step; an older answer to the same question goes.

    A new answer stands where the questionnaire has it among those that are there. Raises ConfigError with all
    problems, of the file or of the answers; nothing is written then.
    """
    if not given:
        return Recorded()
    held = read_answers(path)
    entries = {identifier: _entry(answer) for identifier, answer in given.items()}
    _, problems = parse_answers({"answers": entries}, path.name)
    if problems:
        raise ConfigError(problems)
    unchanged = tuple(name for name, answer in given.items() if _repeats(answer, held.get(name)))
    entries = {name: entry for name, entry in entries.items() if name not in unchanged}
    new = tuple(name for name in entries if held.get(name) is None)
    done = Recorded(new, tuple(name for name in entries if name not in new), unchanged)
    if not entries:
        return done
    text = _written(path, {identifier: _wrapped(entry) for identifier, entry in entries.items()})
    if not _says(text, entries):  # where folding would change a word, the words come first
        text = _written(path, entries)
    if not _says(text, entries):
        raise ConfigError([f"{path.name}: an answer holds characters that YAML cannot keep; write it in plain text"])
    write_atomic(path, text)
    return done


def _repeats(given: Given, held: Given | None) -> bool:
    return held is not None and replace(given, on=held.on) == held


def _entry(given: Given) -> dict[str, str]:
    said = {"answer": given.answer} if given.answer else {"not_applicable": given.not_applicable}
    entry = {**said, "by": given.by, "on": given.on}
    return entry | ({"about_data": given.about_data} if given.about_data else {})


def _written(path: Path, entries: Mapping[str, dict[str, str]]) -> str:
    """The file's text with `entries` in it."""
    import datetime

    from ruamel.yaml.comments import CommentedMap

    yaml = _yaml()
    empty = _HEADER.format(name=path.stem) + "answers: {}\n"
    content = yaml.load(path.read_text(encoding="utf-8") if path.is_file() else empty) or yaml.load(empty)
    held = content.get("answers")
    if not held:
        held = CommentedMap()  # in block style from now on
        content["answers"] = held
    order = [question.id for question in questionnaire().questions]
    for identifier, entry in entries.items():
        dated: dict[str, Any] = {**entry, "on": datetime.date.fromisoformat(entry["on"])}
        if identifier in held:
            _replace(held[identifier], dated)
            continue
        later = set(order[order.index(identifier) + 1 :])
        place = next((number for number, key in enumerate(held) if key in later), len(held))
        held.insert(place, identifier, CommentedMap(dated))
    text = io.StringIO()
    yaml.dump(content, text)
    return text.getvalue()


def _replace(held: Any, entry: Mapping[str, Any]) -> None:
    """New values for the keys of one answer, so that comments on keys that stay stay."""
    if "answer" in entry and "not_applicable" in held:
        del held["not_applicable"]
    if "not_applicable" in entry and "answer" in held:
        del held["answer"]
    held.pop("about_data", None)
    for number, (key, value) in enumerate(entry.items()):
        if key in held:
            held[key] = value
        else:
            held.insert(number, key, value)


def _wrapped(entry: Mapping[str, str]) -> dict[str, str]:
    """Long texts folded at spaces, as people write them."""
    from ruamel.yaml.scalarstring import FoldedScalarString, LiteralScalarString

    made: dict[str, str] = dict(entry)
    for key in ("answer", "not_applicable"):
        text = entry.get(key, "")
        if "\n" in text:
            made[key] = LiteralScalarString(text)
        elif len(text) > _WIDTH - len(key):
            folded = FoldedScalarString(text)
            lines = textwrap.wrap(text, _WIDTH, break_long_words=False, break_on_hyphens=False)
            place, places = 0, []
            for line in lines[:-1]:
                place = text.index(line, place) + len(line)
                places.append(place)
            folded.fold_pos = places
            made[key] = folded
    return made


def _says(text: str, entries: Mapping[str, Mapping[str, str]]) -> bool:
    """Whether `text` reads back as `entries`, word by word."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        answers, problems = parse_answers(YAML(typ="safe", pure=True).load(text))
    except YAMLError:
        return False
    return not problems and all(
        (held := answers.get(identifier)) is not None and _entry(held) == dict(entry)
        for identifier, entry in entries.items()
    )


def _yaml() -> Any:
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.preserve_quotes = True
    yaml.width = 4096  # a long line of somebody else's stays one line
    return yaml
