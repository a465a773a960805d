"""govern.lock: which code and which numeric libraries make the evidence.

Stages depend on it through DVC, and gate and `load` compare it with what is installed, so that an upgrade re-runs
everything and an edited audit re-runs that audit.
"""

from __future__ import annotations

import functools
import importlib.metadata
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from governance import __version__
from governance.audit import names, source_file
from governance.canonical import canonical_json, digest_of
from governance.config import LOCK, Workspace
from governance.documents.registry import format_sources
from governance.errors import ConfigError, EvidenceError
from governance.hashing import tree_digest
from governance.made_from import made_by_digest

PACKAGE = Path(__file__).parent
PIPELINE = "dvc.yaml"
_LIBRARIES = (
    "cleanlab", "datasets", "duckdb", "faiss-cpu", "great-expectations", "numpy", "pandas", "pandera", "pillow",
    "polars", "pyarrow", "scikit-learn", "scipy", "skops",
)  # fmt: skip
_PARTS: dict[str, tuple[str, ...]] = {
    "snapshot": ("ingestion.ingest",),
    "sketch": ("sketches.compute",),
    "signals": ("signals.compute",),
    "models": ("modelling.training",),
    "verdict": ("gate", "collect"),
    "documents": ("documents.datasets", "documents.models", "indexing"),
}
"""Part to the modules that make it; what those import counts as well."""
_EDITED = f"{LOCK} was edited: its made_by is not the digest of its package and libraries"
_VERSION = re.compile(r"^Version:[ \t]*(\S+)[ \t]*$", re.M)
_IMPORT = re.compile(
    r"^\s*(?:from\s+governance(\.[\w.]+)?\s+import\s+(?:\(([^)]*)\)|([\w ,]*))|import\s+governance\.([\w.]+))", re.M
)


def package_pipeline() -> str:
    """The dvc.yaml that travels with the package: in its templates in a wheel, beside it in a source checkout."""
    inside = templates_folder() / PIPELINE
    path = inside if inside.is_file() else PACKAGE.parent / PIPELINE
    return path.read_text(encoding="utf-8")


def templates_folder() -> Path:
    """The package's own templates: inside it in a wheel, beside it in a source checkout."""
    inside = PACKAGE / "templates"
    return inside if inside.is_dir() else PACKAGE.parent / "templates"


def _module_file(name: str) -> Path | None:
    """The file of module `governance.<name>`, None when there is no such module."""
    path = PACKAGE.joinpath(*name.split(".")) if name else PACKAGE
    for candidate in (path.with_suffix(".py"), path / "__init__.py"):
        if candidate.is_file():
            return candidate
    return None


@functools.cache
def _imports(path: Path) -> tuple[Path, ...]:
    """Files of this package that `path` imports, anywhere in it: also inside functions and for types only."""
    found = set()
    for package, several, few, module in _IMPORT.findall(path.read_text(encoding="utf-8")):
        base = package.strip(".") or module
        words = [word.split()[0] for word in (several or few).split(",") if word.strip()]
        candidates = [base, *(f"{base}.{word}".strip(".") for word in words)]
        found |= {file for name in candidates if name and (file := _module_file(name)) is not None}
    return tuple(sorted(found))


@functools.cache
def code_files(start: Path) -> tuple[Path, ...]:
    """`start`, every file of this package that it imports, directly or through others, and how processes are set."""
    seen, waiting = {start, PACKAGE / "process.py"}, [start]
    while waiting:
        for file in _imports(waiting.pop()):
            if file not in seen:
                seen.add(file)
                waiting.append(file)
    return tuple(sorted(seen))


@functools.cache
def _inside(own: Path) -> list[Path]:
    """What the audit or evaluation in file `own` is asked with, without that file."""
    return sorted({*code_files(own), *code_files(PACKAGE / "asking.py")} - {own})


def _part(name: str, known: dict[Path, bytes]) -> str:
    starts = [file for module in _PARTS[name] if (file := _module_file(module)) is not None]
    if name == "documents":  # formats are found by their place, and nothing imports them by name
        starts += [*format_sources("dataset"), *format_sources("model")]
    files = {file for start in starts for file in code_files(start)}
    if name == "documents":
        files.update((PACKAGE / "documents").glob("*.yaml"))
        templates = [path for path in templates_folder().rglob("*.j2") if path.is_file()]
        return digest_of([tree_digest(sorted(files), PACKAGE, known), tree_digest(templates, templates_folder())])
    return tree_digest(sorted(files), PACKAGE, known)


