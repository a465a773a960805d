from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest

from governance import consequence
from governance.audit import names
from governance.documents.wording import (
    checked,
    cut_at_word,
    headline,
    listed,
    metric_interval,
    metric_n,
    metric_value,
    most_serious,
    percent,
    plural,
)
from governance.evidence import Confidence, Evidence, Finding, Level, Metric, Outcome, Units
from governance.reporting.copy_counts import CHECKS


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [
        (1, 3, "33 %"),
        (14, 567, "2.5 %"),
        (1, 569, "0.2 %"),
        (1, 9_999, "less than 0.1 %"),
        (9_998, 9_999, "more than 99.9 %"),
        (1, 1_000_000, "less than 0.001 %"),
        (123_456, 1_000_000, "12.346 %"),
        (0, 569, "0.0 %"),
        (569, 569, "100.0 %"),
        (0, 0, "–"),
    ],
)
def test_percent(part: int, whole: int, shown: str) -> None:
    assert percent(part, whole) == shown


@pytest.mark.parametrize(
    ("metric", "value", "interval"),
    [
        ({"value": 0.958042, "unit": "share", "low": 0.9115, "high": 0.9806, "n": 143}, "96 %", "91 to 98 %"),
        ({"value": 0.9673, "unit": "share", "low": 0.9493, "high": 0.9791, "n": 569}, "96.7 %", "94.9 to 97.9 %"),
        ({"value": 0.5, "unit": "share", "n": 20}, "50 %", "–"),
        ({"value": 0.123456, "unit": "share", "n": 569}, "12.3 %", "–"),
        ({"value": 54.321, "unit": "mg/dl", "low": 51.2, "high": 57.5}, "54 mg/dl", "51 to 58 mg/dl"),
        ({"value": 0.0123456}, "0.01235", "–"),
        ({"value": 569.0, "unit": "rows"}, "569 rows", "–"),
        ({"value": 1.0, "unit": "people"}, "1 person", "–"),
        ({"value": None}, "cannot tell", "–"),
        ({"value": 0.3, "low": 0.3, "high": 0.3}, "0.3", "0.3 to 0.3"),
        ({"value": -0.0004, "low": -0.2, "high": 0.2}, "0.00", "-0.20 to 0.20"),
    ],
)
def test_metrics_are_rounded_to_what_they_rest_on(metric: dict[str, Any], value: str, interval: str) -> None:
    made = Metric(name="m", **metric)
    assert (metric_value(made), metric_interval(made)) == (value, interval)


def test_units_that_are_independent() -> None:
    assert metric_n(Metric(name="m", value=1.0, n=5690, independent_units=569)) == "5,690 (569 independent)"
    assert metric_n(Metric(name="m", value=1.0, n=569, independent_units=569)) == "569"
    assert metric_n(Metric(name="m", value=1.0)) == "–"


def finding(level: Level = Level.WARNING, **rest: Any) -> Finding:
    return Finding(**({"rule": "a/b", "level": level, "message": "m", "remedy": "r"} | rest))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("in 0 of 500 tables", "in 0 of 500 tables"),
        ("in 0 of 500 tables, at most", "in 0 of 500…"),
        ("in 0 of 500 of tables", "in 0 of 500 of…"),
        ("in 0 of 500, (tables) and", "in 0 of 500…"),
    ],
)
def test_prose_is_cut_after_a_word(text: str, shown: str) -> None:
    assert cut_at_word(text, 18) == shown


def test_a_long_name_is_cut_within() -> None:
    assert cut_at_word("a " + "x" * 200, 100) == "a " + "x" * 97 + "…"


def test_most_serious_first() -> None:
    pairs = [
        (finding(Level.NOTE, subject="note"), "note"),
        (finding(Level.ERROR, subject="waived"), "waived"),
        (finding(subject="few", count=1, of=100), "warn"),
        (finding(subject="many", count=50, of=100), "warn"),
        (finding(subject="unsure", confidence=Confidence.LOW, count=99, of=100), "warn"),
        (finding(subject="blocks"), "block"),
        (finding(Level.ERROR, subject="error"), ""),
    ]
    order = [found.subject for found, _ in most_serious(pairs)]
    assert order == ["blocks", "error", "waived", "many", "few", "unsure", "note"]
    assert [found.subject for found, _ in most_serious(reversed(pairs))] == order


def test_no_rule_hides_another_behind_its_many_columns() -> None:
    spaces = [finding(rule="integrity/spaces", subject=f"s{at}", count=90 - at, of=100) for at in range(30)]
    emails = [finding(rule="privacy/emails", subject=f"e{at}", count=9 - at, of=100) for at in range(3)]
    order = [found.subject for found, _ in most_serious((one, "warn") for one in [*emails, *spaces])]
    assert order[:7] == ["s0", "e0", "s1", "e1", "s2", "e2", "s3"]


