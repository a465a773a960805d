"""What DVC stages make of a dataset's evidence: verdict and documents, and the page over all datasets."""

from __future__ import annotations

import sys

from governance.canonical import canonical_json
from governance.collect import collect_dataset, judge
from governance.config import Workspace
from governance.errors import EvidenceError
from governance.evidence import ANSWERS, Evidence
from governance.files import write_atomic
from governance.lock import read_lock
from governance.made_from import words_digest
from governance.recording import prune
from governance.report_files import evidence_file
from governance.verdict import read_verdict

PASS = "pass.json"  # noqa: S105 - a file that says whether the data passed
"""Written beside the snapshot: only whether it passed, and the digest, so that a changed report does not retrain."""


def verdict(workspace: Workspace, name: str) -> None:
    """Evidence to verdict.json and `pass.json`, and to answers.json: what people say, held against the evidence.

    Waivers count without their dates: those are for the gate. What was repaired leaves baseline.yaml here, so that the
    change that repairs it also takes the permission away.
    """
    lock = read_lock(workspace)
    collected = collect_dataset(workspace, name, lock)
    prune(workspace, [collected])
    said = collected.evidence.get(ANSWERS)
    text = (
        said.to_json() if isinstance(said, Evidence) else canonical_json({"failed": "answers or manifest are damaged"})
    )
    write_atomic(evidence_file(workspace.report(name), ANSWERS), text)
    result = judge(workspace, collected, waivers=workspace.waivers)
    write_atomic(workspace.report(name) / "verdict.json", result.to_json())
    passed = {"passed": result.result == "passed", "digest": result.snapshot_digest}
    write_atomic(workspace.build(name) / PASS, canonical_json(passed))


def documents(workspace: Workspace, name: str, *, kept: bool = True) -> None:
    """Evidence, verdict and answers to datasheet, dataset card, Croissant document and figures, and the list of them.

    `kept` is false where the snapshot's files go, as those of a scan do: no document names them then.
    """
    from governance.documenting import list_documents, rendered_documents

    folder = workspace.report(name)
    rendered = rendered_documents(workspace, name, folder, kept=kept)
    list_documents(folder, rendered, read_lock(workspace), words_digest(workspace, "dataset", name))
    for fault in rendered.faults:
        print(f"{name}: {fault}", file=sys.stderr)  # noqa: T201


def complete(workspace: Workspace) -> None:
    """A constant: all datasets are judged and documented, models may begin. Says which are blocked: DVC does not."""
    blocked = []
    for name in workspace.config.datasets:
        try:
            passed = read_verdict(workspace.report(name) / "verdict.json").result == "passed"
        except EvidenceError:
            passed = False
        blocked += [] if passed else [name]
    if blocked:
        print(f"blocked: {', '.join(blocked)}; run: govern status NAME", file=sys.stderr)  # noqa: T201
    write_atomic(workspace.root / "build" / "complete", "all datasets are judged\n")


def index(workspace: Workspace) -> None:
    """All verdicts, approvals and waivers to reports/index.html."""
    from governance.indexing import INDEX, render_index

    write_atomic(workspace.root / INDEX, render_index(workspace))
