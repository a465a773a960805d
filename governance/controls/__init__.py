"""The control crosswalk: which evidence supports which control of a framework, and which finding touches it.

All of it stands in controls.yaml. A link means that evidence can support a control; nothing here says that a control
is met. What nobody makes cannot count, and a duty of sufficiency is never more than partly evidenced.
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, ValidationError, model_validator

from governance.canonical import Frozen
from governance.errors import ConfigError
from governance.yaml_files import read_yaml

CONTROLS = Path(__file__).parent / "controls.yaml"
Standing = Literal["confirmed", "secondary", "unconfirmed"]


class Framework(Frozen):
    """One set of controls."""

    title: str
    status: Standing
    note: str = ""
    outside: tuple[str, ...] = ()
    """Controls that evidence about data does not reach."""


class EvidenceKind(Frozen):
    """A kind of evidence that controls ask for."""

    meaning: str
    makers: tuple[str, ...] = Field(alias="from")
    """What makes it, as `audit:duplicates`. Any one is enough; nothing means that it cannot count."""
    lacks: str = ""
    """What it should hold and does not."""


class Family(Frozen):
    """Findings of one sort."""

    rules: tuple[str, ...]
    """Beginnings of the rules that belong to it."""
    why: str
    """Why such a finding matters: one sentence."""
    controls: tuple[str, ...]


class Control(Frozen):
    """One control of a framework, in our words."""

    id: str
    framework: str
    ref: str
    """As the framework numbers it."""
    subject: str
    support: Literal["direct", "partial", "contextual"]
    status: Standing
    at_most: Literal["partly"] | None = None
    evidence: tuple[str, ...]

    @property
    def shown(self) -> str:
        """The reference for a reader; marked where it was read in secondary sources only."""
        return self.ref + (" (secondary source)" if self.status == "secondary" else "")


class Crosswalk(Frozen):
    """All of controls.yaml."""

    schema_version: Literal[1]
    frameworks: dict[str, Framework]
    evidence_kinds: dict[str, EvidenceKind]
    families: dict[str, Family]
    controls: tuple[Control, ...]

    @model_validator(mode="after")
    def _joined(self) -> Self:
        known = {control.id for control in self.controls}
        broken = [
            *(f"{c.id}: no framework {c.framework}" for c in self.controls if c.framework not in self.frameworks),
            *(f"{c.id}: no kind {k}" for c in self.controls for k in c.evidence if k not in self.evidence_kinds),
            *(f"{name}: no control {c}" for name, f in self.families.items() for c in f.controls if c not in known),
        ]
        if broken:
            raise ValueError("; ".join(broken))
        return self

    @property
    def visible(self) -> tuple[Control, ...]:
        """The controls that may be shown: all but those that nobody could confirm."""
        return tuple(control for control in self.controls if control.status != "unconfirmed")

    def family_of(self, rule: str, audit: str = "") -> Family | None:
        """The family of a rule; of a metric or of unusable evidence, that of its audit. None when there is none."""
        metric = rule.removeprefix("metric/").replace(".", "/") if rule.startswith("metric/") else ""
        for candidate in (metric or rule, f"{audit}/" if audit else ""):
            fitting = [
                (len(prefix), family)
                for family in self.families.values()
                for prefix in family.rules
                if candidate and candidate.startswith(prefix)
            ]
            if fitting:
                return max(fitting, key=lambda pair: pair[0])[1]
        return None

    def controls_of(self, rule: str, audit: str = "") -> tuple[Control, ...]:
        """The visible controls that a finding of `rule` touches."""
        family = self.family_of(rule, audit)
        return tuple(control for control in self.visible if family and control.id in family.controls)


@functools.cache
def load_crosswalk(path: Path = CONTROLS) -> Crosswalk:
    """The crosswalk in `path`. Raises ConfigError when the file is damaged."""
    try:
        return Crosswalk.model_validate(read_yaml(path, path.name))
    except ValidationError as error:
        raise ConfigError(
            [f"{path.name}: {'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
        ) from None
