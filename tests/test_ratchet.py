"""The baseline: finding by finding, only downwards, and it notices when less is looked at."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from evidence_samples import evidence, finding, unanswered
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from governance.evidence import Evidence, Finding, Level, Outcome, Units
from governance.gate import decide
from governance.policy import TIERS, Policy
from governance.ratchet import (
    Baseline,
    Coverage,
    Known,
    Recorded,
    Recording,
    baseline_text,
    both,
    coverage_of,
    lost_coverage,
    parse_baseline,
    tightened,
)
from governance.verdict import Verdict

DAY = datetime.date(2026, 5, 1)
AUDITS = tuple(group[0] for group in TIERS["internal"].required)
WHO = Recording(on=DAY, by="Ada Example", reason="The findings from before.")


def entry(item: Finding, **changed: Any) -> Recorded:
    found = item.identified("toy")
    values: dict[str, Any] = {
        "fingerprint": found.fingerprint, "audit": "duplicates", "rule": found.rule, "level": found.level,
        "count": found.count, "on": DAY,
    }  # fmt: skip
    return Recorded(**(values | changed))


def items(*findings: Finding, **changed: Evidence | str) -> dict[str, Evidence | str]:
    found: dict[str, Evidence | str] = {name: evidence(name) for name in AUDITS}
    return found | {"duplicates": evidence(findings=findings)} | changed


def judged(known: Known | None, *findings: Finding, **changed: Evidence | str) -> Verdict:
    policy = Policy().resolved()
    return decide(
        policy, subject="toy", kind="dataset", snapshot_digest="", evidence=items(*findings, **changed),
        answered=policy.required_answers, known=known,
    )  # fmt: skip


OLD = finding(level=Level.ERROR, columns=("a",), count=3)
KNOWN = Known(findings=(entry(OLD),))


def test_what_is_recorded_is_let_through_and_shown() -> None:
    verdict = judged(KNOWN, OLD)
    assert verdict.result == "passed"
    (decision,) = verdict.with_effect("baselined")
    assert decision.waiver == "in the baseline since 2026-05-01"
    assert judged(None, OLD).exit_code == 3


def test_first_failure_one_repaired_and_one_new_keep_the_count_and_block() -> None:
    """Baselines that hold counts alone hide that one finding was exchanged for another."""
    other = finding(level=Level.ERROR, columns=("b",), count=3)
    verdict = judged(KNOWN, other)
    assert verdict.exit_code == 3
    assert [decision.fingerprint for decision in verdict.blocking] == [other.identified("toy").fingerprint]


def test_second_failure_a_rule_that_is_known_takes_in_nothing_new() -> None:
    """Permissions per check absorb what the check finds later."""
    another = finding(level=Level.ERROR, columns=("a",), count=3, subject="another class")
    assert judged(KNOWN, OLD, another).exit_code == 3
    grown = OLD.model_copy(update={"count": 4})
    verdict = judged(KNOWN, grown)
    assert verdict.exit_code == 3
    assert "worse than in the baseline: 3 then, 4 now" in verdict.blocking[0].message


def test_third_failure_what_is_repaired_leaves_and_may_not_come_back() -> None:
    """Entries that outlive their finding are noise, and forgive the next one like it."""
    repaired = tightened(KNOWN, items())
    assert repaired.findings == ()
    assert judged(repaired, OLD).exit_code == 3
    fewer = tightened(KNOWN, items(OLD.model_copy(update={"count": 1})))
    assert [one.count for one in fewer.findings] == [1]
    assert judged(fewer, OLD).exit_code == 3


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (None, "is not configured any more"),
        ("truncated", "has no usable evidence"),
        (unanswered("extra", Outcome.NOT_APPLICABLE, "no_text"), "is not_applicable (no_text)"),
        (unanswered("extra", Outcome.INCONCLUSIVE, "few"), "is inconclusive (few)"),
        (evidence("extra", units=Units(name="rows", declared=100, evaluated=40)), "evaluated 40 of 100 rows"),
    ],
)
def test_fourth_failure_to_lose_a_check_is_a_regression(now: Evidence | str | None, said: str) -> None:
    """A ratchet that only counts findings takes a check that was lost for a finding that was repaired."""
    known = Known(coverage={"extra": Coverage(units="rows", declared=100, evaluated=100)})
    assert judged(known, extra=evidence("extra")).result == "passed"
    verdict = judged(known, **({} if now is None else {"extra": now}))
    assert verdict.exit_code == 4
    assert any(said in d.message and d.rule == "baseline/lost_coverage" for d in verdict.blocking)


@pytest.mark.parametrize(
    ("unit", "declared", "evaluated", "lost"),
    [
        ("rows", 60, 60, False),  # a smaller table, all of it looked at
        ("rows", 60, 59, True),
        ("rows", 500, 100, False),  # a sample of a table that grew
        ("rows", 500, 99, True),
        ("rules", 99, 99, True),  # a rule fewer is a question fewer
        ("rules", 120, 100, False),
        ("groups", 200, 99, True),
    ],
)
def test_fewer_rows_may_be_less_data_and_fewer_rules_are_fewer_questions(
    unit: str, declared: int, evaluated: int, lost: bool
) -> None:
    then = Coverage(units=unit, declared=100, evaluated=100)
    now = evidence("extra", units=Units(name=unit, declared=declared, evaluated=evaluated))
    assert bool(list(lost_coverage(Known(coverage={"extra": then}), {"extra": now}))) is lost


def test_units_that_changed_their_name_cannot_be_compared_by_share() -> None:
    then = Coverage(units="rules", declared=100, evaluated=100)
    now = evidence("extra", units=Units(name="rows", declared=60, evaluated=60))
    assert list(lost_coverage(Known(coverage={"extra": then}), {"extra": now}))


@pytest.mark.parametrize(
    ("recorded", "now", "covered"),
    [
        ({"level": "warning"}, {}, False),
        ({"count": None}, {"count": None}, True),
        ({"count": None}, {}, False),
        ({}, {"count": None}, False),
        ({"count": 0}, {}, False),
        ({}, {"count": 0}, True),
    ],
)
def test_worse_is_a_higher_level_a_higher_count_or_a_count_that_cannot_be_compared(
    recorded: dict[str, Any], now: dict[str, Any], covered: bool
) -> None:
    known = Known(findings=(entry(OLD, **recorded),))
    assert (judged(known, OLD.model_copy(update=now)).result == "passed") is covered


def test_an_audit_that_was_not_assessed_repairs_nothing() -> None:
    for now in ("truncated", unanswered("duplicates", Outcome.INCONCLUSIVE, "few")):
        assert tightened(KNOWN, items(duplicates=now)) == KNOWN
    gone = items()
    del gone["duplicates"]
    assert tightened(KNOWN, gone) == KNOWN
    worse = items(OLD.model_copy(update={"count": 9}))
    assert tightened(KNOWN, worse) == KNOWN, "what got worse is not written into the baseline"


def test_a_milder_level_is_kept() -> None:
    milder = tightened(KNOWN, items(OLD.model_copy(update={"level": Level.WARNING})))
    assert milder.findings[0].level is Level.WARNING
    assert tightened(milder, items(OLD)) == milder


def test_the_baseline_touches_only_findings_that_block() -> None:
    warning = finding(level=Level.WARNING, columns=("a",), count=3)
    assert judged(Known(findings=(entry(warning),)), warning).with_effect("baselined") == ()


def test_both_take_the_tighter_of_two() -> None:
    low, high = Known(findings=(entry(OLD, count=1),)), Known(findings=(entry(OLD, count=5, level="warning"),))
    for pair in ((low, high), (high, low)):
        merged = both(*pair)
        assert merged is not None
        assert [(one.count, one.level) for one in merged.findings] == [(1, Level.WARNING)]
    uncounted = Known(findings=(entry(OLD, count=None),))
    assert both(low, uncounted) == Known()
    assert both(uncounted, uncounted) == uncounted
    assert both(low, Known()) == Known()
    assert both(None, None) is None
    looked = Known(findings=(entry(OLD),), coverage={"a": Coverage(units="rows", declared=1, evaluated=1)})
    for pair in ((None, looked), (looked, None)):
        merged = both(*pair)
        assert merged is not None
        assert (merged.findings, merged.coverage) == ((), looked.coverage), "what nobody agreed to is not let through"
    more = Known(coverage={"a": Coverage(units="rows", declared=9, evaluated=9)})
    merged = both(looked, more)
    assert merged is not None
    assert merged.coverage == looked.coverage, "the first one's, which is the base's"


def test_coverage_is_of_what_was_assessed() -> None:
    found = {"a": evidence("a"), "b": unanswered("b"), "c": "gone"}
    assert coverage_of(found) == {"a": Coverage(units="rows", declared=100, evaluated=100)}


def test_the_file_reads_back_and_has_one_line_per_finding() -> None:
    first, second = entry(OLD), entry(finding(columns=("b\n: x",), level=Level.ERROR))
    known = Known(findings=(second, first), coverage={"schema": Coverage(units="rules", declared=3, evaluated=3)})
    baseline = Baseline(recordings=(WHO,), datasets={"toy": known}, models={"m": Known()})
    text = baseline_text(baseline)
    read, problems = parse_baseline(YAML(typ="safe", pure=True).load(text))
    assert problems == ()
    assert set(read.datasets["toy"].findings) == {first, second}
    assert read.model_copy(update={"datasets": baseline.datasets}) == baseline
    assert baseline_text(read) == text
    assert sum("fingerprint" in line for line in text.splitlines()) == 2
    swapped = Baseline(recordings=(WHO,), datasets={"toy": Known(findings=(first, second), coverage=known.coverage)},
                       models={"m": Known()})  # fmt: skip
    assert baseline_text(swapped) == text, "the order in which they were found does not matter"
    assert parse_baseline(YAML(typ="safe", pure=True).load(baseline_text(Baseline()))) == (Baseline(), ())
    assert parse_baseline(None) == (Baseline(), ())
    assert read.of("model", "m") == Known()
    assert read.of("model", "toy") is None


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("all", "the file"),
        ({"datasets": {"toy": {"findings": [{"fingerprint": "*"}]}}}, "datasets.toy.findings.0.fingerprint"),
        ({"everything": True}, "everything"),
        ({"datasets": {"toy": {}}}, "does not say who recorded this"),
        ({"recordings": [{"on": "2026-05-01", "by": "Ada", "reason": "none"}]}, "reason"),
        (
            {"recordings": [WHO.model_dump(mode="json")],
             "datasets": {"toy": {"findings": [entry(OLD).model_dump(mode="json")] * 2}}},
            "stands there twice",
        ),
    ],
)  # fmt: skip
def test_a_baseline_that_makes_no_sense_is_refused(content: Any, words: str) -> None:
    _, problems = parse_baseline(content)
    assert words in "\n".join(problems)
    assert all(problem.startswith("baseline.yaml: ") for problem in problems)


COLUMNS = st.sampled_from([("a",), ("b",), ("c",)])
FINDING = st.builds(
    finding, level=st.sampled_from(list(Level)), columns=COLUMNS, count=st.none() | st.integers(0, 4)
)  # fmt: skip
FOUND = st.lists(FINDING, max_size=3, unique_by=lambda one: one.columns)


@given(FOUND, FOUND)
def test_to_tighten_is_to_let_through_less_and_only_once(before: list[Finding], after: list[Finding]) -> None:
    known = Known(findings=tuple(entry(one) for one in before))
    evidence_now = items(*after)
    tight = tightened(known, evidence_now)
    assert tightened(tight, evidence_now) == tight
    assert {one.fingerprint for one in tight.findings} <= {one.fingerprint for one in known.findings}
    assert judged(tight, *after).result == judged(known, *after).result, "what is there is judged as before"
    assert both(known, tight) == tight


@given(FOUND, FOUND, FOUND)
def test_a_tighter_baseline_never_turns_blocked_into_passed(
    before: list[Finding], after: list[Finding], later: list[Finding]
) -> None:
    known = Known(findings=tuple(entry(one) for one in before))
    if judged(known, *later).result == "blocked":
        assert judged(tightened(known, items(*after)), *later).result == "blocked"
