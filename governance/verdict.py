"""Waivers, decisions and verdicts: data only. `governance.gate` makes them."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, ValidationError

from governance.alike import spread
from governance.canonical import Frozen, Sealed
from governance.errors import EvidenceError
from governance.policy import Tier, Words
from governance.validation import no_such_key, worded_item


class Waiver(Frozen):
    """One finding accepted for a time, by whom and why."""

    fingerprint: str = Field(pattern=r"^[0-9a-f]{16}$")
    """Of one finding: no wildcards."""
    owner: Words
    reason: Annotated[str, StringConstraints(min_length=10, strip_whitespace=True)]
    expires: datetime.date
    ticket: str = ""
    max_count: int | None = Field(default=None, ge=0)
    """The waiver covers the finding as long as its count is not higher."""


class Decision(Frozen):
    """One step of a verdict: what was required, what was observed, what follows."""

    rule: str
    """The finding's rule, `required/<audit>`, `metric/<audit>.<name>`, `answer/<question>`, `approval/<role>`,
    `baseline/<what>`, `evidence/<what>` or `waiver/<what>`."""
    effect: Literal["pass", "note", "warn", "baselined", "waived", "block"]
    exit_code: Literal[0, 3, 4] = 0
    """3 when the policy blocks, 4 when evidence does."""
    message: str
    observed: str = ""
    required: str = ""
    audit: str = ""
    fingerprint: str = ""
    waiver: str = ""
    """Reason and owner, when a waiver applied; since when, when the baseline did."""


class Verdict(Sealed):
    """A machine's word on one dataset or model. A preview: the gate decides again from the same evidence."""

    schema_version: Literal[1] = 1
    subject: str
    kind: Literal["dataset", "model"]
    result: Literal["passed", "blocked"]
    tier: Tier
    snapshot_digest: str
    """Digest of the data (for a model: of the data it was trained on)."""
    policy_digest: str
    evidence: dict[str, str] = Field(default_factory=dict)
    """Audit to the digest of its evidence."""
    decisions: tuple[Decision, ...] = ()
    digest: str = ""

    @property
    def exit_code(self) -> int:
        """0 passed, 3 blocked by policy, 4 when evidence is missing or could not be made: 4 outranks 3."""
        return max((decision.exit_code for decision in self.decisions), default=0)

    @property
    def blocking(self) -> tuple[Decision, ...]:
        """The decisions that block."""
        return tuple(decision for decision in self.decisions if decision.effect == "block")

    def with_effect(self, effect: str) -> tuple[Decision, ...]:
        """The decisions that have `effect`."""
        return tuple(decision for decision in self.decisions if decision.effect == effect)


def read_verdict(path: Path) -> Verdict:
    """The verdict in `path`. Raises EvidenceError when it is missing, damaged or edited."""
    try:
        verdict = Verdict.model_validate(spread(json.loads(path.read_bytes().decode())))
        intact = verdict.content_digest() == verdict.digest
    except FileNotFoundError:
        raise EvidenceError(f"{path} is missing") from None
    except (ValueError, OSError, RecursionError) as error:
        raise EvidenceError(f"{path} is not a verdict that this release reads: {str(error).splitlines()[0]}") from None
    if not intact:
        raise EvidenceError(f"{path} was changed after it was written: its digest does not match its content")
    return verdict


def parse_waivers(content: Any) -> tuple[tuple[Waiver, ...], tuple[str, ...]]:
    """Waivers in the content of waivers.yaml, and all problems with it, worded for a person."""
    entries = (content or {}).get("waivers", []) if isinstance(content, dict | None) else content
    unknown = [key for key in content if key != "waivers"] if isinstance(content, dict) else []
    problems = [f"waivers.yaml: {key}: {no_such_key(key, ['waivers'])}" for key in unknown]
    if not isinstance(entries, list):
        return (), (*problems, "waivers.yaml: `waivers:` must be a list")
    waivers: list[Waiver] = []
    for number, entry in enumerate(entries, start=1):
        try:
            waivers.append(Waiver.model_validate(entry))
        except ValidationError as error:
            problems.extend(
                f"waivers.yaml: waiver {number}: {worded_item(item, Waiver)}{_advice(item)}" for item in error.errors()
            )
    doubled = {w.fingerprint for w in waivers if sum(o.fingerprint == w.fingerprint for o in waivers) > 1}
    problems.extend(f"waivers.yaml: {fingerprint} is waived twice" for fingerprint in sorted(doubled))
    return tuple(waivers), tuple(problems)


def _advice(item: Mapping[str, Any]) -> str:
    """What to do about a fingerprint that is none."""
    if item["loc"] != ("fingerprint",):
        return ""
    value = item.get("input")
    if isinstance(value, str) and re.search(r"[*?]", value):
        return "; a waiver names one finding, wildcards are refused"
    if isinstance(value, int | float):
        return "; put it in quotes, YAML reads digits alone as a number"
    return "; `govern gate` shows it in brackets"
