"""Results: what a model said about each row, beside what is true. What evaluations see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from governance.canonical import digest_of_bytes
from governance.dataset import Role, Task
from governance.errors import DataError
from governance.evidence import Metric
from governance.model import TrainingInfo, read_training_info

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from governance.manifest import SnapshotColumn
    from governance.snapshot import Snapshot

SMALLEST_SHOWN = 5
"""A class or level of fewer rows than this is not named in evidence."""


@dataclass(frozen=True)
class Part:
    """The rows of one split, in order of row_id; all arrays are (rows,) unless said otherwise."""

    split: str
    label: NDArray[np.int64] | NDArray[np.float64]
    """Index into the classes, or the target's value."""
    predicted: NDArray[np.int64] | NDArray[np.float64]
    probabilities: NDArray[np.float64] | None
    """(rows, classes), rows sum to 1; None when the model gives none."""
    units: NDArray[np.int64] | None
    """Number of the group that each row belongs to, from 0; None when rows are taken as independent."""
    sensitive: pl.DataFrame
    """The sensitive columns, with their declared types."""
    row_id: NDArray[np.str_] | None = None
    """Names of the rows, ascending; None where nobody needs them."""

    def only(self, rows: NDArray[np.int64]) -> Part:
        """The rows at these positions, ascending; groups are numbered anew."""
        import numpy as np

        units = None if self.units is None else np.unique(self.units[rows], return_inverse=True)[1].astype(np.int64)
        return Part(
            split=self.split,
            label=self.label[rows],
            predicted=self.predicted[rows],
            probabilities=None if self.probabilities is None else self.probabilities[rows],
            units=units,
            sensitive=self.sensitive[rows] if self.sensitive.width else self.sensitive,  # no column holds no rows
            row_id=None if self.row_id is None else self.row_id[rows],
        )

    @property
    def rows(self) -> int:
        """How many."""
        return int(self.label.size)

    @property
    def independent_units(self) -> int | None:
        """How many groups; None when rows are taken as independent."""
        return None if self.units is None else int(self.units.max()) + 1


@dataclass(frozen=True)
class Results:
    """What a model said, beside what is true, per split. What evaluations see; nothing here changes it."""

    info: TrainingInfo
    class_names: tuple[str, ...]
    """Names of the classes as evidence may show them, in the order of the codes."""
    target_unit: str
    """Unit of the target, for regression."""
    sensitive: tuple[SnapshotColumn, ...]
    """Columns of role sensitive or special_category."""
    parts: tuple[Part, ...]
    """In the snapshot's order of splits."""
    approved: pl.DataFrame | None = None
    """`row_id` and `harm` of the model that was approved last, this one left out; None when there is none, or when the
    evaluation does not need it."""
    label_noise: tuple[Metric, ...] = ()
    """How many labels of the data are wrong, as evidence on the data says; for evaluations that need it."""

    @property
    def classification(self) -> bool:
        """Whether classes are predicted; numbers otherwise."""
        return self.info.task is Task.CLASSIFICATION

    @property
    def held_out(self) -> tuple[Part, ...]:
        """Parts that the model was not fitted on. Empty when there is none: then nothing here says how good it is."""
        return tuple(part for part in self.parts if part.split in self.info.held_out)

    def harm(self, part: Part) -> NDArray[np.float64]:
        """What went wrong in each row of `part`: a mistake (0 or 1), or the absolute error in the target's unit."""
        import numpy as np

        if self.classification:
            mistake: NDArray[np.float64] = (part.predicted != part.label).astype(np.float64)
            return mistake
        error: NDArray[np.float64] = np.abs(part.predicted - part.label).astype(np.float64)
        return error

    @property
    def judged(self) -> Part | None:
        """The one part that questions beyond performance are asked of: `test`, else the last that is held out."""
        held = self.held_out
        return next((part for part in held if part.split == "test"), held[-1] if held else None)

    @property
    def reference(self) -> Part | None:
        """The part that a baseline may learn from: the one that the model was fitted on, or `train`."""
        return next((part for part in self.parts if part.split == (self.info.fitted_on or "train")), None)

    @property
    def positive(self) -> int | None:
        """Code of the positive class; None unless there are two classes."""
        name = self.info.positive_class
        return None if name is None else self.info.classes.index(name)


