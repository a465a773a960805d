"""Decisions: what people resolved to do with single rows, kept in git and replayed on every version of the data.

A file of them (`decision_files.py` says where) names rows by their id, which is a hash of what the row holds, so the file holds no value
but corrected labels of a target that may be shown:

    decisions:
      - by: Ada Lovelace
        on: 2026-03-01
        rows:
          - {row: 4f0c...-0, action: drop, why: the same patient twice}
          - {row: a81b...-0, action: relabel, to: oak, why: leaf and photograph agree}
          - {row: 07d2...-1, action: keep, why: rare and right}
          - {row: 3b9e...-0, action: relabel, to: yew, new_label: true, why: needles}

A row whose content changed has another id: the decision no longer matches it, and the snapshot says so. `govern
quarantine` writes two keys more, `written` and `identifier`, and `columns` beside the name: they find a row of which
only the type of a column changed, and tell what became of the others; decisions without them are read as well. Of
several words on one row the last in the file counts; words of two files that contradict each other are refused, until
one says `over: [<the other file>]`, as `govern quarantine --replace` does.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, PrivateAttr, StringConstraints, ValidationError, model_validator

from governance.canonical import Frozen
from governance.errors import ConfigError
from governance.validation import no_such_key, worded
from governance.yaml_files import read_yaml

FOLDER = "decisions"
_KEY = "decisions"
Action = Literal["drop", "relabel", "keep"]


class RowDecision(Frozen):
    """One person's word on one row."""

    model_config = ConfigDict(coerce_numbers_to_str=True)

    row: str = Field(pattern=r"^[0-9a-f]{32}-[0-9]+$")
    """The row's id before any decision was applied."""
    action: Action
    to: str | None = None
    """The right label; for `relabel` only."""
    new_label: bool = False
    """Whether `to` is meant to be a class that no row has yet: without a word on it, that is a slip."""
    why: Annotated[str, StringConstraints(min_length=3, strip_whitespace=True)]
    written: str = Field("", pattern=r"^([0-9a-f]{32}-[0-9]+)?$")
    """The row by what is written in it: finds it where the type of a column changed, which changes its id."""
    identifier: str = Field("", pattern=r"^([0-9a-f]{16})?$")
    """Digest of the row's public identifiers: tells a row that was edited from one that was removed."""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if (self.action == "relabel") != (self.to is not None):
            raise ValueError("`to` names the right label, and belongs to `relabel` alone")
        if self.new_label and self.to is None:
            raise ValueError("`new_label` says that `to` names a new class, and there is no `to`")
        return self


class Sitting(Frozen):
    """What one person decided at one time."""

    by: Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
    on: datetime.date
    columns: str = Field("", pattern=r"^([0-9a-f]{8})?$")
    """Which columns the data had: a row of other columns is another row."""
    over: tuple[str, ...] = ()
    """Files below `decisions/` whose words on the same rows these replace."""
    rows: tuple[RowDecision, ...]
    _file: str = PrivateAttr("")

    @property
    def file(self) -> str:
        """Where it stands, below `decisions/`; empty where it was not read from a file."""
        return self._file

    def of_file(self, name: str) -> Sitting:
        """The same, known to stand in `name`."""
        copy = self.model_copy()
        copy._file = name
        return copy

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.rows:
            raise ValueError("rows is empty")
        return self


def read_file(path: Path, shown: str) -> tuple[Sitting, ...]:
    """All decisions in `path`, which messages call `shown`. Raises ConfigError with all problems."""
    content = read_yaml(path, shown)
    # A key that nobody reads would undo what people decided without a word.
    content = {} if content is None else content
    entries = content.get(_KEY) if isinstance(content, dict) else None
    unknown = [key for key in content if key != _KEY] if isinstance(content, dict) else []
    problems = [f"{shown}: {key}: {no_such_key(key, [_KEY])}" for key in unknown]
    if not isinstance(content, dict) or not isinstance(entries, list | None):
        raise ConfigError([*problems, f"{shown}: needs a list `decisions:` of {{by, on, rows}}"])
    found = []
    for number, entry in enumerate(entries or [], start=1):
        try:
            found.append(Sitting.model_validate(entry))
        except ValidationError as error:
            problems += worded(error, Sitting, f"{shown}: decision {number}")
    if problems:
        raise ConfigError(problems)
    return tuple(found)


def in_force(sittings: Iterable[Sitting]) -> dict[str, RowDecision]:
    """Row id to the last word on it."""
    return {decision.row: decision for sitting in sittings for decision in sitting.rows}


@dataclass(frozen=True)
class Word:
    """What one person said of one row."""

    decision: RowDecision
    by: str
    on: datetime.date
    columns: str = ""
    file: str = ""
    """Where it stands, below `decisions/`."""

    def __str__(self) -> str:
        return f"{said(self.decision)} by {self.by} on {self.on.isoformat()}"


def said(decision: RowDecision) -> str:
    """`drop`, `keep` or `relabel to oak`."""
    return decision.action if decision.to is None else f"{decision.action} to {decision.to}"


def words(sittings: Iterable[Sitting]) -> Iterator[Word]:
    """Every decision with who took it and when, in the order of the file."""
    return (
        Word(decision, sitting.by, sitting.on, sitting.columns, sitting.file)
        for sitting in sittings
        for decision in sitting.rows
    )


def standing(sittings: Iterable[Sitting]) -> dict[str, dict[str, Word]]:
    """Row id to file to its last word on the row, without files over which another one with a word on it counts."""
    sittings = tuple(sittings)
    found: dict[str, dict[str, Word]] = {}
    for word in words(sittings):
        found.setdefault(word.decision.row, {})[word.file] = word
    over: dict[str, set[str]] = {}
    for sitting in sittings:
        over.setdefault(sitting.file, set()).update(sitting.over)
    return {
        row: {file: word for file, word in told.items() if not any(file in over[other] - {other} for other in told)}
        or told  # files that count over each other settle nothing
        for row, told in found.items()
    }


def contradictions(sittings: Iterable[Sitting]) -> Iterator[str]:
    """A sentence for each row on which files say different things, none of them over the others."""
    for row, told in standing(sittings).items():
        if len({said(word.decision) for word in told.values()}) > 1:
            named = "; ".join(f"{word.file} says {word}" for word in told.values())
            yield (
                f"files contradict each other on row {row}: {named}. Settle it with those who decided; then add "
                f"`over: [{next(iter(told))}]` beside `by` of the one that counts, with the name of the other"
            )


def overtaken(sittings: Iterable[Sitting]) -> Iterator[str]:
    """Rows of which an older word stands after a newer one that says otherwise, in a sentence each."""
    newest: dict[str, Word] = {}
    last: dict[str, Word] = {}
    for word in words(sittings):
        row = word.decision.row
        last[row] = word
        if row not in newest or word.on >= newest[row].on:
            newest[row] = word
    for row, word in last.items():
        if word.on < newest[row].on and said(word.decision) != said(newest[row].decision):
            yield f"row {row}: {word} counts, as it stands last, over {newest[row]}"
