"""Each decision on evidence whole: its rule, its words, what was observed and required. People and programs read all of it.

test_gate.py has what passes and what blocks; test_gate_findings.py has findings, waivers and bounds.
"""

from __future__ import annotations

from decision_samples import ONE, judged, of, summary
from evidence_samples import evidence, finding, unanswered

from governance.evidence import Level, Outcome, Units
from governance.policy import Policy
from governance.verdict import Decision


def test_a_verdict_names_what_it_rests_on() -> None:
    items = summary() | {"extra": evidence("extra"), "broken": "it was edited"}
    verdict = judged(items)
    assert (verdict.subject, verdict.kind, verdict.tier) == ("toy", "dataset", "prototype")
    assert (verdict.snapshot_digest, verdict.policy_digest) == ("sha256:a", ONE.resolved().digest)
    assert verdict.evidence == {name: items[name].digest for name in ("extra", "summary")}  # type: ignore[union-attr]
    assert verdict == verdict.sealed()
    assert not [one for one in verdict.decisions if one.audit == "extra"], (
        "of what is assessed and clean nothing is said"
    )


def test_the_gravest_stands_first_and_evidence_before_policy() -> None:
    effects = ("pass", "note", "waived", "baselined", "warn", "block")
    codes = {"block": (3, 4)}
    further = [
        Decision(rule=rule, effect=effect, exit_code=code, message="m")  # type: ignore[arg-type]
        for rule in ("b/b", "a/a")
        for effect in effects
        for code in codes.get(effect, (0,))
    ]
    shown = [(one.effect, one.exit_code, one.rule) for one in judged(summary(), further=further).decisions]
    assert shown == [
        ("block", 4, "a/a"), ("block", 4, "b/b"), ("block", 3, "a/a"), ("block", 3, "b/b"), ("warn", 0, "a/a"),
        ("warn", 0, "b/b"), ("baselined", 0, "a/a"), ("baselined", 0, "b/b"), ("waived", 0, "a/a"), ("waived", 0, "b/b"),
        ("note", 0, "a/a"), ("note", 0, "b/b"), ("pass", 0, "a/a"), ("pass", 0, "b/b"), ("pass", 0, "required/summary"),
    ]  # fmt: skip


def test_equals_are_ordered_by_audit_fingerprint_and_message() -> None:
    parts = [(audit, print_, message) for audit in "ba" for print_ in "ba" for message in "ba"]
    further = [Decision(rule="a/a", effect="note", message=m, audit=a, fingerprint=f) for a, f, m in parts]
    notes = judged(summary(), further=further).with_effect("note")
    assert [(one.audit, one.fingerprint, one.message) for one in notes] == sorted(parts)


def test_nothing_assessed() -> None:
    assert of(judged({}), "evidence/nothing_assessed") == Decision(
        rule="evidence/nothing_assessed",
        effect="block",
        exit_code=4,
        message="nothing was assessed: a verdict on nothing is no pass",
    )
    assert not [one for one in judged(summary()).decisions if one.rule == "evidence/nothing_assessed"]


def test_evidence_that_does_not_count() -> None:
    verdict = judged(summary() | {"extra": "it was edited"})
    assert of(verdict, "evidence/unusable") == Decision(
        rule="evidence/unusable",
        effect="block",
        exit_code=4,
        message="it was edited",
        audit="extra",
        required="evidence that belongs to what is here now",
    )


def test_a_requirement_that_is_met_says_on_how_much() -> None:
    items = summary(units=Units(name="checks", declared=7, evaluated=5))
    words = "summary evaluated 5 of 7 checks"
    assert judged(items).decisions == (
        Decision(
            rule="required/summary", effect="pass", message=words, observed=words, required="summary assessed"
        ),
    )  # fmt: skip


def test_a_requirement_that_is_not_met_says_what_became_of_each_alternative() -> None:
    names = ("absent", "broken", "few", "failed", "unsure")
    few = evidence("few", units=Units(name="rows", declared=9, evaluated=2))
    items = summary() | {
        "broken": "it was edited", "few": few, "failed": unanswered("failed", Outcome.FAILED, "crashed"),
        "unsure": unanswered("unsure", Outcome.NOT_APPLICABLE, "no_text"),
    }  # fmt: skip
    policy = Policy(tier="prototype", required=(names,), minimum_units_by_audit={"few": 3})
    observed = (
        "absent is not configured; broken: no usable evidence; few evaluated 2 units, fewer than 3; "
        "failed: failed (crashed): it could not; unsure: not_applicable (no_text): it could not"
    )
    assert of(judged(items, policy), "required/absent_or_broken_or_few_or_failed_or_unsure") == Decision(
        rule="required/absent_or_broken_or_few_or_failed_or_unsure",
        effect="block",
        exit_code=4,
        message=f"required and not answered: {observed}",
        observed=observed,
        required="absent or broken or few or failed or unsure assessed",
        audit="absent",
    )


