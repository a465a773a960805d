"""Model: what people declare about a model, and what is known of it once it was fitted or opened.

A model is an estimator that the pipeline fits, a file that it opens (ONNX, skops), or a file of predictions.
Light: pydantic only, so that the gate and the documents can read both without any data library.
"""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    Field,
    ModelWrapValidatorHandler,
    StringConstraints,
    ValidationError,
    model_validator,
)
from pydantic_core import InitErrorDetails, PydanticCustomError

from governance.canonical import Frozen, canonical_json
from governance.dataset import Name, Task
from governance.errors import DataError

ALLOWED_PACKAGES = ("sklearn",)
"""Estimators are imported by name from params.yaml, and importing is running: so from these packages only."""

FORMS = ("estimator", "onnx", "skops", "predictions")
"""The ways to give a model; a declaration has exactly one."""

ESTIMATOR_PATTERN = r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+\.[A-Z][A-Za-z0-9]*"
_LEAVES_WORKSPACE = re.compile(r"^([a-zA-Z]:)?[\\/]|^~|(^|[\\/])\.\.([\\/]|$)")

Scalar = str | bool | int | float | None
Parameter = Scalar | list[Scalar]


def _allowed(path: str) -> str:
    if not re.fullmatch(ESTIMATOR_PATTERN, path):
        raise ValueError(f"{path!r} is not the import path of a class, such as sklearn.linear_model.LogisticRegression")
    if path.split(".")[0] not in ALLOWED_PACKAGES:
        allowed = ", ".join(f"{package}.*" for package in ALLOWED_PACKAGES)
        raise ValueError(f"{path!r} is outside the packages that estimators may come from: {allowed}")
    return path


def _inside(*endings: str) -> AfterValidator:
    def check(path: str) -> str:
        if _LEAVES_WORKSPACE.search(path):
            raise ValueError(f"path {path!r} leaves the workspace; give one relative to params.yaml, inside it")
        if not path.lower().endswith(endings):
            raise ValueError(f"path {path!r} does not end in {' or '.join(endings)}")
        return path

    return AfterValidator(check)


def _finite(parameters: dict[str, Parameter]) -> dict[str, Parameter]:
    for name, value in parameters.items():
        if any(isinstance(one, float) and not math.isfinite(one) for one in _each(value)):
            raise ValueError(f"parameter {name} is not a finite number")
    return parameters


def _each(value: Parameter) -> list[Scalar]:
    return value if isinstance(value, list) else [value]


class ModelAbout(Frozen):
    """`models.<name>.about`: the declaration that the model card shows. All of it is a person's word."""

    title: str = ""
    description: str = ""
    intended_use: str = ""
    """What it is for, and for whom."""
    out_of_scope: str = ""
    """What it must not be used for."""
    developers: tuple[str, ...] = ()
    licence: str = ""
    """SPDX identifier, or a sentence."""
    contact: str = ""
    version: str = ""
    citation: str = ""
    factors: tuple[str, ...] = ()
    """Groups, instruments and environments across which it may behave differently."""
    ethical_considerations: str = ""
    caveats: tuple[str, ...] = ()


class Model(Frozen):
    """One entry under `models:` in params.yaml."""

    dataset: Name
    """The dataset that it is fitted on or judged by."""
    estimator: Annotated[str, AfterValidator(_allowed)] | None = None
    """Import path of a scikit-learn classifier or regressor: the pipeline encodes the features and fits it."""
    onnx: Annotated[str, _inside(".onnx")] | None = None
    skops: Annotated[str, _inside(".skops")] | None = None
    predictions: Annotated[str, _inside(".csv", ".parquet")] | None = None
    """A file of the key column, then `predicted`, or one probability column per class named as the class, or both."""
    key: Annotated[str, StringConstraints(min_length=1)] | None = None
    """For `predictions`: the column of file and dataset that names each row; `row_id` when not given."""
    parameters: Annotated[dict[str, Parameter], AfterValidator(_finite)] = Field(default_factory=dict)
    """For `estimator`: its parameters. `random_state` is `seed` unless it stands here."""
    seed: int = Field(default=0, ge=0, lt=2**32)
    positive_class: str | None = None
    """For two classes: the one that is looked for. The second in order when not given."""
    about: ModelAbout = ModelAbout()

    def made_from(self) -> dict[str, Any]:
        """All of the entry that decides what the model is and how it is judged: `about` is words for the reader."""
        return self.model_dump(mode="json", exclude={"about"})

    @model_validator(mode="wrap")
    @classmethod
    def _one_form(cls, value: Any, handler: ModelWrapValidatorHandler[Model]) -> Model:
        """Adds the rules between fields to the rules of the fields, so that all problems appear at once."""
        problems = _between_fields(value) if isinstance(value, dict) else []
        errors: list[InitErrorDetails] = []
        try:
            model = handler(value)
        except ValidationError as error:
            errors = [_again(item) for item in error.errors(include_url=False)]
        if problems or errors:
            errors += [
                InitErrorDetails(type=PydanticCustomError("model", "{text}", {"text": text}), loc=(), input=None)
                for text in problems
            ]
            raise ValidationError.from_exception_data(cls.__name__, errors)
        return model

    @property
    def form(self) -> str:
        """Which of FORMS it is given as."""
        return next(form for form in FORMS if getattr(self, form) is not None)

    @property
    def path(self) -> str | None:
        """The file that is opened; None for an estimator."""
        return None if self.estimator is not None else str(getattr(self, self.form))


