"""What training code calls: approved data, or a refusal with the reasons."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from governance.canonical import digest_of_bytes
from governance.causes import told
from governance.clock import today
from governance.config import Workspace
from governance.errors import Blocked, EvidenceError, GovernanceError
from governance.judging import judge_workspace
from governance.manifest import Manifest
from governance.replaced import folder_problems
from governance.repository import Repository
from governance.verdict import Verdict

MOST_REASONS = 5
"""Reasons that a refusal names; the verdict and `govern status NAME` hold them all."""


@dataclass(frozen=True)
class Checked:
    """Paths of a snapshot that passed, and is byte for byte the one that was judged."""

    name: str
    digest: str
    paths: dict[str, Path]
    """Split to its Parquet file."""
    root: Path
    """The workspace. Images that a Parquet file names by path (`path`, `sha256`, `size`) lie there, checked likewise."""
    features: tuple[str, ...]
    """Columns whose role lets a model learn from them: no target, identifier, private, group or ignored column, no key."""
    target: str | None


def require(name: str, workspace: Path | str | None = None) -> Checked:
    """The checked paths of dataset `name`, without loading anything.

    Raises Blocked when the policy blocks it, EvidenceError when evidence, policy, waivers or data do not match any
    more, UsageError when there is no such dataset.
    """
    place = Workspace.find(Path(workspace) if workspace is not None else None)
    place.dataset(name)
    judgement = judge_workspace(place, today(), [name]).judgements[0]
    if judgement.exit_code:
        reasons = "\n".join(_reasons(judgement.verdict, name))
        error: type[GovernanceError] = EvidenceError if judgement.exit_code == 4 else Blocked
        raise error(f"dataset {name} may not be used:\n{reasons}\n  Run: govern status {name}")
    manifest = judgement.collected.manifest
    assert manifest is not None  # a verdict without a manifest is blocked
    folder = place.build(name) / "snapshot"
    paths = {split: folder / f"{split}.parquet" for split in manifest.splits}
    for split, path in paths.items():
        shown = path.relative_to(place.root).as_posix()
        if not path.is_file():
            fetch = Repository(place.root).fetch(f"snapshot@{name}")
            raise EvidenceError(f"{shown} is not here.\n  Run: {fetch}, or dvc repro snapshot@{name}")
        if digest_of_bytes(path.read_bytes()) != manifest.parquet[split]:
            raise EvidenceError(f"{shown} is not the file that was judged.\n  Run: dvc repro")
    if manifest.outside is not None:
        _same_images(manifest, place)
    learned = tuple(column.name for column in manifest.columns if column.resolved_role.learnable)
    return Checked(name, manifest.digest, paths, place.root, learned, manifest.target)


def _reasons(verdict: Verdict, name: str) -> list[str]:
    """The first MOST_REASONS reasons of a refusal, a line each, and how many more there are: code prints them in a log."""
    decisions, following = told(verdict)
    blocking = [decision for decision in decisions if decision.effect == "block"]
    # What is wrong with the evidence itself comes first: all else was judged by it.
    blocking.sort(key=lambda decision: not decision.rule.startswith("evidence/"))
    messages = [decision.message for decision in blocking]
    shown = messages if len(messages) == MOST_REASONS + 1 else messages[:MOST_REASONS]
    lines = [f"  - {message}" for message in shown]
    if following:
        lines.insert(1, f"    {len(following)} more follow from this")
    if len(shown) < len(messages):
        lines.append(f"  and {len(messages) - len(shown)} more reasons; govern status {name} shows them all")
    return lines


def _same_images(manifest: Manifest, place: Workspace) -> None:
    """Raises EvidenceError unless the folder of images is, file by file, the one that was judged."""
    problems = list(folder_problems(place, manifest.source_path, manifest.source_md5, "is not the one that was judged"))
    if problems:
        (path, why), more = problems[0], len(problems) - 1
        also = f", and {more} more like it" if more else ""
        raise EvidenceError(
            f"{path} {why}{also}: the snapshot holds its images by path.\n"
            f"  Run: dvc checkout {manifest.source_path}, or dvc repro"
        )


def load(name: str, workspace: Path | str | None = None, *, features_only: bool = False) -> Any:
    """Dataset `name` as a `datasets.DatasetDict`, one entry a split. Raises as `require` does.

    With `features_only` it holds the columns that a model may learn from by their declared roles, and the target last;
    else every column and the keys of each row. Roles are people's word: a feature that leaks and is waived is a feature.
    """
    checked = require(name, workspace)
    from governance.adapters.hugging_face import as_dataset_dict

    loaded = as_dataset_dict(checked.paths, checked.root)
    if not features_only:
        return loaded
    return loaded.select_columns([*checked.features, *([checked.target] if checked.target else [])])
