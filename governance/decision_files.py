"""Where people's decisions about rows lie, the one place that reads and writes them, and which files nobody would read.

A dataset's are `decisions/<dataset>.yaml`, which people may write, and `decisions/<dataset>/*.yaml`, one file for each
sitting, so that two people who decide on two branches never change the same file.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path

from governance.canonical import digest_of, digest_of_bytes
from governance.decisions import FOLDER, Sitting, contradictions, read_file
from governance.errors import ConfigError
from governance.files import write_atomic

_YAML = (".yaml", ".yml")
_HEADER = "# What one person decided about single rows, by `govern quarantine`; the next `dvc repro` applies it.\n"


def read_decisions(root: Path, dataset: str, *, settled: bool = True) -> tuple[Sitting, ...]:
    """All decisions about rows of `dataset`, in the order in which they count: of several words on a row the last.

    Raises ConfigError with all problems: files that say what nobody reads, and, where they are to be `settled`,
    files that contradict each other.
    """
    problems: list[str] = []
    read: dict[str, tuple[Sitting, ...]] = {}
    for name, path in _files(root, dataset).items():
        try:
            read[name] = tuple(sitting.of_file(name) for sitting in read_file(path, f"{FOLDER}/{name}"))
        except ConfigError as error:
            problems += error.problems
    sittings = tuple(sitting for name in _in_order(read) for sitting in read[name])
    if settled and not problems:
        problems = [f"{FOLDER}/: {told}" for told in contradictions(sittings)]
    if problems:
        raise ConfigError(problems)
    return sittings


def named(root: Path, dataset: str) -> str:
    """What a message calls the decisions of `dataset`: the file, the folder, or both."""
    folder = any("/" in name for name in _files(root, dataset))
    file = (root / FOLDER / f"{dataset}.yaml").is_file() or not folder
    return " and ".join([f"{FOLDER}/{dataset}.yaml"] * file + [f"{FOLDER}/{dataset}/"] * folder)


def record(root: Path, dataset: str, sitting: Sitting) -> str:
    """Write `sitting` into a file of its own, and return how messages call it."""
    from ruamel.yaml import YAML

    entry = sitting.model_dump(mode="python", exclude_none=True, exclude_defaults=True)
    entry = {key: list(value) if isinstance(value, tuple) else value for key, value in entry.items()}
    yaml = YAML()
    yaml.width = 120
    stream = io.StringIO()
    yaml.dump({"decisions": [entry]}, stream)
    text = _HEADER + stream.getvalue()
    plain = unicodedata.normalize("NFKD", sitting.by).encode("ascii", "ignore").decode().lower()
    by = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40] or "somebody"
    digest = digest_of_bytes(text.encode()).removeprefix("sha256:")[:8]
    name = f"{dataset}/{sitting.on.isoformat()}-{by}-{digest}.yaml"
    write_atomic(root / FOLDER / name, text)
    return f"{FOLDER}/{name}"


def decisions_digest(root: Path, dataset: str) -> str:
    """sha256 of a dataset's decisions, empty when there are none."""
    digests = {name: digest_of_bytes(path.read_bytes()) for name, path in _files(root, dataset).items()}
    alone = f"{dataset}.yaml"
    return digests[alone] if list(digests) == [alone] else digest_of(digests) if digests else ""


def misplaced(root: Path, datasets: Iterable[str]) -> list[str]:
    """A sentence for each YAML file in `decisions/` that is no dataset's: what it says would be passed over."""
    known = sorted(datasets)
    folder = root / FOLDER
    read = {path for name in known for path in _files(root, name).values()}
    files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in _YAML and path.is_file())
    return [_unread(path, folder, known) for path in files if path not in read]


def _unread(path: Path, folder: Path, known: list[str]) -> str:
    place = path.relative_to(folder)
    shown = f"{FOLDER}/{place.as_posix()}"
    said = f"{shown} is read for no dataset, so what it says is not applied"
    named = place.stem if len(place.parts) == 1 else place.parts[0]
    near = get_close_matches(named.lower(), known, n=1)
    if not near:
        return f"{said}; params.yaml has: {', '.join(known) or 'none'}. Rename it, or delete it"
    right = Path(f"{near[0]}.yaml") if len(place.parts) == 1 else Path(near[0]) / f"{path.stem}.yaml"
    meant = f"its name must be {right.as_posix()}." if named == near[0] else f"did you mean {near[0]!r}?"
    to = f"{FOLDER}/{right.as_posix()}"
    return f"{said}; {meant} {f'Put what it says into {to}' if (folder / right).exists() else f'Run: mv {shown} {to}'}"


def _files(root: Path, dataset: str) -> dict[str, Path]:
    """Name below `decisions/` to file, that of the dataset first."""
    folder = root / FOLDER
    found = [folder / f"{dataset}.yaml", *sorted((folder / dataset).glob("*.yaml"))]
    return {path.relative_to(folder).as_posix(): path for path in found if path.is_file()}


def _in_order(read: dict[str, tuple[Sitting, ...]]) -> list[str]:
    """Names of files so that each comes after those that it counts over; otherwise by day, the dataset's file first."""
    waiting = sorted(read, key=lambda name: ("/" in name, max((one.on.isoformat() for one in read[name]), default="")))
    over = {name: {other for one in read[name] for other in one.over} for name in read}
    order: list[str] = []
    while waiting:
        free = (name for name in waiting if not over[name] & set(waiting) - {name})
        order.append(next(free, waiting[0]))
        waiting.remove(order[-1])
    return order
