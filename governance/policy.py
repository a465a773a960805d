"""Policy, waivers, decisions and verdicts: data only. `governance.gate` applies them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from governance.canonical import Frozen, digest_of
from governance.evidence import Level

Tier = Literal["prototype", "internal", "regulated"]
Effect = Literal["block", "warn", "note"]
Words = Annotated[str, StringConstraints(min_length=3, strip_whitespace=True)]
ROLE_PATTERN = r"^[a-z][a-z0-9_]{1,62}$"
"""Roles are words of the team's own: `data_owner`, `privacy_officer`."""


class FindingRule(Frozen):
    """What findings of a kind mean for a merge. Fields left out match everything."""

    rule: str | None = Field(default=None, pattern=r"^[a-z][a-z0-9_]*/([a-z][a-z0-9_]*|\*)$")
    """A finding's rule (`duplicates/exact_across_splits`) or all of an audit (`duplicates/*`)."""
    level: Level | None = None
    """Findings of this level and above."""
    dataset: str | None = None
    column: str | None = None
    effect: Effect = "block"
    why: str = ""

    def matches(self, *, rule: str, level: Level, dataset: str, columns: tuple[str, ...]) -> bool:
        """Whether a finding with these properties is meant."""
        return (
            (self.rule is None or self.rule == rule or (self.rule.endswith("/*") and rule.startswith(self.rule[:-1])))
            and (self.level is None or level.rank >= self.level.rank)
            and (self.dataset is None or self.dataset == dataset)
            and (self.column is None or self.column in columns)
        )


