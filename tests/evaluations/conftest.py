"""Results made from arrays, so that a test of an evaluation plants exactly what it looks for."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl
import pytest

from governance.dataset import ColumnType, Role, Task
from governance.manifest import SnapshotColumn
from governance.model import TrainingInfo
from governance.modelling.results import Part, Results


@pytest.fixture
def make_results() -> Callable[..., Results]:
    """`parts` maps split to (label, predicted, probabilities or None); classes None means regression."""

    def make(
        parts: dict[str, tuple[np.ndarray, np.ndarray, np.ndarray | None]],
        *,
        classes: tuple[str, ...] | None = ("no", "yes"),
        held_out: tuple[str, ...] = ("test",),
        fitted_on: str | None = "train",
        units: np.ndarray | None = None,
        sensitive: dict[str, pl.Series] | None = None,
        private: bool = False,
        labels: dict[str, str] | None = None,
        unit: str = "",
    ) -> Results:
        columns = tuple(
            SnapshotColumn(
                name=name,
                type=ColumnType.INTEGER if values.dtype.is_integer() else ColumnType.NUMBER if values.dtype.is_numeric()
                else ColumnType.DATE if values.dtype == pl.Date else ColumnType.CATEGORY,
                role=Role.SENSITIVE, private=private, nulls=0, distinct=2, labels=labels or {}, unit=unit,
            )
            for name, values in (sensitive or {}).items()
        )  # fmt: skip
        made = tuple(
            Part(
                split=split, label=label, predicted=predicted, probabilities=probabilities,
                units=units if split in held_out else None,
                sensitive=pl.DataFrame(sensitive or {}) if split in held_out else pl.DataFrame(),
                row_id=np.array([f"{split}{row:06d}" for row in range(label.size)]),
            )
            for split, (label, predicted, probabilities) in parts.items()
        )  # fmt: skip
        info = TrainingInfo(
            dataset="toy", snapshot_digest="sha256:a", task=Task.REGRESSION if classes is None else Task.CLASSIFICATION,
            target="y", form="estimator", description="a model", model_digest="sha256:b",
            predictions_digest="sha256:c", classes=classes or (), held_out=held_out, fitted_on=fitted_on,
            positive_class=classes[1] if classes and len(classes) == 2 else None,
            probabilities=any(one[2] is not None for one in parts.values()),
            rows={split: one[0].size for split, one in parts.items()},
        )  # fmt: skip
        return Results(info, classes or (), "mg", columns, made)

    return make
