"""Where in the repository a decision belongs: the line of params.yaml, of the contract or of waivers.yaml about it.

A data file has no useful line, so a decision points at what people edit, and at the evidence file where there is
no such line.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from governance.config import PARAMS, WAIVERS, Workspace
from governance.errors import GovernanceError
from governance.report_files import evidence_file

if TYPE_CHECKING:
    from governance.evidence import Finding
    from governance.judging import Judgement
    from governance.verdict import Decision

_CONTRACTS = {"schema": "schema.py", "expectations": "suite.json"}
"""Audit to the file whose rules it asks about."""

Key = str | int | Callable[[Any], bool]
"""A key of a mapping, an index of a list, or a test that picks an item of a list by its plain content."""


@dataclass(frozen=True)
class Place:
    """One line of one file."""

    file: str
    """Relative to the repository's root, with `/`."""
    line: int = 1
    width: int = 0
    """Characters on that line."""


class Places:
    """Finds lines in the files of a workspace. Each file is read once."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._prefix = workspace.root.relative_to(workspace.boundary)
        self._files: dict[str, tuple[Any, list[str]]] = {}

    def of(self, judgement: Judgement, decision: Decision, finding: Finding | None) -> Place:
        """The place of `decision`: always one that exists, params.yaml at the least."""
        name, group = judgement.name, f"{judgement.kind}s"
        entry = self.line(PARAMS, group, name) or self._at(PARAMS)
        if decision.rule.startswith("waiver/"):
            return self.line(WAIVERS, "waivers", _with("fingerprint", decision.fingerprint)) or self._at(WAIVERS)
        if decision.rule.startswith("metric/"):
            rules = self.line(PARAMS, "policy", "metrics", _with("metric", decision.rule.removeprefix("metric/")))
            return rules or self.line(PARAMS, "policy") or entry
        if decision.rule.startswith("base/"):
            named = decision.message.split(":")[0]  # what is looser starts with its file
            return self._at(named) if (self._workspace.root / named).is_file() else entry
        if decision.rule.startswith("required/"):
            return self.line(PARAMS, "policy", "required") or self.line(PARAMS, "policy") or entry
        if decision.rule.startswith("approval/"):
            return self.line(PARAMS, "policy", "approvals") or self.line(PARAMS, "policy") or entry
        if decision.rule.startswith("answer/"):
            answers = f"answers/{name}.yaml"
            return self._at(answers) if self._workspace.answers(name).is_file() else entry
        if finding is not None and judgement.kind == "dataset":
            if rule := self._rule(name, finding):
                return rule
            declared = f"expectations/{name}/columns.yaml"
            for column in finding.columns:
                if place := self.line(declared, "columns", _with("name", column)):
                    return place
        if decision.audit:
            report = self._workspace.report(name) if group == "datasets" else self._workspace.model_report(name)
            evidence = evidence_file(report, decision.audit)
            if evidence.is_file():
                return self._at(evidence.relative_to(self._workspace.root).as_posix())
            section = "audits" if group == "datasets" else "evaluations"
            return self.line(PARAMS, section, decision.audit) or entry
        if decision.rule in {"evidence/other_source", "evidence/unknown_source", "evidence/no_snapshot"}:
            return self.line(PARAMS, group, name, "data", "path") or entry
        return entry

    def _rule(self, name: str, finding: Finding) -> Place | None:
        """The line of the contract that declares the rule which `finding` says is broken; None for other findings."""
        audit, _, kind = finding.rule.partition("/")
        if audit not in _CONTRACTS:
            return None
        try:
            config = self._workspace.dataset(name).data
            declared = config.schema_ if audit == "schema" else config.suite
            file = declared or f"expectations/{name}/{_CONTRACTS[audit]}"
            path = (self._workspace.root / file).resolve()
            if not path.is_relative_to(self._workspace.boundary):
                return None
            lines = path.read_text(encoding="utf-8").splitlines()
        except (GovernanceError, OSError, ValueError):
            return None  # given as module:Class, or not here
        number = _line_of(lines, finding.columns, kind)
        return Place(posixpath.normpath(self._shown(file)), number, len(lines[number - 1]) if lines else 0)

    def line(self, file: str, *keys: Key) -> Place | None:
        """The line in `file` (relative to the workspace) on which `keys` leads; None when it leads nowhere."""
        root, lines = self._read(file)
        node, mark = root, None
        for key in keys:
            found = _step(node, key)
            if found is None:
                return None
            node, mark = found
        number = mark.line + 1 if mark else 1
        return Place(self._shown(file), number, len(lines[number - 1]) if number <= len(lines) else 0)

    def _at(self, file: str) -> Place:
        return Place(self._shown(file))

    def _shown(self, file: str) -> str:
        return (self._prefix / file).as_posix()

    def _read(self, file: str) -> tuple[Any, list[str]]:
        """The YAML nodes and the lines of `file`; (None, []) when it is missing or not YAML."""
        if file not in self._files:
            from ruamel.yaml import YAML
            from ruamel.yaml.error import YAMLError

            path: Path = self._workspace.root / file
            try:
                text = path.read_text(encoding="utf-8")
                self._files[file] = (YAML(typ="safe", pure=True).compose(text), text.splitlines())
            except (OSError, ValueError, YAMLError):
                self._files[file] = (None, [])
        return self._files[file]


def _line_of(lines: list[str], columns: tuple[str, ...], kind: str) -> int:
    """The first line that names one of `columns`; in a suite the one in an expectation of `kind`, if there is one."""
    names = "|".join(re.escape(column) for column in columns)
    named = [
        number for number, line in enumerate(lines, start=1)
        if names and (re.match(rf"\s+(?:{names})\s*:", line) or re.search(rf"""["'](?:{names})["']""", line))
    ]  # fmt: skip
    kinds = [number for number, line in enumerate(lines, start=1) if f'"expect_{kind}"' in line]
    if not named:
        return kinds[0] if kinds else 1
    # The type and the column of an expectation stand within few lines of each other, in either order.
    return min(named, key=lambda number: min(((abs(number - other), number < other) for other in kinds), default=()))


def _with(key: str, value: str) -> Callable[[Any], bool]:
    """A test for a mapping whose `key` is `value`."""
    return lambda item: (found := _step(item, key)) is not None and str(found[0].value) == value


def _step(node: Any, key: Key) -> tuple[Any, Any] | None:
    """The child of `node` by `key` and the mark at which a reader looks for it."""
    content = getattr(node, "value", None)
    if not isinstance(content, list):
        return None
    pairs = [child for child in content if isinstance(child, tuple)]
    if isinstance(key, str):
        return next(((value, name.start_mark) for name, value in pairs if name.value == key), None)
    if pairs:
        return None
    if isinstance(key, int):
        return (content[key], content[key].start_mark) if key < len(content) else None
    return next(((item, item.start_mark) for item in content if key(item)), None)
