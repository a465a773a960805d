"""govern.lock: which code and which numeric libraries make the evidence.

Stages depend on it through DVC, and gate and `load` compare it with what is installed, so that an upgrade re-runs
everything and an edited audit re-runs that audit.
"""

from __future__ import annotations

import importlib.metadata
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from governance import __version__
from governance.audit import names, source_file
from governance.config import LOCK, Workspace
from governance.errors import ConfigError, EvidenceError
from governance.evidence import canonical_json, digest_of
from governance.hashing import tree_digest

PACKAGE = Path(__file__).parent
_LIBRARIES = (
    "cleanlab", "datasets", "duckdb", "faiss-cpu", "great-expectations", "numpy", "pandas", "pandera", "pillow",
    "polars", "pyarrow", "scikit-learn", "scipy", "skops",
)  # fmt: skip
_PARTS: dict[str, tuple[str, ...]] = {
    "snapshot": (
        "adapters/hugging_face.py", "column_types.py", "contract.py", "dataset.py", "exposure.py", "hashing.py",
        "ingest.py", "manifest.py", "row_identity.py", "yaml_files.py",
    ),
    "signals": (
        "compute_signals.py", "signals.py", "snapshot.py", "adapters/scikit_learn.py", "adapters/faiss.py", "measures/*.py",
    ),
    "audits": ("audit.py", "evidence.py", "snapshot.py", "signals.py", "measures/*.py", "adapters/*.py"),
    "models": ("model.py", "training.py", "adapters/*.py", "snapshot.py"),
    "evaluations": ("evaluation.py", "evidence.py", "measures/*.py"),
    "verdict": ("policy.py", "gate.py", "collect.py", "evidence.py"),
    "documents": ("documents/**/*", "render.py", "evidence.py", "policy.py", "manifest.py"),
}  # fmt: skip


def templates_folder() -> Path:
    """The package's own templates: inside it in a wheel, beside it in a source checkout."""
    inside = PACKAGE / "templates"
    return inside if inside.is_dir() else PACKAGE.parent / "templates"


def _part(name: str) -> str:
    files = [path for pattern in _PARTS[name] for path in PACKAGE.glob(pattern)]
    files = [path for path in files if path.is_file() and path.suffix != ".pyc"]
    digest = tree_digest(files, PACKAGE)
    if name == "documents":
        templates = [path for path in templates_folder().rglob("*") if path.is_file()]
        return digest_of([digest, tree_digest(templates, templates_folder())])
    return digest


def _unit(kind: str, name: str, shared: str, workspace: Path) -> str:
    return digest_of([shared, tree_digest([source_file(name, kind, workspace)], workspace)])


def installed_lock(workspace: Workspace, libraries: bool = True) -> dict[str, Any]:
    """What govern.lock would say now: package, libraries (when installed), and a digest per part, audit, evaluation."""
    root = workspace.root
    audits, evaluations = _part("audits"), _part("evaluations")
    return {
        "package": __version__,
        "libraries": _versions() if libraries else {},
        "code": {part: _part(part) for part in ("snapshot", "signals", "models", "verdict", "documents")},
        "audits": {name: _unit("audits", name, audits, root) for name in names("audits", root)},
        "evaluations": {name: _unit("evaluations", name, evaluations, root) for name in names("evaluations", root)},
    }


def _versions() -> dict[str, str]:
    found = {}
    for library in _LIBRARIES:
        try:
            found[library] = importlib.metadata.version(library)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def read_lock(workspace: Workspace) -> dict[str, Any]:
    """govern.lock. Raises EvidenceError when it is missing or damaged."""
    try:
        content = json.loads((workspace.root / LOCK).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise EvidenceError(f"{LOCK} cannot be read ({error}).\n  Run: govern upgrade") from None
    if not isinstance(content, dict) or not {"package", "code", "audits", "evaluations"} <= content.keys():
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
            differences.append(f"{kind} differ from {LOCK}: {', '.join(changed)}")
    return tuple(differences)


def require_lock(workspace: Workspace, kind: str, name: str) -> dict[str, Any]:
    """govern.lock, when it agrees with what is installed about package, libraries and `kind`/`name`.

    A stage asks only about the code that it runs. Raises ConfigError with all that differs.
    """
    locked, installed = read_lock(workspace), installed_lock(workspace)
    problems = []
    if locked["package"] != installed["package"]:
        problems.append(f"dataset-governance {installed['package']} is installed, {LOCK} says {locked['package']}")
    if locked["libraries"] != installed["libraries"]:
        problems.append(f"libraries differ from {LOCK}: {', '.join(_changed(locked['libraries'], installed['libraries']))}")
    if locked[kind].get(name) != installed[kind].get(name):
        problems.append(f"the code of {kind}.{name} differs from {LOCK}")
    if problems:
        raise ConfigError([*problems, "Run: govern upgrade, then dvc repro"])
    return locked


def _changed(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    return sorted(name for name in before.keys() | now.keys() if before.get(name) != now.get(name))
