"""What `govern doctor` looks at for each dataset and model: the source, the contract, and which audits can be asked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from governance.absent_sources import absent_source, made_by_a_stage
from governance.audit import load
from governance.comparing.columns import PROTECTIVE
from governance.config import Workspace
from governance.contract import LINKS, read_columns, with_roles
from governance.dataset import DataConfig, Role, Task
from governance.decision_files import named, read_decisions
from governance.decisions import FOLDER, overtaken
from governance.diagnosis.checks import Check, guarded
from governance.diagnosis.columns import other_types, undeclarable, unreadable
from governance.documents.answers import read_answers
from governance.documents.wording import plural
from governance.errors import EvidenceError, GovernanceError
from governance.made_from import CONTRACT_FILES
from governance.manifest import read_manifest
from governance.references import approved_sketch
from governance.replaced import replaced
from governance.repository import Repository

NEVER_SHOWN = PROTECTIVE - {Role.SENSITIVE, Role.SPECIAL_CATEGORY}
"""Roles whose values stand in no document; the levels of the others name groups."""


def check_dataset(workspace: Workspace, repository: Repository, name: str) -> Iterator[Check]:
    """All checks of one dataset; a problem in one of its files does not hide the others."""
    looks = (
        lambda: _source(workspace, repository, name),
        lambda: _declared(workspace, name),
        lambda: _schema(workspace, name),
        lambda: _suite(workspace, name),
        lambda: _links(workspace, name),
        lambda: _decided(workspace, name),
        lambda: _questions(workspace, name),
    )
    for look in looks:
        yield from guarded(name, look, workspace.root)


def _source(workspace: Workspace, repository: Repository, name: str) -> Iterator[Check]:
    path = workspace.dataset(name).data.path
    if absent := absent_source(workspace, repository, name):
        yield Check(name, "note" if absent.lost else "broken", absent.message, absent.remedy)
        return
    known = repository.known(path)
    if not (workspace.root / path).exists():
        by = known.by.removeprefix("dvc.lock ") if known else "a stage"
        yield Check(name, "ok", f"{path} will be made by {by}")
        return
    if known is None and not made_by_a_stage(workspace, path):
        yield Check(name, "note", f"neither git nor DVC knows {path}: the gate will refuse it", f"dvc add {path}")
    try:
        manifest = read_manifest(workspace.report(name) / "manifest.json")
    except EvidenceError:
        yield Check(name, "note", "never measured, or its reports are not here", "dvc repro")
        return
    if sentence := replaced(workspace, manifest):
        yield Check(name, "note", sentence, "dvc repro")


def _declared(workspace: Workspace, name: str) -> Iterator[Check]:
    shown = f"expectations/{name}/columns.yaml"
    files = {shown: workspace.contract(name) / "columns.yaml", f"answers/{name}.yaml": workspace.answers(name)}
    for file, path in files.items():
        if not path.is_file():
            message = f"{file} does not exist, and dvc.yaml depends on it"
            yield Check(name, "broken", message, f"govern draft {name}")
    yield from guarded(name, lambda: _answers(workspace, name), workspace.root)
    if columns := read_columns(files[shown], shown):
        unknown = undeclarable(workspace, name, columns)
        yield from (Check(name, "broken", sentence) for sentence in unknown)
        if not unknown:
            yield from (Check(name, "broken", sentence) for sentence in unreadable(workspace, name, columns))
        with_roles(columns, workspace.dataset(name).data, name)
    else:
        yield Check(name, "note", "no columns are declared, so types are inferred")


def _answers(workspace: Workspace, name: str) -> tuple[Check, ...]:
    read_answers(workspace.answers(name))
    return ()


def _decided(workspace: Workspace, name: str) -> Iterator[Check]:
    """Decisions about rows: a file that holds none, and an older word that stands after a newer one and so counts."""
    file = f"{FOLDER}/{name}.yaml"
    sittings = read_decisions(workspace.root, name)
    if not sittings and (workspace.root / file).is_file():
        yield Check(name, "note", f"{file} holds no decision; git shows those that it held", f"git log -p -- {file}")
    for sentence in overtaken(sittings):
        yield Check(name, "note", f"{named(workspace.root, name)}: {sentence}", "delete the one that is wrong")


def _reference(workspace: Workspace, name: str, what: str) -> str | Path | None:
    """Where the Pandera model (`schema`) or GX suite (`suite`) is; None when there is none."""
    config: DataConfig = workspace.dataset(name).data
    declared = config.schema_ if what == "schema" else config.suite
    path = workspace.contract(name) / CONTRACT_FILES[what]
    return declared or (path if path.is_file() else None)


def _schema(workspace: Workspace, name: str) -> Iterator[Check]:
    if (reference := _reference(workspace, name, "schema")) is None:
        return
    from governance.adapters.pandera_model import load_model

    model = load_model(reference, workspace.root)
    if not model.schema.columns and not model.schema.checks:
        shown = f"expectations/{name}/schema.py" if isinstance(reference, Path) else reference
        yield Check(name, "broken", f"{shown}: {model.name} declares nothing, so it checks nothing")
    columns = read_columns(workspace.contract(name) / "columns.yaml", f"expectations/{name}/columns.yaml")
    yield from (Check(name, "broken", *told) for told in other_types(columns, model, name))


def _suite(workspace: Workspace, name: str) -> Iterator[Check]:
    if (reference := _reference(workspace, name, "suite")) is None:
        return
    from governance.adapters.great_expectations_suite import named_values, read_suite

    suite = read_suite(reference, workspace.root)
    shown = f"expectations/{name}/suite.json" if isinstance(reference, Path) else reference
    if not suite.entries:
        yield Check(name, "broken", f"{shown} holds no expectation, so nothing would be checked")
    columns = read_columns(workspace.contract(name) / "columns.yaml", f"expectations/{name}/columns.yaml")
    roles = {c.name: c.role for c in with_roles(columns, workspace.dataset(name).data, name)} if columns else {}
    for column, count in named_values(suite).items():
        if (role := roles.get(column)) in NEVER_SHOWN:
            # A draft leaves them out; a role that is declared later finds them there.
            message = f"{shown} lists {plural(count, 'value')} of {column}, which is declared {role}: git keeps them"
            yield Check(name, "note", message, "take these expectations out, unless the values may be read by all")


def _links(workspace: Workspace, name: str) -> Iterator[Check]:
    """DVC ends when a link in a folder that a stage depends on leads nowhere."""
    for file in LINKS.values():
        link = workspace.contract(name) / file
        if link.is_symlink() and not link.exists():
            shown = link.relative_to(workspace.root).as_posix()
            yield Check(name, "broken", f"{shown} leads to {link.readlink()}, which is not there", f"rm {shown}")


def _questions(workspace: Workspace, name: str) -> Iterator[Check]:
    """Which audits can be asked of the dataset, and what the others need."""
    can, cannot, comparing = [], [], []
    for audit in workspace.config.audits:
        try:
            needs = load(audit, workspace=workspace.root).needs
        except GovernanceError:
            cannot.append(f"there is no audit {audit}")
            continue
        if lacking := _lacking(workspace, name, needs):
            cannot.append(f"{audit} {lacking}")
        else:
            can.append(audit)
            if "reference" in needs:
                comparing.append(audit)
    words = f"{len(can)} of {len(can) + len(cannot)} audits can run"
    said = "; ".join([f"{words}: {', '.join(can)}" if can else words, *cannot])
    if comparing and approved_sketch(workspace.root, name, "") is None:
        verb = "compare" if len(comparing) > 1 else "compares"
        said += (
            f". {' and '.join(comparing)} {verb} with an earlier version as well, once one is approved (govern approve)"
        )
    yield Check(name, "note" if cannot else "ok", said)


def _lacking(workspace: Workspace, name: str, needs: frozenset[str]) -> str:
    """Why an audit that `needs` these cannot be asked; empty when it can."""
    config = workspace.dataset(name).data
    if "predictions" in needs and not config.target:
        return "needs a target"
    if "predictions" in needs and config.task is not Task.NONE and not config.task.labels_audited:
        return f"does not audit labels of task {config.task}"
    if needs & {"schema", "suite"} == {"schema"} and _reference(workspace, name, "schema") is None:
        return f"needs expectations/{name}/schema.py"
    if "suite" in needs and _reference(workspace, name, "suite") is None:
        return f"needs expectations/{name}/suite.json"
    return ""


def check_model(workspace: Workspace, name: str) -> Iterator[Check]:
    """Whether the estimator of a model can be imported and takes its parameters."""
    model = workspace.model(name)
    task = workspace.dataset(model.dataset).data.task
    if not task.labels_audited:
        message = f"the task of {model.dataset} is {task}, and models learn classification or regression only"
        yield Check(name, "broken", message, f"declare `task` and `target` of {model.dataset} in params.yaml")
    elif model.estimator is not None:
        from governance.adapters.estimators import make_estimator, refused_parameters

        estimator = make_estimator(
            model.estimator, model.parameters, model.seed, classification=task is Task.CLASSIFICATION
        )
        if refused := refused_parameters(estimator):
            yield Check(name, "broken", f"models.{name}.parameters: {refused}")
        else:
            yield Check(name, "ok", f"{model.estimator} can be imported and takes its parameters")
