"""Loosening of a policy: what it would let through that the base's would not, compared by meaning, not by wording."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from governance.comparing.change import Change
from governance.evidence import Level
from governance.policy import TIERS, ApprovalDemand, FindingRule, MetricRule, Policy, ResolvedPolicy

_EFFECTS = {"note": 0, "warn": 1, "block": 2}
_MOST_COLUMNS = 6
"""Columns that rules may name before their combinations are too many to go through."""
_WHERE = "params.yaml: policy"


def policy_changes(base: Policy, head: Policy) -> Iterator[Change]:
    """What `head` lets through and `base` does not."""
    old, new = base.resolved(), head.resolved()
    order = list(TIERS)
    if order.index(new.tier) < order.index(old.tier):
        yield Change("tier_lowered", _WHERE, f"tier became {new.tier}, it was {old.tier}", old.tier, new.tier)
    yield from _requirements(old, new)
    for name, codes in sorted(new.accept.items()):
        if more := sorted(set(codes) - set(old.accept.get(name, ()))):
            words = f"accept: {', '.join(more)} now satisfies the requirement for {name}"
            yield Change("accepts_more", _WHERE, words, old.accept.get(name), codes)
    if new.minimum_units < old.minimum_units:
        words = f"minimum_units became {new.minimum_units}, it was {old.minimum_units}"
        yield Change("minimum_lowered", _WHERE, words, old.minimum_units, new.minimum_units)
    for audit in sorted(old.minimum_units_by_audit.keys() | new.minimum_units_by_audit.keys()):
        if new.units_for(audit) < old.units_for(audit):
            words = f"minimum_units_by_audit.{audit} became {new.units_for(audit)}, it was {old.units_for(audit)}"
            yield Change("minimum_lowered", _WHERE, words, old.units_for(audit), new.units_for(audit))
    if gone := [question for question in old.required_answers if question not in new.required_answers]:
        words = f"required_answers: {', '.join(gone)} is no longer required"
        yield Change("answer_not_required", _WHERE, words, gone, new.required_answers)
    yield from _approvals(old.approvals, new.approvals)
    if new.waiver_days > old.waiver_days:
        words = f"waiver_days became {new.waiver_days}, it was {old.waiver_days}"
        yield Change("waivers_longer", _WHERE, words, old.waiver_days, new.waiver_days)
    yield from _findings(old.findings, new.findings)
    yield from _metrics(old.metrics, new.metrics)


def _approvals(old: ApprovalDemand, new: ApprovalDemand) -> Iterator[Change]:
    roles = [role for role in old.roles if role not in new.roles]
    own = new.author_may_approve and not old.author_may_approve and not old.nobody
    if roles or new.people < old.people or own:
        words = "approvals: fewer people, other roles, or the author of the change, are enough"
        plain = (old.model_dump(mode="json"), new.model_dump(mode="json"))
        yield Change("approvals_relaxed", _WHERE, words, *plain)


def _requirements(old: ResolvedPolicy, new: ResolvedPolicy) -> Iterator[Change]:
    for alternatives in old.required:
        if not any(set(other) <= set(alternatives) for other in new.required if other):
            words = f"required: {' or '.join(alternatives)} is no longer required"
            yield Change("requirement_removed", _WHERE, words, alternatives, new.required)
    for name in old.required_evaluations:
        if name not in new.required_evaluations:
            words = f"required_evaluations: {name} is no longer required"
            yield Change("requirement_removed", _WHERE, words, name, new.required_evaluations)


def _findings(old: tuple[FindingRule, ...], new: tuple[FindingRule, ...]) -> Iterator[Change]:
    """Compares what both lists say of every kind of finding that either can tell apart."""
    if old == new:
        return
    rules = [*old, *new]
    columns = sorted({rule.column for rule in rules if rule.column})
    plain: list[Any] = [[rule.model_dump(mode="json") for rule in side] for side in (old, new)]
    if len(columns) > _MOST_COLUMNS:
        yield Change("rules_changed", _WHERE, "findings: the rules differ", plain[0], plain[1], unclear=True)
        return
    audits = {rule.rule.split("/")[0] for rule in rules if rule.rule}
    kinds = sorted({rule.rule for rule in rules if rule.rule and not rule.rule.endswith("/*")})
    kinds += [f"{audit}/any_other" for audit in sorted(audits)] + ["any_other/any"]
    datasets = [*sorted({rule.dataset for rule in rules if rule.dataset}), "any other"]
    sets = [c for size in range(len(columns) + 1) for c in itertools.combinations(columns, size)]
    for kind, dataset, named, level in itertools.product(kinds, datasets, sets, reversed(Level)):
        effects = [_effect(side, kind, level, dataset, named) for side in (old, new)]
        if _EFFECTS[effects[1]] < _EFFECTS[effects[0]]:
            about = f"{kind} on {dataset}" + (f", column {', '.join(named)}" if named else "")
            words = f"findings: {level} {about} would {effects[1]}, it would {effects[0]}".replace(
                "would note", "would pass"
            )
            yield Change("rules_loosened", _WHERE, words, plain[0], plain[1])
            return  # one example; the fingerprint covers both lists


def _effect(rules: tuple[FindingRule, ...], rule: str, level: Level, dataset: str, columns: tuple[str, ...]) -> str:
    matching = (one for one in rules if one.matches(rule=rule, level=level, dataset=dataset, columns=columns))
    found = next(matching, None)
    return found.effect if found else "block"


def _metrics(old: tuple[MetricRule, ...], new: tuple[MetricRule, ...]) -> Iterator[Change]:
    for rule in old:
        same = [one for one in new if _about(one) == _about(rule)]
        if any(_as_strict(one, rule) for one in same):
            continue
        plain: list[Any] = [rule.model_dump(mode="json"), [one.model_dump(mode="json") for one in same]]
        if same:
            words = f"metrics: {rule.metric} {same[0].op} {same[0].threshold:g} ({same[0].effect}), it was {rule.threshold:g} ({rule.effect})"
            yield Change("threshold_moved", _WHERE, words, plain[0], plain[1])
        else:
            yield Change(
                "threshold_removed", _WHERE, f"metrics: the bound on {rule.metric} is gone", plain[0], plain[1]
            )


def _about(rule: MetricRule) -> tuple[object, ...]:
    return (rule.metric, rule.op[0], rule.on, rule.dataset, rule.group)


def _as_strict(new: MetricRule, old: MetricRule) -> bool:
    if _EFFECTS[new.effect] < _EFFECTS[old.effect]:
        return False
    if new.threshold == old.threshold:
        return len(new.op) <= len(old.op)  # `<` is stricter than `<=`
    return (new.threshold < old.threshold) == (old.op[0] == "<")
