"""What `govern doctor` looks at: installation, configuration, data, and which audits can run on what."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from governance.audit import load
from governance.config import PARAMS, PER_DATASET, Config, Workspace
from governance.contract import read_columns, with_roles
from governance.dataset import Task
from governance.documents.answers import read_answers
from governance.errors import GovernanceError
from governance.lock import lock_differences
from governance.repository import Repository
from governance.yaml_files import read_yaml

_MODULES = {
    "dvc": "dvc", "great-expectations": "great_expectations", "pandera": "pandera", "datasets": "datasets",
    "cleanlab": "cleanlab", "polars": "polars", "scikit-learn": "sklearn", "faiss-cpu": "faiss", "pillow": "PIL",
}  # fmt: skip
KILL_SWITCHES = {
    "PANDERA_VALIDATION_ENABLED": ("false", "0"),
    "PANDERA_VALIDATION_DEPTH": ("schema_only", "data_only"),
}
"""Environment variables that would switch a library's checks off. The audits overrule them, and say so."""


@dataclass(frozen=True)
class Check:
    """One thing that was looked at."""

    what: str
    state: Literal["ok", "note", "broken"]
    message: str
    remedy: str = ""

    @property
    def mark(self) -> str:
        """`ok`, `note` or `BAD`, of one width."""
        return {"ok": "ok  ", "note": "note", "broken": "BAD "}[self.state]


@dataclass(frozen=True)
class Diagnosis:
    """All that was looked at."""

    checks: tuple[Check, ...]

    @property
    def broken(self) -> bool:
        """Whether something must be mended first."""
        return any(check.state == "broken" for check in self.checks)

    def as_dict(self) -> dict[str, object]:
        """For programs."""
        return {"broken": self.broken, "checks": [asdict(check) for check in self.checks]}


def diagnose(start: Path | None = None) -> Diagnosis:
    """Look at everything; a problem in one place does not hide the others."""
    checks = list(_installation())
    try:
        workspace = Workspace.find(start)
        checks.append(Check("workspace", "ok", workspace.root.name + "/"))
        config = workspace.config
    except GovernanceError as error:
        checks.append(Check("configuration", "broken", str(error)))
        return Diagnosis(tuple(checks))
    present = read_yaml(workspace.root / PARAMS, PARAMS)
    absent = [key for key in Config.model_fields if key not in present]
    if absent:
        remedy = "write " + ", ".join(f"`{key}: {{}}`" for key in absent)
        checks.append(Check("params.yaml", "broken", f"dvc.yaml needs the keys {', '.join(absent)}", remedy))
    words = f"{len(config.datasets)} datasets, {len(config.audits)} audits, {len(config.models)} models"
    checks.append(Check("params.yaml", "ok", words))
    checks.extend(_guarded("waivers.yaml", lambda: _waivers(workspace)))
    checks.extend(_guarded("govern.lock", lambda: _lock(workspace)))
    checks.extend(_guarded("audits", lambda: _audits(workspace)))
    repository = Repository(workspace.root)
    for name in config.datasets:
        checks.extend(_guarded(name, lambda name=name: _dataset(workspace, repository, name)))
    checks.extend(_orphans(workspace))
    return Diagnosis(tuple(checks))


def _guarded(what: str, look: object) -> list[Check]:
    assert callable(look)
    try:
        return list(look())
    except GovernanceError as error:
        return [Check(what, "broken", str(error))]


def _installation() -> Iterator[Check]:
    version = ".".join(map(str, sys.version_info[:3]))
    yield Check("python", "ok" if sys.version_info >= (3, 11) else "broken", version)
    for tool in ("git", "dvc", "govern"):
        found = shutil.which(tool)
        remedy = "" if found else "activate the virtual environment: dvc starts `govern` by its name"
        yield Check(tool, "ok" if found else "broken", "found" if found else "not on PATH", remedy)
    absent = [name for name, module in _MODULES.items() if importlib.util.find_spec(module) is None]
    if absent:
        yield Check(
            "libraries", "broken", f"not installed: {', '.join(absent)}", "pip install 'dataset-governance[pipeline]'"
        )
    for variable, values in KILL_SWITCHES.items():
        if os.environ.get(variable, "").lower() in values:
            yield Check(variable, "note", "is set to weaken validation; audits overrule it", f"unset {variable}")


def _waivers(workspace: Workspace) -> Iterator[Check]:
    yield Check("waivers.yaml", "ok", f"{len(workspace.waivers)} waivers")


def _lock(workspace: Workspace) -> Iterator[Check]:
    differences = lock_differences(workspace)
    if differences:
        yield Check("govern.lock", "broken", "; ".join(differences), "govern upgrade, then dvc repro")
    else:
        yield Check("govern.lock", "ok", "agrees with what is installed")


