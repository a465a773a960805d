"""One dataset at two revisions: what differs. Data only; counts and names, never a row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Literal

from pydantic import Field, computed_field

from governance.canonical import Frozen
from governance.evidence import Level

Happened = Literal["added", "removed", "changed"]
Side = Literal["before", "after", "both"]
Obstacle = Literal[
    "unreadable", "not_configured", "failed", "inconclusive", "not_applicable", "other_snapshot", "no_snapshot"
]


class Version(Frozen):
    """One side."""

    digest: str
    """Of the snapshot; empty when there is none."""
    rows: int
    splits: dict[str, int]
    """Rows by split."""
    dropped: int = 0
    """Rows that people's decisions left out."""
    result: str
    """`passed`, `blocked`, `unreadable`, or empty when there is no verdict."""


class RowChanges(Frozen):
    """How the rows of two snapshots differ."""

    added: int
    removed: int
    """Rows of neither kind below: nothing on the other side has their identifier, or their features."""
    changed: int | None
    """Rows with the same identifier and other content; None without an identifier that names each row."""
    relabelled: int
    """Rows whose label alone differs, by identifier or by all their other values."""
    moved: int
    """The same rows, in another split."""
    same: int
    """The same rows, in the same split."""


class ColumnChange(Frozen):
    """One column that came, went, or is declared otherwise."""

    column: str
    what: str
    """`column`, `type`, `role`, `private`, `unit`."""
    before: str
    after: str


class Count(Frozen):
    """Rows of a class, or of a level of a sensitive column, in all splits."""

    of: str
    """The target or column."""
    level: str
    before: int | None
    """None: fewer than five, or none; classes of so few rows are not told apart."""
    after: int | None


class FindingLine(Frozen):
    """A finding in one line."""

    rule: str
    level: Level
    message: str
    fingerprint: str


class MetricChange(Frozen):
    """A number that is another one."""

    audit: str
    name: str
    group: str
    unit: str
    before: float | None
    after: float | None
    beyond: bool
    """Whether the new value lies outside the old one's interval; True when the old one had none."""


class Shift(Frozen):
    """How far a column's distribution moved."""

    column: str
    measure: str
    """Name of the effect size."""
    size: float
    beyond: bool
    """Whether it is further than chance takes two independent samples of as many rows: less than once in a hundred
    comparisons of all columns. Versions that share rows differ by less, so that False says little of them."""
    within: bool
    """Whether chance gives as much in one column alone more than once in twenty times, and no audit found that the column
    differs between these versions. Where both are False, it may be more than chance."""


class Clause(Frozen):
    """What is in the way on one side, as a sentence with slots: of several things alike it is said once."""

    form: str
    """Slots are {what}, {is}, {was}, {place} and {reason}."""
    place: str
    reason: str = ""

    def of(self, names: str, *, many: bool = False, again: bool = False, reason: str | None = None) -> str:
        """The sentence about `names`; `again` leaves them out where they begin it, as they were said just before."""
        form = self.form.removeprefix("{what} ") if again else self.form
        verbs = {"is": "are", "was": "were"} if many else {"is": "is", "was": "was"}
        said = self.reason if reason is None else reason
        return form.format(what=names, place=self.place, reason=said, **verbs)


class NotCompared(Frozen):
    """Something of which nobody can tell whether it differs: silence would read as no difference."""

    what: str
    """Name of the audit whose findings and numbers are meant, or `snapshot`, `distributions`, `answers`."""
    side: Side
    """Which side is in the way."""
    because: Obstacle
    """What is in the way; of two sides, the first one's."""
    clauses: tuple[Clause, ...] = Field(exclude=True)
    """The same for a person, with the revision: one of each side that is in the way."""
    findings: int | None = None
    """Findings that the other side has, which are neither new nor fixed; None where that cannot be told either."""

    @computed_field  # type: ignore[prop-decorator]
    @property
    def words(self) -> str:
        """The clauses, one after the other."""
        return said_of(self.what, self.clauses)


def said_of(
    names: str, clauses: Sequence[Clause], *, many: bool = False, reasons: Mapping[str, str] = MappingProxyType({})
) -> str:
    """`clauses` about `names` in one sentence; `reasons` has shorter words for reasons that are said elsewhere."""
    return "; ".join(
        clause.of(names, many=many, again=place > 0, reason=reasons.get(clause.reason))
        for place, clause in enumerate(clauses)
    )


class Named(Frozen):
    """Something with a name that came, went or is another one: an answer, a section of a document."""

    name: str
    what: Happened


class Difference(Frozen):
    """All of it, for one dataset."""

    name: str
    before: Version | None
    """None: the dataset is new."""
    after: Version | None
    """None: the dataset is gone."""
    rows: RowChanges | None
    rows_unknown: str = ""
    """Why rows were not compared."""
    not_compared: tuple[NotCompared, ...] = ()
    """What is missing from all that follows."""
    unchecked: tuple[str, ...] = ()
    """Audits whose earlier findings are compared without their digest, which this release cannot check; and `snapshot`."""
    columns: tuple[ColumnChange, ...] = ()
    counts: tuple[Count, ...] = ()
    new: tuple[FindingLine, ...] = ()
    fixed: tuple[FindingLine, ...] = ()
    unchanged: int = 0
    """Findings on both sides."""
    metrics: tuple[MetricChange, ...] = ()
    shifts: tuple[Shift, ...] = ()
    loosened: tuple[FindingLine, ...] = ()
    answers: tuple[Named, ...] = ()
    sections: tuple[Named, ...] = ()
    """Sections of the datasheet."""

    @property
    def anything(self) -> bool:
        """Whether there is a difference at all, or may be one that cannot be seen."""
        return any(
            (
                self.before != self.after, self.columns, self.counts, self.new, self.fixed, self.metrics, self.shifts,
                self.loosened, self.answers, self.sections, self.not_compared,
            )
        )  # fmt: skip


class Differences(Frozen):
    """Every dataset, and what holds for the whole workspace."""

    revision: str
    """As it was asked for."""
    datasets: tuple[Difference, ...]
    loosened: tuple[FindingLine, ...]
    """Policy, settings, audits: what is looser for every dataset."""
