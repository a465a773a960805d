"""What is known of each group of rows: how many, where, which labels, what is missing, which labels are doubted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from governance.dataset import Role, Task
from governance.reporting.row_evidence import group_codes
from governance.reporting.slicing import Slice, pair_groups, single_groups

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from governance.manifest import SnapshotColumn
    from governance.snapshot import Snapshot

RANGES = 4
"""Numbers are cut into so many groups."""
SENSITIVE = (Role.SENSITIVE, Role.SPECIAL_CATEGORY)


@dataclass(frozen=True)
class Rows:
    """What the groups are measured on; all arrays are in the snapshot's order."""

    count: int
    split: NDArray[np.int64]
    """Position of each row's split."""
    units: NDArray[np.int64] | None
    """Group of each row, when rows are not independent."""
    incomplete: NDArray[np.bool_]
    """Whether a feature is missing that is not itself what groups are made from."""
    outcome: NDArray[np.float64] | None
    """1 for the rarer class of two, or the target's value; NaN when it is missing."""
    outcome_name: str = ""
    doubted: NDArray[np.float64] | None = field(default=None, repr=False)
    """1 for a label that models contradict, 0 for one they do not, NaN when not judged."""
    doubt_note: str = ""
    row_id: list[str] = field(default_factory=list, repr=False)


@dataclass(frozen=True)
class Rate:
    """A share or mean in one group, with its interval; None where too few rows tell."""

    value: float | None = None
    low: float | None = None
    high: float | None = None
    n: int = 0


@dataclass(frozen=True)
class Profile:
    """One group."""

    slice: Slice
    share: Rate
    units: int
    told: bool
    """Whether it has enough independent units for rates."""
    by_split: tuple[int, ...]
    outcome: Rate
    incomplete: Rate
    doubted: Rate


def sensitive_columns(snapshot: Snapshot) -> tuple[SnapshotColumn, ...]:
    """Columns by which people are to be protected."""
    return snapshot.with_role(*SENSITIVE)


def read_rows(snapshot: Snapshot) -> Rows:
    """Everything that is measured by group."""
    import numpy as np
    import polars as pl

    frame = snapshot.frame("row_id").select("row_id").collect()
    codes = group_codes(snapshot, frame["row_id"].to_list())
    grouping = {column.name for column in sensitive_columns(snapshot)}
    features = [c.name for c in snapshot.features if c.name not in grouping and c.nulls]
    incomplete = np.zeros(frame.height, dtype=bool)
    for name in features:
        incomplete |= snapshot.frame(name, sha256=True).select(pl.col(name).is_null()).collect().to_series().to_numpy()
    outcome, name = _outcome(snapshot)
    doubted, note = _doubted(snapshot, frame["row_id"])
    return Rows(
        frame.height,
        np.repeat(np.arange(len(snapshot.splits)), list(snapshot.manifest.splits.values())),
        codes,
        incomplete,
        outcome,
        name,
        doubted,
        note,
        frame["row_id"].to_list(),
    )


def _outcome(snapshot: Snapshot) -> tuple[NDArray[np.float64] | None, str]:
    import numpy as np
    import polars as pl

    from governance.measures.encoding import to_numbers

    if snapshot.target is None or snapshot.column(snapshot.target).private:
        return None, ""
    series = snapshot.frame(snapshot.target).select(snapshot.target).collect().to_series()
    if snapshot.task is Task.REGRESSION and series.dtype.is_numeric():
        numbers = to_numbers(series)
        return np.where(np.isfinite(numbers), numbers, np.nan), f"mean of {snapshot.target}"
    text = series.cast(pl.String)
    counts = text.drop_nulls().value_counts(name="_rows").sort(["_rows", text.name])
    if snapshot.task is not Task.CLASSIFICATION or counts.height < 2 or counts["_rows"].min() < 5:  # type: ignore[operator]
        return None, ""
    # Of two classes the rarer is the event; of more, the most frequent is followed.
    named = counts[text.name][0] if counts.height == 2 else counts[text.name][-1]
    numbers = (text == named).cast(pl.Float64).fill_null(float("nan")).to_numpy()
    return np.asarray(numbers, dtype=np.float64), f"share of {snapshot.target} = {named}"