def _audits(workspace: Workspace) -> Iterator[Check]:
    for kind, configured in (("audits", workspace.config.audits), ("evaluations", workspace.config.evaluations)):
        for name, settings in configured.items():
            try:
                asked = load(name, kind, workspace.root)
                asked.model_validate({key: value for key, value in settings.items() if key != PER_DATASET})
                for dataset in settings.get(PER_DATASET, {}):
                    asked.model_validate(workspace.audit_settings(name, dataset))
            except GovernanceError as error:
                yield Check(f"{kind}.{name}", "broken", str(error))
            except ValueError as error:
                first = str(error).splitlines()[1:3]
                yield Check(f"{kind}.{name}", "broken", f"params.yaml: {' '.join(part.strip() for part in first)}")


def _dataset(workspace: Workspace, repository: Repository, name: str) -> Iterator[Check]:
    dataset = workspace.dataset(name)
    path = dataset.data.path
    known = repository.known(path)
    if not (workspace.root / path).exists():
        if known is None:
            yield Check(
                name,
                "broken",
                f"{path} does not exist, and neither git nor DVC knows it",
                "correct `path`, or add the file",
            )
        elif known.by.startswith("dvc.lock"):
            yield Check(name, "ok", f"{path} will be made by {known.by.removeprefix('dvc.lock ')}")
        else:
            yield Check(name, "broken", f"{path} is not here; {known.by} knows it", f"dvc pull {path}")
    elif known is None and not _made_by_a_stage(workspace, path):
        yield Check(name, "note", f"neither git nor DVC knows {path}: the gate will refuse it", f"dvc add {path}")
    columns_file = workspace.contract(name) / "columns.yaml"
    shown = f"expectations/{name}/columns.yaml"
    columns = read_columns(columns_file, shown)
    if columns:
        with_roles(columns, dataset.data, name)
    read_answers(workspace.answers(name))
    if not columns_file.is_file():
        yield Check(name, "broken", f"{shown} does not exist, and dvc.yaml depends on it", f"govern draft {name}")
    if not workspace.answers(name).is_file():
        yield Check(
            name, "broken", f"answers/{name}.yaml does not exist, and dvc.yaml depends on it", f"govern draft {name}"
        )
    yield from _questions(workspace, name, bool(columns))


def _made_by_a_stage(workspace: Workspace, path: str) -> bool:
    """Whether a dvc.yaml of the repository names `path` as an output that was not made yet."""
    target = (workspace.root / path).resolve()
    for file in workspace.boundary.rglob("dvc.yaml"):
        if "build" in file.parts:
            continue
        for line in file.read_text(encoding="utf-8").splitlines():
            word = line.strip().removeprefix("- ").rstrip(":")
            if word and (file.parent / word).resolve() == target:
                return True
    return False


def _questions(workspace: Workspace, name: str, declared: bool) -> Iterator[Check]:
    """Which audits can be asked of the dataset, and what the others need."""
    config = workspace.dataset(name).data
    contract = workspace.contract(name)
    lacking = []
    for audit in workspace.config.audits:
        needs = load(audit, workspace=workspace.root).needs
        if "predictions" in needs and not config.target:
            lacking.append(f"{audit} needs a target")
        elif "predictions" in needs and config.task is not Task.NONE and not config.task.labels_audited:
            lacking.append(f"{audit} does not audit labels of task {config.task}")
        if needs & {"schema", "suite"} == {"schema"} and not (config.schema_ or (contract / "schema.py").is_file()):
            lacking.append(f"{audit} needs expectations/{name}/schema.py")
        if "suite" in needs and not (config.suite or (contract / "suite.json").is_file()):
            lacking.append(f"{audit} needs expectations/{name}/suite.json")
    words = f"{len(workspace.config.audits) - len(lacking)} of {len(workspace.config.audits)} audits can run"
    if not declared:
        lacking.append("no columns are declared, so types are inferred")
    yield Check(name, "note" if lacking else "ok", "; ".join([words, *lacking]))


def _orphans(workspace: Workspace) -> Iterator[Check]:
    """Reports of datasets, models and audits that params.yaml no longer names: ignored, and told."""
    config = workspace.config
    for folder, names, configured in (
        ("datasets", set(config.datasets), set(config.audits)),
        ("models", set(config.models), set(config.evaluations)),
    ):
        for report in sorted(path for path in (workspace.root / "reports" / folder).glob("*") if path.is_dir()):
            shown = report.relative_to(workspace.root).as_posix()
            if report.name not in names:
                yield Check("reports", "note", f"{shown} belongs to nothing in params.yaml", f"git rm -r {shown}")
                continue
            left = sorted(p.name for p in (report / "evidence").glob("*.json") if p.stem not in configured)
            if left:
                yield Check(
                    "reports",
                    "note",
                    f"{shown}/evidence holds {', '.join(left)} of audits that are not configured",
                    "git rm them",
                )
