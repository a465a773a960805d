"""Builds real snapshots from small frames, so that the test of an audit is three lines; tells what its settings mean."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from governance.dataset import Column, ColumnType, DataConfig, Dataset, Role, Split, Task
from governance.ingestion.column_types import infer
from governance.ingestion.ingest import ingest
from governance.snapshot import Snapshot
from governance.yaml_files import write_yaml

if TYPE_CHECKING:
    import polars as pl


def make_snapshot(
    folder: Path,
    frame: pl.DataFrame,
    *,
    name: str = "toy",
    types: Mapping[str, ColumnType] | None = None,
    target: str | None = None,
    task: Task = Task.NONE,
    roles: Mapping[Role, tuple[str, ...]] | None = None,
    split: Split | None = None,
    contract: Mapping[str, str] | None = None,
    public: bool | None = None,
) -> Snapshot:
    """A snapshot on disk below `folder`, made from `frame` by way of a Parquet file.

    `contract` maps file names (`schema.py`, `suite.json`) to their text. `public` is declared for every column.
    """
    contract_folder = folder / "expectations" / name
    contract_folder.mkdir(parents=True, exist_ok=True)
    columns = [
        Column(name=series.name, type=(types or {}).get(series.name) or infer(series), public=public)
        for series in frame.get_columns()
    ]
    write_yaml(
        contract_folder / "columns.yaml",
        {"columns": [c.model_dump(mode="json", exclude_defaults=True) for c in columns]},
    )
    for file, text in (contract or {}).items():
        (contract_folder / file).write_text(text, encoding="utf-8")
    source = folder / "data" / f"{name}.parquet"
    source.parent.mkdir(parents=True, exist_ok=True)
    frame.write_parquet(source)
    config = DataConfig(
        path=f"data/{name}.parquet", task=task, target=target, roles=dict(roles or {}), split=split or Split()
    )
    build = folder / "build" / name / "snapshot"
    build.mkdir(parents=True, exist_ok=True)
    for old in build.iterdir():
        old.unlink()
    manifest = ingest(name, Dataset(data=config), folder, build, contract_folder, "sha256:test")
    return Snapshot(manifest, build, contract_folder, workspace=folder)


def meanings(kind: type) -> dict[str, str]:
    """What is written below each setting of an audit or evaluation, in its code or in what it derives from.

    Pydantic could read it too, and would whenever a stage starts.
    """
    meant: dict[str, str] = {}
    for one in reversed(kind.__mro__):
        if one.__module__ == "builtins" or one.__module__.startswith(("pydantic.", "typing")):
            continue
        declared = ast.parse(textwrap.dedent(inspect.getsource(one))).body[0]
        assert isinstance(declared, ast.ClassDef)
        for setting, below in pairwise(declared.body):
            if isinstance(setting, ast.AnnAssign) and isinstance(below, ast.Expr):
                meant[ast.unparse(setting.target)] = " ".join(str(ast.literal_eval(below.value)).split())
    return {name: words for name, words in meant.items() if name in getattr(kind, "model_fields", {})}
