"""Every error a person can meet. Each says what is wrong, what is allowed, and what to run next.

    GovernanceError                exit 1 when it is none of the below (a bug)
    ├── UsageError                 exit 2: a command was called with something it cannot take
    │   └── MissingExtra           exit 2: a library of the `pipeline` extra is not installed
    ├── ConfigError                exit 2: params.yaml, columns.yaml, waivers.yaml ... all problems at once
    ├── Blocked                    exit 3: the policy says no
    ├── EvidenceError              exit 4: evidence is missing, stale, or was changed by hand
    │   └── SourceChanged          exit 4: an image that the snapshot holds by path is another one now, or gone
    └── DataError                  exit 4: the data cannot be read; a stage turns it into evidence `failed`

The exit codes are part of the interface (docs/design.md, section 6).
"""

from __future__ import annotations

from collections.abc import Iterable


class GovernanceError(Exception):
    """Base of all errors raised on purpose. `str(error)` is complete advice for a person."""

    exit_code = 1


class UsageError(GovernanceError):
    """A command or function was given something it cannot take."""

    exit_code = 2


class MissingExtra(UsageError):
    """A library of an optional extra is needed and not installed."""

    def __init__(self, library: str, extra: str = "pipeline") -> None:
        super().__init__(
            f"{library} is not installed, and this needs it.\n  Run: pip install 'dataset-governance[{extra}]'"
        )


class ConfigError(GovernanceError):
    """One or more problems in files that people edit, reported together."""

    exit_code = 2

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        count = len(self.problems)
        head = f"{count} problem{'' if count == 1 else 's'} in the configuration:"
        super().__init__("\n".join([head, *(f"  - {problem}" for problem in self.problems)]))


class Blocked(GovernanceError):
    """The policy does not allow the data or model to be used."""

    exit_code = 3


class EvidenceError(GovernanceError):
    """Evidence is missing, stale, tampered with, or a required audit could not be evaluated."""

    exit_code = 4


class SourceChanged(EvidenceError):
    """A file that the snapshot names by path and sha256 is missing or holds something else now. Names the file."""


class DataError(GovernanceError):
    """The data cannot be read or does not hold what was declared. Names the file and the cause."""

    exit_code = 4
