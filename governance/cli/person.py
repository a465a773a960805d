"""Who sits before the terminal: as given, or as git knows them."""

from __future__ import annotations

import subprocess

from governance.errors import UsageError


def name_of(by: str, asks: str) -> str:
    """`by`, or git's user.name. Raises UsageError that begins with `asks`, such as `who answers?`."""
    if by.strip():
        return by.strip()
    asked = subprocess.run(["git", "config", "user.name"], capture_output=True, text=True, check=False)
    if asked.returncode or not asked.stdout.strip():
        raise UsageError(f"{asks} git knows no user.name.\n  Run it again with: --by 'Your Name'")
    return asked.stdout.strip()