def _between_fields(value: dict[str, Any]) -> list[str]:
    given = [form for form in FORMS if value.get(form) is not None]
    problems = []
    if len(given) != 1:
        found = f"has {' and '.join(given)}" if given else "has none"
        problems.append(f"a model is given by exactly one of {', '.join(FORMS)}; this one {found}")
    if value.get("parameters") and "estimator" not in given:
        problems.append("`parameters` belongs to `estimator`; a model from a file has its own")
    if value.get("key") is not None and "predictions" not in given:
        problems.append("`key` belongs to `predictions`: the column that names each row")
    return problems


def _again(item: Any) -> InitErrorDetails:
    """An error of pydantic's in the form that pydantic takes; `{` in its text is not a placeholder."""
    kind = PydanticCustomError(item["type"], "{text}", {"text": item["msg"].removeprefix("Value error, ")})
    return InitErrorDetails(type=kind, loc=item["loc"], input=item.get("input"))


class TrainingInfo(Frozen):
    """predictions.json: what is known of a model beside its predictions. Stays in the data folder."""

    schema_version: Literal[1] = 1
    dataset: str
    snapshot_digest: str
    """Of the data that it was fitted on, or is judged by."""
    task: Task
    target: str
    form: Literal["estimator", "onnx", "skops", "predictions"]
    description: str
    """In words: import path and parameters, or the file's path in the workspace."""
    model_digest: str
    """sha256 of model.skops, or of the file that was opened."""
    predictions_digest: str
    """sha256 of predictions.parquet."""
    classes: tuple[str, ...] = ()
    """In the order of the probability columns; empty for regression."""
    positive_class: str | None = None
    """For two classes."""
    probabilities: bool = False
    """Whether the columns p_0 ... are there."""
    features: tuple[str, ...] = ()
    """Columns of the dataset that it learned from, or asks for."""
    inputs: int | None = None
    """Numbers that the estimator sees per row, after encoding."""
    fitted_on: str | None = None
    """Split that it was fitted on. None: fitted elsewhere, and the pipeline does not know on which rows."""
    fitted_rows: int | None = None
    held_out: tuple[str, ...] = ()
    """Splits that can judge it: rows that it was not fitted on, in the manifest's order. For a model from a file this
    rests on the names of the splits: every one but `train`, and none when there is only one."""
    rows: dict[str, int] = Field(default_factory=dict)
    """Rows with a prediction per split."""
    left_out: dict[str, int] = Field(default_factory=dict)
    """Rows per split without a target: they can neither teach nor judge."""
    notes: tuple[str, ...] = ()

    def to_json(self) -> str:
        """Canonical JSON."""
        return canonical_json(self.model_dump(mode="json"))


def read_training_info(path: Path) -> TrainingInfo:
    """What stands in `path`. Raises DataError when it is missing or damaged."""
    try:
        return TrainingInfo.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise DataError(f"{path.name} is missing: the model was not trained or opened yet. Run: dvc repro") from None
    except (ValueError, OSError, ValidationError) as error:
        raise DataError(f"{path.name} cannot be read: {str(error).splitlines()[0]}") from None
