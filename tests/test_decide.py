"""`decide` over policies x evidence x what people said: total, monotone, independent of order, equal to a reference."""

from __future__ import annotations

import datetime
import functools
import operator
from dataclasses import dataclass
from typing import Any

from evidence_samples import evidence, finding, metric, unanswered
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.evidence import Evidence, Finding, Level, Outcome, Units
from governance.gate import decide
from governance.policy import TIERS, FindingRule, MetricRule, Policy
from governance.ratchet import Coverage, Known, Recorded
from governance.verdict import Verdict, Waiver

TODAY = datetime.date(2026, 5, 1)
EVALUATIONS = ("performance", "calibration", "slices", "extra")
AUDITS = (*dict.fromkeys(name for tier in TIERS.values() for group in tier.required for name in group), "extra")
QUESTIONS = ("motivation.purpose", "uses.do_not_use", "maintenance.maintainer", "uses.other_tasks")
EFFECTS = st.sampled_from(["block", "warn", "note"])
LEVELS = st.sampled_from([*Level, Level.ERROR])
COLUMNS = st.sampled_from([(), ("a",), ("b",)])
COUNTS = st.sampled_from([None, 2, 2, 3])
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
    st.sampled_from(["rows", "rows", "rules"]), st.sampled_from([4, 8]), st.integers(1, 4),
)  # fmt: skip
OTHERWISE = st.tuples(
    st.sampled_from([Outcome.FAILED, Outcome.INCONCLUSIVE, Outcome.NOT_APPLICABLE]),
    st.sampled_from(["no_target", "crashed"]),
)


plain = functools.cache(evidence)
"""Evidence of an audit without findings: each scene has a dozen of these, and they never change."""


def _made(name: str, how: Any) -> Evidence | str:
    if isinstance(how, str):
        return how
    return evidence(name, **how) if isinstance(how, dict) else unanswered(name, how[0], how[1])


EVIDENCE = st.one_of(st.just("truncated"), ANSWERED, ANSWERED, ANSWERED, OTHERWISE)
ITEMS = st.dictionaries(st.sampled_from(AUDITS), EVIDENCE).map(
    lambda d: {name: _made(name, how) for name, how in d.items()}
)

RULES = st.builds(
    FindingRule, rule=st.sampled_from([None, "duplicates/*", "schema/null"]), level=st.none() | LEVELS,
    dataset=st.sampled_from([None, "toy", "else"]), column=st.sampled_from([None, "a"]), effect=EFFECTS,
)  # fmt: skip
BOUNDS = st.builds(
    MetricRule, metric=st.sampled_from(["duplicates.rate", "extra.rate", "absent.rate", "summary.rows"]), op=st.sampled_from(list(OPS)),
    threshold=st.sampled_from([0.25, 0.5]), on=st.sampled_from(["value", "low", "high"]), effect=EFFECTS,
    dataset=st.sampled_from([None, "toy", "else"]),
)  # fmt: skip
DAYS = st.sampled_from([-1, 0, 1, 90, 180, 181])
LOOKED = st.builds(
    Coverage,
    units=st.sampled_from(["rows", "rules"]),
    declared=st.sampled_from([4, 8, 100]),
    evaluated=st.integers(1, 5),
)
TWISTS = st.lists(
    st.sampled_from([
        "evidence", "evidence", "answered", "units", "units_by_audit", "also_required", "rules", "bounds", "coverage",
        "coverage", "gone", "undated", "everything",
    ]),
    max_size=3,
)  # fmt: skip


@dataclass
class Scene:
    """A policy, evidence, and what people said."""

    policy: Policy
    items: dict[str, Evidence | str]
    said: dict[str, Any]


@st.composite
def scenes(draw: st.DrawFn) -> Scene:
    """A subject on which all is well, with some findings, waivers and baseline entries for them, and up to three twists.

    With everything drawn at large something blocks nearly always, and hides what the rest of the gate does.
    """
    twists = set(draw(TWISTS))
    kind = draw(st.sampled_from(["dataset", "dataset", "dataset", "model"]))
    names = AUDITS if kind == "dataset" else EVALUATIONS
    own = draw(ANSWERED)
    items: dict[str, Evidence | str] = {name: plain(name) for name in names}
    bearer = draw(st.sampled_from(names))
    units = own["units"] if "units" in twists or "coverage" in twists else Units(name="rows", declared=9, evaluated=9)
    items[bearer] = evidence(bearer, **(own | {"units": units}))
    waivers, recorded = [], []
    for found in own["findings"]:
        named = found.identified("toy")
        if draw(st.booleans()):
            waivers.append(
                Waiver(
                    fingerprint=named.fingerprint,
                    owner="Ada",
                    reason="known and harmless",
                    max_count=draw(st.sampled_from([None, None, 2, 3])),
                    expires=TODAY + datetime.timedelta(days=draw(DAYS)),
                )
            )
        if draw(st.booleans()):
            recorded.append(
                Recorded(
                    fingerprint=named.fingerprint,
                    audit=bearer,
                    rule=named.rule,
                    on=TODAY,
                    level=draw(st.sampled_from([named.level, named.level, *Level])),
                    count=draw(st.sampled_from([named.count, named.count, None, 2, 3])),
                )
            )
    looked = (
        draw(st.dictionaries(st.sampled_from([bearer, *names]), LOOKED, max_size=2)) if "coverage" in twists else {}
    )
    if "evidence" in twists:
        name = draw(st.sampled_from(names))
        items[name] = _made(name, draw(EVIDENCE))
    if "gone" in twists:
        del items[draw(st.sampled_from(names))]
    policy = Policy(
        tier=draw(st.sampled_from(["prototype", "internal", "internal", "regulated"])),
        minimum_units=draw(st.sampled_from([1, 3, 9, 101])) if "units" in twists else 1,
        minimum_units_by_audit=(
            draw(st.dictionaries(st.sampled_from(names), st.sampled_from([1, 9, 10, 101]), max_size=2))
            if "units_by_audit" in twists
            else {}
        ),
        also_required=((draw(st.sampled_from(names)),),) if "also_required" in twists else (),
        required_answers=tuple(draw(st.lists(st.sampled_from(QUESTIONS), max_size=2))),
        findings=tuple(draw(st.lists(RULES, max_size=2))) if "rules" in twists else (),
        metrics=(draw(BOUNDS),) if "bounds" in twists else (),
    )
    said = {
        "kind": kind, "waivers": waivers, "today": None if "undated" in twists else TODAY,
        "known": Known(findings=tuple(recorded), coverage=looked) if recorded or looked or draw(st.booleans()) else None,
        "answered": draw(st.sets(st.sampled_from(QUESTIONS))) if "answered" in twists else set(QUESTIONS),
    }  # fmt: skip
    return Scene(policy, draw(ITEMS) if "everything" in twists else items, said)


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


