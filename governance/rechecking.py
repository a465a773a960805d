"""Runs some audits again, from the source where it is at hand, and compares everything they say with what was committed.

Digests without a signature show accidents. A person who seals forged evidence again is found by measuring again:
which audits is drawn when the gate runs, so the author of a change cannot know. It runs the repository's own code
(own audits, schema.py); `govern gate` without it never does.
"""

from __future__ import annotations

import random
import secrets
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from governance.asking import ask, bind
from governance.audit import load
from governance.canonical import digest_of_bytes
from governance.comparing.evidence import TOLERANCE, differences
from governance.errors import GovernanceError
from governance.evidence import Evidence, Outcome
from governance.hashing import files_under, folder_md5, hash_file
from governance.judging import Judged, Judgement
from governance.lock import read_lock
from governance.manifest import Manifest
from governance.signals import SIGNALS
from governance.snapshot_problems import refused
from governance.stages import open_snapshot
from governance.verdict import Decision

if TYPE_CHECKING:
    from governance.config import Workspace
    from governance.snapshot import Snapshot

_SHOWN = 4
"""Differences of one audit that are named."""


@dataclass(frozen=True)
class Rechecked:
    """What was run again."""

    chosen: tuple[tuple[str, str], ...]
    """(dataset, audit), in the order in which they were drawn."""
    seed: str
    """Given again it draws the same, as long as the same data is at hand."""
    problems: Mapping[str, tuple[Decision, ...]]
    """Dataset to what differs."""
    notes: tuple[str, ...]


def recheck(judged: Judged, workspace: Workspace, count: int, seed: str | None = None) -> Judged:
    """The judgement with what running `count` audits again showed. Nothing at hand to re-run blocks."""
    datasets = {one.name: one for one in judged.judgements if one.kind == "dataset"}
    done = _recheck(datasets, workspace, count, seed or secrets.token_hex(8))
    judgements = tuple(
        _held(one, done.problems.get(one.name, ()) if one.kind == "dataset" else ()) for one in judged.judgements
    )
    return replace(judged, judgements=judgements, notes=(*done.notes, *judged.notes))


def _held(judgement: Judgement, problems: Sequence[Decision]) -> Judgement:
    if not problems:
        return judgement
    verdict = judgement.verdict
    changed = verdict.model_copy(update={"result": "blocked", "decisions": (*problems, *verdict.decisions)})
    return replace(judgement, verdict=changed.sealed())


def _recheck(datasets: Mapping[str, Judgement], workspace: Workspace, count: int, seed: str) -> Rechecked:
    candidates, absent = [], []
    for name, judgement in datasets.items():
        manifest = judgement.collected.manifest
        if manifest is None or manifest.outcome is not Outcome.ASSESSED:
            continue  # the gate says so itself
        if not (_source_here(workspace, manifest) or _snapshot_here(workspace, name, manifest)):
            absent.append(name)
            continue
        usable = judgement.collected.evidence.items()
        candidates += [
            (name, audit) for audit, item in usable if isinstance(item, Evidence) and audit in workspace.config.audits
        ]
    notes = [f"not re-checked, since no data is here: {', '.join(absent)}; run: dvc pull"] if absent else []
    if not candidates:
        why = refused("recheck_impossible", f"{count} audits were to be run again, and no data is here", "dvc pull")
        return Rechecked((), seed, dict.fromkeys(datasets, (why,)), tuple(notes))
    drawn = random.Random(f"govern recheck {seed}").sample(sorted(candidates), min(count, len(candidates)))  # noqa: S311
    problems: dict[str, list[Decision]] = defaultdict(list)
    by_dataset: dict[str, list[str]] = defaultdict(list)
    for name, audit in drawn:
        by_dataset[name].append(audit)
    for name, audits in by_dataset.items():
        problems[name] += _dataset(workspace, datasets[name], audits)
    shown = ", ".join(f"{name}/{audit}" for name, audit in drawn)
    notes.insert(0, f"run again, drawn with seed {seed} of {len(candidates)} audits: {shown}; "
                    f"numbers may differ by {TOLERANCE:g} of their size")  # fmt: skip
    return Rechecked(
        tuple(drawn), seed, {name: tuple(found) for name, found in problems.items() if found}, tuple(notes)
    )


