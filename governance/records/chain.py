"""Checks the chain source, snapshot, evidence, verdict, documents by digest, and names every file that breaks it.

Unsigned digests detect accidents, not forgers: who can write a file can write its digest.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from governance.collect import Collected, collect_dataset, collect_model, judge
from governance.config import Workspace
from governance.errors import EvidenceError
from governance.evidence import ANSWERS, Outcome, read_evidence
from governance.indexing import INDEX, render_index
from governance.lock import read_lock
from governance.manifest import Manifest
from governance.records.digests import file_sha256
from governance.records.documents import looked_at
from governance.records.outputs import output_problems
from governance.references import SKETCH
from governance.replaced import folder_problems
from governance.report_files import evidence_file, linked, read_report
from governance.repository import Repository
from governance.sketches import read_sketch
from governance.snapshot_problems import source_problems
from governance.verdict import read_verdict

CAVEAT = "Digests without a signature detect accidents, not forgers."


@dataclass(frozen=True)
class Mismatch:
    """One file that is not what the rest of the chain says."""

    path: str
    """Relative to the workspace."""
    why: str


@dataclass(frozen=True)
class Chain:
    """What was checked and what does not match."""

    mismatches: tuple[Mismatch, ...]
    checked: int
    """Files whose digests were compared."""
    notes: tuple[str, ...]
    """What could not be checked here, such as data that is elsewhere."""


class _Walk:
    """Collects what is found on the way."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.found: list[Mismatch] = []
        self.notes: list[str] = []
        self.checked = 0

    def shown(self, path: Path) -> str:
        return path.relative_to(self.workspace.root).as_posix()

    def wrong(self, path: Path | str, why: str) -> None:
        self.found.append(Mismatch(path if isinstance(path, str) else self.shown(path), why))

    def same(self, path: Path, sha256: str, why: str) -> None:
        """Compare one file with its digest."""
        self.checked += 1
        if file_sha256(path) != sha256.removeprefix("sha256:"):
            self.wrong(path, why)


def verify(workspace: Workspace) -> Chain:
    """Check everything that is here. Raises EvidenceError without a readable govern.lock, ConfigError as usual."""
    lock = read_lock(workspace)
    walk, repository = _Walk(workspace), Repository(workspace.root)
    for name in workspace.config.datasets:
        collected = collect_dataset(workspace, name, lock)
        if collected.manifest is not None:
            _sources(walk, name, collected.manifest, repository)
            _snapshot(walk, name, collected.manifest)
            _sketch(walk, name, collected.manifest)
        _reports(walk, collected, workspace.report(name))
    for name in workspace.config.models:
        _reports(walk, collect_model(workspace, name, lock), workspace.model_report(name))
    index = workspace.root / INDEX
    if index.is_file():
        walk.checked += 1
        if index.read_bytes() != render_index(workspace).encode():
            walk.wrong(index, "is not what the reports say now (stale or edited)")
    for path, why in output_problems(workspace):
        walk.wrong(path, why)
    unique = {(one.path, one.why): one for one in walk.found}
    return Chain(tuple(sorted(unique.values(), key=lambda o: (o.path, o.why))), walk.checked, tuple(walk.notes))


def _sources(walk: _Walk, name: str, manifest: Manifest, repository: Repository) -> None:
    root = walk.workspace.root
    for decision in source_problems(walk.workspace, name, manifest, repository):
        walk.wrong(manifest.source_path, decision.message)
    if not (root / manifest.source_path).exists():
        walk.notes.append(f"{manifest.source_path} is not here; its digest was compared with what git and DVC say")
        return
    for source in manifest.sources:
        path = root / source.path
        if not path.is_file():
            walk.wrong(source.path, "was audited and is not here")
        else:
            walk.same(path, source.sha256, "is not the file that was audited")
    if manifest.files > len(manifest.sources):
        walk.checked += manifest.files
        for shown, why in folder_problems(walk.workspace, manifest.source_path, manifest.source_md5):
            walk.wrong(shown, why)


