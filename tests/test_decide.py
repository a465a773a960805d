"""`decide` over policies x evidence x what people said: total, monotone, independent of order, equal to a reference."""

from __future__ import annotations

import datetime
import operator
from typing import Any

from evidence_samples import evidence, finding, metric, unanswered
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.evidence import Evidence, Finding, Level, Outcome, Units
from governance.gate import decide
from governance.policy import FindingRule, MetricRule, Policy, Verdict, Waiver
from governance.ratchet import Coverage, Known, Recorded

TODAY = datetime.date(2026, 5, 1)
AUDITS = ("schema", "expectations", "label_issues", "duplicates", "outliers", "summary", "extra")
QUESTIONS = ("motivation.purpose", "uses.do_not_use", "maintenance.maintainer", "uses.other_tasks")
EFFECTS = st.sampled_from(["block", "warn", "note"])
LEVELS = st.sampled_from(list(Level))
COLUMNS = st.sampled_from([(), ("a",), ("b",)])
COUNTS = st.none() | st.integers(0, 3)
OPS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}

FINDINGS = st.builds(
    finding, rule=st.sampled_from(["schema/null", "duplicates/exact", "extra/far"]), level=LEVELS, columns=COLUMNS,
    count=COUNTS,
)  # fmt: skip
NUMBERS = st.sampled_from([0.0, 0.5, 1.0])
METRICS = st.builds(
    lambda value, low, high: metric("rate", value, low=low, high=high),
    st.none() | NUMBERS, NUMBERS, NUMBERS,
) | st.builds(metric, st.just("rate"), st.none() | NUMBERS)  # fmt: skip
ANSWERED = st.builds(
    lambda found, told, name, declared, n: {
        "findings": tuple(found), "metrics": tuple(told), "units": Units(name=name, declared=declared, evaluated=n),
    },
    st.lists(FINDINGS, max_size=3, unique_by=lambda one: one.identified("toy").fingerprint), st.lists(METRICS, max_size=1),
    st.sampled_from(["rows", "rules"]), st.integers(4, 9), st.integers(1, 4),
)  # fmt: skip
OTHERWISE = st.tuples(
    st.sampled_from([Outcome.FAILED, Outcome.INCONCLUSIVE, Outcome.NOT_APPLICABLE]),
    st.sampled_from(["no_target", "crashed"]),
)


def _made(name: str, how: Any) -> Evidence | str:
    if isinstance(how, str):
        return how
    return evidence(name, **how) if isinstance(how, dict) else unanswered(name, how[0], how[1])


EVIDENCE = st.one_of(st.just("truncated"), ANSWERED, ANSWERED, ANSWERED, OTHERWISE)
ITEMS = st.dictionaries(st.sampled_from(AUDITS), EVIDENCE).map(
    lambda d: {name: _made(name, how) for name, how in d.items()}
)
CLEAN = st.dictionaries(st.sampled_from(AUDITS), ANSWERED | st.just(("fine",))).map(
    lambda d: (
        {name: evidence(name) for name in AUDITS} | {n: evidence(n, **h) for n, h in d.items() if isinstance(h, dict)}
    )
)
RULES = st.builds(
    FindingRule, rule=st.sampled_from([None, "duplicates/*", "schema/null"]), level=st.none() | LEVELS,
    dataset=st.sampled_from([None, "toy", "else"]), column=st.sampled_from([None, "a"]), effect=EFFECTS,
)  # fmt: skip
BOUNDS = st.builds(
    MetricRule, metric=st.sampled_from(["duplicates.rate", "absent.rate", "summary.rows"]), op=st.sampled_from(list(OPS)),
    threshold=st.sampled_from([0.25, 0.5]), on=st.sampled_from(["value", "low", "high"]), effect=EFFECTS,
    dataset=st.sampled_from([None, "toy", "else"]),
)  # fmt: skip
POLICIES = st.builds(
    Policy, tier=st.sampled_from(["prototype", "internal", "regulated"]), minimum_units=st.integers(1, 3),
    minimum_units_by_audit=st.dictionaries(st.sampled_from(AUDITS), st.integers(1, 5), max_size=2),
    also_required=st.lists(st.tuples(st.sampled_from(AUDITS)), max_size=1).map(tuple),
    required_answers=st.lists(st.sampled_from(QUESTIONS), max_size=2).map(tuple),
    findings=st.lists(RULES, max_size=2).map(tuple), metrics=st.lists(BOUNDS, max_size=1).map(tuple),
)  # fmt: skip
MARKS = st.sampled_from([one.identified("toy").fingerprint for one in (
    finding(rule, columns=columns) for rule in ("schema/null", "duplicates/exact") for columns in ((), ("a",)))])  # fmt: skip
