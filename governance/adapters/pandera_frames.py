"""The two kinds of frame that Pandera's models are written for, asked in one way."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from governance.adapters.pandas import representations, to_pandas

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import polars as pl
    from numpy.typing import NDArray


@dataclass(frozen=True)
class CheckAnswer:
    """What one check says."""

    evaluated: int
    failures: int
    units: str
    positions: NDArray[np.int64] | None
    """Rows that fail, None when the check speaks of the column as a whole."""


class PolarsFrame:
    """A frame for models of pandera.polars."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self.original = frame
        self.frame = frame
        """Columns that a model coerces are replaced here."""

    @property
    def names(self) -> list[str]:
        """The columns, in order."""
        return self.original.columns

    @property
    def rows(self) -> int:
        """How many there are."""
        return self.original.height

    @property
    def whole(self) -> Any:
        """What Pandera's own run of the whole model is given."""
        return self.original.lazy()

    def values(self, name: str) -> int:
        """Rows in which `name` is not missing."""
        return self.frame.height - self.frame[name].null_count()

    def null_rows(self, name: str) -> NDArray[np.int64]:
        """Rows in which `name` is missing; NaN counts as missing, as in Pandera."""
        series = self.original[name]
        missing = series.is_null() | series.is_nan().fill_null(True) if series.dtype.is_float() else series.is_null()
        return _positions(missing)

    def duplicated_rows(self, *names: str) -> NDArray[np.int64]:
        """Rows that share all of `names` with another; missing equals missing, as in Pandera."""
        return _positions(self.frame.select(names).is_duplicated())

    def has_type(self, name: str, dtype: Any) -> tuple[bool, str]:
        """Whether column `name` has `dtype`, and which it has."""
        from pandera.api.polars.types import PolarsData

        actual = self.original.schema[name]
        met = dtype.check(actual, PolarsData(self.original.lazy(), name))
        return bool(met if isinstance(met, bool) else all(met)), str(actual)

    def coerce(self, name: str, dtype: Any) -> tuple[bool, str, NDArray[np.int64] | None]:
        """Casts column `name`; whether that went well, its type before, and the rows that would not be cast."""
        import polars as pl
        from pandera.api.polars.types import PolarsData
        from pandera.errors import ParserError

        before = self.original[name]
        try:
            cast = dtype.try_coerce(PolarsData(self.original.lazy(), name)).select(name).collect()[name]
            self.frame = self.frame.with_columns(cast)
            return True, str(before.dtype), None
        except (ParserError, pl.exceptions.PolarsError):
            try:
                cast = before.cast(dtype.type, strict=False)
            except pl.exceptions.PolarsError:
                return False, str(before.dtype), None
        self.frame = self.frame.with_columns(cast)
        return False, str(before.dtype), _positions(cast.is_null() & before.is_not_null())

    def ask(self, check: Any, name: str | None) -> CheckAnswer:
        """Runs one check on column `name`, or on the frame. Raises what the check raises."""
        import polars as pl

        lenient = self._output(check, name)
        failures = int((~lenient).sum())
        undecided = 0
        if check.ignore_na and not self._named_check(check):
            # A check that answers "null" passes in Pandera; asked strictly, the difference is what it did not judge.
            strict = copy.copy(check)
            strict.ignore_na = False
            undecided = int((~self._output(strict, name)).sum()) - failures
        rowwise = lenient.len() == self.rows
        evaluated = lenient.len() - undecided
        if name is not None and check.ignore_na:
            there = self.values(name)
            evaluated = min(evaluated, there) if rowwise or not there else evaluated
        units = "rows" if rowwise else "column" if lenient.len() == 1 else "groups"
        if units == "column" and evaluated:
            evaluated = 1
        assert lenient.dtype == pl.Boolean
        return CheckAnswer(evaluated, failures, units, _positions(~lenient) if rowwise else None)

    def _named_check(self, check: Any) -> bool:
        return bool(check.is_builtin_check(getattr(check._check_fn, "__name__", "") or ""))

    def _output(self, check: Any, name: str | None) -> pl.Series:
        output: pl.DataFrame = check(self.frame.lazy(), name).check_output.collect()
        return output.to_series().fill_null(False)


def _positions(mask: pl.Series) -> NDArray[np.int64]:
    import numpy as np

    return mask.arg_true().to_numpy().astype(np.int64)