def _doubted(snapshot: Snapshot, row_id: object) -> tuple[NDArray[np.float64] | None, str]:
    """Labels that contradict out-of-fold predictions, as the audit label_issues judges them."""
    import numpy as np
    import polars as pl

    signals = snapshot.signals
    if (absent := signals.absent("predictions")) is not None:
        return None, absent.reason
    if not signals.info.predicts:
        return None, "the model is not shown to beat a guess, so its doubts mean nothing"
    if (absent := signals.absent("label_errors")) is not None:
        return None, absent.reason
    errors = signals.label_errors()
    flagged = errors.flagged
    if flagged is None:
        from governance.measures.label_noise import standardised_residuals

        assert errors.predicted is not None
        flagged = standardised_residuals(errors.label.astype(np.float64), errors.predicted).flagged
    found = pl.DataFrame({"row_id": errors.row_id.tolist(), "doubted": flagged.astype(np.float64)})
    wanted = pl.DataFrame({"row_id": row_id})
    joined = wanted.join(found, on="row_id", how="left", maintain_order="left")["doubted"]
    return joined.fill_null(float("nan")).to_numpy(), ""


def profiles(snapshot: Snapshot, rows: Rows, min_rows: int) -> tuple[list[Profile], list[Profile]]:
    """Groups by each sensitive column, and by each pair of them."""
    from itertools import combinations

    import numpy as np
    import polars as pl

    single = {}
    for column in sensitive_columns(snapshot):
        values = snapshot.frame(column.name).select(column.name).collect().to_series()
        if values.dtype.is_float():  # infinite is no group of its own
            values = values.to_frame().select(pl.when(pl.first().is_finite()).then(pl.first())).to_series()
        most = int(max(2, min(RANGES, (rows.count if rows.units is None else np.unique(rows.units).size) / min_rows)))
        single[column.name] = single_groups(column, values, most)
    pairs = [
        group for one, other in combinations(single, 2) for group in pair_groups(single[one], single[other], rows.count)
    ]
    ones = [group for groups in single.values() for group in groups]
    return [_profile(g, snapshot, rows, min_rows) for g in ones], [_profile(g, snapshot, rows, min_rows) for g in pairs]


def _profile(group: Slice, snapshot: Snapshot, rows: Rows, min_rows: int) -> Profile:
    import numpy as np

    inside = np.zeros(rows.count, dtype=bool)
    inside[group.rows] = True
    units = int(group.rows.size if rows.units is None else np.unique(rows.units[group.rows]).size)
    told = units >= min_rows
    shares = snapshot.task is not Task.REGRESSION
    return Profile(
        group,
        rate(inside.astype(np.float64), np.arange(rows.count), rows.units),
        units,
        told,
        tuple(np.bincount(rows.split[group.rows], minlength=len(snapshot.splits)).tolist()),
        rate(rows.outcome, group.rows, rows.units, share=shares) if told else Rate(),
        rate(rows.incomplete.astype(np.float64), group.rows, rows.units) if told else Rate(),
        rate(rows.doubted, group.rows, rows.units) if told else Rate(),
    )


def rate(
    values: NDArray[np.float64] | None,
    inside: NDArray[np.int64],
    units: NDArray[np.int64] | None,
    *,
    share: bool = True,
) -> Rate:
    """Mean of `values` over the rows `inside`, NaN left out: Wilson's interval for a share, Hall's for a mean."""
    import numpy as np

    from governance.measures.intervals import wilson, wilson_of_groups
    from governance.measures.skewed_means import skewed_mean_interval

    if values is None:
        return Rate()
    own = values[inside]
    known = np.isfinite(own)
    own, members = own[known], None if units is None else units[inside][known]
    if own.size < 2:
        return Rate()
    if share:
        low, high = wilson(int(own.sum()), own.size) if members is None else wilson_of_groups(own > 0, members)
    else:
        low, high = skewed_mean_interval(own, members)
    if not np.isfinite(low):
        return Rate(float(own.mean()), n=int(own.size))
    return Rate(float(own.mean()), float(low), float(high), int(own.size))
