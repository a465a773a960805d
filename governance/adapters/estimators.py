"""scikit-learn estimators that a person declares: find the class, put a feature pipeline before it, fit, predict.

Features come as a polars frame with one column each: numbers (with nulls), strings (with nulls), texts. The fitted
pipeline keeps the columns' names, so whoever opens it later knows what it wants.
"""

from __future__ import annotations

import difflib
import importlib
import inspect
import re
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from governance.adapters.scikit_learn import without_parts_of_scipy
from governance.errors import ConfigError, DataError

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

THREADS = 2
"""Fixed: the order in which numbers are added up must not hang on the machine."""

MAX_LEVELS = 50
"""One-hot columns per string column; rarer levels share one, as do levels that were not there when it was fitted."""

MAX_WORDS = 20_000
"""TF-IDF columns per text column: the words that occur in most rows."""


@dataclass(frozen=True)
class Kinds:
    """Names of the feature columns by what becomes of them."""

    numbers: tuple[str, ...] = ()
    """Median imputed, then standardised."""
    categories: tuple[str, ...] = ()
    """One-hot; a missing value is a level of its own."""
    texts: tuple[str, ...] = ()
    """TF-IDF of words."""


@dataclass(frozen=True)
class Predicted:
    """What a model says about rows, in their order."""

    classes: tuple[str, ...]
    """Empty for regression."""
    predicted: NDArray[np.int64] | NDArray[np.float64]
    """Index into `classes`, or the number."""
    probabilities: NDArray[np.float64] | None
    """(rows, classes), or None when the model gives none."""


def make_estimator(path: str, parameters: Mapping[str, Any], seed: int, *, classification: bool) -> Any:
    """An instance of the class at import path `path`. Raises ConfigError with all problems that can be seen."""
    module_name, _, class_name = path.rpartition(".")
    without_parts_of_scipy()
    try:
        kind = getattr(importlib.import_module(module_name), class_name, None)
    except ImportError as error:
        raise ConfigError([f"estimator {path!r} cannot be imported: {error}"]) from None
    from sklearn.base import BaseEstimator, is_classifier, is_regressor

    if not (inspect.isclass(kind) and issubclass(kind, BaseEstimator)):
        raise ConfigError([f"estimator {path!r} is no scikit-learn estimator class"])
    known = list(inspect.signature(kind).parameters)
    if unknown := [name for name in parameters if name not in known]:
        raise ConfigError([f"estimator {path}: there is no parameter {name!r}{_near(name, known)}" for name in unknown])
    settings = dict(parameters)
    if "random_state" in known:
        settings.setdefault("random_state", seed)
    try:
        estimator = kind(**settings)
    except TypeError as error:
        raise ConfigError([f"estimator {path}: {error}"]) from None
    fits = is_classifier(estimator) if classification else is_regressor(estimator)
    if not fits:
        wanted = "a classifier" if classification else "a regressor"
        raise ConfigError([f"estimator {path} is not {wanted}, and the dataset's task asks for one"])
    return estimator


def refused_parameters(estimator: Any) -> str:
    """Which value of its parameters an estimator refuses before it sees data; empty when it takes them all."""
    from sklearn.utils._param_validation import InvalidParameterError

    try:
        estimator._validate_params()  # what `fit` begins with
    except InvalidParameterError as error:
        return str(error)
    return ""


def make_pipeline(estimator: Any, kinds: Kinds) -> Any:
    """`estimator` behind the encoding of its features, not fitted yet."""
    from sklearn.compose import ColumnTransformer
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    steps: list[tuple[str, Any, Any]] = []
    if kinds.numbers:
        imputed = SimpleImputer(strategy="median", keep_empty_features=True)
        steps.append(("numbers", Pipeline([("impute", imputed), ("scale", StandardScaler())]), list(kinds.numbers)))
    if kinds.categories:
        encoder = OneHotEncoder(
            handle_unknown="infrequent_if_exist", max_categories=MAX_LEVELS, sparse_output=bool(kinds.texts)
        )
        steps.append(("categories", encoder, list(kinds.categories)))
    for number, name in enumerate(kinds.texts):
        steps.append((f"text_{number}", TfidfVectorizer(max_features=MAX_WORDS, sublinear_tf=True), name))
    return Pipeline([("features", ColumnTransformer(steps)), ("model", estimator)])


