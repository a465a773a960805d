"""Imports of libraries without other libraries that they would take along, and that nothing here asks of them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from types import ModuleType


@contextmanager
def hidden(name: str, unless: str = "") -> Iterator[None]:
    """Within, `name` is as if it was not installed, and afterwards it can be imported; it must be optional to others.

    What is imported already stays, and so does what would be hidden from a module that is (`unless`).
    """
    hides = not {name, unless} & sys.modules.keys()
    if hides:
        sys.modules[name] = cast("ModuleType", None)  # Python's own way to say that there is none
    try:
        yield
    finally:
        if hides:
            del sys.modules[name]