def open_results(folder: Path, snapshot: Snapshot) -> Results:
    """What `training.train` wrote into `folder`, joined with groups and sensitive columns of `snapshot`.

    Raises DataError when it is missing, was changed, or belongs to another snapshot.
    """
    import polars as pl

    info = read_training_info(folder / "predictions.json")
    if info.snapshot_digest != snapshot.manifest.digest or info.dataset != snapshot.name:
        raise DataError("the predictions were made on other data than this snapshot; run: dvc repro")
    path = folder / "predictions.parquet"
    if not path.is_file() or digest_of_bytes(path.read_bytes()) != info.predictions_digest:
        raise DataError("predictions.parquet is missing or was changed after it was written; run: dvc repro")
    sensitive = snapshot.with_role(Role.SENSITIVE, Role.SPECIAL_CATEGORY)
    group = None if snapshot.grouping is None else snapshot.grouping.name
    beside = [*(column.name for column in sensitive), *([group] if group is not None else [])]
    keys = snapshot.frame(*beside) if beside else snapshot.frame("row_id")
    columns = {name: f"column {name}" for name in beside}  # a column may have the name of one of ours
    joined = pl.read_parquet(path).join(
        keys.select("row_id", *[pl.col(a).alias(b) for a, b in columns.items()], known=pl.lit(True)).collect(),
        on="row_id",
        how="left",
        maintain_order="left",
    )
    if joined["known"].null_count():
        raise DataError(f"{joined['known'].null_count()} predictions are of rows that the snapshot does not have")
    parts = tuple(
        _part(info, split, joined.filter(pl.col("split") == split), columns, sensitive, group)
        for split in snapshot.splits
        if split in info.rows
    )
    return Results(info, _shown_classes(info, snapshot, joined["label"]), _unit(snapshot), sensitive, parts)


def _part(
    info: TrainingInfo,
    split: str,
    rows: pl.DataFrame,
    columns: Mapping[str, str],
    sensitive: tuple[SnapshotColumn, ...],
    group: str | None,
) -> Part:
    import numpy as np

    from governance.measures.group_numbers import group_numbers

    if info.task is Task.CLASSIFICATION:
        codes = {name: code for code, name in enumerate(info.classes)}
        label = np.array([codes[name] for name in rows["label"].to_list()], dtype=np.int64)
        predicted = np.array([codes[name] for name in rows["predicted"].to_list()], dtype=np.int64)
    else:
        label, predicted = rows["label"].to_numpy(), rows["predicted"].to_numpy()
    names = [f"p_{code}" for code in range(len(info.classes))]
    return Part(
        split=split,
        label=label,
        predicted=predicted,
        probabilities=np.column_stack([rows[name].to_numpy() for name in names]) if info.probabilities else None,
        units=None if group is None else group_numbers(rows[columns[group]]),
        sensitive=rows.select(**{column.name: columns[column.name] for column in sensitive}),
        row_id=rows["row_id"].to_numpy().astype(np.str_),
    )


def _shown_classes(info: TrainingInfo, snapshot: Snapshot, labels: pl.Series) -> tuple[str, ...]:
    """Class names, without those that may not be shown: of a private target, and of fewer than SMALLEST_SHOWN rows."""
    if info.task is not Task.CLASSIFICATION:
        return ()
    counted = labels.value_counts(name="rows")
    rows = dict(zip(counted["label"].to_list(), counted["rows"].to_list(), strict=True))
    private = snapshot.column(info.target).private
    shown = []
    for number, name in enumerate(info.classes, start=1):
        rare = rows.get(name, 0) < SMALLEST_SHOWN
        shown.append(f"class {number}" if private else f"rare class {number}" if rare else name)
    return tuple(shown)


def _unit(snapshot: Snapshot) -> str:
    return snapshot.column(snapshot.target).unit if snapshot.target else ""
