"""Where people's decisions about rows lie, and which files there nobody would read."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path

from governance.decisions import FOLDER

_YAML = (".yaml", ".yml")


def misplaced(root: Path, datasets: Iterable[str]) -> list[str]:
    """A sentence for each YAML file in `decisions/` that is no dataset's: what it says would be passed over."""
    known = sorted(datasets)
    files = sorted(path for path in (root / FOLDER).glob("*") if path.suffix.lower() in _YAML)
    return [_unread(path, known) for path in files if path.name not in {f"{name}.yaml" for name in known}]


def _unread(path: Path, known: list[str]) -> str:
    shown = f"{FOLDER}/{path.name}"
    said = f"{shown} is read for no dataset, so what it says is not applied"
    near = get_close_matches(path.stem.lower(), known, n=1)
    if not near:
        return f"{said}; params.yaml has: {', '.join(known) or 'none'}. Rename it, or delete it"
    right = path.with_name(f"{near[0]}.yaml")
    meant = f"its name must be {right.name}" if path.stem == near[0] else f"did you mean {near[0]!r}?"
    cure = (
        f"Put what it says into {FOLDER}/{right.name}" if right.exists() else f"Run: mv {shown} {FOLDER}/{right.name}"
    )
    return f"{said}; {meant}{'' if meant.endswith('?') else '.'} {cure}"
