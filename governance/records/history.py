"""Every version of a dataset or model that git holds: digest, verdict, approvals, and what changed since the one before.

Read from the reports in git, without data and without DVC. Commits that changed nothing of it are not listed.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from governance.alike import spread
from governance.config import Workspace
from governance.errors import ConfigError, UsageError

_FILES = ("manifest.json", "verdict.json")
_SHOWN = 5


@dataclass(frozen=True)
class Version:
    """One commit that changed what is known of a subject."""

    commit: str
    """Full hash."""
    date: str
    """Day on which it was committed, as `2026-03-01`."""
    author: str
    subject: str
    """First line of the commit's message."""
    digest: str
    """Of the snapshot; empty where there is none."""
    rows: int | None
    result: str
    """`passed`, `blocked`, or empty where there is no verdict."""
    tier: str
    verdict: str
    """Digest of the verdict."""
    approvals: tuple[str, ...]
    """Who approved, in which role, when: of all entries that stand there."""
    changed: tuple[str, ...]
    """What is other than in the version before."""


def history(workspace: Workspace, name: str, since: str | None = None) -> tuple[Version, ...]:
    """Versions of dataset or model `name`, newest first. Raises UsageError when git holds none."""
    kind = _kind(workspace, name)
    folder = f"reports/{kind}/{name}"
    paths = [*(f"{folder}/{file}" for file in _FILES), f"approvals/{name}.yaml"]
    commits = list(_commits(workspace.root, paths))
    if not commits:
        raise UsageError(f"git holds no report on {name!r}; commit reports/ first, or see: govern status")
    contents = _contents(workspace.root, [(commit[0], path) for commit in commits for path in paths])
    versions: list[Version] = []
    before: dict[str, Any] = {}
    for commit, date, author, subject in reversed(commits):
        now = {path.rsplit("/", 1)[-1]: _parsed(path, contents.get((commit, path))) for path in paths}
        changed = tuple(_changes(before, now, f"{name}.yaml"))
        manifest, verdict = now["manifest.json"] or {}, now["verdict.json"] or {}
        if changed:
            data = str(manifest.get("digest") or verdict.get("snapshot_digest") or "")
            versions.append(
                Version(
                    commit, date, author, subject, data,
                    manifest.get("rows"), str(verdict.get("result", "")), str(verdict.get("tier", "")),
                    str(verdict.get("digest", "")), tuple(_approvals(now[f"{name}.yaml"], data)), changed,
                )
            )  # fmt: skip
        before = now
    return tuple(version for version in reversed(versions) if since is None or version.date >= since)


def _kind(workspace: Workspace, name: str) -> Literal["datasets", "models"]:
    return "models" if name in workspace.config.models and name not in workspace.config.datasets else "datasets"


def _commits(root: Path, paths: list[str]) -> Iterator[tuple[str, str, str, str]]:
    shown = _git(root, "log", "--date=short", "--format=%H%x1f%cd%x1f%an%x1f%s%x1e", "--", *paths)
    for entry in shown.decode("utf-8", "replace").split("\x1e"):
        if entry.strip():
            commit, date, author, subject = entry.strip().split("\x1f")
            yield commit, date, author, subject


def _git(root: Path, *words: str, given: bytes | None = None) -> bytes:
    # The day of a commit must not hang on the zone of whoever asks.
    done = subprocess.run(["git", "-c", "log.showSignature=false", *words], cwd=root, capture_output=True, check=False,
                          input=given)  # fmt: skip
    if done.returncode:
        raise UsageError(f"git {words[0]} failed: {done.stderr.decode('utf-8', 'replace').strip()}")
    return done.stdout


