"""Imports of libraries without others, or parts of others, that they take along and that nothing here asks of them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec, module_from_spec
from types import ModuleType
from typing import Any, cast


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


class _Deferred(ModuleType):
    """A module that is found and not yet run. The import system asks for its `__spec__`, which is there already."""

    def __getattr__(self, name: str) -> Any:
        spec = self.__spec__
        assert spec is not None
        assert spec.loader is not None
        self.__class__ = ModuleType  # type: ignore[assignment]  # before it runs, as it may ask for itself
        spec.loader.exec_module(self)
        return getattr(self, name)


def deferred(name: str) -> None:
    """From here on `name` is run when something of it is first asked for, not when it is imported.

    Nothing happens where it is loaded already or not installed. Not `importlib.util.LazyLoader`, whose modules run as
    soon as they are imported a second time.
    """
    if name in sys.modules or (spec := find_spec(name)) is None:
        return
    module = sys.modules[name] = module_from_spec(spec)
    module.__class__ = _Deferred


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