class MetricRule(Frozen):
    """A bound on a metric: `label_issues.noise_rate` `<` 0.05, on the value or on an end of its interval."""

    metric: str = Field(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$")
    """`audit.metric`."""
    op: Literal["<", "<=", ">", ">="]
    threshold: float = Field(allow_inf_nan=False)
    on: Literal["value", "low", "high"] = "value"
    dataset: str | None = None
    group: str = ""
    """The class, split or group; empty for the whole."""
    effect: Effect = "block"
    why: str = ""


class ApprovalDemand(Frozen):
    """Which people must have approved before something may be used."""

    roles: tuple[Annotated[str, StringConstraints(pattern=ROLE_PATTERN)], ...] = ()
    """Each must have approved. One person under two roles stands for one of them as long as `people` asks for more."""
    people: int = Field(default=0, ge=0)
    """So many different people."""
    author_may_approve: bool = False
    """Whether the author of the change counts."""

    @property
    def nobody(self) -> bool:
        """Whether nothing is demanded."""
        return not self.roles and not self.people


class Policy(Frozen):
    """`policy:` in params.yaml: a tier, and what the team changes about it."""

    tier: Tier = "internal"
    required: tuple[tuple[str, ...], ...] | None = None
    """Audits that must be assessed. Each entry is a list of which one is enough. None: the tier's."""
    also_required: tuple[tuple[str, ...], ...] = ()
    """Added to `required`, so that a tier can be extended without writing it out."""
    required_evaluations: tuple[str, ...] | None = None
    """Evaluations that a model must have. None: the tier's."""
    accept: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Audit to the codes (`no_target`, `task_regression` ...) of `not_applicable` that satisfy a requirement.
    Added to the tier's. An audit that failed or could not tell is never accepted."""
    minimum_units: int = Field(default=1, ge=1)
    """An audit that evaluated fewer units than this is not an answer."""
    minimum_units_by_audit: dict[str, Annotated[int, Field(ge=1)]] = Field(default_factory=dict)
    """The same for one audit or evaluation; comes before `minimum_units`."""
    required_answers: tuple[str, ...] | None = None
    """Questions of the datasheet (`motivation.purpose`) that a person must have answered. None: the tier's."""
    also_required_answers: tuple[str, ...] = ()
    """Added to `required_answers`."""
    approvals: ApprovalDemand | None = None
    """Which people must have approved. None: the tier's."""
    findings: tuple[FindingRule, ...] = ()
    """The first rule that matches a finding decides; the tier's rules come after these."""
    metrics: tuple[MetricRule, ...] = ()
    waiver_days: int = Field(default=180, ge=1)
    """A waiver may not reach further into the future than this."""

    def resolved(self) -> ResolvedPolicy:
        """The policy with its tier's defaults filled in."""
        preset = TIERS[self.tier]
        accept = {name: tuple(codes) for name, codes in preset.accept.items()}
        for name, codes in self.accept.items():
            accept[name] = tuple(dict.fromkeys([*accept.get(name, ()), *codes]))
        required = preset.required if self.required is None else self.required
        answers = preset.required_answers if self.required_answers is None else self.required_answers
        return ResolvedPolicy(
            tier=self.tier,
            required=tuple(dict.fromkeys([*required, *self.also_required])),
            required_evaluations=(
                preset.required_evaluations if self.required_evaluations is None else self.required_evaluations
            ),
            accept=accept,
            minimum_units=self.minimum_units,
            minimum_units_by_audit=dict(self.minimum_units_by_audit),
            required_answers=tuple(dict.fromkeys([*answers, *self.also_required_answers])),
            approvals=preset.approvals if self.approvals is None else self.approvals,
            findings=(*self.findings, *preset.findings),
            metrics=self.metrics,
            waiver_days=self.waiver_days,
        )


class ResolvedPolicy(Frozen):
    """What the gate applies: nothing is implied any more."""

    tier: Tier
    required: tuple[tuple[str, ...], ...]
    required_evaluations: tuple[str, ...]
    accept: dict[str, tuple[str, ...]]
    minimum_units: int
    minimum_units_by_audit: dict[str, int]
    required_answers: tuple[str, ...]
    approvals: ApprovalDemand
    findings: tuple[FindingRule, ...]
    metrics: tuple[MetricRule, ...]
    waiver_days: int

    def units_for(self, audit: str) -> int:
        """Fewer units than this are no answer to `audit`."""
        return self.minimum_units_by_audit.get(audit, self.minimum_units)

    @property
    def digest(self) -> str:
        """sha256 of all of it."""
        return digest_of(self.model_dump(mode="json"))


class _Preset(Frozen):
    required: tuple[tuple[str, ...], ...]
    required_evaluations: tuple[str, ...]
    accept: dict[str, tuple[str, ...]]
    findings: tuple[FindingRule, ...]
    required_answers: tuple[str, ...] = ()
    approvals: ApprovalDemand = ApprovalDemand()


_UNASKED = ("no_target", "task_not_audited")
"""Reasons for which no question about labels can be asked of a dataset."""

_ACCEPT = {
    "label_issues": _UNASKED,
    "leakage": ("nothing_to_compare", "no_target"),
    "poisoning": (*_UNASKED, "no_features"),
    "drift": ("nothing_to_compare",),
    "representation": ("no_sensitive_columns",),
    "integrity": ("no_cells",),
    "label_consistency": (*_UNASKED, "no_factors"),
    "calibration": ("task_regression", "no_probabilities"),
    "slices": ("no_sensitive_columns",),
    "answers": ("nothing_said",),
    "comparison": ("no_approved_model",),
    "label_noise": ("task_regression",),
}

_TOLD_BY_OWNERS = ("motivation.purpose", "uses.do_not_use", "maintenance.maintainer")
"""What somebody who meets the data must be told before they rely on it."""
_TOLD_BY_PEOPLE = (
    *_TOLD_BY_OWNERS,
    "motivation.creators", "composition.instances", "composition.sampling", "composition.missing",
    "composition.confidential", "composition.identifiable", "composition.sensitive", "collection.acquisition",
    "collection.mechanism", "collection.ethics_review", "collection.source_of_people_data", "collection.notification",
    "collection.consent", "collection.revocation", "collection.impact_assessment", "preprocessing.done",
    "preprocessing.raw_saved", "uses.impact_on_future_use", "distribution.export_controls", "maintenance.contact",
    "maintenance.updates", "maintenance.retention",
)  # fmt: skip
"""What no measurement can tell and a regulated use hangs on. Left out: funding, pay, other uses, how it is shipped."""

TIERS: dict[str, _Preset] = {
    "prototype": _Preset(
        required=(("schema", "expectations"), ("summary",)),
        required_evaluations=("performance",),
        accept=_ACCEPT,
        findings=(
            FindingRule(rule="schema/*", level=Level.ERROR, effect="block", why="the contract is broken"),
            FindingRule(rule="expectations/*", level=Level.ERROR, effect="block", why="the contract is broken"),
            FindingRule(level=Level.WARNING, effect="warn", why="worth a look before anybody relies on the data"),
            FindingRule(effect="note"),
        ),
    ),
    "internal": _Preset(
        required=(
            ("schema", "expectations"),
            ("label_issues",),
            ("duplicates",),
            ("leakage",),
            ("privacy",),
            ("outliers",),
            ("summary",),
        ),
        required_evaluations=("performance", "calibration", "slices"),
        accept=_ACCEPT,
        findings=(
            FindingRule(level=Level.ERROR, effect="block", why="an error blocks unless somebody waives it"),
            FindingRule(level=Level.WARNING, effect="warn", why="a warning is shown and does not block"),
            FindingRule(effect="note"),
        ),
        required_answers=_TOLD_BY_OWNERS,
    ),
    "regulated": _Preset(
        required=(
            ("schema",),
            ("expectations",),
            ("label_issues",),
            ("duplicates",),
            ("leakage",),
            ("poisoning",),
            ("drift",),
            ("representation",),
            ("privacy",),
            ("integrity",),
            ("label_consistency",),
            ("outliers",),
            ("summary",),
        ),
        required_evaluations=("performance", "calibration", "slices"),
        accept=_ACCEPT,
        findings=(
            FindingRule(level=Level.WARNING, effect="block", why="warnings block in the regulated tier"),
            FindingRule(effect="note"),
        ),
        required_answers=_TOLD_BY_PEOPLE,
        approvals=ApprovalDemand(roles=("data_owner", "reviewer"), people=2),
    ),
}
"""Presets. Their order of strictness is prototype, internal, regulated."""
