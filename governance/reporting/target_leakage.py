"""Features that give the target away: which repeat its coding, and which predict it better than features do."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from governance.dataset import ColumnType, Role
from governance.manifest import SnapshotColumn
from governance.reporting.row_evidence import group_codes
from governance.signals import Absent

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from governance.measures.single_feature import Skill
    from governance.signals.out_of_fold import Labelled
    from governance.snapshot import Snapshot

SAMPLE_ROWS = 50_000
"""Features are judged on no more rows, evenly spaced: rows stand in order of their hashes, so that is a sample."""
REST_ROWS = 20_000
"""The model of all other features learns from no more rows."""
MIN_ROWS = 50
FOLDS = 5
PLAUSIBLE = 0.8
"""Skill that a single honest feature may well have: the lower bound of a suspicious one lies above."""
TIMES = 3
"""A feature is far above all others together when they miss this many times as much of what is possible."""
LEAST_MISS = 0.01
MOST_SUSPECTS = 3
IDENTIFIER_SKILL = 0.1
"""Skill that the order of identifiers must exceed, so that it matters beside being beyond chance."""
CONFIDENCE = 0.95
"""One-sided, over all features together (Bonferroni)."""
Kind = Literal["repeats", "far_above", "strong"]


@dataclass(frozen=True)
class Suspect:
    """A feature that says nearly everything about the target."""

    column: str
    kind: Kind
    skill: Skill
    agreeing: int | None
    """Rows in which it says what the target says; None unless it repeats the target's coding."""
    rows: int
    """Rows that it was judged on."""
    rest: Skill | None = None
    """Skill of all other features together (but those that repeat the target), out of fold; None when not asked."""


@dataclass(frozen=True)
class TargetLeakage:
    """What was found about features and target."""

    suspects: tuple[Suspect, ...]
    best: tuple[tuple[str, float], ...]
    """Every judged feature with its skill, highest first."""
    identifiers: tuple[tuple[str, float], ...]
    """Identifier-like columns whose order predicts the target, with their skill."""
    rows: int
    of: int
    independent_units: int | None


@dataclass(frozen=True)
class _Judged:
    """The sample of labelled rows that features are judged on."""

    frame: pl.DataFrame
    known: Labelled
    folds: NDArray[np.int64]
    groups: NDArray[np.int64] | None


def find_target_leakage(
    snapshot: Snapshot, *, near_deterministic: float, left_out: frozenset[str] = frozenset()
) -> TargetLeakage | Absent:
    """Features that give the target away, or why that cannot be asked.

    `near_deterministic`: skill from which a feature of classes is suspected. One that does not repeat the target's
    coding, and one of numbers, must be half as far from 1 to be more than a strong one. Columns `left_out` are known to leak and take no part.
    """
    judged = _sample(snapshot)
    if isinstance(judged, Absent):
        return judged
    columns = [
        column
        for column in snapshot.features
        if column.type not in {ColumnType.TEXT, ColumnType.IMAGE}
        and column.resolved_role is not Role.TEXT
        and column.distinct > 0
        and column.name not in left_out
    ]
    serial = [column for column in snapshot.columns if _names_rows(snapshot, column)]
    level = 1 - (1 - CONFIDENCE) / max(len(columns), 1)
    best: list[tuple[str, float]] = []
    suspects: list[Suspect] = []
    for column in columns:
        skill, suspect = _judge(judged, column, near_deterministic, level)
        best.append((column.name, skill))
        suspects += [suspect] if suspect is not None else []
    kinds: list[Suspect] = [suspect for suspect in suspects if suspect.kind == "repeats"]
    repeating = {suspect.column for suspect in kinds} | left_out
    rest = None
    others = [suspect for suspect in suspects if suspect.kind != "repeats"]
    for suspect in others:
        kind: Kind = "strong"
        # With more of them than that the task is easy, and none stands out.
        if len(others) <= MOST_SUSPECTS and suspect.skill.value >= near_certain(near_deterministic):
            rest = _rest(snapshot, judged, repeating | {suspect.column})
            kind = "far_above" if _far_above(suspect.skill, rest) else "strong"
        kinds.append(replace(suspect, kind=kind, rest=rest))
    return TargetLeakage(
        tuple(sorted(kinds, key=lambda s: s.column)),
        tuple(sorted(best, key=lambda item: (-round(item[1], 6), item[0]))),
        _identifiers(judged, serial),
        judged.frame.height,
        snapshot.rows,
        None if judged.groups is None else len(set(judged.groups.tolist())),
    )


def near_certain(near_deterministic: float) -> float:
    """The skill from which a feature that is far above the others counts as leaking: half as far from 1."""
    return 1 - (1 - near_deterministic) / 2


