"""Each decision on a finding or a metric whole: what a rule, a waiver, the baseline and a bound say."""

from __future__ import annotations

import datetime
from typing import Any

from decision_samples import ONE, judged, of, summary
from evidence_samples import evidence, finding, metric

from governance.evidence import Evidence, Level
from governance.policy import FindingRule, MetricRule, Policy
from governance.ratchet import Known, Recorded
from governance.verdict import Decision, Waiver

TODAY = datetime.date(2026, 5, 1)
BAD = finding(level=Level.ERROR, count=3)


def with_finding(**rest: Any) -> dict[str, Evidence | str]:
    return summary() | {"duplicates": evidence(findings=(BAD.model_copy(update=rest),))}


def test_a_finding_by_the_rule_that_speaks_of_it_and_by_none() -> None:
    policy = ONE.model_copy(
        update={"findings": (FindingRule(rule="duplicates/*", effect="note", why="they are wanted"),)}
    )
    expected = Decision(
        rule="duplicates/exact",
        effect="note",
        message="3 of 100 rows are copies",
        observed="error",
        required="they are wanted",
        audit="duplicates",
        fingerprint=BAD.identified("toy").fingerprint,
    )
    assert of(judged(with_finding(), policy), "duplicates/exact") == expected
    silent = ONE.resolved().model_copy(update={"findings": ()})
    assert of(judged(with_finding(), silent), "duplicates/exact") == expected.model_copy(
        update={"effect": "block", "exit_code": 3, "required": "no rule of the policy speaks of this finding"}
    )


def waived(days: int, **rest: Any) -> Waiver:
    return Waiver(fingerprint=BAD.identified("toy").fingerprint, owner="Ada", reason="known and harmless",
                  expires=TODAY + datetime.timedelta(days=days), **rest)  # fmt: skip


BLOCKING = ONE.model_copy(update={"findings": (FindingRule(effect="block"),), "waiver_days": 100})


def test_a_waiver_that_holds_is_named_and_announced_before_it_ends() -> None:
    verdict = judged(with_finding(), BLOCKING, waivers=[waived(14)], today=TODAY)
    decision = of(verdict, "duplicates/exact")
    assert (decision.effect, decision.exit_code) == ("waived", 0)
    assert decision.waiver == "known and harmless (Ada, until 2026-05-15)"
    assert decision.message == "3 of 100 rows are copies"
    fingerprint = BAD.identified("toy").fingerprint
    assert of(verdict, "waiver/ends_soon") == Decision(
        rule="waiver/ends_soon",
        effect="warn",
        message=f"the waiver for {fingerprint} (duplicates/exact) ends on 2026-05-15",
        fingerprint=fingerprint,
    )
    longest = judged(with_finding(), BLOCKING, waivers=[waived(100)], today=TODAY)
    assert (longest.exit_code, len(longest.with_effect("warn"))) == (0, 0)


def test_a_waiver_that_does_not_hold_says_why() -> None:
    for waiver, why in (
        (waived(-1), "the waiver ended on 2026-04-30"), (waived(101), "the waiver reaches further than 100 days ahead"),
        (waived(9, max_count=2), "the waiver covers at most 2"), (waived(-1, max_count=2), "the waiver covers at most 2"),
    ):  # fmt: skip
        decision = of(judged(with_finding(), BLOCKING, waivers=[waiver], today=TODAY), "duplicates/exact")
        assert (decision.effect, decision.exit_code) == ("block", 3)
        assert decision.message == f"3 of 100 rows are copies [{why}]"
        assert decision.waiver == f"known and harmless (Ada, until {waiver.expires})"


def test_of_several_waivers_the_one_for_the_finding_counts() -> None:
    other = waived(9).model_copy(update={"fingerprint": "0" * 16})
    assert judged(with_finding(), BLOCKING, waivers=[other, waived(9)], today=TODAY).exit_code == 0
    assert judged(with_finding(), BLOCKING, waivers=[other], today=TODAY).exit_code == 3
    mild = ONE.model_copy(update={"findings": (FindingRule(effect="warn"),)})
    assert of(judged(with_finding(), mild, waivers=[waived(9)], today=TODAY), "duplicates/exact").effect == "warn"


def test_a_baseline_lets_through_what_it_knows() -> None:
    known = Known(findings=(Recorded(fingerprint=BAD.identified("toy").fingerprint, audit="duplicates", rule=BAD.rule,
                                     level=BAD.level, count=3, on=TODAY),))  # fmt: skip
    assert of(judged(with_finding(), BLOCKING, known=known), "duplicates/exact").effect == "baselined"


def bounded(*rules: MetricRule) -> Policy:
    return ONE.model_copy(update={"metrics": rules})


BOUND = MetricRule(metric="summary.rate", op="<", threshold=0.05, on="high", why="More is too much.")


def test_a_bound_that_is_kept_broken_and_only_worth_a_warning() -> None:
    kept = of(judged(summary(metrics=(metric(low=0.0, high=0.04),)), bounded(BOUND)), "metric/summary.rate")
    assert kept == Decision(
        rule="metric/summary.rate",
        effect="pass",
        message="summary.rate < 0.05 on its high",
        observed="0.04",
        required="summary.rate < 0.05 on its high",
        audit="summary",
    )
    items = summary(metrics=(metric(low=0.0, high=0.25),))
    broken = Decision(
        rule="metric/summary.rate",
        effect="block",
        exit_code=3,
        message="summary.rate is 0.25; required: < 0.05. More is too much.",
        observed="0.25",
        required="summary.rate < 0.05 on its high",
        audit="summary",
    )
    assert of(judged(items, bounded(BOUND)), "metric/summary.rate") == broken
    mild = BOUND.model_copy(update={"effect": "warn", "why": ""})
    assert of(judged(items, bounded(mild)), "metric/summary.rate") == broken.model_copy(
        update={"effect": "warn", "exit_code": 0, "message": "summary.rate is 0.25; required: < 0.05."}
    )


def test_a_bound_on_what_cannot_be_told() -> None:
    def told(items: dict[str, Evidence | str], **rule: Any) -> Decision:
        return of(judged(items, bounded(BOUND.model_copy(update=rule))), "metric/summary.rate")

    note = "it has no high"
    assert told(summary(metrics=(metric(),))) == Decision(
        rule="metric/summary.rate",
        effect="block",
        exit_code=4,
        message=f"summary.rate cannot be told: {note}",
        observed=note,
        required="summary.rate < 0.05 on its high",
        audit="summary",
    )
    assert told(summary(metrics=(metric(),)), on="low").observed == "it has no low"
    assert told(summary(metrics=(metric(value=None, note="too few rows"),)), on="value").observed == "too few rows"
    assert told(summary(metrics=(metric(),)), group="cat").observed == "the evidence holds no such metric (assessed)"
    assert told(summary()).observed == "the evidence holds no such metric (assessed)"
    assert told({"summary": "it was edited"}).observed == "its evidence cannot be used"


def test_bounds_on_other_datasets_and_other_audits_hide_none_of_the_rest() -> None:
    elsewhere = BOUND.model_copy(update={"dataset": "else"})
    absent = BOUND.model_copy(update={"metric": "performance.accuracy"})
    here = BOUND.model_copy(update={"dataset": "toy"})
    verdict = judged(summary(metrics=(metric(low=0.0, high=0.25),)), bounded(elsewhere, absent, here))
    assert [one.rule for one in verdict.blocking] == ["metric/summary.rate"]