def _contents(root: Path, wanted: list[tuple[str, str]]) -> dict[tuple[str, str], bytes]:
    """Content of (commit, path), paths relative to the workspace; what a commit has not is left out."""
    prefix = _git(root, "rev-parse", "--show-prefix").decode().strip()
    asked = "".join(f"{commit}:{prefix}{path}\n" for commit, path in wanted)
    output, position, found = _git(root, "cat-file", "--batch", given=asked.encode()), 0, {}
    for key in wanted:
        end = output.index(b"\n", position)
        words = output[position:end].split()
        position = end + 1
        if words[-1] == b"missing":
            continue
        size = int(words[2])
        found[key] = output[position : position + size]
        position += size + 1
    return found


def _parsed(path: str, content: bytes | None) -> Any:
    if content is None:
        return None
    try:
        if path.endswith(".json"):
            return spread(json.loads(content))
        from governance.yaml_files import parse_yaml

        return parse_yaml(content.decode("utf-8"), path)
    except (ValueError, ConfigError, RecursionError):
        return {}  # a version that cannot be read any more is still a version


def _approvals(content: Any, data: str = "") -> Iterator[str]:
    """Who approved in an approvals file, all or only those who approved `data`: others lapsed when the data changed."""
    entries = content.get("approvals", []) if isinstance(content, Mapping) else content or []
    for entry in entries if isinstance(entries, list) else []:
        if isinstance(entry, Mapping) and (not data or entry.get("data") == data):
            yield " ".join(str(entry[key]) for key in ("by", "role", "on") if entry.get(key))


def _changes(before: Mapping[str, Any], now: Mapping[str, Any], approvals: str) -> Iterator[str]:
    if not before:
        yield "first version"
        return
    old, new = before.get("manifest.json") or {}, now.get("manifest.json") or {}
    if old.get("digest") != new.get("digest"):
        yield f"other data: {old.get('rows', 0)} rows became {new.get('rows', 0)}"
    columns = [{c["name"] for c in side.get("columns", ())} for side in (old, new)]
    if gone := sorted(columns[0] - columns[1]):
        yield f"columns removed: {', '.join(gone)}"
    if added := sorted(columns[1] - columns[0]):
        yield f"columns added: {', '.join(added)}"
    if old.get("digest") == new.get("digest") and old.get("seal") != new.get("seal"):
        yield "the same data from another source, declaration or code"
    yield from _verdict_changes(before.get("verdict.json") or {}, now.get("verdict.json") or {})
    people = [list(_approvals(side.get(approvals))) for side in (before, now)]
    for one in people[1]:
        if one not in people[0]:
            yield f"approved: {one}"
    for one in people[0]:
        if one not in people[1]:
            yield f"approval gone: {one}"


def _verdict_changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    if old.get("digest") == new.get("digest"):
        return
    silent = True
    for field, words in (("result", "verdict"), ("tier", "tier")):
        if old.get(field) != new.get(field):
            silent = False
            yield f"{words}: {old.get(field, 'none')} became {new.get(field, 'none')}"
    if old.get("policy_digest") != new.get("policy_digest"):
        silent = False
        yield "another policy"
    effects = [_effects(side) for side in (old, new)]
    for words, keys in (
        ("new findings", effects[1].keys() - effects[0].keys()),
        ("gone", effects[0].keys() - effects[1].keys()),
        ("judged otherwise", {k for k in effects[0].keys() & effects[1].keys() if effects[0][k] != effects[1][k]}),
    ):
        if keys:
            silent = False
            listed = sorted(keys)
            more = f" and {len(listed) - _SHOWN} more" if len(listed) > _SHOWN else ""
            yield f"{words}: {', '.join(listed[:_SHOWN])}{more}"
    if silent:
        yield "other evidence, the same findings"


def _effects(verdict: Mapping[str, Any]) -> dict[str, str]:
    """Each decision on a finding by rule and fingerprint, with what it came to."""
    return {
        f"{one['rule']} [{one['fingerprint']}]": str(one.get("effect"))
        for one in verdict.get("decisions", ())
        if one.get("fingerprint") and not str(one.get("rule")).startswith("waiver/")
    }
