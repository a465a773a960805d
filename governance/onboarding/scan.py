"""Audits one file with neither git nor DVC set up, and writes its datasheet into a folder.

The stages are those of the pipeline, run one after another in this process, in a workspace that is gone afterwards.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from governance.collect import collect_dataset
from governance.config import PARAMS, Workspace
from governance.documents.wording import plural
from governance.errors import DataError, UsageError
from governance.evidence import Evidence, Finding
from governance.files import write_atomic
from governance.lock import read_lock, write_lock
from governance.onboarding.adding_request import AddRequest, settings
from governance.onboarding.drafting import draft_answers, draft_contract, drafted_roles, yaml_text
from governance.onboarding.params_entry import with_entry
from governance.onboarding.preparing import Prepared, prepare
from governance.onboarding.scaffold_texts import PARAMS as PARAMS_TEXT
from governance.onboarding.scaffold_texts import SIGNALS, TEMPLATES
from governance.stages import stage
from governance.verdict import Verdict, read_verdict

if TYPE_CHECKING:
    from governance.manifest import Manifest, SnapshotColumn

MARK = ".govern-scan.json"
"""Lists what a scan wrote into its folder: only that is replaced by the next one."""
WORST = 5
IGNORED = ".gitignore"
STAYS = (
    "rows/ and tables/ hold values of the data, those of private columns too: they stay here, git leaves the folder out"
)
DRAFTED = "Schema and suite were drafted from this file, so that it passes them means nothing yet."


@dataclass(frozen=True)
class Scanned:
    """What a scan found."""

    name: str
    out: Path
    manifest: Manifest
    verdict: Verdict
    evidence: dict[str, Evidence | str]
    said: tuple[str, ...]
    """What was decided about reading the file, one sentence each."""

    @property
    def worst(self) -> tuple[Finding, ...]:
        """The five gravest findings, most affected units first within a level."""
        findings = [f for item in self.evidence.values() if isinstance(item, Evidence) for f in item.findings]
        findings.sort(key=lambda f: (-f.level.rank, -(f.count or 0), f.rule, f.columns, f.subject))
        return tuple(findings[:WORST])

    @property
    def blocked_by(self) -> tuple[str, ...]:
        """What blocks, one sentence each: findings and answers, which only a workspace can hold, by their number."""
        blocking = self.verdict.blocking
        found = [decision for decision in blocking if decision.fingerprint]
        asked = [decision for decision in blocking if decision.rule.startswith("answer/")]
        said = [f"{plural(len(found), 'finding')}"] if found else []
        said += [f"{one.rule}: {one.message}" for one in blocking if one not in found and one not in asked]
        if asked:
            said.append(
                f"{plural(len(asked), 'question')} that only a person can answer; answers are kept in a workspace "
                "(govern init, govern add)"
            )
        return tuple(said)

    @property
    def private(self) -> tuple[SnapshotColumn, ...]:
        """Columns whose values are shown nowhere."""
        return tuple(column for column in self.manifest.columns if column.private)

    def as_dict(self) -> dict[str, Any]:
        """For programs."""
        return {
            "name": self.name,
            "exit_code": self.verdict.exit_code,
            "result": self.verdict.result,
            "blocked_by": list(self.blocked_by),
            "rows": self.manifest.rows,
            "columns": len(self.manifest.columns),
            "private": {column.name: column.private_because for column in self.private},
            "out": str(self.out),
            "notes": [*self.said, DRAFTED, STAYS],
            "audits": {
                name: item.outcome.value if isinstance(item, Evidence) else "unusable"
                for name, item in self.evidence.items()
            },
            "worst": [finding.model_dump(mode="json") for finding in self.worst],
        }


def dataset_name(file: Path) -> str:
    """A valid dataset name from a file's name: `Adult (2).csv` as `adult_2`."""
    stem = file.resolve().name.lstrip(".").split(".")[0]
    plain = re.sub(r"[^a-z0-9]+", "_", stem.lower()).strip("_")
    if plain == "models":  # the folder of the models
        return "models_data"
    return (plain if plain[:1].isalpha() else f"data_{plain}".rstrip("_"))[:63]


