"""What only shows when columns are looked at together: a classifier that tells two sets of rows apart, ties between
columns, and labels that follow from features in another way. On a sample, which is declared."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from governance.dataset import ColumnType, Modality, Role, Task
from governance.reporting.row_comparison import RowPair, compared_columns

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from governance.measures.domain_classifier import Told

DRAWS = 2999
CONCEPT_DRAWS = 5999
"""Twice as many, as two questions share the false alarms; drawing ends early unless something is found."""
TIED_COLUMNS = 40
DIMENSIONS = 64
CLASSES = 10
SHOWN_AUC = 0.55
"""A smaller area hardly differs from chance: what tells the sets apart then does so in few rows."""
LEAST = 30
"""Rows that each set must have."""


@dataclass(frozen=True)
class Joint:
    """One test of several columns together."""

    kind: Literal["joint", "ties", "concept", "embedding"]
    p_value: float | None
    """None when it cannot be told; `words` then says why."""
    effect: float
    words: str
    """What differs, with numbers, as the middle of a sentence."""
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class JointComparison:
    """All of them, and on which rows."""

    tests: tuple[Joint, ...] = ()
    sampled: tuple[int, int] = (0, 0)
    """Rows of both sets that were looked at."""
    positions: NDArray[np.int64] | None = field(default=None, repr=False)
    """The rows, as positions in RowPair."""
    score: NDArray[np.float64] | None = field(default=None, repr=False)
    """Of these rows: higher is more like the second set."""


def compare_jointly(pair: RowPair, sample_rows: int) -> JointComparison:
    """Domain classifier, ties and concept for two sets of rows."""
    import numpy as np

    from governance.measures.domain_classifier import Shuffles, compare_ties, rank_scores, tell_apart

    groups = _groups(pair)
    positions = _sample(pair.sizes, sample_rows) if groups is None else _sample_of_groups(pair, groups, sample_rows)
    second = pair.is_second[positions]
    sampled = (int((~second).sum()), int(second.sum()))
    if min(sampled) < LEAST:
        return JointComparison(sampled=sampled)
    taken = _taken(pair, positions)
    matrix = _matrix(pair, positions, taken, frozenset())
    if matrix is None:
        return JointComparison(sampled=sampled)
    scores = rank_scores(matrix)
    if scores.shape[1] == 0:
        return JointComparison(sampled=sampled)
    groups = None if groups is None else groups[positions]
    shuffled = Shuffles(second, groups, DRAWS)
    told = tell_apart(scores, second, shuffled)
    tests = [
        Joint(
            "joint",
            told.p_value,
            max(0.0, 2 * told.auc - 1),
            f"by all columns together{_how(told)}",
        )
    ]
    names, numbers = _numbers(pair, taken)
    tied = compare_ties(rank_scores(numbers), second, shuffled) if len(names) > 1 else None
    if tied is not None:
        pair_names = (names[tied.pair[0]], names[tied.pair[1]])
        words = f"{pair_names[0]} and {pair_names[1]}, rank correlation {tied.second:.2f} and {tied.first:.2f}"
        tests.append(
            Joint("ties", tied.p_value, min(1.0, abs(tied.first - tied.second)), words, tuple(sorted(pair_names)))
        )
    concept = _concept(pair, taken, scores, second, groups, told.auc)
    if concept is not None:
        tests.append(concept)
    return JointComparison(tuple(tests), sampled, np.asarray(positions), told.score)


def _how(told: Told) -> str:
    """How far, by what the p-value is of; the area, which is of all rows, where it shows the same."""
    further = f": scores of rows lie {told.further:.2f} standard deviations further apart than those of shuffled sets"
    few = ", by few of the rows"
    return further + (f", area under the curve {told.auc:.3f}" if told.auc >= SHOWN_AUC else few)


def apart_without(pair: RowPair, found: JointComparison, columns: frozenset[str]) -> float | None:
    """p-value of the classifier on the same rows without `columns`; None where it does not go by columns.

    1 when no other feature varies.
    """
    from governance.measures.domain_classifier import Shuffles, rank_scores, tell_apart

    if found.positions is None or pair.snapshot.modality is not Modality.TABULAR:
        return None
    matrix = _matrix(pair, found.positions, _taken(pair, found.positions), columns)
    scores = None if matrix is None else rank_scores(matrix)
    if scores is None or scores.shape[1] == 0:
        return 1.0
    second, groups = pair.is_second[found.positions], _groups(pair)
    shuffled = Shuffles(second, None if groups is None else groups[found.positions], DRAWS)
    return tell_apart(scores, second, shuffled).p_value


def _groups(pair: RowPair) -> NDArray[np.int64] | None:
    """What changes sets as a whole. Rows that were divided by chance may change sets one by one."""
    return None if pair.given_by == "chance" else pair.groups


def _sample(sizes: tuple[int, int], rows: int) -> NDArray[np.int64]:
    """At most half of `rows` positions of either set, evenly spaced: rows stand in order of their hashes."""
    import numpy as np

    from governance.measures.evenly_spaced import evenly_spaced

    parts = []
    for start, size in ((0, sizes[0]), (sizes[0], sizes[1])):
        parts.append(start + evenly_spaced(size, rows // 2))
    return np.concatenate(parts)


def _sample_of_groups(pair: RowPair, groups: NDArray[np.int64], rows: int) -> NDArray[np.int64]:
    """At most half of `rows` positions of either set, of as many groups as can be, and about as many of each in both sets:
    only groups of like sizes may change sets."""
    import numpy as np

    from governance.measures.evenly_spaced import evenly_spaced

    half = rows // 2
    sides = [np.flatnonzero(pair.is_second == part) for part in (False, True)]
    codes = [np.unique(groups[side], return_inverse=True)[1] for side in sides]
    counts = [int(code.max()) + 1 for code in codes]
    most = min(min(max(1, half // n), -(-side.size // n)) for side, n in zip(sides, counts, strict=True))
    parts = []
    for side, code, count in zip(sides, codes, counts, strict=True):
        order = np.argsort(code, kind="stable")  # within a group rows stay in order of their hashes
        sizes = np.bincount(code)
        place = np.arange(code.size) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        kept = order[(place < most) & np.isin(code[order], evenly_spaced(count, half))]
        parts.append(side[np.sort(kept)])
    return np.concatenate(parts)


def _taken(pair: RowPair, positions: NDArray[np.int64]) -> pl.DataFrame:
    """The sampled rows of all compared columns, one column of all rows in memory at a time."""
    import polars as pl

    names = [column.name for column in compared_columns(pair.snapshot) if pair.has(column.name)]
    return pl.DataFrame([pair.series(name).gather(positions) for name in names])


def _matrix(
    pair: RowPair, positions: NDArray[np.int64], taken: pl.DataFrame, without: frozenset[str]
) -> NDArray[np.float64] | None:
    """Features of the sampled rows as numbers, `without` some columns of a table; embeddings where rows hold texts or images.

    Between splits these are the dataset's own embeddings; of a file of rows nobody made any, so both sets are embedded
    together, by what the default embeddings are made by.
    """
    import polars as pl

    from governance.measures.encoding import encode_table, principal_components
    from governance.signals.features import Made, make_features

    snapshot = pair.snapshot
    if snapshot.modality is not Modality.TABULAR and pair.reference is None:
        if snapshot.signals_folder is None or snapshot.signals.absent("embeddings"):
            return None
        row_id, embedding = snapshot.signals.embeddings()
        known = pl.DataFrame({"row_id": row_id.tolist(), "place": range(len(row_id))})
        wanted = pair.keys[positions].join(known, on="row_id", how="left", maintain_order="left")
        return None if wanted["place"].null_count() else embedding[wanted["place"].to_numpy()].astype("float64")
    shared = [column for column in snapshot.features if pair.has(column.name)]
    plain = [
        c for c in shared if c.type not in {ColumnType.IMAGE, ColumnType.TEXT} and c.resolved_role is not Role.TEXT
    ]
    if len(plain) < len(shared) == len(snapshot.features):
        image = snapshot.image_column
        images = pair.series(image).gather(positions).to_list() if image is not None else None
        made = make_features(snapshot, taken, images)
        if isinstance(made, Made):
            return made.embedding
    plain = [c for c in plain if c.name not in without]
    if not plain:
        return None
    return principal_components(encode_table(taken.select([c.name for c in plain]), plain).matrix, DIMENSIONS)


def _numbers(pair: RowPair, taken: pl.DataFrame) -> tuple[list[str], NDArray[np.float64]]:
    """The first numeric features that vary in more than half of the rows; NaN where missing."""
    import numpy as np

    from governance.measures.encoding import to_numbers

    names: list[str] = []
    parts: list[NDArray[np.float64]] = []
    for column in pair.snapshot.features:
        if not column.type.numeric or not pair.has(column.name) or len(names) == TIED_COLUMNS:
            continue
        values = to_numbers(taken[column.name])
        known = np.isfinite(values)
        if known.sum() > values.size / 2 and np.unique(values[known]).size > 2:
            names.append(column.name)
            parts.append(np.where(known, values, np.nan))
    return names, np.column_stack(parts) if parts else np.empty((taken.height, 0))


def _concept(
    pair: RowPair,
    taken: pl.DataFrame,
    scores: NDArray[np.float64],
    second: NDArray[np.bool_],
    groups: NDArray[np.int64] | None,
    auc: float,
) -> Joint | None:
    """Labels given features; None without a target that can be predicted."""
    import numpy as np
    import polars as pl

    from governance.measures.changed_concept import SEPARATED, compare_concepts
    from governance.measures.domain_classifier import rank_scores
    from governance.measures.encoding import to_numbers

    target = pair.snapshot.target
    if target is None or not pair.has(target) or not pair.snapshot.task.labels_audited:
        return None
    if auc >= SEPARATED:
        return Joint("concept", None, 0.0, "rows of both hardly overlap, so labels of like rows cannot be compared")
    series = taken[target]
    if pair.snapshot.task is Task.REGRESSION:
        numbers = to_numbers(series)
        known = np.isfinite(numbers)
        labels = rank_scores(numbers[known][:, None])
    else:
        text = series.cast(pl.String)
        known = text.is_not_null().to_numpy()
        levels = text.drop_nulls().value_counts(name="_rows").sort(["_rows", target], descending=[True, False])[target]
        shown = levels.head(CLASSES if levels.len() > 2 else 1).to_list()
        values = text.filter(pl.Series(known))
        labels = np.column_stack([(values == level).to_numpy() for level in shown] or [np.zeros(0)]).astype(np.float64)
    if min(int(second[known].sum()), int((~second[known]).sum())) < LEAST or labels.shape[1] == 0:
        return None
    found = compare_concepts(
        scores[known], labels, second[known], None if groups is None else groups[known], CONCEPT_DRAWS
    )
    words = f"correlation {found.effect:.3f} between label and set, with features allowed for"
    if found.turned:
        words = f"the label goes with features differently, by {found.effect:.3f} (0 is alike, 1 is wholly apart)"
    return Joint("concept", found.p_value, found.effect, words, (target,))
