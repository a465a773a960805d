"""Approvals: a person's word on one version of a dataset or model, and the versions that were approved before.

`approvals/<name>.yaml` lists them in the order in which they were given. An approval names the digests of what its
giver saw, so it lapses by itself when one of them changes. Light: git and the files alone, no data library.

The version before: once a version is approved, only approvals that were given earlier are looked at. So neither
approving a version, nor an approval of a later one that reaches a branch first, changes any evidence on it, and a
version that is rolled back to finds its own evidence valid.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, ValidationError

from governance.alike import spread
from governance.canonical import Frozen, Sealed, digest_of
from governance.dataset import REFERENCES
from governance.errors import ConfigError, EvidenceError
from governance.evidence import Evidence, Level, Outcome
from governance.policy import ROLE_PATTERN, Words
from governance.yaml_files import read_yaml

APPROVALS = "approvals"
_DIGEST = r"^sha256:[0-9a-f]{64}$"


class Approval(Frozen):
    """One person's word on one version."""

    by: Words
    """Name of the person."""
    email: str = ""
    """As git knows them; tells two people of one name apart, and the author of a change."""
    role: str = Field(pattern=ROLE_PATTERN)
    on: datetime.date
    note: Annotated[str, StringConstraints(min_length=3, strip_whitespace=True)]
    """What was looked at, and under which conditions it may be used."""
    kind: Literal["dataset", "model"] = "dataset"
    data: str = Field(pattern=_DIGEST)
    """Digest of the snapshot; for a model, of the one that it was trained on."""
    verdict: str = Field(pattern=_DIGEST)
    """Digest of verdict.json."""
    documents: str = Field(pattern=_DIGEST)
    """Digest of what the documents say, apart from the approvals that they show."""


class KeptFinding(Frozen):
    """What of a finding is kept: enough to know it again."""

    audit: str
    rule: str
    level: Level
    fingerprint: str


class KeptFindings(Sealed):
    """What was found in a version that was approved: no sentence and no number of it."""

    schema_version: Literal[1] = 1
    dataset: str
    data: str
    """Digest of the snapshot."""
    outcomes: dict[str, Outcome]
    """Audit to what became of its question."""
    findings: tuple[KeptFinding, ...]
    digest: str = ""

    @classmethod
    def of(cls, dataset: str, data: str, evidence: Iterable[Evidence]) -> KeptFindings:
        """What `evidence` on a version holds, sealed."""
        items = tuple(evidence)
        findings = tuple(
            KeptFinding(audit=item.audit, rule=one.rule, level=one.level, fingerprint=one.fingerprint)
            for item in items
            for one in item.findings
        )
        return cls(dataset=dataset, data=data, outcomes={i.audit: i.outcome for i in items}, findings=findings).sealed()


def read_kept(path: Path) -> KeptFindings:
    """The findings in `path`. Raises EvidenceError when it is missing, damaged or edited."""
    try:
        kept = KeptFindings.model_validate(spread(json.loads(path.read_text(encoding="utf-8"))))
    except (ValueError, OSError, RecursionError) as error:
        raise EvidenceError(f"{path.name} cannot be read ({type(error).__name__})") from None
    if kept.content_digest() != kept.digest:
        raise EvidenceError(f"{path.name} was changed after it was written")
    return kept


@dataclass(frozen=True)
class Approved:
    """A version that was approved, as it is frozen in `references/`."""

    approval: Approval
    """The approval that completed it."""
    manifest: Path
    sketch: Path | None
    """None when none was frozen."""
    findings: Path | None
    """None when none were kept."""

    @property
    def data(self) -> str:
        """Digest of the snapshot."""
        return self.approval.data


def approvals_path(root: Path, name: str) -> Path:
    """`approvals/<name>.yaml`."""
    return root / APPROVALS / f"{name}.yaml"


