"""Validates a frame with a Pandera model, rule by rule, and proves that every declared rule was evaluated.

Pandera's own run of the whole model stops a column at its first structural fault, skips what its configuration
skips, and returns nothing for a rule that passed. Here each declared rule is asked by itself, through Pandera's own
objects, so that each gives an answer that is read back; then the whole model is run too, and must agree.
"""

from __future__ import annotations

import warnings
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from governance.adapters.pandera_frames import PandasFrame, PolarsFrame
from governance.adapters.pandera_model import Model, library
from governance.adapters.pandera_rules import matched_names, rule_results, wanted_types
from governance.errors import DataError
from governance.evidence import Level
from governance.rule_results import Result, RuleResult, cause, numbered

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Validation:
    """What a model says of a frame."""

    results: tuple[RuleResult, ...]
    """One per declared rule and column, in the model's order."""
    problem: str = ""
    """Why the run cannot be trusted as a whole; empty when Pandera's own run of the model agrees."""
    ignored: tuple[str, ...] = ()
    """Settings of the model that change data before it is checked, and were left out."""


def validate(model: Model, frame: pl.DataFrame, private: Collection[str] = ()) -> Validation:
    """Every rule of `model`, evaluated on `frame`. `private` columns' declared values stay out of the texts.

    Raises DataError when Pandera does not validate at all here.
    """
    from pandera.config import config_context, set_config

    with (
        config_context(
            validation_enabled=True,
            validation_depth="SCHEMA_AND_DATA",
            cache_dataframe=False,
            use_narwhals_backend=False,
        ),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")  # checks that only warn are results here
        set_config(use_narwhals_backend=False)
        _prove_that_it_refuses()
        ignored = _leave_data_alone(model.schema)
        view = (
            PolarsFrame(frame) if model.backend == "polars" else PandasFrame(frame, wanted_types(model.schema, frame))
        )
        results = numbered(rule_results(model.schema, view, frozenset(private)))
        problem = _whole_run(model.schema, view, results)
    return Validation(tuple(results), problem, ignored)


def _prove_that_it_refuses() -> None:
    import polars as pl

    pa = library()
    schema = pa.DataFrameSchema({"probe": pa.Column(int, pa.Check.ge(0))})
    try:
        schema.validate(pl.LazyFrame({"probe": [-1]}), lazy=True)
    except pa.errors.SchemaErrors:
        return
    raise DataError("Pandera accepts data that break a rule: its validation is switched off in this environment")


def _leave_data_alone(schema: Any) -> tuple[str, ...]:
    """Switches off what would change data before it is checked, and says what that was."""
    ignored = []
    for owner, where in [(schema, "the model"), *((c, f"column {c.name!r}") for c in schema.columns.values())]:
        if getattr(owner, "parsers", None):
            ignored.append(f"parsers of {where}")
            owner.parsers = []
        if getattr(owner, "default", None) is not None:
            ignored.append(f"default of {where}")
            owner.default = None
        if getattr(owner, "drop_invalid_rows", False):
            ignored.append(f"drop_invalid_rows of {where}")
            owner.drop_invalid_rows = False
    if schema.add_missing_columns:
        ignored.append("add_missing_columns of the model")
        schema.add_missing_columns = False
    return tuple(ignored)


def named_columns(model: Model, names: Collection[str]) -> tuple[str, ...]:
    """Which of `names` the model could read the values of: all when it has checks over the whole frame."""
    if model.schema.checks or (not model.schema.columns and model.schema.dtype is not None):
        return tuple(names)
    named = {name for column in model.schema.columns.values() for name in matched_names(model.schema, column, names)}
    return tuple(name for name in names if name in named)


def _whole_run(schema: Any, view: PolarsFrame | PandasFrame, results: list[RuleResult]) -> str:
    """Where Pandera's own run of the whole model says other than the rules one by one; empty when it does not."""
    pa = library()
    refused = [r for r in results if r.result is Result.FAILED and r.level is Level.ERROR]
    doubtful = {name for r in results if r.result not in {Result.PASSED, Result.ABSENT} for name in r.columns or ("",)}
    try:
        schema.validate(view.whole, lazy=True)
    except pa.errors.SchemaErrors as errors:
        theirs = {
            error.schema.name if error.schema is not schema and error.schema is not None else ""
            for error in errors.schema_errors
        }
        unseen = sorted(str(name) for name in theirs - {""} - doubtful)
        if unseen:
            return f"Pandera's run of the whole model refuses {', '.join(unseen)}; its rules one by one do not"
        return "" if doubtful else "Pandera's run of the whole model refuses the data; its rules one by one do not"
    except Exception as error:  # what a model's own code raises
        return "" if doubtful else f"Pandera's run of the whole model ended with {cause(error, view.names)}"
    if refused:
        first = refused[0]
        where = f" of {', '.join(first.columns)}" if first.columns else ""
        return f"Pandera's run of the whole model accepts the data; its rule '{first.text}'{where} does not"
    return ""
