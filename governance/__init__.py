"""Data governance and dataset documentation: evidence, verdicts and documents that cannot go green by accident."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from governance.access import Checked

__version__ = "0.1.0"


def require(name: str, workspace: Path | str | None = None) -> Checked:
    """The checked paths of dataset `name`, or an error with the reasons. See `governance.access.require`."""
    from governance.access import require as checked

    return checked(name, workspace)


def load(name: str, workspace: Path | str | None = None, *, features_only: bool = False) -> Any:
    """Dataset `name` as a `datasets.DatasetDict`, or an error with the reasons. See `governance.access.load`."""
    from governance.access import load as loaded

    return loaded(name, workspace, features_only=features_only)