def test_no_audit_hides_another_behind_its_many_rules() -> None:
    rules = [finding(rule=f"integrity/r{at}", subject=f"i{at}", count=90 - at, of=100) for at in range(6)]
    far = finding(rule="outliers/far", subject="far", count=5, of=100)
    order = [found.subject for found, _ in most_serious((one, "warn") for one in [*rules, rules[0], far])]
    assert order == ["i0", "far", "i1", "i2", "i3", "i4", "i5", "i0"]


def test_consequence_outweighs_confidence_and_no_level() -> None:
    rules = (
        "a/new_audit",
        "integrity/spaces",
        "privacy/secret",
        "duplicates/exact_across_splits",
        "leakage/repeats_target",
    )
    warnings = [finding(rule=rule, confidence=Confidence.HIGH) for rule in rules[:-1]]
    leak = finding(rule=rules[-1], confidence=Confidence.MEDIUM)
    worst = finding(Level.ERROR, rule="integrity/keys", confidence=Confidence.LOW)
    order = [found.rule for found, _ in most_serious((one, "warn") for one in [*warnings, leak, worst])]
    assert order[:2] == ["integrity/keys", "leakage/repeats_target"]
    assert set(order[2:4]) == {"privacy/secret", "duplicates/exact_across_splits"}
    assert set(order[4:]) == {"a/new_audit", "integrity/spaces"}, "a rule that is named nowhere weighs what most do"


def test_every_rule_that_weighs_more_is_one_that_an_audit_has() -> None:
    checks = {f"duplicates/{check}" for check in CHECKS}
    audits = names("audits")
    for start in itertools.chain(*consequence._WEIGHTS):
        assert start.partition("/")[0] in audits
        assert not start.startswith("duplicates/") or start in checks


def test_a_clean_answer_claims_no_absence(make_evidence: Callable[..., Evidence]) -> None:
    clean = headline(make_evidence(findings=()))
    assert clean.startswith("Assessed on 567 of 569 rows. Nothing reached the level of a finding")
    assert " no " not in clean.lower()


@pytest.mark.parametrize(
    ("name", "evaluated", "declared", "shown"),
    [("columns", 1, 1, "1 column"), ("columns", 2, 2, "2 columns"), ("checks", 1, 8, "1 of 8 checks")],
)
def test_what_was_looked_at_is_counted_in_the_right_number(
    make_evidence: Callable[..., Evidence], name: str, evaluated: int, declared: int, shown: str
) -> None:
    units = Units(name=name, declared=declared, evaluated=evaluated)
    assert headline(make_evidence(findings=(), units=units)).startswith(f"Assessed on {shown}. ")


@pytest.mark.parametrize(
    ("outcome", "shown"),
    [
        (Outcome.INCONCLUSIVE, "Cannot tell: too few rows"),
        (Outcome.FAILED, "Could not be checked: too few rows"),
        (Outcome.NOT_APPLICABLE, "Not applicable: too few rows"),
    ],
)
def test_headline_says_why(make_evidence: Callable[..., Evidence], outcome: Outcome, shown: str) -> None:
    assert headline(make_evidence(outcome=outcome, code="few", reason="too few rows")) == shown


def test_words() -> None:
    assert (plural(1, "row"), plural(1797, "row"), plural(2, "class", "classes")) == (
        "1 row",
        "1,797 rows",
        "2 classes",
    )
    assert listed(["a"]) == "a"
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert listed(["a", "b", "c", "d"], 2) == "a, b and 2 more"
    assert listed([]) == ""


@pytest.mark.parametrize(
    ("unit", "value", "shown"),
    [
        ("columns", 1.0, "1 column"),
        ("columns", 2.0, "2 columns"),
        ("classes", 1.0, "1 class"),
        ("area", 0.74, "0.74"),
        ("distance", 0.25, "0.25"),
        ("share of what is possible above chance", 0.3334, "33.34 % of what is possible above chance"),
        ("share of the typical distance", 0.25, "25 % of the typical distance"),
        ("units of the target", 1.0, "1 units of the target"),
    ],
)
def test_a_unit_is_read_as_one_says_it(unit: str, value: float, shown: str) -> None:
    assert metric_value(Metric(name="some", value=value, unit=unit)) == shown


def test_a_distance_is_no_percentage_and_rounded_to_its_n() -> None:
    assert metric_value(Metric(name="largest_effect", value=0.103286, unit="distance", n=569)) == "0.103"
    area = Metric(name="roc_auc", value=0.9971, unit="area", n=145, low=0.9871, high=0.9993, interval="95 % DeLong")
    assert metric_value(area) == "0.997"


def test_why_a_check_does_not_apply_stands_with_it_where_they_are_few(make_evidence: Callable[..., Evidence]) -> None:
    def gone(title: str) -> Evidence:
        content = {
            "title": title,
            "outcome": Outcome.NOT_APPLICABLE,
            "code": "x",
            "reason": "no role `sensitive` is there",
        }
        return make_evidence(**content, units=None, findings=(), metrics=(), tables=(), figures=())

    assert checked([gone("Groups")], (), "audit") == (
        "0 of 1 audit was assessed; not applicable: Groups (no role “sensitive” is there)"
    )
    assert checked([gone(title) for title in "abcd"], (), "audit").endswith("not applicable: a, b, c and d")
