"""Out-of-fold predictions of one snapshot: which rows, which folds, by which models, and how good they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from governance.dataset import Role, Task
from governance.signals import Absent

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from governance.adapters.scikit_learn import Features, OutOfFold
    from governance.snapshot import Snapshot

MAX_CLASSES = 1000
"""More classes than this are no classes that a person could check; probabilities would fill the memory."""
MAX_RANKED = 1_000_000
"""Rows times classes that are ranked."""
_GRID = 2**20
"""Probabilities are rounded to multiples of 1 / 2**20, so that they still sum to exactly 1."""


@dataclass(frozen=True)
class Labelled:
    """The rows that have a label."""

    rows: NDArray[np.int64]
    """Their positions in the snapshot."""
    label: NDArray[np.int64] | NDArray[np.float64]
    """Class numbers, or the target's values."""
    classes: tuple[str, ...]
    """Empty for regression."""
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Folds:
    """Which fold each labelled row is in, and why."""

    assigned: NDArray[np.int64]
    count: int
    rule: str
    forward: bool
    """Whether models learn from earlier rows only."""
    notes: tuple[str, ...]


def labelled_rows(snapshot: Snapshot, frame: pl.DataFrame, least: int) -> Labelled | Absent:
    """Rows with a label, or why there is nothing to predict. `least` is the smallest number of rows that will do."""
    import numpy as np
    import polars as pl

    target = snapshot.target
    if target is None and snapshot.task in {Task.NONE, Task.CLASSIFICATION, Task.REGRESSION}:
        return Absent(outcome="not_applicable", code="no_target", reason="no target is declared")
    if target is None or not snapshot.task.labels_audited:
        reason = f"labels of task {snapshot.task} are not audited by this release"
        return Absent(outcome="not_applicable", code="task_not_audited", reason=reason)
    series = frame[target]
    if snapshot.task is Task.REGRESSION:
        if not (series.dtype.is_numeric() or series.dtype == pl.Boolean):
            reason = f"target {target!r} holds no numbers, and the task is regression"
            return Absent(outcome="failed", code="target_not_numeric", reason=reason)
        series = series.cast(pl.Float64)
        series = pl.select(pl.when(series.is_finite()).then(series)).to_series()
    kept = series.is_not_null().arg_true().to_numpy().astype(np.int64)
    if kept.size == 0:
        return Absent(outcome="failed", code="target_all_null", reason=f"every value of target {target!r} is missing")
    missing = series.len() - kept.size
    notes = (f"{missing} of {series.len()} rows have no label and were left out of the predictions",) if missing else ()
    values = series.drop_nulls()
    levels = values.unique().sort()
    if levels.len() == 1:
        code, what = ("one_class", "class") if snapshot.task is Task.CLASSIFICATION else ("constant_target", "value")
        return Absent(outcome="failed", code=code, reason=f"target {target!r} holds one {what} only")
    if kept.size < least:
        reason = f"{kept.size} rows have a label; at least {least} are needed"
        return Absent(outcome="inconclusive", code="too_few_rows", reason=reason)
    if snapshot.task is Task.REGRESSION:
        return Labelled(kept, values.to_numpy().astype(np.float64), (), notes)
    if levels.len() > MAX_CLASSES or levels.len() * 2 > kept.size:
        reason = f"target {target!r} has {levels.len()} classes in {kept.size} rows; too many to learn"
        return Absent(outcome="inconclusive", code="too_many_classes", reason=reason)
    numbers = values.replace_strict(levels, pl.int_range(levels.len(), eager=True), return_dtype=pl.Int64)
    return Labelled(kept, numbers.to_numpy().astype(np.int64), tuple(levels.cast(pl.String).to_list()), notes)


def groups_of(snapshot: Snapshot, here: pl.DataFrame) -> list[object] | None:
    """The group of each row of `here` (Snapshot.grouping), or None. A row without a group is one of its own."""
    column = snapshot.grouping
    if column is None:
        return None
    return [row if name is None else (name,) for name, row in zip(here[column.name], here["row_id"], strict=True)]


def assign_folds(snapshot: Snapshot, here: pl.DataFrame, known: Labelled, folds: int, seed: int = 0) -> Folds:
    """Folds by group where rows belong together (Snapshot.grouping), else forward in time when there is one, else at random.

    `here` holds the labelled rows.
    """
    from governance.measures.encoding import to_numbers
    from governance.measures.folds import group_folds, random_folds, stratified_folds, time_folds

    row_ids = here["row_id"].to_list()
    labels = known.label if known.classes else None
    notes: list[str] = []
    groups = groups_of(snapshot, here)
    if groups is not None and snapshot.grouping is not None:
        name = snapshot.grouping.name
        independent = len(set(groups))
        if independent >= 2:
            count = min(folds, independent)
            return Folds(group_folds(groups, count, labels, seed), count, f"by group {name}", False, ())
        notes.append(f"column {name!r} holds one group only, so folds are not by group")
    if moment := next((column.name for column in snapshot.with_role(Role.TIMESTAMP)), None):
        series = here[moment]
        if series.dtype.is_temporal() or series.dtype.is_numeric():
            notes.append(
                "the earliest fold has no past: it is predicted from the next one and does not count as quality"
            )
            assigned = time_folds(row_ids, to_numbers(series), folds)
            return Folds(assigned, folds, f"forward in time by {moment}", True, tuple(notes))
        notes.append(f"column {moment!r} holds no times, so folds are not by time")
    if labels is None:
        return Folds(random_folds(row_ids, folds, seed), folds, "at random by row id", False, tuple(notes))
    assigned = stratified_folds(row_ids, labels, folds, seed)
    return Folds(assigned, folds, "stratified by class", False, tuple(notes))


