"""What `govern baseline` does: records what blocks today, one by one, or takes out what is repaired."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

from governance.accepting.person import Person
from governance.errors import EvidenceError, UsageError
from governance.ratchet import BASELINE, Baseline, Known, Recording, lost_coverage
from governance.recording import changed, prune, recorded, write_baseline

if TYPE_CHECKING:
    from governance.config import Workspace
    from governance.judging import Judged

FIRST = "The findings that were there before the gate."
"""Reason of a first recording where none is given."""
_CURED = (
    "evidence/stale_baseline",
    "evidence/stale_verdict",
    "evidence/stale_documents",
    "evidence/stale_approvals_in_documents",
    "baseline/",
    "approval/",
)
"""Decisions that recording, the stages after it, or people put right afterwards."""


@dataclass(frozen=True)
class Done:
    """What was recorded."""

    new: int
    worse: int
    left: int
    coverage: tuple[str, ...]
    """`trees: outliers` for each audit that looks at less than before, which is accepted now."""


def record(workspace: Workspace, judged: Judged, who: Person, reason: str, today: datetime.date) -> Done:
    """Write what blocks today into baseline.yaml. Raises UsageError without a reason for more than a first time.

    Only findings are recorded. Raises EvidenceError while something cannot be judged: it would be forgiven unseen.
    """
    before = workspace.baseline
    unseen = [
        f"{one.name}: {decision.message}"
        for one in judged.judgements
        for decision in one.verdict.blocking
        if decision.exit_code == 4 and not decision.rule.startswith(_CURED)
    ]
    if unseen:
        shown = "\n  - ".join(["what cannot be judged cannot be recorded:", *unseen[:10]])
        raise EvidenceError(f"{shown}\n  Run: dvc repro, then govern baseline")
    after = before
    coverage: list[str] = []
    for one in judged.judgements:
        known = before.of(one.kind, one.name)
        coverage += [f"{one.name}: {lost.audit}" for lost in lost_coverage(known, one.collected.evidence)]
        after = after.with_known(one.kind, one.name, recorded(one.collected, one.verdict.blocking, known, today))
    after = _only_configured(after, judged)
    done = _counted(before, after, tuple(coverage))
    if before.recordings and not reason and (done.new or done.worse or done.coverage or _new_subjects(before, after)):
        raise UsageError(
            f"{BASELINE} is there already, and this would let through {done.new} new and {done.worse} worse findings "
            f"and {len(done.coverage)} audits that look at less.\n  Say why: govern baseline --reason '...'\n"
            "  To take out only what is repaired: govern baseline --prune"
        )
    if after == before:
        return done
    said = Recording(on=today, by=who.name, reason=_checked(reason or FIRST))
    write_baseline(workspace, after.model_copy(update={"recordings": (*before.recordings, said)}))
    return done


def prune_all(workspace: Workspace, judged: Judged) -> tuple[str, ...]:
    """Take out what is repaired, and subjects that params.yaml names no more; the fingerprints that left or sank."""
    before = workspace.baseline
    prune(workspace, [one.collected for one in judged.judgements])
    left = _only_configured(workspace.baseline, judged)
    if left != workspace.baseline:
        write_baseline(workspace, left)
    return changed(before, workspace.baseline)


def _checked(reason: str) -> str:
    if len(reason.strip()) < 10:
        raise UsageError(f"--reason {reason!r} is too short to tell anybody why (10 characters at least)")
    return reason.strip()


def _only_configured(baseline: Baseline, judged: Judged) -> Baseline:
    names = {(one.kind, one.name) for one in judged.judgements}
    return baseline.model_copy(update={
        "datasets": {name: known for name, known in baseline.datasets.items() if ("dataset", name) in names},
        "models": {name: known for name, known in baseline.models.items() if ("model", name) in names},
    })  # fmt: skip


def _new_subjects(before: Baseline, after: Baseline) -> bool:
    groups = ((before.datasets, after.datasets), (before.models, after.models))
    return any(_adds(old, new) for old, new in groups)


def _adds(old: dict[str, Known], new: dict[str, Known]) -> bool:
    return any(name not in old and known.findings for name, known in new.items())


def _counted(before: Baseline, after: Baseline, coverage: tuple[str, ...]) -> Done:
    old = {
        (n, one.fingerprint): one for g in (before.datasets, before.models) for n, k in g.items() for one in k.findings
    }
    new = {
        (n, one.fingerprint): one for g in (after.datasets, after.models) for n, k in g.items() for one in k.findings
    }
    worse = sum(
        1 for key, one in new.items()
        if key in old and (one.level.rank > old[key].level.rank or (one.count or 0) > (old[key].count or 0))
    )  # fmt: skip
    return Done(len(new.keys() - old.keys()), worse, len(old.keys() - new.keys()), coverage)