def _unit(kind: str, name: str, workspace: Path, known: dict[Path, bytes]) -> str:
    own = source_file(name, kind, workspace)
    return digest_of([tree_digest([own], own.parent), tree_digest(_inside(own), PACKAGE, known)])


def installed(kind: str, name: str, root: Path) -> str | None:
    """One digest of installed_lock, without those that nobody asked for; None when there is no such part."""
    if kind == "code":
        return _part(name, {}) if name in _PARTS else None
    return _unit(kind, name, root, {}) if name in names(kind, root) else None


def installed_lock(workspace: Workspace, libraries: bool = True) -> dict[str, Any]:
    """What govern.lock would say now: package, libraries (when installed), and a digest per part, audit, evaluation.

    `made_by` is one digest of package and libraries. DVC writes what a stage depends on into dvc.lock, once for every stage,
    and rewrites all of dvc.lock after each: a list of libraries there makes every run slower.
    """
    root = workspace.root
    known: dict[Path, bytes] = {}  # most files count for most digests
    versions = {"package": __version__, "libraries": _versions() if libraries else {}}
    return {
        **versions,
        "made_by": made_by_digest(versions),
        "code": {part: _part(part, known) for part in _PARTS},
        "audits": {name: _unit("audits", name, root, known) for name in names("audits", root)},
        "evaluations": {name: _unit("evaluations", name, root, known) for name in names("evaluations", root)},
    }


def _versions() -> dict[str, str]:
    found = {}
    for library in _LIBRARIES:
        try:
            found[library] = _version(importlib.metadata.distribution(library))
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def _version(library: importlib.metadata.Distribution) -> str:
    """As `importlib.metadata` gives it, which reads the whole description as an e-mail: 14 times in every stage."""
    headers = (library.read_text("METADATA") or "").partition("\n\n")[0]
    found = _VERSION.search(headers)
    return found[1] if found else library.version


def read_lock(workspace: Workspace) -> dict[str, Any]:
    """govern.lock. Raises EvidenceError when it is missing or damaged."""
    try:
        content = json.loads((workspace.root / LOCK).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise EvidenceError(f"{LOCK} cannot be read ({error}).\n  Run: govern upgrade") from None
    if not isinstance(content, dict) or not {"package", "made_by", "code", "audits", "evaluations"} <= content.keys():
        raise EvidenceError(f"{LOCK} is not a lock that this release reads.\n  Run: govern upgrade")
    return content


def write_lock(workspace: Workspace) -> bool:
    """Write govern.lock from what is installed; whether it changed."""
    path = workspace.root / LOCK
    text = canonical_json(installed_lock(workspace))
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return False
    path.write_text(text, encoding="utf-8")
    return True


def lock_differences(workspace: Workspace, libraries: bool = True) -> tuple[str, ...]:
    """What is installed otherwise than govern.lock says, worded for a person; empty when all agrees."""
    locked, installed = read_lock(workspace), installed_lock(workspace, libraries)
    differences = []
    if locked["package"] != installed["package"]:
        differences.append(f"dataset-governance {installed['package']} is installed, {LOCK} says {locked['package']}")
    for kind in ("code", "audits", "evaluations", *(["libraries"] if libraries else [])):
        changed = _changed(locked.get(kind, {}), installed[kind])
        if changed:
            differ = "code differs" if kind == "code" else f"{kind} differ"
            differences.append(f"{differ} from {LOCK}: {', '.join(changed)}")
    if locked["made_by"] != made_by_digest(locked):
        differences.append(_EDITED)
    return tuple(differences)


def require_lock(workspace: Workspace, kind: str, name: str) -> dict[str, Any]:
    """govern.lock, when it agrees with what is installed about package, libraries and `kind`/`name`.

    A stage asks only about the code that it runs. Raises ConfigError with all that differs.
    """
    locked, libraries = read_lock(workspace), _versions()
    problems = []
    if locked["package"] != __version__:
        problems.append(f"dataset-governance {__version__} is installed, {LOCK} says {locked['package']}")
    if locked["libraries"] != libraries:
        problems.append(f"libraries differ from {LOCK}: {', '.join(_changed(locked['libraries'], libraries))}")
    if locked["made_by"] != made_by_digest(locked):
        problems.append(_EDITED)
    if locked[kind].get(name) != installed(kind, name, workspace.root):
        problems.append(f"the code of {kind}.{name} differs from {LOCK}")
    if problems:
        raise ConfigError([*problems, "Run: govern upgrade, then dvc repro"])
    return locked


def _changed(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    return sorted(name for name in before.keys() | now.keys() if before.get(name) != now.get(name))
