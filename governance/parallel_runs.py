"""Audits measured side by side: what `govern repro` has DVC run before it runs the rest, which is in a row.

DVC runs one stage after the other. It lets several of its processes run at once where no stage of one reads or writes
what a stage of another writes; audits, once the digests of their inputs are written, are such stages.
"""

from __future__ import annotations

from collections.abc import Collection

from governance.children import run_together
from governance.collect import collect_dataset
from governance.config import Workspace
from governance.errors import GovernanceError
from governance.evidence import Evidence
from governance.lock import read_lock

WORTH = 2
"""Audits per process: for fewer, the starts of more DVCs cost as much as they bring."""


def due(workspace: Workspace, *, without: Collection[str] = ()) -> list[tuple[str, str]]:
    """(dataset, audit) of all that was never measured here, or from something else than what is here now.

    Only as far as reports and settings tell: whether data changed is DVC's to find. Datasets `without` are left out.
    """
    try:
        lock = read_lock(workspace)
        datasets = [name for name in workspace.config.datasets if name not in without]
        collected = [collect_dataset(workspace, name, lock) for name in datasets]
    except GovernanceError:
        return []  # the stages will say what is wrong
    return [
        (subject.name, audit)
        for subject in collected
        for audit, evidence in subject.evidence.items()
        if audit in workspace.config.audits
        and not (
            isinstance(evidence, Evidence) and (workspace.build(subject.name) / "rows" / f"{audit}.parquet").is_file()
        )
    ]


def run_ahead(workspace: Workspace, jobs: int, *, without: Collection[str] = ()) -> None:
    """Have `jobs` processes of DVC measure the audits that are due; nothing when they are few.

    Whatever fails here is run, and reported, once more by the run of all stages that has to follow.
    """
    audits = due(workspace, without=without)
    if len(audits) < jobs * WORTH or jobs < 2:
        return
    inputs = [f"inputs@{name}" for name in sorted({dataset for dataset, _ in audits})]
    if any(run_together([("dvc", "repro", "--keep-going", *inputs)], workspace.root)):
        return
    # One stage by itself: what comes before it was just run, and two processes may not look at the same stage at once.
    # They wait for each other, as each holds DVC's lock for a moment before and after a stage.
    dvc = ("dvc", "--wait-for-lock", "repro", "--keep-going", "--single-item")
    shares = [[f"audit@{dataset}-{audit}" for dataset, audit in audits[start::jobs]] for start in range(jobs)]
    run_together([(*dvc, *share) for share in shares], workspace.root)
