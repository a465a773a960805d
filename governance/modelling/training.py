"""Training: fits the declared estimator, or opens the declared model, and writes down what it says about every row.

Writes into its folder: predictions.parquet (row_id, split, label, predicted, and p_0 ... for classes with
probabilities), predictions.json (TrainingInfo) and, for an estimator, model.skops. The same snapshot, declaration and
versions give the same bytes. Nothing is pickled.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from governance.adapters.estimators import Predicted
from governance.canonical import digest_of_bytes
from governance.dataset import Task
from governance.errors import ConfigError, DataError
from governance.evidence import Outcome
from governance.model import Model, TrainingInfo
from governance.modelling.model_answers import TRAIN, Answered, align_file, fit_estimator, open_file

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from governance.snapshot import Snapshot

MODEL, PREDICTIONS, INFO = "model.skops", "predictions.parquet", "predictions.json"
_UNDIVIDED = "all"
"""Name of the only split of a dataset that is not divided."""


def train(model: Model, snapshot: Snapshot, folder: Path) -> TrainingInfo:
    """Fits or opens `model` on `snapshot` and writes its predictions into `folder`, which is made when missing.

    Raises DataError when the data or the model's file does not allow it, ConfigError when the declaration does not
    fit the data. Says nothing on whether the data may be used: ask `governance.require` before.
    """
    target = _checked_target(model, snapshot)
    rows, classes, left_out = _labelled(snapshot, target)
    _check_positive_class(model, classes)
    folder.mkdir(parents=True, exist_ok=True)
    for name in (INFO, PREDICTIONS, MODEL):
        (folder / name).unlink(missing_ok=True)
    if model.estimator is not None:
        answered = fit_estimator(model, snapshot, rows, classes, folder / MODEL)
    elif model.predictions is not None:
        answered = align_file(model, snapshot, rows, classes)
    else:
        answered = open_file(model, snapshot, rows, classes)
    return _write(model, snapshot, answered, classes, left_out, folder)


def _checked_target(model: Model, snapshot: Snapshot) -> str:
    manifest = snapshot.manifest
    if manifest.outcome is not Outcome.ASSESSED:
        raise DataError(f"there is no snapshot of {snapshot.name} to learn from: {manifest.reason}")
    if snapshot.name != model.dataset:
        raise ConfigError([f"the model is declared for dataset {model.dataset!r}, not for {snapshot.name!r}"])
    if not snapshot.task.labels_audited or snapshot.target is None:
        raise DataError(
            f"dataset {snapshot.name} has task '{snapshot.task}'; models are trained and evaluated for classification "
            "and regression"
        )
    return snapshot.target


def _labelled(snapshot: Snapshot, target: str) -> tuple[pl.DataFrame, tuple[str, ...] | None, dict[str, int]]:
    """Rows with a target (row_id, split, label), the classes (None for regression), rows without one per split."""
    import polars as pl

    numeric = snapshot.task is Task.REGRESSION
    label = pl.col(target).cast(pl.Float64 if numeric else pl.String, strict=False)
    rows = snapshot.frame(target).select("row_id", "split", label=label).collect()
    usable = rows["label"].is_not_null() & (rows["label"].is_finite().fill_null(False) if numeric else True)
    lost = rows.filter(~usable).group_by("split").len()
    counts = dict(zip(lost["split"].to_list(), lost["len"].to_list(), strict=True))
    left_out = {split: int(counts[split]) for split in snapshot.splits if split in counts}
    kept = rows.filter(usable)
    if kept.height == 0:
        raise DataError(f"dataset {snapshot.name}: no row has a value of the target {target!r} that can be learnt")
    return kept, None if numeric else _in_order(kept["label"].unique().to_list()), left_out


def _in_order(classes: list[str]) -> tuple[str, ...]:
    """Sorted; as numbers when all are whole ones."""
    if all(re.fullmatch(r"-?\d{1,15}", one) for one in classes):
        return tuple(sorted(classes, key=lambda one: (int(one), one)))
    return tuple(sorted(classes))


def _check_positive_class(model: Model, classes: tuple[str, ...] | None) -> None:
    if model.positive_class is None:
        return
    if classes is None or len(classes) != 2:
        count = "none: the task is regression" if classes is None else str(len(classes))
        raise ConfigError([f"`positive_class` needs a target of two classes; this one has {count}"])
    if model.positive_class not in classes:
        raise ConfigError([f"positive_class {model.positive_class!r} is no class of the target"])


def _write(
    model: Model,
    snapshot: Snapshot,
    answered: Answered,
    classes: tuple[str, ...] | None,
    left_out: dict[str, int],
    folder: Path,
) -> TrainingInfo:
    import numpy as np
    import polars as pl

    said = answered.predicted
    columns: dict[str, Any] = {name: answered.rows[name] for name in ("row_id", "split", "label")}
    notes = list(answered.notes)
    names: tuple[str, ...] = ()
    if classes is None:
        _refuse_not_finite(said.predicted, "predicted numbers")
        columns["predicted"] = pl.Series(said.predicted, dtype=pl.Float64)
    else:
        names = _in_order(sorted({*classes, *said.classes}))
        columns["predicted"] = pl.Series(np.array(said.classes, dtype=object)[said.predicted], dtype=pl.String)
        if unknown := set(classes) - set(said.classes):
            count = int(answered.rows["label"].is_in(sorted(unknown)).sum())
            notes.append(f"{len(unknown)} classes of the data ({count} rows) are unknown to the model")
        if said.probabilities is not None:
            _refuse_not_finite(said.probabilities, "probabilities")
            columns |= _probabilities(said, names)
    content = folder / PREDICTIONS
    pl.DataFrame(columns).write_parquet(content)
    counts = answered.rows.group_by("split").len()
    rows = dict(zip(counts["split"].to_list(), counts["len"].to_list(), strict=True))
    ordered = {split: int(rows[split]) for split in snapshot.splits if split in rows}
    fitted = answered.fitted_on
    positive = (model.positive_class or names[1]) if len(names) == 2 else None
    if positive is not None and model.positive_class is None:
        notes.append("no `positive_class` is declared: the second of the two classes in order is taken")
    info = TrainingInfo(
        dataset=snapshot.name,
        snapshot_digest=snapshot.manifest.digest,
        task=snapshot.task,
        target=str(snapshot.target),
        form=model.form,
        description=_description(model),
        model_digest=answered.model_digest,
        predictions_digest=digest_of_bytes(content.read_bytes()),
        classes=names,
        positive_class=positive,
        probabilities=said.probabilities is not None,
        features=answered.features,
        inputs=answered.inputs,
        fitted_on=fitted,
        fitted_rows=answered.fitted_rows,
        held_out=tuple(split for split in ordered if split not in {fitted, TRAIN, _UNDIVIDED}),
        rows=ordered,
        left_out=left_out,
        notes=tuple(notes),
    )
    (folder / INFO).write_text(info.to_json(), encoding="utf-8")
    return info


def _refuse_not_finite(values: NDArray[Any], what: str) -> None:
    import numpy as np

    if bad := int((~np.isfinite(values)).reshape(len(values), -1).any(axis=1).sum()):
        raise DataError(f"the model's {what} of {bad} of {len(values)} rows are not finite")


def _probabilities(said: Predicted, names: tuple[str, ...]) -> dict[str, NDArray[np.float64]]:
    """p_0 ... in the order of `names`; 0 for a class that the model does not know."""
    import numpy as np

    assert said.probabilities is not None
    index = {name: position for position, name in enumerate(said.classes)}
    nothing = np.zeros(said.probabilities.shape[0])
    return {
        f"p_{number}": said.probabilities[:, index[name]] if name in index else nothing
        for number, name in enumerate(names)
    }


def _description(model: Model) -> str:
    if model.estimator is None:
        return f"{model.form} file {model.path}"
    parameters = ", ".join(f"{name}={value!r}" for name, value in sorted(model.parameters.items()))
    return f"{model.estimator}({parameters})"