def test_no_alternative_is_answered_by_evidence_that_does_not_count() -> None:
    verdict = judged(summary() | {"a": "it was edited"}, Policy(tier="prototype", required=(("a",),)))
    assert of(verdict, "required/a").effect == "block"


def test_a_requirement_of_nothing_is_never_met() -> None:
    resolved = Policy(tier="prototype", required=((),)).resolved()
    assert of(judged(summary(), resolved), "required/") == Decision(
        rule="required/",
        effect="block",
        exit_code=4,
        message="required and not answered: an empty list of audits",
        required=" assessed",
    )
    assert of(judged(summary(), Policy(required=())), "required/nothing") == Decision(
        rule="required/nothing",
        effect="block",
        exit_code=4,
        message="the policy requires no audit at all: such a policy cannot pass anything",
    )


def test_units_that_were_taken_away_are_no_answer() -> None:
    """No validated evidence is like that; the gate does not rely on it."""
    without = evidence("summary").model_copy(update={"units": None})
    decision = of(judged({"summary": without}), "required/summary")
    assert (decision.exit_code, decision.observed) == (4, "summary does not say how many units it evaluated")


def test_an_accepted_reason_is_said_once_and_only_where_it_was_asked() -> None:
    told = unanswered("label_issues", Outcome.NOT_APPLICABLE, "no_target")
    decision = of(
        judged(summary() | {"label_issues": told}, Policy(required=(("label_issues",),))), "required/label_issues"
    )
    assert (decision.effect, decision.message) == ("pass", "label_issues: no_target, which the policy accepts")
    assert [one.rule for one in judged(summary() | {"label_issues": told}).decisions] == ["required/summary"]


def test_audits_that_were_not_answered() -> None:
    words = "summary: failed (crashed): it could not"
    failed = judged({"summary": unanswered("summary"), "other": evidence("other")})
    assert of(failed, "evidence/failed") == Decision(
        rule="evidence/failed",
        effect="block",
        exit_code=4,
        message=words,
        audit="summary",
        observed="crashed",
        required="assessed",
    )
    for outcome, effect in (("failed", "warn"), ("inconclusive", "warn"), ("not_applicable", "note")):
        verdict = judged(summary() | {"extra": unanswered("extra", Outcome(outcome), "few")})
        assert of(verdict, f"evidence/{outcome}") == Decision(
            rule=f"evidence/{outcome}",
            effect=effect,  # type: ignore[arg-type]
            message=f"extra: {outcome} (few): it could not",
            audit="extra",
        )


def test_one_audit_without_evidence_hides_nothing_of_the_next() -> None:
    bad = evidence("schema", findings=(finding("schema/null", Level.ERROR),))
    later = {"broken": "it was edited", "unsure": unanswered("unsure", Outcome.INCONCLUSIVE, "few"), "schema": bad}
    rules = {one.rule for one in judged(later | summary()).decisions}
    assert {"evidence/unusable", "evidence/inconclusive", "schema/null", "required/summary"} <= rules


def test_questions_to_people() -> None:
    policy = ONE.model_copy(update={"required_answers": ("motivation.purpose", "uses.do_not_use")})
    verdict = judged(summary(), policy, answered={"uses.do_not_use"})
    assert verdict.exit_code == 3
    assert of(verdict, "answer/uses.do_not_use") == Decision(
        rule="answer/uses.do_not_use",
        effect="pass",
        message="uses.do_not_use is answered",
        required="an answer by a person",
    )
    assert of(verdict, "answer/motivation.purpose") == Decision(
        rule="answer/motivation.purpose",
        effect="block",
        exit_code=3,
        message="nobody has said what the policy wants to know, “motivation.purpose”: answer motivation.purpose with "
        "govern ask toy, or in answers/toy.yaml",
        observed="open",
        required="an answer by a person",
    )
    model = judged({"performance": evidence("performance")}, policy, kind="model")
    assert [one.rule for one in model.decisions] == ["required/performance"]