def without(snapshot: Snapshot, columns: Iterable[str]) -> Snapshot:
    """The same snapshot with `columns` ignored."""
    ignored = set(columns)
    changed = tuple(
        column.model_copy(update={"role": Role.IGNORED}) if column.name in ignored else column
        for column in snapshot.columns
    )
    return replace(snapshot, manifest=snapshot.manifest.model_copy(update={"columns": changed}))


def _sample(snapshot: Snapshot) -> _Judged | Absent:
    import numpy as np

    from governance.measures.folds import group_folds, random_folds, stratified_folds
    from governance.measures.single_feature import counted_classes
    from governance.signals.out_of_fold import labelled_rows

    if snapshot.target is None:
        return Absent(outcome="not_applicable", code="no_target", reason="no target is declared")
    frame = snapshot.frame_without_images().collect().sort("row_id")
    known = labelled_rows(snapshot, frame, MIN_ROWS)
    if isinstance(known, Absent):
        return known
    if known.rows.size > SAMPLE_ROWS:
        picked = np.unique(np.linspace(0, known.rows.size - 1, SAMPLE_ROWS).astype(np.int64))
        known = replace(known, rows=known.rows[picked], label=known.label[picked])
    if known.classes and counted_classes(known.label.astype(np.int64)).size < 2:
        reason = "fewer than two classes have ten rows"
        return Absent(outcome="inconclusive", code="too_few_rows", reason=reason)
    here = frame[known.rows.tolist()]
    row_ids = here["row_id"].to_list()
    grouped = group_codes(snapshot, row_ids)
    labels = known.label.astype(np.int64) if known.classes else None
    groups = None if grouped is None else np.array(grouped, dtype=np.int64)
    if grouped is not None and len(set(grouped)) >= FOLDS:
        names = here[snapshot.with_role(Role.GROUP)[0].name].cast(str).fill_null("").to_list()
        keys = [name or row for name, row in zip(names, row_ids, strict=True)]
        folds = group_folds(keys, FOLDS, labels)
    elif labels is not None:
        folds = stratified_folds(row_ids, labels, FOLDS)
    else:
        folds = random_folds(row_ids, FOLDS)
    return _Judged(here, known, folds, groups)


def _encodings(series: pl.Series, column: SnapshotColumn, rows: int) -> list[NDArray[np.int64]]:
    """The feature's values as level numbers, each row one: its levels when they repeat, and bins of numbers."""
    from governance.measures.encoding import to_numbers
    from governance.measures.single_feature import COARSE, FINEST, binned, fine_bins, level_codes

    found = []
    ranks = series.cast(str) if series.dtype.is_temporal() else series
    codes = level_codes(ranks.rank("dense").fill_null(0).to_numpy().astype("int64"), rows)
    if codes is not None:
        found.append(codes)
    if column.type.numeric or column.type in {ColumnType.DATE, ColumnType.DATETIME}:
        numbers = to_numbers(series)
        found += [binned(numbers, bins) for bins in sorted({COARSE, fine_bins(rows), fine_bins(rows, FINEST)})]
    return found


def _judge(
    judged: _Judged, column: SnapshotColumn, near_deterministic: float, level: float
) -> tuple[float, Suspect | None]:
    """The feature's skill, and what it is suspected of."""
    import numpy as np

    from governance.measures import single_feature as single
    from governance.measures.encoding import to_numbers

    series, known = judged.frame[column.name], judged.known
    rows = known.label.size
    encodings = _encodings(series, column, rows)
    numeric = to_numbers(series) if column.type.numeric or series.dtype.is_temporal() else None
    if known.classes:
        labels = known.label.astype(np.int64)
        missing = series.is_null().to_numpy().astype(np.int64)
        for codes in (*encodings[:1], missing):  # that a value is missing may say it all
            same = single.recoding(codes, labels, len(known.classes))
            if same is not None and single.class_skill(same, labels) >= near_deterministic:
                skill = single.class_interval(same, labels, judged.groups, level)
                if skill.low >= PLAUSIBLE:
                    return skill.value, Suspect(column.name, "repeats", skill, int(same.sum()), rows)
        rights = [
            single.predicted_classes(codes, labels, judged.folds, len(known.classes)) == labels for codes in encodings
        ]
        right = max(rights, key=lambda r: single.class_skill(r, labels), default=np.zeros(rows, dtype=bool))
        value = single.class_skill(right, labels) if rights else 0.0
        if value < near_deterministic:
            return value, None
        skill = single.class_interval(right, labels, judged.groups, level)
    else:
        target = known.label.astype(np.float64)
        units = rows if judged.groups is None else len(set(judged.groups.tolist()))
        for same in () if numeric is None else (single.on_a_line(numeric, target), single.same_order(numeric, target)):
            if same is not None and same.mean() >= 0.95:
                skill = single.Skill(float(same.mean()), *_bounds(same, judged.groups, level))
                if skill.low >= PLAUSIBLE:
                    return skill.value, Suspect(column.name, "repeats", skill, int(same.sum()), rows)
        guesses = [single.predicted_values(codes, target, judged.folds) for codes in encodings]
        value = max((single.value_skill(guess, target) for guess in guesses), default=0.0)
        if value < near_certain(near_deterministic):
            return value, None
        skill = single.value_interval(value, units, level)
    return value, Suspect(column.name, "strong", skill, None, rows) if skill.low >= PLAUSIBLE else None


