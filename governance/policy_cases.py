"""Unit tests of a policy: made-up evidence on one side, what the policy must make of it on the other.

    cases:
      - name: a copy across splits blocks, and a waiver lets it through
        findings:
          - {rule: duplicates/exact_across_splits, level: error, count: 3, waived: {days: 30}}
        expect: {result: passed, effects: {duplicates/exact_across_splits: waived}}

A case says only what differs from a subject on which everything is as the policy wants it: each required audit was
assessed on enough units, each metric that a rule bounds is within it, each answer and approval is there.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError

from governance.approvals import Approval
from governance.approving import Author, Here, approval_decisions
from governance.canonical import Frozen
from governance.errors import ConfigError
from governance.evidence import Evidence, Finding, Level, Metric, Outcome, Reach, Units
from governance.gate import OPERATIONS, decide
from governance.policy import MetricRule, ResolvedPolicy
from governance.ratchet import Known, Recorded
from governance.verdict import Decision, Verdict, Waiver

TODAY = datetime.date(2026, 1, 1)
"""The day on which every case is judged, so that a case says the same for ever."""
_DIGEST = "sha256:" + "0" * 64
_OTHER = "sha256:" + "f" * 64
_MANY = 1000
_RULE = r"^[a-z][a-z0-9_]*/[a-z][a-z0-9_]*$"


class CaseWaiver(Frozen):
    """A waiver on a finding."""

    days: int
    """Until so many days from now; below 0 it has ended."""
    max_count: int | None = Field(default=None, ge=0)


class CaseKnown(Frozen):
    """What the baseline has of a finding."""

    count: int | None = Field(default=None, ge=0)
    level: Level = Level.ERROR


class CaseFinding(Frozen):
    """A finding."""

    rule: str = Field(pattern=_RULE)
    level: Level
    columns: tuple[str, ...] = ()
    count: int | None = Field(default=None, ge=0)
    waived: CaseWaiver | None = None
    known: CaseKnown | None = None

    @property
    def audit(self) -> str:
        """The audit that found it."""
        return self.rule.split("/")[0]


class CaseMetric(Frozen):
    """A metric; without a value it cannot be told."""

    metric: str = Field(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$")
    value: float | None = Field(default=None, allow_inf_nan=False)
    low: float | None = Field(default=None, allow_inf_nan=False)
    high: float | None = Field(default=None, allow_inf_nan=False)
    group: str = ""


class CaseAudit(Frozen):
    """How an audit went."""

    outcome: Outcome = Outcome.ASSESSED
    code: str = "some_reason"
    units: int | None = Field(default=None, ge=1)


class CaseApproval(Frozen):
    """An approval."""

    by: str = Field(min_length=3)
    role: str
    lapsed: bool = False


class Expected(Frozen):
    """What the policy must say."""

    result: Literal["passed", "blocked"]
    exit_code: Literal[0, 3, 4] | None = None
    effects: dict[str, Literal["pass", "note", "warn", "baselined", "waived", "block"]] = Field(default_factory=dict)
    """Rule of a finding, or of another decision, to what every decision of that rule must be."""


class Case(Frozen):
    """One case."""

    name: str = Field(min_length=3)
    dataset: str = "example"
    model: str | None = None
    """Given: the case is about a model of this name, and its audits are evaluations."""
    audits: dict[str, CaseAudit | Literal["missing"]] = Field(default_factory=dict)
    """Audits that went otherwise than well."""
    findings: tuple[CaseFinding, ...] = ()
    metrics: tuple[CaseMetric, ...] = ()
    open: tuple[str, ...] = ()
    """Questions that nobody has answered."""
    approvals: tuple[CaseApproval, ...] | None = None
    """None: all that the policy demands."""
    author: str = "the author"
    """Of the change that is approved."""
    expect: Expected


class Cases(Frozen):
    """The file. One without cases tests nothing and is refused."""

    cases: Annotated[tuple[Case, ...], Field(min_length=1)]


def parse_cases(content: Any, shown: str) -> tuple[Case, ...]:
    """The cases in the content of a file. Raises ConfigError with all problems."""
    try:
        cases = Cases.model_validate(content).cases
    except ValidationError as error:
        raise ConfigError(
            f"{shown}: {'.'.join(map(str, item['loc'])) or 'the file'}: {item['msg'].lower()}"
            for item in error.errors()
        ) from None
    names = [case.name for case in cases]
    if doubled := sorted({name for name in names if names.count(name) > 1}):
        raise ConfigError(f"{shown}: two cases are called {name!r}" for name in doubled)
    return cases


def differences(policy: ResolvedPolicy, case: Case) -> tuple[str, ...]:
    """What the policy says otherwise than the case expects; empty when all is as expected."""
    verdict = judged(policy, case)
    expected, found = case.expect, []
    why = "; ".join(f"{one.rule}: {one.message}" for one in verdict.blocking) or "nothing blocks"
    if verdict.result != expected.result:
        found.append(f"{verdict.result}, expected {expected.result} ({why})")
    if expected.exit_code is not None and verdict.exit_code != expected.exit_code:
        found.append(f"exit code {verdict.exit_code}, expected {expected.exit_code} ({why})")
    for rule, effect in expected.effects.items():
        effects = sorted({one.effect for one in verdict.decisions if one.rule == rule})
        if effects != [effect]:
            found.append(f"{rule}: {' and '.join(effects) or 'no such decision'}, expected {effect}")
    return tuple(found)


def judged(policy: ResolvedPolicy, case: Case) -> Verdict:
    """The verdict on the made-up subject of a case."""
    kind: Literal["dataset", "model"] = "dataset" if case.model is None else "model"
    subject = case.model or case.dataset
    evidence = dict(_evidence(policy, case, kind, subject))
    by_case = [(one, _finding(one).identified(subject)) for one in case.findings]
    return decide(
        policy,
        subject=subject,
        kind=kind,
        snapshot_digest=_DIGEST,
        evidence=evidence,
        answered=[question for question in policy.required_answers if question not in case.open],
        waivers=[_waiver(found.fingerprint, one.waived) for one, found in by_case if one.waived is not None],
        known=Known(
            findings=tuple(
                Recorded(fingerprint=found.fingerprint, audit=one.audit, rule=one.rule, on=TODAY,
                         level=one.known.level, count=one.known.count)
                for one, found in by_case if one.known is not None
            )
        ),
        today=TODAY,
        further=list(_approvals(policy, case)),
    )  # fmt: skip


def _approvals(policy: ResolvedPolicy, case: Case) -> Iterator[Decision]:
    if case.approvals is None:
        return
    given = [
        Approval(by=one.by, role=one.role, on=TODAY, note="a case", data=_OTHER if one.lapsed else _DIGEST,
                 verdict=_DIGEST, documents=_DIGEST)
        for one in case.approvals
    ]  # fmt: skip
    here = Here(_DIGEST, _DIGEST, _DIGEST)
    yield from approval_decisions(policy.approvals, given, here, Author(names=(case.author,)), TODAY)


def _evidence(policy: ResolvedPolicy, case: Case, kind: str, subject: str) -> Iterator[tuple[str, Evidence | str]]:
    groups = policy.required if kind == "dataset" else tuple((name,) for name in policy.required_evaluations)
    named = [name for group in groups for name in group]
    named += [one.audit for one in case.findings] + [one.metric.split(".")[0] for one in case.metrics]
    for name in dict.fromkeys([*named, *case.audits]):
        how = case.audits.get(name, CaseAudit())
        if how == "missing":
            yield name, f"{name}: there is no evidence"
            continue
        assert isinstance(how, CaseAudit)
        units = how.units or max(_MANY, policy.units_for(name))
        assessed = how.outcome is Outcome.ASSESSED
        yield name, Evidence(
            subject=subject, audit=name, title=name, question="Made up.", section="case", settings={}, inputs={},
            outcome=how.outcome, code="" if assessed else how.code, reason="" if assessed else "says the case",
            units=Units(name="rows", declared=units, evaluated=units) if assessed else None,
            reach=Reach(looked_for="-", would_notice="-", cannot_see="-"),
            findings=tuple(_finding(one) for one in case.findings if one.audit == name),
            metrics=tuple(_metrics(policy, case, name)) if assessed else (),
        ).sealed()  # fmt: skip


def _finding(one: CaseFinding) -> Finding:
    return Finding(
        rule=one.rule, level=one.level, message="made up", remedy="Nothing.", columns=one.columns, count=one.count
    )


def _waiver(fingerprint: str, wanted: CaseWaiver) -> Waiver:
    return Waiver(
        fingerprint=fingerprint, owner="a case", reason="made up for a case", max_count=wanted.max_count,
        expires=TODAY + datetime.timedelta(days=wanted.days),
    )  # fmt: skip


def _metrics(policy: ResolvedPolicy, case: Case, audit: str) -> Iterator[Metric]:
    """The metrics of a case, and for each other one that the policy bounds a value within the bounds."""
    given = {(one.metric, one.group): one for one in case.metrics if one.metric.split(".")[0] == audit}
    for one in given.values():
        value = None if one.value is None else float(one.value)
        yield Metric(name=one.metric.split(".")[1], value=value, low=one.low, high=one.high, group=one.group)
    bounds: dict[tuple[str, str], list[MetricRule]] = {}
    for rule in policy.metrics:
        if rule.metric.split(".")[0] == audit and (rule.metric, rule.group) not in given:
            bounds.setdefault((rule.metric, rule.group), []).append(rule)
    for (metric, group), rules in bounds.items():
        tried = [rule.threshold + step for rule in rules for step in (0.0, 1e-3, -1e-3, 1.0, -1.0)]
        fits = (value for value in tried if all(OPERATIONS[rule.op](value, rule.threshold) for rule in rules))
        value = next(fits, None)
        yield Metric(name=metric.split(".")[1], value=value, low=value, high=value, group=group)
