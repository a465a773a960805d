"""Imports of libraries without others, or parts of others, that they take along and that nothing here asks of them."""

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


@contextmanager
def as_loaded(module: ModuleType) -> Iterator[None]:
    """Within, `dir(module)` and `from module import *` give what it has loaded, and load no further parts of it."""
    listed, loaded = module.__all__, [name for name in dir(module) if name in vars(module)]
    own = vars(module).get("__dir__")
    vars(module).update(__all__=[name for name in listed if name in loaded], __dir__=lambda: loaded)
    try:
        yield
    finally:
        vars(module)["__all__"] = listed
        if own is None:
            del vars(module)["__dir__"]
        else:
            vars(module)["__dir__"] = own
