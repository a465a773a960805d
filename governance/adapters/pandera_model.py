"""Finds and loads a Pandera model: the code that a dataset's contract is written in."""

from __future__ import annotations

import importlib
import os
import re
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

from governance.dataset import ColumnType
from governance.errors import ConfigError, MissingExtra
from governance.rule_results import repository

_WEAKENING = (
    "PANDERA_VALIDATION_ENABLED",
    "PANDERA_VALIDATION_DEPTH",
    "PANDERA_USE_NARWHALS_BACKEND",
    "PANDERA_CACHE_DATAFRAME",
)
ANNOTATIONS = {
    ColumnType.INTEGER: "int", ColumnType.NUMBER: "float", ColumnType.BOOLEAN: "bool", ColumnType.CATEGORY: "str",
    ColumnType.STRING: "str", ColumnType.TEXT: "str", ColumnType.DATE: "pl.Date", ColumnType.DATETIME: "pl.Datetime",
    ColumnType.IMAGE: "pl.Binary",
}  # fmt: skip
"""What stands for each logical type in a model for polars."""


@dataclass(frozen=True)
class Model:
    """A loaded model."""

    schema: Any
    """A DataFrameSchema, private to whoever loaded it."""
    backend: Literal["polars", "pandas"]
    name: str
    """Of the class, or `schema`."""


def library() -> ModuleType:
    """Pandera, imported without what the environment could switch off. Raises MissingExtra."""
    # These are read once, at import; a value that Pandera does not know would even end the import.
    for name in _WEAKENING:
        os.environ.pop(name, None)
    try:
        import pandera.polars
    except ImportError:
        raise MissingExtra("pandera") from None
    return pandera.polars  # type: ignore[no-any-return]


def load_model(reference: str | Path, workspace: Path) -> Model:
    """The model that `reference` names: a path relative to `workspace`, or `module:Class`.

    Of paths, nothing outside the repository around the workspace is run. Raises ConfigError with the cause and the
    line, when it cannot be found, imported or understood.
    """
    library()
    with _importable(workspace):
        if str(reference).endswith(".py"):
            path, name = _inside(str(reference), workspace), ""
            shown = Path(os.path.relpath(path, workspace.resolve())).as_posix()
            module = _run_file(path, shown)
        else:
            shown, _, name = str(reference).partition(":")
            module = _import_module(shown, name)
        found, found_name = _pick(module, name, shown)
        return _as_model(found, found_name, shown, workspace)


@contextmanager
def _importable(workspace: Path) -> Iterator[None]:
    """Makes modules of the workspace and of its repository importable, and leaves no compiled files beside them."""
    before, paths = sys.dont_write_bytecode, list(sys.path)
    sys.dont_write_bytecode = True
    sys.path[:0] = [str(workspace.resolve()), str(repository(workspace))]
    try:
        yield
    finally:
        sys.path[:] = paths
        sys.dont_write_bytecode = before


def _inside(location: str, workspace: Path) -> Path:
    path = (workspace.resolve() / location).resolve()
    if not path.is_relative_to(repository(workspace)):
        raise ConfigError([f"the Pandera model {location} lies outside the repository; give a path inside it"])
    if not path.is_file():
        raise ConfigError([f"the Pandera model {location} does not exist; correct the path in params.yaml"])
    return path


def _run_file(path: Path, shown: str) -> ModuleType:
    module = ModuleType("governance_contract_" + path.stem)
    module.__file__ = str(path)
    # Annotations written as strings are looked up in sys.modules.
    sys.modules[module.__name__] = module
    try:
        exec(compile(path.read_bytes(), str(path), "exec"), module.__dict__)  # noqa: S102 - a contract is code, and is ours
    except (KeyboardInterrupt, MemoryError):
        raise
    except BaseException as error:  # a contract can raise anything, SystemExit among it
        raise ConfigError([_described(error, path, shown)]) from None
    return module


def _import_module(location: str, name: str) -> ModuleType:
    if not name:
        raise ConfigError([f"{location!r} names no Pandera model; give a path to a .py file, or module:Class"])
    try:
        return importlib.import_module(location)
    except (KeyboardInterrupt, MemoryError):
        raise
    except BaseException as error:
        frames = traceback.extract_tb(error.__traceback__)
        own = [frame for frame in frames if Path(frame.filename).stem == location.rpartition(".")[2]]
        raise ConfigError([_described(error, Path(own[-1].filename) if own else None, location)]) from None


def _described(error: BaseException, path: Path | None, shown: str) -> str:
    line: int | None = None
    if isinstance(error, SyntaxError) and error.filename == str(path):
        line = error.lineno
    elif path is not None:
        lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
        line = lines[-1] if lines else None
    what = error.msg if isinstance(error, SyntaxError) else (str(error).splitlines() or [""])[0]
    # Messages of imports name files by where they lie on this machine.
    what = re.sub(r"(?<![\w.])([A-Za-z]:)?[\\/](?:[^\s\\/'\"():]+[\\/])+", "", what)
    where = f"{shown}, line {line}" if line else shown
    return f"{where}: {type(error).__name__}: {what}".rstrip(": ")


def _pick(module: ModuleType, name: str, shown: str) -> tuple[Any, str]:
    """The model in `module`: the one named, a schema called `schema`, or the only model class defined there."""
    from pandera.api.dataframe.model import DataFrameModel

    own = {
        key: value
        for key, value in vars(module).items()
        if isinstance(value, type) and issubclass(value, DataFrameModel) and value.__module__ == module.__name__
    }
    if name:
        if not hasattr(module, name):
            known = ", ".join(sorted(own)) or "no model"
            raise ConfigError([f"{shown} has no {name!r}; it defines {known}"])
        return getattr(module, name), name
    if "schema" in vars(module):
        return module.schema, "schema"
    # A class that another one extends is a building block, not the contract.
    leaves = {
        key: value
        for key, value in own.items()
        if not any(other is not value and issubclass(other, value) for other in own.values())
    }
    if len(leaves) != 1:
        listed = f"{len(leaves)}: {', '.join(sorted(leaves))}" if leaves else "none"
        raise ConfigError(
            [f"{shown} must define one DataFrameModel, or a DataFrameSchema named `schema`; it defines {listed}"]
        )
    return next((value, key) for key, value in leaves.items())


def _as_model(found: Any, name: str, shown: str, workspace: Path) -> Model:
    import copy

    try:
        schema = found.to_schema() if isinstance(found, type) and hasattr(found, "to_schema") else found
        schema = copy.deepcopy(schema)
    except Exception as error:  # a model is built when it is asked for, and its mistakes show then
        path = workspace.resolve() / shown
        raise ConfigError([_described(error, path if path.is_file() else None, f"{shown}: {name}")]) from None
    kind = type(schema)
    # A project's own subclass of a schema lies in a module of its own.
    bases = {base.__module__ for base in kind.__mro__ if base.__name__ == "DataFrameSchema"}
    if "pandera.api.polars.container" in bases:
        return Model(schema, "polars", name)
    if "pandera.api.pandas.container" in bases:
        return Model(schema, "pandas", name)
    what = f"{kind.__module__}.{kind.__qualname__}"
    raise ConfigError([f"{shown}: {name} is {what}; a model of pandera.polars or pandera.pandas is needed"])