def sketch_path(root: Path, dataset: str, snapshot_digest: str) -> Path:
    """Where the sketch of an approved snapshot is frozen: `references/<dataset>/<16 hex digits>.json`."""
    return root / REFERENCES / dataset / f"{snapshot_digest.removeprefix('sha256:')[:16]}.json"


def manifest_path(root: Path, dataset: str, snapshot_digest: str) -> Path:
    """Where the manifest of an approved snapshot is frozen. A version counts as approved once it is there."""
    return sketch_path(root, dataset, snapshot_digest).with_suffix(".manifest.json")


def findings_path(root: Path, dataset: str, snapshot_digest: str) -> Path:
    """Where the findings in an approved snapshot are kept. Versions that older releases approved have none."""
    return sketch_path(root, dataset, snapshot_digest).with_suffix(".findings.json")


def parse_approvals(content: Any, shown: str) -> tuple[tuple[Approval, ...], tuple[str, ...]]:
    """Approvals in the content of a file that is `shown` as so called, and all problems with it."""
    entries = (content or {}).get("approvals", []) if isinstance(content, dict | None) else content
    if not isinstance(entries, list) or (isinstance(content, dict) and set(content) - {"approvals"}):
        return (), (f"{shown}: must hold `approvals:` with a list of entries, and nothing else",)
    found, problems = [], []
    for number, entry in enumerate(entries, start=1):
        try:
            found.append(Approval.model_validate(entry))
        except ValidationError as error:
            for item in error.errors():
                where = ".".join(map(str, item["loc"])) or "entry"
                problems.append(f"{shown}: approval {number}: {where}: {item['msg'].lower()}")
    return tuple(found), tuple(problems)


def read_approvals(root: Path, name: str, kind: Literal["dataset", "model"] = "dataset") -> tuple[Approval, ...]:
    """All approvals of `name`, oldest first; none when there is no file. Raises ConfigError with all problems."""
    path, shown = approvals_path(root, name), f"{APPROVALS}/{name}.yaml"
    if not path.is_file():
        return ()
    found, problems = parse_approvals(read_yaml(path, shown), shown)
    if problems:
        raise ConfigError(problems)
    return tuple(approval for approval in found if approval.kind == kind)


def earlier(approvals: Sequence[Approval], data: str) -> tuple[Approval, ...]:
    """Approvals of other versions that were given before `data` was first approved; all others when it never was."""
    first = next((number for number, one in enumerate(approvals) if one.data == data), len(approvals))
    return tuple(approvals[:first])


def concerning(approvals: Sequence[Approval], data: str) -> tuple[Approval, ...]:
    """What the documents of version `data` may show: its own approvals, and those of versions before it."""
    return (*earlier(approvals, data), *(one for one in approvals if one.data == data))


def shown_digests(root: Path, name: str, kind: Literal["dataset", "model"], data: str) -> tuple[str, ...]:
    """Digests of the approvals that the documents of version `data` show, and of those they showed before each was given.

    The first is that of now, the last that of none.
    """
    given = read_approvals(root, name, kind)
    return tuple(
        digest_of([one.model_dump(mode="json") for one in concerning(given[:count], data)])
        for count in range(len(given), -1, -1)
    )


def versions_before(root: Path, dataset: str, other_than: str) -> Iterator[Approved]:
    """Versions that were approved before `other_than`, the last first. Raises ConfigError."""
    seen = set()
    for approval in reversed(earlier(read_approvals(root, dataset), other_than)):
        manifest = manifest_path(root, dataset, approval.data)
        if approval.data not in seen and manifest.is_file():
            beside = (sketch_path(root, dataset, approval.data), findings_path(root, dataset, approval.data))
            yield Approved(approval, manifest, *(path if path.is_file() else None for path in beside))
        seen.add(approval.data)


def last_approved(root: Path, dataset: str, other_than: str = "") -> Approved | None:
    """The version that was approved last before `other_than`, the version at hand; None when there is none.

    What every comparison with "the last approved version" means. Raises ConfigError when approvals cannot be read.
    """
    return next(versions_before(root, dataset, other_than), None)
