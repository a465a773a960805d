"""Evidence: the language that audits, gate and documents speak.

Evidence describes itself. It carries the audit's title, its question, its limits and its settings, so that a gate
without any data library can judge it, and the report of an audit that no longer exists still renders.
It holds no time, host, path or private value: the same snapshot, settings and code give the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import math
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, ValidationError, model_validator

from governance.alike import LEAST, spread
from governance.canonical import Frozen, Sealed, canonical_json, filled, line, lines_json, told
from governance.errors import EvidenceError

SCHEMA_VERSION: Literal[1] = 1
"""One version, one reader. Evidence of another version is refused, never guessed at."""

Scalar = str | int | float | bool | None


class Outcome(StrEnum):
    """What became of the question. There is no fifth possibility, and never silence."""

    ASSESSED = "assessed"
    NOT_APPLICABLE = "not_applicable"
    INCONCLUSIVE = "inconclusive"
    FAILED = "failed"


class Level(StrEnum):
    """How bad. SARIF's levels."""

    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"

    @property
    def rank(self) -> int:
        """0 for note, 1 for warning, 2 for error."""
        return list(Level).index(self)


class Confidence(StrEnum):
    """How sure. Another axis than Level."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Finding(Frozen):
    """One thing that somebody should know. Never holds a raw value of a private column."""

    rule: str = Field(pattern=r"^[a-z][a-z0-9_]*/[a-z][a-z0-9_]*$")
    """`audit/what`: stable, so that waivers and policies can name it."""
    level: Level
    confidence: Confidence = Confidence.HIGH
    message: str
    """One sentence with the numbers in it, readable without the rest."""
    remedy: str
    """What to do next: one sentence that starts with a verb."""
    columns: tuple[str, ...] = ()
    """The columns it speaks of, sorted."""
    split: str | None = None
    subject: str = ""
    """What tells two findings of one rule apart beside columns and split: an expectation's text, a class name."""
    count: int | None = None
    """How many units are affected."""
    of: int | None = None
    """Of how many that were looked at."""
    fingerprint: str = ""
    """Set by `Evidence`: names the finding across runs, row orders and new rows."""

    def identified(self, dataset: str) -> Finding:
        """The finding with its fingerprint: 16 hex digits of rule, dataset, columns, split and subject."""
        key = "\x1f".join([self.rule, dataset, *sorted(self.columns), self.split or "", self.subject])
        return self.model_copy(update={"fingerprint": hashlib.sha256(key.encode()).hexdigest()[:16]})


ANSWERS = "answers"
"""Name of the evidence in which people's answers are held against all other. No audit may have it."""
ASSUMED_INDEPENDENT = "(rows assumed independent)"
"""Ends the word for an interval of a metric without `independent_units`."""


class Metric(Frozen):
    """One number, with all that is needed to know what it is worth."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    value: float | None
    """None when it cannot be told; `note` then says why."""
    unit: str = ""
    """`share` (0 to 1), `rows`, `columns`, or the unit of the column."""
    low: float | None = None
    high: float | None = None
    """Ends of the interval; both or neither."""
    interval: str = ""
    """What the interval is: `95 % Wilson`, `95 % bootstrap, 200 draws, seed 0`."""
    n: int | None = None
    """Units that the value rests on."""
    independent_units: int | None = None
    """Units that are independent of each other, where that is fewer than `n` (groups)."""
    better: Literal["lower", "higher", "neither"] = "neither"
    group: str = ""
    """The class, split or group it speaks of; empty for all."""
    meaning: str = ""
    """One line that explains the term where it stands."""
    note: str = ""

    @model_validator(mode="after")
    def _finite_and_paired(self) -> Self:
        numbers = [number for number in (self.value, self.low, self.high) if number is not None]
        if any(not math.isfinite(number) for number in numbers):
            raise ValueError(f"metric {self.name} holds a number that is not finite")
        if (self.low is None) != (self.high is None):
            raise ValueError(f"metric {self.name} has one end of an interval without the other")
        return self


class Table(Frozen):
    """A small table: summaries, never example rows."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Scalar, ...], ...]
    left_out: int = Field(default=0, ge=0)
    """Rows beyond these: `build/<dataset>/tables/<audit>.json` holds them all."""

    @model_validator(mode="after")
    def _rectangular(self) -> Self:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(f"table {self.name} has a row that is not {len(self.columns)} cells wide")
        return self


