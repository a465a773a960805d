"""Who runs a command: a name and an address, as git knows them or as the person says."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

from governance.errors import UsageError


@dataclass(frozen=True)
class Person:
    """One person."""

    name: str
    email: str = ""


def person(root: Path, name: str = "") -> Person:
    """The person called `name`, or whom git's user.name and user.email name. Raises UsageError when nobody is named.

    A name that is given is another person than git's, so git's address does not go with it.
    """
    known = _config(root, "user.name")
    if name.strip() and name.strip() != known:
        return Person(name.strip())
    if not known:
        raise UsageError("who is this? git knows no user.name.\n  Run it again with: --name 'Your Name'")
    return Person(known, _config(root, "user.email"))


def _config(root: Path, key: str) -> str:
    try:
        done = subprocess.run(["git", "config", key], cwd=root, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
