"""What a model of any form says about the rows: an estimator is fitted, a file is opened, predictions are aligned."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from governance.adapters.estimators import Predicted
from governance.canonical import digest_of_bytes
from governance.errors import ConfigError, DataError
from governance.model import Model

if TYPE_CHECKING:
    import polars as pl

    from governance.snapshot import Snapshot

TRAIN = "train"
"""Name of the split that is learnt from when there is more than one."""


@dataclass(frozen=True, kw_only=True)
class Answered:
    """What a model of any form said."""

    rows: pl.DataFrame
    """The rows that were predicted: row_id, split, label."""
    predicted: Predicted
    model_digest: str
    features: tuple[str, ...] = ()
    inputs: int | None = None
    fitted_on: str | None = None
    fitted_rows: int | None = None
    notes: tuple[str, ...] = ()


def _features(snapshot: Snapshot, rows: pl.DataFrame, extra: tuple[str, ...] = ()) -> tuple[pl.DataFrame, Any]:
    """The feature table of `rows`, in their order, and what each column is. `extra` names columns beside features."""
    from governance.modelling.model_features import feature_table

    wanted = {column.name for column in snapshot.features} | set(extra)
    columns = tuple(c for c in snapshot.columns if c.name in wanted and c.name != snapshot.target)
    if not columns:
        raise DataError(f"dataset {snapshot.name} has no column that a model may learn from")
    frame = snapshot.frame_without_images().collect()
    joined = rows.select("row_id").join(frame, on="row_id", how="left", maintain_order="left")
    return feature_table(joined, columns, lambda name: snapshot.images(joined["row_id"].to_list(), name))


def fit_estimator(
    model: Model, snapshot: Snapshot, rows: pl.DataFrame, classes: tuple[str, ...] | None, archive: Path
) -> Answered:
    """Fits the declared estimator on split `train`, or on all rows when they are not divided, predicts all `rows`
    (row_id, split, label) and stores the fitted pipeline as `archive`."""
    from governance.adapters import estimators, skops

    assert model.estimator is not None
    split = _split_to_fit(snapshot)
    estimator = estimators.make_estimator(
        model.estimator, model.parameters, model.seed, classification=classes is not None
    )
    table, kinds = _features(snapshot, rows)
    chosen = rows["split"] == split
    labels = rows["label"].filter(chosen)
    if classes is not None and labels.n_unique() < 2:
        raise DataError(
            f"split {split!r} of {snapshot.name} holds {labels.n_unique()} classes; two are needed to learn"
        )
    if labels.len() == 0:
        raise DataError(f"split {split!r} of {snapshot.name} holds no row with a target")
    pipeline, notes = estimators.fit(
        estimators.make_pipeline(estimator, kinds), table.filter(chosen), labels.to_numpy()
    )
    predicted = estimators.predict(pipeline, table, classification=classes is not None)
    skops.write(pipeline, archive)
    return Answered(
        rows=rows,
        predicted=predicted,
        model_digest=digest_of_bytes(archive.read_bytes()),
        features=tuple(column.name for column in snapshot.features if column.name != snapshot.target),
        inputs=estimators.inputs_of(pipeline),
        fitted_on=split,
        fitted_rows=labels.len(),
        notes=notes,
    )


def _split_to_fit(snapshot: Snapshot) -> str:
    if TRAIN in snapshot.splits:
        return TRAIN
    if len(snapshot.splits) == 1:
        return snapshot.splits[0]
    raise DataError(
        f"dataset {snapshot.name} has splits {', '.join(snapshot.splits)}, and none is named {TRAIN!r}: "
        "which one may be learnt from?"
    )


def align_file(model: Model, snapshot: Snapshot, rows: pl.DataFrame, classes: tuple[str, ...] | None) -> Answered:
    """Takes the predictions of `rows` from the declared file, by its key."""
    import polars as pl

    from governance.modelling.prediction_file import aligned

    path, key = snapshot.workspace / str(model.predictions), model.key or "row_id"
    known = ["row_id", "source_file", *(column.name for column in snapshot.columns)]
    if key not in known:
        raise ConfigError([f"`key` {key!r} is no column of {snapshot.name}; there are: {', '.join(known)}"])
    keys = snapshot.frame(key).select("row_id", key=pl.col(key).cast(pl.String)).collect()
    named = rows.join(keys, on="row_id", how="left", maintain_order="left")
    unlabelled = keys.join(rows, on="row_id", how="anti")["key"].drop_nulls().to_list()
    predicted, covered, notes = aligned(path, key, named, tuple(unlabelled), classes)
    return Answered(
        rows=rows.filter(covered),
        predicted=predicted,
        model_digest=digest_of_bytes(path.read_bytes()),
        notes=(*notes, *_NOT_OURS),
    )


_NOT_OURS = ("the model was fitted elsewhere: that it has not seen the held-out rows is its maker's word",)


def open_file(model: Model, snapshot: Snapshot, rows: pl.DataFrame, classes: tuple[str, ...] | None) -> Answered:
    """Opens the declared ONNX or skops file and predicts `rows`."""
    from governance.adapters import estimators, onnx, skops

    path = snapshot.workspace / str(model.path)
    inputs: int | None = None
    notes: tuple[str, ...] = ()
    if model.onnx is not None:
        table, _ = _features(snapshot, rows)
        predicted, columns, notes = onnx.predict(path, table, classes=classes)
    else:
        opened = skops.read(path)
        names = estimators.names_wanted(opened)
        table, kinds = _features(snapshot, rows, names or ())
        columns = _columns_for(path.name, names, table, getattr(opened, "n_features_in_", None))
        given: Any = table.select(columns)
        if names is None:
            if kinds.categories or kinds.texts:
                raise DataError(f"{path.name} was fitted without column names; only features that are numbers fit it")
            given = given.to_numpy()
        predicted = estimators.predict(opened, given, classification=classes is not None)
        inputs = estimators.inputs_of(opened)
    return Answered(
        rows=rows,
        predicted=predicted,
        model_digest=digest_of_bytes(path.read_bytes()),
        features=tuple(columns),
        inputs=inputs,
        notes=(*notes, *_NOT_OURS),
    )


def _columns_for(file: str, names: tuple[str, ...] | None, table: pl.DataFrame, count: int | None) -> tuple[str, ...]:
    if names is None:
        if count is not None and count != table.width:
            raise DataError(f"{file} takes {count} numbers per row; the dataset has {table.width} features")
        return tuple(table.columns)
    if missing := [name for name in names if name not in table.columns]:
        raise DataError(f"{file} asks for columns that the dataset does not have: {', '.join(missing[:10])}")
    return names