def scan(request: AddRequest, out: Path, tell: Callable[[str], None] = lambda _: None) -> Scanned:
    """Audit `request.path` and write reports into `out`. Raises UsageError and DataError, and has then written nothing.

    `tell` hears the name of each step before it begins.
    """
    if request.path is None or not request.path.exists():
        raise UsageError(f"{request.path} does not exist")
    _check_folder(out)
    with _workspace() as workspace:
        tell("reading")
        try:
            prepared = _set_up(workspace, request, request.path)
        except (DataError, UsageError) as error:
            inside = f"data/{request.path.resolve().name}"  # where it lies in the temporary workspace
            raise type(error)(str(error).replace(inside, str(request.path))) from None
        name = request.name
        for step in ("snapshot", "sketch", "signals", "inputs"):
            tell(step)
            stage(step)(workspace, name)
        for audit in workspace.config.audits:
            tell(audit)
            stage("audit")(workspace, name, audit)
        tell("documents")
        stage("verdict")(workspace, name)
        stage("documents")(workspace, name, kept=False)
        collected = collect_dataset(workspace, name, read_lock(workspace))
        assert collected.manifest is not None
        result = Scanned(
            name, out, collected.manifest, read_verdict(workspace.report(name) / "verdict.json"), collected.evidence,
            prepared.said,
        )  # fmt: skip
        _deliver(workspace, name, out)
    return result


@contextmanager
def _workspace() -> Iterator[Workspace]:
    folder = Path(tempfile.mkdtemp(prefix="govern-scan-")).resolve()
    try:
        (folder / "data").mkdir()
        for name, text in (("templates", TEMPLATES), ("signals", SIGNALS)):
            write_atomic(folder / name / "README.md", text)
        yield Workspace(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _set_up(workspace: Workspace, request: AddRequest, file: Path) -> Prepared:
    """params.yaml, contract, answers, lock, and the data itself, in the temporary workspace."""
    path = _brought(file, workspace.root / "data").relative_to(workspace.root).as_posix()
    prepared = prepare(request, {"path": path, **settings(request)}, workspace.root, workspace.contract(request.name))
    about = {"title": file.name, "description": f"{file.name}, scanned as it was found. {DRAFTED}"}
    # Nobody reads this draft before the audits do, so that no role in it is anybody's word.
    drafted = f"[{', '.join(map(yaml_text, drafted_roles(prepared.observed)))}]"
    text = with_entry(
        PARAMS_TEXT.replace("  privacy: {}", f"  privacy: {{drafted: {drafted}}}"), request.name, prepared.entry, about
    )
    write_atomic(workspace.root / PARAMS, text)
    for name, draft in draft_contract(prepared.observed, prepared.dataset).items():
        write_atomic(workspace.contract(request.name) / name, draft)
    write_atomic(workspace.answers(request.name), draft_answers(request.name))
    write_lock(workspace)
    return prepared


def _brought(file: Path, folder: Path) -> Path:
    """`file` (or the folder of that name) in `folder`, as hard links where the file system allows it."""

    def link(source: str, target: str) -> None:
        try:
            os.link(Path(source).resolve(), target)
        except OSError:
            shutil.copyfile(source, target)

    target = folder / file.resolve().name
    if file.is_dir():
        shutil.copytree(file, target, copy_function=link)
    else:
        link(str(file), str(target))
    return target


def _check_folder(out: Path) -> None:
    if out.exists() and not out.is_dir():
        raise UsageError(f"{out} is a file; name a folder with --out")
    if out.is_dir() and any(out.iterdir()) and not (out / MARK).is_file():
        raise UsageError(f"{out}/ holds files that are not from a scan; name another folder with --out")


def _deliver(workspace: Workspace, name: str, out: Path) -> None:
    """Reports, rows, whole tables and drafts into `out`, in place of what the last scan left there."""
    sources = {
        "": workspace.report(name),
        "rows": workspace.build(name) / "rows",
        "tables": workspace.build(name) / "tables",
        "expectations": workspace.contract(name),
    }
    files = {
        (Path(below) / path.relative_to(folder)).as_posix(): path
        for below, folder in sources.items()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }
    for old in _listed(out):
        (out / old).unlink(missing_ok=True)
    written = set(files)
    if not (out / IGNORED).exists():  # before any value lies there; one that a person wrote is theirs
        write_atomic(out / IGNORED, "# A scan: rows/ and tables/ hold values of the data.\n*\n")
        written.add(IGNORED)
    for relative, path in files.items():
        (out / relative).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, out / relative)
    write_atomic(out / MARK, json.dumps({"files": sorted(written)}, indent=1) + "\n")


def _listed(out: Path) -> list[str]:
    """Files that the last scan wrote, none of them outside `out`."""
    try:
        content = json.loads((out / MARK).read_text(encoding="utf-8"))
        names = [str(name) for name in content["files"]]
    except (OSError, ValueError, KeyError, TypeError):
        return []
    return [name for name in names if (out / name).resolve().is_relative_to(out.resolve())]