def _bounds(same: NDArray[np.bool_], groups: NDArray[np.int64] | None, level: float) -> tuple[float, float]:
    """Bounds of one-sided confidence `level` for a share of rows."""
    from governance.measures.intervals import wilson, wilson_of_groups

    if groups is None:
        return wilson(int(same.sum()), same.size, 2 * level - 1)
    return wilson_of_groups(same, groups, 2 * level - 1)


def _rest(snapshot: Snapshot, judged: _Judged, suspects: set[str]) -> Skill:
    """Out-of-fold skill of the default models on all features but the suspects; 0 when there are none."""
    import numpy as np

    from governance.measures import single_feature as single
    from governance.signals.features import make_features
    from governance.signals.out_of_fold import Folds, predict

    known, folds, groups, frame = judged.known, judged.folds, judged.groups, judged.frame
    if frame.height > REST_ROWS:
        picked = np.unique(np.linspace(0, frame.height - 1, REST_ROWS).astype(np.int64))
        known = replace(known, label=known.label[picked])
        folds, frame = folds[picked], frame[picked.tolist()]
        groups = None if groups is None else groups[picked]
    others = without(snapshot, suspects)
    made = make_features(others, frame)
    if isinstance(made, Absent):
        return single.Skill(0.0, 0.0, 0.0)
    values = predict(others, made.features, known, Folds(folds, FOLDS, "", False, ())).values
    if not known.classes:
        units = known.label.size if groups is None else len(set(groups.tolist()))
        return single.value_interval(single.value_skill(values, known.label.astype(np.float64)), units, CONFIDENCE)
    labels = known.label.astype(np.int64)
    # Divided by the classes' sizes, the likeliest class is the one that serves mean recall best.
    right = (values / np.maximum(np.bincount(labels, minlength=len(known.classes)), 1)).argmax(axis=1) == labels
    return single.class_interval(right, labels, groups, CONFIDENCE)


def _far_above(skill: Skill, rest: Skill) -> bool:
    return 1 - rest.high >= TIMES * max(1 - skill.value, LEAST_MISS)


def _names_rows(snapshot: Snapshot, column: SnapshotColumn) -> bool:
    """Whether the column is an identifier, or looks like one: serial numbers, or codes that differ in every row."""
    import polars as pl

    if column.resolved_role is Role.IDENTIFIER:
        return True
    if column.resolved_role is not Role.FEATURE or column.distinct != snapshot.rows or snapshot.rows < MIN_ROWS:
        return False
    if column.type is ColumnType.INTEGER:
        ends = snapshot.frame(column.name).select(pl.col(column.name).max() - pl.col(column.name).min() + 1)
        return bool(ends.collect().item() <= 2 * snapshot.rows)
    return column.type is ColumnType.STRING


def _identifiers(judged: _Judged, columns: list[SnapshotColumn]) -> tuple[tuple[str, float], ...]:
    """Of `columns`, those whose order tells the target out of fold, beyond chance and by enough to matter."""
    import numpy as np

    from governance.measures import single_feature as single

    level = 1 - (1 - CONFIDENCE) / max(len(columns), 1)
    known, found = judged.known, []
    for column in columns:
        codes = single.binned(_in_order(judged.frame[column.name]), single.COARSE)
        if known.classes:
            labels = known.label.astype(np.int64)
            right = single.predicted_classes(codes, labels, judged.folds, len(known.classes)) == labels
            skill = single.class_interval(right, labels, judged.groups, level)
        else:
            target = known.label.astype(np.float64)
            units = target.size if judged.groups is None else len(set(judged.groups.tolist()))
            value = single.value_skill(single.predicted_values(codes, target, judged.folds), target)
            skill = single.value_interval(value, units, level)
        if skill.low > IDENTIFIER_SKILL:
            found.append((column.name, skill.value))
    return tuple(sorted(found))


def _in_order(series: pl.Series) -> NDArray[np.float64]:
    """The place of each value when all are sorted as a person would: runs of digits by their number."""
    import numpy as np

    from governance.measures.encoding import to_numbers

    if series.dtype.is_numeric() or series.dtype.is_temporal():
        return to_numbers(series)
    pieces = [[(not p.isdigit(), int(p) if p.isdigit() else 0, p) for p in re.findall(r"[0-9]+|[^0-9]+", str(value))]
              for value in series.to_list()]  # fmt: skip
    places = {tuple(piece): place for place, piece in enumerate(sorted({tuple(piece) for piece in pieces}))}
    return np.array([places[tuple(piece)] for piece in pieces], dtype=np.float64)
