"""params.yaml to frozen models: unknown keys refused, every problem reported at once, and where everything lies."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from os.path import relpath
from pathlib import Path
from typing import Any, TypeVar

from pydantic import Field, ValidationError

from governance.canonical import Frozen
from governance.dataset import NAME_PATTERN, Dataset, Name
from governance.errors import ConfigError, UsageError
from governance.model import Model
from governance.policy import Policy
from governance.ratchet import BASELINE, Baseline, parse_baseline
from governance.signals.settings import SignalsConfig
from governance.validation import hint, worded_item
from governance.verdict import Waiver, parse_waivers
from governance.yaml_files import read_yaml

_T = TypeVar("_T")

PARAMS = "params.yaml"
LOCK = "govern.lock"
WAIVERS = "waivers.yaml"
PER_DATASET = "datasets"
"""Key of an audit in params.yaml, below which stand settings for one dataset: `{adult: {reference: ...}}`."""
SUBFOLDER = "govern"
"""Folder of the workspace in a repository that has a pipeline of its own."""


class Config(Frozen):
    """All of ours in params.yaml. Other keys of the file belong to others and are not judged."""

    datasets: dict[Name, Dataset]
    audits: dict[Name, dict[str, Any]]
    """Audit to the settings that differ from its defaults. Under its key `datasets`, those that hold for one dataset."""
    signals: SignalsConfig = SignalsConfig()
    evaluations: dict[Name, dict[str, Any]] = Field(default_factory=dict)
    models: dict[Name, Model] = Field(default_factory=dict)
    policy: Policy = Policy()


def _in_git(folder: Path) -> bool:
    """Whether a repository holds `folder`, without asking git; a worktree has a file where others have a folder."""
    return any((place / ".git").exists() for place in (folder, *folder.parents))


@dataclass(frozen=True)
class Workspace:
    """The folder that holds params.yaml and govern.lock; every path is relative to it."""

    root: Path

    @classmethod
    def find(cls, start: Path | None = None) -> Workspace:
        """The workspace at `start`, in its folder `govern/`, or above it. Raises UsageError."""
        here = (start or Path.cwd()).resolve()
        lost: list[Path] = []
        for folder in (here, *here.parents):
            for candidate in (folder, folder / SUBFOLDER):
                locked, configured = (candidate / LOCK).is_file(), (candidate / PARAMS).is_file()
                if locked and configured:
                    return cls(candidate)
                # Pipelines of others have a params.yaml as well, so that alone says nothing.
                if locked or (configured and (candidate / WAIVERS).is_file()):
                    lost.append(candidate / (PARAMS if locked else LOCK))
        if lost:
            raise UsageError(
                f"{lost[0]} is missing, and the rest of a workspace is there.\n"
                f"  Run: git checkout -- {relpath(lost[0], here)}"
            )
        raise UsageError(
            f"{here} is in no workspace: neither it, its folder {SUBFOLDER}/, nor any folder above holds "
            f"{PARAMS} and {LOCK}.\n  Run: {'' if _in_git(here) else 'git init && '}govern init"
        )

    @cached_property
    def config(self) -> Config:
        """params.yaml. Raises ConfigError with all problems."""
        config = parse_config(read_yaml(self.root / PARAMS, PARAMS))
        outside = [
            f"{PARAMS}: datasets.{name}.data.path: {dataset.data.path!r} lies outside {self.boundary.name}/; "
            "data is only read from inside the repository"
            for name, dataset in config.datasets.items()
            if not _resolved(self.root / dataset.data.path).is_relative_to(self.boundary)
        ]
        if outside:
            raise ConfigError(outside)
        return config

    @cached_property
    def boundary(self) -> Path:
        """The git repository around the workspace, or the workspace itself: nothing outside is read."""
        return next((folder for folder in (self.root, *self.root.parents) if (folder / ".git").exists()), self.root)

    @cached_property
    def waivers(self) -> tuple[Waiver, ...]:
        """waivers.yaml; none when the file is missing. Raises ConfigError with all problems."""
        path = self.root / WAIVERS
        if not path.is_file():
            return ()
        waivers, problems = parse_waivers(read_yaml(path, WAIVERS))
        if problems:
            raise ConfigError(problems)
        return waivers

    @cached_property
    def baseline(self) -> Baseline:
        """baseline.yaml; empty when the file is missing. Raises ConfigError with all problems."""
        path = self.root / BASELINE
        if not path.is_file():
            return Baseline()
        baseline, problems = parse_baseline(read_yaml(path, BASELINE))
        if problems:
            raise ConfigError(problems)
        return baseline

    def dataset(self, name: str) -> Dataset:
        """The dataset named `name`. Raises UsageError with the names that exist."""
        return _named(self.config.datasets, name, "dataset")

    def model(self, name: str) -> Model:
        """The model named `name`. Raises UsageError with the names that exist."""
        return _named(self.config.models, name, "model")

    def audit_settings(self, audit: str, dataset: str) -> dict[str, Any]:
        """The settings of `audit` for `dataset`: those of all datasets, and over them the dataset's own."""
        settings = dict(self.config.audits[audit])
        own: dict[str, dict[str, Any]] = settings.pop(PER_DATASET, {})
        return settings | own.get(dataset, {})

    def contract(self, dataset: str) -> Path:
        """`expectations/<dataset>`."""
        return self.root / "expectations" / dataset

    def answers(self, dataset: str) -> Path:
        """`answers/<dataset>.yaml`."""
        return self.root / "answers" / f"{dataset}.yaml"

    def build(self, dataset: str) -> Path:
        """`build/<dataset>`: data, in DVC's cache."""
        return self.root / "build" / dataset

    def report(self, dataset: str) -> Path:
        """`reports/datasets/<dataset>`: evidence and documents, in git."""
        return self.root / "reports" / "datasets" / dataset

    def model_build(self, model: str) -> Path:
        """`build/models/<model>`."""
        return self.root / "build" / "models" / model

    def model_settings(self, model: str) -> Path:
        """`build/model-settings/<model>.json`: the model's entry without `about`. No dataset can have that name."""
        return self.root / "build" / "model-settings" / f"{model}.json"

    def model_inputs(self, model: str) -> Path:
        """`build/model-inputs/<model>`: what each evaluation of a model is made from. No dataset can have that name."""
        return self.root / "build" / "model-inputs" / model

    def model_report(self, model: str) -> Path:
        """`reports/models/<model>`."""
        return self.root / "reports" / "models" / model