WAIVERS = st.lists(
    st.builds(Waiver, fingerprint=MARKS, owner=st.just("Ada"), reason=st.just("known and harmless"), max_count=COUNTS,
              expires=st.integers(-2, 200).map(lambda days: TODAY + datetime.timedelta(days=days))),
    max_size=2, unique_by=lambda one: one.fingerprint,
)  # fmt: skip
KNOWN = st.none() | st.builds(
    lambda findings, coverage: Known(findings=tuple(findings), coverage=coverage),
    st.lists(
        st.builds(Recorded, fingerprint=MARKS, audit=st.just("duplicates"), rule=st.just("duplicates/exact"), level=LEVELS,
                  count=COUNTS, on=st.just(TODAY)),
        max_size=2, unique_by=lambda one: one.fingerprint,
    ),
    st.dictionaries(
        st.sampled_from(AUDITS),
        st.builds(Coverage, units=st.sampled_from(["rows", "rules"]), declared=st.integers(4, 9), evaluated=st.integers(1, 4)),
        max_size=1,
    ),
)  # fmt: skip
SAID = st.fixed_dictionaries({
    "answered": st.sets(st.sampled_from(QUESTIONS)) | st.just(set(QUESTIONS)), "waivers": WAIVERS, "known": KNOWN,
    "today": st.sampled_from([TODAY, None]), "kind": st.sampled_from(["dataset", "dataset", "model"]),
})  # fmt: skip


def judged(policy: Policy, items: dict[str, Evidence | str], said: dict[str, Any]) -> Verdict:
    return decide(policy.resolved(), subject="toy", snapshot_digest="sha256:a", evidence=items, **said)


def reference(policy: Policy, items: dict[str, Evidence | str], said: dict[str, Any]) -> int:
    """The exit code, as two questions: is something missing, and does something else forbid it?"""
    resolved = policy.resolved()
    is_dataset = said["kind"] == "dataset"
    groups = list(resolved.required) if is_dataset else [(name,) for name in resolved.required_evaluations]
    usable = {name: item for name, item in items.items() if isinstance(item, Evidence)}
    asked = {name for group in groups for name in group}

    def excused(name: str) -> bool:
        one = usable[name]
        return one.outcome is Outcome.NOT_APPLICABLE and one.code in resolved.accept.get(name, ())

    def settled(name: str) -> bool:
        one = usable.get(name)
        if one is None or one.outcome is not Outcome.ASSESSED:
            return one is not None and excused(name)
        least = resolved.minimum_units_by_audit.get(name, resolved.minimum_units)
        return one.units is not None and one.units.evaluated >= least

    def shrunk(name: str, then: Coverage) -> bool:
        one = usable.get(name)
        if one is None or one.outcome is not Outcome.ASSESSED or one.units is None:
            return True
        if one.units.evaluated >= then.evaluated:
            return False
        smaller_table = one.units.name == "rows" == then.units
        return not (
            smaller_table and one.units.evaluated / one.units.declared >= then.evaluated / then.declared - 1e-12
        )

    bounds = []
    for rule in resolved.metrics:
        name, what = rule.metric.split(".")
        if rule.dataset in (None, "toy") and name in items:
            told = [m for m in usable[name].metrics if m.name == what] if name in usable else []
            bounds.append((rule, getattr(told[0], rule.on) if told else None))

    missing = (
        len(usable) < len(items)
        or not groups
        or any(not any(map(settled, group)) for group in groups)
        or any(one.outcome is Outcome.FAILED and name in asked and not excused(name) for name, one in usable.items())
        or not any(one.outcome is Outcome.ASSESSED for one in usable.values())
        or any(value is None for _, value in bounds)
        or any(shrunk(name, then) for name, then in (said["known"].coverage if said["known"] else {}).items())
    )

    def forbidden(one: Finding) -> bool:
        for rule in resolved.findings:
            family = (
                rule.rule is None
                or one.rule == rule.rule
                or (rule.rule[-2:] == "/*" and one.rule.split("/")[0] == rule.rule[:-2])
            )
            if (
                family
                and (rule.level is None or list(Level).index(one.level) >= list(Level).index(rule.level))
                and (rule.dataset in (None, "toy"))
                and (rule.column is None or rule.column in one.columns)
            ):
                return rule.effect == "block"
        return True

    def forgiven(one: Finding) -> bool:
        for waiver in said["waivers"]:
            if waiver.fingerprint == one.fingerprint:
                few = waiver.max_count is None or (one.count is not None and one.count <= waiver.max_count)
                day = said["today"]
                if few and (
                    day is None or day <= waiver.expires <= day + datetime.timedelta(days=resolved.waiver_days)
                ):
                    return True
        for entry in said["known"].findings if said["known"] else ():
            if entry.fingerprint == one.fingerprint and list(Level).index(one.level) <= list(Level).index(entry.level):
                if entry.count is None or one.count is None:
                    return entry.count is one.count
                return one.count <= entry.count
        return False

    refused = (
        any(forbidden(f) and not forgiven(f) for one in usable.values() for f in one.findings)
        or any(v is not None and not OPS[rule.op](v, rule.threshold) and rule.effect == "block" for rule, v in bounds)
        or (is_dataset and not set(resolved.required_answers) <= set(said["answered"]))
    )  # fmt: skip
    return 4 if missing else 3 if refused else 0


