"""All that is looser here than at the base, as findings by subject."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from governance.canonical import digest_of_bytes
from governance.comparing.change import Change
from governance.comparing.columns import declared_changes
from governance.comparing.decided import decision_changes
from governance.comparing.policies import policy_changes
from governance.comparing.revision import Revision
from governance.comparing.schemas import schema_changes
from governance.comparing.suites import suite_changes
from governance.config import LOCK, Config, Workspace
from governance.errors import ConfigError, EvidenceError
from governance.evidence import Finding
from governance.manifest import read_manifest
from governance.references import approved_sketch
from governance.repository import blobs_match

_NEW: dict[str, Any] = {}


@dataclass(frozen=True)
class Loosened:
    """What a change makes looser."""

    everywhere: tuple[Finding, ...]
    """Findings that concern every subject."""
    of: Mapping[str, tuple[Finding, ...]]
    """Findings by the dataset or model that they concern."""
    notes: tuple[str, ...] = ()
    """What a reviewer should know and nothing hangs on."""


def loosened(revision: Revision, head: Workspace) -> Loosened:
    """Compare the workspace of `revision` with the files of `head`."""
    base = revision.workspace
    if base is None:
        return Loosened((), {}, (f"{revision.shown} holds no workspace, so this change is judged by its own rules",))
    everywhere = list(_everywhere(base, head))
    if revision.moved_from is not None:
        words = f"this workspace is not at {revision.shown}, where {revision.moved_from}/ holds one; compared with that"
        everywhere.insert(0, Change("workspace_moved", LOCK, words, revision.moved_from, head.root.name))
    of: dict[str, list[Finding]] = defaultdict(list)
    for name, change in _by_subject(base, head):
        of[name].append(change.finding(name))
    everywhere += _references(revision.references, head)
    common = tuple(change.finding("workspace") for change in everywhere)
    return Loosened(common, {name: _once(found) for name, found in of.items()}, tuple(_notes(base, head)))


def _once(found: list[Finding]) -> tuple[Finding, ...]:
    return tuple({one.fingerprint: one for one in found}.values())


def _by_subject(base: Workspace, head: Workspace) -> Iterator[tuple[str, Change]]:
    for name, dataset in head.config.datasets.items():
        if name not in base.config.datasets:
            continue
        for changes in (declared_changes, decision_changes):
            yield from ((name, change) for change in changes(base, head, name))
        old = base.dataset(name).data
        for compared, before, after, usual in (
            (schema_changes, old.schema_, dataset.data.schema_, "schema.py"),
            (suite_changes, old.suite, dataset.data.suite, "suite.json"),
        ):
            files = _contract_file(base, name, before, usual), _contract_file(head, name, after, usual)
            if files[0] is None or files[1] is None:
                if before != after:
                    words = f"{usual.split('.')[0]} became {after}, it was {before}"
                    yield name, Change("contract_elsewhere", "params.yaml", words, before, after, unclear=True)
                continue
            for change in compared(files[0], files[1], files[1].relative_to(head.root).as_posix()):
                yield name, change
        yield from ((name, change) for change in _compared_with(base, head, name))
    for name, model in head.config.models.items():
        was = base.config.models.get(name)
        if was is not None and was.dataset != model.dataset:
            words = f"models.{name}: trained on {model.dataset}, it was {was.dataset}"
            yield name, Change("model_data_changed", "params.yaml", words, was.dataset, model.dataset, unclear=True)


def _compared_with(base: Workspace, head: Workspace, name: str) -> Iterator[Change]:
    """A change that approves something for itself may not choose what its data is compared with."""
    try:
        digest = read_manifest(head.report(name) / "manifest.json").digest
        sketches = [approved_sketch(side.root, name, digest) for side in (base, head)]
    except (EvidenceError, ConfigError):
        return  # the gate says so itself
    shown = [path.name if path else "nothing" for path in sketches]
    contents = [path.read_bytes() if path else b"" for path in sketches]
    if contents[0] != contents[1] and sketches[0] is not None:
        words = f"the data is compared with {shown[1]} as last approved, it was {shown[0]}"
        marks = [digest_of_bytes(content) for content in contents]
        yield Change("reference_changed", f"approvals/{name}.yaml", words, marks[0], marks[1], unclear=True)


def _references(blobs: Mapping[str, str], head: Workspace) -> Iterator[Change]:
    """Files that audits compare with: one that went or changed may hide what it showed."""
    for path, blob in sorted(blobs.items()):
        here = head.root / path
        same = blobs_match(here, blob)
        if same is None:
            yield Change("reference_removed", path, "the file is gone", blob, None)
        elif not same:
            after = digest_of_bytes(here.read_bytes())
            yield Change("reference_changed", path, "the file is another", blob, after, unclear=True)


def _contract_file(workspace: Workspace, name: str, reference: str | None, usual: str) -> Path | None:
    """The file of a contract; None when it is an installed module."""
    if reference is None:
        return workspace.contract(name) / usual
    if reference.endswith((".py", ".json")):
        return workspace.root / reference
    path = workspace.root / (reference.split(":")[0].replace(".", "/") + ".py")
    return path if path.is_file() else None


def _everywhere(base: Workspace, head: Workspace) -> Iterator[Change]:
    for kind in ("datasets", "models", "audits", "evaluations"):
        gone = sorted(getattr(base.config, kind).keys() - getattr(head.config, kind).keys())
        for name in gone:
            words = f"{kind}: {name} is gone, and nothing judges it any more"
            yield Change(f"{kind[:-1]}_removed", "params.yaml", words, name, None)
    yield from policy_changes(base.config.policy, head.config.policy)
    yield from _settings(base.config, head.config)
    yield from _own_code(base, head)
    yield from _package(base, head)


def _settings(base: Config, head: Config) -> Iterator[Change]:
    """Settings that differ. Whether a change is stricter, only the audit knows, and the gate does not run it."""
    for kind in ("audits", "evaluations"):
        old, new = getattr(base, kind), getattr(head, kind)
        for name in sorted(old.keys() & new.keys()):
            before, after = _leaves(old[name]), _leaves(new[name])
            for key in sorted(before.keys() | after.keys()):
                if before.get(key, _NEW) == after.get(key, _NEW):
                    continue
                if key[0] == "datasets" and len(key) > 1 and key[1] not in base.datasets:
                    continue  # a setting for a dataset that is new here relaxes nothing that was there
                words = f"{kind}.{name}.{'.'.join(key)} became {_said(after, key)}, it was {_said(before, key)}"
                yield Change("setting_changed", "params.yaml", words, before.get(key), after.get(key), unclear=True)
    earlier, later = base.signals.model_dump(), head.signals.model_dump()
    for name in sorted(name for name in earlier if earlier[name] != later[name]):
        words = f"signals.{name} became {later[name]!r}, it was {earlier[name]!r}"
        yield Change("setting_changed", "params.yaml", words, earlier[name], later[name], unclear=True)


def _leaves(value: Any, path: tuple[str, ...] = ()) -> dict[tuple[str, ...], Any]:
    if isinstance(value, dict) and value:
        return {key: leaf for name, item in value.items() for key, leaf in _leaves(item, (*path, str(name))).items()}
    return {path: value} if path else {}


def _said(leaves: Mapping[tuple[str, ...], Any], key: tuple[str, ...]) -> str:
    return repr(leaves[key]) if key in leaves else "its default"


def _own_code(base: Workspace, head: Workspace) -> Iterator[Change]:
    """A repository's own audits and evaluations: one that changed, went, or now stands before one of the package's."""
    package = Path(__file__).parent.parent
    for kind in ("audits", "evaluations"):
        old, new = (_python(side.root / kind) for side in (base, head))
        for name in sorted(old.keys() | new.keys()):
            before, after, shown = old.get(name), new.get(name), f"{kind}/{name}"
            if before == after:
                continue
            if before is None:
                if (package / kind / name).is_file() or not re.fullmatch(r"[a-z]\w*\.py", name):
                    words = "a file of the repository now stands before the package's of the same name"
                    yield Change("own_code_replaces", shown, words, None, after)
            elif after is None:
                yield Change("own_code_removed", shown, "the file is gone", before, None)
            else:
                yield Change("own_code_changed", shown, "the code is another", before, after, unclear=True)


def _python(folder: Path) -> dict[str, str]:
    """Path below `folder` to the text of each Python file; one that cannot be read counts by its bytes."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes().decode("utf-8", "backslashreplace")
        for path in sorted(folder.rglob("*.py"))
        if path.is_file()
    }


