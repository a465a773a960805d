"""What documents are made of: declarations, one manifest, evidence, one verdict and people's answers. No data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from governance.approvals import KeptFindings
from governance.dataset import Dataset, Modality, Role, Task
from governance.documents.answers import Answers
from governance.evidence import Evidence, Finding
from governance.manifest import Manifest, SnapshotColumn
from governance.sketches import Sketch
from governance.verdict import Verdict


@dataclass(frozen=True)
class ApprovalFact:
    """One person's word on a version."""

    by: str
    role: str
    on: str
    note: str
    lapsed: str
    """What changed since: `data and verdict`; empty while it holds."""


@dataclass(frozen=True)
class Before:
    """The version that was approved before this one."""

    on: str
    """When."""
    manifest: Manifest
    sketch: Sketch | None
    sketch_now: Sketch | None
    """Of this version."""
    findings: KeptFindings | None = None
    """None when none were kept, or they cannot be read."""


@dataclass(frozen=True)
class DatasetFacts:
    """Everything that the documents of one dataset are rendered from."""

    name: str
    dataset: Dataset
    manifest: Manifest
    evidence: tuple[Evidence, ...]
    """Exactly the audits that are configured, in the order of params.yaml."""
    verdict: Verdict
    answers: Answers
    expected_audits: tuple[str, ...]
    """Names in params.yaml. One without evidence is shown as missing."""
    drafted: tuple[str, ...] = ()
    """Files of the contract that were drafted from the data and that nobody has edited."""
    approvals: tuple[ApprovalFact, ...] = ()
    """Of this version and of those before it, oldest first."""
    before: Before | None = None
    """None when no earlier version was approved."""
    beside: int = 0
    """Bytes of what git tracks of this version beside the documents: evidence, verdict, manifest, sketch."""
    kept: bool = True
    """Whether the snapshot's files stay where they were written; a scan's are gone with its workspace."""

    @property
    def title(self) -> str:
        """The declared title, else the name."""
        return self.dataset.about.title or self.name

    @property
    def missing_audits(self) -> tuple[str, ...]:
        """Expected audits without evidence."""
        return missing(self.expected_audits, self.evidence)

    @property
    def splits(self) -> dict[str, int]:
        """Rows per split, in the order of their use."""
        return in_order_of_use(self.manifest.splits)

    @property
    def readable(self) -> bool:
        """Whether there is a snapshot at all."""
        return bool(self.manifest.digest)

    def with_role(self, *roles: Role) -> tuple[SnapshotColumn, ...]:
        """Columns that have one of `roles`, in declared order."""
        return tuple(column for column in self.manifest.columns if column.resolved_role in roles)


@dataclass(frozen=True)
class TrainingData:
    """What a model card says about the data, taken from the dataset's own reports."""

    name: str
    digest: str = ""
    """Of the snapshot that the model was trained on; empty when there is none."""
    result: str = ""
    """Result of the dataset's verdict: `passed`, `blocked`, or empty when there is no verdict."""
    title: str = ""
    licence: str = ""
    target: str = ""
    splits: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    """Rows per split."""
    findings: tuple[Finding, ...] = ()
    """Open findings of the dataset's audits."""
    task: Task = Task.NONE
    modality: Modality = Modality.TABULAR


@dataclass(frozen=True)
class ModelFacts:
    """Everything that the documents of one model are rendered from."""

    name: str
    model: Mapping[str, Any]
    """The declaration as plain values: `dataset`, one of `estimator`, `onnx`, `skops`, `predictions`, `parameters`,
    and `about` with words for the reader."""
    evidence: tuple[Evidence, ...]
    """Exactly the evaluations that are configured, in the order of params.yaml."""
    verdict: Verdict
    data: TrainingData
    expected_evaluations: tuple[str, ...]
    approvals: tuple[ApprovalFact, ...] = ()
    """Of this version and of those before it, oldest first."""

    @property
    def title(self) -> str:
        """The declared title, else the name."""
        about = self.model.get("about") or {}
        return str(about.get("title") or self.name)

    @property
    def missing_evaluations(self) -> tuple[str, ...]:
        """Expected evaluations without evidence."""
        return missing(self.expected_evaluations, self.evidence)


def in_order_of_use(splits: Mapping[str, int]) -> dict[str, int]:
    """Splits as people name them: train, validation, test, then others by name. JSON keeps no order of its own."""
    usual = {"train": 0, "validation": 1, "test": 2}
    return dict(sorted(splits.items(), key=lambda item: (usual.get(item[0], 3), item[0])))


def missing(expected: tuple[str, ...], evidence: tuple[Evidence, ...]) -> tuple[str, ...]:
    """Names in `expected` that no evidence has."""
    present = {item.audit for item in evidence}
    return tuple(name for name in expected if name not in present)
