"""Judges a change by the rules of its base: the base's policy and waivers, and what the change loosens."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from governance.collect import Collected, judge
from governance.comparing.loosening import Loosened, loosened
from governance.comparing.revision import Revision
from governance.config import Workspace
from governance.errors import ConfigError
from governance.evidence import Finding
from governance.gate import with_waiver
from governance.policy import ResolvedPolicy
from governance.ratchet import both
from governance.verdict import Decision, Verdict, Waiver


@dataclass(frozen=True)
class Against:
    """By whose rules a change is judged."""

    rules: Workspace
    """Where policy and waivers (baseline and approvals, where there are any) are read from."""
    loosened: Loosened
    shown: str = ""
    """The base, as it was asked for; empty when a workspace is judged by its own rules."""

    def verdict(
        self, workspace: Workspace, collected: Collected, further: Sequence[Decision], today: datetime.date
    ) -> Verdict:
        """The verdict on one subject by these rules."""
        policy = self.rules.config.policy.resolved()
        given = self._verdict(workspace, collected, further, today, policy, self.rules.waivers)
        added = [waiver for waiver in workspace.waivers if waiver not in self.rules.waivers]
        if not self.shown or not added:
            return given
        hoped = self._verdict(workspace, collected, further, today, policy, _replaced(self.rules.waivers, added))
        waived = {decision.fingerprint: decision.waiver for decision in hoped.with_effect("waived")}
        decisions = tuple(
            decision.model_copy(update={"message": f"{decision.message} [would pass with this waiver: merge it first]",
                                        "waiver": waived[decision.fingerprint]})
            if decision.effect == "block" and decision.fingerprint in waived else decision
            for decision in given.decisions
        )  # fmt: skip
        return given.model_copy(update={"decisions": decisions}).sealed()

    def _verdict(
        self,
        workspace: Workspace,
        collected: Collected,
        further: Sequence[Decision],
        today: datetime.date,
        policy: ResolvedPolicy,
        waivers: Sequence[Waiver],
    ) -> Verdict:
        findings = (*self.loosened.everywhere, *self.loosened.of.get(collected.name, ()))
        held = [one for finding in findings for one in with_waiver(_decision(finding), finding, waivers, policy, today)]
        known = workspace.baseline.of(collected.kind, collected.name)
        if self.shown:  # a change may take entries out of the baseline, and puts none in for itself
            known = both(self.rules.baseline.of(collected.kind, collected.name), known)
        return judge(
            workspace, collected, policy=policy, waivers=waivers, known=known, today=today, further=[*further, *held]
        )


def _replaced(waivers: Sequence[Waiver], added: Sequence[Waiver]) -> list[Waiver]:
    fingerprints = {waiver.fingerprint for waiver in added}
    return [*added, *(waiver for waiver in waivers if waiver.fingerprint not in fingerprints)]


def _decision(finding: Finding) -> Decision:
    return Decision(
        rule=finding.rule,
        effect="block",
        exit_code=3,
        message=finding.message,
        observed=str(finding.level),
        required="the change loosens nothing, or an owner accepted it at the base",
        fingerprint=finding.fingerprint,
    )


def against_base(workspace: Workspace, base: Revision | None) -> Against:
    """By whose rules `workspace` is judged: its own without a base. Raises ConfigError when the base's make no sense."""
    if base is None:
        return Against(workspace, Loosened((), {}))
    try:
        found = loosened(base, workspace)
        rules = base.workspace or workspace
        _ = rules.waivers, rules.baseline
    except ConfigError as error:
        raise ConfigError(f"at {base.shown}, or here: {problem}" for problem in error.problems) from None
    return Against(rules, found, base.shown)