def _source_here(workspace: Workspace, manifest: Manifest) -> bool:
    """Whether the source is at hand and is the one that was audited."""
    path = workspace.root / manifest.source_path
    if path.is_file():
        return hash_file(path, manifest.source_path).md5 == manifest.source_md5
    if not path.is_dir():
        return False
    sources = [hash_file(file, file.relative_to(workspace.root).as_posix()) for file in files_under(path)]
    return folder_md5(path, sources, workspace.root) == manifest.source_md5


def _snapshot_here(workspace: Workspace, name: str, manifest: Manifest) -> bool:
    from governance.ingestion.view import VIEW, view_of

    if manifest.outside is not None:
        return False  # its images lie with the source
    folder = workspace.build(name) / "snapshot"
    view = folder / VIEW
    if not view.is_file() or view.read_bytes() != view_of(manifest).to_json().encode():
        return False
    return bool(manifest.parquet) and all(
        (folder / f"{split}.parquet").is_file()
        and digest_of_bytes((folder / f"{split}.parquet").read_bytes()) == digest
        for split, digest in manifest.parquet.items()
    )


def _dataset(workspace: Workspace, judgement: Judgement, audits: Sequence[str]) -> Iterator[Decision]:
    name, manifest = judgement.name, judgement.collected.manifest
    assert manifest is not None
    with TemporaryDirectory(prefix="govern-") as temporary:
        build = Path(temporary)
        try:
            if _source_here(workspace, manifest):
                yield from _snapshot_again(workspace, name, manifest, build)
            else:
                (build / "snapshot").symlink_to((workspace.build(name) / "snapshot").resolve())
            yield from _audits_again(workspace, judgement, audits, build)
        except GovernanceError as error:
            message = f"{name} could not be measured again: {' '.join(str(error).split())}"
            yield refused("recheck_failed", message, "mend it, then run the gate again")


def _snapshot_again(workspace: Workspace, name: str, manifest: Manifest, build: Path) -> Iterator[Decision]:
    from governance.ingestion.ingest import ingest

    (build / "snapshot").mkdir()
    code = read_lock(workspace)["code"]["snapshot"]
    made = ingest(name, workspace.dataset(name), workspace.root, build / "snapshot", workspace.contract(name), code)
    compared = ("outcome", "digest", "columns", "rows", "splits", "classes", "target", "sources", "files")
    if wrong := [field for field in compared if getattr(made, field) != getattr(manifest, field)]:
        yield refused("recheck_differs", f"manifest.json is not what the source gives: {', '.join(wrong)}",
                      f"run: dvc repro -f snapshot@{name}")  # fmt: skip


def _audits_again(workspace: Workspace, judgement: Judgement, audits: Sequence[str], build: Path) -> Iterator[Decision]:
    name = judgement.name
    kinds = {audit: load(audit, workspace=workspace.root) for audit in audits}
    view: Snapshot = open_snapshot(workspace, name, build)
    if any(kind.needs & set(SIGNALS) for kind in kinds.values()):
        from governance.signals.compute import compute_signals

        user = workspace.dataset(name).data.signals
        compute_signals(view, build / "signals", workspace.config.signals, user=user, workspace=workspace.root)
        view = open_snapshot(workspace, name, build)
    for audit in audits:
        committed = judgement.collected.evidence[audit]
        assert isinstance(committed, Evidence)
        question = kinds[audit].model_validate(workspace.audit_settings(audit, name))
        fresh = bind(question, name, audit, ask(question, view), committed.inputs)
        found = list(differences(committed, fresh))
        if found:
            more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
            message = f"{audit}, run again, says otherwise than its evidence: {'; '.join(found[:_SHOWN])}{more}"
            yield refused("recheck_differs", message, f"run: dvc repro -f audit@{name}-{audit}").model_copy(
                update={"audit": audit}
            )
