"""Turns the results of declared rules into an audit's answer: findings, table, rows, and an outcome that fails closed.

Shared by the audits of both validation engines, so that their reports read alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from governance.evidence import Finding, Level, Metric, Table, Units
from governance.reporting.row_evidence import judged_rows
from governance.rule_results import Result, RuleResult

if TYPE_CHECKING:
    import polars as pl

    from governance.audit import Answer, Audit
    from governance.snapshot import Snapshot


def contract_file(snapshot: Snapshot, what: str) -> str | Path | None:
    """Where the contract `what` (`schema.py`, `suite.json`) of a snapshot is; None when there is none."""
    reference = snapshot.schema_reference if what == "schema.py" else snapshot.suite_reference
    if reference is not None:
        return reference
    path = snapshot.contract_folder / what
    return path.resolve() if path.is_file() else None


def checked_frame(snapshot: Snapshot, read: Sequence[str]) -> pl.DataFrame:
    """The declared columns in declared order. Images that are not in `read` are there by name alone, without bytes."""
    import polars as pl

    names = [column.name for column in snapshot.columns]
    frame = snapshot.frame().select(names)
    image = snapshot.image_column
    if image is not None and image not in read:
        frame = frame.with_columns(pl.lit(None, dtype=pl.Binary).alias(image))
    return frame.collect()


def answer(
    audit: Audit,
    name: str,
    snapshot: Snapshot,
    results: Sequence[RuleResult],
    *,
    remedies: Mapping[str, str],
    problem: str = "",
    findings: Sequence[Finding] = (),
    metrics: Sequence[Metric] = (),
    tables: Sequence[Table] = (),
) -> Answer:
    """The answer of audit `name` from `results`; what it adds of its own comes after.

    `remedies` are by reason (`wrong_type`), or by reason and column (`wrong_type:age`), which goes before. `{dataset}` in a
    remedy is where the dataset's name belongs. A rule that was not evaluated fails the answer, a rule with nothing to judge makes it inconclusive; findings stand
    beside either.
    """
    declared = [result for result in results if result.result is not Result.ABSENT]
    remedies = {reason: remedy.replace("{dataset}", snapshot.name) for reason, remedy in remedies.items()}
    judged = [result for result in declared if result.result in {Result.PASSED, Result.FAILED}]
    units = Units(name="rules", declared=len(declared), evaluated=len(judged))
    broken = _broken_rows(snapshot, name, results)
    rest: dict[str, Any] = {
        "units": units,
        "findings": (*(f for r in results if (f := _finding(name, r, remedies))), *findings),
        "metrics": (*_metrics(judged, declared, broken, snapshot), *metrics),
        "tables": (_table(results), *tables),
        "rows": broken,
    }
    lost = [result for result in declared if result.result is Result.NOT_EVALUATED]
    if lost:
        code = "unknown_expectation" if any(r.reason == "unknown_expectation" for r in lost) else "not_evaluated"
        return audit.failed(code, f"{len(lost)} of {len(declared)} rules were not evaluated: {_listed(lost)}", **rest)
    if problem:
        return audit.failed("engine_contradicts_itself", problem, **rest)
    empty = [result for result in declared if result.result is Result.ON_NOTHING]
    if empty:
        reason = f"{len(empty)} of {len(declared)} rules had no value to judge: {_listed(empty)}"
        return audit.inconclusive("rule_on_nothing", reason, **rest)
    if not judged:
        return audit.inconclusive("rule_on_nothing", f"none of {len(declared)} rules met a column to judge", **rest)
    return audit.assessed(**rest)


def _listed(results: Sequence[RuleResult]) -> str:
    named = [_named(result) + (f" ({result.problem})" if result.problem else "") for result in results[:3]]
    return "; ".join(named) + (f"; and {len(results) - 3} more" if len(results) > 3 else "")


def _named(result: RuleResult) -> str:
    return f"{', '.join(result.columns)}: {result.text}" if result.columns else result.text


def _speaking_of(result: RuleResult) -> str:
    return f"{', '.join(result.columns)}: " if result.columns else ""


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _finding(audit: str, result: RuleResult, remedies: Mapping[str, str]) -> Finding | None:
    remedy = remedies.get(f"{result.reason}:{','.join(result.columns)}", remedies.get(result.reason, remedies[""]))
    level, rule, count = result.level, result.reason, result.failures
    if result.result is Result.FAILED:
        extent = _extent(result) + (f"; {result.problem}" if result.problem else "")
        message = f"{_named(result)}: {extent}"
        if result.why:
            message = (
                f"{_speaking_of(result)}{_sentence(result.why)} {extent[:1].upper()}{extent[1:]}. Rule: {result.text}"
            )
    elif result.result is Result.NOT_EVALUATED:
        level, count = Level.ERROR, 0
        rule = result.reason if result.reason == "unknown_expectation" else "not_evaluated"
        message = f"{_named(result)}: not evaluated" + (f"; {result.problem}" if result.problem else "")
        remedy = remedies["not_evaluated"]
    elif result.result is Result.ON_NOTHING:
        level, rule = Level.WARNING, "rule_on_nothing"
        message = f"{_named(result)}: there was no value to judge, so this is no pass"
        remedy = "Find out why the column is empty, or take the rule out of the contract."
    elif result.result is Result.ABSENT and result.reason == "missing_column":
        level, rule = Level.NOTE, "optional_column_absent"
        message = (
            f"{', '.join(result.columns)}: the optional column is not in the data, so its rules were not evaluated"
        )
        remedy = "Check the spelling of the column in the contract."
    else:
        return None
    # A statement about a column as a whole is broken once, whatever it rests on.
    measured = result.result is Result.FAILED and result.units != "values"
    return Finding(
        rule=f"{audit}/{rule}",
        level=level,
        message=message + ".",
        remedy=remedy,
        columns=tuple(sorted(result.columns)),
        subject=result.text,
        count=count if measured else None,
        of=result.evaluated if measured else None,
    )


def _extent(result: RuleResult) -> str:
    if result.units == "values":
        return f"not met by its {result.evaluated} values"
    if result.units == "rows" or result.evaluated > 1:
        share = result.failures / result.evaluated
        return f"{result.failures} of {result.evaluated} {result.units} break it ({share:.2%})"
    return "not met"


def _table(results: Sequence[RuleResult]) -> Table:
    """Each rule as the people who declared it explain it; how it is written stands last, where it is something else."""
    explained = any(r.why for r in results)
    return Table(
        name="rules",
        caption="Every declared rule and what came of it, those that are not met first",
        columns=(
            "rule",
            "columns",
            "level",
            "units",
            "evaluated",
            "failures",
            "result",
            *(("written_as",) if explained else ()),
        ),
        rows=tuple(
            (
                r.why or r.text,
                ", ".join(r.columns),
                str(r.level),
                r.units,
                r.evaluated,
                r.failures,
                str(r.result),
                *((r.text if r.why else "",) if explained else ()),
            )
            for r in sorted(results, key=_unmet)
        ),
    )


def _unmet(result: RuleResult) -> tuple[int, float]:
    """What tells most first: not evaluated, broken in the largest share of what was looked at, blocked, on nothing, the rest."""
    order = (Result.NOT_EVALUATED, Result.FAILED, Result.BLOCKED, Result.ON_NOTHING)
    place = order.index(result.result) if result.result in order else len(order)
    return place, -result.failures / max(result.evaluated, 1)


def _metrics(
    judged: Sequence[RuleResult], declared: Sequence[RuleResult], broken: pl.DataFrame | None, snapshot: Snapshot
) -> tuple[Metric, ...]:
    failed = sum(result.result is Result.FAILED for result in judged)
    rows = 0 if broken is None else broken["row_id"].n_unique()
    return (
        Metric(name="rules_declared", value=len(declared), unit="rules", meaning="rules that the contract declares"),
        Metric(name="rules_evaluated", value=len(judged), unit="rules", meaning="rules that gave an answer on data"),
        Metric(name="rules_broken", value=failed, unit="rules", n=len(judged), better="lower", meaning="rules not met"),
        Metric(
            name="rows_breaking_a_rule",
            value=rows,
            unit="rows",
            n=snapshot.rows,
            better="lower",
            meaning="rows that break at least one rule about single rows",
        ),
    )


def _broken_rows(snapshot: Snapshot, audit: str, results: Sequence[RuleResult]) -> pl.DataFrame | None:
    """One row per broken row and kind of rule; what it breaks stands under `suggestion`."""
    import polars as pl

    failed = [r for r in results if r.result is Result.FAILED and r.positions is not None and len(r.positions)]
    if not failed:
        return None
    ids = snapshot.frame("row_id").select("row_id").collect()["row_id"]
    parts = [
        pl.DataFrame({"row_id": ids.gather(result.positions)}).with_columns(
            rule=pl.lit(f"{audit}/{result.reason}"), suggestion=pl.lit(f"breaks {_named(result)}")
        )
        for result in failed
        if result.positions is not None
    ]
    judged = (
        pl.concat(parts)
        .group_by("row_id", "rule")
        .agg(pl.col("suggestion").sort().str.join("; "))
        .sort("row_id", "rule")
        .with_columns(score=pl.lit(1.0), flagged=pl.lit(True))
    )
    return judged_rows(snapshot, judged)
