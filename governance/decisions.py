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
only the type of a column changed, and tell what became of the others; and `source_row`, with `source_file` where the
data lies in several, by which people find the row. Decisions without them are read as well. Of several words on one row the last in the file counts; words of two files that contradict each other are refused, until
one says `over: [<the other file>]`, as `govern quarantine --replace` does.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Iterator, Sequence
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
LEAST = 3
"""Characters of a reason, at least."""
_NAMED = 5
"""Rows that are named on which files contradict each other; the others are counted."""
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
    why: Annotated[str, StringConstraints(min_length=LEAST, strip_whitespace=True)]
    written: str = Field("", pattern=r"^([0-9a-f]{32}-[0-9]+)?$")
    """The row by what is written in it: finds it where the type of a column changed, which changes its id."""
    identifier: str = Field("", pattern=r"^([0-9a-f]{16})?$")
    """Digest of the row's public identifiers: tells a row that was edited from one that was removed."""
    source_row: int | None = Field(None, ge=0)
    """Where the row stood in its file when it was decided about, from 0 without the header. Said to people, not looked up."""
    source_file: str = ""
    """Its file, where the data lies in several that the manifest names."""

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


def named_row(decision: RowDecision) -> str:
    """`row 4f0c...-0 (source row 17)`: its id, and where people find it."""
    if decision.source_row is None:
        return f"row {decision.row}"
    file = f" of {decision.source_file}" if decision.source_file else ""
    return f"row {decision.row} (source row {decision.source_row}{file})"


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
    """A few sentences for all files that say different things of a row, none of them over the others: what each says, and what to do."""
    sittings = tuple(sittings)
    found: dict[tuple[str, ...], list[str]] = {}
    for told in standing(sittings).values():
        if len({said(word.decision) for word in told.values()}) > 1:
            row = next((word.decision for word in told.values() if word.decision.source_row is not None), None)
            named = "; ".join(f"{word.file} says {word}" for word in told.values())
            row = row or next(iter(told.values())).decision
            found.setdefault(tuple(sorted(told)), []).append(f"{named_row(row)}: {named}")
    over = {(sitting.file, other) for sitting in sittings for other in sitting.over}
    for files, rows in found.items():
        more = f". And on {len(rows) - _NAMED} more" if len(rows) > _NAMED else ""
        shown = f"{'. On '.join(rows[:_NAMED])}{more}"
        yield f"files contradict each other on {shown}. {_settle(files, over, several=len(rows) > 1)}"


def _settle(files: Sequence[str], over: Collection[tuple[str, str]], *, several: bool) -> str:
    """What those do who decided otherwise in `files`; `over` are pairs of files, the first said to count over the second."""
    mutual = any((other, file) in over for file, other in over if file != other and {file, other} <= set(files))
    said = "As `over` is said of whole files, both saying it settles nothing. " if mutual else ""
    counts = f"add `over: [{files[-1]}]` beside `by` of it, with the name of the other"
    counts = "take `over` out of the other" if mutual else counts
    rows = "each row" if several else "the row"
    return (
        f"{said}Settle it with those who decided. Where one file is right on all rows of both, {counts}; where one is right "
        f"here and another there, delete {rows} from the file whose word on it is wrong, and a file of which no row is left"
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
            yield f"{named_row(word.decision)}: {word} counts, as it stands last, over {newest[row]}"
