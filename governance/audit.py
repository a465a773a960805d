"""Audit: one question asked of a snapshot. Its typed fields are its settings; its docstring is its documentation.

An audit is one file in `governance/audits/` (or in a workspace's own `audits/`) that holds one subclass of Audit,
and one line under `audits:` in params.yaml. Nothing else names it.
"""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import pkgutil
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import BaseModel, ConfigDict

from governance.errors import UsageError
from governance.evidence import Figure, Finding, Metric, Outcome, Reach, Table, Units

if TYPE_CHECKING:
    import polars as pl

    from governance.snapshot import Snapshot

DOCSTRING_HEADINGS = ("What it measures", "Why it matters", "How to read it", "Limits", "References")
"""Every audit's docstring has these, in this order, each followed by a colon."""

ROW_COLUMNS = {
    "row_id": "String",
    "source_file": "String",
    "source_row": "Int64",
    "split": "String",
    "rule": "String",
    "score": "Float64",
    "flagged": "Boolean",
    "suggestion": "String",
}
"""Columns of `build/<dataset>/rows/<audit>.parquet`. `score` is 0 to 1, higher is worse.

`suggestion` is said to people. Where it names another row by its `row_id`, the sheet of flagged rows shows the two beside
each other, and says where the other stands instead of its id."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What an audit returns; a stage binds it to digests and writes it as Evidence."""

    outcome: Outcome
    reach: Reach
    code: str = ""
    reason: str = ""
    units: Units | None = None
    findings: tuple[Finding, ...] = ()
    metrics: tuple[Metric, ...] = ()
    tables: tuple[Table, ...] = ()
    figures: tuple[Figure, ...] = ()
    rows: pl.DataFrame | None = field(default=None, repr=False)
    """Frame with the columns of ROW_COLUMNS: which rows, how sure. Stays in the data folder, never in git."""


class Audit(BaseModel):
    """Base of all audits: subclass it, give it fields with defaults as settings, and write `run`."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    title: ClassVar[str]
    """Two or three words, as a heading."""
    question: ClassVar[str]
    """The question it answers, as a reviewer would ask it."""
    section: ClassVar[str]
    """Section of the datasheet: motivation, composition, collection, preprocessing, uses, distribution, maintenance."""
    needs: ClassVar[frozenset[str]] = frozenset()
    """Beside the snapshot: any of `schema`, `suite`, `reference` and the signals: `predictions`, `label_errors`,
    `embeddings`, `neighbours`."""
    reach: ClassVar[Reach]
    """What it looks for, what it would notice, how well that was measured, what it cannot see."""

    def run(self, snapshot: Snapshot) -> Answer:
        """Ask the question. Never decides what blocks, never writes, never changes the snapshot."""
        raise NotImplementedError(f"{type(self).__name__} has no run method")

    def not_applicable(self, code: str, reason: str) -> Answer:
        """The question makes no sense for this dataset; `code` is a stable word that policies can name."""
        return Answer(outcome=Outcome.NOT_APPLICABLE, code=code, reason=reason, reach=self.reach)

    def inconclusive(self, code: str, reason: str, **rest: Any) -> Answer:
        """The question makes sense and cannot be answered from this data. `rest` as for Answer."""
        return Answer(outcome=Outcome.INCONCLUSIVE, code=code, reason=reason, reach=self.reach, **rest)

    def failed(self, code: str, reason: str, **rest: Any) -> Answer:
        """The question could not be asked: something is broken. `rest` as for Answer."""
        return Answer(outcome=Outcome.FAILED, code=code, reason=reason, reach=self.reach, **rest)

    def assessed(self, units: Units, **rest: Any) -> Answer:
        """The question was answered on `units.evaluated` units. `rest` as for Answer."""
        return Answer(outcome=Outcome.ASSESSED, units=units, reach=self.reach, **rest)


def names(kind: str = "audits", workspace: Path | None = None) -> tuple[str, ...]:
    """Names of all audits (or `evaluations`) that can be configured, the workspace's own among them, sorted."""
    package = importlib.import_module(f"governance.{kind}")
    found = {module.name for module in pkgutil.iter_modules(package.__path__)}
    if workspace is not None:
        found |= {path.stem for path in (workspace / kind).glob("[a-z]*.py")}
    return tuple(sorted(found))


def source_file(name: str, kind: str = "audits", workspace: Path | None = None) -> Path:
    """The file that holds audit `name`; the workspace's own wins. Raises UsageError with the names that exist."""
    own = workspace / kind / f"{name}.py" if workspace is not None else None
    if own is not None and own.is_file():
        return own
    path = Path(__file__).parent / kind / f"{name}.py"
    if not path.is_file() or name.startswith("_"):
        known = ", ".join(names(kind, workspace))
        raise UsageError(f"there is no {kind[:-1]} named {name!r}; there are: {known}")
    return path


def load(name: str, kind: str = "audits", workspace: Path | None = None) -> type[Any]:
    """The one class that file `name` defines. Raises UsageError when there is none or more than one."""
    path = source_file(name, kind, workspace)
    if path.parent == Path(__file__).parent / kind:
        module = importlib.import_module(f"governance.{kind}.{name}")
    else:
        module_name = f"governance_workspace_{kind}_{name}"
        spec = importlib.util.spec_from_file_location(module_name, path)
        if spec is None or spec.loader is None:
            raise UsageError(f"{path} cannot be imported")
        module = importlib.util.module_from_spec(spec)
        sys.modules[module_name] = module
        spec.loader.exec_module(module)
    classes = [
        value
        for value in vars(module).values()
        if inspect.isclass(value)
        and issubclass(value, BaseModel)
        and value.__module__ == module.__name__
        and callable(getattr(value, "run", None))
    ]
    if len(classes) != 1:
        raise UsageError(f"{path} must define exactly one {kind[:-1]} class; it defines {len(classes)}")
    return classes[0]