def _package(base: Workspace, head: Workspace) -> Iterator[Change]:
    versions = [_version(side) for side in (base, head)]
    if versions[0] != versions[1] and not _numbers(versions[1]) > _numbers(versions[0]):
        words = f"dataset-governance became {versions[1] or 'unknown'}, it was {versions[0] or 'unknown'}"
        yield Change("older_package", LOCK, words, versions[0], versions[1])


def _version(workspace: Workspace) -> str:
    content = _lock(workspace)
    return str(content.get("package", ""))


def _lock(workspace: Workspace) -> dict[str, Any]:
    try:
        content = json.loads((workspace.root / LOCK).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))


def _notes(base: Workspace, head: Workspace) -> Iterator[str]:
    versions = [_version(side) for side in (base, head)]
    old, new = _lock(base), _lock(head)
    if versions[0] != versions[1]:
        yield f"dataset-governance became {versions[1]}, it was {versions[0]}: all evidence is made anew"
    elif any(old.get(part) != new.get(part) for part in ("code", "audits", "evaluations")):
        yield f"{LOCK} names other code for the same version of the package"
    texts = [
        {p.relative_to(side.root).as_posix(): p.read_bytes() for p in sorted((side.root / "templates").rglob("*")) if p.is_file()}
        for side in (base, head)
    ]  # fmt: skip
    if texts[0] != texts[1]:
        yield "templates/ differs: documents may show less; the gate and its comment use no template"