def _resolved(path: Path) -> Path:
    """Where `path` stands. Only its folder is resolved: DVC may link the file itself into a cache elsewhere."""
    return path.parent.resolve() / path.name


def _named(entries: Mapping[str, _T], name: str, kind: str) -> _T:
    if name not in entries:
        raise UsageError(
            f"params.yaml has no {kind} {name!r}; it has: {', '.join(entries) or 'none'}{hint(name, entries)}"
        )
    return entries[name]


def parse_config(content: Any) -> Config:
    """The configuration in the content of params.yaml. Raises ConfigError with all problems."""
    if not isinstance(content, dict):
        raise ConfigError([f"{PARAMS} must be a mapping with `datasets:`, `audits:` and `policy:`"])
    problems: list[str] = []
    ours: dict[str, Any] = {}
    for key in Config.model_fields:
        if key in content:
            ours[key] = content[key] if content[key] is not None else {}
    for key in content:
        if key not in Config.model_fields:
            near = hint(key, [k for k in Config.model_fields if k not in content])
            if near:
                problems.append(f"{PARAMS}: `{key}` is not a key that govern knows{near}")
    problems.extend(f"{PARAMS}: `{key}:` is missing" for key in ("datasets", "audits") if key not in content)
    for key in ("datasets", "audits", "evaluations", "models"):
        problems.extend(_bad_names(key, ours.get(key, {})))
    for key in ("audits", "evaluations"):
        if isinstance(ours.get(key), dict):
            ours[key] = {name: {} if value is None else value for name, value in ours[key].items()}
    problems.extend(_clashes(ours))
    try:
        config = Config.model_validate({"datasets": {}, "audits": {}} | ours)
    except ValidationError as error:
        problems.extend(
            f"{PARAMS}: {worded_item(item, Config)}" for item in error.errors() if not _is_name_problem(item)
        )
        config = None
    if config is not None:
        for name, model in config.models.items():
            if model.dataset not in config.datasets:
                problems.append(
                    f"{PARAMS}: models.{name}.dataset: there is no dataset {model.dataset!r}{hint(model.dataset, config.datasets)}"
                )
        problems.extend(_bad_overrides(config))
        known = [*config.audits, *config.evaluations]
        for rule in config.policy.metrics:
            audit = rule.metric.split(".")[0]
            if audit not in known:
                problems.append(
                    f"{PARAMS}: policy.metrics: no audit or evaluation {audit!r} is configured{hint(audit, known)}"
                )
    if problems or config is None:
        raise ConfigError(problems)
    return config


def _bad_names(section: str, entries: Any) -> list[str]:
    if not isinstance(entries, dict):
        return []
    return [
        f"{PARAMS}: {section}: {name!r} cannot be a name: a string of small letters, digits and `_`, "
        "starting with a letter, 63 at most"
        for name in entries
        if not (isinstance(name, str) and re.match(NAME_PATTERN, name))
    ]


def _bad_overrides(config: Config) -> list[str]:
    """What is wrong with the settings that audits have for single datasets."""
    problems = []
    for audit, settings in config.audits.items():
        where = f"{PARAMS}: audits.{audit}.{PER_DATASET}"
        own = settings.get(PER_DATASET, {})
        if not isinstance(own, dict):
            problems.append(f"{where}: must map datasets to settings, as in `{{adult: {{...}}}}`")
            continue
        for name, values in own.items():
            if name not in config.datasets:
                problems.append(f"{where}: there is no dataset {name!r}{hint(name, config.datasets)}")
            if not isinstance(values, dict):
                problems.append(f"{where}.{name}: must be a mapping of settings (it is {values!r})")
    return problems


def _clashes(ours: Mapping[str, Any]) -> list[str]:
    datasets = ours.get("datasets")
    if isinstance(datasets, dict) and "models" in datasets:
        return [f"{PARAMS}: datasets: `models` is the folder of the models; give the dataset another name"]
    for key in ("audits", "evaluations"):
        if isinstance(ours.get(key), dict) and "answers" in ours[key]:
            words = "`answers` is what people say, held against the evidence; give it another name"
            return [f"{PARAMS}: {key}: {words}"]
    return []


def _is_name_problem(item: Any) -> bool:
    return len(item["loc"]) == 3 and item["loc"][-1] == "[key]"  # told by _bad_names, in words