@settings(max_examples=400, deadline=None)
@given(POLICIES, ITEMS | CLEAN, SAID)
def test_it_is_total_and_equals_a_reference_written_differently(
    policy: Policy, items: dict[str, Evidence | str], said: dict[str, Any]
) -> None:
    verdict = judged(policy, items, said)
    assert verdict.exit_code == reference(policy, items, said)
    assert (verdict.result == "passed") is (verdict.exit_code == 0)
    assert all((one.effect == "block") is (one.exit_code != 0) for one in verdict.decisions)


@settings(max_examples=200, deadline=None)
@given(POLICIES, ITEMS | CLEAN, SAID, st.randoms(use_true_random=False))
def test_no_order_matters(policy: Policy, items: dict[str, Evidence | str], said: dict[str, Any], random: Any) -> None:
    def shuffled(values: Any) -> list[Any]:
        mixed = list(values)
        random.shuffle(mixed)
        return mixed

    known = said["known"]
    other = said | {
        "waivers": shuffled(said["waivers"]), "answered": shuffled(sorted(said["answered"])),
        "known": known and known.model_copy(update={"findings": tuple(shuffled(known.findings))}),
    }  # fmt: skip
    assert judged(policy, {name: items[name] for name in shuffled(items)}, other) == judged(policy, items, said)


@settings(max_examples=300, deadline=None)
@given(POLICIES, CLEAN, SAID, st.sampled_from(AUDITS), FINDINGS, st.sampled_from(QUESTIONS), WAIVERS)
def test_less_evidence_or_more_trouble_never_turns_blocked_into_passed(
    policy: Policy, items: dict[str, Evidence | str], said: dict[str, Any], name: str, extra: Finding, question: str,
    waivers: list[Waiver],
) -> None:  # fmt: skip
    """Each damage is done to what is blocked; what passes before is looked at by the reference."""
    if judged(policy, items, said).result == "passed":
        return
    assert judged(policy, items | {name: "missing"}, said).result == "blocked"
    for outcome in (Outcome.FAILED, Outcome.INCONCLUSIVE):
        only_that = not _blocks_by_itself(policy, items, said, name)
        assert not only_that or judged(policy, items | {name: unanswered(name, outcome)}, said).result == "blocked"
    item = items[name]
    assert isinstance(item, Evidence)
    if extra.identified("toy").fingerprint not in {one.fingerprint for one in item.findings}:
        more = item.model_copy(update={"findings": (*item.findings, extra)}).sealed()
        assert judged(policy, items | {name: more}, said).result == "blocked"
    assert judged(policy, items, said | {"answered": set(said["answered"]) - {question}}).result == "blocked"
    fewer = [waiver for waiver in said["waivers"] if waiver not in waivers][1:]
    assert judged(policy, items, said | {"waivers": fewer}).result == "blocked"
    known = said["known"]
    if known is not None:
        less = known.model_copy(update={"findings": known.findings[1:]})
        assert judged(policy, items, said | {"known": less}).result == "blocked"


def _blocks_by_itself(policy: Policy, items: dict[str, Evidence | str], said: dict[str, Any], name: str) -> bool:
    """Whether what blocks is what this audit found: without the audit, its findings are not there to block.

    They cannot pass unseen: an audit that is required, or that the baseline knows, is then missed.
    """
    verdict = judged(policy, items, said)
    return all(one.audit == name for one in verdict.blocking)
