"""What speaks against generated files of a report: that they are of other data, evidence, words or code than what is here now."""

from __future__ import annotations

import json
from pathlib import Path, PurePosixPath
from typing import Any, Literal

from governance.canonical import digest_of, digest_of_bytes
from governance.collect import Collected
from governance.config import Workspace
from governance.documents.registry import formats
from governance.errors import EvidenceError
from governance.evidence import ANSWERS
from governance.indexing import INDEX, render_index
from governance.made_from import lacks_approvals_only, words_digest
from governance.references import SKETCH
from governance.report_files import evidence_file, linked, read_report
from governance.sketches import read_sketch
from governance.snapshot_problems import refused
from governance.verdict import Decision, Verdict, read_verdict

OLDER_THAN_APPROVALS = "stale_approvals_in_documents"
"""What `evidence/` says of documents that lack nothing but approvals that were given since."""


def sketch_problems(workspace: Workspace, name: str, snapshot_digest: str) -> list[Decision]:
    """An approval freezes the sketch, so one of other data may not slip in."""
    try:
        sketch = read_report(workspace.report(name) / SKETCH, read_sketch, workspace)
    except EvidenceError as error:
        return [refused("no_sketch", str(error).replace(f"{workspace.root}/", ""), "run: dvc repro")]
    if (sketch.dataset, sketch.data) != (name, snapshot_digest):
        return [refused("stale_sketch", f"{SKETCH} describes other data", "run: dvc repro")]
    return []


def stale_index(workspace: Workspace) -> list[Decision]:
    """reports/index.html, where it is there, must show what the reports say now."""
    path = workspace.root / INDEX
    if not path.is_file() or path.read_bytes() == render_index(workspace).encode():
        return []
    return [refused("stale_index", f"{INDEX} is not what the reports say now", "run: dvc repro")]


def stale_reports(workspace: Workspace, collected: Collected, lock: dict[str, Any], now: Verdict) -> list[Decision]:
    """verdict.json must be what the evidence says now, and the documents what was rendered from it."""
    is_dataset = collected.kind == "dataset"
    folder = workspace.report(collected.name) if is_dataset else workspace.model_report(collected.name)
    again = "run: dvc repro"
    try:
        preview = read_report(folder / "verdict.json", read_verdict, workspace)
    except EvidenceError as error:
        return [refused("no_verdict", str(error).replace(f"{workspace.root}/", ""), again)]
    problems = []
    if preview.digest != now.digest:
        problems.append(
            refused("stale_verdict", "verdict.json is not what policy, waivers and evidence say now", again)
        )
    said = collected.evidence.get(ANSWERS)
    file = evidence_file(folder, ANSWERS)
    if (
        not isinstance(said, str)
        and said is not None
        and (not file.is_file() or file.read_bytes() != said.to_json().encode())
    ):
        problems.append(refused("stale_verdict", "answers.json is not what answers and evidence say now", again))
    problems.extend(_stale_documents(workspace, collected.kind, folder, preview.digest, lock, again))
    return problems


def _stale_documents(
    workspace: Workspace,
    kind: Literal["dataset", "model"],
    folder: Path,
    verdict_digest: str,
    lock: dict[str, Any],
    again: str,
) -> list[Decision]:
    try:
        content = json.loads((folder / "documents.json").read_text(encoding="utf-8"))
        listed = content.pop("digest") == digest_of(content)
        files: dict[str, str] = dict(content["files"].items())
        made_from = (content["verdict"], content["code"], content["words"])
    except (OSError, ValueError, KeyError, AttributeError, TypeError, RecursionError) as error:
        return [refused("no_documents", f"documents.json cannot be read ({type(error).__name__})", again)]
    problems = []
    if not listed or made_from[:2] != (verdict_digest, lock["code"]["documents"]):
        problems.append(refused("stale_documents", "the documents were rendered from another verdict", again))
    if lacks_approvals_only(workspace, kind, folder.name, made_from[2]):
        problems.append(
            refused(OLDER_THAN_APPROVALS, "the documents do not show approvals that were given since", again)
        )
    elif made_from[2] != words_digest(workspace, kind, folder.name):
        message = "the documents were rendered from other answers or another declaration, or other approvals"
        problems.append(refused("stale_documents", message, again))
    if absent := [name for name in formats(kind) if name not in files]:
        problems.append(refused("no_documents", f"documents.json does not list {', '.join(absent)}", again))
    if outside := [name for name in files if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts]:
        return [*problems, refused("edited_documents", f"{outside[0]} leads out of the report", again)]
    if links := sorted({link for name in files if (link := linked(folder / name, workspace))}):
        problems.append(refused("edited_documents", f"{', '.join(links[:5])} is a symbolic link", again))
    edited = sorted(
        name for name, digest in files.items()
        if not (folder / name).is_file() or digest_of_bytes((folder / name).read_bytes()) != digest
    )  # fmt: skip
    if edited:
        shown = ", ".join(edited[:5]) + (f" and {len(edited) - 5} more" if len(edited) > 5 else "")
        problems.append(refused("edited_documents", f"not as they were rendered: {shown}", again))
    return problems
