"""Marks a drafted contract file, so that a reader can be told as long as nobody has edited it.

The mark holds a digest of the file's other text: the first edit makes it untrue, and whoever edits need not touch it.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

FILES = ("columns.yaml", "schema.py", "suite.json")
MARK = "govern-draft"
_MARK = re.compile(rf'({MARK}"?: "?)([0-9a-f]{{16}})')
BLANK = f"{'0' * 16}"
"""Stands in the mark until the text is known."""


def sealed(text: str) -> str:
    """`text`, which holds one mark with BLANK in it, with the digest of the rest in its place."""
    return _MARK.sub(lambda found: f"{found[1]}{_digest(text)}", text, count=1)


def unedited(text: str) -> bool:
    """Whether `text` is a draft as it was written."""
    found = _MARK.search(text)
    return found is not None and found[2] == _digest(text)


def _digest(text: str) -> str:
    """Of what is said: comments on lines of their own, which change nothing that is measured, are left out."""
    blank = _MARK.sub(lambda found: f"{found[1]}{BLANK}", text, count=1)
    lines = [line.rstrip() for line in blank.splitlines() if not line.lstrip().startswith("#")]
    return hashlib.sha256("\n".join(lines).strip().encode()).hexdigest()[:16]


def drafted_files(contract: Path) -> tuple[str, ...]:
    """Those of FILES in the folder `contract` that are as they were drafted."""
    found = []
    for name in FILES:
        try:
            if unedited((contract / name).read_text(encoding="utf-8")):
                found.append(name)
        except (OSError, UnicodeDecodeError):
            continue
    return tuple(found)
