"""Gathers what reports/index.html shows from the reports of a workspace."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from governance.config import Workspace
from governance.documents.index import Subject, approvals_in, index_page
from governance.errors import ConfigError, EvidenceError
from governance.verdict import Verdict, read_verdict
from governance.yaml_files import read_yaml

INDEX = "reports/index.html"


def render_index(workspace: Workspace) -> str:
    """reports/index.html as the reports say it now."""
    config = workspace.config
    subjects = [
        _subject(workspace, name, "dataset", dataset.about.title, workspace.report(name))
        for name, dataset in config.datasets.items()
    ]
    subjects += [
        _subject(workspace, name, "model", model.about.title, workspace.model_report(name))
        for name, model in config.models.items()
    ]
    return index_page(subjects, workspace.waivers, workspace.root)


def _subject(workspace: Workspace, name: str, kind: Literal["dataset", "model"], title: str, folder: Path) -> Subject:
    verdict: Verdict | None
    try:
        verdict = read_verdict(folder / "verdict.json")
    except EvidenceError:
        verdict = None
    approvals = workspace.root / "approvals" / f"{name}.yaml"
    try:
        said = approvals_in(read_yaml(approvals), verdict) if approvals.is_file() else ()
    except ConfigError:
        said = ("the approvals cannot be read",)
    return Subject(name, kind, title, verdict, said)
