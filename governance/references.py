"""What data is compared with, in the folder `references/`: approved sketches, and files that audits' settings name."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from governance.approvals import versions_before
from governance.canonical import digest_of, digest_of_bytes
from governance.dataset import REFERENCES
from governance.errors import ConfigError
from governance.hashing import files_under, folder_md5, hash_file
from governance.read_options import ReadOptions
from governance.repository import recorded_md5
from governance.yaml_files import read_yaml

RESULTS = "results.json"
"""In `references/<model>/`: which results were approved, the last one last."""
_AS_USUAL = ReadOptions()
_KEY = re.compile(r"sha256:[0-9a-f]{64}")
SKETCH = "sketch.json"
"""In a dataset's reports: the sketch of the snapshot that is there now."""


def approved_sketch(root: Path, dataset: str, other_than: str) -> Path | None:
    """The sketch of the version that was approved last before `other_than`; None when there is none.

    A version is never compared with itself or a later one, so approving changes no evidence. Raises ConfigError.
    """
    return next((one.sketch for one in versions_before(root, dataset, other_than) if one.sketch is not None), None)


def sketch_digest(root: Path, dataset: str, other_than: str) -> str:
    """sha256 of the approved sketch, or `absent`."""
    sketch = approved_sketch(root, dataset, other_than)
    return digest_of_bytes(sketch.read_bytes()) if sketch is not None else "absent"


def results_path(root: Path, model: str, key: str) -> Path:
    """Where results of an approved model are frozen: `references/<model>/results-<16 hex digits>.parquet`."""
    return root / REFERENCES / model / f"results-{key.removeprefix('sha256:')[:16]}.parquet"


def approved_results(root: Path, model: str, other_than: str) -> str:
    """Key of the results that were approved last, `other_than` left out; `absent` when there are none.

    A model is never compared with itself, so approving it changes no evidence on it. Raises ConfigError.
    """
    for key in reversed(approved_keys(root, model)):
        if key != other_than:
            return key
    return "absent"


def approved_keys(root: Path, model: str) -> list[str]:
    """Keys of all approved results of a model, the last one last. Raises ConfigError."""
    path = root / REFERENCES / model / RESULTS
    shown = f"{REFERENCES}/{model}/{RESULTS}"
    try:
        keys = json.loads(path.read_text(encoding="utf-8"))["approved"] if path.is_file() else []
    except (OSError, ValueError, KeyError, TypeError):
        raise ConfigError([f"{shown} cannot be read; restore it from git"]) from None
    if not isinstance(keys, list) or not all(isinstance(k, str) and _KEY.fullmatch(k) for k in keys):
        raise ConfigError([f"{shown}: `approved` must be a list of digests, sha256:..."])
    return keys


def files_digest(root: Path, settings: Mapping[str, Any], *, committed: bool, read: ReadOptions = _AS_USUAL) -> str:
    """Digest of every file that `settings` name below `references/`, and of how text is `read`; `absent` when they name none.

    `committed`: what a DVC pointer says of a file comes before the file itself, as the gate may have no data.
    """
    named = sorted(set(_named(settings)))
    if not named:
        return "absent"
    content: dict[str, Any] = {path: _hash(root, path, committed) for path in named}
    if read != _AS_USUAL:
        content["read"] = read.model_dump(mode="json")
    return digest_of(content)


def _named(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if value.startswith(f"{REFERENCES}/"):
            yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _named(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _named(item)


def _hash(root: Path, path: str, committed: bool) -> str:
    pointer = root / f"{path}.dvc"
    if committed and pointer.is_file():
        return recorded_md5(read_yaml(pointer, f"{path}.dvc"), path)
    place = root / path
    if place.is_dir():
        sources = [hash_file(file, file.relative_to(root).as_posix()) for file in files_under(place)]
        return folder_md5(place, sources, root)
    return hash_file(place, path).md5 if place.is_file() else "absent"