def fit(pipeline: Any, features: pl.DataFrame, target: NDArray[Any]) -> tuple[Any, tuple[str, ...]]:
    """The fitted `pipeline`, and what scikit-learn warned of. Raises ConfigError on parameters that are refused,
    DataError when the data cannot be fitted."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.utils._param_validation import InvalidParameterError

    name = type(pipeline[-1]).__name__
    with _threads(), warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("ignore")
        warnings.simplefilter("always", ConvergenceWarning)
        try:
            pipeline.fit(features, target)
        except InvalidParameterError as error:
            raise ConfigError([str(error)]) from None
        except (ValueError, TypeError, MemoryError, ArithmeticError) as error:
            raise DataError(f"{name} cannot be fitted: {without_values(error)}") from None
    if "n_jobs" in pipeline[-1].get_params(deep=False):
        # With threads a forest adds up its trees in the order in which they finish: last digits would differ.
        pipeline[-1].set_params(n_jobs=1)
    unfinished = any(issubclass(warning.category, ConvergenceWarning) for warning in caught)
    notes = (f"{name} stopped before it converged: raise max_iter, or regularise more",) if unfinished else ()
    return pipeline, notes


def predict(model: Any, features: Any, *, classification: bool) -> Predicted:
    """What a fitted scikit-learn `model` says about `features`. Raises DataError when it cannot."""
    import numpy as np

    with _threads(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            if not classification:
                return Predicted((), np.asarray(model.predict(features), dtype=np.float64).reshape(-1), None)
            raw = model.predict(features)
            probabilities = model.predict_proba(features) if hasattr(model, "predict_proba") else None
        except (ValueError, TypeError, AttributeError, IndexError) as error:
            raise DataError(f"{type(model).__name__} cannot predict: {without_values(error)}") from None
    if not hasattr(model, "classes_"):
        raise DataError(f"{type(model).__name__} has no classes: it is no classifier, and the dataset's task is")
    classes = tuple(str(one) for one in np.asarray(model.classes_).tolist())
    index = {name: number for number, name in enumerate(classes)}
    predicted = np.fromiter((index[str(one)] for one in np.asarray(raw).tolist()), np.int64, len(raw))
    matrix = None if probabilities is None else np.asarray(probabilities, dtype=np.float64)
    return Predicted(classes, predicted, matrix)


def inputs_of(model: Any) -> int | None:
    """Numbers per row that the last step of a fitted pipeline sees, None when it does not say."""
    last = model[-1] if hasattr(model, "steps") else model
    count = getattr(last, "n_features_in_", None)
    return None if count is None else int(count)


def names_wanted(model: Any) -> tuple[str, ...] | None:
    """Names of the columns that a fitted model asks for, None when it was fitted without names."""
    found = getattr(model, "feature_names_in_", None)
    return None if found is None else tuple(str(name) for name in found)


def without_values(error: Exception) -> str:
    """The first line of an error's text with all that is quoted or in brackets cut out: it may be a cell's value."""
    lines = str(error).strip().splitlines()
    text = re.sub(r"'[^']*'|\"[^\"]*\"|\[[^\]]*\]?|\((?=array)[^)]*\)?", "...", lines[0] if lines else "")
    return f"{type(error).__name__}: {text[:200]}" if text else type(error).__name__


def _near(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    return f"; did you mean {near[0]!r}?" if near else f"; there are: {', '.join(known)}"


@contextmanager
def _threads() -> Iterator[None]:
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=THREADS):
        yield
