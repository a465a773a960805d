"""ONNX: models that were fitted anywhere, opened by onnxruntime. The only importer of onnxruntime.

A model takes either one matrix (rows, columns) of numbers or one input per column, named as the column. It gives a
label per row, scores per class, or both; for regression one number per row.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from governance.adapters.estimators import Predicted, without_values
from governance.errors import DataError, MissingExtra

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

THREADS = 2
ROWS_AT_ONCE = 50_000
_NUMBERS = {"tensor(float)": "float32", "tensor(double)": "float64", "tensor(int64)": "int64", "tensor(bool)": "bool"}


def predict(
    path: Path, features: pl.DataFrame, *, classes: tuple[str, ...] | None
) -> tuple[Predicted, tuple[str, ...], tuple[str, ...]]:
    """What the model at `path` says about `features`, the columns that it asked for, and notes.

    `classes` are the data's, in order; None for regression. Raises DataError when it cannot be opened, asks for
    columns that are not there, or answers in a form whose classes cannot be told.
    """
    session = _open(path)
    columns = _columns_wanted(session, features, path.name)
    blocks: list[list[Any]] = []
    for start in range(0, features.height, ROWS_AT_ONCE):
        rows = features.slice(start, ROWS_AT_ONCE)
        try:
            blocks.append(session.run(None, _inputs(session, rows, columns)))
        except Exception as error:  # onnxruntime raises its own types, and numpy's
            raise DataError(f"{path.name} cannot predict: {without_values(error)}") from None
    outputs = [_joined([block[position] for block in blocks]) for position in range(len(session.get_outputs()))]
    if classes is None:
        return _numbers(outputs, features.height, path.name), columns, ()
    declared = session.get_modelmeta().custom_metadata_map.get("classes")
    predicted, notes = _classes(outputs, features.height, classes, declared, path.name)
    return predicted, columns, notes


def _open(path: Path) -> Any:
    try:
        import onnxruntime
    except ImportError:
        raise MissingExtra("onnxruntime", "onnx") from None
    if not path.is_file():
        raise DataError(f"{path.name} is missing; the model's declaration in params.yaml names it")
    onnxruntime.disable_telemetry_events()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = THREADS
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise DataError(f"{path.name} is not an ONNX model that can be opened: {type(error).__name__}") from None


def _columns_wanted(session: Any, features: pl.DataFrame, name: str) -> tuple[str, ...]:
    """The columns in the order of the inputs; for one matrix, all features."""
    inputs = session.get_inputs()
    if len(inputs) == 1 and inputs[0].name not in features.columns:
        shape = inputs[0].shape
        if inputs[0].type not in _NUMBERS or len(shape) != 2:
            raise DataError(
                f"{name} takes one {inputs[0].type} of {len(shape)} axes; a matrix (rows, columns) of numbers, or an "
                "input per column, is what can be given to it. Otherwise hand in its predictions as a file."
            )
        if texts := [column for column, kind in features.schema.items() if not kind.is_numeric()]:
            raise DataError(f"{name} takes one matrix of numbers, and these features are none: {', '.join(texts)}")
        if isinstance(shape[1], int) and shape[1] != features.width:
            raise DataError(f"{name} takes {shape[1]} numbers per row; the dataset has {features.width} features")
        return tuple(features.columns)
    if missing := [one.name for one in inputs if one.name not in features.columns]:
        raise DataError(f"{name} asks for columns that the dataset does not have: {', '.join(missing)}")
    return tuple(one.name for one in inputs)


def _inputs(session: Any, rows: pl.DataFrame, columns: tuple[str, ...]) -> dict[str, NDArray[Any]]:
    import numpy as np

    inputs = session.get_inputs()
    if len(inputs) == 1 and inputs[0].name not in rows.columns:
        kind = _NUMBERS[inputs[0].type]
        return {inputs[0].name: np.ascontiguousarray(rows.select(columns).to_numpy().astype(kind))}
    arrays: dict[str, NDArray[Any]] = {}
    for one in inputs:
        column = rows[one.name]
        if one.type == "tensor(string)":
            array = np.array(column.cast(str).fill_null("").to_list(), dtype=object)
        else:
            array = column.to_numpy().astype(_NUMBERS.get(one.type, "float32"))
        arrays[one.name] = array.reshape(-1, 1) if len(one.shape) == 2 else array
    return arrays


def _joined(blocks: list[Any]) -> Any:
    """One output over all blocks; a list of mappings (class to probability) becomes one list."""
    import numpy as np

    if isinstance(blocks[0], list):
        return [item for block in blocks for item in block]
    return np.concatenate([np.atleast_1d(block) for block in blocks])


def _numbers(outputs: list[Any], rows: int, name: str) -> Predicted:
    import numpy as np

    for output in outputs:
        if not isinstance(output, list) and output.size == rows and np.issubdtype(output.dtype, np.number):
            return Predicted((), output.reshape(-1).astype(np.float64), None)
    raise DataError(f"{name} gives no output with one number per row, which the dataset's task (regression) asks for")


def _classes(
    outputs: list[Any], rows: int, classes: tuple[str, ...], declared: str | None, name: str
) -> tuple[Predicted, tuple[str, ...]]:
    import numpy as np

    labels: list[str] | None = None
    scores: NDArray[np.float64] | None = None
    named: tuple[str, ...] | None = tuple(str(one) for one in json.loads(declared)) if declared else None
    notes: list[str] = []
    for output in outputs:
        if isinstance(output, list):
            keys = list(output[0])
            named = tuple(str(key) for key in keys)
            scores = np.array([[row[key] for key in keys] for row in output], dtype=np.float64)
        elif output.ndim == 2 and output.shape[1] > 1 and np.issubdtype(output.dtype, np.floating):
            scores = output.astype(np.float64)
        elif output.size == rows and not np.issubdtype(output.dtype, np.floating):
            labels = [str(one) for one in output.reshape(-1).tolist()]
    if scores is not None and named is None:
        if scores.shape[1] != len(classes):
            raise DataError(
                f"{name} scores {scores.shape[1]} classes and the dataset has {len(classes)}; "
                'name them in the model\'s metadata: classes = ["...", ...]'
            )
        named = classes
        notes.append(
            "the model does not name its classes: its scores were taken in the order of the sorted class names"
        )
    if labels is not None and named is None:
        named = tuple(sorted(set(labels)))
    if named is None or (labels is None and scores is None):
        raise DataError(f"{name} gives neither a label per row nor scores per class")
    if (
        labels is not None
        and set(labels) <= {str(number) for number in range(len(named))}
        and not set(labels) <= set(named)
    ):
        labels = [named[int(one)] for one in labels]
    if strangers := sorted(set(labels or ()) - set(named)):
        raise DataError(f"{name} answers with {len(strangers)} labels that are not among its classes")
    index = {one: number for number, one in enumerate(named)}
    probabilities = scores
    if scores is not None and (scores.min() < 0 or abs(scores.sum(axis=1) - 1).max() > 1e-3):
        probabilities = None
        notes.append("the model's scores are no probabilities (rows do not sum to 1), so none are reported")
    if labels is not None:
        predicted = np.array([index[one] for one in labels], dtype=np.int64)
    else:
        assert scores is not None
        predicted = scores.argmax(axis=1).astype(np.int64)
    return Predicted(named, predicted, probabilities), tuple(notes)
