"""Imports of libraries without others, or parts of others, that they take along and that nothing here asks of them."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
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
        if name in _CLASSES[self.__name__]:
            return _Class(name, (), {"_module": self, "_name": name})
        return _StandIn(self, name) if name in _TAKEN[self.__name__] else getattr(_run(self), name)


def _run(module: ModuleType) -> ModuleType:
    """`module`, run when it was not yet."""
    if type(module) is _Deferred:
        module.__class__ = ModuleType  # type: ignore[assignment]  # before it runs, as it may ask for itself
        assert module.__spec__ is not None
        assert module.__spec__.loader is not None
        module.__spec__.loader.exec_module(module)
    return module


class _StandIn:
    """A function or an object of a deferred module, which is run when this one is called or asked for something."""

    def __init__(self, module: ModuleType, name: str) -> None:
        self._module, self._name = module, name

    def __call__(self, *words: Any, **named: Any) -> Any:
        return getattr(_run(self._module), self._name)(*words, **named)

    def __getattr__(self, name: str) -> Any:
        return getattr(getattr(_run(self._module), self._name), name)


class _Class(type):
    """Stands for a class of a deferred module. As long as that has not run, nothing is of the class."""

    _module: ModuleType
    _name: str

    def __instancecheck__(cls, instance: object) -> bool:
        return type(cls._module) is not _Deferred and isinstance(instance, getattr(cls._module, cls._name))

    def __subclasscheck__(cls, other: type) -> bool:
        return cls is other or (
            type(cls._module) is not _Deferred and issubclass(other, getattr(cls._module, cls._name))
        )

    def __call__(cls, *words: Any, **named: Any) -> Any:
        return getattr(_run(cls._module), cls._name)(*words, **named)

    def __getattr__(cls, name: str) -> Any:
        return getattr(getattr(_run(cls._module), cls._name), name)


class _Loaded(Loader):
    """Gives a module that is imported already, as it is."""

    def __init__(self, module: ModuleType) -> None:
        self._module, self._spec = module, module.__spec__

    def create_module(self, spec: ModuleSpec) -> ModuleType:  # noqa: ARG002 - the import system's signature
        return self._module

    def exec_module(self, module: ModuleType) -> None:
        module.__spec__ = self._spec


class _ParentsFirst(MetaPathFinder):
    """Runs a deferred module before a part of it is imported, as the import system would have; the parts count on it."""

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> ModuleSpec | None:  # noqa: ARG002
        parent = sys.modules.get(fullname.rpartition(".")[0])
        if type(parent) is not _Deferred:
            return None
        _run(parent)
        if (loaded := sys.modules.get(fullname)) is None:
            return None
        # The parent imports it itself, and the import system would load it once more by the spec that it finds there.
        loaded.__spec__ = spec = ModuleSpec(fullname, _Loaded(loaded))
        return spec


_TAKEN: dict[str, frozenset[str]] = {}
"""Names of deferred modules to what others take from them when they are imported themselves."""
_CLASSES: dict[str, frozenset[str]] = {}
"""Names of deferred modules to classes of theirs that others ask whether something is of."""


def deferred(name: str, taken: Iterable[str] = (), classes: Iterable[str] = ()) -> None:
    """From here on `name` is run when something of it is first asked for, not when it is imported.

    What others take from it by name, `taken`, is asked for when it is called. Whether something is of one of its `classes`
    can be asked without running it: nothing is. Nothing happens where the module is loaded already or not installed. Not `importlib.util.LazyLoader`, whose modules run as soon as they are imported a second time.
    """
    if name in sys.modules or (spec := find_spec(name)) is None:
        return
    if not any(isinstance(finder, _ParentsFirst) for finder in sys.meta_path):
        sys.meta_path.insert(0, _ParentsFirst())
    module = sys.modules[name] = module_from_spec(spec)
    _TAKEN[name], _CLASSES[name] = frozenset(taken), frozenset(classes)
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
