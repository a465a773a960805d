"""Which formats there are: a file in dataset_formats/ or model_formats/ is one, and no list names it.

Such a file has `FILE`, the name of what it writes into the report, and `render`, which is handed the views of a dataset
or model (`pages.py`) and returns the text. Writing it, listing it in documents.json, holding it
against the verdict and re-rendering it when its code changes follow. dvc.yaml takes one line, as DVC must know outputs.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

from governance.documents import dataset_formats, model_formats

Kind = Literal["dataset", "model"]
_PACKAGES = {"dataset": dataset_formats, "model": model_formats}


def format_sources(kind: Kind) -> list[Path]:
    """The files that are formats, sorted by name."""
    found = {name: Path(folder) for folder in _PACKAGES[kind].__path__ for _, name, _ in pkgutil.iter_modules([folder])}
    return [found[name] / f"{name}.py" for name in sorted(found)]


def formats(kind: Kind) -> dict[str, Callable[[Any], str]]:
    """Name of each written file to what renders it, sorted. Raises ValueError when two formats write the same file."""
    made: dict[str, Callable[[Any], str]] = {}
    for source in format_sources(kind):
        module = importlib.import_module(f"{_PACKAGES[kind].__name__}.{source.stem}")
        if module.FILE in made:
            raise ValueError(f"two formats write {module.FILE}; {source.name} is one of them")
        made[module.FILE] = module.render
    return dict(sorted(made.items()))
