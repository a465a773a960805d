"""What leaks become in evidence: findings, numbers, tables, and which rows are meant."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from governance.evidence import Confidence, Finding, Level, Metric, Table

if TYPE_CHECKING:
    import polars as pl

    from governance.reporting.contamination import Contamination
    from governance.reporting.leak_free_score import Corrected
    from governance.snapshot import Snapshot

INFLATION = 0.01
"""A score that leaks raise by this much is worth a warning of its own."""


@dataclass(frozen=True)
class Check:
    """One thing that was asked, or why it was not."""

    what: str
    asked: bool
    result: str


@dataclass(frozen=True)
class Part:
    """What one kind of leak gives to the evidence."""

    checks: tuple[Check, ...] = ()
    findings: tuple[Finding, ...] = ()
    metrics: tuple[Metric, ...] = ()
    tables: tuple[Table, ...] = ()
    rows: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """By the second part of the rule, the ids of the rows that are meant."""


def declared_later(snapshot: Snapshot, columns: tuple[str, ...]) -> Part:
    """Features that somebody declared as known only after the label."""
    what = "features declared as available later"
    if not columns:
        return Part((Check(what, False, "none are declared"),))
    used = sorted(column.name for column in snapshot.features if column.name in columns)
    findings = tuple(
        Finding(
            rule="leakage/available_later",
            level=Level.ERROR,
            message=f"Feature '{name}' is declared as known only after the label, and a model may learn from it.",
            remedy="Give the column the role ignored, or correct the declaration `available_later`.",
            columns=(name,),
        )
        for name in used
    )
    return Part((Check(what, True, f"{len(used)} of {len(columns)} may be learnt from"),), findings)


def evaluation_part(found: Contamination, error_share: float, words: int) -> Part:
    """Items of the declared evaluation set that stand in the data."""
    what = "items of the evaluation set in the data"
    count = found.exact + found.near
    share = Metric(
        name="contamination_share",
        value=count / found.items if found.items else None,
        unit="share",
        n=found.items,
        better="lower",
        meaning="items of the declared evaluation set that stand in the data, exactly or nearly; a count of all items",
        note="" if found.items else "the evaluation set holds no item that could be compared",
    )
    parts = f", {found.part} in part" if found.part else ""
    parts += f", {found.alike} as near as the data's own texts are to each other" if found.alike else ""
    unsought = f"; not looked for: {'; nor '.join(found.not_sought)}" if found.not_sought else ""
    check = Check(
        what, found.items > 0, f"{found.exact:,} exactly, {found.near:,} nearly{parts}, of {found.items:,}{unsought}"
    )
    notes = [*([_shared_runs(found, words)] if found.part else ()), *([_alike(found)] if found.alike else ())]
    rows = {"shared_words": found.part_rows} if found.part else {}
    rows |= {"alike_items": found.alike_rows} if found.alike else {}
    if not count:
        return Part((check,), tuple(notes), (share,), rows=rows)
    level = Level.ERROR if count >= error_share * found.items else Level.WARNING
    chance = "; the columns tell so little apart that chance makes rows equal" if found.by_chance else ""
    finding = Finding(
        rule="leakage/contaminated",
        level=Level.NOTE if found.by_chance else level,
        confidence=Confidence.LOW if found.by_chance else Confidence.HIGH,
        message=f"Items of the evaluation set that stand in the data: {found.exact:,} exactly and {found.near:,} nearly, of "
        f"{found.items:,} ({count / found.items:.2%}), in {len(found.rows):,} of {found.searched:,} rows searched{chance}.",
        remedy="Remove these rows from the data, or report results on the other items of the evaluation set.",
        columns=tuple(sorted(found.compared)),
        count=count,
        of=found.items,
    )
    return Part((check,), (finding, *notes), (share,), rows={"contaminated": found.rows, **rows})


def _shared_runs(found: Contamination, words: int) -> Finding:
    """Items of which a smaller part stands in the data: a quotation, or a piece of the item that was learnt from."""
    verb = "item of the evaluation set shares" if found.part == 1 else "items of the evaluation set share"
    return Finding(
        rule="leakage/shared_words",
        level=Level.NOTE,
        confidence=Confidence.MEDIUM,
        message=f"{found.part} {verb} a run of {words} or more words with texts of the data, less than 70 % of the item: "
        f"{found.part:,} of {found.items:,} ({found.part / found.items:.2%}), in {len(found.part_rows):,} of {found.searched:,} "
        "rows searched.",
        remedy="Read these rows: if they hold a question or its answer, remove them or leave the items out of the results.",
        columns=tuple(sorted(found.compared)),
        count=found.part,
        of=found.items,
    )


def _alike(found: Contamination) -> Finding:
    """Items that are near the data as texts filled in to one form are."""
    return Finding(
        rule="leakage/alike_items",
        level=Level.NOTE,
        confidence=Confidence.LOW,
        message=f"Items of the evaluation set that are nearly in the data, as many as its own texts are nearly each other: "
        f"{found.alike:,} of {found.items:,} ({found.alike / found.items:.2%}), in {len(found.alike_rows):,} of "
        f"{found.searched:,} rows searched. Texts that fill in one form are.",
        remedy="Read a few: if the data holds copies of them, remove these rows; if both fill in a form, nothing is wrong.",
        columns=tuple(sorted(found.compared)),
        count=found.alike,
        of=found.items,
    )


def score_part(corrected: Corrected | None, columns: Iterable[str] = ()) -> Part:
    """The score with and without what leaks: shared rows, and `columns`."""
    what = "score with and without leaks"
    if corrected is None:
        return Part((Check(what, False, "nothing leaks, or there is no target and later split to score"),))
    findings: tuple[Finding, ...] = ()
    gain, low = corrected.inflation, corrected.inflation_low
    if gain is not None and low is not None and gain >= INFLATION and low > 0:
        findings = (_inflated(corrected, columns, gain, low),)
    result = (
        "cannot tell" if gain is None else f"{gain:.3f} lower without leaks" if gain > 0 else "no lower without leaks"
    )
    rows = {"inflated_score": tuple(sorted(corrected.taken))} if findings else {}
    return Part((Check(what, gain is not None, result),), findings, corrected.metrics, rows=rows)


def _inflated(corrected: Corrected, columns: Iterable[str], gain: float, low: float) -> Finding:
    """A lower score is measured; that what was left out leaks is said by findings of its own, some of them suspicions."""
    before, after = corrected.metrics[0], corrected.metrics[-1]
    assert before.value is not None
    assert after.value is not None
    names = sorted(columns)
    what = [f"column {names[0]}"] if len(names) == 1 else []
    what = [f"columns {', '.join(names[:-1])} and {names[-1]}"] if len(names) > 1 else what
    what += ["rows that splits share"] if corrected.taken else []
    kind = "accuracy" if before.unit == "share" else "R squared"
    useless = ", worse than the mean of the target for every row" if kind == "R squared" and after.value < 0 else ""
    return Finding(
        rule="leakage/inflated_score",
        level=Level.WARNING,
        confidence=Confidence.MEDIUM,
        message=f"Without the {' and the '.join(what)}, the default models' {kind} on the last split is "
        f"{after.value:.3f} instead of {before.value:.3f}{useless}: {gain:.3f} lower (95 % interval from {low:.3f} up).",
        remedy="Report the lower score until the data is mended, or until it is known that what is suspected does not leak.",
    )


def check_table(checks: list[Check]) -> Table:
    """What was asked, and what came of it."""
    return Table(
        name="checks",
        caption="What was looked for",
        columns=("check", "asked", "result"),
        rows=tuple((check.what, check.asked, check.result) for check in checks),
    )


def rows_of(parts: list[Part]) -> pl.DataFrame:
    """Rows that the parts name, one line for each rule, for judged_rows."""
    import polars as pl

    named = [(row, rule) for part in parts for rule, rows in part.rows.items() for row in rows]
    frame = pl.DataFrame(named, schema={"row_id": pl.String, "rule": pl.String}, orient="row")
    return frame.with_columns(
        pl.format("leakage/{}", pl.col("rule")).alias("rule"),
        pl.lit(1.0).alias("score"),
        pl.lit(True).alias("flagged"),
        pl.lit("").alias("suggestion"),
    )