def _snapshot(walk: _Walk, name: str, manifest: Manifest) -> None:
    folder = walk.workspace.build(name) / "snapshot"
    if manifest.outcome is not Outcome.ASSESSED:
        return
    if not folder.is_dir():
        walk.notes.append(f"{walk.shown(folder)} is not here; run: dvc checkout, or dvc pull")
        return
    from governance.ingestion.quarantine import FILE
    from governance.ingestion.view import VIEW, view_of

    for split, digest in sorted(manifest.parquet.items()):
        path = folder / f"{split}.parquet"
        if path.is_file():
            walk.same(path, digest, "is not the file that manifest.json names")
        else:
            walk.wrong(path, "manifest.json names it, and it is not here")
    view = folder / VIEW
    walk.checked += 1
    if not view.is_file() or view.read_bytes() != view_of(manifest).to_json().encode():
        walk.wrong(view, "is not what manifest.json says of the snapshot")
    known = {VIEW, *(f"{split}.parquet" for split in manifest.parquet)}
    if manifest.quarantined is not None:
        known.add(FILE)
        _quarantine(walk, folder, manifest)
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.relative_to(folder).as_posix() not in known:
            walk.wrong(path, "belongs to no split of manifest.json")


def _quarantine(walk: _Walk, folder: Path, manifest: Manifest) -> None:
    """What is left and what went must be the input, by count and digest."""
    from governance.ingestion.quarantine import FILE, check

    walk.checked += 1
    counted = manifest.quarantined
    assert counted is not None
    try:
        same = check(folder, manifest.columns) == (counted.input_rows, counted.input_digest)
    except Exception:  # a damaged Parquet file raises what its reader likes
        same = False
    if not same:
        walk.wrong(folder / FILE, "does not make up the rows that were read, together with the snapshot")


def _sketch(walk: _Walk, name: str, manifest: Manifest) -> None:
    path = walk.workspace.report(name) / SKETCH
    walk.checked += 1
    try:
        sketch = read_report(path, read_sketch, walk.workspace)
    except EvidenceError as error:
        walk.wrong(path, str(error).replace(f"{walk.workspace.root}/", ""))
        return
    if (sketch.dataset, sketch.data) != (name, manifest.digest):
        walk.wrong(path, "describes other data (stale)")


def _reports(walk: _Walk, collected: Collected, folder: Path) -> None:
    workspace = walk.workspace
    if collected.kind == "dataset":
        walk.checked += 1
        for decision in collected.further:
            if decision.effect == "block":
                walk.wrong(folder / "manifest.json", decision.message)
            else:
                walk.notes.append(decision.message)
    for name, item in collected.evidence.items():
        walk.checked += 1
        if isinstance(item, str):
            walk.wrong(evidence_file(folder, name), item)
        elif name == ANSWERS and _bytes(evidence_file(folder, name)) != item.to_json().encode():
            walk.wrong(evidence_file(folder, name), "is not what answers and evidence say now (stale or edited)")
    for path in sorted((folder / "evidence").glob("*")):
        if path.stem not in collected.evidence:
            walk.checked += 1
            walk.notes.append(f"{walk.shown(path)} belongs to no audit that is configured")
            try:
                read_report(path, read_evidence, workspace)
            except EvidenceError as error:
                walk.wrong(path, str(error))
    walk.checked += 1
    try:
        verdict = read_report(folder / "verdict.json", read_verdict, workspace)
        if verdict.digest != judge(workspace, collected, waivers=workspace.waivers).digest:
            walk.wrong(folder / "verdict.json", "is not what policy, waivers and evidence say now (stale)")
    except EvidenceError as error:
        walk.wrong(folder / "verdict.json", str(error).replace(f"{workspace.root}/", ""))
    looked = looked_at(workspace, collected.kind, collected.name, folder)
    walk.checked += looked.checked
    walk.notes += looked.notes
    for shown, why in looked.problems:
        walk.wrong(shown, why)
    for linked_path in _links(folder, workspace):
        walk.wrong(linked_path, "is a symbolic link, and git does not hold what lies behind it")


def _bytes(path: Path) -> bytes:
    """Content of a file; empty when there is none."""
    return path.read_bytes() if path.is_file() else b""


def _links(folder: Path, workspace: Workspace) -> Iterator[str]:
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() and (link := linked(path, workspace)):
            yield link
