"""Which formats there are: a file in dataset_formats/ or model_formats/ is one, and no list names it.

Such a file has `FILE`, the name of what it writes into the report, and `render`, which is handed the views of a dataset
or model (`pages.py`) and returns the text. It may have `problems`, which is handed the facts and says what a reader of
that format would object to: the stage prints it, and `govern verify` names it. Writing it, listing it in documents.json, holding it
against the verdict and re-rendering it when its code changes follow, and nothing else is edited: DVC must know outputs,
and knows formats/ as one. The documents that people open stand beside that folder, and are named in dvc.yaml.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any, Literal

from governance.documents import dataset_formats, model_formats

Kind = Literal["dataset", "model"]
FORMATS = "formats"
"""Folder of a report for whatever programs read. DVC knows it as a whole, so that a format in it is one file."""
_PACKAGES = {"dataset": dataset_formats, "model": model_formats}


def format_sources(kind: Kind) -> list[Path]:
    """The files that are formats, sorted by name."""
    found = {name: Path(folder) for folder in _PACKAGES[kind].__path__ for _, name, _ in pkgutil.iter_modules([folder])}
    return [found[name] / f"{name}.py" for name in sorted(found)]


class Lacks(str):
    """A problem that a declaration or a readable source mends: the document is incomplete, and nothing in it is wrong."""

    __slots__ = ()


def formats(kind: Kind) -> dict[str, Callable[[Any], str]]:
    """Path in the report of each written file to what renders it, sorted.

    Raises ValueError when two formats write the same file, or one writes into a folder that DVC does not know.
    """
    made: dict[str, Callable[[Any], str]] = {}
    for name, module in _modules(kind):
        if module.FILE in made:
            raise ValueError(f"two formats write {module.FILE}; {name} is one of them")
        if PurePosixPath(module.FILE).parent not in (PurePosixPath(), PurePosixPath(FORMATS)):
            raise ValueError(f"{name} writes {module.FILE}: it may lie in {FORMATS}/, or beside the datasheet")
        made[module.FILE] = module.render
    return dict(sorted(made.items()))


def problems(kind: Kind, facts: Any) -> tuple[tuple[str, str], ...]:
    """(file, problem) of each problem that a format has with what it makes of `facts`, sorted by file."""
    checks = {module.FILE: module.problems for _, module in _modules(kind) if hasattr(module, "problems")}
    return tuple((file, problem) for file in sorted(checks) for problem in checks[file](facts))


def _modules(kind: Kind) -> Iterator[tuple[str, Any]]:
    for source in format_sources(kind):
        yield source.name, importlib.import_module(f"{_PACKAGES[kind].__name__}.{source.stem}")
