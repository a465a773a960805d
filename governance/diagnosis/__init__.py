"""What `govern doctor` looks at: installation, configuration, data, and which audits can run on what."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from pathlib import Path

from pydantic import ValidationError

from governance.adapters.dvc_locks import cut_short
from governance.audit import load
from governance.config import PARAMS, PER_DATASET, Config, Workspace
from governance.decision_files import misplaced
from governance.diagnosis.checks import Check, guarded
from governance.diagnosis.datasets import check_dataset, check_model
from governance.documents.wording import plural
from governance.errors import ConfigError, GovernanceError
from governance.lock import PIPELINE, lock_differences, package_pipeline
from governance.repository import Repository
from governance.validation import worded_item
from governance.yaml_files import read_yaml

__all__ = ["Check", "Diagnosis", "diagnose"]

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
        root = workspace.root
    except ConfigError as error:
        return Diagnosis((*checks, *(Check("configuration", "broken", problem) for problem in error.problems)))
    except GovernanceError as error:
        return Diagnosis((*checks, Check("configuration", "broken", str(error))))
    present = read_yaml(workspace.root / PARAMS, PARAMS)
    absent = [key for key in Config.model_fields if key not in present]
    if absent:
        remedy = "write " + ", ".join(f"`{key}: {{}}`" for key in absent)
        checks.append(Check("params.yaml", "broken", f"dvc.yaml needs the keys {', '.join(absent)}", remedy))
    words = ", ".join(
        plural(len(entries), noun)
        for entries, noun in ((config.datasets, "dataset"), (config.audits, "audit"), (config.models, "model"))
    )
    checks.append(Check("params.yaml", "ok", words))
    checks.extend(guarded("dvc", lambda: _locks(workspace), root))
    checks.extend(guarded("waivers.yaml", lambda: _waivers(workspace), root))
    checks.extend(guarded("govern.lock", lambda: _lock(workspace), root))
    checks.extend(guarded("audits", lambda: _audits(workspace), root))
    unread = misplaced(workspace.root, config.datasets)
    checks.extend(Check("decisions", "broken", sentence) for sentence in unread)
    repository = Repository(workspace.root)
    for name in config.datasets:
        checks.extend(guarded(name, lambda name=name: check_dataset(workspace, repository, name), root))  # type: ignore[misc]
    for name in config.models:
        checks.extend(guarded(name, lambda name=name: check_model(workspace, name), root))  # type: ignore[misc]
    checks.extend(_orphans(workspace))
    checks.extend(_unread(workspace))
    return Diagnosis(tuple(dict.fromkeys(checks)))  # a file that two looks read is told of once


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
    yield Check("waivers.yaml", "ok", plural(len(workspace.waivers), "waiver"))


def _lock(workspace: Workspace) -> Iterator[Check]:
    differences = lock_differences(workspace)
    if differences:
        yield Check("govern.lock", "broken", "; ".join(differences), "govern upgrade, then dvc repro")
    else:
        yield Check("govern.lock", "ok", "agrees with what is installed")
    path = workspace.root / PIPELINE
    if path.is_file() and path.read_text(encoding="utf-8") != package_pipeline():
        message = "is not the one of this release, so stages may be missing"
        yield Check(PIPELINE, "note", message, "govern upgrade --dvc-yaml, then look at what it changed: git diff")


def _audits(workspace: Workspace) -> Iterator[Check]:
    for kind, configured in (("audits", workspace.config.audits), ("evaluations", workspace.config.evaluations)):
        for name in configured:
            what = f"{kind}.{name}"
            yield from guarded(what, lambda kind=kind, name=name: _settings(workspace, kind, name), workspace.root)  # type: ignore[misc]


def _settings(workspace: Workspace, kind: str, name: str) -> Iterator[Check]:
    """Whether the audit exists and takes its settings, those for single datasets among them."""
    asked = load(name, kind, workspace.root)
    settings = dict(getattr(workspace.config, kind)[name])
    own = settings.pop(PER_DATASET, {})
    told = []
    for below, given in (((), settings), *(((PER_DATASET, dataset), settings | one) for dataset, one in own.items())):
        try:
            asked.model_validate(given)
        except ValidationError as error:
            told += [worded_item(item, asked, (kind, name, *below)) for item in error.errors()]
    yield from (Check(f"{kind}.{name}", "broken", f"{PARAMS}: {problem}") for problem in told)


def _locks(workspace: Workspace) -> Iterator[Check]:
    if cut_short(workspace.root) is not None:
        message = "a DVC that was killed left .dvc/tmp/rwlock cut short, and no other will start"
        yield Check("dvc", "broken", message, "govern repro, which clears it away")
    for name in Repository(workspace.root).cut_short():
        message = f"a DVC that was killed left {name} cut short"
        yield Check("dvc", "broken", message, "govern repro, which takes it from git again")


def _orphans(workspace: Workspace) -> Iterator[Check]:
    """Reports of datasets, models and audits that params.yaml no longer names: ignored, and told."""
    config = workspace.config
    for folder, names, configured in (
        ("datasets", list(config.datasets), config.audits),
        ("models", list(config.models), config.evaluations),
    ):
        reports = workspace.root / "reports" / folder
        unreported = [name for name in names if not (reports / name).is_dir()]
        for report in sorted(path for path in reports.glob("*") if path.is_dir()):
            shown = report.relative_to(workspace.root).as_posix()
            if report.name not in names:
                message = f"{shown} belongs to nothing in params.yaml"
                yield Check("reports", "note", message, _misspelt(report.name, unreported) or f"git rm -r {shown}")
                continue
            for file in sorted((report / "evidence").glob("*.json")):
                if file.stem not in configured:
                    unanswered = [name for name in configured if not (report / "evidence" / f"{name}.json").is_file()]
                    message = f"{shown}/evidence/{file.name} is of an audit that is not configured"
                    remedy = _misspelt(file.stem, unanswered) or f"git rm {shown}/evidence/{file.name}"
                    yield Check("reports", "note", message, remedy)


def _unread(workspace: Workspace) -> Iterator[Check]:
    """What people wrote about a dataset or model that params.yaml does not name: nothing reads it."""
    datasets = list(workspace.config.datasets)
    described = [*datasets, *workspace.config.models]
    for folder, pattern, names in (
        ("reviews", "*.yaml", datasets),
        ("expectations", "*/", datasets),
        ("answers", "*.yaml", described),
    ):
        for path in sorted((workspace.root / folder).glob(pattern)):
            if path.stem not in names and not path.name.startswith(("_", ".")):
                near = get_close_matches(path.stem, names, n=1)
                remedy = f"if {near[0]!r} is meant, rename it" if near else "rename or remove it"
                yield Check(
                    folder, "note", f"{folder}/{path.name} is of nothing in params.yaml, so nobody reads it", remedy
                )


def _misspelt(name: str, candidates: list[str]) -> str:
    """What to do when `name` is what one of `candidates`, which have no reports, was meant to be; else empty."""
    near = get_close_matches(name, candidates, n=1)
    return (
        f"if {near[0]!r} in params.yaml is {name!r} misspelt, correct it there; delete nothing before" if near else ""
    )