class Figure(Frozen):
    """What to draw from which table. Documents draw it; audits only say what is worth seeing."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    caption: str
    alt: str
    """What a person who cannot see it should know: the message, not the picture."""
    kind: Literal["bar", "grouped_bar", "line", "heatmap", "interval", "small_multiples"]
    table: str
    """Name of the table that holds the numbers."""
    x: str
    """Column of the labels or positions."""
    y: tuple[str, ...]
    """Columns of the values: one for `bar`, two bounds after the value for `interval`."""
    by: str | None = None
    """Column whose values make the series (or the panels of `small_multiples`, or the rows of `heatmap`)."""


class Units(Frozen):
    """On how much the answer rests. A rule on nothing is never a pass."""

    name: str
    """`rows`, `expectations`, `checks`."""
    declared: int = Field(ge=0)
    evaluated: int = Field(ge=0)


class Reach(Frozen):
    """What a clean answer is worth, in words for the reader."""

    looked_for: str
    would_notice: str
    measured: str = "not measured"
    """How much of what was planted was found, and how often clean data raised an alarm; or that nothing is estimated."""
    cannot_see: str


class Evidence(Sealed):
    """The answer to one audit's question about one snapshot (or of one evaluation about one model)."""

    schema_version: Literal[1] = SCHEMA_VERSION
    subject: str
    """Name of the dataset or model."""
    audit: str
    title: str
    question: str
    section: str
    """Section of the document in which it is shown."""
    settings: dict[str, Any]
    """The resolved settings, defaults included."""
    inputs: dict[str, str]
    """Digest of each thing the answer was made from: snapshot, settings, code, and what the audit needs beside."""
    outcome: Outcome
    code: str = ""
    """Why it is not `assessed`, as a stable word: policies name it."""
    reason: str = ""
    """The same for a person."""
    units: Units | None = None
    reach: Reach
    findings: tuple[Finding, ...] = ()
    metrics: tuple[Metric, ...] = ()
    tables: tuple[Table, ...] = ()
    figures: tuple[Figure, ...] = ()
    references: tuple[str, ...] = ()
    digest: str = ""
    """sha256 of all the rest. Detects accidents, not forgers."""

    @model_validator(mode="after")
    def _says_why(self) -> Self:
        if self.outcome is Outcome.ASSESSED:
            if self.units is None or self.units.evaluated < 1:
                raise ValueError(f"{self.audit}: assessed on nothing")
        elif not (self.code and self.reason):
            raise ValueError(f"{self.audit}: {self.outcome} without code and reason")
        tables = {table.name for table in self.tables}
        if missing := [figure.name for figure in self.figures if figure.table not in tables]:
            raise ValueError(f"{self.audit}: figures without their table: {', '.join(missing)}")
        return self

    def sealed(self) -> Self:
        """The same evidence, findings ordered and identified, with its digest set."""
        findings = sorted(
            (finding.identified(self.subject) for finding in self.findings),
            key=lambda f: (-f.level.rank, f.rule, f.columns, f.split or "", f.subject),
        )
        ordered = self.model_copy(update={"findings": tuple(findings)})
        return ordered.model_copy(update={"digest": ordered.content_digest()})

    def to_json(self) -> str:
        """Canonical JSON, a finding, a metric, a figure and a row of a table a line: what stands in git.

        Many findings are written without their fingerprints, which follow from the rest, and which the verdict names.
        """
        written = self.model_copy(update={"tables": ()})
        if len(self.findings) >= LEAST:
            written = written.model_copy(update={"findings": tuple(self._unnamed(one) for one in self.findings)})
        return filled(lines_json(written), "tables", [tables_json(t) for t in self.tables])

    def _unnamed(self, finding: Finding) -> Finding:
        bare = finding.model_copy(update={"fingerprint": ""})
        return bare if bare.identified(self.subject) == finding else finding


def tables_json(table: Table) -> str:
    """One table as canonical JSON, a row a line."""
    content = {key: value for key, value in told(table).items() if key != "rows"}
    return filled(canonical_json({**content, "rows": []}), "rows", [line(list(row)) for row in table.rows])


def read_evidence(path: Path) -> Evidence:
    """The evidence in `path`. Raises EvidenceError when it is missing, damaged, of another version, or edited."""
    try:
        content = spread(json.loads(path.read_bytes().decode()))
    except FileNotFoundError:
        raise EvidenceError(f"{path} is missing") from None
    except (ValueError, OSError) as error:
        raise EvidenceError(f"{path} cannot be read as JSON: {error}") from None
    version = content.get("schema_version") if isinstance(content, dict) else None
    if version != SCHEMA_VERSION:
        raise EvidenceError(f"{path} has schema version {version!r}; this release reads {SCHEMA_VERSION}")
    try:
        evidence = Evidence.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise EvidenceError(f"{path} is not evidence: {where}: {first['msg']}") from None
    named = tuple(one if one.fingerprint else one.identified(evidence.subject) for one in evidence.findings)
    evidence = evidence.model_copy(update={"findings": named})
    if evidence.content_digest() != evidence.digest:
        raise EvidenceError(f"{path} was changed after it was written: its digest does not match its content")
    return evidence
