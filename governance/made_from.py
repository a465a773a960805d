"""Digests of what evidence is made from, beside the data: settings, code, libraries, signals, and what people write."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from governance.approvals import shown_digests
from governance.canonical import digest_of, digest_of_bytes
from governance.config import Workspace
from governance.contract import named_elsewhere
from governance.dataset import DataConfig
from governance.errors import EvidenceError
from governance.manifest import read_manifest
from governance.report_files import read_report

CONTRACT_FILES = {"schema": "schema.py", "suite": "suite.json"}
PEOPLES_FILES = (*CONTRACT_FILES, "reviews")
"""What people write and audits may need, beside the data."""


def settings_digest(settings: Mapping[str, Any]) -> str:
    """Digest of the settings as params.yaml gives them; defaults are fixed by the code's digest."""
    return digest_of(dict(settings))


def made_by_digest(lock: Mapping[str, Any]) -> str:
    """Digest of the release and of the libraries that govern.lock names: an upgrade makes all evidence anew."""
    return digest_of([lock["package"], lock.get("libraries", {})])


def signals_digest(workspace: Workspace, name: str, lock: Mapping[str, Any]) -> str:
    """Digest of how the signals of a dataset are made: settings, the user's own, and the code."""
    own = workspace.dataset(name).data.signals
    declared = [workspace.config.signals.model_dump(mode="json"), own.model_dump(mode="json") if own else None]
    return digest_of([declared, lock["code"].get("signals", "absent")])


def words_digest(workspace: Workspace, kind: Literal["dataset", "model"], name: str) -> str:
    """Digest of all that people say in the documents of a dataset or model: their words, and their approvals."""
    return _words_digests(workspace, kind, name)[0]


def lacks_approvals_only(workspace: Workspace, kind: Literal["dataset", "model"], name: str, words: str) -> bool:
    """Whether documents made from `words` show all that people say now, but for approvals that were given since."""
    now, *before = _words_digests(workspace, kind, name)
    return words != now and words in before


def _words_digests(workspace: Workspace, kind: Literal["dataset", "model"], name: str) -> tuple[str, ...]:
    """What `words_digest` is now, and what it was before each approval, the last one first."""
    dataset = name if kind == "dataset" else workspace.model(name).dataset
    try:
        data = read_report(workspace.report(dataset) / "manifest.json", read_manifest, workspace).digest
    except EvidenceError:
        data = ""
    said = said_digest(workspace, kind, name)
    return tuple(digest_of([said, shown]) for shown in shown_digests(workspace.root, name, kind, data))


def said_digest(workspace: Workspace, kind: Literal["dataset", "model"], name: str) -> str:
    """Digest of what people say in the documents apart from approving them: what an approval is given to."""
    if kind == "model":
        model = workspace.model(name)
        about = workspace.dataset(model.dataset).about  # the card names the data by its title and licence
        return digest_of([model.model_dump(mode="json"), about.model_dump(mode="json")])
    answers = workspace.answers(name)
    text = digest_of_bytes(answers.read_bytes()) if answers.is_file() else "absent"
    return digest_of([workspace.dataset(name).about.model_dump(mode="json"), text])


def written_digest(workspace: Path, contract: Path, config: DataConfig, what: str) -> str:
    """Digest of the Pandera model (`schema`), the GX suite (`suite`) or the `reviews` of a dataset, or `absent`."""
    if what == "reviews":
        path = workspace / "reviews" / f"{contract.name}.yaml"
        return digest_of_bytes(path.read_bytes()) if path.is_file() else "absent"
    reference = config.schema_ if what == "schema" else config.suite
    elsewhere = named_elsewhere(workspace, config, what)
    path = elsewhere or contract / CONTRACT_FILES[what]
    if reference is not None and elsewhere is None:
        return digest_of(["installed", reference])
    return digest_of_bytes(path.read_bytes()) if path.is_file() else "absent"
