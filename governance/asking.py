"""Asks an audit or evaluation its question, and binds the answer to what it was made from.

Part of every audit's and evaluation's code digest in govern.lock: what stands here changes all evidence.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from governance.audit import ROW_COLUMNS, Answer, Audit
from governance.errors import SourceChanged
from governance.evidence import ASSUMED_INDEPENDENT, Evidence, Figure, Metric, Outcome, Table, tables_json
from governance.image_files import SOURCE_CHANGED, told
from governance.signals import SignalAbsent

TABLE_ROWS = 32
"""Rows of a table that evidence on a dataset keeps, so that what git tracks is bounded whatever the data."""
DRAWN_ROWS = 360
"""The same of all tables together that a figure draws, each having TABLE_ROWS at least: bins of some thirty columns."""


def ask(question: Any, view: Any) -> Answer:
    """The audit's answer, or why it cannot even be asked: there is no snapshot."""
    if view.manifest.outcome is not Outcome.ASSESSED:
        answer: Answer = question.failed("no_snapshot", f"there is no snapshot: {view.manifest.reason}")
        return answer
    return guarded(lambda: question.run(view), question)


def guarded(run: Callable[[], Answer], question: Any) -> Answer:
    """The answer of `run`; a crash becomes `failed(crashed)` with the place, never with a message that may hold data."""
    try:
        return run()
    except SignalAbsent as error:
        absent = error.absent
        return Answer(outcome=Outcome(absent.outcome), code=absent.code, reason=absent.reason, reach=question.reach)
    except SourceChanged as error:
        changed: Answer = question.failed(SOURCE_CHANGED, told(error))
        return changed
    except Exception as error:  # a bug in one audit must not hide the others
        frames = traceback.extract_tb(error.__traceback__)
        here = getattr(sys.modules.get(type(question).__module__), "__file__", None)
        own = [frame for frame in frames if frame.filename == here]
        places = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in (*own[-1:], *frames[-1:])]
        place = ", in ".join(dict.fromkeys(places)) or "unknown"  # its own line first: the other may be a library's
        print(f"{type(error).__name__} in {' < '.join(_place(f) for f in reversed(frames))}", file=sys.stderr)  # noqa: T201
        answer: Answer = question.failed("crashed", f"it ended with {type(error).__name__} at {place}; this is a bug")
        return answer


def _place(frame: traceback.FrameSummary) -> str:
    return f"{Path(frame.filename).name}:{frame.lineno} {frame.name}"


def bind(question: Any, subject: str, name: str, answer: Answer, digests: Mapping[str, str]) -> Evidence:
    """Evidence: the answer bound to what it was made from."""
    references = references_of(type(question).__doc__ or "")
    return Evidence(
        subject=subject,
        audit=name,
        title=question.title,
        question=question.question,
        section=question.section,
        settings=question.model_dump(mode="json"),
        inputs=dict(digests),
        outcome=answer.outcome,
        code=answer.code,
        reason=answer.reason,
        units=answer.units,
        reach=answer.reach,
        findings=answer.findings,
        metrics=tuple(stating_independence(metric) for metric in answer.metrics),
        tables=shortened(answer.tables, answer.figures) if isinstance(question, Audit) else answer.tables,
        figures=answer.figures,
        references=references,
    ).sealed()


def stating_independence(metric: Metric) -> Metric:
    """The metric; where it has an interval and no independent units, the interval says that rows were assumed independent.

    Also when the dataset has groups: an interval that does not count them says so.
    """
    if metric.low is None or metric.independent_units is not None or "independent" in metric.interval:
        return metric
    return metric.model_copy(update={"interval": f"{metric.interval} {ASSUMED_INDEPENDENT}".lstrip()})


def shortened(tables: tuple[Table, ...], figures: tuple[Figure, ...]) -> tuple[Table, ...]:
    """`tables` with as many of their rows, which stand most telling first, as evidence keeps, and how many are left out."""
    drawn = {figure.table for figure in figures}
    kept, room = [], DRAWN_ROWS
    for table in tables:
        rows = table.rows[: max(TABLE_ROWS, room) if table.name in drawn else TABLE_ROWS]
        room -= len(rows) if table.name in drawn else 0
        kept.append(table.model_copy(update={"rows": rows, "left_out": len(table.rows) - len(rows)}))
    return tuple(kept)


def references_of(docstring: str) -> tuple[str, ...]:
    """What stands below the heading `References:`, one reference each.

    A line continues the one before where it starts with `- ` in a list of them and this one does not, or where it is
    indented further.
    """
    _, _, below = docstring.partition("References:")
    lines = [line.rstrip() for line in below.splitlines() if line.strip()]
    if not lines:
        return ()
    first = len(lines[0]) - len(lines[0].lstrip())
    listed = lines[0].lstrip().startswith("- ")
    found: list[str] = []
    for line in lines:
        text = line.strip()
        further = not text.startswith("- ") if listed else len(line) - len(line.lstrip()) > first
        if further and found:
            found[-1] = f"{found[-1]} {text}"
        else:
            found.append(text.removeprefix("- "))
    return tuple(found)


def write_tables(path: Path, answer: Answer) -> None:
    """Write all tables of an answer, each with all of its rows, as a JSON list."""
    path.parent.mkdir(parents=True, exist_ok=True)
    tables = ",\n".join(tables_json(table).rstrip("\n") for table in answer.tables)
    path.write_text(f"[\n{tables}\n]\n", encoding="utf-8")


def write_rows(path: Path, answer: Answer) -> None:
    """Write which rows an answer speaks of; an empty table of the same columns when it speaks of none."""
    import polars as pl

    schema = {name: getattr(pl, kind) for name, kind in ROW_COLUMNS.items()}
    rows = answer.rows if answer.rows is not None else pl.DataFrame(schema=schema)
    path.parent.mkdir(parents=True, exist_ok=True)
    rows.select(pl.col(name).cast(kind) for name, kind in schema.items()).sort(
        "row_id", "rule", "score", "suggestion"
    ).write_parquet(path)