class PandasFrame:
    """The same for models of pandera.pandas: values are counted in Polars, checks and types asked in pandas."""

    def __init__(self, frame: pl.DataFrame, types: Mapping[str, Any]) -> None:
        self._polars = PolarsFrame(frame)
        self.frame = to_pandas(frame, {name: _fitting(frame[name], types.get(name)) for name in frame.columns})
        self._whole = self.frame.copy()
        self._castable: dict[str, Any] = {}
        """What of a column could be cast, where not all of it could."""

    @property
    def names(self) -> list[str]:
        """The columns, in order."""
        return self._polars.names

    @property
    def rows(self) -> int:
        """How many there are."""
        return self._polars.rows

    @property
    def whole(self) -> Any:
        """What Pandera's own run of the whole model is given."""
        return self._whole

    def values(self, name: str) -> int:
        """Rows in which `name` is not missing."""
        return int(self.frame[name].notna().sum())

    def null_rows(self, name: str) -> NDArray[np.int64]:
        """Rows in which `name` is missing."""
        return self._polars.null_rows(name)

    def duplicated_rows(self, *names: str) -> NDArray[np.int64]:
        """Rows that share all of `names` with another; missing equals missing, as in Pandera."""
        import numpy as np

        return np.flatnonzero(self.frame[list(names)].duplicated(keep=False).to_numpy()).astype(np.int64)

    def has_type(self, name: str, dtype: Any) -> tuple[bool, str]:
        """Whether column `name` has `dtype` in a form that loses nothing, and which it has."""
        return _has_type(self._whole[name], dtype), str(self._whole[name].dtype)

    def coerce(self, name: str, dtype: Any) -> tuple[bool, str, NDArray[np.int64] | None]:
        """Casts column `name`; whether that went well, its type before, and the rows that would not be cast."""
        import numpy as np
        from pandera.errors import ParserError

        before = self._whole[name]
        try:
            self.frame[name] = dtype.try_coerce(before)
            return True, str(before.dtype), None
        except ParserError as error:
            cases = error.failure_cases
            if cases is None or "index" not in getattr(cases, "columns", ()):
                return False, str(before.dtype), None
            failing = np.array(sorted({int(label) for label in cases["index"]}), dtype=np.int64)
        self._castable[name] = dtype.coerce(before.drop(index=failing.tolist()))
        return False, str(before.dtype), failing

    def ask(self, check: Any, name: str | None) -> CheckAnswer:
        """Runs one check on column `name`, or on the frame. Raises what the check raises."""
        import numpy as np
        import pandas as pd

        frame = self.frame
        if name in self._castable:
            # What could not be cast is a finding already; the rest is still to be judged.
            rest = self._castable[name]
            frame = frame.loc[rest.index].assign(**{name: rest})
        output = check(frame, name).check_output
        if isinstance(output, pd.DataFrame):
            output = output.all(axis=1)
        judged = int(frame[name].notna().sum()) if name is not None and check.ignore_na else len(frame)
        if isinstance(output, pd.Series):
            passed = output.fillna(False).astype(bool)
            if set(passed.index) <= set(frame.index) and len(passed) in {judged, len(frame)}:
                failing = np.sort(np.asarray(passed.index[~passed], dtype=np.int64))
                return CheckAnswer(judged, len(failing), "rows", failing)
            return CheckAnswer(len(passed), int((~passed).sum()), "groups", None)
        return CheckAnswer(min(judged, 1), int(not bool(output)), "column", None)


def _has_type(series: Any, dtype: Any) -> bool:
    from pandera.engines import pandas_engine

    met = dtype.check(pandas_engine.Engine.dtype(series.dtype), series)
    return bool(met if isinstance(met, bool) else all(met))


def _fitting(series: pl.Series, dtype: Any) -> str:
    """The first lossless form of `series` in pandas that has `dtype`; when none has, what a reader of files gives."""
    # Readers of files give floats and objects where there are gaps, and checks without a type were written for these.
    forms = sorted(representations(series), key=lambda form: form in {"Int64", "boolean"})
    for form in forms if dtype is not None else []:
        try:
            if _has_type(to_pandas(series.to_frame(), {series.name: form})[series.name], dtype):
                return form
        except (TypeError, ValueError, OverflowError):
            continue
    return forms[0]