def predict(snapshot: Snapshot, features: Features, known: Labelled, folds: Folds, seed: int = 0) -> OutOfFold:
    """Predictions for the labelled rows by models that did not learn from them; `features` has the same rows."""
    from governance.adapters.scikit_learn import predict_classes, predict_values

    if known.classes:
        return predict_classes(
            features,
            known.label.astype("int64"),
            len(known.classes),
            folds.assigned,
            modality=snapshot.modality,
            forward=folds.forward,
            seed=seed,
        )
    return predict_values(
        features,
        known.label.astype("float64"),
        folds.assigned,
        modality=snapshot.modality,
        forward=folds.forward,
        seed=seed,
    )


def on_grid(probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
    """Probabilities (rows, classes) rounded so that every row sums to exactly 1."""
    import numpy as np

    steps = np.round(probabilities / probabilities.sum(axis=1, keepdims=True) * _GRID)
    largest = steps.argmax(axis=1)
    steps[np.arange(len(steps)), largest] += _GRID - steps.sum(axis=1)
    return np.asarray(steps / _GRID, dtype=np.float64)


def quality(
    known: Labelled, values: NDArray[np.float64], groups: Sequence[object] | None, counted: NDArray[np.bool_]
) -> dict[str, float]:
    """Quality of predictions on the `counted` rows, as documented in SignalsInfo.

    What cannot be told is left out. `groups` (rows,) when rows are not independent.
    """
    import numpy as np

    from governance.measures.intervals import bootstrap, wilson, wilson_of_groups
    from governance.measures.ranks import mid_ranks

    label, values = known.label[counted], values[counted]
    codes = None if groups is None else _codes([groups[row] for row in np.flatnonzero(counted).tolist()])
    if known.classes:
        right = values.argmax(axis=1) == label
        interval = wilson(int(right.sum()), right.size) if codes is None else wilson_of_groups(right, codes)
        majority = float(np.bincount(label.astype(np.int64)).max() / label.size)
        measured = {"accuracy": float(right.mean()), "baseline": majority}
        measured |= {"accuracy_low": interval[0], "accuracy_high": interval[1]}
        if interval[0] > majority:
            return measured
        numbers = label.astype(np.int64)
        return measured | _against_baseline(numbers, values, codes) | _ranking(numbers, values, codes)

    def determination(rows: NDArray[np.int64]) -> float:
        total = float(((label[rows] - label[rows].mean()) ** 2).sum())
        return 1 - float(((label[rows] - values[rows]) ** 2).sum()) / total if total > 0 else float("nan")

    def correlation(rows: NDArray[np.int64]) -> float:
        one, other = mid_ranks(label[rows].astype(np.float64)), mid_ranks(values[rows])
        return float(np.corrcoef(one, other)[0, 1]) if np.ptp(one) and np.ptp(other) else float("nan")

    measured = {"baseline": 0.0}
    every = np.arange(label.size)
    if np.isfinite(value := determination(every)):
        measured["r2"] = value
    low, high = bootstrap(determination, label.size, groups=codes)
    if np.isfinite(low):
        measured |= {"r2_low": low, "r2_high": high}
    if measured.get("r2_low", 0.0) <= 0 and np.isfinite(value := correlation(every)):
        low, high = bootstrap(correlation, label.size, groups=codes)
        measured |= {"rank": value} | ({"rank_low": low, "rank_high": high} if np.isfinite(low) else {})
    return measured


def _against_baseline(
    label: NDArray[np.int64], values: NDArray[np.float64], codes: Sequence[int] | None
) -> dict[str, float]:
    """`against_baseline`: of the rows in which models and the most common class say different things and one is right, the
    share in which it is the models. As sharp as McNemar's test, where most rows are of one class and both right.
    """
    import numpy as np

    from governance.measures.intervals import wilson, wilson_of_groups

    common, said = int(np.bincount(label).argmax()), values.argmax(axis=1)
    differing = np.flatnonzero((said != common) & ((label == said) | (label == common)))
    if not differing.size:
        return {}
    right = label[differing] == said[differing]
    groups = None if codes is None else np.array(codes)[differing]
    low, high = wilson(int(right.sum()), right.size) if groups is None else wilson_of_groups(right, groups)
    return {
        "against_baseline": float(right.mean()),
        "against_baseline_low": float(low),
        "against_baseline_high": float(high),
    }


def _ranking(label: NDArray[np.int64], values: NDArray[np.float64], codes: Sequence[int] | None) -> dict[str, float]:
    """`auc` with its interval, of an even part of many rows: what a rare class hides from accuracy."""
    import numpy as np

    from governance.measures.evenly_spaced import evenly_spaced
    from governance.measures.ranking_auc import macro_auc

    part = evenly_spaced(label.size, max(MAX_RANKED // values.shape[1], 1))
    groups = None if codes is None else np.array(codes)[part]
    found = macro_auc(values[part], label[part], groups)
    return dict(zip(("auc", "auc_low", "auc_high"), found, strict=True)) if np.isfinite(found).all() else {}


def _codes(groups: Sequence[object]) -> list[int]:
    number: dict[object, int] = {}
    return [number.setdefault(group, len(number)) for group in groups]
