"""decide(policy, evidence) -> Verdict: pure, total, and closed: what was not shown to be fine is not fine."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Literal

from governance.evidence import Evidence, Finding, Metric, Outcome
from governance.policy import MetricRule, ResolvedPolicy
from governance.ratchet import Known, let_through, lost_coverage
from governance.verdict import Decision, Verdict, Waiver

WARN_DAYS = 14
"""A waiver that ends within this many days is announced."""

OPERATIONS = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
"""What `op` of a metric rule means."""


def decide(
    policy: ResolvedPolicy,
    *,
    subject: str,
    kind: Literal["dataset", "model"],
    snapshot_digest: str,
    evidence: Mapping[str, Evidence | str],
    answered: Collection[str] = (),
    asked: Mapping[str, str] | None = None,
    waivers: Sequence[Waiver] = (),
    known: Known | None = None,
    today: datetime.date | None = None,
    further: Sequence[Decision] = (),
) -> Verdict:
    """The verdict on one subject.

    `evidence` maps every configured audit to its evidence, or to the reason why there is none that counts.
    `answered` are the questions of the datasheet that people have answered; a model is asked none. `asked` says in a few
    words what each question asks.
    `known` is what the baseline says of the subject, None when it was never recorded.
    `today` None judges waivers without their dates: a verdict that is cached must not hang on the clock.
    `further` are decisions made elsewhere, such as a source that is not the one that was audited.
    """
    decisions = [
        *further,
        *_unusable(evidence),
        *_requirements(policy, kind, evidence),
        *_outcomes(policy, kind, evidence),
        *_unanswered(policy, subject, kind, answered, asked or {}),
        *_findings(policy, subject, evidence, waivers, known, today),
        *lost_coverage(known, evidence),
        *_metrics(policy, subject, evidence),
    ]
    if not any(isinstance(item, Evidence) and item.outcome is Outcome.ASSESSED for item in evidence.values()):
        decisions.append(_refuse("evidence/nothing_assessed", "nothing was assessed: a verdict on nothing is no pass"))
    order = ("block", "warn", "baselined", "waived", "note", "pass")
    decisions.sort(
        key=lambda d: (order.index(d.effect), -d.exit_code, _late(d), d.rule, d.audit, d.fingerprint, d.message)
    )
    blocked = any(decision.effect == "block" for decision in decisions)
    return Verdict(
        subject=subject,
        kind=kind,
        result="blocked" if blocked else "passed",
        tier=policy.tier,
        snapshot_digest=snapshot_digest,
        policy_digest=policy.digest,
        evidence={name: item.digest for name, item in sorted(evidence.items()) if isinstance(item, Evidence)},
        decisions=tuple(decisions),
    ).sealed()


def _late(decision: Decision) -> bool:
    """Whether a decision can be the consequence of another one of its kind: what was edited comes before what is stale."""
    return decision.rule.startswith(("evidence/stale_", "evidence/data_blocked"))


def _refuse(rule: str, message: str, audit: str = "", **rest: str) -> Decision:
    return Decision(rule=rule, effect="block", exit_code=4, message=message, audit=audit, **rest)


def _unusable(evidence: Mapping[str, Evidence | str]) -> Iterator[Decision]:
    for name, item in evidence.items():
        if isinstance(item, str):
            yield _refuse("evidence/unusable", item, audit=name, required="evidence that belongs to what is here now")


def _answers(policy: ResolvedPolicy, name: str, item: Evidence | str | None) -> tuple[bool, str]:
    """Whether `item` answers the requirement for audit `name`, and in which words."""
    if item is None:
        return False, f"{name} is not configured"
    if isinstance(item, str):
        return False, f"{name}: no usable evidence"
    if item.outcome is Outcome.ASSESSED:
        if item.units is None:
            return False, f"{name} does not say how many units it evaluated"
        if item.units.evaluated < policy.units_for(name):
            return False, f"{name} evaluated {item.units.evaluated} units, fewer than {policy.units_for(name)}"
        return True, f"{name} evaluated {item.units.evaluated} of {item.units.declared} {item.units.name}"
    if _accepted(policy, name, item):
        return True, f"{name}: {item.code}, which the policy accepts"
    return False, f"{name}: {item.outcome} ({item.code}): {item.reason}"


def _accepted(policy: ResolvedPolicy, name: str, item: Evidence) -> bool:
    """Whether the question makes no sense for the subject, for a reason that the policy names. No failure counts."""
    return item.outcome is Outcome.NOT_APPLICABLE and item.code in policy.accept.get(name, ())


def _required(policy: ResolvedPolicy, kind: str) -> tuple[tuple[str, ...], ...]:
    return policy.required if kind == "dataset" else tuple((name,) for name in policy.required_evaluations)


def _requirements(policy: ResolvedPolicy, kind: str, evidence: Mapping[str, Evidence | str]) -> Iterator[Decision]:
    required = _required(policy, kind)
    if not required:
        yield _refuse("required/nothing", "the policy requires no audit at all: such a policy cannot pass anything")
    for alternatives in required:
        answers = [_answers(policy, name, evidence.get(name)) for name in alternatives]
        rule = "required/" + "_or_".join(alternatives)
        wanted = " or ".join(alternatives) + " assessed"
        observed = "; ".join(words for _, words in answers)
        if any(answered for answered, _ in answers):
            yield Decision(rule=rule, effect="pass", message=observed, observed=observed, required=wanted)
        else:
            message = f"required and not answered: {observed or 'an empty list of audits'}"
            yield _refuse(
                rule, message, audit=alternatives[0] if alternatives else "", observed=observed, required=wanted
            )


def _outcomes(policy: ResolvedPolicy, kind: str, evidence: Mapping[str, Evidence | str]) -> Iterator[Decision]:
    """Audits that failed: a broken one blocks when it is required or an alternative to a required one."""
    asked = {name for alternatives in _required(policy, kind) for name in alternatives}
    for name, item in evidence.items():
        if isinstance(item, str) or item.outcome is Outcome.ASSESSED or _accepted(policy, name, item):
            continue
        words = f"{name}: {item.outcome} ({item.code}): {item.reason}"
        if item.outcome is Outcome.FAILED and name in asked:
            yield _refuse("evidence/failed", words, audit=name, observed=item.code, required="assessed")
        elif name not in asked:
            effect: Literal["warn", "note"] = "note" if item.outcome is Outcome.NOT_APPLICABLE else "warn"
            yield Decision(rule=f"evidence/{item.outcome}", effect=effect, message=words, audit=name)


def _unanswered(
    policy: ResolvedPolicy, subject: str, kind: str, answered: Collection[str], asked: Mapping[str, str]
) -> Iterator[Decision]:
    for question in policy.required_answers if kind == "dataset" else ():
        required = "an answer by a person"
        if question in answered:
            yield Decision(
                rule=f"answer/{question}", effect="pass", message=f"{question} is answered", required=required
            )
        else:
            yield Decision(
                rule=f"answer/{question}",
                effect="block",
                exit_code=3,
                message=f"nobody has said what the policy wants to know, “{asked.get(question, question)}”: "
                f"answer {question} with govern ask {subject}, or in answers/{subject}.yaml",
                observed="open",
                required=required,
            )


def _findings(
    policy: ResolvedPolicy,
    subject: str,
    evidence: Mapping[str, Evidence | str],
    waivers: Sequence[Waiver],
    known: Known | None,
    today: datetime.date | None,
) -> Iterator[Decision]:
    for name, item in evidence.items():
        if isinstance(item, str):
            continue
        for finding in item.findings:
            rule = next(
                (
                    rule
                    for rule in policy.findings
                    if rule.matches(rule=finding.rule, level=finding.level, dataset=subject, columns=finding.columns)
                ),
                None,
            )
            # A finding that no rule speaks of blocks: silence is no permission.
            effect = rule.effect if rule else "block"
            why = rule.why if rule else "no rule of the policy speaks of this finding"
            decision = Decision(
                rule=finding.rule,
                effect=effect,
                exit_code=3 if effect == "block" else 0,
                message=finding.message,
                observed=str(finding.level),
                required=why,
                audit=name,
                fingerprint=finding.fingerprint,
            )
            for one in with_waiver(decision, finding, waivers, policy, today):
                yield let_through(one, finding, known)


def with_waiver(
    decision: Decision,
    finding: Finding,
    waivers: Sequence[Waiver],
    policy: ResolvedPolicy,
    today: datetime.date | None,
) -> Iterator[Decision]:
    """`decision` on `finding`, or what a waiver for it makes of it; a waiver matters only where something blocks."""
    waiver = next((one for one in waivers if one.fingerprint == finding.fingerprint), None)
    if waiver is None or decision.effect != "block":
        yield decision
    else:
        yield from _waived(decision, finding, waiver, policy, today)


def _waived(
    decision: Decision, finding: Finding, waiver: Waiver, policy: ResolvedPolicy, today: datetime.date | None
) -> Iterator[Decision]:
    words = f"{waiver.reason} ({waiver.owner}, until {waiver.expires.isoformat()})"
    if refusal := _refusal(finding, waiver, policy, today):
        yield decision.model_copy(update={"message": f"{decision.message} [{refusal}]", "waiver": words})
        return
    yield decision.model_copy(update={"effect": "waived", "exit_code": 0, "waiver": words})
    if today is not None and (waiver.expires - today).days <= WARN_DAYS:
        yield Decision(
            rule="waiver/ends_soon",
            effect="warn",
            message=f"the waiver for {finding.fingerprint} ({finding.rule}) ends on {waiver.expires.isoformat()}",
            fingerprint=finding.fingerprint,
        )


def _refusal(finding: Finding, waiver: Waiver, policy: ResolvedPolicy, today: datetime.date | None) -> str:
    """Why `waiver` does not cover `finding`; empty when it does."""
    if waiver.max_count is not None and (finding.count is None or finding.count > waiver.max_count):
        return f"the waiver covers at most {waiver.max_count}"
    if today is not None and waiver.expires < today:
        return f"the waiver ended on {waiver.expires.isoformat()}"
    if today is not None and (waiver.expires - today).days > policy.waiver_days:
        return f"the waiver reaches further than {policy.waiver_days} days ahead"
    return ""


def _metrics(policy: ResolvedPolicy, subject: str, evidence: Mapping[str, Evidence | str]) -> Iterator[Decision]:
    for rule in policy.metrics:
        if rule.dataset is not None and rule.dataset != subject:
            continue
        audit, name = rule.metric.split(".")
        if audit not in evidence:
            continue  # a rule about evaluations does not speak of datasets, and the other way round
        required = f"{rule.metric} {rule.op} {rule.threshold:g} on its {rule.on}"
        observed, note = _observed(rule, name, evidence[audit])
        label = f"metric/{rule.metric}"
        if observed is None:
            yield _refuse(label, f"{rule.metric} cannot be told: {note}", audit=audit, observed=note, required=required)
        elif OPERATIONS[rule.op](observed, rule.threshold):
            yield Decision(
                rule=label, effect="pass", message=required, observed=f"{observed:g}", required=required, audit=audit
            )
        else:
            yield Decision(
                rule=label,
                effect=rule.effect,
                exit_code=3 if rule.effect == "block" else 0,
                message=f"{rule.metric} is {observed:g}; required: {rule.op} {rule.threshold:g}. {rule.why}".strip(),
                observed=f"{observed:g}",
                required=required,
                audit=audit,
            )


def _observed(rule: MetricRule, name: str, item: Evidence | str) -> tuple[float | None, str]:
    if isinstance(item, str):
        return None, "its evidence cannot be used"
    found: Metric | None = next((m for m in item.metrics if m.name == name and m.group == rule.group), None)
    if found is None:
        return None, f"the evidence holds no such metric ({item.outcome})"
    value = {"value": found.value, "low": found.low, "high": found.high}[rule.on]
    return value, found.note or f"it has no {rule.on}"
