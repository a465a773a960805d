"""One verdict on little evidence, and one decision out of it."""

from __future__ import annotations

from typing import Any

from evidence_samples import evidence

from governance.evidence import Evidence
from governance.gate import decide
from governance.policy import Policy, ResolvedPolicy
from governance.verdict import Decision, Verdict

ONE = Policy(tier="prototype", required=(("summary",),))


def judged(items: dict[str, Evidence | str], policy: Policy | ResolvedPolicy = ONE, **rest: Any) -> Verdict:
    resolved = policy.resolved() if isinstance(policy, Policy) else policy
    return decide(resolved, **({"subject": "toy", "kind": "dataset", "snapshot_digest": "sha256:a", "evidence": items} | rest))  # fmt: skip


def of(verdict: Verdict, rule: str) -> Decision:
    (found,) = [one for one in verdict.decisions if one.rule == rule]
    return found


def summary(**rest: Any) -> dict[str, Evidence | str]:
    return {"summary": evidence("summary", **rest)}
