"""Labels that decisions give to rows: as the target holds them, and none that no row has unless somebody says so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from governance.decisions import RowDecision
from governance.errors import ConfigError, DataError
from governance.ingestion.column_types import typed
from governance.ingestion.exposure import classify
from governance.validation import hint

if TYPE_CHECKING:
    import polars as pl

    from governance.dataset import Column


def labels_as(column: Column, labels: Sequence[str | None]) -> pl.Series:
    """`labels` in the type of the target `column`. Raises ConfigError where one cannot be."""
    import polars as pl

    try:
        return typed(pl.Series(column.name, labels, dtype=pl.String), column.type, "decisions")
    except DataError:
        raise ConfigError([f"decisions: a label that rows are given is no {column.type}"]) from None


def refuse_new_labels(target: pl.Series, column: Column, decisions: Iterable[RowDecision]) -> None:
    """Raises ConfigError with each label that `decisions` give, no row of `target` has, and none of them calls new.

    The message goes into the manifest, so it names a label of the data only where its column may be shown.
    """
    given = [decision for decision in decisions if decision.to is not None]
    held = set(target.drop_nulls().unique().to_list())
    typed_labels = labels_as(column, [decision.to for decision in given]).to_list()
    meant = held | {label for label, decision in zip(typed_labels, given, strict=True) if decision.new_label}
    slips = Counter(str(one.to) for label, one in zip(typed_labels, given, strict=True) if label not in meant)
    shown = [] if classify(column, target)[0] else sorted(map(str, held))
    problems = []
    for label, count in slips.items():
        near = hint(label, shown)
        rows = "a row is" if count == 1 else f"{count} rows are"
        problems.append(
            f"decisions: {rows} given the label {label!r}, which no row of {column.name!r} has{near or '.'} "
            "Correct it, or where a new class is meant, say `new_label: true` beside `to`"
        )
    if problems:
        raise ConfigError(problems)
