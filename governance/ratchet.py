"""The ratchet for data that was there before its gate: what is known is let through, and nothing gets worse.

`baseline.yaml` names findings one by one, with the count that each had, and how much was looked at. A count of
findings would hide that one was exchanged for another; a permission per audit would take in new ones; an entry that
outlives its finding would forgive the next one like it; and a baseline that does not know how much was looked at
takes a lost check for a repaired one.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError

from governance.canonical import Frozen
from governance.evidence import Evidence, Finding, Level, Outcome
from governance.policy import Words
from governance.verdict import Decision

BASELINE = "baseline.yaml"
_ROWS = "rows"
"""Units of which there may be fewer when the data is smaller. Fewer rules or groups are fewer questions."""
HEAD = """\
# Findings that were there before the gate and are let through until they are repaired: no new ones, and none worse.
# Written by `govern baseline`. What is repaired leaves with the next `dvc repro`, or with `govern baseline --prune`.
"""


class Recorded(Frozen):
    """One finding that is let through."""

    fingerprint: str = Field(pattern=r"^[0-9a-f]{16}$")
    audit: str
    rule: str
    level: Level
    count: int | None = Field(default=None, ge=0)
    """Units affected when it was recorded, or since, whichever is fewer. None when the finding counts nothing."""
    on: datetime.date
    """When it was recorded."""


class Coverage(Frozen):
    """How much an audit had looked at."""

    units: str
    declared: int = Field(ge=0)
    evaluated: int = Field(ge=0)


class Known(Frozen):
    """What is known of one dataset or model."""

    findings: tuple[Recorded, ...] = ()
    coverage: dict[str, Coverage] = Field(default_factory=dict)
    """Audits that were assessed, and on how much."""

    def of(self, fingerprint: str) -> Recorded | None:
        """The entry for one finding, None when there is none."""
        return next((one for one in self.findings if one.fingerprint == fingerprint), None)


class Recording(Frozen):
    """Who recorded, when and why."""

    on: datetime.date
    by: Words
    reason: Annotated[str, Field(min_length=10)]


class Baseline(Frozen):
    """baseline.yaml."""

    recordings: tuple[Recording, ...] = ()
    datasets: dict[str, Known] = Field(default_factory=dict)
    models: dict[str, Known] = Field(default_factory=dict)

    def of(self, kind: Literal["dataset", "model"], name: str) -> Known | None:
        """What is known of one subject; None when it was never recorded."""
        return (self.datasets if kind == "dataset" else self.models).get(name)

    def with_known(self, kind: Literal["dataset", "model"], name: str, known: Known) -> Baseline:
        """The baseline with another entry for one subject."""
        group = "datasets" if kind == "dataset" else "models"
        return self.model_copy(update={group: {**getattr(self, group), name: known}})


def parse_baseline(content: Any) -> tuple[Baseline, tuple[str, ...]]:
    """The baseline in the content of baseline.yaml, and all problems with it, worded for a person."""
    try:
        baseline = Baseline.model_validate(content if content is not None else {})
    except ValidationError as error:
        places = [(".".join(map(str, item["loc"])) or "the file", item["msg"]) for item in error.errors()]
        return Baseline(), tuple(f"{BASELINE}: {where}: {message.lower()}" for where, message in places)
    problems = []
    for group in (baseline.datasets, baseline.models):
        for name, known in group.items():
            named = [one.fingerprint for one in known.findings]
            doubled = sorted({one for one in named if named.count(one) > 1})
            problems += [f"{BASELINE}: {name}: {fingerprint} stands there twice" for fingerprint in doubled]
            if not baseline.recordings:
                problems.append(
                    f"{BASELINE}: {name}: `recordings:` does not say who recorded this; run: govern baseline"
                )
    return baseline, tuple(problems)


def refusal(recorded: Recorded, finding: Finding) -> str:
    """Why the entry does not cover the finding, as it is worse than it was; empty when it does."""
    if finding.level.rank > recorded.level.rank:
        return f"worse than in the baseline: it was a {recorded.level}"
    if recorded.count is None and finding.count is None:
        return ""
    if recorded.count is None or finding.count is None:
        return "it cannot be compared with the baseline: one of them has no count"
    if finding.count > recorded.count:
        return f"worse than in the baseline: {recorded.count} then, {finding.count} now"
    return ""


def let_through(decision: Decision, finding: Finding, known: Known | None) -> Decision:
    """`decision` on `finding`, or what the baseline makes of it; it matters only where something blocks."""
    recorded = known.of(finding.fingerprint) if known is not None else None
    if recorded is None or decision.effect != "block":
        return decision
    if why := refusal(recorded, finding):
        return decision.model_copy(update={"message": f"{decision.message} [{why}]"})
    words = f"in the baseline since {recorded.on.isoformat()}"
    return decision.model_copy(update={"effect": "baselined", "exit_code": 0, "waiver": words})


def lost_coverage(known: Known | None, evidence: Mapping[str, Evidence | str]) -> Iterator[Decision]:
    """What was looked at when the baseline was recorded and is not any more: a regression, however it came about."""
    for audit, then in sorted(known.coverage.items()) if known is not None else ():
        now = evidence.get(audit)
        if now is None:
            said = "is not configured any more"
        elif isinstance(now, str):
            said = "has no usable evidence"
        elif now.outcome is not Outcome.ASSESSED or now.units is None:
            said = f"is {now.outcome} ({now.code})"
        else:
            units = now.units
            fewer = units.evaluated < then.evaluated
            # Rows may become fewer with the data, as long as the same share of them is looked at.
            same_share = units.evaluated * then.declared >= then.evaluated * units.declared
            if not fewer or (units.name == then.units == _ROWS and same_share):
                continue
            said = f"evaluated {units.evaluated} of {units.declared} {units.name}"
        before = f"{then.evaluated} of {then.declared} {then.units}"
        yield Decision(
            rule="baseline/lost_coverage",
            effect="block",
            exit_code=4,
            message=f"{audit} {said}; when the baseline was recorded it evaluated {before}. "
            "Bring it back, or run: govern baseline --reason ...",
            audit=audit,
            observed=said,
            required=before,
        )


def tightened(known: Known, evidence: Mapping[str, Evidence | str]) -> Known:
    """The entry without what is repaired, and with lower counts and levels where there are fewer or milder now.

    Only an audit that was assessed says that a finding is gone.
    """
    kept = []
    for recorded in known.findings:
        item = evidence.get(recorded.audit)
        if isinstance(item, Evidence) and item.outcome is Outcome.ASSESSED:
            now = next((one for one in item.findings if one.fingerprint == recorded.fingerprint), None)
            if now is None:
                continue
            if not refusal(recorded, now):
                recorded = recorded.model_copy(update={"level": now.level, "count": now.count})
        kept.append(recorded)
    return known.model_copy(update={"findings": tuple(kept)})


def both(one: Known | None, other: Known | None) -> Known | None:
    """What both let through, at the lower count, and all that either had looked at: a change may only tighten."""
    if one is None or other is None:
        left = one or other
        return left.model_copy(update={"findings": ()}) if left is not None else None
    common = []
    for first in one.findings:
        second = other.of(first.fingerprint)
        if second is not None and (first.count is None) == (second.count is None):
            fewer = min(first, second, key=lambda entry: entry.count or 0)
            milder = min(first, second, key=lambda entry: entry.level.rank)
            common.append(first.model_copy(update={"count": fewer.count, "level": milder.level}))
    return Known(findings=tuple(common), coverage={**other.coverage, **one.coverage})


def coverage_of(evidence: Mapping[str, Evidence | str]) -> dict[str, Coverage]:
    """How much each assessed audit looked at."""
    return {
        name: Coverage(units=item.units.name, declared=item.units.declared, evaluated=item.units.evaluated)
        for name, item in sorted(evidence.items())
        if isinstance(item, Evidence) and item.outcome is Outcome.ASSESSED and item.units is not None
    }


def baseline_text(baseline: Baseline) -> str:
    """baseline.yaml: one line per finding and per audit, so that git shows and merges them one by one."""
    lines = [HEAD.rstrip("\n"), "recordings:" + ("" if baseline.recordings else " []")]
    lines += [f"  - {_flow(one)}" for one in baseline.recordings]
    for group in ("datasets", "models"):
        entries: dict[str, Known] = getattr(baseline, group)
        lines.append(f"{group}:" + ("" if entries else " {}"))
        for name, known in sorted(entries.items()):
            lines += [f"  {name}:", "    findings:" + ("" if known.findings else " []")]
            lines += [f"      - {_flow(one)}" for one in _sorted(known.findings)]
            lines.append("    coverage:" + ("" if known.coverage else " {}"))
            lines += [f"      {audit}: {_flow(one)}" for audit, one in sorted(known.coverage.items())]
    return "\n".join(lines) + "\n"


def _sorted(findings: Iterable[Recorded]) -> list[Recorded]:
    return sorted(findings, key=lambda one: (one.audit, one.rule, one.fingerprint))


def _flow(value: Frozen) -> str:
    """One line of YAML: strings as JSON, which YAML 1.2 reads alike."""
    content = value.model_dump(mode="json", exclude_none=True)
    return "{" + ", ".join(f"{key}: {json.dumps(item, ensure_ascii=False)}" for key, item in content.items()) + "}"