REACHED: set[object] = set()
"""What the draws of the next test came to."""


@settings(max_examples=600, deadline=None)
@given(scenes())
def test_it_is_total_and_equals_a_reference_written_differently(scene: Scene) -> None:
    verdict = judged(scene.policy, scene.items, scene.said)
    blocking = {one.rule.split("/")[0] for one in verdict.blocking}
    REACHED.update({verdict.exit_code, *(one.effect for one in verdict.decisions)})
    REACHED.update([("only", *blocking)] if len(blocking) == 1 else [])
    assert verdict.exit_code == reference(scene.policy, scene.items, scene.said)
    assert (verdict.result == "passed") is (verdict.exit_code == 0)
    assert all((one.effect == "block") is (one.exit_code != 0) for one in verdict.decisions)


@settings(max_examples=100, deadline=None)
@given(scenes(), st.randoms(use_true_random=False))
def test_no_order_matters(scene: Scene, random: Any) -> None:
    def shuffled(values: Any) -> list[Any]:
        mixed = list(values)
        random.shuffle(mixed)
        return mixed

    said, items = scene.said, scene.items
    known = said["known"]
    other = said | {
        "waivers": shuffled(said["waivers"]), "answered": shuffled(sorted(said["answered"])),
        "known": known and known.model_copy(update={"findings": tuple(shuffled(known.findings))}),
    }  # fmt: skip
    expected = judged(scene.policy, items, said)
    assert judged(scene.policy, {name: items[name] for name in shuffled(items)}, other) == expected


@settings(max_examples=200, deadline=None)
@given(scenes(), st.data())
def test_less_evidence_or_more_trouble_never_turns_blocked_into_passed(scene: Scene, data: st.DataObject) -> None:
    policy, items, said = scene.policy, scene.items, scene.said
    if judged(policy, items, said).result == "passed" or not items:
        return
    name = data.draw(st.sampled_from(sorted(items)))
    assert judged(policy, items | {name: "missing"}, said).result == "blocked"
    item, extra = items[name], data.draw(FINDINGS)
    if isinstance(item, Evidence) and extra.identified("toy").fingerprint not in {f.fingerprint for f in item.findings}:
        more = item.model_copy(update={"findings": (*item.findings, extra)}).sealed()
        assert judged(policy, items | {name: more}, said).result == "blocked"
    asked = {name for group in policy.resolved().required for name in group} if said["kind"] == "dataset" else set()
    if name in asked or (said["known"] and name in said["known"].coverage):
        # A required audit that is gone, or one that the baseline knows, is missed; what nobody asked for is not.
        alone = {key: item for key, item in items.items() if key != name}
        alternatives = any(name in group and len(group) > 1 for group in policy.resolved().required)
        bounded = any(rule.metric.startswith(f"{name}.") for rule in policy.metrics)
        if not alternatives and not bounded:
            assert judged(policy, alone, said).result == "blocked"
    question = data.draw(st.sampled_from(QUESTIONS))
    assert judged(policy, items, said | {"answered": set(said["answered"]) - {question}}).result == "blocked"
    assert judged(policy, items, said | {"waivers": said["waivers"][1:]}).result == "blocked"
    known = said["known"]
    if known is not None:
        less = known.model_copy(update={"findings": known.findings[1:]})
        assert judged(policy, items, said | {"known": less}).result == "blocked"


def test_the_scenes_reach_every_corner() -> None:
    """What a property test never draws, it never tests."""
    if not REACHED:  # this test is run alone
        test_it_is_total_and_equals_a_reference_written_differently()
    assert {0, 3, 4, "block", "warn", "note", "waived", "baselined", "pass"} <= REACHED
    assert {("only", what) for what in ("baseline", "answer", "required", "metric", "duplicates")} <= REACHED
