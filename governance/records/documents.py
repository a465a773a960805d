"""Documents against documents.json, and against what evidence, verdict and answers render to now."""

from __future__ import annotations

import difflib
import json
import re
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Literal

from governance.canonical import canonical_json, digest_of
from governance.config import Workspace
from governance.documenting import NO_DOCUMENTS, rendered_documents, rendered_model_documents
from governance.documents.registry import FORMATS, Lacks
from governance.errors import GovernanceError
from governance.lock import installed, read_lock
from governance.made_from import words_digest
from governance.records.digests import file_sha256

_NUMBER = re.compile(r"\d[\d,.]*\d|\d")
_SHOWN = 5
"""Lines of one document that are named."""


@dataclass
class Looked:
    """What became of the documents of one dataset or model."""

    checked: int
    """Documents that were compared."""
    problems: list[tuple[str, str]]
    """(path, why) of each that is edited, stale, missing, not listed, or no valid document of its format."""
    notes: list[str] = field(default_factory=list)
    """What is incomplete until somebody declares more."""


def looked_at(workspace: Workspace, kind: Literal["dataset", "model"], name: str, folder: Path) -> Looked:
    """Compare the documents in `folder` with their list, and with what they render to now."""
    shown = folder.relative_to(workspace.root).as_posix()
    listing = f"{shown}/documents.json"
    try:
        text = (folder / "documents.json").read_text(encoding="utf-8")
        content = json.loads(text)
        files = {str(file): str(digest) for file, digest in content["files"].items()}
        intact = content.pop("digest") == digest_of(content)
        canonical = text == canonical_json(content | {"digest": digest_of(content)})
    except (OSError, ValueError, KeyError, AttributeError, TypeError, RecursionError) as error:
        return Looked(1, [(listing, f"cannot be read ({type(error).__name__})")])
    if not intact or not canonical:
        return Looked(1, [(listing, "was changed after it was written")])
    looked = Looked(len(files) + 1, [])
    problems = looked.problems
    if content.get("words") != words_digest(workspace, kind, name):
        problems.append((listing, "is stale: the documents were rendered from other answers or another declaration"))
    for file, digest in sorted(files.items()):
        path = folder / file
        if PurePosixPath(file).is_absolute() or ".." in PurePosixPath(file).parts:
            problems.append((listing, f"{file} leads out of the report"))
        elif not path.is_file():
            problems.append((f"{shown}/{file}", "documents.json lists it, and it is not here"))
        elif "sha256:" + file_sha256(path) != digest:
            problems.append((f"{shown}/{file}", "is not as it was rendered"))
    for path in sorted([*folder.glob("*"), *(folder / "figures").glob("*"), *(folder / FORMATS).glob("*")]):
        if path.is_file() and path.relative_to(folder).as_posix() not in {*files, *NO_DOCUMENTS, "documents.json"}:
            problems.append((path.relative_to(workspace.root).as_posix(), "documents.json does not list it"))
    _against_rendering(workspace, kind, name, folder, files, looked)
    return looked


def _against_rendering(
    workspace: Workspace,
    kind: Literal["dataset", "model"],
    name: str,
    folder: Path,
    files: dict[str, str],
    looked: Looked,
) -> None:
    """Render again and compare: finds numbers edited by hand also where somebody mended the digest."""
    if read_lock(workspace)["code"].get("documents") != installed("code", "documents", workspace.root):
        return  # another release renders otherwise; the gate says that code and lock differ
    shown = folder.relative_to(workspace.root).as_posix()
    render = rendered_documents if kind == "dataset" else rendered_model_documents
    with TemporaryDirectory(prefix="govern-") as temporary:
        try:
            rendered = render(workspace, name, Path(temporary))
        except (GovernanceError, OSError, ValueError):
            return  # what is missing or damaged was named where it was looked for
        fresh = {path.relative_to(temporary).as_posix(): path.read_bytes() for path in rendered.written}
    for file in sorted(fresh.keys() | files.keys()):
        here = (folder / file).read_bytes() if (folder / file).is_file() else None
        if file not in fresh:
            looked.problems.append((f"{shown}/{file}", "is stale: nothing renders to it any more"))
        elif here is not None and here != fresh[file]:
            looked.problems.append(
                (f"{shown}/{file}", "differs from what its evidence renders to: " + _lines(fresh[file], here))
            )
    for file in dict.fromkeys(file for file, _ in rendered.problems):
        said = [problem for about, problem in rendered.problems if about == file]
        looked.problems += [(f"{shown}/{file}", problem) for problem in said if not isinstance(problem, Lacks)]
        if lacks := [problem for problem in said if isinstance(problem, Lacks)]:
            looked.notes.append(f"{shown}/{file} is incomplete: {'; '.join(lacks)}")


def _lines(fresh: bytes, here: bytes) -> str:
    """The first lines that differ, with the numbers that were changed in them."""
    sides = [text.decode("utf-8", "replace").splitlines() for text in (fresh, here)]
    found = []
    matcher = difflib.SequenceMatcher(None, sides[0], sides[1], autojunk=False)
    if max(map(len, sides)) > 3000:  # comparing takes time in the square of it
        return "it is long; render it again to see where"
    for tag, start, end, start_here, end_here in matcher.get_opcodes():
        if tag == "equal":
            continue
        numbers = [_NUMBER.findall(" ".join(lines)) for lines in (sides[0][start:end], sides[1][start_here:end_here])]
        changed = [
            f"{before} became {after}" for before, after in zip(*numbers, strict=False) if before != after
        ] if len(numbers[0]) == len(numbers[1]) else []  # fmt: skip
        found.append(f"line {start_here + 1}" + (f" ({', '.join(changed[:3])})" if changed else ""))
    more = f" and {len(found) - _SHOWN} more places" if len(found) > _SHOWN else ""
    return ", ".join(found[:_SHOWN]) + more if found else "line ends"
