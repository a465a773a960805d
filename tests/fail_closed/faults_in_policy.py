"""Policies that ask for nothing, waivers that cover too much, and clocks that stand wrong."""

from __future__ import annotations

import contextlib
import datetime

from fail_closed.faults import Register
from fail_closed.measured import Gate, Measured

from governance.clock import today
from governance.errors import Blocked
from governance.evidence import Level

FAULTS = Register()
DAY = datetime.timedelta(days=1)


def broken(m: Measured) -> str:
    """A workspace whose data break their contract, measured and committed; the fingerprint of what blocks it."""
    m.edit(
        "expectations/trees/schema.py", "width: float = pa.Field(ge=0, le=100)", "width: float = pa.Field(ge=0, le=5)"
    )
    m.measure(audits=("schema", "expectations"))
    return next(f.fingerprint for f in m.evidence("schema").findings if f.level is Level.ERROR)


def waive(m: Measured, fingerprint: str, expires: datetime.date, reason: str = "Known since the survey.") -> None:
    """One waiver in waivers.yaml, and a verdict that knows it."""
    entry = f"waivers:\n  - {{fingerprint: {fingerprint!r}, owner: Ada, reason: {reason!r}, expires: {expires}}}\n"
    m.write("waivers.yaml", entry)
    m.judge()
    if '"passed": true' in m.path("build/trees/pass.json").read_text(encoding="utf-8"):
        with contextlib.suppress(Blocked):  # training refuses a waiver that has ended, as the gate does
            m.model()
    m.commit()


@FAULTS(3, "width")
def the_contract_is_broken(m: Measured) -> None:
    broken(m)


@FAULTS(3, "the data it was trained on, trees, is blocked")
def only_the_model_of_blocked_data_is_judged(m: Measured) -> Gate:
    broken(m)
    return m.gate("--dataset", "trees_logistic")


@FAULTS(3, "the waiver ended on")
def waiver_expired(m: Measured) -> None:
    waive(m, broken(m), today() - DAY)


@FAULTS(3, "reaches further than 180 days")
def waiver_for_ever(m: Measured) -> None:
    waive(m, broken(m), today() + 181 * DAY)


@FAULTS(3, "width")
def waiver_of_another_finding(m: Measured) -> None:
    broken(m)
    waive(m, "0" * 16, today() + 30 * DAY)


@FAULTS(4, "clock")
def clock_moved_back_to_when_the_waiver_held(m: Measured) -> Gate:
    waive(m, broken(m), today() - 10 * DAY)
    return m.gate(today=today() - 20 * DAY)


@FAULTS(3, "the waiver ended on")
def clock_moved_on(m: Measured) -> Gate:
    waive(m, broken(m), today() + 30 * DAY)
    assert m.gate().code == 0
    return m.gate(today=today() + 31 * DAY)


@FAULTS(2, "wildcards are refused")
def waiver_with_a_wildcard(m: Measured) -> None:
    broken(m)
    m.write(
        "waivers.yaml",
        f"waivers:\n  - {{fingerprint: '*', owner: Ada, reason: All of it is fine., expires: {today()}}}\n",
    )


@FAULTS(2, "reason")
def waiver_without_a_reason(m: Measured) -> None:
    fingerprint = broken(m)
    m.write("waivers.yaml", f"waivers:\n  - {{fingerprint: '{fingerprint}', owner: Ada, expires: {today()}}}\n")


@FAULTS(2, "waived twice")
def waiver_twice(m: Measured) -> None:
    entry = f"  - {{fingerprint: '{broken(m)}', owner: Ada, reason: Known since the survey., expires: {today()}}}\n"
    m.write("waivers.yaml", "waivers:\n" + entry + entry)


@FAULTS(2, "must be a list")
def waivers_are_a_sentence(m: Measured) -> None:
    m.write("waivers.yaml", "waivers: everything\n")


@FAULTS(2, "waivers.yaml")
def waivers_unreadable(m: Measured) -> None:
    m.write("waivers.yaml", "waivers: [\n")


def policy(m: Measured, text: str) -> None:
    """Another policy, and verdicts that know it where it can be read."""
    head = m.path("params.yaml").read_text(encoding="utf-8").partition("policy:\n")[0]
    m.write("params.yaml", head + "policy:\n" + text)


def judged_by(m: Measured, text: str) -> None:
    """Another policy, and verdicts that know it."""
    policy(m, text)
    m.judge()


@FAULTS(4, "verdict.json is not what policy")
def policy_relaxed_without_a_run(m: Measured) -> None:
    policy(m, "  tier: prototype\n  required_evaluations: [performance]\n")


@FAULTS(4, "requires no audit at all")
def policy_requires_nothing(m: Measured) -> None:
    judged_by(m, "  required: []\n  required_evaluations: [performance]\n")


@FAULTS(4, "required and not answered")
def policy_requires_one_of_nothing(m: Measured) -> None:
    judged_by(m, "  required: [[]]\n  required_evaluations: [performance]\n")


@FAULTS(4, "drift is not configured")
def policy_requires_what_is_not_configured(m: Measured) -> None:
    judged_by(m, "  required: [[drift]]\n  required_evaluations: [performance]\n")


@FAULTS(4, "fewer than 500")
def policy_requires_more_units(m: Measured) -> None:
    judged_by(m, "  minimum_units: 500\n  required_evaluations: [performance]\n")


@FAULTS(2, "params.yaml")
def policy_unreadable(m: Measured) -> None:
    policy(m, "  required: [\n")


@FAULTS(2, "policy.tier")
def policy_of_an_unknown_tier(m: Measured) -> None:
    policy(m, "  tier: strict\n")


@FAULTS(2, "policy.requires")
def policy_with_a_misspelt_key(m: Measured) -> None:
    policy(m, "  requires: [[summary]]\n")


@FAULTS(4, "summary.nonsense cannot be told")
def metric_rule_on_a_missing_metric(m: Measured) -> None:
    judged_by(
        m, "  required_evaluations: [performance]\n  metrics: [{metric: summary.nonsense, op: '<', threshold: 1}]\n"
    )


@FAULTS(2, "no audit or evaluation 'summry'")
def metric_rule_on_a_misspelt_audit(m: Measured) -> None:
    policy(m, "  metrics: [{metric: summry.rows, op: '<', threshold: 1}]\n")


@FAULTS(2, "treees")
def metric_rule_on_a_misspelt_dataset(m: Measured) -> None:
    rule = "{metric: summary.rows, op: '>', threshold: 1.0e9, dataset: treees}"
    judged_by(m, f"  required_evaluations: [performance]\n  metrics: [{rule}]\n")


@FAULTS(2, "threshold")
def metric_rule_against_not_a_number(m: Measured) -> None:
    policy(m, "  metrics: [{metric: summary.rows, op: '<', threshold: .nan}]\n")


@FAULTS(2, "threshold")
def metric_rule_against_infinity(m: Measured) -> None:
    policy(m, "  metrics: [{metric: summary.rows, op: '<', threshold: .inf}]\n")


@FAULTS(2, "duplicatez")
def finding_rule_on_a_misspelt_audit(m: Measured) -> None:
    judged_by(m, "  required_evaluations: [performance]\n  findings: [{rule: duplicatez/*}]\n")


@FAULTS(2, "treees")
def finding_rule_on_a_misspelt_dataset(m: Measured) -> None:
    judged_by(m, "  required_evaluations: [performance]\n  findings: [{rule: duplicates/*, dataset: treees}]\n")


@FAULTS(2, "policy.findings")
def finding_rule_that_can_match_nothing(m: Measured) -> None:
    policy(m, "  findings: [{rule: '*'}]\n")
